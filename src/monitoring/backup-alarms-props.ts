import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { AlarmOptions } from '../alarms/alarm-options';
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
   * Topic in the region of this construct. An encrypted topic needs a customer managed key that CloudWatch may use. A topic of
   * another account must let this account publish: synthesis reports the statements that its policy and the policy of its
   * key need.
   *
   * @default - a `NotificationTopic` without subscriptions
   */
  readonly topic?: sns.ITopic;

  /**
   * Topic for the replicas, in their region. A topic of another account is used as `topic` says.
   *
   * @default - a `NotificationTopic` without subscriptions, in each stack of replicas
   */
  readonly replicaTopic?: sns.ITopic;

  /**
   * Who gets an e-mail for each alarm, by the topics that are made here. Each of them has to confirm once for each topic.
   *
   * @default - nobody: subscribe to the topics
   */
  readonly emailAddresses?: string[];

  /**
   * What becomes of the keys that are made here, of topics and of undelivered events, when they leave the stack.
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
