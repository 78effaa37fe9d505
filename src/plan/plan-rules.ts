import type { Duration } from 'aws-cdk-lib';
import type { CfnBackupPlan } from 'aws-cdk-lib/aws-backup';
import { BackupCopy } from './backup-copy';
import type { TieredBackupPlanProps } from './tiered-backup-plan-props';
import type { BackupTier } from '../objectives/backup-tier';
import type { TierInPlan } from '../objectives/overlaps';
import { keptFor } from '../objectives/recovery-point-lifecycle';
import type { Lifecycle } from '../objectives/recovery-point-lifecycle';
import { runsInPlan } from '../objectives/suppressed-runs';
import type { RunsInPlan } from '../objectives/suppressed-runs';
import { inDays } from '../private/spans';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';

/**
 * A tier in a plan, with the retention of its recovery points and of each copy.
 */
export interface Rule {
  readonly tier: BackupTier;
  readonly lifecycle: Lifecycle;
  readonly copies: RuleCopy[];
  /** Its effective runs: some runs yield to those of other tiers. */
  readonly runs: RunsInPlan;
}

/**
 * A copy that a rule makes.
 */
export interface RuleCopy {
  readonly copy: BackupCopy;
  readonly lifecycle: Lifecycle;
}

/** The copies of a plan: as specified, or into the replica of its vault. */
export function copiesOf({ vault, copyTo }: { readonly vault: IReplicatedBackupVault; readonly copyTo?: BackupCopy[] }): BackupCopy[] {
  return copyTo ?? (vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault)]);
}

/**
 * The rules of a plan. Checks, computations and the template are all based on these.
 */
export function rulesOf(tiers: BackupTier[], copies: BackupCopy[], localRetention?: Duration): Rule[] {
  const rules = tiers.map((tier) => ({
    tier,
    lifecycle: localRetention && isShorter(localRetention, tier.deleteAfter) ? keptFor(tier, localRetention) : tier,
    copies: copies
      .filter((copy) => copy._options.tiers?.includes(tier.name) ?? true)
      .map((copy) => ({ copy, lifecycle: lifecycleOfCopy(tier, copy) })),
  }));
  const runs = runsInPlan(rules.map(tierInPlan));
  return rules.map((rule, index) => ({ ...rule, runs: runs[index] }));
}

/** A rule as it is compared with the others of its plan. */
export function tierInPlan({ tier, lifecycle, copies }: Omit<Rule, 'runs'>): TierInPlan {
  return {
    tier,
    lifecycle,
    copies: copies.map(({ copy: { _destination: { backupVaultName, backupVaultArn } }, lifecycle: ofCopy }) =>
      ({ backupVaultName, backupVaultArn, lifecycle: ofCopy })),
  };
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

/**
 * Settings of a plan for single resource types.
 */
export type AdvancedSettings = Pick<TieredBackupPlanProps, 'windowsVss' | 's3BackupAcls' | 's3BackupObjectTags'>;

/** A rule for AWS CloudFormation. */
export function renderRule({ tier, lifecycle, copies }: Rule, targetBackupVault: string): CfnBackupPlan.BackupRuleResourceTypeProperty {
  return {
    ruleName: tier.name,
    targetBackupVault,
    scheduleExpression: tier.scheduleExpression,
    scheduleExpressionTimezone: tier.timeZone,
    enableContinuousBackup: tier.isContinuous || undefined,
    startWindowMinutes: tier.startWindow.toMinutes(),
    completionWindowMinutes: tier.completionWindow.toMinutes(),
    lifecycle: renderLifecycle(lifecycle),
    recoveryPointTags: tier.recoveryPointTags,
    // The lifecycle is always written: without it, sources differ on how long a copy is kept.
    copyActions: copies.length === 0 ? undefined : copies.map((copy) => ({
      destinationBackupVaultArn: copy.copy.destinationBackupVaultArn,
      lifecycle: renderLifecycle(copy.lifecycle),
    })),
  };
}

/** The settings that differ from the defaults of AWS Backup. */
export function renderSettings(
  { windowsVss, s3BackupAcls = true, s3BackupObjectTags = true }: AdvancedSettings,
): CfnBackupPlan.AdvancedBackupSettingResourceTypeProperty[] | undefined {
  const ofS3 = { ...s3BackupAcls ? {} : { BackupACLs: 'disabled' }, ...s3BackupObjectTags ? {} : { BackupObjectTags: 'disabled' } };
  const settings = [
    ...windowsVss ? [{ resourceType: 'EC2', backupOptions: { WindowsVSS: 'enabled' } }] : [],
    ...Object.keys(ofS3).length > 0 ? [{ resourceType: 'S3', backupOptions: ofS3 }] : [],
  ];
  return settings.length > 0 ? settings : undefined;
}

function renderLifecycle({ deleteAfter, moveToColdStorageAfter }: Lifecycle): CfnBackupPlan.LifecycleResourceTypeProperty {
  return { deleteAfterDays: deleteAfter.toDays(), moveToColdStorageAfterDays: moveToColdStorageAfter?.toDays() };
}
