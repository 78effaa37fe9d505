import { Duration, Lazy } from 'aws-cdk-lib';
import { checkEmailAddresses, checkEvaluationPeriod, checkOverrides } from '../../src/alarms/checks';
import { PropsErrors } from '../../src/private/props-errors';

function problems(check: (errors: PropsErrors) => unknown): readonly string[] {
  const errors = new PropsErrors('Props');
  check(errors);
  return errors.all;
}

test.each<[string, Duration]>([
  ['5 minutes', Duration.minutes(5)],
  ['7 days', Duration.days(7)],
  ['a token of minutes', Duration.minutes(Lazy.number({ produce: () => 5 }))],
])('jobs may be counted for %s', (_, period) => {
  expect(problems((errors) => checkEvaluationPeriod(errors, period))).toEqual([]);
});

test.each<[string, Duration]>([
  ['4 minutes', Duration.minutes(4)],
  ['5.5 minutes', Duration.seconds(330)],
  ['10081 minutes', Duration.days(7).plus(Duration.minutes(1))],
])('refuses to count jobs for %s', (got, period) => {
  expect(problems((errors) => checkEvaluationPeriod(errors, period))).toEqual([
    "'evaluationPeriod' must be whole minutes, from 5, since AWS Backup publishes every 5 minutes, to 7 days, as long as an alarm looks back, "
    + `got ${got}`,
  ]);
});

test('refuses a token of another unit than minutes', () => {
  expect(problems((errors) => checkEvaluationPeriod(errors, Duration.hours(Lazy.number({ produce: () => 1 }))))).toEqual([
    "'evaluationPeriod' is a token and can't be converted: give it as 'Duration.minutes(...)', got hours",
  ]);
});

test.each([
  [{ evaluationPeriods: 0 }, "'evaluationPeriods' of 'backup-job-failed' must be a whole number, 1 or more, got 0"],
  [{ evaluationPeriods: 1.5 }, "'evaluationPeriods' of 'backup-job-failed' must be a whole number, 1 or more, got 1.5"],
  [{ threshold: -1 }, "'threshold' of 'backup-job-failed' must be 0 or more, got -1"],
  [{ threshold: NaN }, "'threshold' of 'backup-job-failed' must be 0 or more, got NaN"],
])('refuses the override %p', (override, problem) => {
  expect(problems((errors) => checkOverrides(errors, { 'backup-job-failed': override }, ['backup-job-failed'], () => 5))).toEqual([problem]);
});

test('what is a token is not compared', () => {
  const later = Lazy.number({ produce: () => 5 });

  expect(problems((errors) => checkOverrides(errors, { 'backup-job-failed': { threshold: later, evaluationPeriods: later } }, ['backup-job-failed'], () => 5))).toEqual([]);
  expect(problems((errors) => checkEmailAddresses(errors, [Lazy.string({ produce: () => 'operations@example.com' })]))).toEqual([]);
});

test.each(['vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed', 'backup-job-with-issues', 'event-not-delivered'] as const)(
  '%s looks back by 5 minutes, for as long as jobs may be counted', (name) => {
    expect(problems((errors) => checkOverrides(errors, { [name]: { evaluationPeriods: 288 } }, [name], () => 1440))).toEqual([]);
    expect(problems((errors) => checkOverrides(errors, { [name]: { evaluationPeriods: 289 } }, [name], () => 1440))).toHaveLength(1);
  },
);
