import { Duration, Lazy } from 'aws-cdk-lib';
import { BackupTier } from '../../src/objectives/backup-tier';
import { overlapsOf as overlapsOfRules } from '../../src/objectives/overlaps';
import type { CopyOfTier, TierInPlan } from '../../src/objectives/overlaps';
import { WeekDay } from '../../src/schedules/week-day';

/** A tier in a plan, with how long the plan's own vault and each other vault keep its recovery points. */
function rule(tier: BackupTier, copies: Record<string, Duration> = {}, deleteAfter = tier.deleteAfter): TierInPlan {
  return {
    tier,
    lifecycle: { deleteAfter, moveToColdStorageAfter: tier.moveToColdStorageAfter },
    copies: Object.entries(copies).map(([name, span]): CopyOfTier => ({ backupVaultName: name, backupVaultArn: `arn:${name}`, lifecycle: { deleteAfter: span } })),
  };
}

const overlapsOf = (tiers: BackupTier[]) => overlapsOfRules(tiers.map((tier) => rule(tier)));

const kept = { deleteAfter: Duration.days(35) };
const daily = BackupTier.daily({ ...kept, hour: 5 });
const MOVE = 'acknowledge this warning if this is intended, run one of them outside of the start windows of the other one, or move one of them to a separate plan';

test('the tiers of the production plan give neither an error nor a warning', () => {
  const evening = BackupTier.daily({ ...kept, name: 'evening', hour: 17 });
  const weekly = BackupTier.weekly({
    ...kept, weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.hours(6), completionWindow: Duration.hours(12),
  });

  expect(overlapsOf([daily, evening, weekly])).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('nothing overlaps without tiers', () => {
  expect(overlapsOf([])).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('two tiers at the same hour overlap', () => {
  const other = BackupTier.daily({ ...kept, name: 'other', hour: 5 });

  expect(overlapsOf([daily, other]).givingWay).toEqual([
    "the start windows of 'tiers' 'daily' (Monday 05:00 to 06:00) and 'other' (from Monday 05:00) overlap: "
    + 'AWS Backup then creates only one backup, and AWS does not document for which tier if both keep it for 35 days; '
    + MOVE,
  ]);
});

test('a weekly tier at the hour of the daily one overlaps on its day', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 5, minute: 30 });

  expect(overlapsOf([weekly, daily]).givingWay).toEqual([
    "the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:30) overlap: "
    + 'AWS Backup then creates only one backup, and AWS does not document for which tier if both keep it for 35 days; '
    + MOVE,
  ]);
});

test('the start windows of the hourly and twelve-hourly rules that AWS documents overlap', () => {
  const hourly = BackupTier.everyHours(1, { deleteAfter: Duration.days(1), name: 'hourly' });
  const twelve = BackupTier.everyHours(12, {
    deleteAfter: Duration.days(7), name: 'twelve', startWindow: Duration.hours(8), completionWindow: Duration.hours(9),
  });

  expect(overlapsOf([hourly, twelve]).givingWay).toHaveLength(1);
});

test('start windows that touch do not overlap', () => {
  const next = BackupTier.daily({ ...kept, name: 'next', hour: 6, startWindow: Duration.hours(6), completionWindow: Duration.hours(7) });

  expect(overlapsOf([daily, next]).givingWay).toEqual([]);
});

test('start windows overlap from the first common minute on', () => {
  const longer = BackupTier.daily({ ...kept, name: 'longer', hour: 5, startWindow: Duration.minutes(61) });
  const next = BackupTier.daily({ ...kept, name: 'next', hour: 6 });

  expect(overlapsOf([longer, next]).givingWay).toEqual([
    "the start windows of 'tiers' 'longer' (Monday 05:00 to 06:01) and 'next' (from Monday 06:00) overlap: "
    + 'AWS Backup then creates only one backup, and AWS does not document for which tier if both keep it for 35 days; '
    + MOVE.replace(', run', ", shorten the 'startWindow' of 'longer' to 1 hour, run"),
  ]);
});

test('start windows overlap across midnight', () => {
  const late = BackupTier.daily({ ...kept, name: 'late', hour: 23, startWindow: Duration.hours(2) });
  const early = BackupTier.daily({ ...kept, name: 'early', hour: 0, minute: 30 });

  expect(overlapsOf([late, early]).givingWay).toHaveLength(1);
});

test('a start window of a day and more says on which day it closes', () => {
  const sunday = BackupTier.weekly({
    ...kept, name: 'sunday', weekDay: WeekDay.SUNDAY, hour: 5, startWindow: Duration.minutes(24 * 60 + 1), completionWindow: Duration.hours(26),
  });
  const monday = BackupTier.weekly({ ...kept, name: 'monday', weekDay: WeekDay.MONDAY, hour: 5 });

  expect(overlapsOf([monday, sunday]).givingWay).toEqual([
    "the start windows of 'tiers' 'sunday' (Sunday 05:00 to Monday 05:01) and 'monday' (from Monday 05:00) overlap: "
    + 'AWS Backup then creates only one backup, and AWS does not document for which tier if both keep it for 35 days; '
    + "acknowledge this warning if this is intended, shorten the 'startWindow' of 'sunday' to 24 hours, or move one of them to a separate plan",
  ]);
});

test('every pair that overlaps is reported once', () => {
  const two = BackupTier.daily({ ...kept, name: 'two', hour: 5 });
  const three = BackupTier.daily({ ...kept, name: 'three', hour: 5, minute: 59 });

  expect(overlapsOf([daily, two, three]).givingWay.map((error) => /'(\w+)' \([^)]+\) and '(\w+)'/.exec(error)?.slice(1))).toEqual([
    ['daily', 'two'],
    ['daily', 'three'],
    ['two', 'three'],
  ]);
});

