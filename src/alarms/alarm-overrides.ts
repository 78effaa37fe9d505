import type { AlarmOptions } from './alarm-options';

/**
 * What to change about the alarm on events that could not be delivered.
 */
export interface DeliveryAlarmOverrides {
  /**
   * `event-not-delivered`: EventBridge could not deliver an event.
   *
   * @default - as in the catalogue
   */
  readonly eventNotDelivered?: AlarmOptions;
}

/**
 * What to change about alarms that `BackupAlarms` and `CentralMonitoring` have in common, one member for each alarm name of the
 * runbooks.
 */
export interface AlarmOverrides extends DeliveryAlarmOverrides {
  /**
   * `backup-job-failed`: a backup job failed.
   *
   * @default - as in the catalogue
   */
  readonly backupJobFailed?: AlarmOptions;

  /**
   * `backup-job-expired`: a backup job did not start or did not end within its windows.
   *
   * @default - as in the catalogue
   */
  readonly backupJobExpired?: AlarmOptions;

  /**
   * `backup-job-failing`: backup jobs failed in two runs in a row. It needs `plans`, and takes `enabled` and `severity` only.
   *
   * @default - as in the catalogue
   */
  readonly backupJobFailing?: AlarmOptions;

  /**
   * `backup-job-aborted`: a backup job was stopped.
   *
   * @default - as in the catalogue
   */
  readonly backupJobAborted?: AlarmOptions;

  /**
   * `backup-job-with-issues`: a backup job was completed with issues.
   *
   * @default - as in the catalogue
   */
  readonly backupJobWithIssues?: AlarmOptions;

  /**
   * `recovery-point-partial`: a recovery point is not complete.
   *
   * @default - as in the catalogue
   */
  readonly recoveryPointPartial?: AlarmOptions;

  /**
   * `copy-job-failed`: a copy job failed or left something out.
   *
   * @default - as in the catalogue
   */
  readonly copyJobFailed?: AlarmOptions;

  /**
   * `restore-job-failed`: a restore job failed or was stopped.
   *
   * @default - as in the catalogue
   */
  readonly restoreJobFailed?: AlarmOptions;

  /**
   * `no-good-recovery-point`: no backup job was completed for too long. It needs `plans`, and takes no `threshold`.
   *
   * @default - as in the catalogue
   */
  readonly noGoodRecoveryPoint?: AlarmOptions;

  /**
   * `no-good-copy`: no copy job was completed for too long. It needs `plans`, and takes no `threshold`.
   *
   * @default - as in the catalogue
   */
  readonly noGoodCopy?: AlarmOptions;

  /**
   * `vault-tampered`: the lock, the policy, the notifications or the approval team of a vault changed, or the vault was deleted.
   *
   * @default - as in the catalogue
   */
  readonly vaultTampered?: AlarmOptions;

  /**
   * `vault-key-tampered`: the key of a vault was disabled or scheduled for deletion, or its policy or a grant changed.
   *
   * @default - as in the catalogue
   */
  readonly vaultKeyTampered?: AlarmOptions;

  /**
   * `recovery-point-deleted`: somebody deleted a recovery point, or changed how long it is kept.
   *
   * @default - as in the catalogue
   */
  readonly recoveryPointDeleted?: AlarmOptions;

  /**
   * `recovery-point-exposed`: somebody created access to recovery points.
   *
   * @default - as in the catalogue
   */
  readonly recoveryPointExposed?: AlarmOptions;

  /**
   * `backup-plan-removed`: a backup plan or a selection was removed.
   *
   * @default - as in the catalogue
   */
  readonly backupPlanRemoved?: AlarmOptions;

  /**
   * `backup-plan-changed`: a backup plan was changed, or a selection was added.
   *
   * @default - as in the catalogue
   */
  readonly backupPlanChanged?: AlarmOptions;

  /**
   * `backup-settings-changed`: settings of AWS Backup, legal holds or tiering changed.
   *
   * @default - as in the catalogue
   */
  readonly backupSettingsChanged?: AlarmOptions;

  /**
   * `backup-tampered`: a vault, its key, its recovery points or its plans were changed, removed or made readable. For
   * `AlarmSet.ESSENTIAL` only.
   *
   * @default - as in the catalogue
   */
  readonly backupTampered?: AlarmOptions;
}

/**
 * What to change about the alarms of `BackupAlarms`, one member for each alarm name of the runbooks.
 */
export interface BackupAlarmOverrides extends AlarmOverrides {
  /**
   * `recovery-point-not-deleted`: AWS Backup could not delete a recovery point at the end of its retention.
   *
   * @default - as in the catalogue
   */
  readonly recoveryPointNotDeleted?: AlarmOptions;
}

/**
 * What to change about the alarms of `CentralMonitoring`, one member for each alarm name of the runbooks.
 */
export interface CentralAlarmOverrides extends AlarmOverrides {
  /**
   * `backup-health`: at least one critical alarm is on. It takes `enabled` and `severity` only.
   *
   * @default - as in the catalogue
   */
  readonly backupHealth?: AlarmOptions;
}

/**
 * What to change about the alarms of `ReplicationAlarms`, one member for each alarm name of the runbooks.
 */
export interface ReplicationAlarmOverrides {
  /**
   * `replication-late`: the replica of a bucket is more than 15 minutes behind.
   *
   * @default - as in the catalogue
   */
  readonly replicationLate?: AlarmOptions;

  /**
   * `replication-bytes-pending`: much data waits for its replication.
   *
   * @default - as in the catalogue
   */
  readonly replicationBytesPending?: AlarmOptions;

  /**
   * `replication-operations-pending`: many objects wait for their replication.
   *
   * @default - as in the catalogue
   */
  readonly replicationOperationsPending?: AlarmOptions;

  /**
   * `replication-failed`: Amazon S3 could not replicate an object.
   *
   * @default - as in the catalogue
   */
  readonly replicationFailed?: AlarmOptions;
}
