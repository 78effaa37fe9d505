import type { Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { messagesAbout } from '../messages';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';
import { subscribed } from './subscribed';

const { CRITICAL } = AlarmSeverity;
const OPERATIONS = Notify.email('operations@example.com');
const ON_CALL = Notify.email('on-call@example.com', { severity: CRITICAL });

const alarmsIn = (scope: Construct, notify?: Notify[], id = 'Alarms') => new BackupAlarms(scope, id, {
  vaults: [new ReplicatedBackupVault(scope, `VaultOf${id}`)], notify,
});
const forwardingIn = (scope: Construct, notify?: Notify[], id = 'Forwarding') =>
  new BackupEventForwarding(scope, id, { eventBusArn: `arn:aws:events:eu-west-2:333333333333:event-bus/${id}`, notify });

test('recipients whose addresses differ in case only are one, as the first of them is written', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  alarmsIn(stack, [Notify.email('Operations@example.com'), Notify.email('operations@EXAMPLE.com')]);
  forwardingIn(stack, [OPERATIONS]);

  expect(subscribed(stack)).toEqual({ all: ['Operations@example.com'] });
});

test.each([
  ['first', [Notify.email('ON-CALL@example.com'), ON_CALL]],
  ['last', [ON_CALL, Notify.email('ON-CALL@example.com')]],
])('recipients whose addresses differ in case only have the wider severity, named %s', (_, notify) => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  alarmsIn(stack, notify);

  expect(subscribed(stack)).toEqual({ all: ['ON-CALL@example.com'] });
});

describe('a stack whose recipients are notified of what is critical only has a warning', () => {
  const warnings = (stack: Stack) => messagesAbout(stack, /nobody is notified of warnings and messages/);
  const pagerIn = (stack: Stack) => Notify.topic(new sns.Topic(stack, 'Pager'), { severity: CRITICAL });

  test('once for the stack, and say what to add', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [ON_CALL]);
    forwardingIn(stack, [ON_CALL]);

    expect(warnings(stack)).toEqual([
      "nobody is notified of warnings and messages of stack 'Backup', which are published to topic 'Backup-BackupDrNotifications-ae0c1b6b': every recipient in 'notify' "
        + "receives only critical ones. Add one without a 'severity', such as Notify.email('operations@example.com') [ack: cdk-backup-dr:onlyCriticalNotified]",
    ]);
  });

  test('which a topic of the caller may be', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    alarmsIn(stack, [pagerIn(stack)]);

    expect(warnings(stack)).toHaveLength(1);
    expect(messagesAbout(stack, /whether anybody is subscribed/)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['another recipient is notified of everything', (stack) => alarmsIn(stack, [ON_CALL, OPERATIONS])],
    ['another construct names one', (stack) => [ON_CALL, OPERATIONS].forEach((notify, index) => alarmsIn(stack, [notify], `Alarms${index}`))],
    ['a topic of the caller gets the warnings', (stack) => alarmsIn(stack, [ON_CALL, Notify.topic(new sns.Topic(stack, 'Own'))])],
    ['nobody is named', (stack) => alarmsIn(stack)],
    ['the stack subscribes somebody by hand', (stack) => {
      const { topic } = alarmsIn(stack, [ON_CALL]);
      new sns.Subscription(stack, 'Hand', { topic, protocol: sns.SubscriptionProtocol.HTTPS, endpoint: 'https://example.com/' });
    }],
    ['the construct is removed', (stack) => {
      alarmsIn(stack, [ON_CALL]);
      stack.node.tryRemoveChild('Alarms');
    }],
  ])('but not where %s', (_, make) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    make(stack);

    expect(warnings(stack)).toEqual([]);
  });
});
