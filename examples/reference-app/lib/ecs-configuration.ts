import { ObjectLockMode } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ConfigurationBucket, EcsClusterTarget, EcsConfigBackup } from 'cdk-backup-dr';
import type { IConfigurationBucket, Notify } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import { clusterName, ecsCaptureRoleName } from './naming';
import { configurationSchedules } from './tiers';
import type { StageConfig } from '../config';

/**
 * The bucket for what AWS Backup can't back up, in the log archive account: whoever takes over the workload's account can't delete it.
 */
export function defineConfigurationBucket(scope: Construct, serverAccessLogsBucket: IBucket, config: StageConfig): ConfigurationBucket {
  return new ConfigurationBucket(scope, 'Configuration', {
    schedules: configurationSchedules(config),
    objectLockMode: config.configuration.immutable ? ObjectLockMode.COMPLIANCE : undefined,
    replicaRegion: config.secondaryRegion,
    serverAccessLogsBucket,
  });
}

/**
 * Captures the cluster of the workload, in its own account and region: on the schedules of the backups, and after each change.
 */
export function captureEcs(scope: Construct, bucket: IConfigurationBucket, notify: Notify[], config: StageConfig): void {
  const { secondaryRegion, workload } = config;
  new EcsConfigBackup(scope, 'EcsConfig', {
    clusters: [EcsClusterTarget.fromName(clusterName(config))],
    bucket,
    schedules: configurationSchedules(config),
    imageRegions: workload.replicateImages && secondaryRegion ? [secondaryRegion] : [],
    objectives: config.configuration.objectives,
    roleName: ecsCaptureRoleName(config),
    notify,
  });
}
