import { Duration, Lazy } from 'aws-cdk-lib';
import { BackupTier } from '../../src/objectives/backup-tier';
import { recoveryPointAge } from '../../src/objectives/recovery-point-age';
import { WeekDay } from '../../src/schedules/week-day';

const HOUR = 60;
const DAY = 24 * HOUR;

const kept = { deleteAfter: Duration.days(1000) };
const daily = BackupTier.daily({ ...kept, hour: 5 });
const evening = BackupTier.daily({ ...kept, name: 'evening', hour: 17 });
const weekly = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6 });

test('a daily tier with windows of 1 and 5 hours keeps 30 hours at the worst, 24 by its schedule', () => {
  expect(recoveryPointAge([daily])).toEqual({ worstCase: 30 * HOUR, nominal: 24 * HOUR });
});

test('a second tier twelve hours later makes it 18 hours at the worst, 12 by the schedule', () => {
  expect(recoveryPointAge([daily, evening])).toEqual({ worstCase: 18 * HOUR, nominal: 12 * HOUR });
});

test('a weekly tier alone keeps 7 days and 6 hours', () => {
  expect(recoveryPointAge([weekly])).toEqual({ worstCase: 7 * DAY + 6 * HOUR, nominal: 7 * DAY });
});

test('the tiers of the production plan keep 18 hours', () => {
  const long = BackupTier.weekly({
    ...kept, weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.hours(6), completionWindow: Duration.hours(12),
  });

  expect(recoveryPointAge([daily, evening, long])).toEqual({ worstCase: 18 * HOUR, nominal: 12 * HOUR });
});

test('two daily tiers at uneven hours are as far apart as the longer of both gaps', () => {
  const noon = BackupTier.daily({ ...kept, name: 'noon', hour: 12 });

  expect(recoveryPointAge([daily, noon])).toEqual({ worstCase: 23 * HOUR, nominal: 17 * HOUR });
});

test('the minutes of the schedule count', () => {
  const late = BackupTier.daily({ ...kept, name: 'late', hour: 16, minute: 30 });

  expect(recoveryPointAge([daily, late])).toEqual({ worstCase: 18 * HOUR + 30, nominal: 12 * HOUR + 30 });
});

test('a run with long windows gives the age that the other runs leave until it is usable', () => {
  // 05:00 is usable at 11:00, 17:00 only at 06:00 of the next day: until then 05:00 is the newest one, 25 hours old.
  const slow = BackupTier.daily({ ...kept, name: 'slow', hour: 17, startWindow: Duration.hours(3), completionWindow: Duration.hours(10) });

  expect(recoveryPointAge([daily, slow])).toEqual({ worstCase: 25 * HOUR, nominal: 12 * HOUR });
});

test('a run that is usable only after newer ones are does not count', () => {
  const useless = BackupTier.daily({ ...kept, name: 'useless', hour: 17, completionWindow: Duration.hours(100) });

  expect(recoveryPointAge([daily, useless])).toEqual({ worstCase: 30 * HOUR, nominal: 12 * HOUR });
});

test('a weekly tier with windows of days beside a daily one changes nothing', () => {
  const slow = BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6, startWindow: Duration.days(1), completionWindow: Duration.days(10) });

  expect(recoveryPointAge([daily, slow])).toEqual({ worstCase: 30 * HOUR, nominal: 24 * HOUR });
});

test.each([
  { hours: 1, nominal: 1, worstCase: 7 },
  { hours: 4, nominal: 4, worstCase: 10 },
  { hours: 12, nominal: 12, worstCase: 18 },
  { hours: 24, nominal: 24, worstCase: 30 },
])('a tier that runs every $hours hours keeps $worstCase hours at the worst', ({ hours, nominal, worstCase }) => {
  expect(recoveryPointAge([BackupTier.everyHours(hours, kept)])).toEqual({ worstCase: worstCase * HOUR, nominal: nominal * HOUR });
});

test('a monthly tier counts by the longest months', () => {
  expect(recoveryPointAge([BackupTier.monthly({ ...kept, day: 1 })])).toEqual({ worstCase: 31 * DAY + 6 * HOUR, nominal: 31 * DAY });
});

