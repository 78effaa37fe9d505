import type { BackupTier } from './backup-tier';
import type { Lifecycle } from './recovery-point-lifecycle';
import { describe, describeDays, describeMinutes, inDays, inMinutes } from '../private/spans';
import { sayMoment, saySpan } from '../schedules/calendar';
import { canMoveApart, timingOf } from '../schedules/run-timing';
import type { Delay, Meeting, Timed, Timing } from '../schedules/run-timing';

/**
 * A tier as a rule of a plan, with the attributes of its recovery points.
 */
export interface TierInPlan {
  readonly tier: BackupTier;
  /** How long the plan's own vault keeps its recovery points. */
  readonly lifecycle: Lifecycle;
  readonly copies: CopyOfTier[];
}

/**
 * A copy of a tier's recovery points.
 */
export interface CopyOfTier {
  readonly backupVaultName: string;
  readonly backupVaultArn: string;
  readonly lifecycle: Lifecycle;
}

/**
 * Conflicts between the runs of the tiers of a plan.
 */
export interface Overlaps {
  /** Overlapping start windows in which the omitted run has something that the other one lacks. */
  readonly errors: string[];
  /** Overlapping start windows in which only the run itself is lost. */
  readonly givingWay: string[];
  /** A job that may still run when the start window of another one closes: AWS Backup runs one job per resource at a time. */
  readonly warnings: string[];
  /** Tiers whose runs are not known: they are not compared. */
  readonly unknown: BackupTier[];
}

/** A tier to compare. */
interface Compared {
  readonly rule: TierInPlan;
  readonly timed: Timed;
}

/** Something that two runs do to each other. */
interface Finding {
  /** When the later one starts. */
  readonly at: number;
  readonly of: 'errors' | 'givingWay' | 'warnings';
  readonly text: string;
}

/** The windows of a tier whose runs are known. A job that started as late as it may is canceled where it exceeds its completion window. */
export function timedOf({ _schedule, startWindow, completionWindow, expectedDuration }: BackupTier): Timed | undefined {
  const [start, completion, expected] = [startWindow, completionWindow, expectedDuration].map(inMinutes);
  return !_schedule.isKnown || start === undefined || completion === undefined || expected === undefined ? undefined
    : { schedule: _schedule, startWindow: start, busyFor: Math.min(completion, start + expected) };
}

/**
 * Compares the tiers of a plan.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html#overlapping-backup-rules
 */
export function overlapsOf(rules: TierInPlan[]): Overlaps {
  const all = rules.flatMap((rule): Compared[] => {
    const timed = timedOf(rule.tier);
    return timed ? [{ rule, timed }] : [];
  });
  const found = pairsOf(all).flatMap((pair) => findingsOf(pair, all)).sort((one, other) => one.at - other.at);
  const texts = (of: Finding['of']) => found.filter((each) => each.of === of).map(({ text }) => text);
  return {
    errors: texts('errors'),
    givingWay: texts('givingWay'),
    warnings: texts('warnings'),
    unknown: rules.map(({ tier }) => tier).filter((tier) => !timedOf(tier)),
  };
}

/** Each with itself, and with each of the later ones. */
function pairsOf<T>(all: T[]): T[][] {
  return all.flatMap((one, index) => all.slice(index).map((other) => one === other ? [one] : [one, other]));
}

function findingsOf(pair: Compared[], all: Compared[]): Finding[] {
  const { meeting, delays, ownGap } = timingOf(pair.map(({ timed }) => timed));
  return [
    ...meeting ? [meetingFinding(meeting, pair)] : [],
    ...ownGap === undefined ? [] : [ownFinding(ownGap, pair[0].rule.tier)],
    // What is only assumed of a tier that runs often is no reason to doubt its own next run.
    ...delays.flatMap((delay, index) => delay && !(pair.length === 1 && pair[0].rule.tier._isDurationAssumed)
      ? [delayFinding(delay, pair[index], pair[pair.length - 1 - index], all)] : []),
  ];
}

/** All moments are in UTC, which texts mention if a tier has a time zone. */
function inUtc(pair: Compared[]): string {
  return pair.some(({ rule }) => rule.tier.timeZone) ? ' UTC' : '';
}

