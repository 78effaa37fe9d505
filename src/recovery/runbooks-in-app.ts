import type { IConstruct } from 'constructs';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { Environment } from '../private/environment';
import { FactKind } from '../private/registry';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';

/**
 * What a runbook recovers, from where, and what its runs are measured against.
 */
export interface RunbookFact {
  readonly by: IConstruct;
  /** What it recovers: `ecs-restore`. */
  readonly kind: string;
  readonly documentName: string;
  /** Where it recovers into. */
  readonly environment: Environment;
  /** The region of what is recovered. */
  readonly sourceRegion: string;
  readonly bucket: IConfigurationBucket;
  readonly objectives: readonly RecoveryObjective[];
  /** How many must approve; 0 if a run waits for nobody. */
  readonly requiredApprovals: number;
}

export const RUNBOOKS = new FactKind<RunbookFact>('runbook');
