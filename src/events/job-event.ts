import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-event-types';

/**
 * Something that a job of AWS Backup does, as AWS Backup tells EventBridge.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export class JobEvent {
  /** A backup job runs. */
  public static readonly BACKUP_JOB_STARTED = new JobEvent(BACKUP_JOBS.detailType, 'RUNNING');
  /** A backup job ended well, with issues or without. */
  public static readonly BACKUP_JOB_COMPLETED = new JobEvent(BACKUP_JOBS.detailType, 'COMPLETED');
  /** A backup job failed. */
  public static readonly BACKUP_JOB_FAILED = new JobEvent(BACKUP_JOBS.detailType, 'FAILED');
  /** A backup job did not start, or did not end, within its windows. */
  public static readonly BACKUP_JOB_EXPIRED = new JobEvent(BACKUP_JOBS.detailType, 'EXPIRED');
  /** A backup job was stopped. */
  public static readonly BACKUP_JOB_ABORTED = new JobEvent(BACKUP_JOBS.detailType, 'ABORTED');
  /** A backup job left out some of its parts. */
  public static readonly BACKUP_JOB_PARTIAL = new JobEvent(BACKUP_JOBS.detailType, 'PARTIAL');
  /** A copy job runs. */
  public static readonly COPY_JOB_STARTED = new JobEvent(COPY_JOBS.detailType, 'RUNNING');
  /** A copy job ended well. */
  public static readonly COPY_JOB_COMPLETED = new JobEvent(COPY_JOBS.detailType, 'COMPLETED');
  /** A copy job failed. */
  public static readonly COPY_JOB_FAILED = new JobEvent(COPY_JOBS.detailType, 'FAILED');
  /** A copy job left out some of its parts. */
  public static readonly COPY_JOB_PARTIAL = new JobEvent(COPY_JOBS.detailType, 'PARTIAL');
  /** A restore job runs. */
  public static readonly RESTORE_JOB_STARTED = new JobEvent(RESTORE_JOBS.detailType, 'RUNNING');
  /** A restore job ended well. */
  public static readonly RESTORE_JOB_COMPLETED = new JobEvent(RESTORE_JOBS.detailType, 'COMPLETED');
  /** A restore job failed. */
  public static readonly RESTORE_JOB_FAILED = new JobEvent(RESTORE_JOBS.detailType, 'FAILED');
  /** A restore job was stopped. */
  public static readonly RESTORE_JOB_ABORTED = new JobEvent(RESTORE_JOBS.detailType, 'ABORTED');

  /**
   * All of them.
   */
  public static all(): JobEvent[] {
    return [
      this.BACKUP_JOB_STARTED, this.BACKUP_JOB_COMPLETED, this.BACKUP_JOB_FAILED, this.BACKUP_JOB_EXPIRED, this.BACKUP_JOB_ABORTED,
      this.BACKUP_JOB_PARTIAL, this.COPY_JOB_STARTED, this.COPY_JOB_COMPLETED, this.COPY_JOB_FAILED, this.COPY_JOB_PARTIAL,
      this.RESTORE_JOB_STARTED, this.RESTORE_JOB_COMPLETED, this.RESTORE_JOB_FAILED, this.RESTORE_JOB_ABORTED,
    ];
  }

  /**
   * Those that somebody has to do something about, and all of restore jobs, which are rare and seldom without a reason.
   */
  public static actionable(): JobEvent[] {
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
