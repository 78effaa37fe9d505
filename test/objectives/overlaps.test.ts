import { Duration, Lazy } from 'aws-cdk-lib';
import { BackupTier } from '../../src/objectives/backup-tier';
import { overlapsOf } from '../../src/objectives/overlaps';
import { WeekDay } from '../../src/objectives/week-day';

const kept = { deleteAfter: Duration.days(35) };
const daily = BackupTier.daily({ ...kept, hour: 5 });

test('the tiers of the production plan give neither an error nor a warning', () => {
  const evening = BackupTier.daily({ ...kept, name: 'evening', hour: 17 });
  const weekly = BackupTier.weekly({
    ...kept, weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.hours(6), completionWindow: Duration.hours(12),
  });

  expect(overlapsOf([daily, evening, weekly])).toEqual({ errors: [], warnings: [], unknown: [] });
});

test('nothing overlaps without tiers', () => {
  expect(overlapsOf([])).toEqual({ errors: [], warnings: [], unknown: [] });
});

test('two tiers at the same hour overlap', () => {
  const other = BackupTier.daily({ ...kept, name: 'other', hour: 5 });

  expect(overlapsOf([daily, other]).errors).toEqual([
    "the start windows of 'tiers' 'daily' (Monday 05:00 to 06:00) and 'other' (from Monday 05:00) overlap: "
    + 'AWS Backup would keep only the one with the longer retention; '
    + "move one of them, or shorten the 'startWindow' of the first",
  ]);
});

test('a weekly tier at the hour of the daily one overlaps on its day', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 5, minute: 30 });

  expect(overlapsOf([weekly, daily]).errors).toEqual([
    "the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:30) overlap: "
    + 'AWS Backup would keep only the one with the longer retention; '
    + "move one of them, or shorten the 'startWindow' of the first",
  ]);
});

test('the start windows of the hourly and twelve-hourly rules that AWS documents overlap', () => {
  const hourly = BackupTier.everyHours(1, { deleteAfter: Duration.days(1), name: 'hourly' });
  const twelve = BackupTier.everyHours(12, {
    deleteAfter: Duration.days(7), name: 'twelve', startWindow: Duration.hours(8), completionWindow: Duration.hours(9),
  });

  expect(overlapsOf([hourly, twelve]).errors).toHaveLength(1);
});

test('start windows that touch do not overlap', () => {
  const next = BackupTier.daily({ ...kept, name: 'next', hour: 6, startWindow: Duration.hours(6), completionWindow: Duration.hours(7) });

  expect(overlapsOf([daily, next]).errors).toEqual([]);
});

test('start windows overlap from the first common minute on', () => {
  const longer = BackupTier.daily({ ...kept, name: 'longer', hour: 5, startWindow: Duration.minutes(61) });
  const next = BackupTier.daily({ ...kept, name: 'next', hour: 6 });

  expect(overlapsOf([longer, next]).errors).toEqual([
    "the start windows of 'tiers' 'longer' (Monday 05:00 to 06:01) and 'next' (from Monday 06:00) overlap: "
    + 'AWS Backup would keep only the one with the longer retention; '
    + "move one of them, or shorten the 'startWindow' of the first",
  ]);
});

test('start windows overlap across midnight', () => {
  const late = BackupTier.daily({ ...kept, name: 'late', hour: 23, startWindow: Duration.hours(2) });
  const early = BackupTier.daily({ ...kept, name: 'early', hour: 0, minute: 30 });

  expect(overlapsOf([late, early]).errors).toHaveLength(1);
});

test('a start window of a day and more says on which day it closes', () => {
  const sunday = BackupTier.weekly({
    ...kept, name: 'sunday', weekDay: WeekDay.SUNDAY, hour: 5, startWindow: Duration.minutes(24 * 60 + 1), completionWindow: Duration.hours(26),
  });
  const monday = BackupTier.weekly({ ...kept, name: 'monday', weekDay: WeekDay.MONDAY, hour: 5 });

  expect(overlapsOf([monday, sunday]).errors).toEqual([
    "the start windows of 'tiers' 'sunday' (Sunday 05:00 to Monday 05:01) and 'monday' (from Monday 05:00) overlap: "
    + 'AWS Backup would keep only the one with the longer retention; '
    + "move one of them, or shorten the 'startWindow' of the first",
  ]);
});

test('every pair that overlaps is reported once', () => {
  const two = BackupTier.daily({ ...kept, name: 'two', hour: 5 });
  const three = BackupTier.daily({ ...kept, name: 'three', hour: 5, minute: 59 });

  expect(overlapsOf([daily, two, three]).errors.map((error) => /'(\w+)' \([^)]+\) and '(\w+)'/.exec(error)?.slice(1))).toEqual([
    ['daily', 'two'],
    ['daily', 'three'],
    ['two', 'three'],
  ]);
});

