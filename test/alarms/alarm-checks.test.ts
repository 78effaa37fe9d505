import { Duration, Lazy } from 'aws-cdk-lib';
import { memberOf } from '../../src/alarms/alarm-catalogue';
import type { AlarmName } from '../../src/alarms/alarm-catalogue';
import { checkPeriod, checkOverrides } from '../../src/alarms/alarm-checks';
import { checkEmailAddresses } from '../../src/notification/recipient-checks';
import { PropsErrors } from '../../src/private/props-errors';

function problems(check: (errors: PropsErrors) => unknown): readonly string[] {
  const errors = new PropsErrors('Props');
  check(errors);
  return errors.all;
}

test.each<[string, Duration]>([
  ['5 minutes', Duration.minutes(5)],
  ['7 days', Duration.days(7)],
])('jobs may be counted for %s', (_, period) => {
  expect(problems((errors) => checkPeriod(errors, period))).toEqual([]);
});

test.each<[string, Duration]>([
  ['4 minutes', Duration.minutes(4)],
  ['5.5 minutes', Duration.seconds(330)],
  ['10081 minutes', Duration.days(7).plus(Duration.minutes(1))],
])('refuses to count jobs for %s', (got, period) => {
  expect(problems((errors) => checkPeriod(errors, period))).toEqual([
    "'period' must be in whole minutes, from 5 minutes, the interval in which AWS Backup publishes, to 7 days, the longest evaluation range of an alarm, "
    + `got ${got}`,
  ]);
});

test('refuses to count jobs for as long as nobody knows yet', () => {
  expect(problems((errors) => checkPeriod(errors, Duration.minutes(Lazy.number({ produce: () => 5 }))))).toEqual([
    "'period' must be known at synthesis, got a token",
  ]);
});

test.each([
  [{ evaluationPeriods: 0 }, "'evaluationPeriods' (evaluation_periods) of 'backupJobFailed' (backup_job_failed) must be a whole number, 1 or more, got 0"],
  [{ evaluationPeriods: 0.5 }, "'evaluationPeriods' (evaluation_periods) of 'backupJobFailed' (backup_job_failed) must be a whole number, 1 or more, got 0.5"],
  [{ threshold: -1 }, "'threshold' of 'backupJobFailed' (backup_job_failed) must be 0 or more, got -1"],
  [{ threshold: NaN }, "'threshold' of 'backupJobFailed' (backup_job_failed) must be 0 or more, got NaN"],
  [{ threshold: Infinity }, "'threshold' of 'backupJobFailed' (backup_job_failed) must be 0 or more, got Infinity"],
])('refuses the override %p', (override, problem) => {
  expect(problems((errors) => checkOverrides(errors, { backupJobFailed: override }, ['backup-job-failed']))).toEqual([problem]);
});

test('refuses a threshold of what is missing', () => {
  expect(problems((errors) => checkOverrides(errors, { noGoodCopy: { threshold: 0 } }, ['no-good-copy'])))
    .toEqual(["'threshold' of 'noGoodCopy' (no_good_copy) must be left out: one job in time is sufficient"]);
});

test('an override that says nothing, as other languages may have it, changes nothing', () => {
  expect(problems((errors) => checkOverrides(errors, { backupJobFailed: undefined as any }, ['backup-job-failed']))).toEqual([]);
});

test('what is a token is not compared', () => {
  const later = Lazy.number({ produce: () => 5 });

  expect(problems((errors) => checkOverrides(errors, { backupJobFailed: { threshold: later, evaluationPeriods: later } }, ['backup-job-failed']))).toEqual([]);
});

test('refuses an address that is a token, since subscriptions go by them', () => {
  expect(problems((errors) => checkEmailAddresses(errors, [Lazy.string({ produce: () => 'operations@example.com' })])))
    .toEqual(["'emailAddresses' (email_addresses) must be literal, because the subscriptions are identified by them, got a token"]);
});

describe('more periods than one', () => {
  const within = (name: AlarmName, evaluationPeriods: number, minutes?: number) =>
    problems((errors) => checkOverrides(errors, { [memberOf(name)]: { evaluationPeriods } }, [name], minutes));

  test.each<[AlarmName, number, string]>([
    ['backup-job-failed', 5, 'backup_job_failed'], ['replication-failed', 5, 'replication_failed'], ['backup-job-failed', 1439, 'backup_job_failed'],
    ['vault-tampered', 1440, 'vault_tampered'], ['vault-key-tampered', 1440, 'vault_key_tampered'],
    ['recovery-point-deleted', 1440, 'recovery_point_deleted'], ['backup-plan-removed', 1440, 'backup_plan_removed'],
    ['backup-job-with-issues', 1440, 'backup_job_with_issues'], ['event-not-delivered', 1440, 'event_not_delivered'],
  ])('of %s with jobs counted for %d minutes would be a silence', (name, minutes, inPython) => {
    expect(within(name, 1, minutes)).toEqual([]);
    expect(within(name, 2, minutes)).toEqual([
      `'evaluationPeriods' (evaluation_periods) of '${memberOf(name)}' (${inPython}) must be 1 with periods of less than a day (${minutes === 1439 ? 1439 : 5} minutes): a single failure is in one of them, and would not trigger the alarm, `
      + "got 2; to ignore a few, set 'threshold'",
    ]);
  });

  test('are taken of what fails where jobs are counted for a day, up to 7 days', () => {
    expect(within('backup-job-failed', 7, 1440)).toEqual([]);
    expect(within('backup-job-failed', 8, 1440)).toEqual([expect.stringMatching(/^'evaluationPeriods' \(evaluation_periods\) of 'backupJobFailed' \(backup_job_failed\) must be 7 or less, .* got 8$/)]);
  });

  test('are taken of what waits, up to a day of 5 minutes', () => {
    expect(within('replication-late', 288)).toEqual([]);
    expect(within('replication-late', 289)).toEqual([expect.stringMatching(/ must be 288 or less, .* its periods are 5 minutes, got 289$/)]);
  });

  test('are taken of what is missing, up to 7 days of hours, for however long jobs are counted', () => {
    expect(within('no-good-copy', 168, 1440)).toEqual([]);
    expect(within('no-good-copy', 169, 1440)).toEqual([expect.stringMatching(/ must be 168 or less, .* its periods are 1 hour, got 169$/)]);
  });
});
