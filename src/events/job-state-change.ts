import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-problem-events';

/**
 * A state change of a job in AWS Backup, which AWS Backup sends to EventBridge.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export class JobStateChange {
  /** A backup job is running. */
  public static readonly BACKUP_RUNNING = new JobStateChange(BACKUP_JOBS.detailType, 'RUNNING');
  /** A backup job completed, with or without issues. */
  public static readonly BACKUP_COMPLETED = new JobStateChange(BACKUP_JOBS.detailType, 'COMPLETED');
  /** A backup job failed. */
  public static readonly BACKUP_FAILED = new JobStateChange(BACKUP_JOBS.detailType, 'FAILED');
  /** A backup job did not start or finish within its windows. */
  public static readonly BACKUP_EXPIRED = new JobStateChange(BACKUP_JOBS.detailType, 'EXPIRED');
  /** A backup job was stopped. */
  public static readonly BACKUP_ABORTED = new JobStateChange(BACKUP_JOBS.detailType, 'ABORTED');
  /** A backup job left out some of its parts. */
  public static readonly BACKUP_PARTIAL = new JobStateChange(BACKUP_JOBS.detailType, 'PARTIAL');
  /** A copy job is running. */
  public static readonly COPY_RUNNING = new JobStateChange(COPY_JOBS.detailType, 'RUNNING');
  /** A copy job completed. */
  public static readonly COPY_COMPLETED = new JobStateChange(COPY_JOBS.detailType, 'COMPLETED');
  /** A copy job failed. */
  public static readonly COPY_FAILED = new JobStateChange(COPY_JOBS.detailType, 'FAILED');
  /** A copy job left out some of its parts. */
  public static readonly COPY_PARTIAL = new JobStateChange(COPY_JOBS.detailType, 'PARTIAL');
  /** A restore job is running. */
  public static readonly RESTORE_RUNNING = new JobStateChange(RESTORE_JOBS.detailType, 'RUNNING');
  /** A restore job completed. */
  public static readonly RESTORE_COMPLETED = new JobStateChange(RESTORE_JOBS.detailType, 'COMPLETED');
  /** A restore job failed. */
  public static readonly RESTORE_FAILED = new JobStateChange(RESTORE_JOBS.detailType, 'FAILED');
  /** A restore job was stopped. */
  public static readonly RESTORE_ABORTED = new JobStateChange(RESTORE_JOBS.detailType, 'ABORTED');

  /**
   * All state changes.
   */
  public static all(): JobStateChange[] {
    return [
      this.BACKUP_RUNNING, this.BACKUP_COMPLETED, this.BACKUP_FAILED, this.BACKUP_EXPIRED, this.BACKUP_ABORTED,
      this.BACKUP_PARTIAL, this.COPY_RUNNING, this.COPY_COMPLETED, this.COPY_FAILED, this.COPY_PARTIAL,
      this.RESTORE_RUNNING, this.RESTORE_COMPLETED, this.RESTORE_FAILED, this.RESTORE_ABORTED,
    ];
  }

  /**
   * State changes that require an action, and all state changes of restore jobs, which are rare and important.
   */
  public static actionable(): JobStateChange[] {
    return this.all().filter(({ detailType, state }) => detailType === RESTORE_JOBS.detailType || !['RUNNING', 'COMPLETED'].includes(state));
  }

  /**
   * The type of the event: `Backup Job State Change`, `Copy Job State Change`, `Restore Job State Change`.
   */
  public readonly detailType: string;

  /**
   * The state that the job is in: `RUNNING`, `COMPLETED`, `FAILED`, `EXPIRED`, `ABORTED`, `PARTIAL`.
   */
  public readonly state: string;

  private constructor(detailType: string, state: string) {
    this.detailType = detailType;
    this.state = state;
  }
}
