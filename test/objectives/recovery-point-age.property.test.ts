import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { kind, simulatedTiers, WEEK, windows } from './simulated-tiers';
import type { SimulatedTier } from './simulated-tiers';
import { BackupTier } from '../../src/objectives/backup-tier';
import { recoveryPointAge } from '../../src/objectives/recovery-point-age';
import type { RecoveryPointAge } from '../../src/objectives/recovery-point-age';
import { WeekDay } from '../../src/schedules/week-day';

const DAY = 24 * 60;

/** Waits a while, and then looks at the newest usable recovery point at every minute of a week. */
function watchedForAWeek(tiers: SimulatedTier[]): RecoveryPointAge {
  const begin = 3 * WEEK; // every tier has run by then, and its run has become usable
  const usableFrom = new Map<number, number>();
  let newestUsable = Number.NEGATIVE_INFINITY;
  let latestStart = Number.NEGATIVE_INFINITY;
  let worstCase = 0;
  let nominal = 0;
  for (let now = 0; now < begin + WEEK; now++) {
    if (now >= begin) {
      worstCase = Math.max(worstCase, now - newestUsable);
    }
    newestUsable = Math.max(newestUsable, usableFrom.get(now) ?? Number.NEGATIVE_INFINITY);
    for (const { runsAt, startWindow, completionWindow } of tiers) {
      if (runsAt(now)) {
        nominal = Math.max(nominal, now >= begin ? now - latestStart : 0);
        latestStart = now;
        const usable = now + startWindow + completionWindow;
        usableFrom.set(usable, Math.max(now, usableFrom.get(usable) ?? now));
      }
    }
  }
  return { worstCase, nominal };
}

const ageOf = (tiers: SimulatedTier[]) => recoveryPointAge(tiers.map(({ tier }) => tier))!;

test('the age is what somebody sees who looks at every minute of a week', () => {
  fc.assert(fc.property(simulatedTiers, (tiers) => {
    expect(ageOf(tiers)).toEqual(watchedForAWeek(tiers));
  }));
});

test('with equal windows the worst case is the longest gap and both windows', () => {
  fc.assert(fc.property(fc.array(kind, { minLength: 1, maxLength: 5 }), windows, (kinds, equal) => {
    const { worstCase, nominal } = ageOf(kinds.map((make, index) => make(`tier${index}`, equal)));

    expect(worstCase).toBe(nominal + equal.startWindow + equal.completionWindow);
  }));
});

test('one more tier never makes the age worse', () => {
  fc.assert(fc.property(simulatedTiers, kind, windows, (tiers, make, w) => {
    const before = ageOf(tiers);
    const after = ageOf([...tiers, make('more', w)]);

    expect(after.worstCase).toBeLessThanOrEqual(before.worstCase);
    expect(after.nominal).toBeLessThanOrEqual(before.nominal);
  }));
});

test('one more cron tier never makes the age worse', () => {
  fc.assert(fc.property(simulatedTiers, fc.integer({ min: 1, max: 400 }), (tiers, hours) => {
    const before = ageOf(tiers);
    const cron = BackupTier.cron('cron(0 0 1W * ? *)', { name: 'cron', deleteAfter: Duration.days(1000), interval: Duration.hours(hours) });
    const after = recoveryPointAge([cron, ...tiers.map(({ tier }) => tier)])!;

    expect(after.worstCase).toBeLessThanOrEqual(before.worstCase);
    expect(after.nominal).toBeLessThanOrEqual(before.nominal);
  }));
});

test('longer windows never make the age better', () => {
  const tier = fc.tuple(kind, windows);
  fc.assert(fc.property(tier, tier, fc.integer({ min: 1, max: 3000 }), ([one, ofOne], [other, ofOther], more) => {
    const longer = { ...ofOne, completionWindow: ofOne.completionWindow + more };
    const before = ageOf([one('one', ofOne), other('other', ofOther)]);
    const after = ageOf([one('one', longer), other('other', ofOther)]);

    expect(after.worstCase).toBeGreaterThanOrEqual(before.worstCase);
    expect(after.nominal).toBe(before.nominal);
  }));
});