function ownFinding(gap: number, { name, startWindow }: BackupTier): Finding {
  return {
    at: 0,
    of: 'warnings',
    text: `the 'startWindow' of tier '${name}' (${describe(startWindow)}) is longer than the gap between two of its runs: `
      + `AWS Backup runs one job per resource at a time, so some runs could expire before they start; shorten it to ${describeMinutes(gap)}`,
  };
}

function meetingFinding({ first, earlier, later, shortest }: Meeting, pair: Compared[]): Finding {
  const [one, other] = first === 0 ? pair : [pair[1], pair[0]];
  const utc = inUtc(pair);
  const { loser, winner, why } = outcomeOf(one.rule, other.rule);
  const missing = winner ? lostWith(loser, winner) : [...lostWith(one.rule, other.rule), ...lostWith(other.rule, one.rule)];
  const isContinuous = winner ? loser.tier.isContinuous : one.rule.tier.isContinuous || other.rule.tier.isContinuous;
  const isError = missing.length > 0 && !why.isToken;
  const text = `the start windows of 'tiers' '${one.rule.tier.name}' (${saySpan(earlier, earlier + one.timed.startWindow)}${utc}) and '${other.rule.tier.name}' `
    + `(from ${sayMoment(later)}${utc}) overlap: AWS Backup then creates only one backup, ${why.text}`
    + (missing.length > 0 ? `, and the following is lost: ${[...new Set(missing.map(({ what }) => what))].join(', ')}` : '')
    + (isContinuous ? '; AWS does not document whether a continuous backup continues if the run of its tier is omitted' : '')
    + `; ${either([
      ...isError || isContinuous ? [] : ['acknowledge this warning if this is intended'],
      ...missing.length > 0 ? [[...new Set(missing.map(({ advice }) => advice))].join(' and ')] : [],
      ...pair.flatMap(({ rule, timed }, index) => shortest[index] >= 60 && shortest[index] < timed.startWindow && shortest[1 - index] === Infinity
        ? [`shorten the 'startWindow' of '${rule.tier.name}' to ${describeMinutes(shortest[index])}`] : []),
      ...canMoveApart(pair.map(({ timed }) => timed)) ? ['run one of them outside of the start windows of the other one'] : [],
      'move one of them to a separate plan',
    ])}`;
  return { at: later, of: isError ? 'errors' : 'givingWay', text };
}

interface Outcome {
  readonly loser: TierInPlan;
  /** Undefined if it is unknown. */
  readonly winner?: TierInPlan;
  readonly why: { readonly text: string; readonly isToken: boolean };
}

/** Which of two that overlap is made: that with the longer retention in the plan's own vault. */
function outcomeOf(one: TierInPlan, other: TierInPlan): Outcome {
  const days = [one, other].map(({ lifecycle }) => inDays(lifecycle.deleteAfter));
  if (days[0] === undefined || days[1] === undefined) {
    return { loser: one, why: { text: 'for the tier with the longer retention, which depends on a token', isToken: true } };
  }
  if (days[0] === days[1]) {
    return { loser: one, why: { text: `and AWS does not document for which tier if both keep it for ${describeDays(days[0])}`, isToken: false } };
  }
  const [winner, loser] = days[0] > days[1] ? [one, other] : [other, one];
  return { loser, winner, why: { text: `that of '${winner.tier.name}', because it is kept longer (${describeDays(Math.max(days[0], days[1]))})`, isToken: false } };
}

