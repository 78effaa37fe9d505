import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import type { IReplicatedBackupVault } from '../vault';

/**
 * A vault or its replica: what happens to it is told in its own account and region.
 */
export interface VaultSide {
  readonly backupVaultName: string;
  readonly environment: Environment;
  /** Unknown where the vault is imported. */
  readonly encryptionKey?: kms.IKey;
  /** The stack that defines it, if this app does. */
  readonly stack?: Stack;
}

export function primaryOf(vault: IReplicatedBackupVault): VaultSide {
  const { backupVaultName, encryptionKey, primary } = vault;
  return sideOf(backupVaultName, new Environment(vault.account, vault.region), Stack.of(primary), encryptionKey);
}

export function replicaOf(vault: IReplicatedBackupVault): VaultSide | undefined {
  const { replicaAccount = vault.account, replicaRegion, replicaVaultName, replica, replicaEncryptionKey } = vault;
  return replicaRegion === undefined || replicaVaultName === undefined || !replica ? undefined
    : sideOf(replicaVaultName, new Environment(replicaAccount, replicaRegion), Stack.of(replica), replicaEncryptionKey);
}

/** What is imported is in the tree of the stack that imports it, wherever it is itself: only what is surely there counts. */
function sideOf(backupVaultName: string, environment: Environment, stack: Stack, encryptionKey?: kms.IKey): VaultSide {
  const isThere = stack.account === environment.account && stack.region === environment.region;
  return { backupVaultName, environment, encryptionKey, stack: isThere ? stack : undefined };
}

/**
 * Adds what is wrong with the place of vaults, if anything is: what happens to them is told there alone.
 *
 * @param what What must be where they are: `the alarms`
 */
export function checkVaults(errors: PropsErrors, scope: IConstruct, vaults: IReplicatedBackupVault[] | undefined, what: string): void {
  const home = Environment.of(scope);
  for (const { backupVaultName, account, region, primary, encryptionKey } of vaults ?? []) {
    const where = new Environment(account, region);
    errors.when(where.differsFrom(home), () => `'vaults' must be in the account and region of ${what} (${home}), got '${backupVaultName}' in ${where}`);
    errors.when(!where.differsFrom(home) && Token.isUnresolved(encryptionKey?.keyArn) && Stage.of(primary) !== Stage.of(scope),
      () => `'vaults' must be in the Stage of ${what}, got '${backupVaultName}' of another one: define ${what} there, or import the vault here`);
  }
}

/** The sides by the stack that defines them; those of other apps are handed over one by one. */
export function groupByStack(sides: VaultSide[], imported: (side: VaultSide) => void): Map<Stack, VaultSide[]> {
  const groups = new Map<Stack, VaultSide[]>();
  for (const side of sides) {
    if (side.stack) {
      groups.set(side.stack, [...groups.get(side.stack) ?? [], side]);
    } else {
      imported(side);
    }
  }
  return groups;
}
