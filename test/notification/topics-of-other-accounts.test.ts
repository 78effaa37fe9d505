import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { decide, Rendered } from '../policies';
import type { Document } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn, supportStackOf } from '../stacks';

/*
 * A topic of the operations account, in the region of the alarms.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 */
const OPERATIONS = '999999999999';
const TOPIC = `arn:aws:sns:eu-west-2:${OPERATIONS}:operations`;
const KEY = `arn:aws:kms:eu-west-2:${OPERATIONS}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const importedIn = (stack: Stack, region = LONDON) => sns.Topic.fromTopicArn(stack, `Topic-${region}`, TOPIC.replace(LONDON, region));
const encryptedIn = (stack: Stack) => sns.Topic.fromTopicAttributes(stack, 'Encrypted', { topicArn: TOPIC, keyArn: KEY });

type Define = (stack: Stack, topic: sns.ITopic) => unknown;
const vaultIn = (stack: Stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
const ALARMS: Define = (stack, topic) => new BackupAlarms(stack, 'Alarms', { vaults: [vaultIn(stack)], notify: [Notify.topic(topic)] });
const NOTIFICATIONS: Define = (stack, topic) => new BackupNotifications(stack, 'Notifications', { vaults: [vaultIn(stack)], notify: [Notify.topic(topic)] });
const CENTRAL: Define = (stack, topic) => new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', notify: [Notify.topic(topic)] });
const FORWARDING: Define = (stack, topic) => new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: 'arn:aws:events:eu-west-2:333333333333:event-bus/any', notify: [Notify.topic(topic)] });
const REPLICATION: Define = (stack, topic) => new ReplicationAlarms(stack, 'Replication', {
  buckets: [new ReplicatedBucket(stack, 'Bucket', { bucketName: 'acme-files', replicaRegion: IRELAND })], notify: [Notify.topic(topic)],
});

/** The statements that synthesis says the policies of something must have. */
function reported(stack: Stack, what: RegExp): any[] {
  return Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => what.test(reason))
    .map((reason) => JSON.parse(/\{.*\}/.exec(reason)![0]));
}

const ofTopic = (stack: Stack) => reported(stack, /^the policy of topic /);

test.each<[string, Define]>([
  ['BackupAlarms', ALARMS], ['BackupNotifications', NOTIFICATIONS], ['CentralMonitoring', CENTRAL], ['BackupEventForwarding', FORWARDING], ['ReplicationAlarms', REPLICATION],
])('%s publishes to a topic of another account', (_, define) => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  define(stack, importedIn(stack));
  const actions = Rendered.of(stack).all('AWS::CloudWatch::Alarm').map(({ AlarmActions }) => AlarmActions).filter((each) => each !== undefined);

  expect(actions.length).toBeGreaterThan(0);
  expect(actions).toEqual(actions.map(() => [TOPIC]));
});

test('the policy of the topic is reported complete: for alarms of this account and region', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  REPLICATION(stack, importedIn(stack));

  expect(ofTopic(stack)).toEqual([{
    Sid: `CloudWatchOf${INFRASTRUCTURE}`,
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TOPIC,
    Condition: { StringEquals: { 'aws:SourceAccount': INFRASTRUCTURE }, ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:eu-west-2:${INFRASTRUCTURE}:alarm:*` } },
  }]);
});

test('where rules publish too, the account of their role is reported as well', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  ALARMS(stack, importedIn(stack));

  expect(ofTopic(stack).map(({ Principal }) => Principal)).toEqual([{ Service: 'cloudwatch.amazonaws.com' }, { AWS: `arn:aws:iam::${INFRASTRUCTURE}:root` }]);
  expect(ofTopic(stack)[1]).toEqual({
    Sid: `RulesOf${INFRASTRUCTURE}`, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${INFRASTRUCTURE}:root` }, Action: 'sns:Publish', Resource: TOPIC,
  });
});

test.each<[string, (stack: Stack) => sns.ITopic, RegExp]>([
  ['whose key is not known', importedIn, /^whether topic .* is encrypted/],
  ['whose key is imported', encryptedIn, /^the policy of key /],
])('the policy of the key of a topic %s is reported complete', (_, topicIn, what) => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  ALARMS(stack, topicIn(stack));

  expect(reported(stack, what)).toEqual([
    expect.objectContaining({ Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' }),
    {
      Sid: `RulesOf${INFRASTRUCTURE}`,
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${INFRASTRUCTURE}:root` },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    },
  ]);
});

