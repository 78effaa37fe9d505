import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { BackupCopy } from './backup-copy';
import type { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { ResourceType } from '../objectives/resource-type';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * A backup plan with several tiers: a `TieredBackupPlan`, or an imported plan.
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
   * A metric of copy jobs of this plan, in the account and region of the plan, where AWS Backup publishes it under the name of
   * the destination vault.
   *
   * @param copy One of `copyTo`
   * @default - sum over 5 minutes
   */
  metricCopyJobs(copy: BackupCopy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * Attributes of a plan that another app or team defines.
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
   * The tiers of the plan, each with a schedule and a retention: 1 to 10, with unique names.
   */
  readonly tiers: BackupTier[];

  /**
   * Destinations of copies.
   *
   * @default - into the replica of `vault`, if it has one
   */
  readonly copyTo?: BackupCopy[];

  /**
   * Resource types that the plan selects. With these, alarms can detect missing recovery points of a single type.
   *
   * @default - the types are not known, and all are counted together
   */
  readonly resourceTypes?: ResourceType[];

  /**
   * Objectives for the selected resources.
   *
   * @default - no objectives
   */
  readonly objectives?: RecoveryObjective[];
}
