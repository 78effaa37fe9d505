import { Lazy } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const stack = stackIn(INFRASTRUCTURE, LONDON);

test('a recipient is notified of everything, or of what is critical alone', () => {
  const topic = new sns.Topic(stack, 'Topic');

  expect([
    Notify.email('operations@example.com'), Notify.topic(topic), Notify.email('operations@example.com', {}), Notify.topic(topic, { severity: AlarmSeverity.CRITICAL }),
  ].map(({ severity }) => severity)).toEqual(['WARNING', 'WARNING', 'WARNING', 'CRITICAL']);
});

const ADDRESS = "'address' must be an email address, such as 'operations@example.com', got ";
const TOPIC = "'topic' must be a topic: of a NotificationTopic give its 'topic', and for an ARN Topic.fromTopicArn(…), got ";
const SEVERITY = "'severity' must be AlarmSeverity.WARNING or AlarmSeverity.CRITICAL, got ";

test.each<[string, () => unknown, string[]]>([
  ['a text that is no address', () => Notify.email('operations'), [`${ADDRESS}'operations'`]],
  ['two addresses in one text', () => Notify.email('a@example.com, b@example.com'), [`${ADDRESS}'a@example.com, b@example.com'`]],
  ['no address', () => Notify.email(undefined as any), [`${ADDRESS}undefined`]],
  ['a list of addresses', () => Notify.email(['operations@example.com'] as any), [`${ADDRESS}a list`]],
  ['a topic where an address is meant', () => Notify.email(new sns.Topic(stack, 'NoAddress') as any), [`${ADDRESS}'Backup/NoAddress'`]],
  ['an ARN where a topic is meant', () => Notify.topic('arn:aws:sns:eu-west-2:222222222222:mine' as any), [`${TOPIC}'arn:aws:sns:eu-west-2:222222222222:mine'`]],
  ['a NotificationTopic', () => Notify.topic(new NotificationTopic(stack, 'Mine') as any), [`${TOPIC}'Backup/Mine'`]],
  ['no topic', () => Notify.topic(null as any), [`${TOPIC}null`]],
  ['a severity in words', () => Notify.email('operations@example.com', { severity: 'critical' as any }), [`${SEVERITY}'critical'`]],
  ['options that are none', () => Notify.email('operations@example.com', 'CRITICAL' as any), ["options must be an object, such as { severity: AlarmSeverity.CRITICAL }, got 'CRITICAL'"]],
  ['all problems at once', () => Notify.email('operations', { severity: 1 as any }), [`${ADDRESS}'operations'`, `${SEVERITY}1`]],
])('%s is refused in words', (_, make, problems) => {
  expect(problemsOf(make)).toEqual(problems);
});

test('options that are null count as left out', () => {
  expect(problemsOf(() => Notify.email('operations@example.com', null as any))).toEqual([]);
});

test('an address that is a token is refused where it would be subscribed, since the subscriptions go by them', () => {
  const vaults = [new ReplicatedBackupVault(stack, 'Vault')];
  const notify = [Notify.email(Lazy.string({ produce: () => 'operations@example.com' }))];

  expect(problemsOf(() => new BackupAlarms(stack, 'Alarms', { vaults, notify })))
    .toEqual(["'notify' must have literal email addresses, because the subscriptions are identified by them, got a token"]);
});
