import type { IConstruct } from 'constructs';
import type { CoveredResource, OutsideApp } from './coverage-entries';
import type { Assumed, AssumptionsInApp } from '../costs/assumptions-in-app';
import { isDefault, MONTH } from '../costs/cost-lines';
import type { CostLines } from '../costs/cost-lines';
import { storagePrice, transferPrice } from '../costs/price-table';
import type { ResourceType } from '../objectives/resource-type';
import type { RunsInPlan } from '../objectives/suppressed-runs';
import { destinationsOf, isThere } from '../plan/destinations';
import type { Destination } from '../plan/destinations';
import { PLANS } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { differ, placeOf } from '../private/environment';
import type { Registry } from '../private/registry';
import { inDays, inMinutes } from '../private/spans';

/**
 * Types whose recovery points contain only what changed since the one before, and which have a price here.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html#features-by-resource
 */
const INCREMENTAL = new Set(['EFS', 'RDS', 'S3']);

/** Resources of one type and the same assumptions that a plan backs up. */
interface Group {
  readonly plan: PlanFact;
  readonly type: ResourceType;
  readonly assumed: Assumed;
  count: number;
}

/** A tier of a type in a vault, in days. */
interface Kept {
  /** Whether only what changed since the recovery point before is stored. */
  readonly isIncremental: boolean;
  readonly runsPerDay: number;
  readonly deleteAfter: number;
  /** When it moves to cold storage. */
  readonly coldAfter: number;
}

/** Of one resource in a vault, as a multiple of its data. */
interface Stored {
  readonly warm: number;
  readonly cold: number;
}

/** The resources of an app, and what its plans select besides. */
export interface ResourcesOfPlans {
  readonly resources: readonly CoveredResource[];
  readonly outside: readonly OutsideApp[];
}

/** The costs of what the plans of an app store and copy, once for all resources that are alike. */
export function addRecoveryPointCosts(
  lines: CostLines, root: IConstruct, registry: Registry, { resources, outside }: ResourcesOfPlans, assumptions: AssumptionsInApp,
): void {
  const groups = new Map<string, Group>();
  const add = (plan: PlanFact, type: ResourceType, assumed: Assumed) => {
    const key = `${plan.path}\n${type}\n${assumed.path}`;
    const group = groups.get(key) ?? { plan, type, assumed, count: 0 };
    group.count++;
    groups.set(key, group);
  };
  const plans = new Map(registry.all(PLANS).map((plan) => [plan.path, plan]));
  for (const { resource, type, entry } of resources) {
    const by = new Set(entry.by.flatMap(({ kind, path }) => kind === 'plan' ? plans.get(path!) ?? [] : []));
    by.forEach((plan) => type && add(plan, type, assumptions.of(resource)));
    if (type && entry.status === 'undecided') {
      lines.leaveOut(`${type.resourceTypeName} recovery points`, entry.region, 'Tags or names that are known only at deployment decide whether it is backed up.', entry.path);
    }
  }
  for (const { plan, selection: { path }, type } of outside) {
    if (type) {
      add(plan, type, assumptions.of(at(root, path)));
    } else {
      lines.leaveOut('Recovery points of resources outside this app', placeOf(plan.environment).region, 'Tags or wildcards select them.', path);
    }
  }
  groups.forEach((group) => addGroup(lines, group));
}

/** The construct with a path. */
function at(root: IConstruct, path: string): IConstruct {
  return path.split('/').reduce((found: IConstruct, id) => found.node.tryFindChild(id) ?? found, root);
}

