import { App, Lazy, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { SharedNotifications } from '../../src/notification/shared-notifications';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { messagesAbout } from '../messages';
import { decide, Rendered } from '../policies';
import { problemsAtSynthesis, problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn, supportStackOf } from '../stacks';
import { subscribed } from './subscribed';

const { CRITICAL, WARNING } = AlarmSeverity;
const ALL = { Ref: 'BackupDrNotificationsTopic09CC4A13' };
const CRITICAL_ALONE = { Ref: expect.stringMatching(/^BackupDrNotificationsCriticalTopic/) };
const OPERATIONS = Notify.email('operations@example.com');
const ON_CALL = Notify.email('on-call@example.com', { severity: CRITICAL });

const vaultIn = (stack: Construct, id = 'Vault') => new ReplicatedBackupVault(stack, id, { backupVaultName: id });
const alarmsIn = (scope: Construct, notify?: Notify[], id = 'Alarms') => new BackupAlarms(scope, id, { vaults: [vaultIn(scope, `VaultOf${id}`)], notify });
const forwardingIn = (scope: Construct, notify?: Notify[], id = 'Forwarding') =>
  new BackupEventForwarding(scope, id, { eventBusArn: `arn:aws:events:eu-west-2:333333333333:event-bus/${id}`, notify });

/** What alarms of a severity publish to, without what several of them have. */
function actionsOf(stack: Stack, severity: AlarmSeverity): unknown[] {
  const alarms = Rendered.of(stack).all('AWS::CloudWatch::Alarm', ({ AlarmDescription }) => AlarmDescription.startsWith(severity));
  expect(alarms.length).toBeGreaterThan(0);
  const template = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties)
    .filter(({ AlarmDescription }) => AlarmDescription.startsWith(severity)).map(({ AlarmActions }) => JSON.stringify(AlarmActions));
  return [...new Set(template)].map((actions) => JSON.parse(actions));
}

describe('the monitoring constructs of a stack with one replica region', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });
  const bucket = new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND });
  const notify = [OPERATIONS];
  const keysOfData = 4;
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], notify });
  new BackupNotifications(stack, 'Notifications', { vaults: [vault], notify });
  new ReplicationAlarms(stack, 'ReplicationAlarms', { buckets: [bucket], notify });
  new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', vaults: [vault], notify });
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', vaults: [vault], notify });
  const templates = [stack, supportStackOf(stack, IRELAND)].map((each) => Template.fromStack(each));
  const count = (type: string) => templates.map((template) => Object.keys(template.findResources(type)).length);

  test('have two topics, two keys and two confirmations in all', () => {
    expect(count('AWS::SNS::Topic')).toEqual([1, 1]);
    expect(count('AWS::SNS::Subscription')).toEqual([1, 1]);
    expect(count('AWS::KMS::Key').reduce((sum, each) => sum + each, 0) - keysOfData).toBe(2);
  });

  test('keep undelivered events and the events of the log group with the key of the topic', () => {
    const keys = templates.flatMap((template) => [
      ...Object.values(template.findResources('AWS::SQS::Queue')).map(({ Properties }) => Properties.KmsMasterKeyId),
      ...Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.KmsKeyId),
      ...Object.values(template.findResources('AWS::SNS::Topic')).map(({ Properties }) => Properties.KmsMasterKeyId),
    ]);

    expect(keys.length).toBeGreaterThan(8);
    expect(new Set(keys.map((key) => JSON.stringify(key)))).toEqual(new Set(['{"Fn::GetAtt":["BackupDrNotificationsKeyC43E7DFF","Arn"]}']));
  });

  test('lets alarms, vaults, buckets and rules use that key', () => {
    const rendered = Rendered.of(stack);
    const [key] = rendered.keyArns.filter((arn) => /BackupDrNotificationsKey/.test(arn));
    const context = { 'aws:SourceAccount': INFRASTRUCTURE, 'aws:SourceArn': `arn:aws:cloudwatch:eu-west-2:${INFRASTRUCTURE}:alarm:any` };

    expect(decide(['cloudwatch', 'backup', 's3', 'events'].map((service) => ({
      name: service, request: { principal: `${service}.amazonaws.com`, action: 'kms:GenerateDataKey', resource: key, resourceAccount: INFRASTRUCTURE, context }, resourcePolicy: rendered.keyPolicy(key),
    })))).toEqual(['Allowed', 'Allowed', 'Allowed', 'Allowed']);
  });
});

