import type { Duration } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import type { BackupTierOptions, MonthlyTierOptions } from './backup-tier-options';
import { checkLifecycle } from './recovery-point-lifecycle';
import type { TierWindows } from './tier-windows';
import type { PropsErrors } from '../private/props-errors';
import { describe, inMinutes, tokenUnitProblem } from '../private/spans';
import { timeZoneProblem } from '../schedules/calendar';
import { WeekDay } from '../schedules/week-day';

/**
 * The problem of a duration that is missing or has another type, which no compiler reports in JavaScript.
 *
 * @param example What could be written instead
 */
export function durationProblem(property: string, span: Duration | undefined, example: string, isRequired = false): string | undefined {
  if (span === undefined || span === null) {
    return isRequired ? `'${property}' is required, a Duration such as '${example}', got nothing` : undefined;
  }
  return typeof span.toMinutes === 'function' && typeof span.isUnresolved === 'function' ? undefined
    : `'${property}' must be a Duration, such as '${example}', got ${sayValue(span)}`;
}

/** A value of a type that it should not have, for an error. */
export function sayValue(value: unknown): string {
  return typeof value !== 'object' && Token.isUnresolved(value) ? 'a token' : typeof value === 'string' ? `'${value}'` : value === undefined || value === null ? 'nothing'
    : Array.isArray(value) ? 'a list' : typeof value === 'object' || typeof value === 'function' ? 'an object' : String(value);
}

export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** A number that is a token can't be a time of day: runs are computed from it. */
export function checkTime(errors: PropsErrors, hourProperty: string, hour: number, minute: number): void {
  errors.when(!isWithin(hour, 0, 23), () => `'${hourProperty}' must be a whole number from 0 to 23, got ${sayValue(hour)}`);
  errors.when(!isWithin(minute, 0, 59), () => `'minute' must be a whole number from 0 to 59, got ${sayValue(minute)}`);
}

export function checkWeekDay(errors: PropsErrors, weekDay: WeekDay): void {
  errors.when(!Object.values(WeekDay).includes(weekDay), () => `'weekDay' must be a day of the week, such as 'WeekDay.SUNDAY', got ${sayValue(weekDay)}`);
}

export function checkMonth(errors: PropsErrors, month: number): void {
  errors.when(!isWithin(month, 1, 12), () => `'month' must be a whole number from 1 to 12, got ${sayValue(month)}`);
}

export function checkDay(errors: PropsErrors, { day, lastDay }: MonthlyTierOptions): void {
  errors.when(day !== undefined && lastDay, () => `leave out 'day' if 'lastDay' is true, got ${sayValue(day)}`);
  errors.when(day !== undefined && !isWithin(day, 1, 28),
    () => `'day' must be a whole number from 1 to 28, because not every month has later days (for the last day, set 'lastDay'), got ${sayValue(day)}`);
}

/** Checks of every tier. */
export function checkTier(errors: PropsErrors, name: string, options: BackupTierOptions, windows: TierWindows): void {
  const { deleteAfter, moveToColdStorageAfter, recoveryPointTags, timeZone } = options;
  errors.when(!Token.isUnresolved(name) && !(typeof name === 'string' && /^[A-Za-z0-9\-_.]{1,50}$/.test(name)),
    () => `'name' must be 1 to 50 letters, digits, hyphens, underscores and dots, got ${sayValue(name)}`);
  checkTimeZone(errors, timeZone);

  const missing = [
    durationProblem('deleteAfter', deleteAfter, 'Duration.days(35)', true), durationProblem('moveToColdStorageAfter', moveToColdStorageAfter, 'Duration.days(30)'),
  ].filter((problem) => problem !== undefined);
  const wrongWindows = [
    durationProblem('startWindow', windows.startWindow, 'Duration.hours(1)'), durationProblem('completionWindow', windows.completionWindow, 'Duration.days(7)'),
    durationProblem('expectedDuration', options.expectedDuration, 'Duration.hours(5)'),
  ].filter((problem) => problem !== undefined);
  errors.add(...missing);
  if (missing.length === 0) {
    checkLifecycle(errors, { deleteAfter, moveToColdStorageAfter });
  }
  errors.add(...wrongWindows);
  if (wrongWindows.length === 0) {
    checkWindows(errors, options, windows);
  }
  errors.when(Object.keys(recoveryPointTags ?? {}).length > 10,
    () => `'recoveryPointTags' must be at most 10 tags, got ${Object.keys(recoveryPointTags!).length}`);
}

function checkTimeZone(errors: PropsErrors, timeZone: string | undefined): void {
  if (timeZone === undefined || timeZone === null) {
    return;
  }
  if (Token.isUnresolved(timeZone) || typeof timeZone !== 'string') {
    errors.add(`'timeZone' must be a literal name, such as 'Europe/London', because runs are computed from it, got ${sayValue(timeZone)}`);
    return;
  }
  const problem = timeZoneProblem(timeZone);
  errors.when(problem !== undefined, () => problem!);
}

function checkWindows(errors: PropsErrors, options: BackupTierOptions, { startWindow, completionWindow, expectedDuration }: TierWindows): void {
  const start = inMinutes(startWindow);
  const completion = inMinutes(completionWindow);
  const expected = inMinutes(options.expectedDuration); // what was not given follows from what is checked
  errors.add(...[
    tokenUnitProblem('startWindow', startWindow, 'minutes'), tokenUnitProblem('completionWindow', completionWindow, 'minutes'),
  ].filter((problem) => problem !== undefined));
  errors.when(start !== undefined && (start < 60 || !Number.isInteger(start)),
    () => `'startWindow' must be at least 1 hour, in whole minutes, got ${describe(startWindow)}`);
  errors.when(start !== undefined && completion !== undefined && completion < start + 60,
    () => `'completionWindow' must be at least 1 hour longer than 'startWindow' (${describe(startWindow)}), got ${describe(completionWindow)}`);
  errors.when(completion !== undefined && !Number.isInteger(completion),
    () => `'completionWindow' must be in whole minutes, got ${describe(completionWindow)}`);
  errors.when(expected !== undefined && (expected < 1 || !Number.isInteger(expected)),
    () => `'expectedDuration' must be at least 1 minute, in whole minutes, got ${describe(expectedDuration)}`);
  errors.when(expected !== undefined && completion !== undefined && expected > completion,
    () => `'expectedDuration' must be at most the 'completionWindow' (${describe(completionWindow)}), after which AWS Backup cancels the job, got ${describe(expectedDuration)}`);
}
