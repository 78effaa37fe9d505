import type { IConstruct } from 'constructs';
import type { BackupCopy, BackupCopyOptions } from '../plan/backup-copy';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { VaultLock } from '../vault/vault-lock';

/**
 * An archive: the vault in a separate account that the backups of all workloads are copied into. Defined in this app or imported.
 */
export interface IBackupArchive extends IConstruct {
  /**
   * Vault of the archive.
   */
  readonly vault: IReplicatedBackupVault;

  /**
   * ARN of the event bus of central monitoring.
   *
   * @attribute
   * @default - there is none, or it is unknown: events are not forwarded
   */
  readonly eventBusArn?: string;

  /**
   * Id of the organization of the accounts that copy into the archive.
   *
   * @default - it is not known
   */
  readonly organizationId?: string;

  /**
   * Copies into the vault of the archive and its replica, if it has one: each directly from the vault of the plan. For `copyTo` of a
   * `TieredBackupPlan`.
   */
  copies(options?: BackupCopyOptions): BackupCopy[];
}

/**
 * Attributes of an archive that another app defines.
 */
export interface BackupArchiveAttributes {
  /**
   * Name of the vault.
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
   * Region of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica.
   *
   * @default - the name of the vault followed by `-replica`
   */
  readonly replicaVaultName?: string;

  /**
   * Lock of the vault, which the retention of copies is checked against.
   *
   * @default - unknown: synthesis reports that it is not checked
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - unknown: synthesis reports that it is not checked
   */
  readonly replicaVaultLock?: VaultLock;

  /**
   * ARN of the event bus of central monitoring: `eventBusArn` of the archive.
   *
   * @default - events are not forwarded
   */
  readonly eventBusArn?: string;

  /**
   * Id of the organization of the accounts that copy into the archive, `o-` and 10 to 32 lowercase letters and digits: messages about what
   * copies need name it.
   *
   * @default - it is not known
   */
  readonly organizationId?: string;
}
