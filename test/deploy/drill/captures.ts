import { allowedBy, attributeOf, literal } from './literals';
import { nextRun } from './schedule';
import { resourcesOf } from '../assembly/assembly';
import type { AssemblyStack, DeclaredResource } from '../assembly/assembly';

/** When snapshots are made, until when they must be there, and for how long. */
export interface CaptureSchedule {
  readonly name: string;
  readonly expression: string;
  readonly windowMinutes: number;
}

/** A bucket of snapshots. */
export interface SnapshotBucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Days after which an object is deleted, by its prefix. */
  readonly days: Record<string, number>;
  /** Left out if its objects are not locked. */
  readonly lockMode?: string;
  /** The longest retention that somebody may ask for, in days. */
  readonly longestDays?: number;
}

/** What the templates of a stage promise about snapshots of configuration. */
export interface Captures {
  readonly account: string;
  readonly region: string;
  /** The cluster that is captured. */
  readonly cluster: string;
  readonly roleName: string;
  /** What the policies of the role allow. */
  readonly allowed: string[];
  /** The most frequent one first. */
  readonly schedules: CaptureSchedule[];
  readonly changeDelayMinutes: number;
  /** The logical id of the queue that schedules put captures into. */
  readonly queue: string;
  readonly bucket: SnapshotBucket;
  readonly replica: SnapshotBucket;
}

interface Settings {
  readonly bucket: { readonly name: string };
  readonly tiers: Record<string, { readonly windowMinutes: number }>;
  readonly targets: string[];
}

/** Reads from the templates what is captured, when, by whom, and where it is kept. */
export function capturesOf(stacks: readonly AssemblyStack[]): Captures {
  const [handler] = resourcesOf(stacks, 'AWS::Lambda::Function').filter((each) => settingsOf(each) !== undefined);
  const { stack, properties } = handler;
  const settings = JSON.parse(literal(settingsOf(handler))) as Settings;
  const role = stack.template.Resources[attributeOf(properties.Role)].Properties!;
  const [changes] = resourcesOf([stack], 'AWS::SQS::Queue').filter((queue) => queue.properties.DelaySeconds !== undefined);
  const [{ properties: { Target } }] = resourcesOf([stack], 'AWS::Scheduler::Schedule');
  const bucket = bucketNamed(stacks, settings.bucket.name);
  const { Rules: [{ Destination }] } = bucket.properties.ReplicationConfiguration as { Rules: { Destination: { Bucket: string } }[] };
  return {
    account: stack.account,
    region: stack.region,
    cluster: settings.targets[0],
    roleName: literal(role.RoleName),
    allowed: allowedBy(role.Policies),
    schedules: resourcesOf([stack], 'AWS::Scheduler::Schedule').map((schedule) => scheduleOf(schedule, settings)).sort((a, b) => intervalOf(a) - intervalOf(b)),
    changeDelayMinutes: Number(changes.properties.DelaySeconds) / 60,
    queue: attributeOf((Target as { Arn: unknown }).Arn),
    bucket: snapshotBucketOf(stacks, bucket),
    replica: snapshotBucketOf(stacks, bucketNamed(stacks, Destination.Bucket.split(':').at(-1)!)),
  };
}

function settingsOf({ properties }: DeclaredResource): unknown {
  return (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables?.CAPTURE_SETTINGS;
}

function scheduleOf({ properties }: DeclaredResource, { tiers }: Settings): CaptureSchedule {
  const { ScheduleExpression, ScheduleExpressionTimezone, Target } = properties;
  if (ScheduleExpressionTimezone !== 'UTC') {
    throw new Error(`the time zone ${JSON.stringify(ScheduleExpressionTimezone)} of a schedule is not known here`);
  }
  const { schedule } = JSON.parse(literal((Target as { Input: unknown }).Input)) as { schedule: string };
  return { name: schedule, expression: literal(ScheduleExpression), windowMinutes: tiers[schedule].windowMinutes };
}

/** Milliseconds from a run to the next one. */
function intervalOf({ expression }: CaptureSchedule): number {
  const first = nextRun(expression, new Date(0));
  return nextRun(expression, first).getTime() - first.getTime();
}

function bucketNamed(stacks: readonly AssemblyStack[], name: string): DeclaredResource {
  const found = resourcesOf(stacks, 'AWS::S3::Bucket').find(({ properties }) => properties.BucketName === name);
  if (!found) {
    throw new Error(`the templates do not have the bucket ${name}`);
  }
  return found;
}

function snapshotBucketOf(stacks: readonly AssemblyStack[], { stack, logicalId, properties }: DeclaredResource): SnapshotBucket {
  const { Rules } = properties.LifecycleConfiguration as { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
  const lock = properties.ObjectLockConfiguration as { Rule: { DefaultRetention: { Mode: string } } } | undefined;
  const policy = resourcesOf(stacks, 'AWS::S3::BucketPolicy').find((each) =>
    each.stack.id === stack.id && (each.properties.Bucket as { Ref?: string }).Ref === logicalId);
  const longest = /"s3:object-lock-remaining-retention-days":"(\d+)"/.exec(JSON.stringify(policy?.properties ?? null))?.[1];
  return {
    name: literal(properties.BucketName),
    account: stack.account,
    region: stack.region,
    days: Object.fromEntries(Rules.filter(({ ExpirationInDays }) => ExpirationInDays).map(({ Prefix = '', ExpirationInDays }) => [Prefix, ExpirationInDays!])),
    ...lock && { lockMode: lock.Rule.DefaultRetention.Mode },
    ...longest && { longestDays: Number(longest) },
  };
}