describe('beside a weekly tier, monthly ones', () => {
  const monthly = (more: object = {}) => [1, 6, 11, 16, 21, 26].map((day) => BackupTier.monthly({ ...kept, name: `day${day}`, hour: 6, day, ...more }));

  test('that run more often make the recovery point newer', () => {
    // From the 26th until the 1st are 6 days, where the 26th is a Monday or a Sunday.
    expect(recoveryPointAge([weekly, ...monthly()])).toEqual({ worstCase: 6 * DAY + 6 * HOUR, nominal: 6 * DAY });
  });

  test('whose jobs take too long change the gaps alone', () => {
    const useless = monthly({ completionWindow: Duration.days(60) });

    expect(recoveryPointAge([weekly, ...useless])).toEqual({ worstCase: 7 * DAY + 6 * HOUR, nominal: 6 * DAY });
  });

  test('are what is left where a weekly recovery point is deleted before the next one is complete', () => {
    const short = BackupTier.weekly({ deleteAfter: Duration.days(7), weekDay: WeekDay.SUNDAY, hour: 6 });
    const first = BackupTier.monthly({ ...kept, hour: 6, day: 1 });

    expect(recoveryPointAge([short])?.worstCase).toBe(Number.POSITIVE_INFINITY);
    expect(recoveryPointAge([short, first])).toEqual({ worstCase: 31 * DAY + 6 * HOUR, nominal: 7 * DAY });
  });
});

test('a yearly tier counts by the leap years', () => {
  expect(recoveryPointAge([BackupTier.yearly({ ...kept, month: 6, day: 1 })])).toEqual({ worstCase: 366 * DAY + 6 * HOUR, nominal: 366 * DAY });
});

test('the last day of February comes after 366 days at the latest', () => {
  const tier = BackupTier.yearly({ ...kept, month: 2, lastDay: true });

  expect(recoveryPointAge([tier])).toEqual({ worstCase: 366 * DAY + 6 * HOUR, nominal: 366 * DAY });
});

test('the middle and the last day of the month are 16 days apart at the most', () => {
  const middle = BackupTier.monthly({ ...kept, name: 'middle', day: 15 });
  const last = BackupTier.monthly({ ...kept, name: 'last', lastDay: true });

  expect(recoveryPointAge([middle, last])).toEqual({ worstCase: 16 * DAY + 6 * HOUR, nominal: 16 * DAY });
});

test('a monthly tier beside a weekly one changes nothing', () => {
  expect(recoveryPointAge([weekly, BackupTier.monthly(kept)])).toEqual({ worstCase: 7 * DAY + 6 * HOUR, nominal: 7 * DAY });
});

test('a cron tier counts by its interval', () => {
  const cron = BackupTier.cron('cron(0 5,17 ? * * *)', { ...kept, name: 'cron', interval: Duration.hours(12) });

  expect(recoveryPointAge([cron])).toEqual({ worstCase: 18 * HOUR, nominal: 12 * HOUR });
});

test.each([
  { what: 'a cron tier that runs more often than the daily one', interval: 6, worstCase: 12, nominal: 6 },
  { what: 'a cron tier that runs more rarely than the daily one', interval: 48, worstCase: 30, nominal: 24 },
])('beside $what the better of both figures holds', ({ interval, worstCase, nominal }) => {
  const cron = BackupTier.cron('cron(0 0 ? * 2#1 *)', { ...kept, name: 'cron', interval: Duration.hours(interval) }); // runs that only AWS can work out

  expect(recoveryPointAge([cron, daily])).toEqual({ worstCase: worstCase * HOUR, nominal: nominal * HOUR });
});

test('a cron tier with long windows can have the better schedule and the worse worst case', () => {
  const cron = BackupTier.cron('cron(0 * ? * * *)', { ...kept, name: 'cron', interval: Duration.hours(1), completionWindow: Duration.hours(40) });

  expect(recoveryPointAge([daily, cron])).toEqual({ worstCase: 30 * HOUR, nominal: 1 * HOUR });
});

