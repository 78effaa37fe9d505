import type { BackupTier } from './backup-tier';
import { inMinutes } from '../private/spans';
import { DAY, WEEK } from '../schedules/calendar';
import { inOrder } from '../schedules/schedule';

/**
 * A tier, with the retention of its recovery points in a vault, which can differ from that of the tier.
 */
export type KeptTier = Pick<BackupTier, 'name' | 'interval' | 'startWindow' | 'expectedDuration' | 'deleteAfter' | '_schedule'>;

/**
 * The possible age of the newest recovery point, in minutes.
 */
export interface RecoveryPointAge {
  /** In the worst case, every job starts at the end of its start window and takes its expected duration. Infinite if there might be no recovery point. */
  readonly worstCase: number;
  /** The longest gap between two starts. */
  readonly nominal: number;
}

const cache = new Map<string, RecoveryPointAge>();

/**
 * How old the newest usable recovery point of a resource can be, over the union of the tiers that cover it, also where so many
 * runs before are missed.
 *
 * A run that starts at t holds the data of t. It is usable at the latest at t + start window + expected duration, and
 * until t + deleteAfter. The worst case is the largest T - t, where t is the newest start that is surely usable at T.
 *
 * A tier whose runs only AWS can work out counts alone, by its interval, and the better of both figures holds: more recovery
 * points never make the newest one older.
 *
 * @returns `undefined` without tiers, or if it depends on tokens
 */
export function recoveryPointAge(tiers: KeptTier[], missed = 0): RecoveryPointAge | undefined {
  const known = tiers.filter((tier) => tier._schedule.isKnown && windows(tier) !== undefined);
  const ages = tiers.filter((tier) => !tier._schedule.isKnown).map((tier) => ageByInterval(tier, missed));
  if (known.length > 0) {
    ages.push(ageOfUnion(known, missed));
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
  const expected = inMinutes(tier.expectedDuration);
  return start === undefined || expected === undefined ? undefined : start + expected;
}

/** From the start until the recovery point can be deleted; a token is assumed to be long enough. */
function kept(tier: KeptTier): number {
  return inMinutes(tier.deleteAfter) ?? Number.POSITIVE_INFINITY;
}

function ageByInterval(tier: KeptTier, missed: number): RecoveryPointAge | undefined {
  const interval = inMinutes(tier.interval);
  const delay = windows(tier);
  if (interval === undefined || delay === undefined) {
    return undefined;
  }
  const nominal = interval * (missed + 1);
  return { worstCase: kept(tier) >= nominal + delay ? nominal + delay : Number.POSITIVE_INFINITY, nominal };
}

function ageOfUnion(tiers: KeptTier[], missed: number): RecoveryPointAge {
  const key = `${missed} ` + tiers.map((tier) => `${tier._schedule.key} ${windows(tier)} ${kept(tier)}`).sort().join(';');
  let age = cache.get(key);
  if (!age) {
    age = ageOverCycle(tiers, missed);
    cache.set(key, age);
  }
  return age;
}

/**
 * Over a whole cycle of the calendar. A tier that is added to others never makes the newest recovery point older, so the
 * worst case of the weekly tiers is the limit; if two months reach it, the rest of the 28 years can't exceed it.
 */
function ageOverCycle(tiers: KeptTier[], missed: number): RecoveryPointAge {
  const byWeek = tiers.filter((tier) => tier._schedule.cycleDays <= WEEK);
  if (byWeek.length > 0 && byWeek.length < tiers.length) {
    const bound = walk(byWeek, WEEK, missed);
    const found = walk(tiers, 62, missed);
    if (found.worstCase >= bound.worstCase && found.nominal >= bound.nominal) {
      return bound;
    }
  }
  return walk(tiers, Math.max(...tiers.map((tier) => tier._schedule.cycleDays)), missed);
}

/**
 * @param cycle How many days are looked at
 * @param missed How many of the newest runs don't count
 */
function walk(tiers: KeptTier[], cycle: number, missed: number): RecoveryPointAge {
  // Before the first day that counts, every tier must have run, and its runs be usable.
  const before = Math.max(...tiers.map((tier) =>
    Math.ceil(((inMinutes(tier.interval) ?? tier._schedule.longestGap()!) * (missed + 1) + windows(tier)!) / DAY))) + 1;
  const starts = tiers.map((tier) => tier._schedule.starts(-before, cycle + 1));
  const spans = tiers.map(kept);

  let nominal = 0;
  const previous: number[] = [];
  inOrder(starts, tiers.map(() => 0), (_, start) => {
    nominal = Math.max(nominal, start - (previous[missed] ?? start));
    previous.unshift(start);
    previous.length = Math.min(previous.length, missed + 1);
    return true;
  });

  // The age grows until a run becomes usable, so only those moments matter. For each tier, only the newest usable run counts, and one more for each
  // that is missed: the older ones are gone before it is. And only one cycle counts: after it, runs with short windows are missing.
  const end = cycle * DAY;
  const newest: number[][] = tiers.map(() => []);
  const ageAt = (time: number) => {
    let latest = -Infinity;
    if (missed === 0) {
      newest.forEach(([start], index) => {
        latest = start !== undefined && start + spans[index] >= time ? Math.max(latest, start) : latest;
      });
      return time - latest;
    }
    // What is missed counts whether or not it would still be there.
    const all = newest.flatMap((of, index) => of.map((start) => ({ start, end: start + spans[index] })))
      .sort((one, other) => other.start - one.start);
    return time - (all.slice(missed).find((each) => each.end >= time)?.start ?? -Infinity);
  };
  let worstCase = 0;
  inOrder(starts, tiers.map((tier) => windows(tier)!), (index, start, usable) => {
    if (usable > end) {
      return false;
    }
    if (usable > 0) {
      worstCase = Math.max(worstCase, ageAt(usable));
    }
    newest[index] = [start, ...newest[index].slice(0, missed)];
    return true;
  });
  return { worstCase: Math.max(worstCase, ageAt(end)), nominal };
}
