import type { RemovalPolicy } from 'aws-cdk-lib';
import type { AlarmSet } from '../alarms/alarm-set';
import type { Notify } from '../notification/notify';
import type { ResourceType } from '../objectives/resource-type';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { VaultLock } from '../vault/vault-lock';

/**
 * Properties of an archive.
 */
export interface BackupArchiveProps {
  /**
   * Ids of the accounts that may copy into the archive and whose events it monitors, 12 digits each. Add all of them before a
   * compliance lock becomes final: after that, the access policy of the vault might no longer accept changes.
   *
   * @default - every account of `organizationId`, with one of the `roleNames`
   */
  readonly accounts?: string[];

  /**
   * Id of the organization of the accounts, `o-` and 10 to 32 lowercase letters and digits.
   *
   * Without `accounts`, every account of the organization may copy, with a role that has one of the `roleNames`. Any of its
   * accounts can create such a role.
   *
   * @default - the accounts are of any organization or of none
   */
  readonly organizationId?: string;

  /**
   * Names of the roles that may copy, including their path if they have one: the `role` of the plans.
   *
   * @default - every role that its own account allows to copy; with `organizationId` and without `accounts` the names are required
   */
  readonly roleNames?: string[];

  /**
   * Region of the replica of the vault, a literal that differs from the region of the stack.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Lock of the vault.
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
   * Name of the vault, 2 to 50 letters, digits, hyphens and underscores. A change replaces the vault.
   *
   * @default - generated from the name of the stack and the construct's path in it, the same at every synthesis
   */
  readonly backupVaultName?: string;

  /**
   * Name of the event bus of central monitoring, 1 to 240 letters, digits, hyphens, underscores and dots. A change replaces the bus,
   * and everything that forwards to it must be changed.
   *
   * @default - generated from the name of the stack and the construct's path in it, the same at every synthesis
   */
  readonly eventBusName?: string;

  /**
   * Vault to use instead of a new one, in the account and region of the stack. Its own properties define who may copy into it, its
   * lock and its replica. Its `copySources` must allow the `accounts`.
   *
   * @default - a vault is created
   */
  readonly vault?: IReplicatedBackupVault;

  /**
   * Resource types to opt in to in the account, in the region of the vault and in that of its replica.
   *
   * @default - DynamoDB with its advanced features, without which its recovery points can't be copied
   */
  readonly resourceTypes?: ResourceType[];

  /**
   * Recipients of notifications about alarms and jobs that require an action in all accounts.
   *
   * @default - none: synthesis reports it
   */
  readonly notify?: Notify[];

  /**
   * Which alarms there are, on all accounts and on the vaults of the archive.
   *
   * @default AlarmSet.ESSENTIAL
   */
  readonly alarmSet?: AlarmSet;

  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * What happens to the vaults, their keys, the log group and the topics when they are removed from the stack. Destroy them only in an
   * environment that is destroyed and deployed again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
