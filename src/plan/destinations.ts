import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Rule } from './plan-rules';
import type { BackupTier } from '../objectives/backup-tier';
import { FailureScope } from '../objectives/recovery-objective';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import type { RunsInPlan } from '../objectives/suppressed-runs';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import { deployStackAfter, isInTree, waitsFor } from '../private/ordering';
import { outermostStack } from '../private/region-stack';
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