test('a monthly tier overlaps with a weekly one when its day is that day of the week', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.FRIDAY, hour: 5 });
  const monthly = BackupTier.monthly({ ...kept, day: 13, hour: 5 });

  expect(overlapsOf([weekly, monthly]).errors).toHaveLength(1);
});

test('a yearly tier overlaps with a weekly one in the years in which its day is that day of the week', () => {
  // Of the years after which the calendar repeats, 2005 is the first one with a Sunday at Christmas.
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 5 });
  const christmas = BackupTier.yearly({ ...kept, month: 12, day: 25, hour: 5 });

  expect(overlapsOf([weekly, christmas]).errors).toHaveLength(1);
});

test('the 28th and the last day of the month are the same day in most Februaries', () => {
  const day28 = BackupTier.monthly({ ...kept, name: 'day28', day: 28 });
  const last = BackupTier.monthly({ ...kept, name: 'last', lastDay: true });

  expect(overlapsOf([day28, last]).errors).toHaveLength(1);
});

test('two yearly tiers of different months do not overlap', () => {
  const january = BackupTier.yearly({ ...kept, name: 'january', month: 1 });
  const july = BackupTier.yearly({ ...kept, name: 'july', month: 7 });

  expect(overlapsOf([january, july])).toEqual({ errors: [], warnings: [], unknown: [] });
});

test('a weekly tier that closes before the daily job must have ended may expire unstarted', () => {
  const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6 });

  expect(overlapsOf([daily, weekly])).toEqual({
    errors: [],
    warnings: [
      "a job of tier 'daily' (Sunday 05:00) may run until Sunday 10:00, past the start window of tier 'weekly' (Sunday 06:00 to 07:00): "
      + 'AWS Backup runs one job per resource at a time, so that run could expire unstarted; '
      + "lengthen the 'startWindow' of 'weekly' (1 hour) or shorten the 'completionWindow' of 'daily' (5 hours)",
    ],
    unknown: [],
  });
});

test.each([
  { startWindow: 239, warnings: 1 },
  { startWindow: 240, warnings: 0 },
])('a start window of $startWindow minutes from 06:00 beside a job that ends by 10:00 gives $warnings warnings', ({ startWindow, warnings }) => {
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
  const hourly = BackupTier.everyHours(1, { ...kept, name: 'hourly' });

  expect(overlapsOf([hourly])).toEqual({
    errors: [],
    warnings: [
      "a job of tier 'hourly' (Monday 00:00) may run until Monday 05:00, past the start window of its own next run (Monday 01:00 to 02:00): "
      + 'AWS Backup runs one job per resource at a time, so that run could expire unstarted; '
      + "lengthen the 'startWindow' of 'hourly' (1 hour) or shorten the 'completionWindow' of 'hourly' (5 hours)",
    ],
    unknown: [],
  });
});

test('an hourly tier whose jobs end by the end of the next start window does not starve itself', () => {
  const hourly = BackupTier.everyHours(1, { ...kept, completionWindow: Duration.hours(2) });

  expect(overlapsOf([hourly]).warnings).toEqual([]);
});

test('tiers whose runs or windows are not known are not compared, and named', () => {
  const token = Duration.minutes(Lazy.number({ produce: () => 120 }));
  const cron = BackupTier.cron('cron(0 5 ? * * *)', { ...kept, name: 'cron', interval: Duration.days(1) });
  const start = BackupTier.daily({ ...kept, name: 'start', hour: 5, startWindow: token });
  const completion = BackupTier.daily({ ...kept, name: 'completion', hour: 5, completionWindow: token });

  const overlaps = overlapsOf([cron, start, completion, daily]);

  expect(overlaps.errors).toEqual([]);
  expect(overlaps.warnings).toEqual([]);
  expect(overlaps.unknown.map((tier) => tier.name)).toEqual(['cron', 'start', 'completion']);
});

test('a start window that is longer than the gap between two runs is warned of', () => {
  const tier = BackupTier.everyHours(1, { deleteAfter: Duration.days(7), startWindow: Duration.hours(8), completionWindow: Duration.hours(9) });

  expect(overlapsOf([tier]).warnings).toEqual([
    "the 'startWindow' of tier 'every1Hours' (8 hours) is longer than the gap between two of its runs: "
    + 'AWS Backup runs one job per resource at a time, so some runs could expire unstarted; shorten it',
  ]);
});
