/**
 * An event that a backup vault sends to its notification topic.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
 */
export class BackupVaultEvent {
  /** A backup job ended in any state, which is in the message attribute `State`. */
  public static readonly BACKUP_JOB_COMPLETED = BackupVaultEvent.of('BACKUP_JOB_COMPLETED');
  /** A backup job started. */
  public static readonly BACKUP_JOB_STARTED = BackupVaultEvent.of('BACKUP_JOB_STARTED');
  /** A copy job failed. */
  public static readonly COPY_JOB_FAILED = BackupVaultEvent.of('COPY_JOB_FAILED');
  /** A copy job started. */
  public static readonly COPY_JOB_STARTED = BackupVaultEvent.of('COPY_JOB_STARTED');
  /** A copy job completed. */
  public static readonly COPY_JOB_SUCCESSFUL = BackupVaultEvent.of('COPY_JOB_SUCCESSFUL');
  /** A continuous backup was interrupted: no point-in-time restore is possible until it continues. */
  public static readonly CONTINUOUS_BACKUP_INTERRUPTED = BackupVaultEvent.of('CONTINUOUS_BACKUP_INTERRUPTED');
  /** An object of an Amazon EKS cluster could not be backed up. */
  public static readonly EKS_BACKUP_OBJECT_FAILED = BackupVaultEvent.of('EKS_BACKUP_OBJECT_FAILED');
  /** An object of an Amazon EKS cluster could not be restored. */
  public static readonly EKS_RESTORE_OBJECT_FAILED = BackupVaultEvent.of('EKS_RESTORE_OBJECT_FAILED');
  /** An object of an Amazon EKS cluster was skipped in a restore. */
  public static readonly EKS_RESTORE_OBJECT_SKIPPED = BackupVaultEvent.of('EKS_RESTORE_OBJECT_SKIPPED');
  /** A recovery point was changed. */
  public static readonly RECOVERY_POINT_MODIFIED = BackupVaultEvent.of('RECOVERY_POINT_MODIFIED');
  /** A restore job ended in any state, which is in the message attribute `State`. */
  public static readonly RESTORE_JOB_COMPLETED = BackupVaultEvent.of('RESTORE_JOB_COMPLETED');
  /** A restore job started. */
  public static readonly RESTORE_JOB_STARTED = BackupVaultEvent.of('RESTORE_JOB_STARTED');
  /** An object of a bucket could not be backed up. */
  public static readonly S3_BACKUP_OBJECT_FAILED = BackupVaultEvent.of('S3_BACKUP_OBJECT_FAILED');
  /** An object of a bucket could not be restored. */
  public static readonly S3_RESTORE_OBJECT_FAILED = BackupVaultEvent.of('S3_RESTORE_OBJECT_FAILED');

  /**
   * Another event, which this library has no constant for.
   *
   * @param eventName Name of the event in the API of AWS Backup
   */
  public static of(eventName: string): BackupVaultEvent {
    return new BackupVaultEvent(eventName);
  }

  /**
   * Name of the event in the API of AWS Backup.
   */
  public readonly eventName: string;

  private constructor(eventName: string) {
    this.eventName = eventName;
  }
}
