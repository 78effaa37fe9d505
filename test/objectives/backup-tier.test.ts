import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { BackupTier } from '../../src/objectives/backup-tier';
import type { DailyTierOptions } from '../../src/objectives/backup-tier-options';
import { WeekDay } from '../../src/schedules/week-day';
import { problemsOf } from '../problems';

const kept = { deleteAfter: Duration.days(35) };

test('a daily tier runs at 05:00, starts within an hour, is canceled after 7 days and takes 5 hours, unless told otherwise', () => {
  const tier = BackupTier.daily(kept);

  expect(tier.name).toBe('daily');
  expect(tier.scheduleExpression).toBe('cron(0 5 ? * * *)');
  expect(tier.interval.toHours()).toBe(24);
  expect(tier.startWindow.toMinutes()).toBe(60);
  expect(tier.completionWindow.toMinutes()).toBe(10_080);
  expect(tier.expectedDuration.toMinutes()).toBe(300);
  expect(tier.deleteAfter.toDays()).toBe(35);
  expect(tier.moveToColdStorageAfter).toBeUndefined();
  expect(tier.recoveryPointTags).toBeUndefined();
});

test('a tier has the options that it was given', () => {
  const tier = BackupTier.daily({
    name: 'Orders_1.a-b',
    hour: 17,
    minute: 30,
    deleteAfter: Duration.days(120),
    moveToColdStorageAfter: Duration.days(30),
    startWindow: Duration.hours(6),
    completionWindow: Duration.hours(12),
    recoveryPointTags: { team: 'orders' },
  });

  expect(tier.name).toBe('Orders_1.a-b');
  expect(tier.scheduleExpression).toBe('cron(30 17 ? * * *)');
  expect(tier.deleteAfter.toDays()).toBe(120);
  expect(tier.moveToColdStorageAfter?.toDays()).toBe(30);
  expect(tier.startWindow.toHours()).toBe(6);
  expect(tier.completionWindow.toHours()).toBe(12);
  expect(tier.recoveryPointTags).toEqual({ team: 'orders' });
});

test.each([
  ['weekly', BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, hour: 6 }), 'cron(0 6 ? * SUN *)', 7],
  ['weekly', BackupTier.weekly({ ...kept, weekDay: WeekDay.WEDNESDAY }), 'cron(0 5 ? * WED *)', 7],
  ['monthly', BackupTier.monthly(kept), 'cron(0 5 1 * ? *)', 31],
  ['monthly', BackupTier.monthly({ ...kept, day: 28, hour: 0, minute: 59 }), 'cron(59 0 28 * ? *)', 31],
  ['monthly', BackupTier.monthly({ ...kept, lastDay: true }), 'cron(0 5 L * ? *)', 31],
  ['monthly', BackupTier.monthly({ ...kept, lastDay: false }), 'cron(0 5 1 * ? *)', 31],
  ['yearly', BackupTier.yearly({ ...kept, month: 12 }), 'cron(0 5 1 12 ? *)', 366],
  ['yearly', BackupTier.yearly({ ...kept, month: 4, day: 15, hour: 23 }), 'cron(0 23 15 4 ? *)', 366],
  ['yearly', BackupTier.yearly({ ...kept, month: 2, lastDay: true }), 'cron(0 5 L 2 ? *)', 366],
  ['every1Hours', BackupTier.everyHours(1, { ...kept, minute: 15 }), 'cron(15 * ? * * *)', 1 / 24],
  ['every6Hours', BackupTier.everyHours(6, kept), 'cron(0 0,6,12,18 ? * * *)', 0.25],
  ['every8Hours', BackupTier.everyHours(8, { ...kept, firstHour: 1 }), 'cron(0 1,9,17 ? * * *)', 1 / 3],
  ['every12Hours', BackupTier.everyHours(12, { ...kept, firstHour: 17 }), 'cron(0 5,17 ? * * *)', 0.5],
  ['every24Hours', BackupTier.everyHours(24, { ...kept, firstHour: 23 }), 'cron(0 23 ? * * *)', 1],
  ['business', BackupTier.cron('cron(0 18 ? * MON-FRI *)', { ...kept, name: 'business', interval: Duration.days(3) }), 'cron(0 18 ? * MON-FRI *)', 3],
])('a tier %s says its schedule as AWS Backup does', (name, tier, scheduleExpression, days) => {
  expect(tier.name).toBe(name);
  expect(tier.scheduleExpression).toBe(scheduleExpression);
  expect(tier.interval.toDays({ integral: false })).toBeCloseTo(days, 10);
});

