import type { Duration } from 'aws-cdk-lib';
import type { WeekDay } from '../schedules/week-day';

/**
 * Options of every tier: how long a recovery point is kept, and when its job must start and end.
 */
export interface BackupTierOptions {
  /**
   * How long a recovery point is kept, counted from the start of its job, in whole days, at least 1 and at most 36,500.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
   */
  readonly deleteAfter: Duration;

  /**
   * When a recovery point moves to cold storage, in whole days, at least 90 days before `deleteAfter`.
   *
   * A recovery point in cold storage can't be copied. AWS Backup ignores it for a resource type without cold storage.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#backup-lifecycle
   *
   * @default - recovery points stay in warm storage
   */
  readonly moveToColdStorageAfter?: Duration;

  /**
   * How long after its scheduled time a job can start, at least 1 hour. A job that has not started by then expires.
   *
   * @default Duration.hours(1)
   */
  readonly startWindow?: Duration;

  /**
   * When AWS Backup cancels an unfinished job, at least 1 hour longer than the start window. A canceled job creates no recovery
   * point, so a shorter window does not improve the RPO.
   *
   * @default - 7 days, which is the default of AWS Backup
   */
  readonly completionWindow?: Duration;

  /**
   * Maximum duration of a job from its start, at least 1 minute and at most the completion window. This library computes RPOs,
   * overlaps and alarms with it. It is not a setting of AWS Backup.
   *
   * @default - the `completionWindow` if it is set, otherwise 5 hours, which synthesis reports as an assumption
   */
  readonly expectedDuration?: Duration;

  /**
   * Time zone of the times of the tier, a name in the IANA database, such as `Europe/London`.
   *
   * When clocks are set forward, a run at a skipped time does not take place. When they are set back, a day has 25 hours, and
   * a repeated time counts once. RPOs include both.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
   *
   * @default - UTC, in which all days have the same length
   */
  readonly timeZone?: string;

  /**
   * Tags of the recovery points, in addition to those that AWS Backup copies from the resource; at most 10.
   *
   * @default - no additional tags
   */
  readonly recoveryPointTags?: { [key: string]: string };
}

/**
 * Options of tiers with a predefined schedule: a name and a time of day.
 */
export interface ScheduledTierOptions extends BackupTierOptions {
  /**
   * Name of the tier and of its backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
   *
   * @default - the kind of the schedule: `daily`, `weekly`, `monthly`, `yearly` or `every12Hours`
   */
  readonly name?: string;

  /**
   * Minute of the hour, 0 to 59.
   *
   * @default 0
   */
  readonly minute?: number;
}

/**
 * Options of a daily tier.
 */
export interface DailyTierOptions extends ScheduledTierOptions {
  /**
   * Hour of the day, 0 to 23.
   *
   * @default 5
   */
  readonly hour?: number;
}

/**
 * Options of a weekly tier.
 */
export interface WeeklyTierOptions extends DailyTierOptions {
  /**
   * Day of the week.
   */
  readonly weekDay: WeekDay;
}

/**
 * Options of a monthly tier.
 */
export interface MonthlyTierOptions extends DailyTierOptions {
  /**
   * Day of the month, 1 to 28, because not every month has later days.
   *
   * @default - the first day, or the last one if `lastDay` is true
   */
  readonly day?: number;

  /**
   * Whether the tier runs on the last day of the month, instead of on `day`.
   *
   * @default false
   */
  readonly lastDay?: boolean;
}

/**
 * Options of a yearly tier.
 */
export interface YearlyTierOptions extends MonthlyTierOptions {
  /**
   * Month, 1 to 12.
   */
  readonly month: number;
}

/**
 * Options of a tier that runs several times a day.
 */
export interface HoursTierOptions extends ScheduledTierOptions {
  /**
   * One of the hours at which the tier runs, 0 to 23.
   *
   * @default 0
   */
  readonly firstHour?: number;
}

/**
 * Options of a tier with a custom cron expression.
 */
export interface CronTierOptions extends BackupTierOptions {
  /**
   * Name of the tier and of its backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
   */
  readonly name: string;

  /**
   * The longest gap between two runs of the expression, at least 1 hour. RPOs are computed with it.
   */
  readonly interval: Duration;
}

/**
 * Options of a continuous tier.
 */
export interface ContinuousTierOptions {
  /**
   * How far back a restore is possible, and how long the recovery point is kept, in whole days from 1 to 35.
   *
   * Specify more than 1 day: AWS Backup updates the recovery point once a day, and recommends a longer retention than that.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html
   */
  readonly deleteAfter: Duration;

  /**
   * Name of the tier and of its backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
   *
   * @default - `continuous`
   */
  readonly name?: string;

  /**
   * Hour of the day, 0 to 23, at which AWS Backup updates the recovery point and takes the snapshots for copies.
   *
   * @default 21
   */
  readonly hour?: number;

  /**
   * Minute of the hour, 0 to 59.
   *
   * @default 0
   */
  readonly minute?: number;

  /**
   * Time zone of the times of the tier, a name in the IANA database, such as `Europe/London`.
   *
   * @default - times are UTC
   */
  readonly timeZone?: string;

  /**
   * How long after its scheduled time a job can start, at least 1 hour.
   *
   * @default Duration.hours(1)
   */
  readonly startWindow?: Duration;

  /**
   * When AWS Backup cancels an unfinished job, at least 1 hour longer than the start window.
   *
   * @default - 7 days, which is the default of AWS Backup
   */
  readonly completionWindow?: Duration;

  /**
   * Maximum duration of a job from its start, at least 1 minute and at most the completion window. This library computes RPOs,
   * overlaps and alarms with it. It is not a setting of AWS Backup.
   *
   * @default - the `completionWindow` if it is set, otherwise 5 hours, which synthesis reports as an assumption
   */
  readonly expectedDuration?: Duration;

  /**
   * Tags of the recovery points, in addition to those that AWS Backup copies from the resource; at most 10.
   *
   * @default - no additional tags
   */
  readonly recoveryPointTags?: { [key: string]: string };
}
