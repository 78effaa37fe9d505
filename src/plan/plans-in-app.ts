import type { IBackupPlan } from './backup-plan-ref';
import type { Rule } from './plan-rules';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { Environment } from '../private/environment';
import { FactKind, Registry } from '../private/registry';
import type { Target } from '../targets/candidate';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * A plan: what it does to what, for whoever needs to know it, and for the report.
 */
export interface PlanFact {
  readonly path: string;
  readonly environment: Environment;
  readonly backupPlanName: string;
  /** The vault that it backs up into. */
  readonly vault: IReplicatedBackupVault;
  readonly rules: Rule[];
  readonly acceptNominalRpo?: string;
  readonly objectives: RecoveryObjective[];
  /** The selections that are in the tree, as they stand now. */
  readonly selections: SelectionFact[];
}

/**
 * A selection of a plan.
 */
export interface SelectionFact {
  readonly path: string;
  /** The resources, as they stand now. */
  readonly targets: () => Target[];
  /** Whether tags decide which of the resources are backed up. */
  readonly isNarrowedByTags: boolean;
  readonly objectives: RecoveryObjective[];
}

/** The plans that the app defines. */
export const PLANS = new FactKind<PlanFact>('plan');

/** The plans of other apps that are known here. */
export const IMPORTED_PLANS = new FactKind<PlanFact>('imported plan');

/**
 * What is known of a plan, whether it is defined here or imported.
 */
export function planFactOf(plan: IBackupPlan): PlanFact {
  const registry = Registry.of(plan);
  const [fact] = [...registry.of(PLANS, plan), ...registry.of(IMPORTED_PLANS, plan)];
  if (!fact) {
    throw new Error(`plan '${plan.node.path}' must be a TieredBackupPlan, or made by 'TieredBackupPlan.fromBackupPlanAttributes'`);
  }
  return fact;
}

/** All that a plan promises, for whatever it selects. */
export function objectivesOf({ objectives, selections }: PlanFact): RecoveryObjective[] {
  return [...new Set([...objectives, ...selections.flatMap((selection) => selection.objectives)])];
}

/** The resource types that a plan selects, which jobs are counted by; `undefined` for all together, where tags, tokens or wildcards decide. */
export function resourceTypeNamesOf({ selections }: PlanFact): (string | undefined)[] {
  return [...new Set(selections.flatMap((selection) => selection.isNarrowedByTags && selection.targets().length === 0 ? [undefined]
    : selection.targets().map(({ type, isOfSeveralTypes }) => isOfSeveralTypes ? undefined : type?.resourceTypeName)))];
}