test('every kind of tier can have another name', () => {
  const named = { ...kept, name: 'mine' };

  expect(BackupTier.weekly({ ...named, weekDay: WeekDay.MONDAY }).name).toBe('mine');
  expect(BackupTier.monthly(named).name).toBe('mine');
  expect(BackupTier.yearly({ ...named, month: 1 }).name).toBe('mine');
  expect(BackupTier.everyHours(6, named).name).toBe('mine');
});

const day = Duration.days(1);
const cronOf = (expression: string, more?: object) => () => BackupTier.cron(expression, { ...kept, name: 'cron', interval: day, ...more });
const dailyOf = (options: Partial<DailyTierOptions>) => () => BackupTier.daily({ ...kept, ...options });

test.each([
  ['hour 24', dailyOf({ hour: 24 }), "daily:\n- 'hour' must be a whole number from 0 to 23, got 24"],
  ['hour -1', dailyOf({ hour: -1 }), "daily:\n- 'hour' must be a whole number from 0 to 23, got -1"],
  ['hour 5.5', dailyOf({ hour: 5.5 }), "daily:\n- 'hour' must be a whole number from 0 to 23, got 5.5"],
  ['minute 60', dailyOf({ minute: 60 }), "daily:\n- 'minute' must be a whole number from 0 to 59, got 60"],
  ['hour 24 of a week', () => BackupTier.weekly({ ...kept, weekDay: WeekDay.FRIDAY, hour: 24 }),
    "weekly:\n- 'hour' must be a whole number from 0 to 23, got 24"],
  ['hour 24 of a month', () => BackupTier.monthly({ ...kept, hour: 24 }), "monthly:\n- 'hour' must be a whole number from 0 to 23, got 24"],
  ['hour 24 of a year', () => BackupTier.yearly({ ...kept, month: 1, hour: 24 }), "yearly:\n- 'hour' must be a whole number from 0 to 23, got 24"],
  ['first hour 24', () => BackupTier.everyHours(6, { ...kept, firstHour: 24 }),
    "everyHours:\n- 'firstHour' (first_hour) must be a whole number from 0 to 23, got 24"],
  ['day 31', () => BackupTier.monthly({ ...kept, day: 31 }),
    "monthly:\n- 'day' must be a whole number from 1 to 28, because not every month has later days (for the last day, set 'lastDay' (last_day)), got 31"],
  ['day 29', () => BackupTier.monthly({ ...kept, day: 29 }),
    "monthly:\n- 'day' must be a whole number from 1 to 28, because not every month has later days (for the last day, set 'lastDay' (last_day)), got 29"],
  ['day 0', () => BackupTier.yearly({ ...kept, month: 1, day: 0 }),
    "yearly:\n- 'day' must be a whole number from 1 to 28, because not every month has later days (for the last day, set 'lastDay' (last_day)), got 0"],
  ['a day and the last day', () => BackupTier.monthly({ ...kept, day: 15, lastDay: true }),
    "monthly:\n- leave out 'day' if 'lastDay' (last_day) is true, got 15"],
  ['month 0', () => BackupTier.yearly({ ...kept, month: 0 }), "yearly:\n- 'month' must be a whole number from 1 to 12, got 0"],
  ['month 13', () => BackupTier.yearly({ ...kept, month: 13 }), "yearly:\n- 'month' must be a whole number from 1 to 12, got 13"],
  ['every 5 hours', () => BackupTier.everyHours(5, kept),
    "everyHours:\n- 'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got 5"],
  ['every 0 hours', () => BackupTier.everyHours(0, kept),
    "everyHours:\n- 'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got 0"],
  ['every 48 hours', () => BackupTier.everyHours(48, kept),
    "everyHours:\n- 'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got 48"],
  ['every 1.5 hours', () => BackupTier.everyHours(1.5, { ...kept, name: 'often' }),
    "everyHours:\n- 'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got 1.5"],
  ['a start window of 30 minutes', dailyOf({ startWindow: Duration.minutes(30) }),
    "daily:\n- 'startWindow' (start_window) must be at least 1 hour, in whole minutes, got 30 minutes"],
  ['a start window of 59 minutes', dailyOf({ startWindow: Duration.minutes(59) }),
    "daily:\n- 'startWindow' (start_window) must be at least 1 hour, in whole minutes, got 59 minutes"],
  ['a start window of minutes and seconds', dailyOf({ startWindow: Duration.seconds(3630) }),
    "daily:\n- 'startWindow' (start_window) must be at least 1 hour, in whole minutes, got 60.5 minutes"],
  ['a completion window as long as the start window', dailyOf({ startWindow: Duration.hours(2), completionWindow: Duration.hours(2) }),
    "daily:\n- 'completionWindow' (completion_window) must be at least 1 hour longer than 'startWindow' (start_window, 2 hours), got 2 hours"],
  ['a completion window 59 minutes longer', dailyOf({ completionWindow: Duration.minutes(119) }),
    "daily:\n- 'completionWindow' (completion_window) must be at least 1 hour longer than 'startWindow' (start_window, 1 hour), got 119 minutes"],
  ['an expected duration beyond the completion window', dailyOf({ completionWindow: Duration.hours(5), expectedDuration: Duration.minutes(301) }),
    "daily:\n- 'expectedDuration' (expected_duration) must be at most the 'completionWindow' (completion_window, 5 hours), after which AWS Backup cancels the job, got 301 minutes"],
  ['an expected duration of nothing', dailyOf({ expectedDuration: Duration.minutes(0) }),
    "daily:\n- 'expectedDuration' (expected_duration) must be at least 1 minute, in whole minutes, got 0 minutes"],
  ['an expected duration that is a number', dailyOf({ expectedDuration: 5 as never }),
    "daily:\n- 'expectedDuration' (expected_duration) must be a Duration, such as 'Duration.hours(5)', got 5"],
  ['a completion window of minutes and seconds', dailyOf({ completionWindow: Duration.seconds(18_030) }),
    "daily:\n- 'completionWindow' (completion_window) must be in whole minutes, got 300.5 minutes"],
  ['cold storage for 60 days', dailyOf({ deleteAfter: Duration.days(90), moveToColdStorageAfter: Duration.days(30) }),
    "daily:\n- 'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 30 days), so at least 120 days, got 90 days"],
  ['an empty name', dailyOf({ name: '' }), "daily:\n- 'name' must be 1 to 50 letters, digits, hyphens, underscores and dots, got ''"],
  ['a name with a space', dailyOf({ name: 'my tier' }),
    "daily:\n- 'name' must be 1 to 50 letters, digits, hyphens, underscores and dots, got 'my tier'"],
  ['11 tags', dailyOf({ recoveryPointTags: { a: '', b: '', c: '', d: '', e: '', f: '', g: '', h: '', i: '', j: '', k: '' } }),
    "daily:\n- 'recoveryPointTags' (recovery_point_tags) must be at most 10 tags, got 11"],
  ['a cron expression every half hour', cronOf('cron(0/30 * ? * * *)'),
    "cron:\n- the minutes of 'expression' must be one number from 0 to 59, because AWS Backup runs at most hourly, got '0/30'"],
  ['a cron expression without a question mark', cronOf('cron(0 5 * * * *)'),
    "cron:\n- one of day-of-month and day-of-week of 'expression' must be '?', and the other one must not, got '*' and '*'"],
  ['an interval of 59 minutes', cronOf('cron(0 * ? * * *)', { interval: Duration.minutes(59) }),
    "cron:\n- 'interval' must be at least 1 hour, because AWS Backup runs at most hourly, got 59 minutes"],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(new Error(`invalid BackupTier.${message}`));
});

