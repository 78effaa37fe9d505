import type { Duration } from 'aws-cdk-lib';
import { BackupCopy } from './backup-copy';
import type { BackupTier } from '../objectives/backup-tier';
import { keptFor } from '../objectives/recovery-point-lifecycle';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import { inDays } from '../private/spans';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * A tier as a plan runs it: how long its own vault keeps the recovery points, and how long each copy is kept.
 */
export interface Rule {
  readonly tier: BackupTier;
  readonly lifecycle: Lifecycle;
  readonly copies: RuleCopy[];
}

/**
 * A copy that a rule makes.
 */
export interface RuleCopy {
  readonly copy: BackupCopy;
  readonly lifecycle: Lifecycle;
}

/** What a plan copies into: what it says, or the replica of its vault. */
export function copiesOf({ vault, copyTo }: { readonly vault: IReplicatedBackupVault; readonly copyTo?: BackupCopy[] }): BackupCopy[] {
  return copyTo ?? (vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault)]);
}

/**
 * The rules of a plan: checked, computed with and rendered from here, so that all three speak of the same.
 */
export function rulesOf(tiers: BackupTier[], copies: BackupCopy[], localRetention?: Duration): Rule[] {
  return tiers.map((tier) => ({
    tier,
    lifecycle: localRetention && isShorter(localRetention, tier.deleteAfter) ? keptFor(tier, localRetention) : tier,
    copies: copies
      .filter((copy) => copy._options.tiers?.includes(tier.name) ?? true)
      .map((copy) => ({ copy, lifecycle: lifecycleOfCopy(tier, copy) })),
  }));
}

function isShorter(one: Duration, other: Duration): boolean {
  const days = inDays(one);
  const otherDays = inDays(other);
  return days === undefined || otherDays === undefined || days < otherDays;
}

function lifecycleOfCopy(tier: BackupTier, copy: BackupCopy): Lifecycle {
  const { deleteAfter = tier.deleteAfter, moveToColdStorageAfter } = copy._options;
  return moveToColdStorageAfter ? { deleteAfter, moveToColdStorageAfter } : keptFor(tier, deleteAfter);
}
