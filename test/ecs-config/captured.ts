import { App, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import type { EcsConfigBackupProps } from '../../src/ecs-config/ecs-config-backup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import type { ConfigurationBucketProps } from '../../src/snapshots/configuration-bucket';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** 1 hour and 5 hours of windows, as in the reference app. */
export const DAILY = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35), completionWindow: Duration.hours(5) });

/** A bucket in the log archive, with a replica, and what captures into it from the infrastructure account. */
export class Captured {
  public readonly app = new App();
  public readonly archive: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Archive');
  public readonly stack: Stack = stackIn(INFRASTRUCTURE, LONDON, this.app, 'Workload');
  public readonly bucket: ConfigurationBucket;

  constructor(props: Partial<ConfigurationBucketProps> = {}) {
    this.bucket = new ConfigurationBucket(this.archive, 'Configuration', { schedules: [DAILY], replicaRegion: IRELAND, ...props });
  }

  /** Of the cluster `shop`, daily. */
  public define(props: Partial<EcsConfigBackupProps> = {}, id = 'Ecs'): EcsConfigBackup {
    return new EcsConfigBackup(this.stack, id, { clusters: [EcsClusterTarget.fromName('shop')], bucket: this.bucket, schedules: [DAILY], ...props });
  }
}
