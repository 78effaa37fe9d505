import type { IConstruct } from 'constructs';
import type { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { Environment } from '../private/environment';
import { FactKind } from '../private/registry';
import type { IConfigurationBucket } from '../snapshots/configuration-bucket';

/**
 * What a construct captures, when, and where to.
 */
export interface CaptureFact {
  readonly by: IConstruct;
  /** What is captured: `ecs`. */
  readonly kind: string;
  readonly environment: Environment;
  /** Names; undefined for all of the account and region. */
  readonly targets?: readonly string[];
  readonly bucket: IConfigurationBucket;
  readonly schedules: readonly BackupTier[];
  /** Whether changes are captured too, which promises nothing. */
  readonly isOnChange: boolean;
  readonly objectives: readonly RecoveryObjective[];
  readonly acceptNominalRpo?: string;
}

export const CAPTURES = new FactKind<CaptureFact>('configuration capture');
