import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import type { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * A backup plan with several tiers: a `TieredBackupPlan`, or one that is imported.
 */
export interface IBackupPlan extends IConstruct {
  /**
   * Id of the plan.
   *
   * @attribute
   */
  readonly backupPlanId: string;

  /**
   * ARN of the plan.
   *
   * @attribute
   */
  readonly backupPlanArn: string;

  /**
   * A metric of copy jobs that this plan starts, in the plan's own account and region: there AWS Backup publishes them,
   * under the name of the vault that is copied into.
   *
   * @param copy One of `copyTo`
   * @default - sum over 5 minutes
   */
  metricCopyJobs(copy: BackupCopy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * What is known of a plan that another app or team defines.
 */
export interface BackupPlanAttributes {
  /**
   * Id of the plan.
   */
  readonly backupPlanId: string;

  /**
   * Name of the plan.
   *
   * @default - the id of the plan
   */
  readonly backupPlanName?: string;

  /**
   * Vault that the plan backs up into. The plan is in the account and region of the vault.
   */
  readonly vault: IReplicatedBackupVault;

  /**
   * The schedules with their retention, each a rule of the plan: 1 to 10, with different names.
   */
  readonly tiers: BackupTier[];

  /**
   * Where the recovery points are copied.
   *
   * @default - into the replica of `vault`, if it has one
   */
  readonly copyTo?: BackupCopy[];

  /**
   * Resource types that the plan selects. Where they are given, alarms can tell that recovery points of one of them are missing.
   *
   * @default - the types are not known, and all are counted together
   */
  readonly resourceTypes?: ResourceType[];

  /**
   * What the plan promises for what it selects.
   *
   * @default - nothing is promised
   */
  readonly objectives?: RecoveryObjective[];
}
