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
   * Vault that the plan backs up into, in the account and region of the plan.
   */
  readonly vault: IReplicatedBackupVault;

  /**
   * The tiers of the plan, each with a schedule and a retention: 1 to 10, with unique names.
   */
  readonly tiers: BackupTier[];

  /**
   * Destinations of copies, at most 5 vaults for each tier.
   *
   * @default - into the replica of `vault`, if it has one
   */
  readonly copyTo?: BackupCopy[];

  /**
   * Maximum retention in the vault of the plan, in whole days. Copies are kept for the retention of their tier. If there are copies,
   * less than 7 days causes a warning, which you can acknowledge.
   *
   * A recovery point that is kept for less than 90 days after `moveToColdStorageAfter` stays in warm storage.
   *
   * @default - the retention of the tier
   */
  readonly localRetention?: Duration;

  /**
   * Name of the plan, 1 to 50 letters, digits, hyphens, underscores and dots.
   *
   * @default - generated from the name of the stack and the construct's path in it, the same at every synthesis
   */
  readonly backupPlanName?: string;

  /**
   * Role of AWS Backup for backups and copies.
   *
   * A vault of another account that the plan copies into allows the role by its name, so the name must be a literal: set `roleName`
   * of your own role, or add the account of the plan to the `copySources` of that vault.
   *
   * @default - a `DrRole` for the selected resource types
   */
  readonly role?: iam.IRole;

  /**
   * What happens to the role that is created for the plan when it is removed from the stack. AWS Backup deletes expired recovery
   * points with the role that created them, so destroy it only if the vaults are destroyed too. Another deployment uses its name again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether Amazon EC2 instances with Windows are backed up with the Volume Shadow Copy Service (VSS), for application-consistent
   * backups. Their AMIs need the VSS components, and instances without them fall back to ordinary backups.
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
   * Path of the role that the plan creates, `/` or words between slashes, such as `/backup/`. A change replaces the role.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
   *
   * @default - `/`, or that of `role`
   */
  readonly rolePath?: string;

  /**
   * Objectives for everything that the plan selects.
   *
   * @default - only the objectives of the selections
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * The reason for accepting an objective that the gaps of the schedule meet, but not if every job uses its entire windows.
   *
   * @default - objectives must be met in the worst case
   */
  readonly acceptNominalRpo?: string;
}

/**
 * What a plan backs up: resources, resources with certain tags, or both.
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
   * @default - all `resources`, independent of their tags
   */
  readonly tags?: { [key: string]: string };

  /**
   * Conditions on the tags of a resource, in addition to `tags`. A resource must meet all of them.
   *
   * `TagFilter.oneOf` adds a selection for each of its values, whose name is the id followed by the value.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
   * @default - only the conditions of `tags`
   */
  readonly tagFilters?: TagFilter[];

  /**
   * Tags that a resource must not have, with exactly these values. For patterns, use `TagFilter.notLike`.
   *
   * @default - no tag excludes a resource
   */
  readonly excludeTags?: { [key: string]: string };

  /**
   * Resources to exclude.
   *
   * @default - no resource is left out
   */
  readonly excludeResources?: BackupTarget[];

  /**
   * CloudFormation types to exclude, such as `AWS::ECR::Repository`.
   *
   * This excludes resources of the type from `BackupTarget.fromConstruct`, and all resources with the ARN pattern of the type from
   * wildcards and tags.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
   * @default - no type is left out
   */
  readonly excludeTypes?: string[];

  /**
   * Objectives for this selection.
   *
   * @default - only the objectives of the plan
   */
  readonly objectives?: RecoveryObjective[];
}
