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
   * Name of the vault, 2 to 50 letters, digits, hyphens and underscores; of no other vault of its account and region.
   * A change replaces the vault.
   *
   * @default - made of the name of the stack and the construct's path below it, the same at every synthesis, at most 42 characters
   */
  readonly backupVaultName?: string;

  /**
   * Region of the replica, other than the vault's own; a literal.
   *
   * @default - the region of `replicaScope`, and no replica without that
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica, 2 to 50 letters, digits, hyphens and underscores. A change replaces the replica.
   *
   * It must not be the name of the vault: metrics of copy jobs know a vault by its name alone, so a dead replica would not
   * show.
   *
   * @default - the name of the vault with `-replica` behind it
   */
  readonly replicaVaultName?: string;

  /**
   * Where the replica is defined: a stack of the replica's region, in this account or another one, or a construct in it.
   *
   * @default - a support stack in `replicaRegion`, in the vault's own account, made for you and shared by all replicas
   * of the vault's stack
   */
  readonly replicaScope?: Construct;

  /**
   * Whether the replica is a landing vault: what is copied into it is decided elsewhere, by plans of other apps or by whoever
   * recovers. Otherwise there is a warning where no plan of this app copies into it, since it stays empty.
   *
   * @default false
   */
  readonly landingVault?: boolean;

  /**
   * Key of the vault, of its own account and region: symmetric, enabled, and retained where the vault is. AWS Backup can't change it: a new key needs a new `backupVaultName` too.
   *
   * @default - a customer key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Key of the replica, of its own account and region: symmetric, enabled, and retained where the replica is. AWS Backup can't change it: a new key needs a new `replicaVaultName` too.
   *
   * @default - a customer key, rotated every year
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Lock of the vault.
   *
   * A lock shares its CloudFormation resource with the access policy and the notifications. Once a compliance lock can't
   * be changed any more, an update of those may fail: name every account that copies into the vault in `copySources` before
   * that day, and use EventBridge instead of `notificationTopic`.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   *
   * @default - the vault is not locked
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - the same as that of the vault
   */
  readonly replicaVaultLock?: VaultLock;

  /**
   * Who may copy into the vault and into its replica from another account.
   *
   * AWS Backup of the same accounts may read the vault's key, so that a copy can come back. A plan of the same app that copies into
   * the vault is let in without being named here; where the lock is a compliance lock, synthesis warns, since every further account then changes
   * a vault that may not be changeable any more.
   *
   * @default - nobody but the vault's own account, and the roles of the plans of this app that copy into the vault
   */
  readonly copySources?: CopySource[];

  /**
   * Whether nobody may delete a recovery point by hand, or change how long it is kept.
   *
   * The policy can be changed by who may change it; a lock can't.
   *
   * @default true
   */
  readonly blockRecoveryPointDeletion?: boolean;

  /**
   * Names of the roles that `blockRecoveryPointDeletion` does not hold for, with their path if they have one: of the account of each
   * of the two vaults. They need the permission of their account as well, and a lock refuses them as it refuses everybody.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
   *
   * @default - nobody deletes by hand
   */
  readonly recoveryPointDeletionExceptions?: string[];

  /**
   * More statements for the access policy of the vault, with principals, actions of AWS Backup without wildcards, and
   * resources, such as `*`.
   *
   * Other accounts can be given `backup:CopyIntoBackupVault` alone, and need permissions on the key then: `copySources` gives both.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
   *
   * @default - those of `copySources` and `blockRecoveryPointDeletion` alone
   */
  readonly accessPolicyStatements?: iam.PolicyStatement[];

  /**
   * The same for the replica.
   *
   * @default - `accessPolicyStatements`
   */
  readonly replicaAccessPolicyStatements?: iam.PolicyStatement[];

  /**
   * Topic that the vault notifies, of its own account and region; not a FIFO topic. The replica notifies nobody.
   *
   * AWS Backup is allowed to publish to it, and to use its key.
   *
   * @default - the vault notifies nobody
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * What the vault notifies about.
   *
   * @default - the end of backup and restore jobs, failed copy jobs, objects that could not be backed up or restored,
   * and interrupted continuous backups
   */
  readonly notificationEvents?: BackupVaultEvent[];

  /**
   * What becomes of the vaults and of their keys when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What is known of a vault that another app or team defines.
 */
export interface ReplicatedBackupVaultAttributes {
  /**
   * Name of the vault; also one that AWS makes itself, such as `Default` or `aws/efs/automatic-backup-vault`.
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
   * Name of the replica. Where it is the name of the vault, metrics can't tell copies into one from copies into the other, and
   * synthesis says so.
   *
   * @default - the name of the vault with `-replica` behind it
   */
  readonly replicaVaultName?: string;

  /**
   * Lock of the vault: it takes part in the checks.
   *
   * @default - retentions are not checked against the vault's lock, and synthesis says so
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica: it takes part in the checks.
   *
   * @default - retentions are not checked against the replica's lock, and synthesis says so
   */
  readonly replicaVaultLock?: VaultLock;
}
