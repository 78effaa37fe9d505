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
   * Vaults of the account and region of this construct. Their replicas get alarms too, in the stacks of those.
   */
  readonly vaults: IReplicatedBackupVault[];

  /**
   * Plans of the account and region of this construct, with their selections: their copies, and how old their recovery
   * points may be.
   *
   * @default - copies are those into the replicas of `vaults`, and nothing says that recovery points are missing
   */
  readonly plans?: IBackupPlan[];

  /**
   * Whom to notify: e-mail addresses, topics of yours, chat channels. Recipients are subscribed to the topic that all constructs of
   * a stack share, in each region that this construct publishes in; a topic of yours is published to from its own region.
   *
   * @default - nobody: subscribe to the shared topic
   */
  readonly notify?: Notify[];

  /**
   * What becomes of the topic and the key that the constructs of a stack share when they leave the stack. They stay if another
   * one of these constructs wants that.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the jobs are counted for an alarm, in whole minutes, 5 or more: AWS Backup publishes every 5 minutes.
   *
   * @default - 5 minutes
   */
  readonly period?: Duration;

  /**
   * Which alarms are made.
   *
   * @default AlarmSet.COMPLETE
   */
  readonly alarmSet?: AlarmSet;

  /**
   * What is other than usual, with a member for each alarm: `backupJobFailed` for `backup-job-failed`, and so on.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: BackupAlarmOverrides;
}
