import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { FactKind } from '../private/registry';

/** The vaults that the app defines. */
export const VAULTS = new FactKind<IReplicatedBackupVault>('vault');

/**
 * A vault that a plan copies into.
 */
export interface CopiedIntoFact {
  readonly backupVaultArn: string;
}

/** The vaults that the plans of the app copy into, those of imported plans too. */
export const COPIED_INTO = new FactKind<CopiedIntoFact>('copied into');
