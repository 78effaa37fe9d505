import type { Environment } from '../private/environment';
import type { VaultLock } from '../vault';
import type { VaultParts } from '../vault/vault-parts';

/**
 * The vault that is copied into: a vault, or the replica of one.
 */
export interface CopyDestination {
  readonly backupVaultName: string;
  readonly backupVaultArn: string;
  readonly environment: Environment;
  readonly vaultLock?: VaultLock;
  /** What its policies are written through, unless it is imported. */
  readonly parts?: VaultParts;
}
