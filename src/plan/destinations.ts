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
 * A vault that the recovery points of a plan are in.
 */
export interface Destination extends SingleVault {
  /** Whether the plan backs up into it; into the others, it copies. */
  readonly isOwn: boolean;
  /** The tiers whose recovery points are there, with when they run and how long they are kept there. */
  readonly tiers: { readonly tier: BackupTier; readonly lifecycle: Lifecycle; readonly runs: RunsInPlan }[];
  /** What may be lost with the recovery points in it still of use. */
  readonly serves: ReadonlySet<FailureScope>;
}

/**
 * What decides where the recovery points of a plan are.
 */
interface PlanReach {
  readonly vault: IReplicatedBackupVault;
  /** Where the plan is. */
  readonly environment: Environment;
  readonly rules: Rule[];
}

/**
 * Where the recovery points of a plan are: its own vault, and each vault that it copies into. Everything that needs to know which
 * vaults a plan reaches asks here.
 */
export function destinationsOf({ vault, environment, rules }: PlanReach): Destination[] {
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
 * Has the stack of a plan deployed after the vaults that it copies into, where the same Stage defines them: they are named by
 * literals, so nobody sees the order, and a copy into a vault that is not there fails. To be called at synthesis: then all other
 * orders are known.
 *
 * @returns the vaults that the plan can't wait for, since they wait for its stack
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

/** The loss of a resource alone is served from its own region. */
function servedFrom({ account, region }: Environment, home: Environment): Set<FailureScope> {
  return new Set([
    differ(region, home.region) ? FailureScope.REGION : FailureScope.RESOURCE,
    ...differ(account, home.account) ? [FailureScope.ACCOUNT] : [],
  ]);
}