/** A day of a calendar that is made here, day by day. */
interface CalendarDay {
  readonly month: number;
  readonly day: number;
  readonly isLast: boolean;
  readonly weekDay: number;
}

/** From 2024, which began on a Monday and is a leap year: 2 years to begin with, and the 28 after which all repeats. */
const CALENDAR: CalendarDay[] = [];
for (let year = 2024; year < 2054; year++) {
  const lengths = [31, year % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  lengths.forEach((length, month) => {
    for (let day = 1; day <= length; day++) {
      CALENDAR.push({ month: month + 1, day, isLast: day === length, weekDay: CALENDAR.length % 7 });
    }
  });
}
const TWO_YEARS = 366 + 365;

interface CalendarTier {
  readonly tier: BackupTier;
  readonly runsOn: (day: CalendarDay) => boolean;
  readonly windowDays: number;
}

const windowDays = fc.integer({ min: 1, max: 40 });
const optionsFor = (days: number) => ({
  deleteAfter: Duration.days(2000), startWindow: Duration.hours(6), completionWindow: Duration.hours(24 * days - 6), // days in all
});

/** The day of the month, or `undefined` for the last one. */
const day = fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined });
const isDay = (wanted: number | undefined, date: CalendarDay) => wanted === undefined ? date.isLast : date.day === wanted;
const dayOptions = (wanted: number | undefined) => wanted === undefined ? { lastDay: true } : { day: wanted };

const calendarTier: fc.Arbitrary<CalendarTier> = fc.oneof(
  fc.tuple(day, windowDays).map(([wanted, days]) => ({
    tier: BackupTier.monthly({ ...optionsFor(days), ...dayOptions(wanted) }),
    runsOn: (date: CalendarDay) => isDay(wanted, date),
    windowDays: days,
  })),
  fc.tuple(fc.integer({ min: 1, max: 12 }), day, windowDays).map(([month, wanted, days]) => ({
    tier: BackupTier.yearly({ ...optionsFor(days), month, ...dayOptions(wanted) }),
    runsOn: (date: CalendarDay) => date.month === month && isDay(wanted, date),
    windowDays: days,
  })),
  windowDays.map((days) => ({
    tier: BackupTier.weekly({ ...optionsFor(days), weekDay: WeekDay.WEDNESDAY }),
    runsOn: (date: CalendarDay) => date.weekDay === 2,
    windowDays: days,
  })),
);

/** All tiers run at the same hour and have windows of whole days, so a look a day is enough. */
function watchedFor28Years(tiers: CalendarTier[]): RecoveryPointAge {
  const usableFrom = new Map<number, number>();
  let newestUsable = Number.NEGATIVE_INFINITY;
  let latestStart = Number.NEGATIVE_INFINITY;
  let worstCase = 0;
  let nominal = 0;
  CALENDAR.forEach((date, now) => {
    const counts = now >= TWO_YEARS;
    worstCase = Math.max(worstCase, counts ? now - newestUsable : 0);
    newestUsable = Math.max(newestUsable, usableFrom.get(now) ?? Number.NEGATIVE_INFINITY);
    for (const tier of tiers.filter(({ runsOn }) => runsOn(date))) {
      nominal = Math.max(nominal, counts ? now - latestStart : 0);
      latestStart = now;
      usableFrom.set(now + tier.windowDays, Math.max(now, usableFrom.get(now + tier.windowDays) ?? now));
    }
  });
  return { worstCase: worstCase * DAY, nominal: nominal * DAY };
}

test('the age of monthly and yearly tiers is what somebody sees who looks every day of 28 years', () => {
  fc.assert(fc.property(fc.array(calendarTier, { minLength: 1, maxLength: 4 }), (tiers) => {
    expect(recoveryPointAge(tiers.map(({ tier }) => tier))).toEqual(watchedFor28Years(tiers));
  }), { numRuns: 40 });
});