test('all problems of a tier are in one error', () => {
  const make = () => BackupTier.yearly({
    month: 13,
    day: 31,
    lastDay: true,
    hour: 24,
    minute: 60,
    name: 'every year',
    deleteAfter: Duration.hours(36),
    startWindow: Duration.minutes(30),
    completionWindow: Duration.minutes(60),
  });

  expect(make).toThrow(new Error([
    'invalid BackupTier.yearly:',
    "- 'hour' must be a whole number from 0 to 23, got 24",
    "- 'minute' must be a whole number from 0 to 59, got 60",
    "- leave out 'day' if 'lastDay' (last_day) is true, got 31",
    "- 'day' must be a whole number from 1 to 28, because not every month has later days (for the last day, set 'lastDay' (last_day)), got 31",
    "- 'month' must be a whole number from 1 to 12, got 13",
    "- 'name' must be 1 to 50 letters, digits, hyphens, underscores and dots, got 'every year'",
    "- 'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 36 hours",
    "- 'startWindow' (start_window) must be at least 1 hour, in whole minutes, got 30 minutes",
    "- 'completionWindow' (completion_window) must be at least 1 hour longer than 'startWindow' (start_window, 30 minutes), got 1 hour",
  ].join('\n')));
});

test.each([
  ['hour 0', { hour: 0 }],
  ['hour 23', { hour: 23 }],
  ['minute 59', { minute: 59 }],
  ['a start window of an hour', { startWindow: Duration.minutes(60) }],
  ['a completion window an hour longer', { startWindow: Duration.minutes(90), completionWindow: Duration.minutes(150) }],
  ['a retention of a day', { deleteAfter: Duration.days(1) }],
  ['a retention of 100 years', { deleteAfter: Duration.days(36_500) }],
  ['90 days in cold storage', { deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) }],
  ['a name of 50 characters', { name: 'a'.repeat(50) }],
  ['10 tags', { recoveryPointTags: { a: '', b: '', c: '', d: '', e: '', f: '', g: '', h: '', i: '', j: '' } }],
])('%s is accepted', (_, options) => {
  expect(dailyOf(options)).not.toThrow();
});

