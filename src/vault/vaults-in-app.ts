import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { FactKind } from '../private/registry';

/** The vaults that the app defines. */
export const VAULTS = new FactKind<IReplicatedBackupVault>('vault');
