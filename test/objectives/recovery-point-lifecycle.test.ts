import { Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { checkLifecycle, keptFor, warmDays } from '../../src/objectives/recovery-point-lifecycle';
import { PropsErrors } from '../../src/private/props-errors';

const days = (count: number | undefined) => count === undefined ? undefined : Duration.days(count);
const token = Duration.days(Lazy.number({ produce: () => 1 }));

function problemsOf(deleteAfter: Duration, moveToColdStorageAfter?: Duration): readonly string[] {
  const errors = new PropsErrors('lifecycle');
  checkLifecycle(errors, { deleteAfter, moveToColdStorageAfter });
  return errors.all;
}

test.each([
  [1, undefined],
  [36_500, undefined],
  [91, 1],
  [120, 30],
  [36_500, 36_410],
])('%s days with cold storage after %s days are fine', (deleteAfter, cold) => {
  expect(problemsOf(Duration.days(deleteAfter), days(cold))).toEqual([]);
});

test.each([
  [90, 30, "'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 30 days), so at least 120 days, got 90 days"],
  [119, 30, "'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 30 days), so at least 120 days, got 119 days"],
  [91, 2, "'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 2 days), so at least 92 days, got 91 days"],
  [30, 60, "'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 60 days), so at least 150 days, got 30 days"],
  [0, undefined, "'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 0 days"],
  [36_501, undefined, "'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 36501 days"],
  [120, 0, "'moveToColdStorageAfter' (move_to_cold_storage_after) must be a whole number of days from 1 to 36410, got 0 days"],
])('%s days with cold storage after %s days are refused', (deleteAfter, cold, problem) => {
  expect(problemsOf(Duration.days(deleteAfter), days(cold))).toEqual([problem]);
});

test('parts of days are refused, each on its own, and not compared', () => {
  expect(problemsOf(Duration.hours(36), Duration.hours(25))).toEqual([
    "'deleteAfter' (delete_after) must be a whole number of days from 1 to 36500, got 36 hours",
    "'moveToColdStorageAfter' (move_to_cold_storage_after) must be a whole number of days from 1 to 36410, got 25 hours",
  ]);
});

test('days may be written as hours or minutes', () => {
  expect(problemsOf(Duration.hours(120 * 24), Duration.minutes(30 * 1440))).toEqual([]);
});

test('tokens are not compared', () => {
  expect(problemsOf(token, Duration.days(30))).toEqual([]);
  expect(problemsOf(Duration.days(30), token)).toEqual([]);
  expect(problemsOf(token, token)).toEqual([]);
});

test('what is beside a token is checked all the same', () => {
  expect(problemsOf(token, Duration.hours(25))).toEqual([
    "'moveToColdStorageAfter' (move_to_cold_storage_after) must be a whole number of days from 1 to 36410, got 25 hours",
  ]);
});

test('a lifecycle is refused exactly where it leaves fewer than 90 days in cold storage', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 36_410 }), fc.integer({ min: -100, max: 100 }), (cold, off) => {
    const deleteAfter = Math.min(36_500, Math.max(1, cold + 90 + off));

    expect(problemsOf(Duration.days(deleteAfter), Duration.days(cold)).length).toBe(deleteAfter - cold >= 90 ? 0 : 1);
  }));
});

test.each([
  { cold: 30, deleteAfter: 120, staysCold: true },
  { cold: 30, deleteAfter: 119, staysCold: false },
  { cold: 30, deleteAfter: 7, staysCold: false },
  { cold: undefined, deleteAfter: 7, staysCold: false },
])('kept for $deleteAfter days, with cold storage after $cold days: cold storage is $staysCold', ({ cold, deleteAfter, staysCold }) => {
  const kept = keptFor({ deleteAfter: Duration.days(360), moveToColdStorageAfter: days(cold) }, Duration.days(deleteAfter));

  expect(kept.deleteAfter.toDays()).toBe(deleteAfter);
  expect(kept.moveToColdStorageAfter?.toDays()).toBe(staysCold ? cold : undefined);
});

test('cold storage is kept where a token leaves open whether it fits', () => {
  const cold = Duration.days(30);

  expect(keptFor({ deleteAfter: Duration.days(360), moveToColdStorageAfter: cold }, token).moveToColdStorageAfter).toBe(cold);
  expect(keptFor({ deleteAfter: Duration.days(360), moveToColdStorageAfter: token }, Duration.days(7)).moveToColdStorageAfter).toBe(token);
});

test('what is kept for another time is a lifecycle that AWS Backup takes', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 1000 }), (cold, deleteAfter) => {
    const kept = keptFor({ deleteAfter: Duration.days(cold + 90), moveToColdStorageAfter: Duration.days(cold) }, Duration.days(deleteAfter));

    expect(problemsOf(kept.deleteAfter, kept.moveToColdStorageAfter)).toEqual([]);
  }));
});

test.each([
  ['until it is deleted', { deleteAfter: Duration.days(35) }, 35],
  ['until it moves to cold storage', { deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) }, 30],
  ['for a time that nobody knows yet', { deleteAfter: token }, undefined],
  ['for a time that nobody knows yet, though it moves', { deleteAfter: Duration.days(120), moveToColdStorageAfter: token }, undefined],
])('a recovery point is in warm storage %s', (_, lifecycle, warm) => {
  expect(warmDays(lifecycle)).toBe(warm);
});
