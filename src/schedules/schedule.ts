import { CALENDAR_CYCLE, DAY, dateOf, EPOCH, WEEK } from './calendar';
import type { TimeZone } from './calendar';
import { WeekDay } from './week-day';

const WEEK_DAYS = [WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY, WeekDay.SUNDAY];

/** The days and the minutes of the day, in the time zone of the schedule. */
export interface Occurrence {
  readonly cycleDays: number;
  /** The days from one to before another, ascending. A date for each day of 28 years would take longer than all other arithmetic. */
  readonly days: (from: number, to: number) => number[];
  readonly minutesOfDay: number[];
  /** Whether it occurs on at most one day of a month. */
  readonly isSparse?: boolean;
}

/** The runs of a schedule that remain if some are replaced by those of others. */
interface Runs {
  /** Identifies them. */
  readonly key: string;
  readonly cycleDays: number;
  /** The runs from one day to another, ascending. */
  readonly starts: (fromDay: number, toDay: number) => number[];
}

/**
 * The schedule of a tier: its cron expression, and the runs themselves if they can be computed.
 */
export class Schedule {
  public static daily(hours: number[], minute: number, zone?: TimeZone): Schedule {
    const all = hours.length === 24;
    return new Schedule(`cron(${minute} ${all ? '*' : hours.join(',')} ? * * *)`, zone, {
      cycleDays: 1, days: (from, to) => everyDay(1, from, to), minutesOfDay: hours.map((hour) => hour * 60 + minute),
    });
  }

  public static weekly(weekDay: WeekDay, hour: number, minute: number, zone?: TimeZone): Schedule {
    return new Schedule(`cron(${minute} ${hour} ? * ${weekDay} *)`, zone, {
      cycleDays: WEEK, days: (from, to) => everyDay(WEEK, nextDay(weekDay, from), to), minutesOfDay: [hour * 60 + minute],
    });
  }

  /** @param day The day of the month, or `undefined` for the last */
  public static monthly(day: number | undefined, hour: number, minute: number, zone?: TimeZone): Schedule {
    return new Schedule(`cron(${minute} ${hour} ${day ?? 'L'} * ? *)`, zone, {
      cycleDays: CALENDAR_CYCLE, days: (from, to) => monthlyDays(day, from, to), minutesOfDay: [hour * 60 + minute], isSparse: true,
    });
  }

  /** @param day The day of the month, or `undefined` for the last */
  public static yearly(month: number, day: number | undefined, hour: number, minute: number, zone?: TimeZone): Schedule {
    return new Schedule(`cron(${minute} ${hour} ${day ?? 'L'} ${month} ? *)`, zone, {
      cycleDays: CALENDAR_CYCLE, days: (from, to) => monthlyDays(day, from, to, month), minutesOfDay: [hour * 60 + minute], isSparse: true,
    });
  }

  /**
   * @param occurrence When the expression runs, unless only AWS can compute it
   * @param isIntervalChecked Whether the expression was verified to run as often as its tier specifies
   */
  public static cron(expression: string, occurrence: Occurrence | undefined, isIntervalChecked: boolean, zone?: TimeZone): Schedule {
    return new Schedule(expression, zone, occurrence, isIntervalChecked);
  }

  /** Identifies the schedule: schedules with the same key run at the same times. */
  public readonly key: string;

  private constructor(
    public readonly expression: string, public readonly zone: TimeZone | undefined, private readonly occurrence?: Occurrence,
    public readonly isIntervalChecked = true, private readonly runs?: Runs,
  ) {
    this.key = `${expression}${zone ? ` ${zone.name}` : ''}${runs ? ` ${runs.key}` : ''}`;
  }

  /** The same schedule without some of its runs. */
  public reducedTo(runs: Runs): Schedule {
    return new Schedule(this.expression, this.zone, this.occurrence, this.isIntervalChecked, runs);
  }

  /** Whether the runs are known, which they are not if only AWS can compute the cron expression. */
  public get isKnown(): boolean {
    return this.occurrence !== undefined;
  }

  /** Whether it runs on at most one day of a month. */
  public get isSparse(): boolean {
    return this.occurrence?.isSparse === true;
  }

  /** The minutes of the day at which it runs, in its time zone. */
  public get minutesOfDay(): number[] {
    return this.occurrence?.minutesOfDay ?? [];
  }

  /** Days after which the runs repeat. */
  public get cycleDays(): number {
    return this.runs?.cycleDays ?? (this.occurrence && this.changes ? CALENDAR_CYCLE : this.occurrence?.cycleDays ?? 0);
  }

