import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CataloguedAlarms } from '../../src/alarms/catalogued-alarms';
import { inGroups } from '../../src/alarms/event-pattern-size';
import { EventRules } from '../../src/alarms/event-rules';
import type { CataloguedEvent } from '../../src/alarms/event-rules';
import { MessageTopics } from '../../src/notification/message-topics';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { messageOf } from '../messages';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const STRANGER = '999999999999';
const EVENT: CataloguedEvent = { subject: 'vault local', title: 'Something of <vault>', pattern: { source: ['aws.backup'] }, details: ['Vault: <vault>.'], nextSteps: ['Look: <vault>'], paths: { vault: '$.detail.backupVaultName' } };
const RULE = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/Backup-83855792-Rule-local-vault-tampered-6b1a412c`;

const topicsOf = (scope: Construct, topic: sns.ITopic) => new MessageTopics(scope, scope, { notify: [Notify.topic(topic)] });

class Setup {
  public readonly stack = stackIn(LOG_ARCHIVE, LONDON);
  public readonly topic = new NotificationTopic(this.stack, 'Topic').topic;
  public readonly made = new CataloguedAlarms(this.stack);
  public readonly rules = new EventRules(this.stack, topicsOf(this.stack, this.topic), this.made);

  /** An alarm on an event. */
  public alarm(name: 'vault-tampered' | 'vault-key-tampered' = 'vault-tampered'): void {
    this.rules.alarm('local', name, EVENT);
  }

  public get rendered(): Rendered {
    return Rendered.of(this.stack);
  }

  /** What somebody asks of the queue. */
  public queue(principal: string, context: Record<string, string>, action = 'sqs:SendMessage'): Case {
    const { PolicyDocument } = this.rendered.only('AWS::SQS::QueuePolicy');
    return {
      name: action,
      request: { principal, action, resource: `arn:aws:sqs:eu-west-2:${LOG_ARCHIVE}:UndeliveredEvents`, resourceAccount: LOG_ARCHIVE, context },
      resourcePolicy: PolicyDocument,
    };
  }

  /** What somebody asks who wants to be the role of the rules. */
  public role(sourceAccount: string, sourceArn: string, principal = 'events.amazonaws.com'): Case {
    const { AssumeRolePolicyDocument } = this.rendered.only('AWS::IAM::Role');
    return {
      name: 'sts:AssumeRole',
      request: {
        principal,
        action: 'sts:AssumeRole',
        resource: `arn:aws:iam::${LOG_ARCHIVE}:role/EventRole`,
        resourceAccount: LOG_ARCHIVE,
        context: { 'aws:SourceAccount': sourceAccount, 'aws:SourceArn': sourceArn },
      },
      resourcePolicy: withResource(AssumeRolePolicyDocument),
    };
  }
}

/** A trust policy has no resource, and the evaluator wants one. */
function withResource(document: any): any {
  return { ...document, Statement: document.Statement.map((statement: object) => ({ ...statement, Resource: '*' })) };
}

test('a rule and an alarm on it have the names that each other and the policies go by', () => {
  const setup = new Setup();
  setup.alarm();
  const template = Template.fromStack(setup.stack);

  template.hasResourceProperties('AWS::Events::Rule', { Name: 'Backup-83855792-Rule-local-vault-tampered-6b1a412c', EventPattern: { source: ['aws.backup'] } });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Events',
    MetricName: 'TriggeredRules',
    Dimensions: [{ Name: 'RuleName', Value: 'Backup-83855792-Rule-local-vault-tampered-6b1a412c' }],
    Statistic: 'Sum',
    Period: 300,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('what the event says is published, with what the alarm means and what to do', () => {
  const setup = new Setup();
  setup.alarm();
  const event = { account: LOG_ARCHIVE, region: LONDON, time: '2026-11-24T05:00:00Z', detail: { backupVaultName: 'local' } };

  expect(messageOf(setup.rendered.only('AWS::Events::Rule'), event)).toEqual({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: 'CRITICAL: Something of local',
      description: 'The lock, the access policy, the notifications or the approval team of a vault changed, the vault was deleted, or somebody attempted it. Watched: vault local. Vault: local. If none of your deployments did this, it might be an attack on your recovery points. '
        + 'Account 333333333333, region eu-west-2, 2026-11-24T05:00:00Z.',
      nextSteps: ['Look: local', 'What to do: https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/vault-tampered.md'],
    },
  });
});

test('EventBridge assumes the role for the rules of this app, for none of another account and for no other one', () => {
  const setup = new Setup();
  setup.alarm();

  expect(decide([
    setup.role(LOG_ARCHIVE, RULE),
    setup.role(STRANGER, RULE.replace(LOG_ARCHIVE, STRANGER)),
    setup.role(STRANGER, RULE),
    setup.role(LOG_ARCHIVE, `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/other`),
    setup.role(LOG_ARCHIVE, RULE, 'lambda.amazonaws.com'),
  ])).toEqual(['Allowed', ...Array(4).fill('ImplicitlyDenied')]);
});

test('the role publishes to the topic with its key, and does nothing else', () => {
  const setup = new Setup();
  setup.alarm();
  setup.alarm('vault-key-tampered');
  const { Policies } = setup.rendered.only('AWS::IAM::Role');
  const [key] = setup.rendered.keyArns;

  expect(Policies[0].PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'sns:Publish', Resource: setup.rendered.topicArn },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key },
  ]);
});

test('rules of this app leave what they could not deliver in the queue, those of another account and others do not', () => {
  const setup = new Setup();
  setup.alarm();
  const events = 'events.amazonaws.com';

  expect(decide([
    setup.queue(events, { 'aws:SourceArn': RULE }),
    setup.queue(events, { 'aws:SourceArn': RULE.replace(LOG_ARCHIVE, STRANGER) }),
    setup.queue(events, { 'aws:SourceArn': `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/other` }),
    setup.queue(`arn:aws:iam::${STRANGER}:role/any`, { 'aws:SecureTransport': 'true' }),
    setup.queue(`arn:aws:iam::${LOG_ARCHIVE}:root`, { 'aws:SecureTransport': 'false' }, 'sqs:ReceiveMessage'),
  ])).toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ExplicitlyDenied']);
});

test('one event that could not be delivered is an alarm, and is kept for 14 days, encrypted with the key of the topic', () => {
  const setup = new Setup();
  setup.alarm();
  const template = Template.fromStack(setup.stack);

  expect(setup.rendered.only('AWS::SQS::Queue')).toEqual({ KmsMasterKeyId: setup.rendered.keyArns[0], MessageRetentionPeriod: 1209600 });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Namespace: 'AWS/SQS',
    Statistic: 'Maximum',
    Period: 300,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore', // Amazon SQS publishes nothing of a queue that nobody touches
  });
  expect(setup.rendered.only('AWS::Events::Rule').Targets[0].DeadLetterConfig).toEqual({ Arn: `arn:aws:sqs:eu-west-2:${LOG_ARCHIVE}:UndeliveredEvents` });
});

test('the queue has the key that the stack shares where the topic is the caller\'s', () => {
  const setup = new Setup();
  const own = new EventRules(setup.stack, topicsOf(setup.stack, new sns.Topic(setup.stack, 'Own')), setup.made);
  own.alarm('local', 'vault-tampered', EVENT);

  const key = setup.rendered.only('AWS::SQS::Queue').KmsMasterKeyId;
  expect(key).toBe(`arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/BackupDrNotificationsKeyC43E7DFF`);
  expect(decide(['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
    name: action, request: { principal: 'events.amazonaws.com', action, resource: key, resourceAccount: LOG_ARCHIVE }, resourcePolicy: setup.rendered.keyPolicy(key),
  })))).toEqual(['Allowed', 'Allowed']);
  Template.fromStack(setup.stack).allResources('AWS::KMS::Key', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
});

test('a target that lets EventBridge in by its own policy is not given the role', () => {
  const setup = new Setup();
  setup.rules.deliver('Log', 'any', { source: ['aws.backup'] }, `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:any`);

  expect(setup.rendered.only('AWS::Events::Rule').Targets[0].RoleArn).toBeUndefined();
  Template.fromStack(setup.stack).resourceCountIs('AWS::IAM::Role', 0);
});

test('a rule waits for the policy of the queue, without which what it could not deliver would be lost', () => {
  const setup = new Setup();
  setup.alarm();

  Template.fromStack(setup.stack).hasResource('AWS::Events::Rule', { DependsOn: ['UndeliveredEventsPolicy'] });
});

test('an event that was forwarded or kept nowhere, and is not in the queue either, is an alarm', () => {
  const setup = new Setup();
  setup.rules.forward('Jobs', 'any', { source: ['aws.backup'] }, `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/any`);
  setup.rules.deliver('Log', 'any', { source: ['aws.backup'] }, `arn:aws:logs:eu-west-2:${LOG_ARCHIVE}:log-group:any`);
  const names = setup.rendered.all('AWS::Events::Rule').map(({ Name }) => Name);

  expect(names).toHaveLength(2);
  expect(setup.rendered.all('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === 'InvocationsFailedToBeSentToDlq')).toMatchObject(names.map((name) => ({
    AlarmDescription: expect.stringMatching(/\/event-not-delivered\.md$/),
    Namespace: 'AWS/Events',
    Dimensions: [{ Name: 'RuleName', Value: name }],
    Statistic: 'Sum',
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  })));
});

test('a bus that is the default one by its name is that: neither ARNs nor metrics name it', () => {
  const { stack, topic, made } = new Setup();
  new EventRules(stack, topicsOf(stack, topic), made, { eventBusName: 'default' }).alarm('local', 'vault-tampered', EVENT);
  const rendered = Rendered.of(stack);

  expect(rendered.only('AWS::Events::Rule').EventBusName).toBeUndefined();
  expect(rendered.only('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === 'TriggeredRules').Dimensions.map(({ Name }: any) => Name)).toEqual(['RuleName']);
  expect(rendered.only('AWS::IAM::Role').AssumeRolePolicyDocument.Statement[0].Condition.ArnLike).toEqual({ 'aws:SourceArn': `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:rule/Backup-83855792-*` });
});

test('the role is described by what IAM takes, whatever the path is made of', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const scope = new Construct(stack, `Мониторинг — ${'x'.repeat(600)}`);
  const { topic } = new NotificationTopic(scope, 'Topic');
  new EventRules(scope, topicsOf(scope, topic), new CataloguedAlarms(scope)).alarm('local', 'vault-tampered', EVENT);

  expect(Rendered.of(stack).only('AWS::IAM::Role').Description).toMatch(/^[\x20-\x7e]{1,100}$/);
});

test('an alarm that is switched off has no rule either', () => {
  const { stack, topic } = new Setup();
  new EventRules(stack, topicsOf(stack, topic), new CataloguedAlarms(stack, { overrides: { vaultTampered: { enabled: false } } })).alarm('local', 'vault-tampered', EVENT);

  Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
  Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
});

test('refuses a pattern that is longer than EventBridge takes', () => {
  const { rules } = new Setup();
  const pattern = (characters: number) => ({ source: ['x'.repeat(characters - '{"source":[""]}'.length)] });

  expect(() => rules.publish('Long', 'too long', pattern(2049), { title: '', description: [], nextSteps: [], paths: {} }))
    .toThrow("the pattern of rule 'Backup/Long' has 2049 characters, and EventBridge supports at most 2048: specify fewer vaults");
  expect(() => rules.publish('Fits', 'just fits', pattern(2048), { title: '', description: [], nextSteps: [], paths: {} })).not.toThrow();
});

test('a reference in a pattern counts as the ARN that it becomes', () => {
  const { rules, stack } = new Setup();
  const keys = (count: number) => ({ source: Array.from({ length: count }, (_, index) => new kms.Key(stack, `Key${count}-${index}`).keyArn) });
  const message = { title: '', description: [], nextSteps: [], paths: {} };

  expect(() => rules.publish('Fits', 'just fits', keys(22), message)).not.toThrow();
  expect(() => rules.publish('Long', 'too long', keys(23), message)).toThrow(/has \d+ characters, and EventBridge supports at most 2048/);
});

test('the trust policy of the role is as short for 100 rules as for one', () => {
  const setup = new Setup();
  for (let index = 0; index < 100; index++) {
    setup.rules.alarm(`vault-${index}-vault-tampered`, 'vault-tampered', EVENT);
  }

  expect(JSON.stringify(setup.rendered.only('AWS::IAM::Role').AssumeRolePolicyDocument).length).toBeLessThan(2048); // as long as IAM takes
});

test('the title of a message has the severity that the alarm is overridden with, as its description has', () => {
  const { stack, topic } = new Setup();
  new EventRules(stack, topicsOf(stack, topic), new CataloguedAlarms(stack, { overrides: { vaultTampered: { severity: AlarmSeverity.WARNING } } })).alarm('local', 'vault-tampered', EVENT);
  const rendered = Rendered.of(stack);

  expect(messageOf(rendered.only('AWS::Events::Rule'), { detail: { backupVaultName: 'local' } }).content.title).toBe('WARNING: Something of local');
  expect(rendered.only('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === 'TriggeredRules').AlarmDescription).toMatch(/^WARNING: /);
});

test('that it is off again is told of events that could not be delivered, and not of what happened once', () => {
  const setup = new Setup();
  setup.rules.alarm('local', 'vault-tampered', EVENT);
  const okActions = (metricName: string) => setup.rendered.only('AWS::CloudWatch::Alarm', ({ MetricName }) => MetricName === metricName).OKActions;

  expect(okActions('ApproximateNumberOfMessagesVisible')).toHaveLength(1);
  expect(okActions('TriggeredRules')).toBeUndefined();
});

test('values are grouped with their quotes and commas, so that 600 characters are left for the rest of a pattern', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000 + index)); // of 12 characters each in a pattern

  expect(inGroups(values(120)).map(([end, each]) => [end, each.length])).toEqual([['', 120]]); // 1,440 characters of 1,448
  expect(inGroups(values(121)).map(([end, each]) => [end, each.length])).toEqual([['', 120], ['120', 1]]);
});