test('a monthly tier overlaps with a weekly one when its day is that day of the week', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.FRIDAY, hour: 5 });
  const monthly = BackupTier.monthly({ ...kept, day: 13, hour: 5 });

  expect(overlapsOf([weekly, monthly]).givingWay).toHaveLength(1);
});

test('a yearly tier overlaps with a weekly one in the years in which its day is that day of the week', () => {
  // Of the years after which the calendar repeats, 2005 is the first one with a Sunday at Christmas.
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 5 });
  const christmas = BackupTier.yearly({ ...kept, month: 12, day: 25, hour: 5 });

  expect(overlapsOf([weekly, christmas]).givingWay).toHaveLength(1);
});

test('the 28th and the last day of the month are the same day in most Februaries', () => {
  const day28 = BackupTier.monthly({ ...kept, name: 'day28', day: 28 });
  const last = BackupTier.monthly({ ...kept, name: 'last', lastDay: true });

  expect(overlapsOf([day28, last]).givingWay).toHaveLength(1);
});

test('two yearly tiers of different months do not overlap', () => {
  const january = BackupTier.yearly({ ...kept, name: 'january', month: 1 });
  const july = BackupTier.yearly({ ...kept, name: 'july', month: 7 });

  expect(overlapsOf([january, july])).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('a weekly tier that closes before the daily job must have ended may expire unstarted', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6 });

  expect(overlapsOf([daily, weekly])).toEqual({
    errors: [],
    givingWay: [],
    warnings: [
      "a job of tier 'daily' (Sunday 05:00) can run until Sunday 11:00, past the start window of tier 'weekly' (Sunday 06:00 to 07:00): "
      + 'AWS Backup runs one job per resource at a time, so that run could expire before it starts; '
      + "lengthen the 'startWindow' of 'weekly' (1 hour) to 5 hours, or set the 'expectedDuration' of 'daily' (5 hours) to 1 hour if its jobs do not take longer",
    ],
    unknown: [],
  });
});

test.each([
  { startWindow: 299, warnings: 1 },
  { startWindow: 300, warnings: 0 },
])('a start window of $startWindow minutes from 06:00 beside a job that ends by 11:00 gives $warnings warnings', ({ startWindow, warnings }) => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.minutes(startWindow) });

  expect(overlapsOf([daily, weekly]).warnings).toHaveLength(warnings);
});

test.each([
  { completionWindow: 720, warnings: 0 },
  { completionWindow: 721, warnings: 1 },
])('a job from 06:00 of at most $completionWindow minutes beside a start window until 18:00 gives $warnings warnings', (
  { completionWindow, warnings },
) => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6, completionWindow: Duration.minutes(completionWindow) });
  const evening = BackupTier.daily({ ...kept, name: 'evening', hour: 17 });

  expect(overlapsOf([weekly, evening]).warnings).toHaveLength(warnings);
});

test('an hourly tier whose jobs may take longer than an hour can starve itself', () => {
  const hourly = BackupTier.everyHours(1, { ...kept, name: 'hourly', expectedDuration: Duration.hours(5) });

  expect(overlapsOf([hourly])).toEqual({
    errors: [],
    givingWay: [],
    warnings: [
      "a job of tier 'hourly' (Monday 00:00) can run until Monday 06:00, past the start window of its own next run (Monday 01:00 to 02:00): "
      + 'AWS Backup runs one job per resource at a time, so that run could expire before it starts; '
      + "set the 'expectedDuration' of 'hourly' (5 hours) to 1 hour if its jobs do not take longer",
    ],
    unknown: [],
  });
});

