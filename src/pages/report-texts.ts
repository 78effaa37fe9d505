import { describeDays, describeMinutes } from '../private/spans';
import type { LockEntry, Place } from '../report/report-model';

/** A cell: a text, or several names, of which not all have to be shown. */
export type Cell = string | readonly string[];

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Section {
  readonly anchor: string;
  readonly title: string;
  readonly text: readonly string[];
  readonly tables: readonly Table[];
}

export function table(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Table {
  return { title, head, rows };
}

/** Minutes as a person reads them. */
export function span(minutes: number | undefined): string {
  const rest = minutes === undefined ? 0 : minutes % 60;
  return minutes === undefined ? '–' : minutes > 60 && rest !== 0 ? `${describeMinutes(minutes - rest)} ${describeMinutes(rest)}` : describeMinutes(minutes);
}

export function usd(amount: number): string {
  return `${decimals(amount)} USD`;
}

/** A number as in English on every machine. */
export function decimals(value: number, digits = 2): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function day(days: number | undefined): string {
  return days === undefined ? '–' : describeDays(days);
}

export function place({ account, region }: Place): string {
  return `${account}, ${region}`;
}

export function lockText({ mode, minRetentionDays, maxRetentionDays }: LockEntry): string {
  return mode === 'none' ? 'no lock' : mode === 'unknown' ? 'unknown lock' : `${mode}, ${day(minRetentionDays)} to ${maxRetentionDays === undefined ? 'any time' : day(maxRetentionDays)}`;
}