test('a name of 51 characters is refused', () => {
  expect(dailyOf({ name: 'a'.repeat(51) })).toThrow('1 to 50 letters');
});

test.each([
  ['deleteAfter', { deleteAfter: Duration.days(Lazy.number({ produce: () => 1 })), moveToColdStorageAfter: Duration.days(30) }],
  ['moveToColdStorageAfter', { moveToColdStorageAfter: Duration.days(Lazy.number({ produce: () => 30 })) }],
  ['startWindow', { startWindow: Duration.minutes(Lazy.number({ produce: () => 30 })) }],
  ['completionWindow', { completionWindow: Duration.minutes(Lazy.number({ produce: () => 30 })) }],
  ['name', { name: Token.asString({ Ref: 'Name' }) }],
])('a token as %s is not compared', (_, options) => {
  expect(dailyOf(options)).not.toThrow();
});

test.each([
  ['deleteAfter', 'delete_after', 'days', 'hours', { deleteAfter: Duration.hours(Lazy.number({ produce: () => 48 })) }],
  ['startWindow', 'start_window', 'minutes', 'hours', { startWindow: Duration.hours(Lazy.number({ produce: () => 2 })) }],
  ['completionWindow', 'completion_window', 'minutes', 'days', { completionWindow: Duration.days(Lazy.number({ produce: () => 2 })) }],
])('a token as %s (%s) must be in %s, since the CDK can not convert it', (property, inPython, unit, got, options) => {
  expect(dailyOf(options)).toThrow(`'${property}' (${inPython}) is a token and can't be converted: specify it as 'Duration.${unit}(...)', got ${got}`);
});

test('an interval that is shorter than the longest gap of the expression is refused', () => {
  expect(cronOf('cron(0 5 ? * MON-FRI *)'))
    .toThrow("'interval' must be at least 3 days, the longest gap between two runs of 'cron(0 5 ? * MON-FRI *)', got 1 day");
});

test.each([
  ['interval', cronOf('cron(0 5 ? * * *)', { interval: Duration.minutes(Lazy.number({ produce: () => 30 })) })],
  ['expression', cronOf(Token.asString({ Ref: 'Schedule' }))],
  ['name', cronOf('cron(0 5 ? * * *)', { name: Token.asString({ Ref: 'Name' }) })],
])('a token as %s of a cron tier is not compared', (_, make) => {
  expect(make).not.toThrow();
});

