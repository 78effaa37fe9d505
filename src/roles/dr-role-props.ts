import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ResourceType } from '../objectives/resource-type';

/**
 * Properties of every role of AWS Backup.
 */
export interface DrRoleProps {
  /**
   * The resource types that the role works with: it can do nothing with the others.
   *
   * DynamoDB has statements of our own. Every other type gets the managed policies of AWS Backup; S3 gets the two of its own as
   * well, and so do EKS and CloudFormation, whose clusters and stacks may have buckets. Those allow more than that one type.
   */
  readonly resourceTypes: ResourceType[];

  /**
   * Name of the role. A change replaces the role, and AWS Backup expires recovery points with the role that made them.
   *
   * Role names are unique in an account across all regions, and not case-sensitive.
   *
   * @default - generated from the name of the stack, the construct's path in it and the region, the same at every synthesis
   */
  readonly roleName?: string;

  /**
   * Path of the role, `/` or words between slashes, such as `/backup/`, at most 512 characters, without spaces, `*` and `?`.
   * A change replaces the role.
   *
   * Policies of other accounts refer to the role with its path.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
   *
   * @default - the role has no path
   */
  readonly path?: string;

  /**
   * The permissions boundary of the role.
   *
   * @default - the one that applies to the stack, if there is one
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * What happens to the role when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What a role for backups has.
 */
export interface BackupDrRoleProps extends DrRoleProps {
  /**
   * Customer managed keys of the tables that the role works with. The managed policies of other types allow every key.
   *
   * @default - every key of the account and region, used through DynamoDB only
   */
  readonly encryptionKeys?: kms.IKey[];

  /**
   * ARNs of the vaults that the role may copy into, its own and those of other regions and accounts. The managed policies
   * of types other than DynamoDB allow every vault.
   *
   * @default - every vault that lets it in
   */
  readonly backupVaultArns?: string[];
}

/**
 * What a role for restores has.
 */
export interface RestoreDrRoleProps extends DrRoleProps {
  /**
   * Customer managed keys of the tables that the role works with, including the tables that it restores. The managed policies of the other types
   * allow every key.
   *
   * @default - every key of the account in `regions`, used through DynamoDB only
   */
  readonly encryptionKeys?: kms.IKey[];

  /**
   * Regions that the role restores DynamoDB tables in: literal names, all of one partition. A role is global, but the ARNs in its policy
   * are not: name the Region of a replica here, so that the same role can restore from it. The managed policies of the other types allow
   * every Region.
   *
   * @default - the Region of the stack
   */
  readonly regions?: string[];

  /**
   * Roles that restored EC2 instances may be given with their instance profile: the role may pass exactly these. They must be of the
   * role's own account.
   *
   * AWS Backup restores an instance with the instance profile of the original only if the restore role may pass the role in it.
   *
   * @see https://repost.aws/knowledge-center/aws-backup-encoded-authorization-failure
   * @default - none: instances can be restored only without an instance profile, and a warning reports it if `resourceTypes` contains EC2;
   * an empty list accepts that
   */
  readonly instanceRoles?: iam.IRole[];
}

/**
 * What a role that copies recovery points back has.
 */
export interface CopyBackDrRoleProps extends DrRoleProps {
  /**
   * ARNs of the vaults that the role copies from: an archive and its replica. They must be in the role's own account.
   *
   * IAM knows a recovery point by an ARN that does not name its vault. So the role can copy recovery points of the account in the Regions of
   * these vaults.
   */
  readonly sourceBackupVaultArns: string[];

  /**
   * ARNs of the vaults that the role copies into, and the only ones: vaults of the accounts that the recovery points came from.
   *
   * Let the role in on that side too, with `copySources` of the vault: `CopySource.account(<account of the role>, { roleNames: [<name of the
   * role>] })`. That opens the vault and its key.
   */
  readonly destinationBackupVaultArns: string[];
}
