import { Stage } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Rule } from './plan-rules';
import type { BackupTier } from '../objectives/backup-tier';
import { FailureScope } from '../objectives/recovery-objective';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import type { KeptTier, RecoveryPointAge } from '../objectives/recovery-point-age';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import type { RunsInPlan } from '../objectives/suppressed-runs';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import { deployStackAfter, isInTree, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
import { inMinutes } from '../private/spans';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { primaryOf } from '../vault/single-vault';
import type { SingleVault } from '../vault/single-vault';

/**
 * A vault with the recovery points of a plan.
 */
export interface Destination extends SingleVault {
  /** Whether the plan backs up into it, or otherwise copies into it. */
  readonly isOwn: boolean;
  /** The tiers whose recovery points are in it, with their schedule and their retention there. */
  readonly tiers: { readonly tier: BackupTier; readonly lifecycle: Lifecycle; readonly runs: RunsInPlan }[];
  /** What can be lost while its recovery points are still usable. */
  readonly serves: ReadonlySet<FailureScope>;
}

/**
 * What determines the destinations of a plan.
 */
interface PlanReach {
  readonly vault: IReplicatedBackupVault;
  /** The place of the plan. */
  readonly environment: Environment;
  readonly rules: Rule[];
}

/**
 * The vaults with the recovery points of a plan: its own vault, and each vault that it copies into. Everything that needs to know
 * them calls this function.
 */
export function destinationsOf(plan: PlanReach): readonly Destination[] {
  const found = destinationsByPlan.get(plan) ?? findDestinations(plan);
  destinationsByPlan.set(plan, found);
  return found;
}

/** Nothing of what determines them changes, and many checks need them. */
const destinationsByPlan = new WeakMap<PlanReach, readonly Destination[]>();

function findDestinations({ vault, environment, rules }: PlanReach): Destination[] {
  const own = { ...primaryOf(vault), environment };
  const copies = new Map<string, Destination>();
  for (const { tier, copies: ofTier, runs } of rules) {
    for (const { copy: { _destination: into }, lifecycle } of ofTier) {
      const known = copies.get(into.backupVaultArn) ?? { ...into, isOwn: false, tiers: [], serves: servedFrom(into.environment, environment) };
      known.tiers.push({ tier, lifecycle, runs });
      copies.set(into.backupVaultArn, known);
    }
  }
  return [
    { ...own, isOwn: true, tiers: rules.map(({ tier, lifecycle, runs }) => ({ tier, lifecycle, runs })), serves: new Set([FailureScope.RESOURCE]) },
    ...copies.values(),
  ];
}

/**
 * Deploys the stack of a plan after the vaults that it copies into, if the same Stage defines them: references are literals, so
 * the order is not visible, and a copy into a missing vault fails. Call it at synthesis, when all other dependencies are known.
 *
 * @returns the vaults that the plan can't wait for, because they wait for its stack
 */
export function deployAfterDestinations(scope: IConstruct, plan: PlanReach): SingleVault[] {
  const home = outermostStack(scope);
  return destinationsOf(plan).filter(({ parts }) => {
    if (!parts || !isInTree(parts.vault) || Stage.of(parts.vault) !== Stage.of(home)) {
      return false;
    }
    const stack = outermostStack(parts.vault);
    const isLate = stack !== home && waitsFor(stack, home);
    if (stack !== home && !isLate && !home.dependencies.includes(stack)) {
      deployStackAfter(home, stack);
    }
    return isLate;
  });
}

/** The loss of a single resource is recovered from its own region. */
function servedFrom({ account, region }: Environment, home: Environment): Set<FailureScope> {
  return new Set([
    differ(region, home.region) ? FailureScope.REGION : FailureScope.RESOURCE,
    ...differ(account, home.account) ? [FailureScope.ACCOUNT] : [],
  ]);
}

/**
 * How old the newest usable recovery point can be after a loss, and what it comes from.
 */
export interface SurvivingAge {
  /** In minutes; undefined if nothing remains, or it depends on tokens. */
  readonly age?: RecoveryPointAge;
  /** The names of the tiers that count; none for a restore to any point in time. */
  readonly tiers: readonly string[];
  /** The vault, unless the recovery points of several count, or there is none. */
  readonly backupVaultArn?: string;
  /** Whether it is a restore to any point in time. */
  readonly isContinuous: boolean;
}

/**
 * The age of the newest recovery point of resources that are left after a loss.
 *
 * @param plans All plans that select the resources
 * @param delay How far behind a restore to any point in time is, in minutes; undefined if the resources have none
 */
export function survivingAge(survives: FailureScope, plans: PlanReach[], delay?: number): SurvivingAge {
  if (survives === FailureScope.RESOURCE && delay !== undefined) {
    return { age: { nominal: delay, worstCase: delay }, tiers: [], isContinuous: true };
  }
  const places = tiersServing(survives, plans.map((plan) => destinationsOf(plan).filter(isThere)));
  const best = newestOf(places);
  const tiers = best?.tiers ?? places.flatMap((place) => place.tiers);
  return { age: best?.age, tiers: tiers.map(({ name }) => name), backupVaultArn: best?.backupVaultArn, isContinuous: false };
}

/**
 * The place whose newest recovery point is the youngest in the worst case; undefined if there is none, or it depends on tokens.
 *
 * @param missed How many consecutive runs fail
 */
export function newestOf(places: ServingPlace[], missed = 0): (ServingPlace & { readonly age: RecoveryPointAge }) | undefined {
  const aged = places.flatMap((place) => {
    const age = recoveryPointAge(place.tiers, missed);
    return age === undefined ? [] : [{ ...place, age }];
  });
  return aged.sort((one, other) => one.age.worstCase - other.age.worstCase)[0];
}

/** Whether a vault was not taken out of the app. */
export function isThere({ isOwn, construct }: Destination): boolean {
  return isOwn || isInTree(construct);
}

/**
 * A vault with tiers that leave recovery points in it, or, without one, all vaults together.
 */
interface ServingPlace {
  readonly backupVaultArn?: string;
  readonly tiers: KeptTier[];
}

/** The tiers that leave recovery points where the disaster does not reach, for each such place; by the destinations of each plan. */
export function tiersServing(survives: FailureScope, plans: Destination[][]): ServingPlace[] {
  if (survives === FailureScope.RESOURCE) {
    const tiers = plans.flatMap(keptAnywhere);
    return tiers.length === 0 ? [] : [{ tiers }];
  }
  const byDestination = new Map<string, KeptTier[]>();
  for (const { backupVaultArn, tiers } of plans.flat().filter(({ serves }) => serves.has(survives))) {
    const kept = tiers.map(({ tier, runs, lifecycle: { deleteAfter } }): KeptTier => ({ ...tier, ...runs, deleteAfter }));
    byDestination.set(backupVaultArn, [...byDestination.get(backupVaultArn) ?? [], ...kept]);
  }
  return [...byDestination].map(([backupVaultArn, tiers]) => ({ backupVaultArn, tiers }));
}

/** A recovery point is there as long as any vault keeps it: copies are made long before the first one is deleted. */
function keptAnywhere(destinations: Destination[]): KeptTier[] {
  const longest = new Map<BackupTier, KeptTier>();
  for (const { tier, runs, lifecycle: { deleteAfter } } of destinations.flatMap(({ tiers }) => tiers)) {
    const before = longest.get(tier)?.deleteAfter;
    longest.set(tier, { ...tier, ...runs, deleteAfter: before && minutesOf(before) >= minutesOf(deleteAfter) ? before : deleteAfter });
  }
  return [...longest.values()];
}

/** A token is assumed to be long enough. */
function minutesOf(span: Duration): number {
  return inMinutes(span) ?? Number.POSITIVE_INFINITY;
}
