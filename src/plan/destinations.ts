import { FailureScope } from '../objectives/recovery-objective';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import type { VaultLock } from '../vault/vault-lock';
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

/** Whether a vault serves where a disaster loses that. The loss of a resource alone is served from its own region. */
export function serves(survives: FailureScope, { account, region }: Environment, home: Environment): boolean {
  switch (survives) {
    case FailureScope.REGION: return differ(region, home.region);
    case FailureScope.ACCOUNT: return differ(account, home.account);
    default: return !differ(region, home.region);
  }
}
