import { DAY, WEEK } from './calendar';
import { inOrder } from './schedule';
import type { Schedule } from './schedule';

/**
 * A schedule with its windows, in minutes.
 */
export interface Timed {
  readonly schedule: Schedule;
  readonly startWindow: number;
  readonly busyFor: number;
}

/** Two runs of which the later one starts within the start window of the earlier one. */
export interface Meeting {
  /** Which of both runs first; both may at other times. */
  readonly first: number;
  readonly earlier: number;
  readonly later: number;
  /** For how long the windows of each could be open without reaching the next run of the other; `Infinity` where they do not reach it. */
  readonly shortest: [number, number];
  /** The longest time between two that overlap, by which of both runs first. */
  readonly longest: [number, number];
}

/** A job that may still run when the start window of another one closes. */
export interface Delay {
  readonly earlier: number;
  readonly later: number;
  /** The longest completion window of the earlier one with which none is delayed for too long. */
  readonly longestBusy: number;
  /** The shortest start window of the later one with which none is delayed for too long. */
  readonly shortestStart: number;
}

/**
 * What the runs of two tiers do to each other, or those of one to each other.
 */
export interface Timing {
  readonly meeting?: Meeting;
  /** By which of both is the earlier one. */
  readonly delays: (Delay | undefined)[];
  /** The shortest gap between two runs of one tier, where its start window is longer. */
  readonly ownGap?: number;
}

const cache = new Map<string, Timing>();

/**
 * Compares every run with the runs before it, over a whole cycle of the calendar. Equal pairs are compared once, however many
 * plans have them.
 */
export function timingOf(pair: Timed[]): Timing {
  const key = pair.map(({ schedule, startWindow, busyFor }) => `${schedule.key} ${startWindow} ${busyFor}`).join('|');
  const timing = cache.get(key) ?? compare(pair);
  cache.set(key, timing);
  return timing;
}

/** A run is compared with the newest run before it of the other one: with the others it has less in common. */
function compare(pair: Timed[]): Timing {
  const latest: (number | undefined)[] = pair.map(() => undefined);
  const delays: (Delay | undefined)[] = pair.map(() => undefined);
  const shortest: [number, number] = [Infinity, Infinity];
  const longest: [number, number] = [0, 0];
  let meeting: Meeting | undefined;
  let ownGap: number | undefined;
  inOrder(startsOf(pair), pair.map(() => 0), (index, start) => {
    const other = pair.length - 1 - index;
    const earlier = latest[other];
    latest[index] = start;
    if (earlier === undefined || earlier + pair[other].busyFor <= start) {
      return true;
    }
    const closes = start + pair[index].startWindow;
    if (start < earlier + pair[other].startWindow) {
      if (pair.length === 1) {
        ownGap = Math.min(ownGap ?? Infinity, start - earlier);
      } else {
        shortest[other] = Math.min(shortest[other], start - earlier);
        longest[other] = Math.max(longest[other], start - earlier);
        meeting ??= { first: other, earlier, later: start, shortest, longest };
      }
    } else if (earlier + pair[other].busyFor > closes) {
      const known = delays[other];
      delays[other] = {
        earlier: known?.earlier ?? earlier,
        later: known?.later ?? start,
        longestBusy: Math.min(known?.longestBusy ?? Infinity, closes - earlier),
        shortestStart: Math.max(known?.shortestStart ?? 0, earlier + pair[other].busyFor - start),
      };
    }
    return true;
  });
  return { meeting, delays, ownGap };
}

/** The runs over a cycle of both. If one runs at most once a month, only the adjacent runs of the other one count. */
function startsOf(pair: Timed[]): number[][] {
  const cycle = Math.max(...pair.map(({ schedule }) => schedule.cycleDays));
  // A time that clocks show twice is the run of one of both moments: of which one does not matter to the tier itself.
  const startsFrom = (schedule: Schedule, from: number, to: number) =>
    pair.length === 1 ? schedule.starts(from, to) : schedule.possibleStarts(from, to);
  const all = (schedule: Schedule) => startsFrom(schedule, -WEEK, cycle + WEEK);
  const sparse = pair.find(({ schedule }) => schedule.isSparse);
  const days = sparse && [...new Set(all(sparse.schedule).map((start) => Math.floor(start / DAY)))];
  return pair.map(({ schedule }) => schedule.isSparse || days === undefined ? all(schedule)
    : [...new Set(days.flatMap((day) => startsFrom(schedule, day - WEEK - 1, day + WEEK + 2)))]);
}

/** Whether two schedules can be moved against each other, by hours, so that their start windows never overlap. */
export function canMoveApart([one, other]: Timed[]): boolean {
  const gap = (from: number, to: number) => ((to - from) % DAY + DAY) % DAY;
  return Array.from({ length: 24 }, (_, hour) => hour * 60).some((shift) => one.schedule.minutesOfDay.every((first) =>
    other.schedule.minutesOfDay.every((second) => {
      const until = gap(first, second + shift);
      return until >= one.startWindow && DAY - until >= other.startWindow;
    })));
}
