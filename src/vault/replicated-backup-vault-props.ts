import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { BackupVaultEvent } from './backup-vault-event';
import type { CopySource } from './copy-source';
import type { VaultLock } from './vault-lock';

/**
 * Properties of a replicated backup vault.
 */
export interface ReplicatedBackupVaultProps {
  /**
   * Name of the vault, 2 to 50 letters, digits, hyphens and underscores, unique in its account and region.
   * A change replaces the vault.
   *
   * @default - generated from the name of the stack and the construct's path in it, the same at every synthesis, at most 42 characters
   */
  readonly backupVaultName?: string;

  /**
   * Region of the replica, a literal that differs from the region of the vault.
   *
   * @default - the region of `replicaScope`; without it, there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica, 2 to 50 letters, digits, hyphens and underscores. A change replaces the replica.
   *
   * It must differ from the name of the vault: the metrics of copy jobs identify a vault by its name only, so copies that no
   * longer arrive in the replica would not be noticed.
   *
   * @default - the name of the vault followed by `-replica`
   */
  readonly replicaVaultName?: string;

  /**
   * Where the replica is defined: a stack in the region of the replica, in this account or another one, or a construct in it.
   *
   * @default - a support stack in `replicaRegion`, in the account of the vault, which is created for you and shared by all
   * replicas of the stack of the vault
   */
  readonly replicaScope?: Construct;

  /**
   * Whether the replica is a landing vault, which plans of other apps or manual copies fill. Otherwise, synthesis warns if no
   * plan of this app copies into the replica, because it stays empty.
   *
   * @default false
   */
  readonly landingVault?: boolean;

  /**
   * Key of the vault, in the same account and region: symmetric, enabled, and retained if the vault is. AWS Backup can't change it: a new key requires a new `backupVaultName`.
   *
   * @default - a customer managed key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Key of the replica, in the same account and region: symmetric, enabled, and retained if the replica is. AWS Backup can't change it: a new key requires a new `replicaVaultName`.
   *
   * @default - a customer managed key, rotated every year
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Lock of the vault.
   *
   * A lock is in the same CloudFormation resource as the access policy and the notifications. After a compliance lock becomes
   * final, an update of those might fail: add every account that copies into the vault to `copySources` before that date,
   * and use EventBridge instead of `notificationTopic`.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   *
   * @default - the vault is not locked
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - the lock of the vault
   */
  readonly replicaVaultLock?: VaultLock;

  /**
   * Who may copy into the vault and into its replica from another account.
   *
   * AWS Backup in these accounts may use the key of the vault, so that a recovery point can be copied back. A plan of the same app
   * that copies into the vault is allowed automatically. With a compliance lock, synthesis warns about it, because each
   * additional account changes a vault that might no longer accept changes.
   *
   * @default - only the account of the vault, and the roles of the plans of this app that copy into the vault
   */
  readonly copySources?: CopySource[];

  /**
   * Whether the access policy denies everybody to manually delete a recovery point, or to change how long it is kept.
   *
   * A principal with the permission can change this policy. A compliance lock can't be changed.
   *
   * @default true
   */
  readonly blockRecoveryPointDeletion?: boolean;

  /**
   * Names of the roles that `blockRecoveryPointDeletion` does not apply to, including their path if they have one, in the account
   * of each of the two vaults. They also need the permission in their account, and a lock denies them like everybody else.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
   *
   * @default - nobody can delete manually
   */
  readonly recoveryPointDeletionExceptions?: string[];

  /**
   * Additional statements for the access policy of the vault, with principals, actions of AWS Backup without wildcards, and
   * resources, such as `*`.
   *
   * Statements can grant other accounts only `backup:CopyIntoBackupVault`, which also requires permissions on the key: `copySources` grants both.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
   *
   * @default - only the statements of `copySources` and `blockRecoveryPointDeletion`
   */
  readonly accessPolicyStatements?: iam.PolicyStatement[];

  /**
   * Additional statements for the access policy of the replica.
   *
   * @default - `accessPolicyStatements`
   */
  readonly replicaAccessPolicyStatements?: iam.PolicyStatement[];

  /**
   * Standard topic that the vault sends its notifications to, in the same account and region. The replica sends none.
   *
   * AWS Backup gets the permissions to publish to it and to use its key.
   *
   * @default - the vault sends no notifications
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * Events that the vault sends notifications about.
   *
   * @default - the end of backup and restore jobs, failed copy jobs, objects that could not be backed up or restored,
   * and interrupted continuous backups
   */
  readonly notificationEvents?: BackupVaultEvent[];

  /**
   * What happens to the vaults and their keys when they are removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Attributes of a vault that another app or team defines.
 */
export interface ReplicatedBackupVaultAttributes {
  /**
   * Name of the vault, including vaults that AWS creates, such as `Default` or `aws/efs/automatic-backup-vault`.
   */
  readonly backupVaultName: string;

  /**
   * Account of the vault.
   */
  readonly account: string;

  /**
   * Region of the vault.
   */
  readonly region: string;

  /**
   * Account of the replica.
   *
   * @default - the account of the vault
   */
  readonly replicaAccount?: string;

  /**
   * Region of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica. If it equals the name of the vault, metrics can't distinguish copies into the two vaults, and
   * synthesis reports it.
   *
   * @default - the name of the vault followed by `-replica`
   */
  readonly replicaVaultName?: string;

  /**
   * Lock of the vault, which retentions are checked against.
   *
   * @default - retentions are not checked against the lock of the vault, and synthesis reports it
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica, which retentions are checked against.
   *
   * @default - retentions are not checked against the lock of the replica, and synthesis reports it
   */
  readonly replicaVaultLock?: VaultLock;
}
