import { Duration, Token } from 'aws-cdk-lib';
import type { BackupTierOptions, CronTierOptions, DailyTierOptions, HoursTierOptions, MonthlyTierOptions, ScheduledTierOptions, WeeklyTierOptions, YearlyTierOptions } from './backup-tier-options';
import { readCron } from './cron';
import { checkLifecycle } from './recovery-point-lifecycle';
import { Schedule } from './schedule';
import { PropsErrors } from '../private/props-errors';
import { describe, describeMinutes, inMinutes, tokenUnitProblem } from '../private/spans';

const DEFAULT_HOUR = 5; // that of AWS Backup's own default schedule

/**
 * One schedule with its retention: a rule of a backup plan.
 *
 * All times are UTC, since a daylight saving change skips or doubles a backup.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
 *
 * @example
 * BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });
 */
export class BackupTier {
  /**
   * A tier that runs once a day.
   *
   * @throws if an option is out of its range; all problems at once
   */
  public static daily(options: DailyTierOptions): BackupTier {
    const { hour = DEFAULT_HOUR, minute = 0 } = options;
    const errors = new PropsErrors('BackupTier.daily');
    checkTime(errors, 'hour', hour, minute);
    return BackupTier.checked(errors, 'daily', options, Duration.days(1), () => Schedule.daily([hour], minute));
  }

  /**
   * A tier that runs once a week.
   *
   * @throws if an option is out of its range; all problems at once
   */
  public static weekly(options: WeeklyTierOptions): BackupTier {
    const { weekDay, hour = DEFAULT_HOUR, minute = 0 } = options;
    const errors = new PropsErrors('BackupTier.weekly');
    checkTime(errors, 'hour', hour, minute);
    return BackupTier.checked(errors, 'weekly', options, Duration.days(7), () => Schedule.weekly(weekDay, hour, minute));
  }

  /**
   * A tier that runs once a month, on a day that every month has or on the last one.
   *
   * @throws if an option is out of its range; all problems at once
   */
  public static monthly(options: MonthlyTierOptions): BackupTier {
    const { hour = DEFAULT_HOUR, minute = 0 } = options;
    const errors = new PropsErrors('BackupTier.monthly');
    checkTime(errors, 'hour', hour, minute);
    checkDay(errors, options);
    return BackupTier.checked(errors, 'monthly', options, Duration.days(31), () => Schedule.monthly(dayOf(options), hour, minute));
  }

  /**
   * A tier that runs once a year.
   *
   * @throws if an option is out of its range; all problems at once
   */
  public static yearly(options: YearlyTierOptions): BackupTier {
    const { month, hour = DEFAULT_HOUR, minute = 0 } = options;
    const errors = new PropsErrors('BackupTier.yearly');
    checkTime(errors, 'hour', hour, minute);
    checkDay(errors, options);
    errors.when(!isWithin(month, 1, 12), () => `'month' must be a whole number from 1 to 12, got ${say(month)}`);
    return BackupTier.checked(errors, 'yearly', options, Duration.days(366), () => Schedule.yearly(month, dayOf(options), hour, minute));
  }

  /**
   * A tier that runs several times a day, always the same number of hours apart.
   *
   * @param hours Hours between two runs: 1, 2, 3, 4, 6, 8, 12 or 24, since AWS Backup starts anew every day
   * @throws if the hours don't divide 24, or an option is out of its range; all problems at once
   */
  public static everyHours(hours: number, options: HoursTierOptions): BackupTier {
    const { firstHour = 0, minute = 0 } = options;
    const errors = new PropsErrors('BackupTier.everyHours');
    const divides = isWithin(hours, 1, 24) && 24 % hours === 0;
    errors.when(!divides,
      () => `'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup starts a schedule anew every day, so other gaps are not even, got ${say(hours)}`);
    checkTime(errors, 'firstHour', firstHour, minute);
    return BackupTier.checked(errors, `every${hours}Hours`, options, Duration.hours(divides ? hours : 24), () => {
      const first = firstHour % hours;
      return Schedule.daily(Array.from({ length: 24 / hours }, (_, index) => first + index * hours), minute);
    });
  }

  /**
   * A tier with a cron expression of your own.
   *
   * It takes part in the arithmetic of recovery points by its `interval`, which is checked against the expression, unless
   * that has `L`, `W`, `#` or years. Whether its start windows overlap those of another tier is not checked, and synthesis
   * says so.
   *
   * @param expression Six fields, `cron(minutes hours day-of-month month day-of-week year)`, in UTC
   * @throws if the expression runs more often than hourly, not as often as `interval` says, or is not one, or an option is out
   * of its range; all problems at once
   */
  public static cron(expression: string, options: CronTierOptions): BackupTier {
    const errors = new PropsErrors('BackupTier.cron');
    const { problems, longestGap } = readCron(expression);
    errors.add(...problems);
    const minutes = inMinutes(options.interval);
    errors.when(minutes !== undefined && minutes < 60,
      () => `'interval' must be at least 1 hour: AWS Backup runs hourly at the most often, got ${describe(options.interval)}`);
    errors.when(minutes !== undefined && minutes >= 60 && longestGap !== undefined && minutes < longestGap,
      () => `'interval' must be at least ${describeMinutes(longestGap!)}, the longest gap between two runs of '${expression}', got ${describe(options.interval)}`);
    return BackupTier.checked(errors, options.name, options, options.interval, () => Schedule.cron(expression, longestGap !== undefined));
  }