function addGroup(lines: CostLines, { plan, type, assumed, count }: Group): void {
  const name = type.resourceTypeName;
  const data = count * assumed.dataGb;
  const change = assumed.dailyChange / 100;
  const home = placeOf(plan.environment);
  for (const destination of destinationsOf(plan).filter(isThere)) {
    const place = placeOf(destination.environment);
    const tiers = keptIn(destination, type);
    if (tiers === undefined) {
      lines.leaveOut(`${name} recovery points`, place.region, 'How often they are made, or how long they are kept, is known only at deployment.', plan.path);
      continue;
    }
    const incremental = tiers.filter(({ isIncremental }) => isIncremental);
    const full = tiers.filter(({ isIncremental }) => !isIncremental);
    const stored = [incrementalIn(incremental, change), ...full.map(fullIn)];
    const line = { of: plan.path, unit: 'GB', isAssumed: isDefault(assumed, 'dataGb', ...incremental.length > 0 ? ['dailyChange' as const] : []) };
    for (const state of ['warm', 'cold'] as const) {
      lines.add({
        ...line, what: `${name} recovery points in ${state} storage`, place, quantity: data * stored.reduce((sum, each) => sum + each[state], 0),
      }, storagePrice(name, place.region, state === 'cold'));
    }
    if (!destination.isOwn && differ(destination.environment.region, plan.environment.region)) {
      const perDay = changedIn(incremental, change) + full.reduce((sum, each) => sum + each.runsPerDay, 0);
      lines.add({ ...line, what: `${name} copies, transfer to ${place.region}`, place: home, quantity: data * perDay * MONTH },
        transferPrice(name, home.region, place.region));
    }
  }
}

/** Nothing if a retention or an interval is a token. */
function keptIn({ isOwn, tiers }: Destination, type: ResourceType): Kept[] | undefined {
  const { continuousBackup = false, coldStorage = false } = type.capabilities;
  const kept = tiers.map(({ tier, runs, lifecycle: { deleteAfter, moveToColdStorageAfter } }) => ({
    isIncremental: INCREMENTAL.has(type.resourceTypeName) || (isOwn && tier.isContinuous && continuousBackup),
    runsPerDay: runsPerDay(runs),
    deleteAfter: inDays(deleteAfter),
    coldAfter: coldStorage && moveToColdStorageAfter ? inDays(moveToColdStorageAfter) : Infinity,
  }));
  const isKnown = (each: typeof kept[number]): each is Kept => ![each.runsPerDay, each.deleteAfter, each.coldAfter].includes(undefined);
  return kept.every(isKnown) ? kept.filter((each) => each.runsPerDay > 0) : undefined;
}

/** Days in which a schedule is counted that does not repeat every week: four years. */
const COUNTED = 1461;

const counted = new Map<string, number>();

/** On average: the interval of a tier is its longest gap. */
function runsPerDay({ interval, _schedule: schedule }: RunsInPlan): number | undefined {
  const minutes = inMinutes(interval);
  if (!schedule.isKnown) {
    return minutes && 1440 / minutes;
  }
  const perDay = counted.get(schedule.key) ?? countRuns(schedule);
  counted.set(schedule.key, perDay);
  return perDay;
}

function countRuns(schedule: RunsInPlan['_schedule']): number {
  const days = Math.min(schedule.cycleDays, COUNTED);
  const week = schedule.week();
  return week ? week.length / 7 : schedule.starts(0, days).length / days;
}

/** Each recovery point has all data. */
function fullIn({ runsPerDay: perDay, deleteAfter, coldAfter }: Kept): Stored {
  const warm = Math.min(deleteAfter, coldAfter);
  return { warm: warm * perDay, cold: (deleteAfter - warm) * perDay };
}

/** The data once, and for each further recovery point what changed since the one before: those of the most frequent tier that is kept so long count. */
function incrementalIn(tiers: Kept[], change: number): Stored {
  const stored = { warm: tiers.length > 0 ? 1 : 0, cold: 0 };
  let from = Math.min(...tiers.map((each) => 1 / each.runsPerDay));
  for (const { deleteAfter: to } of [...tiers].sort((one, other) => one.deleteAfter - other.deleteAfter)) {
    const left = tiers.filter(({ deleteAfter }) => deleteAfter >= to);
    const cold = Math.min(Math.max(Math.min(...left.map(({ coldAfter }) => coldAfter)), from), to);
    if (to > from) {
      stored.warm += (cold - from) * changedIn(left, change);
      stored.cold += (to - cold) * changedIn(left, change);
      from = to;
    }
  }
  return stored;
}

/** What the most frequent tier stores anew in a day: at most all data at each run. */
function changedIn(tiers: Kept[], change: number): number {
  return tiers.length === 0 ? 0 : Math.min(change, Math.max(...tiers.map((each) => each.runsPerDay)));
}
