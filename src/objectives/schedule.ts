import { WeekDay } from './week-day';

/** Minutes of a day: all arithmetic on schedules is in minutes, in UTC. */
export const DAY = 24 * 60;

/**
 * Days after which every arrangement of weekdays, months and leap years has come up.
 *
 * The calendar repeats after 28 years as long as no century year without a leap day is in between; such a year only
 * shortens gaps.
 */
export const CALENDAR_CYCLE = 28 * 365 + 7;

const WEEK_DAYS = [WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY, WeekDay.SUNDAY];

/** 1 January 2001 was a Monday. */
const EPOCH = Date.UTC(2001, 0, 1);

/** The UTC date that a number of days after the epoch is. */
export function dateOf(day: number): Date {
  return new Date(EPOCH + day * DAY * 60_000);
}

/**
 * The moment as a person says it: `Sunday 06:00`.
 *
 * @param minute Minutes after the epoch
 */
export function sayMoment(minute: number): string {
  const date = dateOf(Math.floor(minute / DAY));
  const name = date.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
  return `${name} ${sayTime(minute)}`;
}

/** The time of day as a person says it. */
export function sayTime(minute: number): string {
  const ofDay = ((minute % DAY) + DAY) % DAY;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}

/** From one moment to another: the day of the second one where it is another day. */
export function saySpan(from: number, to: number): string {
  return `${sayMoment(from)} to ${Math.floor(from / DAY) === Math.floor(to / DAY) ? sayTime(to) : sayMoment(to)}`;
}

/** On which days, and at which minutes of such a day. */
interface Occurrence {
  readonly cycleDays: number;
  /** The days from one to before another, ascending. A date for each day of 28 years would take longer than all other arithmetic. */
  readonly days: (from: number, to: number) => number[];
  readonly minutesOfDay: number[];
}

/**
 * When a tier runs: its cron expression, and the runs themselves where the expression is one of ours.
 */
export class Schedule {
  public static daily(hours: number[], minute: number): Schedule {
    const all = hours.length === 24;
    return new Schedule(`cron(${minute} ${all ? '*' : hours.join(',')} ? * * *)`, {
      cycleDays: 1, days: (from, to) => everyDay(1, from, to), minutesOfDay: hours.map((hour) => hour * 60 + minute),
    });
  }

  public static weekly(weekDay: WeekDay, hour: number, minute: number): Schedule {
    return new Schedule(`cron(${minute} ${hour} ? * ${weekDay} *)`, {
      cycleDays: 7, days: (from, to) => everyDay(7, nextDay(weekDay, from), to), minutesOfDay: [hour * 60 + minute],
    });
  }

  /** @param day The day of the month, or `undefined` for the last */
  public static monthly(day: number | undefined, hour: number, minute: number): Schedule {
    return new Schedule(`cron(${minute} ${hour} ${day ?? 'L'} * ? *)`, {
      cycleDays: CALENDAR_CYCLE, days: (from, to) => monthlyDays(day, from, to), minutesOfDay: [hour * 60 + minute],
    });
  }

  /** @param day The day of the month, or `undefined` for the last */
  public static yearly(month: number, day: number | undefined, hour: number, minute: number): Schedule {
    return new Schedule(`cron(${minute} ${hour} ${day ?? 'L'} ${month} ? *)`, {
      cycleDays: CALENDAR_CYCLE, days: (from, to) => monthlyDays(day, from, to, month), minutesOfDay: [hour * 60 + minute],
    });
  }

  /** @param isIntervalChecked Whether the expression was seen to run as often as its tier says */
  public static cron(expression: string, isIntervalChecked: boolean): Schedule {
    return new Schedule(expression, undefined, isIntervalChecked);
  }

  private constructor(public readonly expression: string, private readonly occurrence?: Occurrence, public readonly isIntervalChecked = true) {}

  /** Whether the runs are known: those of a caller's cron expression are not. */
  public get isKnown(): boolean {
    return this.occurrence !== undefined;
  }

  /** Days after which the runs repeat. */
  public get cycleDays(): number {
    return this.occurrence?.cycleDays ?? 0;
  }

  /** The runs from one day to another, as minutes after the epoch, ascending. */
  public starts(fromDay: number, toDay: number): number[] {
    const { days, minutesOfDay } = this.occurrence!;
    return days(fromDay, toDay).flatMap((day) => minutesOfDay.map((minute) => day * DAY + minute));
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