/** What a run that gives way has and the other one lacks, with what to do about it. */
function lostWith(loser: TierInPlan, winner: TierInPlan): { what: string; advice: string }[] {
  const [name, other] = [loser.tier.name, winner.tier.name];
  const { recoveryPointTags: ofWinner = {} } = winner.tier;
  const tags = Object.entries(loser.tier.recoveryPointTags ?? {}).filter(([key, value]) => ofWinner[key] !== value).map(([key]) => key);
  return [
    ...loser.copies.flatMap(({ backupVaultName, backupVaultArn, lifecycle }) => {
      const same = winner.copies.find((copy) => copy.backupVaultArn === backupVaultArn);
      const [kept, keptThere] = [inDays(lifecycle.deleteAfter), inDays(same?.lifecycle.deleteAfter)];
      if (!same) {
        return [{ what: `the copy of '${name}' into '${backupVaultName}'`, advice: `copy '${other}' into '${backupVaultName}' as well` }];
      }
      if (kept !== undefined && keptThere !== undefined && keptThere < kept) {
        return [{
          what: `the copy of '${name}' that '${backupVaultName}' keeps for ${describeDays(kept)}`,
          advice: `keep the copy of '${other}' in '${backupVaultName}' for ${describeDays(kept)} or longer`,
        }];
      }
      return !lifecycle.moveToColdStorageAfter || same.lifecycle.moveToColdStorageAfter ? [] : [{
        what: `the cold storage of '${name}' in '${backupVaultName}'`, advice: `move the copy of '${other}' in '${backupVaultName}' to cold storage as well`,
      }];
    }),
    ...!loser.lifecycle.moveToColdStorageAfter || winner.lifecycle.moveToColdStorageAfter ? [] : [{
      what: `the cold storage of '${name}'`, advice: `set 'moveToColdStorageAfter' of '${other}'`,
    }],
    ...tags.length === 0 ? [] : [{
      what: `the recovery point tags of '${name}' (${tags.join(', ')})`, advice: `set the same 'recoveryPointTags' for '${other}'`,
    }],
  ];
}

/** Only what is of use is advised: with it, this warning is gone and no other one is there instead. */
function delayFinding({ earlier, later, longestBusy, shortestStart }: Delay, one: Compared, other: Compared, all: Compared[]): Finding {
  const utc = inUtc([one, other]);
  const [first, second] = [one.rule.tier, other.rule.tier];
  const expected = inMinutes(second.expectedDuration)!;
  const completion = Math.max(inMinutes(second.completionWindow)!, shortestStart + 60);
  const longer = { ...other.timed, startWindow: shortestStart, busyFor: Math.min(completion, shortestStart + expected) };
  const shorter = { ...one.timed, busyFor: longestBusy };
  const longestDuration = longestBusy - one.timed.startWindow;
  const advice = [
    ...helps(other, longer, one, all) ? [`lengthen the 'startWindow' of '${second.name}' (${describe(second.startWindow)}) to ${describeMinutes(shortestStart)}`
      + (completion > inMinutes(second.completionWindow)! ? ` and its 'completionWindow' to ${describeMinutes(completion)}` : '')] : [],
    ...longestDuration >= 60 && helps(one, shorter, other, all)
      ? [`set the 'expectedDuration' of '${first.name}' (${describe(first.expectedDuration)}) to ${describeMinutes(longestDuration)} if its jobs do not take longer`] : [],
  ];
  return {
    at: later,
    of: 'warnings',
    text: `a job of tier '${first.name}' (${sayMoment(earlier)}${utc}) can run until ${sayMoment(earlier + one.timed.busyFor)}${utc}, `
      + `past the start window of ${one === other ? 'its own next run' : `tier '${second.name}'`} (${saySpan(later, later + other.timed.startWindow)}${utc}): `
      + `AWS Backup runs one job per resource at a time, so that run could expire before it starts; ${either(advice.length > 0 ? advice : [
        `schedule '${first.name}' and '${second.name}' further apart`,
      ])}`,
  };
}

/** Whether other windows of a tier are of use against one that it meets, and give nothing else instead. */
function helps(changed: Compared, timed: Timed, against: Compared, all: Compared[]): boolean {
  const kinds = ({ meeting, delays, ownGap }: Timing) => [meeting, ownGap, ...delays].map((each) => each !== undefined);
  return all.every((each) => {
    const before = kinds(timingOf(each === changed ? [changed.timed] : [changed.timed, each.timed]));
    const after = kinds(timingOf(each === changed ? [timed] : [timed, each.timed]));
    return after.every((is, kind) => !is || before[kind]) && (each !== against || after.some((is, kind) => is !== before[kind]));
  });
}

function either(advice: string[]): string {
  return advice.length === 1 ? advice[0] : `${advice.slice(0, -1).join(', ')}, or ${advice[advice.length - 1]}`;
}
