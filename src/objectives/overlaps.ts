import type { BackupTier } from './backup-tier';
import { sayMoment, saySpan } from './schedule';
import { describe, inMinutes } from '../private/spans';

/**
 * How the runs of the tiers of one plan get in each other's way.
 */
export interface Overlaps {
  /** Start windows that overlap: AWS Backup then keeps only the run with the longer retention. */
  readonly errors: string[];
  /** A job that may still run when the start window of another one closes: AWS Backup runs one job per resource at a time. */
  readonly warnings: string[];
  /** Tiers whose runs are not known: they are not compared. */
  readonly unknown: BackupTier[];
}

interface Run {
  readonly tier: BackupTier;
  readonly start: number;
}

/**
 * Compares every run of every tier with the runs before it, over a whole cycle of the calendar.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#overlapping-backup-rules
 */
export function overlapsOf(tiers: BackupTier[]): Overlaps {
  const isComparable = (tier: BackupTier) =>
    tier._schedule.isKnown && inMinutes(tier.startWindow) !== undefined && inMinutes(tier.completionWindow) !== undefined;
  const known = tiers.filter(isComparable);
  const cycle = Math.max(...known.map((tier) => tier._schedule.cycleDays), 0);
  const runs = known
    .flatMap((tier) => tier._schedule.starts(-7, cycle + 7).map((start): Run => ({ tier, start })))
    .sort((a, b) => a.start - b.start);

  const overlapping = new Map<string, string>();
  const starving = new Map<string, string>();
  const latest = new Map<BackupTier, Run>();
  for (const run of runs) {
    for (const earlier of latest.values()) {
      compare(earlier, run, overlapping, starving);
    }
    latest.set(run.tier, run);
  }
  return { errors: [...overlapping.values()], warnings: [...starving.values()], unknown: tiers.filter((tier) => !isComparable(tier)) };
}

function compare(earlier: Run, run: Run, overlapping: Map<string, string>, starving: Map<string, string>): void {
  const one = earlier.tier;
  const other = run.tier;
  const startsUntil = earlier.start + inMinutes(one.startWindow)!;
  if (one === other && run.start < startsUntil) {
    starving.set(`${one.name}\n${one.name}`, `the 'startWindow' of tier '${one.name}' (${describe(one.startWindow)}) is longer than the gap between `
      + 'two of its runs: AWS Backup runs one job per resource at a time, so some runs could expire unstarted; shorten it');
    return;
  }
  if (run.start < startsUntil) {
    const pair = [one.name, other.name].sort().join('\n');
    if (!overlapping.has(pair)) {
      overlapping.set(pair, `the start windows of 'tiers' '${one.name}' (${saySpan(earlier.start, startsUntil)}) and '${other.name}' `
        + `(from ${sayMoment(run.start)}) overlap: AWS Backup would keep only the one with the longer retention; `
        + "move one of them, or shorten the 'startWindow' of the first");
    }
    return;
  }

  // The completion window counts from the scheduled start, as the API reference of StartBackupJob says.
  const runsUntil = earlier.start + inMinutes(one.completionWindow)!;
  const closes = run.start + inMinutes(other.startWindow)!;
  const pair = `${one.name}\n${other.name}`;
  if (runsUntil > closes && !starving.has(pair)) {
    starving.set(pair, `a job of tier '${one.name}' (${sayMoment(earlier.start)}) may run until ${sayMoment(runsUntil)}, `
      + `past the start window of ${one === other ? 'its own next run' : `tier '${other.name}'`} (${saySpan(run.start, closes)}): `
      + 'AWS Backup runs one job per resource at a time, so that run could expire unstarted; '
      + `lengthen the 'startWindow' of '${other.name}' (${describe(other.startWindow)}) or shorten the 'completionWindow' of '${one.name}' (${describe(one.completionWindow)})`);
  }
}