test('an hourly tier is not warned of its own next run where nobody says how long its jobs take', () => {
  expect(overlapsOf([BackupTier.everyHours(1, kept)])).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('the standard tiers do not get in the way of each other', () => {
  expect(overlapsOf(BackupTier.standard())).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('an hourly tier whose jobs end by the end of the next start window does not starve itself', () => {
  const hourly = BackupTier.everyHours(1, { ...kept, completionWindow: Duration.hours(2) });

  expect(overlapsOf([hourly]).warnings).toEqual([]);
});

test('tiers whose runs or windows are not known are not compared, and named', () => {
  const token = Duration.minutes(Lazy.number({ produce: () => 120 }));
  const cron = BackupTier.cron('cron(0 5 L * ? *)', { ...kept, name: 'cron', interval: Duration.days(31) });
  const start = BackupTier.daily({ ...kept, name: 'start', hour: 5, startWindow: token });
  const completion = BackupTier.daily({ ...kept, name: 'completion', hour: 5, completionWindow: token });

  const overlaps = overlapsOf([cron, start, completion, daily]);

  expect(overlaps.givingWay).toEqual([]);
  expect(overlaps.warnings).toEqual([]);
  expect(overlaps.unknown.map((tier) => tier.name)).toEqual(['cron', 'start', 'completion']);
});

test('a start window that is longer than the gap between two runs is warned of', () => {
  const tier = BackupTier.everyHours(1, { deleteAfter: Duration.days(7), startWindow: Duration.hours(8), completionWindow: Duration.hours(9) });

  expect(overlapsOf([tier]).warnings).toEqual([
    "the 'startWindow' of tier 'every1Hours' (8 hours) is longer than the gap between two of its runs: "
    + 'AWS Backup runs one job per resource at a time, so some runs could expire before they start; shorten it to 1 hour',
  ]);
});

const DAYS = (days: number) => Duration.days(days);
const sunday = (name = 'weekly', options: { moveToColdStorageAfter?: Duration; recoveryPointTags?: { [key: string]: string } } = {}) =>
  BackupTier.weekly({ name, weekDay: WeekDay.SUNDAY, hour: 5, deleteAfter: DAYS(200), ...options });

test('where a daily tier gives way to a weekly one that lacks nothing, that is a warning', () => {
  const { errors, givingWay } = overlapsOfRules([rule(daily), rule(sunday())]);

  expect(errors).toEqual([]);
  expect(givingWay).toEqual([
    "the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:00) overlap: "
    + `AWS Backup then creates only one backup, that of 'weekly', because it is kept longer (200 days); ${MOVE}`,
  ]);
});

test('it is an error where only the tier that gives way is copied', () => {
  const { errors, givingWay } = overlapsOfRules([rule(daily, { vault: DAYS(35) }), rule(sunday())]);

  expect(givingWay).toEqual([]);
  expect(errors).toEqual([
    "the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:00) overlap: AWS Backup then creates only one backup, that of 'weekly', because it is kept longer (200 days), and the following is lost: the copy of 'daily' into 'vault'; "
    + "copy 'weekly' into 'vault' as well, run one of them outside of the start windows of the other one, or move one of them to a separate plan",
  ]);
});

test.each<[string, TierInPlan, TierInPlan, string]>([
  ['a copy that is kept longer', rule(daily, { vault: DAYS(35) }), rule(sunday(), { vault: DAYS(34) }), "the copy of 'daily' that 'vault' keeps for 35 days"],
  ['cold storage', rule(BackupTier.daily({ deleteAfter: DAYS(120), moveToColdStorageAfter: DAYS(30) })), rule(sunday()), "the cold storage of 'daily'"],
  ['tags', rule(BackupTier.daily({ deleteAfter: DAYS(35), recoveryPointTags: { team: 'a', cost: 'b' } })), rule(sunday('weekly', { recoveryPointTags: { team: 'a', cost: 'c' } })),
    "the recovery point tags of 'daily' (cost)"],
])('it is an error where only the tier that gives way has %s', (_, loser, winner, lost) => {
  const { errors, givingWay } = overlapsOfRules([loser, winner]);

  expect(givingWay).toEqual([]);
  expect(errors).toEqual([expect.stringContaining(`the following is lost: ${lost};`)]);
});

test.each<[string, TierInPlan, TierInPlan]>([
  ['the same copies', rule(daily, { vault: DAYS(35) }), rule(sunday(), { vault: DAYS(35), other: DAYS(7) })],
  ['cold storage, later', rule(BackupTier.daily({ deleteAfter: DAYS(120), moveToColdStorageAfter: DAYS(7) })), rule(sunday('weekly', { moveToColdStorageAfter: DAYS(90) }))],
  ['the same tags and more', rule(BackupTier.daily({ deleteAfter: DAYS(35), recoveryPointTags: { team: 'a' } })), rule(sunday('weekly', { recoveryPointTags: { team: 'a', cost: 'c' } }))],
])('it is a warning where the tier that is made has %s', (_, loser, winner) => {
  const { errors, givingWay } = overlapsOfRules([winner, loser]);

  expect(errors).toEqual([]);
  expect(givingWay).toHaveLength(1);
});

test('which tier gives way is decided by how long the own vault of the plan keeps the recovery points', () => {
  const { errors } = overlapsOfRules([rule(daily, { vault: DAYS(35) }, DAYS(30)), rule(sunday(), {}, DAYS(20))]);

  expect(errors).toEqual([]); // the daily one is kept longer there, and is copied
});

test('of two that are kept equally long neither may have what the other one lacks', () => {
  const { errors } = overlapsOfRules([rule(daily, { vault: DAYS(35) }, DAYS(30)), rule(sunday(), { vault: DAYS(200) }, DAYS(30))]);

  expect(errors).toEqual([expect.stringContaining(
    "AWS Backup then creates only one backup, and AWS does not document for which tier if both keep it for 30 days, and the following is lost: the copy of 'weekly' that 'vault' keeps for 200 days; "
    + "keep the copy of 'daily' in 'vault' for 200 days or longer")]);
});

test('where a token decides which one is kept longer, what may be lost is a warning', () => {
  const token = Duration.days(Lazy.number({ produce: () => 120 }));
  const { errors, givingWay } = overlapsOfRules([rule(daily, { vault: DAYS(35) }), rule(sunday(), {}, token)]);

  expect(errors).toEqual([]);
  expect(givingWay).toEqual([expect.stringMatching(/which depends on a token, and the following is lost: the copy of 'daily' into 'vault'/)]);
});

test('a cron tier is compared by its runs', () => {
  const cron = (expression: string) => BackupTier.cron(expression, { ...kept, name: 'cron', interval: DAYS(7) });

  expect(overlapsOf([daily, cron('cron(30 5 ? * MON-FRI *)')]).givingWay).toEqual([expect.stringContaining("'daily' (Monday 05:00 to 06:00) and 'cron' (from Monday 05:30) overlap")]);
  expect(overlapsOf([daily, cron('cron(0 12 ? * SUN *)')])).toEqual({ errors: [], givingWay: [], warnings: [], unknown: [] });
});

test('tiers of two time zones are compared by the moments at which they run', () => {
  const london = BackupTier.daily({ ...kept, name: 'london', hour: 12, timeZone: 'Europe/London' });
  const utc = (hour: number) => BackupTier.daily({ ...kept, name: 'utc', hour });

  expect(overlapsOf([london, utc(12)]).givingWay).toEqual([expect.stringMatching(/'london' \(\w+ 12:00 to 13:00 UTC\) and 'utc' \(from \w+ 12:00 UTC\)/)]); // in winter
  expect(overlapsOf([london, utc(11)]).givingWay).toHaveLength(1); // in summer
  expect(overlapsOf([london, utc(10)]).givingWay).toEqual([]);
  expect(overlapsOf([london, utc(13)]).givingWay).toEqual([]);
});

test('a time that clocks show twice may be either of both', () => {
  const london = BackupTier.weekly({ ...kept, name: 'london', weekDay: WeekDay.SUNDAY, hour: 1, minute: 30, timeZone: 'Europe/London' });
  const utc = (minute: number) => BackupTier.yearly({ ...kept, name: 'utc', month: 10, lastDay: true, hour: minute === 0 ? 0 : 2, minute: minute === 0 ? 30 : 0 });

  // On 31 October 2010 and in the years like it, London has 01:30 at 00:30 UTC and at 01:30 UTC.
  expect(overlapsOf([london, utc(0)]).givingWay).toEqual([expect.stringContaining('Sunday 00:30')]);
  expect(overlapsOf([london, utc(1)]).givingWay).toEqual([expect.stringContaining('Sunday 01:30')]);
});

test('a warning about a continuous tier that gives way says what is not known', () => {
  const continuous = BackupTier.continuous({ deleteAfter: DAYS(35), hour: 5 });
  const { givingWay } = overlapsOf([continuous, BackupTier.daily({ deleteAfter: DAYS(90) })]);

  expect(givingWay).toEqual([expect.stringContaining('AWS does not document whether a continuous backup continues if the run of its tier is omitted; run one of them')]);
});

test('an hourly tier can not be moved away from another one, so that is not advised', () => {
  const hourly = BackupTier.everyHours(1, { deleteAfter: DAYS(7), completionWindow: Duration.hours(2) });
  const { givingWay } = overlapsOf([hourly, BackupTier.daily({ ...kept, completionWindow: Duration.hours(2) })]);

  expect(givingWay).toEqual([expect.stringMatching(/kept longer \(35 days\); acknowledge this warning if this is intended, or move one of them to a separate plan$/)]);
});
