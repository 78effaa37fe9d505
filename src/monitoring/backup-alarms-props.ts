import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { AlarmOptions } from '../alarms/alarm-options';
import type { Notify } from '../notification/notify';
import type { IBackupPlan } from '../plan/backup-plan-ref';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * Properties of the alarms on backups.
 */
export interface BackupAlarmsProps {
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
   * What is other than usual, by the names of the alarms: `backup-job-failed`, `backup-job-expired`, `backup-job-aborted`,
   * `backup-job-with-issues`, `recovery-point-partial`, `copy-job-failed`, `restore-job-failed`,
   * `recovery-point-not-deleted`, `no-good-recovery-point`, `no-good-copy`, `vault-tampered`, `vault-key-tampered`,
   * `recovery-point-deleted`, `backup-plan-removed`, `backup-plan-changed`, `backup-settings-changed`, `recovery-point-exposed`,
   * `event-not-delivered`.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: { [name: string]: AlarmOptions };
}
