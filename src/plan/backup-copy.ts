import type { Duration } from 'aws-cdk-lib';
import { PropsErrors } from '../private/props-errors';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { primaryOf, replicaOf } from '../vault/single-vault';
import type { SingleVault } from '../vault/single-vault';

/**
 * How copies are kept, and of which tiers they are made.
 */
export interface BackupCopyOptions {
  /**
   * How long a copy is kept, counted from the start of the backup job; whole days.
   *
   * @default - as long as the tier says
   */
  readonly deleteAfter?: Duration;

  /**
   * When a copy moves to cold storage; whole days, at least 90 days before it is deleted. From there it can't be copied
   * back.
   *
   * @default - when the tier says; never, where `deleteAfter` leaves less than 90 days after that
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
 * Copies the recovery points of a plan into a vault: of another region, of another account, or of both.
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
   * @param vault The vault, not the plan's own
   */
  public static to(vault: IReplicatedBackupVault, options: BackupCopyOptions = {}): BackupCopy {
    checkGiven('BackupCopy.to', vault);
    return new BackupCopy(options, primaryOf(vault));
  }

  /**
   * Copies into the replica of a vault, straight from the plan's own vault: never a copy of a copy.
   *
   * @param vault The vault whose replica is copied into, be it the plan's own
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
   * ARN of the vault that is copied into.
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

/** No compiler says so in JavaScript. */
function checkGiven(factory: string, vault: IReplicatedBackupVault | undefined): void {
  const errors = new PropsErrors(factory);
  errors.whenMissing('vault', vault, 'the vault that is copied into, a ReplicatedBackupVault or an imported one');
  errors.when(!!vault && (vault.backupVaultName === undefined || vault.account === undefined),
    () => "'vault' must be a ReplicatedBackupVault, or made by 'ReplicatedBackupVault.fromReplicatedBackupVaultAttributes', got something else");
  errors.throwIfAny();
}