describe('recipients of several constructs', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = stackIn(INFRASTRUCTURE, LONDON);
  });

  test('are subscribed to one topic, each once', () => {
    alarmsIn(stack, [OPERATIONS, OPERATIONS]);
    forwardingIn(stack, [OPERATIONS, Notify.email('others@example.com')]);

    expect(subscribed(stack)).toEqual({ all: ['operations@example.com', 'others@example.com'] });
  });

  test('that want what is critical alone have a topic of their own, whoever else has recipients', () => {
    alarmsIn(stack, [OPERATIONS]);
    forwardingIn(stack, [ON_CALL]);

    expect(subscribed(stack)).toEqual({ all: ['operations@example.com'], critical: ['on-call@example.com'] });
    expect(actionsOf(stack, CRITICAL)).toEqual([[ALL, CRITICAL_ALONE]]);
    expect(actionsOf(stack, WARNING)).toEqual([[ALL]]);
  });

  test.each([['first', [CRITICAL, WARNING]], ['last', [WARNING, CRITICAL]]])('get everything where one of two constructs wants that, with what is critical named %s', (_, severities) => {
    severities.forEach((severity, index) => forwardingIn(stack, [Notify.email('operations@example.com', { severity })], `Forwarding${index}`));

    expect(subscribed(stack)).toEqual({ all: ['operations@example.com'] });
    expect(actionsOf(stack, CRITICAL)).toEqual([[ALL]]);
  });

  test('are subscribed with the widest severity that anybody names, whatever the order', () => {
    const address = fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com');
    const severity = fc.constantFrom(CRITICAL, WARNING);
    fc.assert(fc.property(fc.array(fc.tuple(address, severity), { minLength: 1, maxLength: 8 }), (named) => {
      const own = stackIn(INFRASTRUCTURE, LONDON);
      const shared = SharedNotifications.of(own);
      named.forEach(([each, level]) => shared.add(own, [Notify.email(each, { severity: level })]));
      const wide = [...new Set(named.filter(([, level]) => level === WARNING).map(([each]) => each))].sort();
      const alone = [...new Set(named.map(([each]) => each))].filter((each) => !wide.includes(each)).sort();

      expect(subscribed(own)).toEqual({ all: wide, ...alone.length > 0 && { critical: alone } });
    }), { numRuns: 30 });
  });

  test('of a construct that left the tree are not subscribed when another one comes', () => {
    alarmsIn(stack, [ON_CALL]);
    stack.node.tryRemoveChild('Alarms');
    forwardingIn(stack, [OPERATIONS]);

    expect(subscribed(stack)).toEqual({ all: ['operations@example.com'] });
  });

  test('of nested stacks are those of the outermost stack', () => {
    const nested = new NestedStack(stack, 'Nested');
    alarmsIn(nested, [OPERATIONS]);
    forwardingIn(stack, [OPERATIONS]);

    expect(subscribed(stack)).toEqual({ all: ['operations@example.com'] });
    Template.fromStack(nested).resourceCountIs('AWS::SNS::Topic', 0);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('of another stack, and of another Stage, have topics there', () => {
    const app = new App();
    const stacks = [stackIn(INFRASTRUCTURE, LONDON, app, 'One'), stackIn(INFRASTRUCTURE, LONDON, app, 'Two'), stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Dev'), 'One')];
    stacks.forEach((each) => forwardingIn(each, [OPERATIONS]));

    expect(stacks.map(subscribed)).toEqual(Array(3).fill({ all: ['operations@example.com'] }));
  });
});

describe('a rule on what is critical', () => {
  const targetsOf = (stack: Stack, rule: RegExp) => Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'))
    .filter(({ Properties }) => rule.test(Properties.Name)).map(({ Properties }) => Properties.Targets.map(({ Id, Arn }: any) => [Id, Arn]));

  test('publishes to both topics with its role, and one on what can wait to the first', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack);
    forwardingIn(stack, [ON_CALL]);

    expect(targetsOf(stack, /exposed/)).toEqual([[['Target', ALL], ['Target2', CRITICAL_ALONE]]]);
    expect(targetsOf(stack, /settings-changed/)).toEqual([[['Target', ALL]]]);
    const [{ Resource }] = Rendered.of(stack).all('AWS::IAM::Role', ({ Policies }) => JSON.stringify(Policies).includes('sns:Publish'))[0].Policies[0].PolicyDocument.Statement;
    expect(Resource).toHaveLength(2);
  });

  test('has one target, and its role one topic, where nobody wants that alone', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [OPERATIONS]);

    expect(targetsOf(stack, /exposed/)).toEqual([[['Target', ALL]]]);
    const [{ Resource }] = Rendered.of(stack).all('AWS::IAM::Role', ({ Policies }) => JSON.stringify(Policies ?? '').includes('sns:Publish'))[0].Policies[0].PolicyDocument.Statement;
    expect([Resource].flat()).toHaveLength(1);
  });
});

