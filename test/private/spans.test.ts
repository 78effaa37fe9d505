import { Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { describe as say, describeMinutes, inDays, inMinutes, wholeDaysProblem } from '../../src/private/spans';

const token = Duration.days(Lazy.number({ produce: () => 30 }));

test.each([
  [Duration.days(30), 30],
  [Duration.hours(36), 1.5],
  [Duration.minutes(1440), 1],
  [Duration.seconds(86_400), 1],
  [undefined, undefined],
  [token, undefined],
])('%s is %s days', (span, days) => {
  expect(inDays(span)).toBe(days);
});

test.each([
  [Duration.days(1), 1440],
  [Duration.hours(1), 60],
  [Duration.minutes(61), 61],
  [Duration.seconds(90), 1.5],
  [undefined, undefined],
  [token, undefined],
])('%s is %s minutes', (span, minutes) => {
  expect(inMinutes(span)).toBe(minutes);
});

test.each([
  [Duration.days(1)],
  [Duration.days(100)],
  [Duration.hours(48)],
  [undefined],
  [token],
])('nothing is wrong with %s where 1 to 100 days are allowed', (span) => {
  expect(wholeDaysProblem('deleteAfter', span, 1, 100)).toBeUndefined();
});

test.each([
  [Duration.days(0), '0 days'],
  [Duration.days(101), '101 days'],
  [Duration.hours(36), '36 hours'],
  [Duration.minutes(1441), '1441 minutes'],
])('%s is refused where 1 to 100 days are allowed', (span, got) => {
  expect(wholeDaysProblem('localRetention', span, 1, 100)).toBe(`'localRetention' must be a whole number of days from 1 to 100, got ${got}`);
});

test('whole days are whole days in every unit', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 36_500 }), (days) => {
    for (const span of [Duration.days(days), Duration.hours(days * 24), Duration.minutes(days * 1440), Duration.seconds(days * 86_400)]) {
      expect(inDays(span)).toBe(days);
      expect(wholeDaysProblem('deleteAfter', span, 1, 36_500)).toBeUndefined();
    }
  }));
});

test.each([
  [0, '0 minutes'],
  [0.5, '0.5 minutes'],
  [1, '1 minute'],
  [59, '59 minutes'],
  [60, '1 hour'],
  [90, '90 minutes'],
  [120, '2 hours'],
  [1440, '24 hours'],
  [1800, '30 hours'],
  [2880, '2 days'],
  [2940, '49 hours'],
  [10_440, '174 hours'],
  [44_640, '31 days'],
])('%s minutes are said as %s', (minutes, said) => {
  expect(describeMinutes(minutes)).toBe(said);
});

test.each([
  [Duration.hours(36), '36 hours'],
  [Duration.days(7), '7 days'],
  [Duration.seconds(30), '0.5 minutes'],
  [token, 'a token'],
])('%s is said as %s', (span, said) => {
  expect(say(span)).toBe(said);
});