test('equal schedules with other windows are not taken for each other', () => {
  const slow = BackupTier.daily({ ...kept, hour: 5, startWindow: Duration.hours(2), completionWindow: Duration.hours(8) });

  expect(recoveryPointAge([daily])?.worstCase).toBe(30 * HOUR);
  expect(recoveryPointAge([slow])?.worstCase).toBe(34 * HOUR);
  expect(recoveryPointAge([daily])?.worstCase).toBe(30 * HOUR);
});

test('no tier keeps no promise', () => {
  expect(recoveryPointAge([])).toBeUndefined();
});

const token = Duration.minutes(Lazy.number({ produce: () => 120 }));

test.each([
  ['start window', BackupTier.daily({ ...kept, name: 'token', hour: 12, startWindow: token })],
  ['completion window', BackupTier.daily({ ...kept, name: 'token', hour: 12, completionWindow: token })],
  ['interval', BackupTier.cron('cron(0 12 1W * ? *)', { ...kept, name: 'token', interval: token })],
  ['start window of a cron tier', BackupTier.cron('cron(0 12 ? * * *)', { ...kept, name: 'token', interval: Duration.days(1), startWindow: token })],
])('a tier whose %s is a token is left out', (_, tier) => {
  expect(recoveryPointAge([tier])).toBeUndefined();
  expect(recoveryPointAge([daily, tier])).toEqual({ worstCase: 30 * HOUR, nominal: 24 * HOUR });
});

test('a cron tier counts by its runs, whatever its interval says', () => {
  const noon = (interval: Duration) => BackupTier.cron('cron(0 17 ? * * *)', { ...kept, name: 'noon', interval });

  expect(recoveryPointAge([daily, noon(Duration.days(30))])).toEqual({ worstCase: 18 * HOUR, nominal: 12 * HOUR });
  expect(recoveryPointAge([BackupTier.cron('cron(0 19 ? * * *)', { ...kept, name: 'token', interval: token })])).toEqual({ worstCase: 30 * HOUR, nominal: 24 * HOUR });
});

test('where clocks change, a day of 25 hours counts', () => {
  const london = BackupTier.daily({ ...kept, timeZone: 'Europe/London' });

  expect(recoveryPointAge([london])).toEqual({ worstCase: 31 * HOUR, nominal: 25 * HOUR });
});

test('a run that clocks skip is missing', () => {
  const london = BackupTier.daily({ ...kept, hour: 1, timeZone: 'Europe/London' });

  expect(recoveryPointAge([london])).toEqual({ worstCase: 53 * HOUR, nominal: 47 * HOUR });
});

test('tiers of two time zones are taken together as they run', () => {
  const tokyo = BackupTier.daily({ ...kept, name: 'tokyo', hour: 12, timeZone: 'Asia/Tokyo' });
  const london = BackupTier.daily({ ...kept, hour: 15, timeZone: 'Europe/London' });

  expect(recoveryPointAge([tokyo, london])?.nominal).toBe(13 * HOUR); // from 14:00 UTC in summer until 03:00 UTC
});

test('no promise is made where recovery points are deleted before the next one is there', () => {
  // From Monday on there is nothing to recover from until the next Sunday.
  const short = BackupTier.weekly({ deleteAfter: Duration.days(1), weekDay: WeekDay.SUNDAY });

  expect(recoveryPointAge([short])?.worstCase).toBe(Number.POSITIVE_INFINITY);
});

test('no promise is made where a recovery point is deleted before the job of the next one must have ended', () => {
  const short = BackupTier.daily({ deleteAfter: Duration.days(1) });

  expect(recoveryPointAge([short])?.worstCase).toBe(Number.POSITIVE_INFINITY);
});

test('recovery points that are deleted soon still count where others fill the gap', () => {
  const short = BackupTier.daily({ deleteAfter: Duration.days(1), name: 'short', hour: 17 });

  expect(recoveryPointAge([daily, short])).toEqual({ worstCase: 18 * HOUR, nominal: 12 * HOUR });
});