  /** Whether a time of day is not always 24 hours after the one before. */
  public get changes(): boolean {
    return this.zone?.isFixed === false;
  }

  /** The runs from one day to another, as minutes after the epoch, ascending. */
  public starts(fromDay: number, toDay: number): number[] {
    return this.runs ? this.runs.starts(fromDay, toDay) : this.moments(fromDay, toDay, false);
  }

  /** The runs from one day to another, with both moments of a time that clocks show twice. */
  public possibleStarts(fromDay: number, toDay: number): number[] {
    return this.runs ? this.runs.starts(fromDay, toDay) : this.moments(fromDay, toDay, true);
  }

  /** A run of the schedule that clocks skip, as minutes after the epoch by those clocks, if there is one. */
  public skipped(): number | undefined {
    return (this.occurrence && this.zone ? this.zone.skipped() : []).flatMap(([from, to]) => {
      const day = Math.floor(from / DAY);
      return this.localStarts(day, day + 2).filter((local) => local >= from && local < to);
    })[0];
  }

  /** The longest gap between two runs, in minutes; `undefined` without runs, or where they are not known. */
  public longestGap(): number | undefined {
    let longest: number | undefined;
    // Beyond the cycle by the longest gap that a day of the calendar can have: 29 February is every four years.
    (this.isKnown ? this.starts(0, this.cycleDays + (this.cycleDays > WEEK ? 4 * 366 : 2 * WEEK)) : []).forEach((start, index, all) => {
      longest = index === 0 ? longest : Math.max(longest ?? 0, start - all[index - 1]);
    });
    return longest;
  }

  /** The runs of a week by the clocks of its time zone, in minutes after Monday 00:00; `undefined` where weeks differ, or only AWS can compute them. */
  public week(): number[] | undefined {
    return this.occurrence && this.occurrence.cycleDays <= WEEK && !this.runs ? this.localStarts(0, WEEK) : undefined;
  }

  private moments(fromDay: number, toDay: number, bothOfTwo: boolean): number[] {
    if (!this.zone) {
      return this.localStarts(fromDay, toDay);
    }
    return this.zone.momentsOf(this.localStarts(fromDay - 1, toDay + 1), bothOfTwo)
      .filter((moment) => moment >= fromDay * DAY && moment < toDay * DAY);
  }

  private localStarts(fromDay: number, toDay: number): number[] {
    const { days, minutesOfDay } = this.occurrence!;
    const starts: number[] = [];
    for (const day of days(fromDay, toDay)) {
      for (const minute of minutesOfDay) {
        starts.push(day * DAY + minute);
      }
    }
    return starts;
  }
}

function everyDay(step: number, from: number, to: number): number[] {
  const days: number[] = [];
  for (let day = from; day < to; day += step) {
    days.push(day);
  }
  return days;
}

function nextDay(weekDay: WeekDay, from: number): number {
  return from + (((WEEK_DAYS.indexOf(weekDay) - from) % 7) + 7) % 7;
}

/** @param month The month, or every month without it */
function monthlyDays(day: number | undefined, from: number, to: number, month?: number): number[] {
  const days: number[] = [];
  const first = dateOf(from);
  for (let index = first.getUTCMonth(); ; index++) { // the months after December are those of the next year
    const date = day === undefined ? Date.UTC(first.getUTCFullYear(), index + 1, 0) : Date.UTC(first.getUTCFullYear(), index, day);
    const found = (date - EPOCH) / (DAY * 60_000);
    if (found >= to) {
      return days;
    }
    if (found >= from && (month === undefined || index % 12 === month - 1)) {
      days.push(found);
    }
  }
}

/**
 * The runs of several schedules by a moment that each is delayed by, ascending: those of one are in order already.
 *
 * @param visit Is called with the index of the schedule, the start and the moment, until it returns false
 */
export function inOrder(starts: number[][], delays: number[], visit: (index: number, start: number, moment: number) => boolean): void {
  const next = starts.map(() => 0);
  for (;;) {
    let first = -1;
    let moment = Infinity;
    for (let index = 0; index < starts.length; index++) {
      const candidate = next[index] < starts[index].length ? starts[index][next[index]] + delays[index] : Infinity;
      if (candidate < moment) {
        first = index;
        moment = candidate;
      }
    }
    if (first < 0 || !visit(first, starts[first][next[first]++], moment)) {
      return;
    }
  }
}
