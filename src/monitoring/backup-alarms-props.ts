import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { BackupAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import type { AlarmSet } from '../alarms/alarm-set';
import type { DeploymentRoleOptions } from '../events/deployment-role-options';
import type { Notify } from '../notification/notify';
import type { IBackupPlan } from '../plan/backup-plan-ref';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * Properties of the alarms on backups.
 */
export interface BackupAlarmsProps extends AlarmPresentationOptions, DeploymentRoleOptions {
  /**
   * Vaults in the account and region of this construct. Their replicas get alarms too, in their own stacks.
   */
  readonly vaults: IReplicatedBackupVault[];

  /**
   * Plans in the account and region of this construct, for alarms on their copies and on the age of their recovery points.
   *
   * @default - alarms only on copies into the replicas of `vaults`, and none on missing recovery points
   */
  readonly plans?: IBackupPlan[];

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all
   * constructs of a stack share, in each region that this construct publishes in. A topic of yours is used in its own region.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * What happens to the topic and the key that the constructs of a stack share when they are removed from the stack. They are
   * retained if another one of these constructs requires it.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Period in which jobs are counted for an alarm, in whole minutes, at least 5: AWS Backup publishes every 5 minutes.
   *
   * @default - 5 minutes
   */
  readonly period?: Duration;

  /**
   * The set of alarms.
   *
   * @default AlarmSet.COMPLETE
   */
  readonly alarmSet?: AlarmSet;

  /**
   * Overrides of alarms, with a property for each alarm: `backupJobFailed` for `backup-job-failed`, and so on.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: BackupAlarmOverrides;
}
