import type * as iam from 'aws-cdk-lib/aws-iam';
import { copyBackStatements, copyBackWildcardReasons, noOtherVault } from './copy-back';
import type { CopyBackDrRoleProps } from './dr-role-props';
import { backupStatements, backupWildcardReasons, restoreStatements, restoreWildcardReasons } from './role-statements';
import type { StatementsContext } from './role-statements';

/**
 * What the roles of one purpose may do.
 */
export interface Permissions {
  /** Of the role, in an error. */
  readonly purpose: string;
  readonly description: string;
  readonly statements: (context: StatementsContext, backupVaultArns?: string[]) => iam.PolicyStatement[];
  readonly wildcardReasons: (isLimitedToVaults: boolean) => Record<string, string>;
  readonly managedPolicy: string;
  /** What else a role with the managed policy has. */
  readonly besideManagedPolicy?: () => iam.PolicyStatement[];
  /** Has no path, unlike the others. */
  readonly s3ManagedPolicy?: string;
}

export const BACKUP: Permissions = {
  purpose: 'backups',
  description: 'AWS Backup backs up and copies with it',
  statements: backupStatements,
  wildcardReasons: backupWildcardReasons,
  managedPolicy: 'service-role/AWSBackupServiceRolePolicyForBackup',
  s3ManagedPolicy: 'AWSBackupServiceRolePolicyForS3Backup',
};

export const RESTORE: Permissions = {
  purpose: 'restores',
  description: 'AWS Backup restores with it',
  statements: restoreStatements,
  wildcardReasons: restoreWildcardReasons,
  managedPolicy: 'service-role/AWSBackupServiceRolePolicyForRestores',
  s3ManagedPolicy: 'AWSBackupServiceRolePolicyForS3Restore',
};

export function copyBackPermissions(props: CopyBackDrRoleProps): Permissions {
  return {
    purpose: 'copying back',
    description: 'AWS Backup copies recovery points back with it',
    statements: (context) => copyBackStatements(context, props),
    wildcardReasons: copyBackWildcardReasons,
    managedPolicy: BACKUP.managedPolicy,
    besideManagedPolicy: () => noOtherVault(props),
  };
}
