import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { literal, retentionEntry, rounded, sortedBy, tierEntry } from './entries';
import type { BucketEntry, CaptureEntry, DestinationEntry, ExpirationEntry, LockEntry, PlanEntry, SingleBucketEntry, VaultEntry } from './report-model';
import { BUCKETS } from '../buckets/buckets-in-app';
import { CAPTURES } from '../configuration/captures-in-app';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import { destinationsOf } from '../plan/destinations';
import type { Destination } from '../plan/destinations';
import { IMPORTED_PLANS, PLANS } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import { placeOf } from '../private/environment';
import { isInTree } from '../private/ordering';
import type { Registry } from '../private/registry';
import { inDays } from '../private/spans';
import { TemplateProperties } from '../targets/template-properties';
import { primaryOf, replicaOf } from '../vault/single-vault';
import type { SingleVault } from '../vault/single-vault';
import type { VaultLock } from '../vault/vault-lock';
import { VAULTS } from '../vault/vaults-in-app';

export function planEntries(registry: Registry): PlanEntry[] {
  return sortedBy(registry.all(PLANS).map((plan) => ({
    path: plan.path,
    name: literal(plan.backupPlanName),
    ...placeOf(plan.environment),
    selections: plan.selections.map(({ path }) => path).sort(),
    tiers: plan.rules.map(({ tier }) => tierEntry(tier)),
    destinations: presentIn(plan).map(destinationEntry),
  })), ({ path }) => path);
}

/** The destinations that are in the app: a support stack can be removed with its lost region. */
function presentIn(plan: PlanFact): Destination[] {
  return destinationsOf(plan).filter(({ isOwn, construct }) => isOwn || isInTree(construct));
}

function destinationEntry({ backupVaultArn, isOwn, serves, tiers }: Destination): DestinationEntry {
  const age = recoveryPointAge(tiers.map(({ tier, runs, lifecycle: { deleteAfter } }) => ({ ...tier, ...runs, deleteAfter })));
  return {
    vault: literal(backupVaultArn),
    isOwn,
    serves: [...serves].sort(),
    nominalMinutes: rounded(age?.nominal),
    worstCaseMinutes: rounded(age?.worstCase),
    retention: tiers.map(({ tier, lifecycle }) => retentionEntry(tier.name, lifecycle)),
  };
}

/** The vaults that the app defines, and those that its plans copy into. */
export function vaultEntries(registry: Registry): VaultEntry[] {
  const defined = registry.all(VAULTS).flatMap((vault) => [primaryOf(vault), ...[replicaOf(vault) ?? []].flat()]);
  const filled = [...registry.all(PLANS), ...registry.all(IMPORTED_PLANS)].flatMap(destinationsOf);
  const present = [...filled, ...defined].filter(({ construct }) => isInTree(construct));
  const all = new Map<string, SingleVault>(present.map((vault) => [vault.backupVaultArn, vault]));
  return sortedBy([...all.values()].map(vaultEntry), ({ arn, path }) => `${arn} ${path}`);
}

function vaultEntry({ backupVaultArn, backupVaultName, environment, construct, vaultLock, parts }: SingleVault): VaultEntry {
  return {
    arn: literal(backupVaultArn),
    name: literal(backupVaultName),
    ...placeOf(environment),
    path: construct.node.path,
    isImported: parts === undefined,
    lock: lockEntry(vaultLock, parts === undefined),
  };
}

function lockEntry(lock: VaultLock | undefined, isImported: boolean): LockEntry {
  return lock === undefined ? { mode: isImported ? 'unknown' : 'none' } : {
    mode: lock.changeableFor ? 'compliance' : 'governance',
    minRetentionDays: rounded(inDays(lock.minRetention)),
    maxRetentionDays: rounded(inDays(lock.maxRetention)),
    changeableForDays: rounded(inDays(lock.changeableFor)),
  };
}

export function captureEntries(registry: Registry): CaptureEntry[] {
  return sortedBy(registry.all(CAPTURES).map(({ by, kind, environment, targets, bucket, schedules, isOnChange }) => ({
    path: by.node.path,
    kind,
    ...placeOf(environment),
    targets: targets?.map(literal).sort(),
    bucket: literal(bucket.bucketArn),
    schedules: schedules.map(tierEntry),
    retention: schedules.map((tier) => retentionEntry(tier.name, { deleteAfter: tier.deleteAfter })),
    onChange: isOnChange ? 'best effort' as const : 'off' as const,
  })), ({ path }) => path);
}

export function bucketEntries(registry: Registry): BucketEntry[] {
  return sortedBy(registry.all(BUCKETS).map(({ bucket, hasTimeControl }) => {
    const { bucketArn: arn, bucketName: name, account, region, replica, replicaBucketArn, replicaBucketName, replicaRegion } = bucket;
    return {
      path: bucket.node.path,
      ...singleBucket(arn, name, account, region, bucket.primary),
      hasTimeControl: hasTimeControl && replica !== undefined,
      replica: replica && isInTree(replica) ? singleBucket(replicaBucketArn!, replicaBucketName!, account, replicaRegion!, replica) : undefined,
    };
  }), ({ path }) => path);
}

function singleBucket(arn: string, name: string, account: string, region: string, { node: { defaultChild } }: IConstruct): SingleBucketEntry {
  const properties = defaultChild && CfnResource.isCfnResource(defaultChild) ? new TemplateProperties(defaultChild) : undefined;
  return { arn: literal(arn), name: literal(name), ...placeOf({ account, region }), lock: lockOf(properties), retention: expirationsOf(properties) };
}

interface LifecycleRule {
  readonly Prefix?: unknown;
  readonly Status?: unknown;
  readonly ExpirationInDays?: unknown;
  readonly Transitions?: { readonly StorageClass?: unknown; readonly TransitionInDays?: unknown }[];
}

/** What the template says; what is known only at deployment is left out. */
function expirationsOf(properties: TemplateProperties | undefined): ExpirationEntry[] {
  const rules = properties?.get('LifecycleConfiguration', 'Rules');
  const entries = (Array.isArray(rules) ? rules as LifecycleRule[] : []).filter(({ Status }) => Status === 'Enabled').map(({ Prefix, ExpirationInDays, Transitions }) => ({
    prefix: typeof Prefix === 'string' ? Prefix : '',
    transitions: (Array.isArray(Transitions) ? Transitions : []).flatMap(({ StorageClass, TransitionInDays }) =>
      typeof StorageClass === 'string' && typeof TransitionInDays === 'number' ? [{ storageClass: StorageClass, afterDays: TransitionInDays }] : []),
    expiresAfterDays: typeof ExpirationInDays === 'number' ? ExpirationInDays : undefined,
  })).filter(({ transitions, expiresAfterDays }) => transitions.length > 0 || expiresAfterDays !== undefined);
  return sortedBy(entries, ({ prefix, expiresAfterDays }) => `${prefix} ${expiresAfterDays}`);
}

function lockOf(properties: TemplateProperties | undefined): SingleBucketEntry['lock'] {
  if (properties?.flag('ObjectLockEnabled') !== true) {
    return undefined;
  }
  const [mode, days] = ['Mode', 'Days'].map((name) => properties.get('ObjectLockConfiguration', 'Rule', 'DefaultRetention', name));
  return { mode: typeof mode === 'string' ? mode : 'no default', days: typeof days === 'number' ? days : undefined };
}
