import { destinationsOf } from './destinations';
import type { Destination } from './destinations';
import { objectivesOf } from './plans-in-app';
import type { PlanFact } from './plans-in-app';
import { FailureScope } from '../objectives/recovery-objective';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { Environment } from '../private/environment';
import { describeMinutes, inMinutes } from '../private/spans';

/** CloudWatch evaluates at most 7 days, with periods of an hour. */
const LOOK_BACK_HOURS = 7 * 24;

/**
 * How long no job of a resource type might complete for a vault.
 */
export interface JobGap {
  readonly backupVaultName: string;
  /** The place of the vault. */
  readonly environment: Environment;
  /** The place of the jobs: copies start in the account and region of their plan. */
  readonly startedIn: Environment;
  /** Undefined if all are counted together. */
  readonly resourceType?: string;
  readonly hours: number;
  /** The minimum, if every job takes no time. */
  readonly nominalHours: number;
}

/**
 * Gaps between jobs, and the vaults for which they are unknown, with the reasons.
 */
export interface JobGaps {
  readonly gaps: JobGap[];
  readonly unknown: string[];
}

/** What is counted by itself in a vault: `undefined` for all together. */
export type ResourceTypesOf = (plan: PlanFact) => (string | undefined)[];

const ALL_TOGETHER: ResourceTypesOf = () => [undefined];

/** For how long there may be no completed backup job in the vaults of plans. */
export function backupJobGaps(plans: PlanFact[], typesOf = ALL_TOGETHER): JobGaps {
  return together(plans.map((plan) => {
    const [own] = destinationsOf(plan);
    const what = `whether plan '${plan.path}' makes recovery points`;
    const tiers = own.tiers.filter(({ tier }) => !tier.isContinuous);
    if (tiers.length === 0) {
      return { gaps: [], unknown: [`${what}: AWS does not document which jobs complete for a continuous backup`] };
    }
    const age = recoveryPointAge(tiers.map(({ tier, runs }) => ({ ...tier, ...runs })));
    return gapsOf(plan, own, what, typesOf(plan), age?.worstCase, age?.nominal);
  }));
}

/**
 * How long there might be no completed copy job into the vaults that plans copy into. AWS does not limit the duration of a
 * copy: the library assumes that it ends before the next start window closes. If an objective that the vault serves is missed
 * before, that applies.
 */
export function copyJobGaps(plans: PlanFact[], typesOf = ALL_TOGETHER): JobGaps {
  return together(plans.flatMap((plan) => destinationsOf(plan).filter(({ isOwn }) => !isOwn).map((into) => {
    const tiers = into.tiers.map(({ tier, runs }) => ({ ...tier, ...runs }));
    const age = recoveryPointAge(tiers);
    const longest = age && 2 * age.nominal + Math.max(...tiers.map(({ startWindow }) => inMinutes(startWindow) ?? 0));
    // If the retention of a tier is shorter than its gap, there is no worst case, but the jobs still run.
    const minutes = age && Math.max(age.worstCase === Infinity ? 0 : age.worstCase, Math.min(longest!, smallestRpo(plan, into)));
    return gapsOf(plan, into, `whether plan '${plan.path}' makes copies in vault '${into.backupVaultName}'`, typesOf(plan), minutes, age?.nominal);
  })));
}

/** Of jobs that are counted together, those of the plan that says most count. */
export function smallestGaps(all: JobGaps, countedBy: (gap: JobGap) => string): JobGaps {
  const groups = new Map<string, JobGap[]>();
  for (const each of all.gaps) {
    groups.set(countedBy(each), [...groups.get(countedBy(each)) ?? [], each]);
  }
  const places = (group: JobGap[]) => [...new Set(group.map(({ environment }) => environment.toString()))];
  return {
    gaps: [...groups.values()].map((group) => group.reduce((one, other) => other.hours < one.hours ? other : one)),
    unknown: [...all.unknown, ...[...groups.values()].filter((group) => places(group).length > 1).map((group) =>
      `whether each vault with the name '${group[0].backupVaultName}' receives recovery points (${places(group).join('; ')}): they are counted together`)],
  };
}

