import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { BackupTier } from '../../src/objectives/backup-tier';
import { WeekDay } from '../../src/schedules/week-day';

/**
 * A tier, and an account of its runs that owes nothing to the library: is there one at this minute?
 *
 * Minute 0 is a Monday, 00:00.
 */
export interface SimulatedTier {
  readonly tier: BackupTier;
  readonly runsAt: (minute: number) => boolean;
  readonly startWindow: number;
  readonly completionWindow: number;
}

interface Windows {
  readonly startWindow: number;
  readonly completionWindow: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

const MONDAY_FIRST = [WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY, WeekDay.SUNDAY];

/** The windows of most plans, those that are near them, and any up to some days. */
export const windows: fc.Arbitrary<Windows> = fc.oneof(
  fc.constant({ startWindow: HOUR, completionWindow: 5 * HOUR }),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }))
    .map(([start, more]) => ({ startWindow: start * HOUR, completionWindow: (start + more) * HOUR })),
  fc.tuple(fc.integer({ min: HOUR, max: 2 * DAY }), fc.integer({ min: HOUR, max: 4 * DAY }))
    .map(([start, more]) => ({ startWindow: start, completionWindow: start + more })),
);

const hour = fc.integer({ min: 0, max: 23 });
const minute = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 59 }));

/** What is left to say is the name and the windows. */
type Kind = (name: string, windows: Windows) => SimulatedTier;

function options(name: string, { startWindow, completionWindow }: Windows) {
  return {
    name, deleteAfter: Duration.days(1000), startWindow: Duration.minutes(startWindow), completionWindow: Duration.minutes(completionWindow),
  };
}

const daily: fc.Arbitrary<Kind> = fc.tuple(hour, minute).map(([h, m]) => (name, w) => ({
  tier: BackupTier.daily({ ...options(name, w), hour: h, minute: m }),
  runsAt: (at) => at % DAY === h * HOUR + m,
  ...w,
}));

const weekly: fc.Arbitrary<Kind> = fc.tuple(fc.integer({ min: 0, max: 6 }), hour, minute).map(([day, h, m]) => (name, w) => ({
  tier: BackupTier.weekly({ ...options(name, w), weekDay: MONDAY_FIRST[day], hour: h, minute: m }),
  runsAt: (at) => at % WEEK === day * DAY + h * HOUR + m,
  ...w,
}));

const everyHours: fc.Arbitrary<Kind> = fc.tuple(fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24), hour, minute).map(([hours, first, m]) => (name, w) => ({
  tier: BackupTier.everyHours(hours, { ...options(name, w), firstHour: first, minute: m }),
  runsAt: (at) => (at - first * HOUR - m + DAY) % (hours * HOUR) === 0,
  ...w,
}));

/** A daily or weekly tier, or one that runs several times a day. */
export const kind: fc.Arbitrary<Kind> = fc.oneof(daily, weekly, everyHours);

/** One to four of them, each with its own windows. */
export const simulatedTiers: fc.Arbitrary<SimulatedTier[]> = fc.array(fc.tuple(kind, windows), { minLength: 1, maxLength: 4 })
  .map((each) => each.map(([make, w], index) => make(`tier${index}`, w)));
