import type { Rule } from './plan-rules';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { Environment } from '../private/environment';
import { FactKind } from '../private/registry';
import type { Target } from '../targets/candidate';

/**
 * A plan: what it does to what, for the checks that need more than one plan, and for the report.
 */
export interface PlanFact {
  readonly path: string;
  readonly environment: Environment;
  readonly backupPlanName: string;
  readonly backupVaultName: string;
  readonly rules: Rule[];
  readonly acceptNominalRpo?: string;
  readonly objectives: RecoveryObjective[];
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

export const PLANS = new FactKind<PlanFact>('plan');