/** Of the objectives that only a copy there keeps. */
function smallestRpo(plan: PlanFact, { serves }: Destination): number {
  return Math.min(...objectivesOf(plan).filter(({ survives }) => survives !== FailureScope.RESOURCE && serves.has(survives))
    .map(({ rpo }) => inMinutes(rpo) ?? Infinity));
}

/** In whole hours, if an alarm can evaluate that time. */
function gapsOf(
  { environment: startedIn }: PlanFact, { backupVaultName, environment }: Destination, what: string, resourceTypes: (string | undefined)[],
  minutes?: number, nominal?: number,
): JobGaps {
  const hours = minutes === undefined ? undefined : Math.ceil(minutes / 60);
  if (hours !== undefined && hours <= LOOK_BACK_HOURS) {
    const nominalHours = Math.ceil(nominal! / 60);
    const gap = { backupVaultName, environment, startedIn, hours, nominalHours };
    return { gaps: resourceTypes.map((resourceType) => ({ ...gap, resourceType })), unknown: [] };
  }
  const why = hours === undefined ? 'its windows are tokens' : hours === Infinity ? 'there might be none at all'
    : `they can be ${describeMinutes(hours * 60)} apart, and an alarm evaluates at most 7 days`;
  return { gaps: [], unknown: [`${what}: ${why}`] };
}

function together(all: JobGaps[]): JobGaps {
  return { gaps: all.flatMap(({ gaps }) => gaps), unknown: all.flatMap(({ unknown }) => unknown) };
}

/**
 * The time between two failures in the vault of a plan, in hours, if they are in two consecutive runs.
 */
export interface FailingRuns {
  readonly backupVaultName: string;
  readonly environment: Environment;
  /**
   * Jobs of one run fail within this time, according to its start window and expected duration. It can be longer for a tier whose windows are longer than the gap between
   * runs.
   */
  readonly withinRun: number;
  /** Jobs of a run and of the next one fail within at most this time. */
  readonly withinTwoRuns: number;
}

/** Plans whose failing runs can be detected, and those for which they can't, with the reasons. */
export interface AllFailingRuns {
  /** Those of each plan: a vault of several may be there more than once. */
  readonly vaults: FailingRuns[];
  readonly unknown: string[];
}

/**
 * When failures in the vaults of plans are in two consecutive runs. Runs with windows longer than the gap between them can't be
 * distinguished, and no alarm evaluates two runs that are a week apart.
 */
export function failingRuns(plans: PlanFact[]): AllFailingRuns {
  const all = plans.map((plan) => ({ plan, runs: runsOf(plan) }));
  return {
    vaults: all.flatMap(({ runs }) => typeof runs === 'string' ? [] : [runs]),
    unknown: all.flatMap(({ plan, runs }) => typeof runs === 'string' ? [`whether backup jobs of plan '${plan.path}' fail in two consecutive runs: ${runs}`] : []),
  };
}

/** The runs of a plan, or why their failures can't be detected. */
function runsOf(plan: PlanFact): FailingRuns | string {
  const [{ backupVaultName, environment, tiers: all }] = destinationsOf(plan);
  const tiers = all.filter(({ tier }) => !tier.isContinuous).map(({ tier, runs }) => ({ ...tier, ...runs }));
  if (tiers.length === 0) {
    return 'AWS does not document which jobs run for a continuous backup';
  }
  const apart = recoveryPointAge(tiers)?.nominal;
  const windows = tiers.map(({ startWindow, expectedDuration }) => (inMinutes(startWindow) ?? NaN) + (inMinutes(expectedDuration) ?? NaN));
  if (apart === undefined || windows.some((each) => isNaN(each))) {
    return 'its windows are tokens';
  }
  const longest = Math.max(...windows);
  const withinTwoRuns = Math.ceil((apart + longest) / 60);
  const withinRun = windows.map((each) => Math.ceil(each / 60)).sort((one, other) => other - one).find((hours) => hours < Math.floor(apart / 60));
  if (withinTwoRuns >= LOOK_BACK_HOURS) {
    return `the runs can be ${describeMinutes(apart)} apart, and an alarm evaluates at most 7 days`;
  }
  if (withinRun === undefined) {
    return `jobs of one run can fail ${describeMinutes(Math.min(...windows))} apart, according to its start window and expected duration, and the next run follows after at most ${describeMinutes(apart)}`;
  }
  return { backupVaultName, environment, withinRun, withinTwoRuns };
}
