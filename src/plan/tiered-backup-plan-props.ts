import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { BackupCopy } from './backup-copy';
import type { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import type { BackupTarget } from '../targets/backup-target';
import type { TagFilter } from '../targets/tag-filter';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * Properties of a tiered backup plan.
 */
export interface TieredBackupPlanProps {
  /**
   * Vault that the plan backs up into, of the plan's own account and region.
   */
  readonly vault: IReplicatedBackupVault;

  /**
   * The schedules with their retention, each a rule of the plan: 1 to 10, with different names.
   */
  readonly tiers: BackupTier[];

  /**
   * Where the recovery points are copied: 5 vaults for each tier at the most.
   *
   * @default - into the replica of `vault`, if it has one
   */
  readonly copyTo?: BackupCopy[];

  /**
   * How long the plan's own vault keeps recovery points at the most, in whole days; the copies are kept as their tier
   * says. For less than 7 days where copies are made there is a warning that can be acknowledged.
   *
   * A recovery point that is kept for less than 90 days beyond `moveToColdStorageAfter` stays in warm storage.
   *
   * @default - as long as the tier says
   */
  readonly localRetention?: Duration;

  /**
   * Name of the plan, 1 to 50 letters, digits, hyphens, underscores and dots.
   *
   * @default - made of the name of the stack and the construct's path below it, the same at every synthesis
   */
  readonly backupPlanName?: string;

  /**
   * Role that AWS Backup backs up and copies with.
   *
   * A vault of another account that the plan copies into admits the role by its name, so the name must be a literal: give a
   * role of your own a `roleName`, or name the account of the plan in the `copySources` of that vault.
   *
   * @default - a `DrRole` for the selected resource types
   */
  readonly role?: iam.IRole;

  /**
   * What becomes of the role that is made for the plan when it leaves the stack. AWS Backup expires recovery points with the role
   * that made them, so destroy it only where the vaults are destroyed as well. It has a name that another deployment wants again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether Amazon EC2 instances with Windows are backed up by the Volume Shadow Copy Service (VSS), so that their applications
   * are in a consistent state. Their AMIs need the VSS components, and instances without them fall back to ordinary backups.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/windows-backups.html
   *
   * @default false
   */
  readonly windowsVss?: boolean;

  /**
   * Whether backups of Amazon S3 contain the access control lists (ACLs) of the objects. Without them a backup takes fewer requests,
   * and restored objects have the default ACL.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html
   *
   * @default true
   */
  readonly s3BackupAcls?: boolean;

  /**
   * Whether backups of Amazon S3 contain the tags of the objects. Without them a backup takes fewer requests, and restored objects
   * have no tags.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html
   *
   * @default true
   */
  readonly s3BackupObjectTags?: boolean;

  /**
   * Path of the role that the plan makes, `/` or words between slashes, such as `/backup/`. A change replaces the role.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
   *
   * @default - `/`, or that of `role`
   */
  readonly rolePath?: string;

  /**
   * What the plan promises for everything that it selects.
   *
   * @default - nothing beyond what the selections promise
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * Why it is accepted that an objective is kept by the gaps of the schedule, but not if every job uses up its windows.
   *
   * @default - objectives must be kept at the worst too
   */
  readonly acceptNominalRpo?: string;
}

/**
 * What a plan backs up: resources, those with certain tags, or those resources that have certain tags.
 */
export interface TieredBackupSelectionOptions {
  /**
   * The resources.
   *
   * @default - all resources that meet `tags` and `tagFilters`
   */
  readonly resources?: BackupTarget[];

  /**
   * Tags that a resource must have, all of them, with exactly these values: keys of 1 to 128 characters, values of 0 to 256.
   *
   * For patterns and alternatives, use `tagFilters`.
   *
   * @default - all `resources`, whatever their tags
   */
  readonly tags?: { [key: string]: string };

  /**
   * Conditions on the tags of a resource, beside `tags`; a resource must meet all of them.
   *
   * `TagFilter.oneOf` adds a selection for each of its values, whose name is the id with the value after it.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
   * @default - no conditions beside `tags`
   */
  readonly tagFilters?: TagFilter[];

  /**
   * Tags of which a resource must have none, with exactly these values. For patterns, use `TagFilter.notLike`.
   *
   * @default - no tag excludes a resource
   */
  readonly excludeTags?: { [key: string]: string };

  /**
   * Resources that are left out.
   *
   * @default - no resource is left out
   */
  readonly excludeResources?: BackupTarget[];

  /**
   * Types that are left out, as CloudFormation names them: `AWS::ECR::Repository`.
   *
   * It leaves resources of the type out of `BackupTarget.fromConstruct`, and all resources with the ARN pattern of the type out of what
   * wildcards and tags select.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
   * @default - no type is left out
   */
  readonly excludeTypes?: string[];

  /**
   * What the plan promises for this selection.
   *
   * @default - nothing beyond what the plan promises
   */
  readonly objectives?: RecoveryObjective[];
}