test.each([
  [60, 10_080],
  [10_020, 10_080],
  [10_021, 10_081],
  [14_400, 14_460],
])('a start window of %i minutes alone comes with a completion window of %i', (startWindow, completionWindow) => {
  expect(BackupTier.daily({ ...kept, startWindow: Duration.minutes(startWindow) }).completionWindow.toMinutes()).toBe(completionWindow);
});

test('a start window that is a token comes with a completion window of 7 days', () => {
  expect(BackupTier.daily({ ...kept, startWindow: Duration.minutes(Lazy.number({ produce: () => 600 })) }).completionWindow.toDays()).toBe(7);
});

test.each([
  ['5 hours where nobody says how long they take', {}, 5],
  ['as long as they may where only the completion window is given', { completionWindow: Duration.hours(12) }, 12],
  ['as long as is said', { expectedDuration: Duration.hours(2) }, 2],
  ['as long as is said where the completion window is given too', { completionWindow: Duration.hours(12), expectedDuration: Duration.hours(2) }, 2],
])('jobs are expected to take %s', (_, windows, hours) => {
  expect(BackupTier.daily({ ...kept, ...windows }).expectedDuration.toHours()).toBe(hours);
});

test('the standard tiers are daily, weekly and monthly, 7 hours apart, and keep recovery points for 35, 90 and 365 days', () => {
  expect(BackupTier.standard().map(({ name, scheduleExpression, deleteAfter }) => [name, scheduleExpression, deleteAfter.toDays()])).toEqual([
    ['daily', 'cron(0 1 ? * * *)', 35],
    ['weekly', 'cron(0 8 ? * SUN *)', 90],
    ['monthly', 'cron(0 15 1 * ? *)', 365],
  ]);
});

test('a continuous tier runs at 21:00 and has what it was given', () => {
  const tier = BackupTier.continuous({ deleteAfter: Duration.days(35) });

  expect(tier.isContinuous).toBe(true);
  expect(tier.name).toBe('continuous');
  expect(tier.scheduleExpression).toBe('cron(0 21 ? * * *)');
  expect(tier.deleteAfter.toDays()).toBe(35);
  expect(BackupTier.continuous({ deleteAfter: Duration.days(1), name: 'pitr', hour: 3, minute: 15 }).scheduleExpression).toBe('cron(15 3 ? * * *)');
  expect(BackupTier.daily(kept).isContinuous).toBe(false);
});

test('a continuous backup is kept for 35 days at the most, and has no cold storage', () => {
  const make = () => BackupTier.continuous({ deleteAfter: Duration.days(36), ...{ moveToColdStorageAfter: Duration.days(7) } });

  expect(problemsOf(make)).toEqual(expect.arrayContaining([
    "leave out 'moveToColdStorageAfter' (move_to_cold_storage_after): a continuous backup can't move to cold storage; its copies can, with 'moveToColdStorageAfter' of BackupCopy",
    "'deleteAfter' (delete_after) of a continuous backup must be a whole number of days from 1 to 35, got 36 days: for a longer retention, add another tier, or copy this one",
  ]));
});

test('a tier has the time zone that it was given', () => {
  expect(BackupTier.daily({ ...kept, timeZone: 'Europe/London' }).timeZone).toBe('Europe/London');
  expect(BackupTier.daily(kept).timeZone).toBeUndefined();
});

