import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
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

/** Each vault once: one that is imported twice is two objects. */
export function distinct(vaults: IReplicatedBackupVault[]): IReplicatedBackupVault[] {
  return [...new Map(vaults.map((vault) => [`${vault.account} ${vault.region} ${vault.backupVaultName}`, vault])).values()];
}

/** The name of a vault as a person says it. */
export function nameOf({ backupVaultName }: VaultSide): string {
  return `vault ${backupVaultName}`;
}

/** What is done to a key that is not known can't be told. */
export function uncheckedKey(scope: IConstruct, { backupVaultName }: VaultSide): void {
  unchecked(scope, `whether anybody tampers with the key of vault '${backupVaultName}': the vault is imported, and its key is not known`);
}

/** Adds that names and regions are tokens, by which alarms can't be told apart. */
export function checkLiteral(errors: PropsErrors, vaults: IReplicatedBackupVault[] | undefined): void {
  for (const { backupVaultName, replicaRegion, replicaVaultName, node } of vaults ?? []) {
    errors.when([backupVaultName, replicaRegion, replicaVaultName].some((value) => Token.isUnresolved(value)),
      () => `'vaults' must have literal names and replica regions, by which their alarms are told apart, got '${node.path}' with a token`);
  }
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
    const mayBeHere = !where.differsFrom(home);
    errors.when(mayBeHere && Token.isUnresolved(encryptionKey?.keyArn) && Stage.of(primary) !== Stage.of(scope),
      () => `'vaults' must be in the Stage of ${what}, got '${backupVaultName}' of another one: define ${what} there, or import the vault here`);
    errors.when(mayBeHere && Stack.of(primary) !== Stack.of(scope) && where.isLiteral !== home.isLiteral,
      () => `'vaults' must be known to be in the account and region of ${what}: set the 'env' of both stacks, got '${backupVaultName}' in ${where}, and ${what} in ${home}`);
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
