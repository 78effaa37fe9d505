import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { Notify } from '../../src/notification/notify';
import { Setup } from '../buckets/setup';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const ALARM = 'AWS::CloudWatch::Alarm';
const DIMENSIONS = [
  { Name: 'DestinationBucket', Value: 'uploads-replica' }, { Name: 'RuleId', Value: 'to-replica' }, { Name: 'SourceBucket', Value: 'uploads' },
];

function on(stack: Setup['stack'], metricName: string): any[] {
  const alarms = Template.fromStack(stack).findResources(ALARM, { Properties: { MetricName: metricName } });
  return Object.values(alarms).map(({ Properties }) => Properties);
}

test.each([
  ['ReplicationLatency', 'replication-late', 'Maximum', 900, 1],
  ['BytesPendingReplication', 'replication-bytes-pending', 'Maximum', 1073741824, 6],
  ['OperationsPendingReplication', 'replication-operations-pending', 'Maximum', 10000, 6],
])('%s is an alarm in the region of the replica, where S3 publishes it', (metricName, name, statistic, threshold, evaluationPeriods) => {
  const setup = new Setup();
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated()] });

  expect(on(setup.away, metricName)).toMatchObject([{
    AlarmDescription: expect.stringContaining(`/docs/runbooks/${name}.md`),
    Namespace: 'AWS/S3',
    Dimensions: DIMENSIONS,
    Statistic: statistic,
    Period: 300,
    EvaluationPeriods: evaluationPeriods,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  }]);
  expect(on(setup.stack, metricName)).toEqual([]);
});

test('a failed replication is an alarm in the region of the bucket', () => {
  const setup = new Setup();
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated()] });

  expect(on(setup.stack, 'OperationsFailedReplication')).toMatchObject([{
    Dimensions: DIMENSIONS, Statistic: 'Sum', Threshold: 0, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching',
  }]);
  expect(on(setup.away, 'OperationsFailedReplication')).toEqual([]);
});

test('each region has a topic, and no template refers to the other', () => {
  const setup = new Setup();
  const { alarms, replicaAlarms, topic, replicaTopics } = new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated()] });
  const text = JSON.stringify(setup.app.synth().stacks.map(({ template }) => template));

  expect([alarms, replicaAlarms].map((each) => each.map(({ env }) => env.region))).toEqual([[LONDON], [IRELAND, IRELAND, IRELAND]]);
  expect([topic, ...replicaTopics].map((each) => each.env.region)).toEqual([LONDON, IRELAND]);
  expect(text).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|Custom::CrossRegion/);
});

test('topics of the caller are used', () => {
  const setup = new Setup();
  const [topic, replicaTopic] = [LONDON, IRELAND].map((region) => new sns.Topic(stackIn(LOG_ARCHIVE, region, setup.app, `Topics-${region}`), 'Topic'));
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated()], notify: [topic, replicaTopic].map((each) => Notify.topic(each)) });
  setup.app.synth();

  Template.fromStack(setup.stack).resourceCountIs('AWS::SNS::Topic', 0);
  Template.fromStack(setup.away).resourceCountIs('AWS::SNS::Topic', 0);
});

test('buckets with replicas in two regions have alarms in both', () => {
  const setup = new Setup();
  const far = new ReplicatedBucket(setup.stack, 'Far', { bucketName: 'far', replicaRegion: 'eu-central-1' });
  const { replicaTopics } = new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated(), far] });

  expect(replicaTopics.map(({ env }) => env.region)).toEqual([IRELAND, 'eu-central-1']);
  Template.fromStack(supportStackOf(setup.stack, 'eu-central-1')).resourceCountIs(ALARM, 3);
});

test('alarms on what is late are in the stack of the replica: with it they go, where its region is lost', () => {
  const setup = new Setup();
  const own = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Own');
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated({ replicaRegion: undefined, replicaScope: own })] });

  Template.fromStack(own).resourceCountIs(ALARM, 3);
  expect(setup.stack.node.tryFindChild('support-eu-west-1')).toBeUndefined();
});

test('alarms on what is late of an imported bucket are in a support stack', () => {
  const setup = new Setup();
  const bucket = ReplicatedBucket.fromReplicatedBucketAttributes(setup.stack, 'Theirs', {
    bucketName: 'theirs', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND, replicaBucketName: 'theirs-replica',
  });
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [bucket] });

  Template.fromStack(setup.away).resourceCountIs(ALARM, 3);
});

test('all problems are in one error', () => {
  const setup = new Setup();
  const away = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Away');
  const alone = new ReplicatedBucket(away, 'Alone', { bucketName: 'alone' });

  expect(setup.refusals(() => new ReplicationAlarms(setup.stack, 'Alarms', {
    buckets: [setup.replicated(), alone], notify: [Notify.topic(new sns.Topic(stackIn(LOG_ARCHIVE, 'eu-north-1', setup.app, 'Far'), 'Topic'))], overrides: { replicationLag: {} } as object,
  }))).toEqual([
    "'buckets' must have replicas, got 'Away/Alone', which has none: give it a 'replicaRegion' (replica_region)",
    "'buckets' must be in the account and region of the alarms (account 333333333333, region eu-west-2), got 'Away/Alone' in account 333333333333, region eu-west-1",
    "'notify' must have topics in the region of the metrics (account 333333333333, region eu-west-2) or of the metrics (account 333333333333, region eu-west-1), which publishes to them, got 'Far/Topic' in account 333333333333, region eu-north-1",
    "'overrides' must use the names of alarms (replicationLate, replicationBytesPending, replicationOperationsPending, replicationFailed), got 'replicationLag'",
  ]);
});

test('refuses alarms without a bucket', () => {
  const setup = new Setup();

  expect(setup.refusals(() => new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [] }))).toEqual(["'buckets' must contain at least one bucket, got none"]);
});

test('e-mail addresses are subscribed in both regions', () => {
  const setup = new Setup();
  new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [setup.replicated()], notify: [Notify.email('operations@example.com')] });

  for (const stack of [setup.stack, setup.away]) {
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'operations@example.com' });
  }
});

test('a bucket that is named twice is watched once', () => {
  const setup = new Setup();
  const bucket = setup.replicated();
  const { alarms, replicaAlarms } = new ReplicationAlarms(setup.stack, 'Alarms', { buckets: [bucket, bucket] });

  expect([alarms.length, replicaAlarms.length]).toEqual([1, 3]);
});
