import type { BackupTier } from './backup-tier';
import { DAY } from './schedule';
import { inMinutes } from '../private/spans';

/**
 * A tier, with how long a vault keeps its recovery points: that may be another span than the tier's own.
 */
export type KeptTier = Pick<BackupTier, 'name' | 'scheduleExpression' | 'interval' | 'startWindow' | 'completionWindow' | 'deleteAfter' | '_schedule'>;

/**
 * How old the newest recovery point can be, in minutes.
 */
export interface RecoveryPointAge {
  /** At the worst: every job uses up its start window and its completion window. Infinite where there may be none at all. */
  readonly worstCase: number;
  /** The longest gap between two starts. */
  readonly nominal: number;
}

const cache = new Map<string, RecoveryPointAge>();

/**
 * How old the newest usable recovery point of a resource can be, over the union of the tiers that cover it.
 *
 * A run that starts at t holds the data of t. It is usable at the latest at t + start window + completion window, and
 * until t + deleteAfter. The worst case is the largest T - t, where t is the newest start that is surely usable at T.
 *
 * A tier with a cron expression of the caller's has no known runs. It counts alone, by its interval, and the better of
 * both figures holds: more recovery points never make the newest one older.
 *
 * @returns `undefined` without tiers, or where only tokens could tell
 */
export function recoveryPointAge(tiers: KeptTier[]): RecoveryPointAge | undefined {
  const known = tiers.filter((tier) => tier._schedule.isKnown && windows(tier) !== undefined);
  const ages = tiers.filter((tier) => !tier._schedule.isKnown).map(ageByInterval);
  if (known.length > 0) {
    ages.push(ageOfUnion(known));
  }

  const comparable = ages.filter((age) => age !== undefined);
  return comparable.length === 0 ? undefined : {
    worstCase: Math.min(...comparable.map((age) => age.worstCase)),
    nominal: Math.min(...comparable.map((age) => age.nominal)),
  };
}

/** From the start that was scheduled until the recovery point is surely usable. */
function windows(tier: KeptTier): number | undefined {
  const start = inMinutes(tier.startWindow);
  const completion = inMinutes(tier.completionWindow);
  return start === undefined || completion === undefined ? undefined : start + completion;
}

/** From the start until the recovery point may be deleted; a token is taken to be long enough. */
function kept(tier: KeptTier): number {
  return inMinutes(tier.deleteAfter) ?? Number.POSITIVE_INFINITY;
}

function ageByInterval(tier: KeptTier): RecoveryPointAge | undefined {
  const interval = inMinutes(tier.interval);
  const delay = windows(tier);
  if (interval === undefined || delay === undefined) {
    return undefined;
  }
  return { worstCase: kept(tier) >= interval + delay ? interval + delay : Number.POSITIVE_INFINITY, nominal: interval };
}

function ageOfUnion(tiers: KeptTier[]): RecoveryPointAge {
  const key = tiers.map((tier) => `${tier.scheduleExpression} ${windows(tier)} ${kept(tier)}`).sort().join(';');
  let age = cache.get(key);
  if (!age) {
    age = walk(tiers);
    cache.set(key, age);
  }
  return age;
}

function walk(tiers: KeptTier[]): RecoveryPointAge {
  const cycle = Math.max(...tiers.map((tier) => tier._schedule.cycleDays));
  // Before the first day that counts, every tier must have run, and its run be usable.
  const before = Math.max(...tiers.map((tier) => Math.ceil((inMinutes(tier.interval)! + windows(tier)!) / DAY))) + 1;
  const runs = tiers.flatMap((tier) => tier._schedule.starts(-before, cycle + 1)
    .map((start) => ({ tier, start, usable: start + windows(tier)!, gone: start + kept(tier) })));

  let nominal = 0;
  const starts = runs.map((run) => run.start).sort((a, b) => a - b);
  for (let index = 1; index < starts.length; index++) {
    nominal = Math.max(nominal, starts[index] - starts[index - 1]);
  }

  // The age grows until a run becomes usable, so those moments tell. Of a tier only the newest usable run counts: the
  // older ones are gone before it is. And only one cycle counts: after it, runs with short windows are missing.
  const end = cycle * DAY;
  let worstCase = 0;
  const newest = new Map<KeptTier, typeof runs[number]>();
  const ageAt = (time: number) => time - Math.max(...[...newest.values()].filter(({ gone }) => gone >= time).map(({ start }) => start));
  for (const run of runs.sort((a, b) => a.usable - b.usable)) {
    if (run.usable > end) {
      break;
    }
    if (run.usable > 0) {
      worstCase = Math.max(worstCase, ageAt(run.usable));
    }
    newest.set(run.tier, run);
  }
  return { worstCase: Math.max(worstCase, ageAt(end)), nominal };
}
