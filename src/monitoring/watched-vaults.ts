import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';

/** Changes of an unknown key can't be reported. */
export function uncheckedKey(scope: IConstruct, { backupVaultName }: SingleVault): void {
  unchecked(scope, 'vaultKeyNotWatched', `whether anybody tampers with the key of vault '${backupVaultName}': the vault is imported, and its key is unknown`);
}

/** Adds an error for names and regions that are tokens, which can't identify alarms. */
export function checkLiteral(errors: PropsErrors, vaults: IReplicatedBackupVault[] | undefined): void {
  for (const { backupVaultName, replicaRegion, replicaVaultName, node } of vaults ?? []) {
    errors.when([backupVaultName, replicaRegion, replicaVaultName].some((value) => Token.isUnresolved(value)),
      () => `'vaults' must have literal names and replica regions, which identify their alarms, got '${node.path}' with a token`);
  }
}

/**
 * Adds problems of the place of vaults, whose metrics and events are only there.
 *
 * @param what What must be in the same place: `the alarms`
 */
export function checkVaults(errors: PropsErrors, scope: IConstruct, vaults: IReplicatedBackupVault[] | undefined, what: string): void {
  const home = Environment.of(scope);
  for (const { backupVaultName, account, region, primary, encryptionKey } of vaults ?? []) {
    const where = new Environment(account, region);
    errors.when(where.differsFrom(home), () => `'vaults' must be in the account and region of ${what} (${home}), got '${backupVaultName}' in ${where}`);
    const mayBeHere = !where.differsFrom(home);
    errors.when(mayBeHere && Token.isUnresolved(encryptionKey?.keyArn) && Stage.of(primary) !== Stage.of(scope),
      () => `'vaults' must be in the Stage of ${what}, got '${backupVaultName}' in another Stage: define ${what} there, or import the vault here`);
    errors.when(mayBeHere && Stack.of(primary) !== Stack.of(scope) && where.isLiteral !== home.isLiteral,
      () => `'vaults' must be known to be in the account and region of ${what}: set the 'env' of both stacks, got '${backupVaultName}' in ${where}, and ${what} in ${home}`);
  }
}
