import { CfnOutput } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ObjectLockMode } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ConfigurationBucket, EcsClusterTarget, EcsConfigBackup, EcsRestoreRunbook, FailureScope } from 'cdk-backup-dr';
import type { IConfigurationBucket, Notify } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import { clusterName, ecsCaptureRoleName, ecsRestoreName, executionRoleName, taskRoleName } from './naming';
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

/**
 * The runbook that restores the service, into the region of the scope. In the primary region, it is for a service or a cluster that was
 * deleted; in the secondary one, for the loss of the primary region, whose snapshots it reads from the replica of the bucket.
 */
export function defineEcsRestore(scope: Construct, bucket: IConfigurationBucket, notify: Notify[], config: StageConfig, sourceRegion?: string): void {
  const isForRegion = sourceRegion !== undefined;
  const runbook = new EcsRestoreRunbook(scope, 'EcsRestore', {
    documentName: ecsRestoreName(config),
    bucket,
    clusters: [EcsClusterTarget.fromName(clusterName(config))],
    sourceRegion,
    passableRoles: [taskRoleName(config), executionRoleName(config)].map((name) => iam.Role.fromRoleName(scope, `${name}-passed`, name)),
    objectives: config.configuration.objectives.filter(({ survives }) => (survives === FailureScope.REGION) === isForRegion),
    notify,
  });
  new CfnOutput(scope, 'EcsRestoreCommand', { value: runbook.startCommand, description: 'Restores the ECS service; see the README' });
}