test.each([
  ['daily', 'Europe/London', () => BackupTier.daily({ ...kept, timeZone: 'Europe/London' }), 25],
  ['daily, without changes of the clocks,', 'Asia/Kolkata', () => BackupTier.daily({ ...kept, timeZone: 'Asia/Kolkata' }), 24],
  ['daily, at a time that is skipped,', 'Europe/London', () => BackupTier.daily({ ...kept, hour: 1, minute: 30, timeZone: 'Europe/London' }), 47],
  ['hourly', 'America/New_York', () => BackupTier.everyHours(1, { ...kept, timeZone: 'America/New_York' }), 2],
  ['12-hourly', 'America/New_York', () => BackupTier.everyHours(12, { ...kept, timeZone: 'America/New_York' }), 13],
  ['weekly', 'Europe/London', () => BackupTier.weekly({ ...kept, weekDay: WeekDay.SUNDAY, timeZone: 'Europe/London' }), 7 * 24 + 1],
  ['daily, where clocks change by half an hour,', 'Australia/Lord_Howe', () => BackupTier.daily({ ...kept, timeZone: 'Australia/Lord_Howe' }), 24.5],
])('runs of a tier that is %s in %s are up to %d hours apart', (_, __, make, hours) => {
  expect(make().interval.toHours({ integral: false })).toBe(hours);
});

test.each([
  ['Mars/Olympus', "'timeZone' (time_zone) must be the name of a time zone in the IANA database, such as 'Europe/London' or 'UTC', got 'Mars/Olympus'"],
  ['', "'timeZone' (time_zone) must be the name of a time zone in the IANA database, such as 'Europe/London' or 'UTC', got ''"],
  ['+01:00', "'timeZone' (time_zone) must be the name of a time zone in the IANA database"],
  ['europe/london', "'timeZone' (time_zone) must use the spelling of the IANA database, 'Europe/London', got 'europe/london'"],
  [Token.asString({ Ref: 'Zone' }), "'timeZone' (time_zone) must be a literal name, such as 'Europe/London', because runs are computed from it, got a token"],
])("'%s' is no time zone", (timeZone, problem) => {
  expect(dailyOf({ timeZone })).toThrow(problem);
});

test.each(['UTC', 'Etc/UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (timeZone) => {
  expect(dailyOf({ timeZone })).not.toThrow();
});

/** What JavaScript lets pass. */
const untyped = (make: (tier: any) => unknown) => () => make(BackupTier);
const needsRetention = "'deleteAfter' (delete_after) is required, a Duration such as 'Duration.days(35)', got nothing";

test.each([
  ['daily', untyped((tier) => tier.daily()), needsRetention],
  ['daily', untyped((tier) => tier.daily({})), needsRetention],
  ['daily', untyped((tier) => tier.daily({ deleteAfter: 35 })), "'deleteAfter' (delete_after) must be a Duration, such as 'Duration.days(35)', got 35"],
  ['daily', untyped((tier) => tier.daily({ ...kept, startWindow: '1h' })), "'startWindow' (start_window) must be a Duration, such as 'Duration.hours(1)', got '1h'"],
  ['weekly', untyped((tier) => tier.weekly(kept)), "'weekDay' (week_day) must be a day of the week, such as 'WeekDay.SUNDAY', got nothing"],
  ['weekly', untyped((tier) => tier.weekly({ ...kept, weekDay: 'Sunday' })), "'weekDay' (week_day) must be a day of the week, such as 'WeekDay.SUNDAY', got 'Sunday'"],
  ['monthly', untyped((tier) => tier.monthly(null)), needsRetention],
  ['yearly', untyped((tier) => tier.yearly(kept)), "'month' must be a whole number from 1 to 12, got nothing"],
  ['everyHours', untyped((tier) => tier.everyHours(6)), needsRetention],
  ['everyHours', untyped((tier) => tier.everyHours(undefined, kept)), "'hours' must be 1, 2, 3, 4, 6, 8, 12 or 24: AWS Backup restarts a schedule every day, so other gaps would be uneven, got nothing"],
  ['continuous', untyped((tier) => tier.continuous()), needsRetention],
])('a value that is missing in %s is told in words', (kind, make, problem) => {
  expect(make).toThrow(new Error(`invalid BackupTier.${kind}:\n- ${problem}`));
});

test('a cron tier without anything is told in words what it needs', () => {
  expect(untyped((tier) => tier.cron())).toThrow(new Error([
    'invalid BackupTier.cron:',
    "- 'expression' is required, a string such as 'cron(0 5 ? * * *)', got nothing",
    "- 'name' is required, because it is the name of the backup rule, got nothing",
    "- 'interval' is required, a Duration such as 'Duration.days(1)', got nothing",
    `- ${needsRetention}`,
  ].join('\n')));
});
