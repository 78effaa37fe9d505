import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { RetentionEntry, TierEntry } from './report-model';
import type { BackupTier } from '../objectives/backup-tier';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import { withoutTokens } from '../private/messages';
import { inDays, inMinutes } from '../private/spans';

/** A text that is the same at every synthesis: tokens have numbers. */
export function literal(text: string): string {
  return Token.isUnresolved(text) ? withoutTokens(text) : text;
}

/** Sorted by a key, so that the order of definition does not matter: by code units, whatever the language of the machine. */
export function sortedBy<T>(all: Iterable<T>, keyOf: (each: T) => string): T[] {
  return [...all].map((each) => [keyOf(each), each] as const)
    .sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0).map(([, each]) => each);
}

export function minutes(span: Duration | undefined): number | undefined {
  return rounded(inMinutes(span));
}

/** Nothing, if it is unknown or infinite. */
export function rounded(value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : Math.ceil(value);
}

export function tierEntry(tier: BackupTier): TierEntry {
  return {
    name: literal(tier.name),
    schedule: tier.scheduleExpression,
    timeZone: tier.timeZone ?? 'UTC',
    week: tier._schedule.week(),
    isContinuous: tier.isContinuous,
    intervalMinutes: minutes(tier.interval),
    startWindowMinutes: minutes(tier.startWindow),
    completionWindowMinutes: minutes(tier.completionWindow),
    expectedDurationMinutes: minutes(tier.expectedDuration),
    isDurationAssumed: tier._isDurationAssumed,
  };
}

export function retentionEntry(tier: string, { deleteAfter, moveToColdStorageAfter }: Lifecycle): RetentionEntry {
  return { tier: literal(tier), moveToColdStorageAfterDays: rounded(inDays(moveToColdStorageAfter)), deleteAfterDays: rounded(inDays(deleteAfter)) };
}
