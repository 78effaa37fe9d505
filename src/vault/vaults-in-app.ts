import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import type { Environment } from '../private/environment';
import { FactKind } from '../private/registry';

/** The vaults that the app defines. */
export const VAULTS = new FactKind<IReplicatedBackupVault>('vault');

/**
 * The name of one vault, the primary or the replica. It is in use as long as that vault is in the tree.
 */
export interface VaultNameFact {
  readonly backupVaultName: string;
  readonly environment: Environment;
  readonly by: IReplicatedBackupVault;
}

export const VAULT_NAMES = new FactKind<VaultNameFact>('vault name');

/**
 * A vault that a plan copies into.
 */
export interface CopiedIntoFact {
  readonly backupVaultArn: string;
}

/** The vaults that the plans of the app copy into, including those of imported plans. */
export const COPIED_INTO = new FactKind<CopiedIntoFact>('copied into');
