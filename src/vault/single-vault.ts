import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { Environment } from '../private/environment';

/**
 * One vault of a replicated vault, the primary or the replica, where it is: its jobs, metrics and events are of its own account
 * and region.
 */
export interface SingleVault {
  readonly backupVaultName: string;
  readonly environment: Environment;
  /** Unknown where the vault is imported. */
  readonly encryptionKey?: kms.IKey;
  /** The stack that defines it, if this app does. */
  readonly stack?: Stack;
}

export function primaryOf(vault: IReplicatedBackupVault): SingleVault {
  const { backupVaultName, encryptionKey, primary } = vault;
  return singleVault(backupVaultName, new Environment(vault.account, vault.region), Stack.of(primary), encryptionKey);
}

export function replicaOf(vault: IReplicatedBackupVault): SingleVault | undefined {
  const { replicaAccount = vault.account, replicaRegion, replicaVaultName, replica, replicaEncryptionKey } = vault;
  return replicaRegion === undefined || replicaVaultName === undefined || !replica ? undefined
    : singleVault(replicaVaultName, new Environment(replicaAccount, replicaRegion), Stack.of(replica), replicaEncryptionKey);
}

/** What is imported is in the tree of the stack that imports it, wherever it is itself: only what is surely there counts. */
function singleVault(backupVaultName: string, environment: Environment, stack: Stack, encryptionKey?: kms.IKey): SingleVault {
  const isThere = stack.account === environment.account && stack.region === environment.region;
  return { backupVaultName, environment, encryptionKey, stack: isThere ? stack : undefined };
}

/** Each vault once: one that is imported twice is two objects. */
export function distinct(vaults: IReplicatedBackupVault[]): IReplicatedBackupVault[] {
  return [...new Map(vaults.map((vault) => [`${vault.account} ${vault.region} ${vault.backupVaultName}`, vault])).values()];
}

/** The name of a vault as a person says it. */
export function nameOf({ backupVaultName }: SingleVault): string {
  return `vault ${backupVaultName}`;
}

/** Vaults by the stack that defines them; those of other apps are handed over one by one. */
export function groupByStack(vaults: SingleVault[], imported: (vault: SingleVault) => void): Map<Stack, SingleVault[]> {
  const groups = new Map<Stack, SingleVault[]>();
  for (const vault of vaults) {
    if (vault.stack) {
      groups.set(vault.stack, [...groups.get(vault.stack) ?? [], vault]);
    } else {
      imported(vault);
    }
  }
  return groups;
}
