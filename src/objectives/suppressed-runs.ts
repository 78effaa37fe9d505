import { Duration } from 'aws-cdk-lib';
import type { BackupTier } from './backup-tier';
import { timedOf } from './overlaps';
import type { TierInPlan } from './overlaps';
import { inDays, inMinutes } from '../private/spans';
import { DAY } from '../schedules/calendar';
import { timingOf } from '../schedules/run-timing';
import type { Timed } from '../schedules/run-timing';
import { inOrder } from '../schedules/schedule';
import type { Schedule } from '../schedules/schedule';

/**
 * The effective runs of a tier in a plan, with their longest gap and their windows.
 */
export type RunsInPlan = Pick<BackupTier, 'interval' | 'startWindow' | 'expectedDuration' | '_schedule'>;

/** Relation of two tiers whose start windows overlap. */
type Relation = 'apart' | 'gives way' | 'prevails' | 'tied';

interface Reduced {
  readonly schedule: Schedule;
  readonly longestGap?: number;
}

const cache = new Map<string, Reduced[]>();

/**
 * The remaining runs of each tier of a plan: if start windows overlap, AWS Backup creates one backup, for the rule with the
 * longer retention. A run that yields to one that yields itself is not counted either: AWS does not document that it runs.
 *
 * If it is unknown which of two runs, the first one counts, and is usable when both would be.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#overlapping-backup-rules
 */
export function runsInPlan(rules: TierInPlan[]): RunsInPlan[] {
  const timed = rules.map(({ tier }) => timedOf(tier));
  const meetingOf = (one: number, other: number) => { // the lower one first, as all pairs of a plan are compared
    const pair = [timed[Math.min(one, other)], timed[Math.max(one, other)]];
    return one !== other && pair[0] && pair[1] ? timingOf([pair[0], pair[1]]).meeting : undefined;
  };
  const relations = rules.map((rule, index) => rules.map((other, position) => meetingOf(index, position) ? relationOf(rule, other) : 'apart'));
  if (relations.flat().every((relation) => relation === 'apart')) {
    return rules.map(({ tier }) => tier);
  }

  const key = JSON.stringify([timed.map((each) => each && [each.schedule.key, each.startWindow]), relations]);
  const reduced = cache.get(key) ?? reduce(timed, relations, key);
  /** By how much a run is usable later than by its own windows, where another one may be made instead. */
  const laterBy = (index: number) => Math.max(0, ...timed.map((_, position) => relations[index][position] !== 'tied' ? 0
    : meetingOf(index, position)!.longest[index < position ? 0 : 1] + usable(rules[position].tier) - usable(rules[index].tier)));
  cache.set(key, reduced);
  return rules.map(({ tier }, index) => {
    if (relations[index].every((relation) => relation === 'apart' || relation === 'prevails')) {
      return tier;
    }
    const { schedule, longestGap } = reduced[index];
    const { startWindow } = tier;
    return {
      startWindow,
      expectedDuration: Duration.minutes(inMinutes(tier.expectedDuration)! + laterBy(index)),
      interval: longestGap === undefined ? tier.interval : Duration.minutes(longestGap),
      _schedule: schedule,
    };
  });
}

function relationOf(rule: TierInPlan, other: TierInPlan): Relation {
  const [days, otherDays] = [inDays(rule.lifecycle.deleteAfter), inDays(other.lifecycle.deleteAfter)];
  if (days !== undefined && otherDays !== undefined && days !== otherDays) {
    return days < otherDays ? 'gives way' : 'prevails';
  }
  // Whichever is made, a copy that only one of them makes is not counted on.
  return rule.copies.every(({ backupVaultArn }) => other.copies.some((copy) => copy.backupVaultArn === backupVaultArn)) ? 'tied' : 'gives way';
}

/** From a start until its job has ended at the latest. */
function usable({ startWindow, expectedDuration }: BackupTier): number {
  return inMinutes(startWindow)! + inMinutes(expectedDuration)!;
}

function reduce(timed: (Timed | undefined)[], relations: Relation[][], key: string): Reduced[] {
  const involved = timed.flatMap((each, index) => each && relations[index].some((relation) => relation !== 'apart') ? [index] : []);
  const cycleDays = Math.max(...involved.map((index) => timed[index]!.schedule.cycleDays));
  const margin = Math.ceil(Math.max(...involved.map((index) => timed[index]!.startWindow)) / DAY) + 1;
  const ranges = new Map<string, number[][]>();
  const leftIn = (from: number, to: number) => {
    const range = `${from} ${to}`;
    const left = ranges.get(range) ?? runsLeft(timed, relations, from - margin, to + margin)
      .map((starts) => starts.filter((start) => start >= from * DAY && start < to * DAY));
    ranges.set(range, left);
    return left;
  };
  return timed.map((each, index) => {
    const schedule = each && involved.includes(index)
      ? each.schedule.reducedTo({ key: `${key} ${index}`, cycleDays, starts: (from, to) => leftIn(from, to)[index] }) : each?.schedule;
    return { schedule: schedule!, longestGap: schedule?.longestGap() };
  });
}

function runsLeft(timed: (Timed | undefined)[], relations: Relation[][], from: number, to: number): number[][] {
  const all = timed.map((each) => each?.schedule.starts(from, to) ?? []);
  const prevailing = all.map((starts, index) => all.reduce(
    (left, others, position) => relations[index][position] === 'gives way' ? apartFrom(left, timed[index]!, others, timed[position]!) : left, starts));

  const left: number[][] = timed.map(() => []);
  inOrder(prevailing, timed.map(() => 0), (index, start) => {
    const isTaken = relations[index].some((relation, position) => relation === 'tied' && left[position].length > 0
      && start < left[position][left[position].length - 1] + timed[position]!.startWindow);
    if (!isTaken) {
      left[index].push(start);
    }
    return true;
  });
  return left;
}

/** The runs whose start window overlaps none of those of the others. */
function apartFrom(starts: number[], { startWindow }: Timed, others: number[], other: Timed): number[] {
  let next = 0;
  return starts.filter((start) => {
    while (next < others.length && others[next] + other.startWindow <= start) {
      next++;
    }
    return next === others.length || others[next] >= start + startWindow;
  });
}
