import type { Duration } from 'aws-cdk-lib';
import { PropsErrors } from '../private/props-errors';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { primaryOf, replicaOf } from '../vault/single-vault';
import type { SingleVault } from '../vault/single-vault';

/**
 * Options of copies: their retention and their tiers.
 */
export interface BackupCopyOptions {
  /**
   * How long a copy is kept, counted from the start of the backup job, in whole days.
   *
   * @default - the retention of the tier
   */
  readonly deleteAfter?: Duration;

  /**
   * When a copy moves to cold storage, in whole days, at least 90 days before it is deleted. A copy in cold storage can't be
   * copied back.
   *
   * @default - the same as for the tier; never, if `deleteAfter` leaves less than 90 days after that
   */
  readonly moveToColdStorageAfter?: Duration;

  /**
   * Names of the tiers whose recovery points are copied.
   *
   * @default - all tiers of the plan
   */
  readonly tiers?: string[];
}

/**
 * Copies the recovery points of a plan into a vault in another region, another account, or both.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
 *
 * @example
 * declare const archive: IReplicatedBackupVault;
 * const copyTo = [BackupCopy.to(archive), BackupCopy.toReplicaOf(archive, { deleteAfter: Duration.days(365) })];
 */
export class BackupCopy {
  /**
   * Copies into a vault.
   *
   * @param vault The destination vault, which must not be the vault of the plan
   */
  public static to(vault: IReplicatedBackupVault, options: BackupCopyOptions = {}): BackupCopy {
    checkGiven('BackupCopy.to', vault);
    return new BackupCopy(options, primaryOf(vault));
  }

  /**
   * Copies into the replica of a vault, directly from the vault of the plan: never a copy of a copy.
   *
   * @param vault The vault with the replica, which can be the vault of the plan
   * @throws if the vault has no replica
   */
  public static toReplicaOf(vault: IReplicatedBackupVault, options: BackupCopyOptions = {}): BackupCopy {
    checkGiven('BackupCopy.toReplicaOf', vault);
    const replica = replicaOf(vault);
    const errors = new PropsErrors('BackupCopy.toReplicaOf', vault);
    errors.when(replica === undefined, () => "'vault' has no replica: give it a 'replicaRegion', or use 'BackupCopy.to'");
    errors.throwIfAny();
    return new BackupCopy(options, replica!);
  }

  /**
   * ARN of the destination vault.
   */
  public readonly destinationBackupVaultArn: string;

  /** @internal */
  public readonly _destination: SingleVault;

  /** @internal */
  public readonly _options: BackupCopyOptions;

  private constructor(options: BackupCopyOptions, destination: SingleVault) {
    this.destinationBackupVaultArn = destination.backupVaultArn;
    this._destination = destination;
    this._options = options;
  }
}

/** No compiler reports this in JavaScript. */
function checkGiven(factory: string, vault: IReplicatedBackupVault | undefined): void {
  const errors = new PropsErrors(factory);
  errors.whenMissing('vault', vault, 'the destination vault, a ReplicatedBackupVault or an imported one');
  errors.when(!!vault && (vault.backupVaultName === undefined || vault.account === undefined),
    () => "'vault' must be a ReplicatedBackupVault, or made by 'ReplicatedBackupVault.fromReplicatedBackupVaultAttributes', got something else");
  errors.throwIfAny();
}
