import { Stack } from 'aws-cdk-lib';
import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { ReplicatedBackupVault } from './replicated-backup-vault';
import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import type { VaultLock } from './vault-lock';
import type { VaultParts } from './vault-parts';
import { Environment } from '../private/environment';

/**
 * One vault of a replicated vault, the primary or the replica, with its own account and region, which its jobs, metrics and
 * events are in.
 */
export interface SingleVault {
  readonly backupVaultName: string;
  readonly backupVaultArn: string;
  readonly environment: Environment;
  /** The vault in the tree, which an app can remove. */
  readonly construct: IBackupVault;
  readonly vaultLock?: VaultLock;
  /** The property that sets the lock of an imported vault. */
  readonly lockProperty: 'vaultLock' | 'replicaVaultLock';
  /** Unknown if the vault is imported. */
  readonly encryptionKey?: kms.IKey;
  /** The stack that defines the vault, if it is in this app. */
  readonly stack?: Stack;
  /** Writes its policies; undefined if the vault is imported. */
  readonly parts?: VaultParts;
  /** Whether something other than the plans of this app copies into the replica; unknown if the vault is imported. */
  readonly isLandingVault?: boolean;
}

export function primaryOf(vault: IReplicatedBackupVault): SingleVault {
  const { backupVaultName, backupVaultArn, account, region, vaultLock, encryptionKey } = vault;
  const environment = new Environment(account, region);
  const parts = vault instanceof ReplicatedBackupVault ? vault._primaryParts : undefined;
  return {
    backupVaultName,
    backupVaultArn,
    environment,
    construct: vault.primary,
    vaultLock,
    lockProperty: 'vaultLock',
    encryptionKey,
    stack: stackThere(vault.primary, environment),
    parts,
  };
}

/** The replica, if there is one. */
export function replicaOf(vault: IReplicatedBackupVault): SingleVault | undefined {
  const { replicaAccount = vault.account, replicaRegion, replicaVaultName, replicaVaultArn, replicaVaultLock, replica, replicaEncryptionKey } = vault;
  if (replicaRegion === undefined || replicaVaultName === undefined || replicaVaultArn === undefined || !replica) {
    return undefined;
  }
  const environment = new Environment(replicaAccount, replicaRegion);
  return {
    backupVaultName: replicaVaultName,
    backupVaultArn: replicaVaultArn,
    environment,
    construct: replica,
    vaultLock: replicaVaultLock,
    lockProperty: 'replicaVaultLock',
    encryptionKey: replicaEncryptionKey,
    stack: stackThere(replica, environment),
    parts: vault instanceof ReplicatedBackupVault ? vault._replicaParts : undefined,
    isLandingVault: vault instanceof ReplicatedBackupVault ? vault._isLandingVault : undefined,
  };
}

/** An imported vault is in the tree of the importing stack, wherever the vault is: only what is known for certain counts. */
function stackThere(vault: IBackupVault, { account, region }: Environment): Stack | undefined {
  const stack = Stack.of(vault);
  return stack.account === account && stack.region === region ? stack : undefined;
}

/** Each vault once: a vault that is imported twice is two objects. */
export function distinct(vaults: IReplicatedBackupVault[]): IReplicatedBackupVault[] {
  return [...new Map(vaults.map((vault) => [`${vault.account} ${vault.region} ${vault.backupVaultName}`, vault])).values()];
}

/** The name of a vault as it appears in texts. */
export function nameOf({ backupVaultName }: SingleVault): string {
  return `vault ${backupVaultName}`;
}

/** Vaults grouped by the stack that defines them; imported vaults are passed one by one. */
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
