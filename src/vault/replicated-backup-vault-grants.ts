import * as iam from 'aws-cdk-lib/aws-iam';
import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { differ } from '../private/environment';
import { unchecked } from '../private/registry';

/**
 * Permissions on a replicated backup vault.
 */
export class ReplicatedBackupVaultGrants {
  /**
   * Grants for a replicated backup vault.
   *
   * @param vault The vault, defined in this app or imported
   */
  public static fromReplicatedBackupVault(vault: IReplicatedBackupVault): ReplicatedBackupVaultGrants {
    return new ReplicatedBackupVaultGrants(vault);
  }

  private constructor(private readonly vault: IReplicatedBackupVault) {}

  /**
   * Allows copying recovery points into the vault and into its replica.
   *
   * If the principal is in another account, also add that account to the `copySources` of the vault.
   *
   * @param grantee The principal that starts the copy jobs
   */
  public copyInto(grantee: iam.IGrantable): iam.Grant {
    const { backupVaultArn, replicaVaultArn, account, backupVaultName } = this.vault;
    const principalAccount = grantee.grantPrincipal.principalAccount;
    if (principalAccount !== undefined && differ(principalAccount, account)) {
      unchecked(this.vault, 'accountNotAdmitted', `whether vault '${backupVaultName}' allows account ${principalAccount} to copy into it: add it to 'copySources'`);
    }
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['backup:CopyIntoBackupVault'],
      resourceArns: replicaVaultArn === undefined ? [backupVaultArn] : [backupVaultArn, replicaVaultArn],
    });
  }
}
