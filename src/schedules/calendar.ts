/** Minutes of a day: all arithmetic on schedules is in minutes, in UTC. */
export const DAY = 24 * 60;

/** Days after which a weekly schedule repeats; others follow the calendar. */
export const WEEK = 7;

/**
 * Days after which every combination of weekdays, months and leap years has occurred.
 *
 * The calendar repeats after 28 years as long as no century year without a leap day is in between; such a year only
 * shortens gaps.
 */
export const CALENDAR_CYCLE = 28 * 365 + 7;

/** 1 January 2001 was a Monday. */
export const EPOCH = Date.UTC(2001, 0, 1);

/** The UTC date at a number of days after the epoch. */
export function dateOf(day: number): Date {
  return new Date(EPOCH + day * DAY * 60_000);
}

/**
 * A moment for texts: `Sunday 06:00`.
 *
 * @param minute Minutes after the epoch
 */
export function sayMoment(minute: number): string {
  const date = dateOf(Math.floor(minute / DAY));
  const name = date.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
  return `${name} ${sayTime(minute)}`;
}

/** A time of day for texts. */
export function sayTime(minute: number): string {
  const ofDay = ((minute % DAY) + DAY) % DAY;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}

/** A span for texts, with the day of the second moment if it differs. */
export function saySpan(from: number, to: number): string {
  return `${sayMoment(from)} to ${Math.floor(from / DAY) === Math.floor(to / DAY) ? sayTime(to) : sayMoment(to)}`;
}

const CYCLE = CALENDAR_CYCLE * DAY;

/** Since when a zone has which offset from UTC, both in minutes. */
interface Offset {
  readonly from: number;
  readonly ahead: number;
}

const zones = new Map<string, TimeZone>();

/**
 * A time zone, which converts local times over one cycle of the calendar.
 *
 * It uses the known rules of the zone for the years from 2029, whose calendar equals that of the years from the epoch,
 * because past rules can differ.
 */
export class TimeZone {
  /** @param name A name that `timeZoneProblem` finds nothing wrong with */
  public static of(name: string): TimeZone {
    const zone = zones.get(name) ?? new TimeZone(name);
    zones.set(name, zone);
    return zone;
  }

  private found?: Offset[];

  private constructor(public readonly name: string) {}

  /** Whether clocks never change. */
  public get isFixed(): boolean {
    return this.offsets.length === 1;
  }

  /**
   * The moments in UTC at which clocks show the local times, ascending. A skipped time has none. A repeated time counts
   * once, the first time, as Amazon EventBridge Scheduler runs it.
   *
   * @param local Minutes after the epoch, ascending
   * @param bothOfTwo Whether a repeated time counts twice
   */
  public momentsOf(local: number[], bothOfTwo = false): number[] {
    const { offsets } = this;
    const moments: number[] = [];
    let index = 0;
    for (const minute of local) {
      const cycles = Math.floor(minute / CYCLE) * CYCLE;
      const inCycle = minute - cycles;
      if (offsets[index].from > inCycle - 2 * DAY) {
        index = 0; // another cycle has begun
      }
      while (index + 1 < offsets.length && offsets[index + 1].from <= inCycle - 2 * DAY) {
        index++;
      }
      let isFound = false;
      for (let each = index; each < offsets.length && offsets[each].from <= inCycle + 2 * DAY && (bothOfTwo || !isFound); each++) {
        const moment = inCycle - offsets[each].ahead;
        if (moment >= offsets[each].from && moment < (offsets[each + 1]?.from ?? Infinity)) {
          isFound = true;
          moments.push(moment + cycles);
        }
      }
    }
    // Of a few thousand times some are there twice, so most are in order.
    return bothOfTwo && moments.some((moment, each) => moment < moments[each - 1]) ? moments.sort((a, b) => a - b) : moments;
  }

  /** The local times of a cycle that clocks skip: from one to before another. */
  public skipped(): [number, number][] {
    return this.offsets.slice(1).flatMap(({ from, ahead }, index): [number, number][] => {
      const before = this.offsets[index].ahead;
      return ahead > before ? [[from + before, from + ahead]] : [];
    });
  }

  /** Computed at first use: most apps have no time zone. */
  private get offsets(): Offset[] {
    return this.found ??= offsetsOf(this.name);
  }
}

/** The problem of the name of a time zone, if there is one. */
export function timeZoneProblem(name: string): string | undefined {
  let canonical: string;
  try {
    canonical = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return `'timeZone' must be the name of a time zone in the IANA database, such as 'Europe/London' or 'UTC', got '${name}'`;
  }
  if (!/^[A-Za-z]/.test(name)) {
    return `'timeZone' must be the name of a time zone in the IANA database, such as 'Europe/London', not an offset, got '${name}'`;
  }
  return canonical !== name && canonical.toLowerCase() === name.toLowerCase()
    ? `'timeZone' must use the spelling of the IANA database, '${canonical}', got '${name}'` : undefined;
}

/** Weekly samples find every change of the clocks; the exact minute is between two samples. */
function offsetsOf(timeZone: string): Offset[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const aheadAt = (minute: number) => {
    const [, sign, hours, minutes = '0'] = /GMT([+-])(\d\d):?(\d\d)?/.exec(format.format(EPOCH + (CYCLE + minute) * 60_000)) ?? [];
    return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  };
  const offsets: Offset[] = [{ from: -Infinity, ahead: aheadAt(0) }];
  for (let looked = 0; looked < CYCLE; looked += 7 * DAY) {
    const before = offsets[offsets.length - 1].ahead;
    const next = Math.min(looked + 7 * DAY, CYCLE);
    const ahead = aheadAt(next);
    if (ahead !== before) {
      let [low, high] = [looked, next];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        [low, high] = aheadAt(middle) === before ? [middle, high] : [low, middle];
      }
      offsets.push({ from: high, ahead });
    }
  }
  return offsets;
}