describe('topics of the caller', () => {
  const own = (stack: Stack, id: string) => new sns.Topic(stack, id);
  const refOf = (stack: Stack, topic: sns.ITopic) => stack.resolve(topic.topicArn);

  test('with a severity get what is critical, and the shared topic has the rest', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const pager = own(stack, 'Pager');
    alarmsIn(stack, [Notify.topic(pager, { severity: CRITICAL })]);

    expect(actionsOf(stack, CRITICAL)).toEqual([[refOf(stack, pager)]]);
    expect(actionsOf(stack, WARNING)).toEqual([[ALL]]);
  });

  test('that are named twice get the wider severity', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const topic = own(stack, 'Own');
    alarmsIn(stack, [Notify.topic(topic, { severity: CRITICAL }), Notify.topic(topic)]);

    expect([CRITICAL, WARNING].map((severity) => actionsOf(stack, severity))).toEqual([[[refOf(stack, topic)]], [[refOf(stack, topic)]]]);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test.each<[string, (stack: Stack) => Stack]>([
    ['in the stack of the alarms', (stack) => stack],
    ['in a stack that may be anywhere', (stack) => new Stack(stack.node.root as App, 'Anywhere')],
  ])('that are imported by a token %s are those of the home region', (_, importIn) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const unknown = sns.Topic.fromTopicArn(importIn(stack), 'Unknown', Lazy.string({ produce: () => `arn:aws:sns:eu-west-2:${INFRASTRUCTURE}:theirs` }));
    const vaults = [new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND })];
    new BackupAlarms(stack, 'Alarms', { vaults, notify: [Notify.topic(unknown)] });

    expect(actionsOf(stack, CRITICAL)).toEqual([[`arn:aws:sns:eu-west-2:${INFRASTRUCTURE}:theirs`]]);
    expect(actionsOf(supportStackOf(stack, IRELAND), CRITICAL)).toEqual([[ALL]]);
  });

  test('of a stack that may be anywhere are those of its alarms, by a literal ARN too', () => {
    const stack = new Stack(new App(), 'Anywhere');
    const topics = [new sns.Topic(stack, 'Own'), sns.Topic.fromTopicArn(stack, 'Imported', `arn:aws:sns:eu-west-2:${INFRASTRUCTURE}:theirs`)];
    alarmsIn(stack, topics.map((topic) => Notify.topic(topic)));

    expect(actionsOf(stack, CRITICAL)).toEqual([topics.map((topic) => refOf(stack, topic))]);
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1);
  });

  test('are shared across stacks with the topic of another construct', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => stackIn(INFRASTRUCTURE, LONDON, app, id));
    const { topic } = alarmsIn(one, [OPERATIONS]);
    forwardingIn(two, [Notify.topic(topic)]);

    expect(subscribed(two)).toEqual({});
    Template.fromStack(two).resourceCountIs('AWS::KMS::Key', 0);
    expect(() => app.synth()).not.toThrow();
  });

  test('may be that of a NotificationTopic, whose key the queues use too', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    forwardingIn(stack, [Notify.topic(new NotificationTopic(stack, 'Topic', { emailAddresses: ['operations@example.com'] }).topic)]);

    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    expect(messagesAbout(stack, /not checked/)).toEqual([]);
  });
});

