import { readCron } from '../../src/schedules/cron';
import { Schedule } from '../../src/schedules/schedule';

test.each([
  'cron(0 5 ? * * *)',
  'cron(59 23 1 * ? *)',
  'cron(0 5,17 ? * MON-FRI *)',
  'cron(0 0/4 ? * * *)',
  'cron(0 5 L * ? *)',
  'cron(05  5  ?  *  *  2030)',
  'cron(0 5 ? * SUN#1 *)',
  'cron(0 5 ? * 1#1 *)',
  'cron(0 5 ? * sat#5 *)',
  'cron(0 5 ? * SUNL *)',
  'cron(0 5 ? * 1L *)',
  'cron(0 5 ? * L *)',
  'cron(0 5 ? * MON-WED,SAT *)',
  'cron(0 5 ? JAN,JUL MON *)',
  'cron(0 5 1 JAN-DEC/3 ? *)',
])('nothing is wrong with %s', (expression) => {
  expect(readCron(expression).problems).toEqual([]);
});

const shape = "'expression' must be 'cron(minutes hours day-of-month month day-of-week year)', got";
const hourly = "the minutes of 'expression' must be one number from 0 to 59, because AWS Backup runs at most hourly, got";
const question = "one of day-of-month and day-of-week of 'expression' must be '?', and the other one must not, got";

test.each([
  ['', `${shape} ''`],
  ['rate(1 day)', `${shape} 'rate(1 day)'`],
  ['0 5 ? * * *', `${shape} '0 5 ? * * *'`],
  ['cron(0 5 ? * *)', `${shape} 'cron(0 5 ? * *)'`],
  ['cron(0 5 ? * * * *)', `${shape} 'cron(0 5 ? * * * *)'`],
  ['cron(0 5 ? * * *', `${shape} 'cron(0 5 ? * * *'`],
  ['cron(* * ? * * *)', `${hourly} '*'`],
  ['cron(0,30 * ? * * *)', `${hourly} '0,30'`],
  ['cron(0/15 * ? * * *)', `${hourly} '0/15'`],
  ['cron(0-5 5 ? * * *)', `${hourly} '0-5'`],
  ['cron(60 5 ? * * *)', `${hourly} '60'`],
  ['cron(0 5 * * * *)', `${question} '*' and '*'`],
  ['cron(0 5 1 * MON *)', `${question} '1' and 'MON'`],
  ['cron(0 5 ? * ? *)', `${question} '?' and '?'`],
])("AWS Backup would refuse '%s'", (expression, problem) => {
  expect(readCron(expression).problems).toEqual([problem]);
});

test('both problems of an expression are named', () => {
  expect(readCron('cron(* * * * * *)').problems).toEqual([`${hourly} '*'`, `${question} '*' and '*'`]);
});

const range = (field: string, bounds: string) => `the ${field} of 'expression' must be a value, a list, a range or a step ${bounds}, got`;

test.each([
  ['cron(0 24 ? * * *)', `${range('hours', 'from 0 to 23')} '24'`],
  ['cron(0 */30 ? * * *)', `${range('hours', 'from 0 to 23')} '*/30'`],
  ['cron(0 5-3 ? * * *)', `${range('hours', 'from 0 to 23')} '5-3'`],
  ['cron(0 5 32 * ? *)', `${range('day-of-month', 'from 1 to 31')} '32'`],
  ['cron(0 5 1 13 ? *)', `${range('month', 'from 1 to 12')} '13'`],
  ['cron(0 5 1 XYZ ? *)', `${range('month', 'from 1 to 12')} 'XYZ'`],
  ['cron(0 5 ? * 8 *)', `${range('day-of-week', 'from 1 to 7')} '8'`],
  ['cron(0 5 ? * SUN#6 *)', `${range('day-of-week', 'from 1 to 7')} 'SUN#6'`],
  ['cron(0 5 ? * SUNDAY#1 *)', `${range('day-of-week', 'from 1 to 7')} 'SUNDAY#1'`],
  ['cron(0 5 SUN#1 * ? *)', `${range('day-of-month', 'from 1 to 31')} 'SUN#1'`],
  ['cron(0 5 ? * 3#1,6#3 *)', "the day-of-week of 'expression' must be a single value if it contains '#', got '3#1,6#3': create a tier for each day"],
  ['cron(0 5 ? * MONDAY *)', `${range('day-of-week', 'from 1 to 7')} 'MONDAY'`],
  ['cron(0 5 ? * * 1969)', `${range('year', 'from 1970 to 2199')} '1969'`],
  ['cron(0 5 31 2 ? *)', "'expression' must run at least once, but no month has such a day, got 'cron(0 5 31 2 ? *)'"],
])("a field of '%s' is out of its range", (expression, problem) => {
  expect(readCron(expression).problems).toEqual([problem]);
});

const HOUR = 60;
const DAY = 24 * HOUR;

test.each([
  ['cron(0 * ? * * *)', HOUR],
  ['cron(0 5,17 ? * * *)', 12 * HOUR],
  ['cron(0 0/8 ? * * *)', 8 * HOUR],
  ['cron(0 8-18/2 ? * * *)', 14 * HOUR],
  ['cron(30 5 ? * MON-FRI *)', 3 * DAY],
  ['cron(0 5 ? * 1,4 *)', 4 * DAY], // Sunday and Wednesday
  ['cron(0 5 1,15 * ? *)', 17 * DAY],
  ['cron(0 5 31 * ? *)', 61 * DAY], // from 31 August to 31 October
  ['cron(0 5 1 JAN ? *)', 366 * DAY],
  ['cron(0 5 29 2 ? *)', 1461 * DAY],
])("the longest gap between two runs of '%s' is %i minutes", (expression, gap) => {
  expect(Schedule.cron(expression, readCron(expression).occurrence, true).longestGap()).toBe(gap);
});

test.each(['cron(0 5 L * ? *)', 'cron(0 5 15W * ? *)', 'cron(0 5 ? * 6L *)', 'cron(0 5 ? * SUNL *)', 'cron(0 5 ? * TUE#2 *)', 'cron(0 5 ? * 3#2 *)', 'cron(0 5 ? * * 2030)'])(
  "only AWS can compute the runs of '%s'", (expression) => {
    expect(readCron(expression).occurrence).toBeUndefined();
  });

test.each([
  ['cron(30 5 ? * MON-FRI *)', 0, 7, [0, 1, 2, 3, 4]],
  ['cron(30 5 ? * SUN *)', -7, 14, [-1, 6, 13]],
  ['cron(30 5 * * ? *)', 0, 3, [0, 1, 2]],
  ['cron(30 5 1,15 * ? *)', 0, 60, [0, 14, 31, 45, 59]], // of 2001, whose January has 31 days and whose February has 28
  ['cron(30 5 31 * ? *)', -1, 90, [-1, 30, 89]], // the day before 2001 is 31 December
])("the runs of '%s' from day %i to %i are known", (expression, from, to, days) => {
  const starts = Schedule.cron(expression, readCron(expression).occurrence, true).starts(from, to);

  expect(starts).toEqual(days.map((day) => day * DAY + 5 * 60 + 30));
});

test('an expression is read once', () => {
  expect(readCron('cron(7 5 ? * MON *)')).toBe(readCron('cron(7 5 ? * MON *)'));
});
