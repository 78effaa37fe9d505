import type { AlarmOptions } from './alarm-options';

/**
 * Overrides of the alarm on undelivered events.
 */
export interface DeliveryAlarmOverrides {
  /**
   * `event-not-delivered`: EventBridge could not deliver an event.
   *
   * @default - the settings of the catalogue
   */
  readonly eventNotDelivered?: AlarmOptions;
}

/**
 * Overrides of the alarms that `BackupAlarms` and `CentralMonitoring` share, one property for each alarm name in the runbooks.
 */
export interface AlarmOverrides extends DeliveryAlarmOverrides {
  /**
   * `backup-job-failed`: a backup job failed.
   *
   * @default - the settings of the catalogue
   */
  readonly backupJobFailed?: AlarmOptions;

  /**
   * `backup-job-expired`: a backup job did not start or finish within its windows.
   *
   * @default - the settings of the catalogue
   */
  readonly backupJobExpired?: AlarmOptions;

  /**
   * `backup-job-failing`: backup jobs failed in two consecutive runs. Requires `plans`, and supports only `enabled` and `severity`.
   *
   * @default - the settings of the catalogue
   */
  readonly backupJobFailing?: AlarmOptions;

  /**
   * `backup-job-aborted`: a backup job was stopped.
   *
   * @default - the settings of the catalogue
   */
  readonly backupJobAborted?: AlarmOptions;

  /**
   * `backup-job-with-issues`: a backup job completed with issues.
   *
   * @default - the settings of the catalogue
   */
  readonly backupJobWithIssues?: AlarmOptions;

  /**
   * `recovery-point-partial`: a recovery point is incomplete.
   *
   * @default - the settings of the catalogue
   */
  readonly recoveryPointPartial?: AlarmOptions;

  /**
   * `copy-job-failed`: a copy job failed or left something out.
   *
   * @default - the settings of the catalogue
   */
  readonly copyJobFailed?: AlarmOptions;

  /**
   * `restore-job-failed`: a restore job failed or was stopped.
   *
   * @default - the settings of the catalogue
   */
  readonly restoreJobFailed?: AlarmOptions;

  /**
   * `no-good-recovery-point`: no backup job completed for too long. Requires `plans`, and does not support `threshold`.
   *
   * @default - the settings of the catalogue
   */
  readonly noGoodRecoveryPoint?: AlarmOptions;

  /**
   * `no-good-copy`: no copy job completed for too long. Requires `plans`, and does not support `threshold`.
   *
   * @default - the settings of the catalogue
   */
  readonly noGoodCopy?: AlarmOptions;

  /**
   * `vault-tampered`: the lock, the policy, the notifications or the approval team of a vault changed, or the vault was deleted.
   *
   * @default - the settings of the catalogue
   */
  readonly vaultTampered?: AlarmOptions;

  /**
   * `vault-key-tampered`: the key of a vault was disabled or scheduled for deletion, or its policy or a grant changed.
   *
   * @default - the settings of the catalogue
   */
  readonly vaultKeyTampered?: AlarmOptions;

  /**
   * `recovery-point-deleted`: somebody deleted a recovery point, or changed how long it is kept.
   *
   * @default - the settings of the catalogue
   */
  readonly recoveryPointDeleted?: AlarmOptions;

  /**
   * `recovery-point-exposed`: somebody created access to recovery points.
   *
   * @default - the settings of the catalogue
   */
  readonly recoveryPointExposed?: AlarmOptions;

  /**
   * `backup-plan-removed`: a backup plan or a selection was removed.
   *
   * @default - the settings of the catalogue
   */
  readonly backupPlanRemoved?: AlarmOptions;

  /**
   * `backup-plan-changed`: a backup plan was changed, or a selection was added.
   *
   * @default - the settings of the catalogue
   */
  readonly backupPlanChanged?: AlarmOptions;

  /**
   * `backup-settings-changed`: settings of AWS Backup, legal holds or tiering changed.
   *
   * @default - the settings of the catalogue
   */
  readonly backupSettingsChanged?: AlarmOptions;

  /**
   * `backup-tampered`: a vault, its key, its recovery points or its plans were changed, removed or made readable. For
   * `AlarmSet.ESSENTIAL` only.
   *
   * @default - the settings of the catalogue
   */
  readonly backupTampered?: AlarmOptions;
}

/**
 * Overrides of the alarms of `BackupAlarms`, one property for each alarm name in the runbooks.
 */
export interface BackupAlarmOverrides extends AlarmOverrides {
  /**
   * `recovery-point-not-deleted`: AWS Backup could not delete a recovery point at the end of its retention.
   *
   * @default - the settings of the catalogue
   */
  readonly recoveryPointNotDeleted?: AlarmOptions;
}

/**
 * Overrides of the alarms of `CentralMonitoring`, one property for each alarm name in the runbooks.
 */
export interface CentralAlarmOverrides extends AlarmOverrides {
  /**
   * `backup-health`: at least one critical alarm is in ALARM. Supports only `enabled` and `severity`.
   *
   * @default - the settings of the catalogue
   */
  readonly backupHealth?: AlarmOptions;

  /**
   * `config-capture-failed`: a snapshot of a configuration could not be made in time.
   *
   * @default - the settings of the catalogue
   */
  readonly configCaptureFailed?: AlarmOptions;
}

/**
 * Overrides of the alarms of `ReplicationAlarms`, one property for each alarm name in the runbooks.
 */
export interface ReplicationAlarmOverrides {
  /**
   * `replication-late`: the replica of a bucket is more than 15 minutes behind.
   *
   * @default - the settings of the catalogue
   */
  readonly replicationLate?: AlarmOptions;

  /**
   * `replication-bytes-pending`: a large amount of data is waiting for replication.
   *
   * @default - the settings of the catalogue
   */
  readonly replicationBytesPending?: AlarmOptions;

  /**
   * `replication-operations-pending`: many objects are waiting for replication.
   *
   * @default - the settings of the catalogue
   */
  readonly replicationOperationsPending?: AlarmOptions;

  /**
   * `replication-failed`: Amazon S3 could not replicate an object.
   *
   * @default - the settings of the catalogue
   */
  readonly replicationFailed?: AlarmOptions;
}

/**
 * Overrides of the alarms of constructs that capture configuration, one property for each alarm name in the runbooks.
 */
export interface ConfigurationAlarmOverrides extends DeliveryAlarmOverrides {
  /**
   * `config-capture-failed`: a snapshot could not be made in time.
   *
   * @default - the settings of the catalogue
   */
  readonly configCaptureFailed?: AlarmOptions;

  /**
   * `no-good-config-snapshot`: no snapshot was made for longer than the schedules allow. It does not support `threshold`.
   *
   * @default - the settings of the catalogue
   */
  readonly noGoodConfigSnapshot?: AlarmOptions;

  /**
   * `plaintext-secret-found`: a configuration contains a value in plaintext that looks like a secret.
   *
   * @default - the settings of the catalogue
   */
  readonly plaintextSecretFound?: AlarmOptions;

  /**
   * `image-not-kept`: a container image that runs might be missing when it is needed for a recovery.
   *
   * @default - the settings of the catalogue
   */
  readonly imageNotKept?: AlarmOptions;
}

/**
 * Overrides of the alarms of runbooks that run, one property for each alarm name in the pages about alarms.
 */
export interface RunbookAlarmOverrides extends DeliveryAlarmOverrides {
  /**
   * `recovery-slower-than-objective`: a recovery took longer than the shortest recovery time objective. Requires `objectives`.
   *
   * @default - the settings of the catalogue
   */
  readonly recoverySlowerThanObjective?: AlarmOptions;
}
