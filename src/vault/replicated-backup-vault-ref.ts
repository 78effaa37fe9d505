import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { ReplicatedBackupVaultGrants } from './replicated-backup-vault-grants';
import type { VaultLock } from './vault-lock';

/**
 * A backup vault and, if it has one, its replica in another region: defined in this app or imported.
 *
 * Names, ARNs, account and region are literal strings where the account and region of its stack are: handing the vault
 * to a stack of another account or region makes no reference between the two.
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
   * @default - the vault is not locked, or imported without saying so
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - the replica is not locked, or imported without saying so
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
   * A metric that AWS Backup publishes for the vault, in the vault's account and region.
   *
   * Metrics of copy jobs are published where the copy starts, under the name of the vault that is copied into.
   *
   * @default - sum over 5 minutes
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * A metric of copy jobs into the replica, in the account and region of the vault, where the copies start.
   *
   * @default - sum over 5 minutes
   * @throws if there is no replica
   */
  metricReplica(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that were created.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that are about to run.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that run.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that were cancelled.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsAborted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that ended well.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Backup jobs that did not start within their start window.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfBackupJobsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Copy jobs into the vault that were created.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Copy jobs into the vault that run.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Copy jobs into the vault that ended well.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Copy jobs into the vault that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfCopyJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Restore jobs that are about to run.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Restore jobs that run.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Restore jobs that ended well.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Restore jobs that failed.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRestoreJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recovery points that were made.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recovery points whose making did not end.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsPartial(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recovery points that AWS Backup tried to delete at the end of their retention and could not.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recovery points that are being deleted.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsDeleting(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recovery points that moved to cold storage.
   *
   * @default - sum over 5 minutes
   */
  metricNumberOfRecoveryPointsCold(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
