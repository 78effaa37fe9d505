import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { FactKind } from '../private/registry';

/**
 * A vault that the app defines.
 */
export interface VaultFact {
  readonly path: string;
  readonly vault: IReplicatedBackupVault;
}

export const VAULTS = new FactKind<VaultFact>('vault');
