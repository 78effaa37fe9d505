import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Captured, DAILY } from './captured';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { BackupTier } from '../../src/objectives/backup-tier';
import { WeekDay } from '../../src/schedules/week-day';
import { nagFindings } from '../nag-findings';
import { Rendered } from '../policies';

function resourcesOf(captured: Captured, type: string): any[] {
  return Object.values(Template.fromStack(captured.stack).findResources(type)).map(({ Properties }) => Properties);
}

/** What the function is configured with. */
function settingsOf(captured: Captured): any {
  return JSON.parse(Rendered.of(captured.stack).only('AWS::Lambda::Function').Environment.Variables.CAPTURE_SETTINGS);
}

test('each schedule puts its own time into the queue of captures, in its time zone and within its start window', () => {
  const weekly = BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 6, timeZone: 'Europe/London', startWindow: Duration.hours(6), deleteAfter: Duration.days(360) });
  const captured = new Captured({ schedules: [DAILY, weekly] });
  captured.define({ schedules: [DAILY, weekly] });

  expect(Rendered.of(captured.stack).all('AWS::Scheduler::Schedule')).toEqual([
    expect.objectContaining({
      ScheduleExpression: 'cron(0 5 ? * * *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: expect.objectContaining({
        Arn: 'arn:aws:sqs:eu-west-2:222222222222:EcsCaptures3934AB00',
        Input: '{"schedule":"daily","scheduledFor":"<aws.scheduler.scheduled-time>"}',
        SqsParameters: { MessageGroupId: 'schedule:daily' },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-2:222222222222:EcsDeadLetters8AA13C07' },
      }),
    }),
    expect.objectContaining({
      ScheduleExpression: 'cron(0 6 ? * SUN *)',
      ScheduleExpressionTimezone: 'Europe/London',
      Target: expect.objectContaining({
        SqsParameters: { MessageGroupId: 'schedule:weekly' },
        RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 },
      }),
    }),
  ]);
});

test('two messages are worked on at a time, without reserved concurrency, and each is attempted three times', () => {
  const captured = new Captured();
  captured.define();

  expect(resourcesOf(captured, 'AWS::Lambda::EventSourceMapping').map(({ BatchSize, ScalingConfig }) => ({ BatchSize, ScalingConfig })))
    .toEqual([{ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }]);
  expect(resourcesOf(captured, 'AWS::Lambda::Function')[0]).toMatchObject({ Timeout: 900, MemorySize: 512, Runtime: 'nodejs24.x' });
  expect(resourcesOf(captured, 'AWS::Lambda::Function')[0]).not.toHaveProperty('ReservedConcurrentExecutions');
  expect(resourcesOf(captured, 'AWS::SQS::Queue').flatMap(({ RedrivePolicy }) => RedrivePolicy?.maxReceiveCount ?? [])).toEqual([3, 3]);
});

test('a message is not received again while the function can still work on it', () => {
  const captured = new Captured();
  captured.define();

  const [{ Timeout }] = resourcesOf(captured, 'AWS::Lambda::Function');
  const timeouts = resourcesOf(captured, 'AWS::SQS::Queue').flatMap(({ VisibilityTimeout }) => VisibilityTimeout ?? []);
  expect(timeouts).toEqual([1200, 1200]);
  expect(Math.min(...timeouts)).toBeGreaterThan(Timeout);
});

test('captures wait in a FIFO queue, whose dead-letter queue is one too, and which drops what has the same text', () => {
  const captured = new Captured();
  captured.define();
  const queues = Template.fromStack(captured.stack).findResources('AWS::SQS::Queue');

  expect(queues.EcsCaptures3934AB00.Properties).toMatchObject({
    FifoQueue: true,
    ContentBasedDeduplication: true,
    QueueName: 'Workload-Ecs-Captures-6ca1ac62.fifo',
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['EcsFailedCaptures9DF3AD39', 'Arn'] } },
  });
  expect(queues.EcsFailedCaptures9DF3AD39.Properties).toMatchObject({
    FifoQueue: true, QueueName: 'Workload-Ecs-FailedCaptures-7a8ff915.fifo', MessageRetentionPeriod: 1_209_600,
  });
});

