import { Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { kind, WEEK, windows } from './simulated-tiers';
import type { SimulatedTier } from './simulated-tiers';
import { BackupTier } from '../../src/objectives/backup-tier';
import type { TierInPlan } from '../../src/objectives/overlaps';
import { recoveryPointAge } from '../../src/objectives/recovery-point-age';
import { runsInPlan } from '../../src/objectives/suppressed-runs';
import { WeekDay } from '../../src/schedules/week-day';

const HOUR = 60;
const DAY = 24 * HOUR;

const rule = (tier: BackupTier, deleteAfter = tier.deleteAfter, vaults: string[] = []): TierInPlan => ({
  tier, lifecycle: { deleteAfter }, copies: vaults.map((name) => ({ backupVaultName: name, backupVaultArn: name, lifecycle: { deleteAfter } })),
});
const daily = (options: object = {}) => BackupTier.daily({ deleteAfter: Duration.days(35), ...options });
const sunday = (options: object = {}) => BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(90), ...options });

/** The starts that each tier has left in the first week. */
const startsOf = (...rules: TierInPlan[]) => runsInPlan(rules).map(({ _schedule }) => _schedule.starts(0, 7));

function ageOf(rules: TierInPlan[], names = rules.map(({ tier }) => tier.name)) {
  const runs = runsInPlan(rules);
  return recoveryPointAge(rules.map(({ tier }, index) => ({ ...tier, ...runs[index] })).filter(({ name }) => names.includes(name)))!;
}

test('tiers that do not meet run as they are', () => {
  const tiers = [daily(), sunday({ hour: 12 })];

  expect(runsInPlan(tiers.map((tier) => rule(tier)))).toEqual(tiers);
});

test('a daily tier does not run where a weekly one does that is kept longer', () => {
  const [ofDaily, ofWeekly] = startsOf(rule(daily()), rule(sunday()));

  expect(ofDaily).toEqual([0, 1, 2, 3, 4, 5].map((day) => day * DAY + 5 * HOUR));
  expect(ofWeekly).toEqual([6 * DAY + 5 * HOUR]);
});

test('of the hourly rule that AWS documents, 8 runs a day are left beside a 12-hourly one with a start window of 8 hours', () => {
  const hourly = BackupTier.everyHours(1, { deleteAfter: Duration.days(1) });
  const twelve = BackupTier.everyHours(12, { deleteAfter: Duration.days(7), startWindow: Duration.hours(8) });
  const [ofHourly, ofTwelve] = startsOf(rule(hourly), rule(twelve));

  expect(ofHourly.filter((start) => start < DAY)).toEqual([8, 9, 10, 11, 20, 21, 22, 23].map((each) => each * HOUR));
  expect(ofTwelve.filter((start) => start < DAY)).toEqual([0, 12 * HOUR]);
});

test('a run that gives way leaves the gap that it leaves', () => {
  // On Sundays at 05:30 instead of 05:00.
  expect(ageOf([rule(daily()), rule(sunday({ minute: 30 }))]).nominal).toBe(24 * HOUR + 30);
});

test('where daily, weekly and monthly tiers run at one hour, there is a recovery point every day', () => {
  const rules = [daily(), sunday(), BackupTier.monthly({ deleteAfter: Duration.days(365) })].map((tier) => rule(tier));

  expect(ageOf(rules)).toEqual({ worstCase: 30 * HOUR, nominal: 24 * HOUR });
});

test('a vault that only the tier that gives way is copied into has nothing of that day', () => {
  expect(ageOf([rule(daily()), rule(sunday())], ['daily']).nominal).toBe(48 * HOUR);
});

test('a tier that always gives way leaves nothing', () => {
  expect(ageOf([rule(daily()), rule(daily({ name: 'longer', deleteAfter: Duration.days(90) }))], ['daily']).worstCase).toBe(Infinity);
});

test('of two that are kept equally long the first one counts, with the windows of both', () => {
  const late = daily({ name: 'late', minute: 30, completionWindow: Duration.hours(9) });
  const rules = [rule(daily()), rule(late)];

  expect(startsOf(...rules).map((starts) => starts.length)).toEqual([7, 0]);
  expect(ageOf(rules)).toEqual({ worstCase: 24 * HOUR + 30 + HOUR + 9 * HOUR, nominal: 24 * HOUR });
});

test('where a token decides which one is made, a copy that only one of them makes is not counted on', () => {
  const token = Duration.days(Lazy.number({ produce: () => 90 }));

  expect(ageOf([rule(daily(), undefined, ['vault']), rule(sunday(), token)], ['daily']).nominal).toBe(48 * HOUR);
  expect(ageOf([rule(daily(), undefined, ['vault']), rule(sunday(), token, ['vault'])]).nominal).toBe(24 * HOUR);
});

/** Minute by minute: a run is left if the window of no run overlaps its own that is kept longer. */
function leftInWeek(tiers: SimulatedTier[], kept: number[]): number[][] {
  const runs = tiers.map(({ runsAt }) => Array.from({ length: 3 * WEEK }, (_, minute) => minute).filter((minute) => runsAt(minute)));
  return tiers.map((tier, index) => runs[index].filter((start) => start >= WEEK && start < 2 * WEEK && !tiers.some((other, position) =>
    kept[position] > kept[index] && runs[position].some((begin) => begin < start + tier.startWindow && begin + other.startWindow > start))));
}

test('exactly the runs are left whose start window overlaps none that is kept longer', () => {
  const tiers = fc.array(fc.tuple(kind, windows), { minLength: 2, maxLength: 3 }).map((each) => each.map(([make, w], index) => make(`tier${index}`, w)));
  fc.assert(fc.property(tiers, fc.shuffledSubarray([10, 20, 30], { minLength: 3, maxLength: 3 }), (simulated, kept) => {
    const rules = simulated.map(({ tier }, index) => rule(tier, Duration.days(kept[index])));
    const left = runsInPlan(rules).map(({ _schedule }) => _schedule.starts(7, 14));

    expect(left).toEqual(leftInWeek(simulated, kept));
  }), { numRuns: 60 });
});
