import { Duration, Stack } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmName } from '../alarms/alarm-catalogue';
import { checkOverrides } from '../alarms/alarm-checks';
import { AlarmLocations } from '../alarms/alarm-locations';
import type { ReplicationAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { checkPresentation } from '../alarms/names-and-runbooks';
import type { IReplicatedBucket } from '../buckets/replicated-bucket-ref';
import type { Notify } from '../notification/notify';
import { checkNotify, NOTIFY } from '../notification/notify-checks';
import { Environment } from '../private/environment';
import { stableName } from '../private/physical-names';
import { checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { regionStack } from '../private/region-stack';

/**
 * Properties of the alarms on the replication of buckets.
 */
export interface ReplicationAlarmsProps extends AlarmPresentationOptions {
  /**
   * Buckets with a replica, in the account and region of this construct.
   */
  readonly buckets: IReplicatedBucket[];

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all
   * constructs of a stack share, in each region that this construct publishes in. A topic of yours is used in its own region.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * What happens to the topic and the key that the constructs of a stack share when they are removed from the stack. They are
   * retained if another one of these constructs requires it.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Overrides of alarms, with a property for each alarm: `replicationLate` for `replication-late`, and so on.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: ReplicationAlarmOverrides;
}

/**
 * Alarms on the replication of buckets, each in the region of its metric: failures in the region of the bucket, latency in that of
 * the replica, in the stack of the replica, or in a support stack if the replica is imported.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
 *
 * @example
 * declare const trails: ReplicatedLogBucket;
 * new ReplicationAlarms(stack, 'ReplicationAlarms', { buckets: [trails] });
 */
export class ReplicationAlarms extends Construct {
  /**
   * The alarms on failures, in the region of this construct.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The alarms on latency, in the regions of the replicas.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Topic for failures: the topic that the constructs of the stack share, or the first one of `notify` if that contains only topics.
   */
  public readonly topic: sns.ITopic;

  /**
   * Topics for latency, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * Defines the alarms.
   *
   * @throws if a bucket has no replica or is in another account or region, or an override has no alarm; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ReplicationAlarmsProps) {
    super(scope, id);
    checkShapes(this, 'ReplicationAlarmsProps', props, PROPS);
    check(this, props, Environment.of(this));

    const made = new CataloguedAlarms(this, props);
    const locations = new AlarmLocations(this, made, props);
    for (const bucket of new Set(props.buckets)) {
      const away = locations.in(stackOfReplica(this, bucket));
      const common = { subject: `bucket ${bucket.bucketName}`, period: Duration.minutes(5) };
      const ofId = stableName(80, bucket);

      made.add(this, ofId, 'replication-failed', locations.home.topics, { ...common, metric: bucket.metricOperationsFailedReplication(), threshold: 0 });
      // S3 publishes nothing for a bucket without writes: then the alarm keeps its state.
      const late = { ...common, keepsState: true };
      made.add(away.scope, ofId, 'replication-late', away.topics, { ...late, metric: bucket.metricReplicationLatency(), threshold: 900 });
      made.add(away.scope, ofId, 'replication-bytes-pending', away.topics, {
        ...late, metric: bucket.metricBytesPendingReplication(), threshold: 2 ** 30, evaluationPeriods: 6,
      });
      made.add(away.scope, ofId, 'replication-operations-pending', away.topics, {
        ...late, metric: bucket.metricOperationsPendingReplication(), threshold: 10_000, evaluationPeriods: 6,
      });
    }
    this.topic = locations.home.topics.main;
    this.replicaTopics = locations.replicaTopics;
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }
}

/** The stack of the replica, which needs no other stack; an imported replica is in the importing stack. */
function stackOfReplica(scope: Construct, { account, replicaRegion, replica }: IReplicatedBucket): Stack {
  const stack = replica && Stack.of(replica);
  return stack && stack.account === account && stack.region === replicaRegion ? stack : regionStack(scope, 'buckets', replicaRegion!, 'define the alarms in the app of the bucket');
}

const PROPS = { buckets: { ...SHAPES.buckets, isRequired: true }, notify: NOTIFY, overrides: SHAPES.map };

const NAMES: AlarmName[] = ['replication-late', 'replication-bytes-pending', 'replication-operations-pending', 'replication-failed'];

function check(scope: Construct, props: ReplicationAlarmsProps, home: Environment): void {
  const { buckets, notify, overrides } = props;
  const errors = new PropsErrors('ReplicationAlarmsProps', scope);
  errors.whenEmpty('buckets', buckets, 'bucket');
  for (const bucket of buckets) {
    const where = new Environment(bucket.account, bucket.region);
    errors.when(bucket.replicaRegion === undefined, () => `'buckets' must have replicas, got '${bucket.node.path}', which has none: give it a 'replicaRegion'`);
    errors.when(where.differsFrom(home), () => `'buckets' must be in the account and region of the alarms (${home}), got '${bucket.node.path}' in ${where}`);
  }
  const regions = [...new Set(buckets.flatMap(({ replicaRegion }) => replicaRegion ?? []))];
  checkNotify(errors, notify, 'CloudWatch', { of: 'the metrics', environment: home, scope, isForAlarms: true },
    ...regions.map((region) => ({ of: 'the metrics', environment: new Environment(home.account, region), scope, isForAlarms: true })));
  checkPresentation(errors, props);
  checkOverrides(errors, overrides, NAMES);
  errors.throwIfAny();
}
