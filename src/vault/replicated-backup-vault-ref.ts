import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { ReplicatedBackupVaultGrants } from './replicated-backup-vault-grants';
import type { VaultLock } from './vault-lock';

/**
 * A backup vault and, if it has one, its replica in another region: defined in this app or imported.
 *
 * Names, ARNs, account and region are literal strings if the account and region of its stack are: passing the vault to a
 * stack of another account or region creates no reference between the two.
 */
export interface IReplicatedBackupVault extends IConstruct {
  /**
   * Name of the vault.
   *
   * @attribute
   */
  readonly backupVaultName: string;

  /**
   * ARN of the vault.
   *
   * @attribute
   */
  readonly backupVaultArn: string;

  /**
   * Account of the vault.
   */
  readonly account: string;

  /**
   * Region of the vault.
   */
  readonly region: string;

  /**
   * Account of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaAccount?: string;

  /**
   * Region of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaVaultName?: string;

  /**
   * ARN of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaVaultArn?: string;

  /**
   * Lock of the vault.
   *
   * @default - the vault is not locked, or is imported without its lock
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - the replica is not locked, or is imported without its lock
   */
  readonly replicaVaultLock?: VaultLock;

  /**
   * The vault, for use in its own account and region only.
   */
  readonly primary: backup.IBackupVault;

  /**
   * The replica, for use in its own account and region only.
   *
   * @default - there is no replica
   */
  readonly replica?: backup.IBackupVault;

  /**
   * Key of the vault.
   *
   * @default - the vault is imported
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Key of the replica.
   *
   * @default - there is no replica, or the vault is imported
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Permissions on the vault and its replica.
   */
  readonly grants: ReplicatedBackupVaultGrants;

  /**
   * A metric that AWS Backup publishes for the vault, in the account and region of the vault.
   *
   * Metrics of copy jobs are published in the account and region of the source, under the name of the destination vault.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * A metric of copy jobs into the replica, in the account and region of the vault, which is their source.
   *
   * @default - sum over 5 minutes
   * @throws if there is no replica
   */
  metricReplica(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that were created.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that are pending.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that are running.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that were canceled.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsAborted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that completed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of backup jobs that did not start or finish within their windows.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of copy jobs into the vault that were created.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of copy jobs into the vault that are running.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of copy jobs into the vault that completed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of copy jobs into the vault that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of restore jobs that are pending.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of restore jobs that are running.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of restore jobs that completed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of restore jobs that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of recovery points that were created.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of recovery points that AWS Backup could not finish.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsPartial(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of recovery points that AWS Backup could not delete at the end of their retention.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of recovery points that are being deleted.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsDeleting(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of recovery points that moved to cold storage.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsCold(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
