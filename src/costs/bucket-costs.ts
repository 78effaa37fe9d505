import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Assumed } from './assumptions-in-app';
import { isDefault, MONTH } from './cost-lines';
import type { CostLines } from './cost-lines';
import { objectPrice, transferPrice } from './price-table';
import type { BucketFact } from '../buckets/buckets-in-app';
import type { IReplicatedBucket } from '../buckets/replicated-bucket-ref';
import { ReplicatedLogBucket } from '../logs/replicated-log-bucket';
import { differ, placeOf } from '../private/environment';
import { isInTree } from '../private/ordering';
import { ConfigurationBucket } from '../snapshots/configuration-bucket';
import { TemplateProperties } from '../targets/template-properties';

/** The costs of a bucket, of its replica, and of the replication between them. */
export function addBucketCosts(lines: CostLines, { bucket, hasTimeControl }: BucketFact, assumed: Assumed): void {
  const of = bucket.node.path;
  const home = placeOf(bucket);
  if (bucket instanceof ConfigurationBucket) {
    lines.leaveOut('Snapshots of configuration', home.region, 'Their size is not known at synthesis. They are small.', of);
    return;
  }
  const isForLogs = bucket instanceof ReplicatedLogBucket;
  const [kept, perDay] = isForLogs ? [assumed.logsGb, assumed.logsGb] : [assumed.dataGb, assumed.dataGb * assumed.dailyChange / 100];
  for (const { storageClass, region, properties } of sidesOf(bucket)) {
    const days = isForLogs ? daysByClass(properties, storageClass) : new Map([[storageClass, 1]]);
    days?.forEach((amount, name) => lines.add({
      what: `S3 objects in ${name}`,
      of,
      place: { account: home.account, region },
      quantity: kept * amount,
      unit: 'GB',
      isAssumed: isDefault(assumed, isForLogs ? 'logsGb' : 'dataGb'),
    }, objectPrice(name, region)));
    if (days === undefined) {
      lines.leaveOut('S3 objects', region, 'They are never deleted, or when they are is known only at deployment.', of);
    }
  }
  const into = replicaRegionOf(bucket);
  if (into !== undefined && differ(bucket.region, bucket.replicaRegion!)) {
    const isAssumed = isForLogs ? isDefault(assumed, 'logsGb') : isDefault(assumed, 'dataGb', 'dailyChange');
    lines.add({ what: `S3 replication, transfer to ${into}`, of, place: home, quantity: perDay * MONTH, unit: 'GB', isAssumed },
      transferPrice('objects', home.region, into));
    if (hasTimeControl) {
      lines.withoutPrice('S3 Replication Time Control', home.region, of);
    }
  }
}

function replicaRegionOf({ account, replica, replicaRegion }: IReplicatedBucket): string | undefined {
  return replica && isInTree(replica) ? placeOf({ account, region: replicaRegion! }).region : undefined;
}

/** The bucket, and its replica if it is in the app, with the storage class of new objects. */
function sidesOf(bucket: IReplicatedBucket): { readonly region: string; readonly storageClass: string; readonly properties?: TemplateProperties }[] {
  const properties = propertiesOf(bucket.primary);
  const replicaRegion = replicaRegionOf(bucket);
  const rules = properties?.get('ReplicationConfiguration', 'Rules');
  const [rule] = Array.isArray(rules) ? rules as { readonly Destination?: { readonly StorageClass?: string } }[] : [];
  return [
    { region: placeOf(bucket).region, storageClass: STANDARD, properties },
    ...replicaRegion === undefined ? []
      : [{ region: replicaRegion, storageClass: rule?.Destination?.StorageClass ?? STANDARD, properties: propertiesOf(bucket.replica!) }],
  ];
}

const STANDARD = 'STANDARD';

function propertiesOf({ node: { defaultChild } }: IConstruct): TemplateProperties | undefined {
  return defaultChild && CfnResource.isCfnResource(defaultChild) ? new TemplateProperties(defaultChild) : undefined;
}

/** A rule of a lifecycle, as far as it is about the age of objects. */
interface AgeRule {
  readonly Status?: unknown;
  readonly Prefix?: unknown;
  readonly Filter?: unknown;
  readonly TagFilters?: unknown;
  readonly ExpirationInDays?: unknown;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: unknown };
  readonly Transitions?: readonly { readonly StorageClass?: unknown; readonly TransitionInDays?: unknown }[];
}

/** For how many days an object is in which storage class, as a current and then as a noncurrent version; nothing if it is not known. */
function daysByClass(properties: TemplateProperties | undefined, initial: string): Map<string, number> | undefined {
  const all = properties?.get('LifecycleConfiguration', 'Rules');
  const rules = (Array.isArray(all) ? all as AgeRule[] : [])
    .filter(({ Status, Prefix, Filter, TagFilters }) => Status === 'Enabled' && !Prefix && !Filter && !TagFilters);
  const first = (days: unknown[]) => Math.min(...days.filter((each) => typeof each === 'number'));
  const current = first(rules.map(({ ExpirationInDays }) => ExpirationInDays));
  const end = current + first(rules.map(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration?.NoncurrentDays));
  if (!Number.isFinite(end)) {
    return undefined;
  }
  const steps = rules.flatMap(({ Transitions }) => Array.isArray(Transitions) ? Transitions as NonNullable<AgeRule['Transitions']> : [])
    .flatMap(({ StorageClass: name, TransitionInDays: day }) => typeof name === 'string' && typeof day === 'number' && day < current ? [{ name, day }] : [])
    .sort((one, other) => one.day - other.day);
  const days = new Map<string, number>();
  [{ name: initial, day: 0 }, ...steps].forEach(({ name, day }, index) => {
    days.set(name, (days.get(name) ?? 0) + (steps[index]?.day ?? end) - day); // a noncurrent version stays in its class
  });
  return days;
}