test('changes, and what a schedule could not deliver, go to a standard dead-letter queue', () => {
  const captured = new Captured();
  captured.define();
  const queues = Template.fromStack(captured.stack).findResources('AWS::SQS::Queue');

  expect(queues.EcsChangesA61A3DE0.Properties.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': ['EcsDeadLetters8AA13C07', 'Arn'] });
  expect(queues.EcsDeadLetters8AA13C07.Properties).not.toHaveProperty('FifoQueue');
  expect(queues.EcsChangesA61A3DE0.Properties).not.toHaveProperty('FifoQueue');
});

test('the name of a FIFO queue has at most 80 characters, however long the id is', () => {
  const captured = new Captured();
  captured.define({}, 'ConfigurationOfTheClusters'.repeat(5));

  expect(resourcesOf(captured, 'AWS::SQS::Queue').flatMap(({ QueueName }) => QueueName ?? [])).toEqual([
    expect.stringMatching(/^[A-Za-z0-9-]{75}\.fifo$/), expect.stringMatching(/^[A-Za-z0-9-]{75}\.fifo$/),
  ]);
});

test('a group of the longest name of a schedule has at most 128 characters', () => {
  const longest = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35), name: 'd'.repeat(50) });
  const captured = new Captured({ schedules: [longest] });
  captured.define({ schedules: [longest] });

  expect(resourcesOf(captured, 'AWS::Scheduler::Schedule').map(({ Target }) => Target.SqsParameters.MessageGroupId)).toEqual([`schedule:${'d'.repeat(50)}`]);
});

test('all queues are encrypted with a customer managed key', () => {
  const captured = new Captured();
  captured.define();

  const queues = resourcesOf(captured, 'AWS::SQS::Queue');
  expect(queues).toHaveLength(5); // captures, changes, the dead letters of each, and what rules could not deliver
  expect(queues.map(({ KmsMasterKeyId }) => KmsMasterKeyId)).toEqual(Array(5).fill({ 'Fn::GetAtt': ['BackupDrNotificationsKeyC43E7DFF', 'Arn'] }));
});

test('the function knows the bucket, how long documents are kept, and until when a capture must have ended', () => {
  const captured = new Captured({ changeRetention: Duration.days(14) });
  captured.define();

  expect(settingsOf(captured)).toEqual({
    kind: 'ecs',
    backup: 'Workload-Ecs-8f9855bb',
    bucket: { name: captured.bucket.bucketName, region: 'eu-west-2', account: '333333333333' },
    tiers: { daily: { keptDays: 35, windowMinutes: 360 } },
    changeKeptDays: 14,
    targets: ['shop'],
    libraryVersion: '0.0.0',
    imageRegions: ['eu-west-1'],
  });
});

test('the function knows the queue that it puts one message for each cluster into', () => {
  const captured = new Captured();
  captured.define();

  expect(Rendered.of(captured.stack).only('AWS::Lambda::Function').Environment.Variables.CAPTURE_QUEUE_URL)
    .toBe('https://sqs.eu-west-2.amazonaws.com/222222222222/EcsCaptures3934AB00');
});

test('the settings of a capture of all clusters name none', () => {
  const captured = new Captured();
  captured.define({ clusters: [EcsClusterTarget.all()] });

  expect(settingsOf(captured)).not.toHaveProperty('targets');
});

test('a locked bucket has the function lock each document', () => {
  const captured = new Captured({ objectLockMode: 'COMPLIANCE' as any });
  captured.define();

  expect(settingsOf(captured).bucket.lockMode).toBe('COMPLIANCE');
});

test('a cluster of the same stack is named by a reference, which the function gets as its name', () => {
  const captured = new Captured();
  captured.define({ clusters: [EcsClusterTarget.fromCluster(new ecs.Cluster(captured.stack, 'Cluster'))] });

  const [{ Environment }] = resourcesOf(captured, 'AWS::Lambda::Function');
  expect(JSON.stringify(Environment)).toContain('{"Ref":"ClusterEB0386A7"}');
});

test('changes wait in a queue of their own', () => {
  const captured = new Captured();
  captured.define({ changeDelay: Duration.minutes(10) });

  expect(resourcesOf(captured, 'AWS::SQS::Queue').flatMap(({ DelaySeconds }) => DelaySeconds ?? [])).toEqual([600]);
});

test('without onChange there are no rules and no queue of changes', () => {
  const captured = new Captured();
  captured.define({ onChange: false });

  Template.fromStack(captured.stack).resourceCountIs('AWS::Events::Rule', 0);
  Template.fromStack(captured.stack).resourceCountIs('AWS::SQS::Queue', 3);
  Template.fromStack(captured.stack).resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
});

test('the role has the name that it is given', () => {
  const captured = new Captured();
  captured.define({ roleName: 'captures-ecs' });

  expect(resourcesOf(captured, 'AWS::IAM::Role')).toContainEqual(expect.objectContaining({ RoleName: 'captures-ecs' }));
});

test.each([true, false])('cdk-nag finds nothing open, and each suppression applies, with onChange %s', (onChange) => {
  const captured = new Captured();
  captured.define({ onChange });

  const { open, suppressed, declared } = nagFindings(captured.app);
  expect(open).toEqual([]);
  expect(declared.filter((line) => line.includes('Workload/Ecs') && !suppressed.includes(line) && !line.startsWith('L1'))).toEqual([]);
});