describe('an alarm takes five actions:', () => {
  const topics = (stack: Stack, count: number) => Array.from({ length: count }, (_, index) => Notify.topic(new sns.Topic(stack, `Topic${index}`)));
  const problem = (count: number) => [`'notify' makes ${count} actions of each alarm in account 222222222222, region eu-west-2, and CloudWatch supports at most 5, `
    + 'one for each topic: specify fewer topics, '
    + 'and subscribe to those'];

  test.each([
    ['five topics', 5, [], []],
    ['six topics', 6, [], problem(6)],
    ['four topics and addresses', 4, [OPERATIONS, Notify.email('others@example.com')], []],
    ['five topics and an address', 5, [OPERATIONS], problem(6)],
    ['four topics, and an address for what is critical alone', 4, [ON_CALL], problem(6)],
  ])('%s', (_, count, others, problems) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);

    expect(problemsOf(() => alarmsIn(stack, [...topics(stack, count), ...others]))).toEqual(problems);
  });

  test('those that another construct of the stack is the reason for count, for alarms and for rules', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [...topics(stack, 4), OPERATIONS]);
    expect(problemsAtSynthesis(stack.node.root as App)).toEqual([]);
    forwardingIn(stack, [ON_CALL]);

    expect([...new Set(problemsOf(() => (stack.node.root as App).synth({ force: true })).map((line) => line.replace(/^\[[^\]]*\] /, '')))]).toEqual([
      "an alarm supports at most 5 actions for each state, got 6 (5 by 'notify' of 'Backup/Alarms'; 1 for critical messages only, because of 'notify' of 'Backup/Forwarding'): specify fewer topics in 'notify', or add fewer actions, and subscribe to the topics instead",
      "a rule supports at most 5 targets, got 6 (5 by 'notify' of 'Backup/Alarms'; 1 for critical messages only, because of 'notify' of 'Backup/Forwarding'): specify fewer topics in 'notify', and subscribe to those",
    ]);
  });

  test('those that the caller adds count', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const { alarms } = alarmsIn(stack);
    alarms[0].addAlarmAction(...Array.from({ length: 5 }, (_, index) => new SnsAction(new sns.Topic(stack, `Topic${index}`))));

    expect(problemsAtSynthesis(stack.node.root as App)).toEqual([
      expect.stringContaining("an alarm supports at most 5 actions for each state, got 6 (1 by 'notify' of 'Backup/Alarms'; 5 added to the alarm)"),
    ]);
  });

  test('those of an alarm of the caller are not looked at', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack);
    const other = new cloudwatch.Alarm(stack, 'Own', { metric: new cloudwatch.Metric({ namespace: 'any', metricName: 'any' }), threshold: 1, evaluationPeriods: 1 });
    other.addAlarmAction(...Array.from({ length: 6 }, (_, index) => new SnsAction(new sns.Topic(stack, `Topic${index}`))));

    expect(problemsAtSynthesis(stack.node.root as App)).toEqual([]);
  });
});

describe('the shared topic and its key', () => {
  const policies = (stack: Stack) => ['AWS::SNS::Topic', 'AWS::KMS::Key'].map((type) => {
    const [{ DeletionPolicy, UpdateReplacePolicy }] = Object.entries(Template.fromStack(stack).findResources(type))
      .filter(([id]) => id.startsWith('BackupDrNotifications')).map(([, resource]) => resource);
    return [DeletionPolicy, UpdateReplacePolicy];
  });
  const define = (...removalPolicies: (RemovalPolicy | undefined)[]) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    removalPolicies.forEach((removalPolicy, index) => new BackupNotifications(stack, `Notifications${index}`, { removalPolicy }));
    return policies(stack);
  };

  test.each<[string, (RemovalPolicy | undefined)[], string[]]>([
    ['by default', [undefined], ['RetainExceptOnCreate', 'Retain']],
    ['where all are to be destroyed', [RemovalPolicy.DESTROY, RemovalPolicy.DESTROY], ['Delete', 'Delete']],
    ['where the first one is to be destroyed', [RemovalPolicy.DESTROY, undefined], ['RetainExceptOnCreate', 'Retain']],
    ['where the last one is to be destroyed', [undefined, RemovalPolicy.DESTROY], ['RetainExceptOnCreate', 'Retain']],
    ['where one is to be retained in any case', [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, undefined], ['Retain', 'Retain']],
  ])('stay as long as one construct wants that: %s', (_, removalPolicies, expected) => {
    expect(define(...removalPolicies)).toEqual([expected, expected]);
  });

  test('report once that nobody is notified, unless somebody is', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack);
    forwardingIn(stack);

    expect(messagesAbout(stack, /subscribed/)).toHaveLength(1);
  });

  test('report nobody where the stack subscribes somebody by hand', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const { topic } = alarmsIn(stack);
    new sns.Subscription(stack, 'Pager', { topic, protocol: sns.SubscriptionProtocol.HTTPS, endpoint: 'https://example.com/' });
    expect(messagesAbout(stack, /subscribed/)).toEqual([]);
  });

  test('do not report those who want what is critical alone as nobody', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [ON_CALL]);

    expect(messagesAbout(stack, /subscribed/)).toEqual([]);
  });

  test('are refused where a construct of the caller has their id', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    new Construct(stack, 'BackupDrNotifications');

    expect(problemsOf(() => alarmsIn(stack))).toEqual([
      "the topic and the key that notifications of stack 'Backup' share need the id 'BackupDrNotifications' there, which another construct uses: change the id of that construct",
    ]);
  });
});
