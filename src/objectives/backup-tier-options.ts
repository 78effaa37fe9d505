import type { Duration } from 'aws-cdk-lib';
import type { WeekDay } from '../schedules/week-day';

/**
 * What every tier has: how long a recovery point is kept, and when its job must start and end.
 */
export interface BackupTierOptions {
  /**
   * How long a recovery point is kept, counted from the start of its job; whole days, at least 1 and at most 36,500.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
   */
  readonly deleteAfter: Duration;

  /**
   * When a recovery point moves to cold storage; whole days, at least 90 days before `deleteAfter`.
   *
   * A recovery point in cold storage can't be copied. AWS Backup ignores it for a resource type without cold storage.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#backup-lifecycle
   *
   * @default - recovery points stay in warm storage
   */
  readonly moveToColdStorageAfter?: Duration;

  /**
   * How long after its scheduled time a job may start, at least 1 hour; one that has not started by then expires.
   *
   * @default Duration.hours(1)
   */
  readonly startWindow?: Duration;

  /**
   * When AWS Backup cancels a job that has not ended, at least 1 hour longer than the start window. A canceled job leaves no
   * recovery point, so a short window never makes the newest one younger.
   *
   * @default - 7 days, as AWS Backup has it
   */
  readonly completionWindow?: Duration;

  /**
   * How long a job takes at most, from its start: at least 1 minute and at most the completion window. RPOs, overlaps and alarms
   * are computed with it. AWS Backup does not know of it.
   *
   * @default - the `completionWindow` where it is given, otherwise 5 hours, which synthesis reports as an assumption
   */
  readonly expectedDuration?: Duration;

  /**
   * Time zone that the times of the tier are in: a name of the IANA database, such as `Europe/London`.
   *
   * Where clocks are set forward, a run at a time that is skipped is not made. Where they are set back, a day has 25 hours, and
   * a time that there is twice counts once. RPOs are computed with both.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
   *
   * @default - UTC, in which no day is shorter or longer than another
   */
  readonly timeZone?: string;

  /**
   * Tags of the recovery points, in addition to those that AWS Backup copies from the resource; at most 10.
   *
   * @default - no tags of their own
   */
  readonly recoveryPointTags?: { [key: string]: string };
}

/**
 * What the tiers with a schedule of ours have: a name and a time of day.
 */
export interface ScheduledTierOptions extends BackupTierOptions {
  /**
   * Name of the tier: that of the backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
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
   * Day of the month, 1 to 28: the later ones are not in every month.
   *
   * @default - the first day, or the last one where `lastDay` is true
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
 * Options of a tier with a cron expression of the caller's.
 */
export interface CronTierOptions extends BackupTierOptions {
  /**
   * Name of the tier: that of the backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
   */
  readonly name: string;

  /**
   * The longest gap between two runs of the expression, at least 1 hour: the arithmetic of recovery points relies on it.
   */
  readonly interval: Duration;
}

/**
 * Options of a continuous tier.
 */
export interface ContinuousTierOptions {
  /**
   * How far back a restore can go, and how long the recovery point is kept, in whole days from 1 to 35.
   *
   * More than 1 day is safer: AWS Backup updates the recovery point once a day, and asks for a retention that is longer than that.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html
   */
  readonly deleteAfter: Duration;

  /**
   * Name of the tier: that of the backup rule, 1 to 50 letters, digits, hyphens, underscores and dots.
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
   * Time zone that the times of the tier are in: a name of the IANA database, such as `Europe/London`.
   *
   * @default - times are UTC
   */
  readonly timeZone?: string;

  /**
   * How long after its scheduled time a job may start, at least 1 hour.
   *
   * @default Duration.hours(1)
   */
  readonly startWindow?: Duration;

  /**
   * When AWS Backup cancels a job that has not ended, at least 1 hour longer than the start window.
   *
   * @default - 7 days, as AWS Backup has it
   */
  readonly completionWindow?: Duration;

  /**
   * How long a job takes at most, from its start: at least 1 minute and at most the completion window. RPOs, overlaps and alarms
   * are computed with it. AWS Backup does not know of it.
   *
   * @default - the `completionWindow` where it is given, otherwise 5 hours, which synthesis reports as an assumption
   */
  readonly expectedDuration?: Duration;

  /**
   * Tags of the recovery points, in addition to those that AWS Backup copies from the resource; at most 10.
   *
   * @default - no tags of their own
   */
  readonly recoveryPointTags?: { [key: string]: string };
}
