import { sayMoment, sayTime, TimeZone } from '../../src/schedules/calendar';
import { Schedule } from '../../src/schedules/schedule';
import { WeekDay } from '../../src/schedules/week-day';

const DAY = 24 * 60;

test.each([
  ['a daily one', Schedule.daily([5], 0), 'cron(0 5 ? * * *)', 1],
  ['one of several hours', Schedule.daily([5, 17], 30), 'cron(30 5,17 ? * * *)', 1],
  ['a weekly one', Schedule.weekly(WeekDay.SUNDAY, 6, 0), 'cron(0 6 ? * SUN *)', 7],
  ['a monthly one', Schedule.monthly(15, 5, 0), 'cron(0 5 15 * ? *)', 10_227],
  ['one of the last day', Schedule.monthly(undefined, 5, 0), 'cron(0 5 L * ? *)', 10_227],
  ['a yearly one', Schedule.yearly(2, undefined, 5, 0), 'cron(0 5 L 2 ? *)', 10_227],
])('%s is known, and repeats', (_, schedule, expression, cycleDays) => {
  expect(schedule.expression).toBe(expression);
  expect(schedule.isKnown).toBe(true);
  expect(schedule.cycleDays).toBe(cycleDays);
});

test('every hour of the day is written as a star', () => {
  const hours = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

  expect(Schedule.daily(hours, 15).expression).toBe('cron(15 * ? * * *)');
});

test('the runs of an expression that only AWS can work out are not known', () => {
  const schedule = Schedule.cron('cron(0 5 L * ? *)', undefined, false);

  expect(schedule.expression).toBe('cron(0 5 L * ? *)');
  expect(schedule.isKnown).toBe(false);
  expect(schedule.cycleDays).toBe(0);
});

test('a daily schedule starts on every day, ascending', () => {
  expect(Schedule.daily([5, 17], 30).starts(-1, 2)).toEqual([
    -DAY + 330, -DAY + 1050, 330, 1050, DAY + 330, DAY + 1050,
  ]);
});

test.each([
  [WeekDay.MONDAY, 0],
  [WeekDay.TUESDAY, 1],
  [WeekDay.WEDNESDAY, 2],
  [WeekDay.THURSDAY, 3],
  [WeekDay.FRIDAY, 4],
  [WeekDay.SATURDAY, 5],
  [WeekDay.SUNDAY, 6],
])('the week begins on a Monday: %s is day %i', (weekDay, day) => {
  expect(Schedule.weekly(weekDay, 6, 0).starts(-7, 14)).toEqual([(day - 7) * DAY + 360, day * DAY + 360, (day + 7) * DAY + 360]);
});

test('the first of the month is there in every month of a year', () => {
  // 2001: 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30 days before each next one.
  expect(Schedule.monthly(1, 0, 0).starts(0, 365).map((start) => start / DAY)).toEqual([
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
  ]);
});

test('the last of the month is there in every month of a year', () => {
  expect(Schedule.monthly(undefined, 0, 0).starts(0, 365).map((start) => start / DAY)).toEqual([
    30, 58, 89, 119, 150, 180, 211, 242, 272, 303, 333, 364,
  ]);
});

test('the last of February is the 29th in a leap year', () => {
  // 2001 to 2003 have 365 days each; 29 February 2004 is the 60th day of its year.
  expect(Schedule.yearly(2, undefined, 0, 0).starts(0, 4 * 365 + 1).map((start) => start / DAY)).toEqual([
    58, 365 + 58, 2 * 365 + 58, 3 * 365 + 59,
  ]);
});

test('a yearly schedule starts once a year, in its month only', () => {
  expect(Schedule.yearly(12, 25, 5, 30).starts(0, 2 * 365)).toEqual([358 * DAY + 330, (365 + 358) * DAY + 330]);
});

test.each([
  [0, 'Monday 00:00'],
  [-1, 'Sunday 23:59'],
  [6 * DAY + 360, 'Sunday 06:00'],
  [7 * DAY + 65, 'Monday 01:05'],
])('minute %i is %s', (minute, said) => {
  expect(sayMoment(minute)).toBe(said);
});

test.each([
  [0, '00:00'],
  [-1, '23:59'],
  [DAY, '00:00'],
  [3 * DAY + 17 * 60 + 5, '17:05'],
])('the time of minute %i is %s', (minute, said) => {
  expect(sayTime(minute)).toBe(said);
});

test.each([
  ['Asia/Tokyo', 1, 16 * 60], // of the day before
  ['America/Phoenix', 23, 6 * 60], // of the day after
])('a schedule in %s starts at %i o\'clock there on every day, at the edges too', (name, hour, minute) => {
  expect(Schedule.daily([hour], 0, TimeZone.of(name)).starts(0, 2)).toEqual([minute, DAY + minute]);
});

test('a schedule tells the runs that clocks skip', () => {
  const at = (hour: number, minute: number, name: string) => Schedule.daily([hour], minute, TimeZone.of(name)).skipped();

  expect(at(1, 59, 'Europe/London')).toBeDefined();
  expect(at(2, 0, 'Europe/London')).toBeUndefined();
  expect(at(0, 59, 'Europe/London')).toBeUndefined();
  expect(at(1, 30, 'Asia/Tokyo')).toBeUndefined();
  // A weekly run on a Monday is on no Sunday.
  expect(Schedule.weekly(WeekDay.MONDAY, 1, 30, TimeZone.of('Europe/London')).skipped()).toBeUndefined();
});
