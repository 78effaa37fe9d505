import { paginateListRecoveryPointsByBackupVault } from '@aws-sdk/client-backup';
import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import type { Context } from './context';
import type { Vault } from './promises';

/** Every recovery point of a vault. */
export async function pointsIn(context: Context, vault: Vault): Promise<RecoveryPointByBackupVault[]> {
  const found: RecoveryPointByBackupVault[] = [];
  for await (const page of paginateListRecoveryPointsByBackupVault({ client: context.backup(vault) }, { BackupVaultName: vault.name })) {
    found.push(...page.RecoveryPoints ?? []);
  }
  return found;
}