test('with the reported statements, and the policy of its role, a rule publishes with the key, and an alarm does; of other accounts neither', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  ALARMS(stack, encryptedIn(stack));
  const role = Rendered.of(stack).only('AWS::IAM::Role', ({ Policies }) => JSON.stringify(Policies ?? '').includes('sns:Publish'));
  const identityPolicies = role.Policies.map(({ PolicyDocument }: any) => PolicyDocument);
  const policy = (statements: object[]): Document => ({ Version: '2012-10-17', Statement: statements });
  const topicPolicy = policy(ofTopic(stack));
  const keyPolicy = policy(reported(stack, /^the policy of key /));
  const byRole = (account: string) => [
    { action: 'sns:Publish', resource: TOPIC, resourcePolicy: topicPolicy }, { action: 'kms:GenerateDataKey', resource: KEY, resourcePolicy: keyPolicy },
  ].map(({ action, resource, resourcePolicy }) => ({
    name: action, request: { principal: `arn:aws:iam::${account}:role/any`, action, resource, resourceAccount: OPERATIONS }, identityPolicies, resourcePolicy,
  }));
  const byAlarm = (account: string) => [{
    name: 'alarm',
    request: {
      principal: 'cloudwatch.amazonaws.com',
      action: 'sns:Publish',
      resource: TOPIC,
      resourceAccount: OPERATIONS,
      context: { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:cloudwatch:eu-west-2:${account}:alarm:any` },
    },
    resourcePolicy: topicPolicy,
  }];

  expect(decide([...byRole(INFRASTRUCTURE), ...byAlarm(INFRASTRUCTURE)])).toEqual(['Allowed', 'Allowed', 'Allowed']);
  expect(decide([...byRole('444444444444'), ...byAlarm('444444444444')])).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('the topic of a replica may be of another account too, in the region of the replica', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], notify: [LONDON, IRELAND].map((region) => Notify.topic(importedIn(stack, region))) });
  const actions = Rendered.of(supportStackOf(stack, IRELAND)).all('AWS::CloudWatch::Alarm').map(({ AlarmActions }) => AlarmActions);

  expect(actions).toEqual(actions.map(() => [`arn:aws:sns:eu-west-1:${OPERATIONS}:operations`]));
  expect(ofTopic(stack).map(({ Resource }) => Resource).filter((arn) => arn.includes(IRELAND))).toHaveLength(2);
});

test('a topic of another account that the app defines under a name gets the statements', () => {
  const app = new App();
  const operations = stackIn(OPERATIONS, LONDON, app, 'Operations');
  const topic = new sns.Topic(operations, 'Topic', { topicName: 'operations', masterKey: kms.Key.fromKeyArn(operations, 'Key', KEY) });
  const stack = stackIn(INFRASTRUCTURE, LONDON, app);
  ALARMS(stack, topic);
  app.synth();

  expect((Rendered.of(operations).topicPolicy as any).Statement.map(({ Sid }: any) => Sid)).toEqual([`CloudWatchOf${INFRASTRUCTURE}`, `RulesOf${INFRASTRUCTURE}`]);
  expect(Rendered.of(stack).all('AWS::CloudWatch::Alarm')[0].AlarmActions).toEqual([TOPIC]);
});

test('alarms of two accounts on one topic have statements of different ids, which must be unique in a policy', () => {
  const app = new App();
  const topic = new sns.Topic(stackIn(OPERATIONS, LONDON, app, 'Operations'), 'Topic', { topicName: 'operations' });
  [INFRASTRUCTURE, '444444444444'].forEach((account) => ALARMS(stackIn(account, LONDON, app, `In${account}`), topic));
  const sids = (Rendered.of(topic.stack).topicPolicy as any).Statement.map(({ Sid }: any) => Sid);

  expect(new Set(sids).size).toBe(4);
});

describe('refuses', () => {
  test('a topic of another account that has no name, which nobody else could refer to', () => {
    const app = new App();
    const { topic } = new NotificationTopic(stackIn(OPERATIONS, LONDON, app, 'Operations'), 'Topic');

    expect(problemsOf(() => ALARMS(stackIn(INFRASTRUCTURE, LONDON, app), topic))).toEqual([
      "'notify' must have a 'topicName' (topic_name), because the topic is in another account than the metrics (account 222222222222, region eu-west-2), "
      + "got 'Operations/Topic/Topic' without one: set it, or import the topic by its ARN (Topic.fromTopicArn)",
      expect.stringMatching(/^'notify' must have a key whose ARN is known, .* import the topic by 'Topic\.fromTopicAttributes' \(from_topic_attributes\) with its 'topicArn' \(topic_arn\) and 'keyArn' \(key_arn\)$/),
    ]);
  });

  test('a topic of another account in another region', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);

    expect(problemsOf(() => ALARMS(stack, importedIn(stack, IRELAND)))).toEqual([
      "'notify' must have topics in the region of the metrics (account 222222222222, region eu-west-2), which publishes to them, "
      + "got 'Backup/Topic-eu-west-1' in account 999999999999, region eu-west-1",
    ]);
  });

  test('a topic of another account for a vault, which AWS Backup does not publish to', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);

    expect(problemsOf(() => new ReplicatedBackupVault(stack, 'Vault', { notificationTopic: importedIn(stack) }))).toEqual([
      "'notificationTopic' (notification_topic) must be in the account and region of the vault (account 222222222222, region eu-west-2), got account 999999999999, region eu-west-2",
    ]);
  });
});

test('notifications with a topic of another account leave those of the vault alone, and say so', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  NOTIFICATIONS(stack, importedIn(stack));

  expect(Rendered.of(stack).only('AWS::Backup::BackupVault').Notifications).toBeUndefined();
  expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toContainEqual(
    expect.stringMatching(/of vault 'local': AWS Backup publishes only to topics in the account of the vault; set the 'notificationTopic' \(notification_topic\) of the vault$/),
  );
});