  private static checked(
    errors: PropsErrors, defaultName: string, options: ScheduledTierOptions, interval: Duration, schedule: () => Schedule,
  ): BackupTier {
    const name = options.name ?? defaultName;
    const { startWindow = Duration.hours(1), completionWindow = Duration.hours(5), deleteAfter, moveToColdStorageAfter, recoveryPointTags } = options;

    errors.when(!Token.isUnresolved(name) && !/^[A-Za-z0-9\-_.]{1,50}$/.test(name),
      () => `'name' must be 1 to 50 letters, digits, hyphens, underscores and dots, got '${name}'`);
    checkLifecycle(errors, { deleteAfter, moveToColdStorageAfter });
    checkWindows(errors, startWindow, completionWindow);
    errors.when(Object.keys(recoveryPointTags ?? {}).length > 10,
      () => `'recoveryPointTags' must be at most 10 tags, got ${Object.keys(recoveryPointTags!).length}`);
    errors.throwIfAny();

    return new BackupTier(name, { ...options, startWindow, completionWindow }, interval, schedule());
  }

  /**
   * Name of the tier and of its backup rule.
   */
  public readonly name: string;

  /**
   * When the tier runs, as AWS Backup writes it.
   */
  public readonly scheduleExpression: string;

  /**
   * The longest gap between two runs.
   */
  public readonly interval: Duration;

  /**
   * How long a recovery point is kept.
   */
  public readonly deleteAfter: Duration;

  /**
   * When a recovery point moves to cold storage.
   *
   * @default - recovery points stay in warm storage
   */
  public readonly moveToColdStorageAfter?: Duration;

  /**
   * How long after its scheduled time a job may start.
   */
  public readonly startWindow: Duration;

  /**
   * How long a job may take.
   */
  public readonly completionWindow: Duration;

  /**
   * Tags of the recovery points.
   *
   * @default - no tags of their own
   */
  public readonly recoveryPointTags?: { [key: string]: string };

  /** @internal */
  public readonly _schedule: Schedule;

  private constructor(
    name: string, options: BackupTierOptions & { startWindow: Duration; completionWindow: Duration }, interval: Duration, schedule: Schedule,
  ) {
    this.name = name;
    this.scheduleExpression = schedule.expression;
    this.interval = interval;
    this.deleteAfter = options.deleteAfter;
    this.moveToColdStorageAfter = options.moveToColdStorageAfter;
    this.startWindow = options.startWindow;
    this.completionWindow = options.completionWindow;
    this.recoveryPointTags = options.recoveryPointTags;
    this._schedule = schedule;
  }
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** A number that is a token can't be a time of day: runs are computed from it. */
function say(value: number | undefined): string {
  return Token.isUnresolved(value) ? 'a token' : String(value);
}

function checkTime(errors: PropsErrors, hourProperty: string, hour: number, minute: number): void {
  errors.when(!isWithin(hour, 0, 23), () => `'${hourProperty}' must be a whole number from 0 to 23, got ${say(hour)}`);
  errors.when(!isWithin(minute, 0, 59), () => `'minute' must be a whole number from 0 to 59, got ${say(minute)}`);
}

function checkDay(errors: PropsErrors, { day, lastDay }: MonthlyTierOptions): void {
  errors.when(day !== undefined && lastDay, () => `leave out 'day' where 'lastDay' is true, got ${day}`);
  errors.when(day !== undefined && !isWithin(day, 1, 28),
    () => `'day' must be a whole number from 1 to 28, since not every month has the later ones (for the last day, set 'lastDay'), got ${say(day)}`);
}

function dayOf({ day, lastDay }: MonthlyTierOptions): number | undefined {
  return lastDay ? undefined : day ?? 1;
}

function checkWindows(errors: PropsErrors, startWindow: Duration, completionWindow: Duration): void {
  const start = inMinutes(startWindow);
  const completion = inMinutes(completionWindow);
  errors.add(...[
    tokenUnitProblem('startWindow', startWindow, 'minutes'), tokenUnitProblem('completionWindow', completionWindow, 'minutes'),
  ].filter((problem) => problem !== undefined));
  errors.when(start !== undefined && (start < 60 || !Number.isInteger(start)),
    () => `'startWindow' must be at least 1 hour, in whole minutes, got ${describe(startWindow)}`);
  errors.when(start !== undefined && completion !== undefined && completion < start + 60,
    () => `'completionWindow' must be at least 1 hour longer than 'startWindow' (${describe(startWindow)}), got ${describe(completionWindow)}`);
  errors.when(completion !== undefined && !Number.isInteger(completion),
    () => `'completionWindow' must be in whole minutes, got ${describe(completionWindow)}`);
}
