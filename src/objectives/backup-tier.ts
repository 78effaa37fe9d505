import { Duration } from 'aws-cdk-lib';
import type {
  BackupTierOptions, ContinuousTierOptions, CronTierOptions, DailyTierOptions, HoursTierOptions, MonthlyTierOptions, WeeklyTierOptions,
  YearlyTierOptions,
} from './backup-tier-options';
import { checkDay, checkMonth, checkTier, checkTime, checkWeekDay, durationProblem, isWithin, sayValue } from './tier-checks';
import { intervalOf, windowsOf } from './tier-windows';
import type { TierWindows } from './tier-windows';
import { PropsErrors } from '../private/props-errors';
import { describe, describeMinutes, inDays, inMinutes } from '../private/spans';
import { TimeZone } from '../schedules/calendar';
import { readCron } from '../schedules/cron';
import { Schedule } from '../schedules/schedule';
import { WeekDay } from '../schedules/week-day';

const DEFAULT_HOUR = 5; // that of the default schedule of AWS Backup

/** Apart from the default hours of the other tiers and the time that their jobs can take. */
const CONTINUOUS_HOUR = 21;

/** AWS Backup keeps a continuous backup for at most 35 days. */
const CONTINUOUS_MAXIMUM = 35;

/**
 * One schedule with its retention: a rule of a backup plan.
 *
 * All times are in UTC, unless `timeZone` is set. When clocks change, a time of day can be skipped, or a day has 25 hours: RPOs
 * include both.
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
   * @throws if an option is out of range; the error lists all problems
   */
  public static daily(options: DailyTierOptions): BackupTier {
    const { hour = DEFAULT_HOUR, minute = 0 } = options ?? {};
    const errors = new PropsErrors('BackupTier.daily');
    checkTime(errors, 'hour', hour, minute);
    return BackupTier.checked(errors, 'daily', options, Duration.days(1), (zone) => Schedule.daily([hour], minute, zone));
  }

  /**
   * A tier that runs once a week.
   *
   * @throws if an option is out of range; the error lists all problems
   */
  public static weekly(options: WeeklyTierOptions): BackupTier {
    const { weekDay, hour = DEFAULT_HOUR, minute = 0 } = options ?? {};
    const errors = new PropsErrors('BackupTier.weekly');
    checkWeekDay(errors, weekDay);
    checkTime(errors, 'hour', hour, minute);
    return BackupTier.checked(errors, 'weekly', options, Duration.days(7), (zone) => Schedule.weekly(weekDay, hour, minute, zone));
  }

  /**
   * A tier that runs once a month, on a day that every month has or on the last one.
   *
   * @throws if an option is out of range; the error lists all problems
   */
  public static monthly(options: MonthlyTierOptions): BackupTier {
    const { hour = DEFAULT_HOUR, minute = 0 } = options ?? {};
    const errors = new PropsErrors('BackupTier.monthly');
    checkTime(errors, 'hour', hour, minute);
    checkDay(errors, options ?? {});
    return BackupTier.checked(errors, 'monthly', options, Duration.days(31), (zone) => Schedule.monthly(dayOf(options), hour, minute, zone));
  }

  /**
   * A tier that runs once a year.
   *
   * @throws if an option is out of range; the error lists all problems
   */
  public static yearly(options: YearlyTierOptions): BackupTier {
    const { month, hour = DEFAULT_HOUR, minute = 0 } = options ?? {};
    const errors = new PropsErrors('BackupTier.yearly');
    checkTime(errors, 'hour', hour, minute);
    checkDay(errors, options ?? {});
    checkMonth(errors, month);
    return BackupTier.checked(errors, 'yearly', options, Duration.days(366), (zone) => Schedule.yearly(month, dayOf(options), hour, minute, zone));
  }

  /**
   * A tier that runs several times a day, always the same number of hours apart.
   *
   * @param hours Hours between two runs: 1, 2, 3, 4, 6, 8, 12 or 24, because AWS Backup restarts the schedule every day
   * @throws if the hours don't divide 24, or an option is out of range; the error lists all problems
   */
  public static everyHours(hours: number, options: HoursTierOptions): BackupTier {
    const { firstHour = 0, minute = 0 } = options ?? {};
    const errors = new PropsErrors('BackupTier.everyHours');
    const divides = isWithin(hours, 1, 24) && 24 % hours === 0;
    errors.when(!divides,
      () => `'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got ${sayValue(hours)}`);
    checkTime(errors, 'firstHour', firstHour, minute);
    return BackupTier.checked(errors, divides ? `every${hours}Hours` : 'everyHours', options, Duration.hours(divides ? hours : 24), (zone) => {
      const first = firstHour % hours;
      return Schedule.daily(Array.from({ length: 24 / hours }, (_, index) => first + index * hours), minute, zone);
    });
  }

  /**
   * A tier with a custom cron expression.
   *
   * RPOs are computed with its runs, and they are compared with the runs of other tiers. If the expression contains `L`, `W`, `#`
   * or years, only the `interval` of the tier is used, and synthesis reports what is not checked.
   *
   * @param expression Six fields, `cron(minutes hours day-of-month month day-of-week year)`
   * @throws if the expression is not valid, runs more often than hourly or less often than `interval`, or an option is out of
   * range; the error lists all problems
   */
  public static cron(expression: string, options: CronTierOptions): BackupTier {
    const errors = new PropsErrors('BackupTier.cron');
    const { problems, occurrence } = typeof expression === 'string' ? readCron(expression)
      : { problems: [`'expression' is required, a string such as 'cron(0 5 ? * * *)', got ${sayValue(expression)}`] };
    errors.add(...problems);

    const { name, interval } = options ?? {};
    errors.when(name === undefined, () => "'name' is required, because it is the name of the backup rule, got nothing");
    const problem = durationProblem('interval', interval, 'Duration.days(1)', true);
    errors.when(problem !== undefined, () => problem!);
    const longestGap = occurrence && Schedule.cron(expression, occurrence, true).longestGap();
    const minutes = problem ? undefined : inMinutes(interval);
    errors.when(minutes !== undefined && minutes < 60,
      () => `'interval' must be at least 1 hour, because AWS Backup runs at most hourly, got ${describe(interval)}`);
    errors.when(minutes !== undefined && minutes >= 60 && longestGap !== undefined && minutes < longestGap,
      () => `'interval' must be at least ${describeMinutes(longestGap!)}, the longest gap between two runs of '${expression}', got ${describe(interval)}`);
    return BackupTier.checked(errors, name === undefined ? 'cron' : name, options, interval,
      (zone) => Schedule.cron(expression, occurrence, longestGap !== undefined, zone));
  }

  /**
   * A continuous backup: AWS Backup keeps one recovery point for each resource and its transaction log, for a restore to any second
   * of the last days. The last 5 minutes of Amazon RDS and Amazon Aurora and the last 15 minutes of Amazon S3 can't be restored.
   *
   * - A resource has at most one continuous backup, independent of the number of plans and tiers.
   * - A resource of a type without continuous backup gets a snapshot when the tier runs. So does an Amazon RDS instance until its
   *   next maintenance window, in which AWS Backup turns on point-in-time recovery.
   * - A copy is a snapshot that AWS Backup takes when the tier runs, and can be restored to that time. `BackupCopy` specifies how
   *   long it is kept, which can be longer.
   * - The schedule of the tier determines the time of those snapshots. For the continuous backup itself, AWS Backup only checks and
   *   updates the recovery point at that time.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
   *
   * @throws if an option is out of range; the error lists all problems
   */
  public static continuous(options: ContinuousTierOptions): BackupTier {
    const { hour = CONTINUOUS_HOUR, minute = 0, deleteAfter } = options ?? {};
    const errors = new PropsErrors('BackupTier.continuous');
    checkTime(errors, 'hour', hour, minute);
    errors.when((options as BackupTierOptions | undefined)?.moveToColdStorageAfter !== undefined,
      () => "leave out 'moveToColdStorageAfter': a continuous backup can't move to cold storage; its copies can, with 'moveToColdStorageAfter' of BackupCopy");
    const days = durationProblem('deleteAfter', deleteAfter, 'Duration.days(35)', true) ? undefined : inDays(deleteAfter);
    errors.when(days !== undefined && days > CONTINUOUS_MAXIMUM && days <= 36_500 && Number.isInteger(days),
      () => `'deleteAfter' of a continuous backup must be a whole number of days from 1 to ${CONTINUOUS_MAXIMUM}, got ${describe(deleteAfter)}: `
        + 'for a longer retention, add another tier, or copy this one');
    return BackupTier.checked(errors, 'continuous', options, Duration.days(1), (zone) => Schedule.daily([hour], minute, zone), true);
  }

  /**
   * Tiers for most workloads: daily at 01:00, kept for 35 days; weekly on Sunday at 08:00, kept for 90 days; and monthly on the 1st at
   * 15:00, kept for 365 days. Their jobs do not overlap, as long as none takes longer than 6 hours.
   *
   * @example
   * declare const vault: ReplicatedBackupVault;
   * new TieredBackupPlan(stack, 'Plan', { vault, tiers: BackupTier.standard() });
   */
  public static standard(): BackupTier[] {
    return [
      BackupTier.daily({ hour: 1, deleteAfter: Duration.days(35) }),
      BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 8, deleteAfter: Duration.days(90) }),
      BackupTier.monthly({ day: 1, hour: 15, deleteAfter: Duration.days(365) }),
    ];
  }

  private static checked(
    errors: PropsErrors, defaultName: string, given: BackupTierOptions & { readonly name?: string }, interval: Duration,
    scheduleIn: (zone: TimeZone | undefined) => Schedule, isContinuous = false,
  ): BackupTier {
    const options = given ?? {};
    const { name = defaultName, timeZone } = options;
    const windows = windowsOf(options);
    checkTier(errors, name, options, windows);
    errors.throwIfAny();

    const schedule = scheduleIn(timeZone ? TimeZone.of(timeZone) : undefined);
    return new BackupTier(name, { ...options, ...windows }, intervalOf(schedule, interval), schedule, isContinuous);
  }

  /**
   * Name of the tier and of its backup rule.
   */
  public readonly name: string;

  /**
   * Schedule expression of AWS Backup.
   */
  public readonly scheduleExpression: string;

  /**
   * Time zone in which the tier runs.
   *
   * @default - times are UTC
   */
  public readonly timeZone?: string;

  /**
   * The longest gap between two runs.
   */
  public readonly interval: Duration;

  /**
   * Whether AWS Backup makes continuous backups, for a restore to any point in time.
   */
  public readonly isContinuous: boolean;

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
   * How long after its scheduled time a job can start.
   */
  public readonly startWindow: Duration;

  /**
   * When AWS Backup cancels an unfinished job.
   */
  public readonly completionWindow: Duration;

  /**
   * Maximum duration of a job from its start. RPOs, overlaps and alarms are computed with it.
   */
  public readonly expectedDuration: Duration;

  /**
   * Tags of the recovery points.
   *
   * @default - no additional tags
   */
  public readonly recoveryPointTags?: { [key: string]: string };

  /** @internal */
  public readonly _schedule: Schedule;

  /**
   * Whether the duration of a job is the default.
   *
   * @internal
   */
  public readonly _isDurationAssumed: boolean;

  private constructor(
    name: string, options: BackupTierOptions & TierWindows, interval: Duration, schedule: Schedule,
    isContinuous: boolean,
  ) {
    this.name = name;
    this.scheduleExpression = schedule.expression;
    this.timeZone = schedule.zone?.name;
    this.interval = interval;
    this.isContinuous = isContinuous;
    this.deleteAfter = options.deleteAfter;
    this.moveToColdStorageAfter = options.moveToColdStorageAfter;
    this.startWindow = options.startWindow;
    this.completionWindow = options.completionWindow;
    this.expectedDuration = options.expectedDuration;
    this._isDurationAssumed = options.isDurationAssumed;
    this.recoveryPointTags = options.recoveryPointTags;
    this._schedule = schedule;
  }
}

function dayOf({ day, lastDay }: MonthlyTierOptions): number | undefined {
  return lastDay ? undefined : day ?? 1;
}
