import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import type { BackupEventForwardingProps } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { Notify } from '../../src/notification/notify';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { match } from '../event-patterns';
import { altered, documented, fromCloudTrail } from '../events';
import type { Event } from '../events';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

function forwarding(props: Partial<BackupEventForwardingProps> = {}) {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const made = new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, ...props });
  return { stack, made, rules: Rendered.of(stack).all('AWS::Events::Rule') };
}

/** Whether any of the rules forwards these events. */
function forwards(rules: any[], events: Event[]): boolean[] {
  const cases = events.flatMap((event) => rules.map(({ EventPattern, Name }) => ({ name: Name, pattern: EventPattern, event })));
  const decisions = match(cases);
  expect(decisions.filter((decision) => !['matches', 'differs'].includes(decision))).toEqual([]);
  return events.map((event) => cases.some((each, index) => each.event === event && decisions[index] === 'matches'));
}

test.each(['backup-job', 'copy-job', 'restore-job'])('every event of a %s is forwarded', (job) => {
  const events = ['created', 'running', 'completed', 'failed'].map((state) => documented(`${job}-state-change-${state}`));

  expect(forwards(forwarding().rules, events)).toEqual([true, true, true, true]);
});

test('tampering with vaults, recovery points and plans is forwarded', () => {
  const deletion = fromCloudTrail('cloudtrail-backup-delete-recovery-point');

  expect(forwards(forwarding().rules, [
    deletion,
    altered(deletion, { eventName: 'DeleteBackupVaultLockConfiguration' }),
    altered(deletion, { eventName: 'DeleteBackupSelection' }),
    documented('backup-vault-state-change-modified'),
    documented('backup-plan-state-change-deleted'),
  ])).toEqual([true, true, true, true, true]);
});

test('what is neither is not', () => {
  expect(forwards(forwarding().rules, [
    documented('backup-vault-state-change-created'),
    documented('recovery-point-state-change-completed'),
    fromCloudTrail('cloudtrail-backup-start-backup-job'),
    fromCloudTrail('cloudtrail-backup-backup-job-completed'),
    fromCloudTrail('kms-schedule-key-deletion'),
  ])).toEqual([false, false, false, false, false]);
});

describe('with a vault that has a replica', () => {
  function both(props: Partial<BackupEventForwardingProps> = {}) {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });
    const made = new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, vaults: [vault], ...props });
    return { made, sides: [[stack, LONDON], [supportStackOf(stack, IRELAND), IRELAND]] as const };
  }

  test('events are forwarded from both regions', () => {
    for (const [stack] of both().sides) {
      const rules = Rendered.of(stack).all('AWS::Events::Rule');
      expect(forwards(rules, [documented('backup-job-state-change-failed'), fromCloudTrail('cloudtrail-backup-delete-recovery-point')])).toEqual([true, true]);
      expect(rules.map(({ Targets: [{ Arn }] }) => Arn)).toEqual([BUS, BUS, BUS, BUS]);
    }
  });

  test('what is done to a key is forwarded from where the key is', () => {
    for (const [stack, region] of both().sides) {
      const { EventPattern } = Rendered.of(stack).only('AWS::Events::Rule', ({ Name }) => /Keys/.test(Name));
      expect(EventPattern.detail.resources.ARN).toEqual([expect.stringContaining(`arn:aws:kms:${region}:${INFRASTRUCTURE}:key/`)]);
      const key = EventPattern.detail.resources.ARN[0];
      const done = (name: string, ARN: string) => altered(fromCloudTrail(name), { resources: [{ ARN }] });
      expect(forwards([{ EventPattern }], [done('kms-schedule-key-deletion', key), done('kms-cancel-key-deletion', key), done('kms-disable-key', `${key}0`)]))
        .toEqual([true, false, false]);
    }
  });

  test('each region has its queue with an alarm, its topic and its link to a sink', () => {
    const sinkIn = (region: string) => `arn:aws:oam:${region}:${LOG_ARCHIVE}:sink/1a2b`;
    const { made, sides } = both({ sinkArn: sinkIn(LONDON), replicaSinkArn: sinkIn(IRELAND) });

    expect([made.alarms, made.replicaAlarms].map((alarms) => alarms.map(({ env }) => env.region)))
      .toEqual([Array(5).fill(LONDON), Array(5).fill(IRELAND)]);
    expect([made.topic, ...made.replicaTopics].map(({ env }) => env.region)).toEqual([LONDON, IRELAND]);
    for (const [stack, region] of sides) {
      Template.fromStack(stack).hasResourceProperties('AWS::Oam::Link', { SinkIdentifier: sinkIn(region) });
      Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
    }
  });

  test('no template refers to the other region', () => {
    expect(JSON.stringify(both().sides.map(([stack]) => Template.fromStack(stack).toJSON()))).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  });

  test('of another app, it is reported that the events of its region are not forwarded', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', { backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND });
    new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });

    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => !/subscribed/.test(reason))).toEqual([
      "whether anybody tampers with the key of vault 'theirs': the vault is imported, and its key is unknown",
      "whether the events of account 222222222222, region eu-west-1 are forwarded, where vault 'theirs-replica' is, which is imported: define BackupEventForwarding in a stack there",
    ]);
  });
});

test('a role of its own puts events on the bus, and does nothing else', () => {
  const { stack, rules } = forwarding();
  const rendered = Rendered.of(stack);

  expect(rules.map(({ Targets: [{ Arn, RoleArn }] }) => [Arn, RoleArn])).toEqual(rules.map(() => [BUS, expect.stringMatching(/^arn:aws:iam::222222222222:role\/ForwardingEventRole/)]));
  expect(rendered.only('AWS::IAM::Role').Policies.map(({ PolicyDocument }: any) => PolicyDocument.Statement))
    .toEqual([[{ Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS }]]);
});

test('what can\'t be forwarded is an alarm in the account of the job, with a topic there', () => {
  const { stack, made } = forwarding({ notify: [Notify.email('operations@example.com')] });

  const alarms = Rendered.of(stack).all('AWS::CloudWatch::Alarm');

  expect(made.alarms).toHaveLength(4);
  expect(alarms.map(({ MetricName }) => MetricName)).toEqual(['ApproximateNumberOfMessagesVisible', ...Array(3).fill('InvocationsFailedToBeSentToDlq')]);
  Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: 'BackupDrNotificationsTopic09CC4A13' }] });
  for (const { Targets: [{ DeadLetterConfig }] } of Rendered.of(stack).all('AWS::Events::Rule')) {
    expect(DeadLetterConfig.Arn).toMatch(/:ForwardingUndeliveredEvents/);
  }
});

test('metrics are shared with a sink, those of backups and replication alone', () => {
  const sinkArn = `arn:aws:oam:eu-west-2:${LOG_ARCHIVE}:sink/1a2b3c4d-1111-2222-3333-444455556666`;

  Template.fromStack(forwarding({ sinkArn }).stack).hasResourceProperties('AWS::Oam::Link', {
    SinkIdentifier: sinkArn,
    LabelTemplate: '$AccountName',
    ResourceTypes: ['AWS::CloudWatch::Metric'],
    LinkConfiguration: { MetricConfiguration: { Filter: "Namespace IN ('AWS/Backup', 'AWS/S3')" } },
  });
  Template.fromStack(forwarding().stack).resourceCountIs('AWS::Oam::Link', 0);
});

test('the bus is named by a literal, and nothing is exported', () => {
  const archive = stackIn(LOG_ARCHIVE, LONDON);
  const { eventBusArn } = new CentralMonitoring(archive, 'Central', { organizationId: 'o-exampleorg12' });

  expect(JSON.stringify(Template.fromStack(forwarding({ eventBusArn }).stack).toJSON())).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
});

test('the keys of more vaults than a pattern takes are in several ones, each key once', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vaults = Array.from({ length: 35 }, (_, index) => new ReplicatedBackupVault(stack, `Vault${index}`));
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, vaults: [...vaults, vaults[0]] });
  const keys = Rendered.of(stack).all('AWS::Events::Rule', ({ Description }) => /keys/.test(Description)).map(({ EventPattern }) => EventPattern.detail.resources.ARN);

  expect(keys.map(({ length }) => length)).toEqual([16, 16, 3]);
  expect(new Set(keys.flat()).size).toBe(35);
});

test('a topic of the caller lets the alarm publish', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, notify: [Notify.topic(new sns.Topic(stack, 'Own'))] });

  expect(Registry.of(stack).all(UNCHECKED)).toEqual([]);
});

test('a bus that is not known yet is taken', () => {
  const eventBusArn = Lazy.string({ produce: () => BUS });

  expect(() => forwarding({ eventBusArn })).not.toThrow();
});

test('refuses a topic for replicas where there are none', () => {
  const replicaTopic = sns.Topic.fromTopicArn(stackIn(INFRASTRUCTURE, IRELAND), 'Topic', `arn:aws:sns:eu-west-1:${INFRASTRUCTURE}:theirs`);

  expect(() => forwarding({ notify: [Notify.topic(replicaTopic)] })).toThrow("'notify' must have topics in the region of the forwarding (account 222222222222, region eu-west-2), which publishes to them, got 'Backup/Topic' in account 222222222222, region eu-west-1");
});

test('refuses a link to a sink of the own account, where the metrics are already', () => {
  const sinkArn = `arn:aws:oam:eu-west-2:${INFRASTRUCTURE}:sink/1a2b`;

  expect(() => forwarding({ sinkArn })).toThrow(`'sinkArn' (sink_arn) must be in another account, because the metrics of 222222222222 are visible without a link, got '${sinkArn}'`);
});

test.each([
  ['cn-north-1', 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', "must be in the partition of the events (aws-cn), got 'arn:aws:events:eu-west-2"],
  ['cn-north-1', 'arn:aws-cn:events:cn-northwest-1:333333333333:event-bus/backups', "must be in the region of the events (cn-north-1), because EventBridge forwards to other regions only in the partition 'aws'"],
  ['us-gov-west-1', 'arn:aws-us-gov:events:us-gov-east-1:333333333333:event-bus/backups', 'must be in the region of the events (us-gov-west-1)'],
])('refuses to forward from %s to %s', (region, eventBusArn, problem) => {
  expect(() => new BackupEventForwarding(stackIn(INFRASTRUCTURE, region), 'Forwarding', { eventBusArn })).toThrow(`'eventBusArn' (event_bus_arn) ${problem}`);
});

test.each([
  ['cn-north-1', 'arn:aws-cn:events:cn-north-1:333333333333:event-bus/backups'],
  [IRELAND, BUS],
])('forwards from %s to %s', (region, eventBusArn) => {
  expect(() => new BackupEventForwarding(stackIn(INFRASTRUCTURE, region), 'Forwarding', { eventBusArn })).not.toThrow();
});

test('all problems are in one error', () => {
  const elsewhere = stackIn(INFRASTRUCTURE, IRELAND);
  const topic = new sns.Topic(elsewhere, 'Topic');

  expect(() => forwarding({
    eventBusArn: 'backups',
    vaults: [new ReplicatedBackupVault(elsewhere, 'Vault', { backupVaultName: 'away' })],
    sinkArn: `arn:aws:oam:eu-west-1:${LOG_ARCHIVE}:sink/1a2b`,
    replicaSinkArn: 'sink',
    notify: [Notify.topic(topic)],
    overrides: { backupJobFailed: {} } as object,
  })).toThrow([
    "invalid BackupEventForwardingProps at 'Backup/Forwarding':",
    "- 'vaults' must be in the account and region of the forwarding (account 222222222222, region eu-west-2), got 'away' in account 222222222222, region eu-west-1",
    "- 'eventBusArn' (event_bus_arn) must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got 'backups'",
    "- 'sinkArn' (sink_arn) must be in the region of the metrics (eu-west-2), got 'arn:aws:oam:eu-west-1:333333333333:sink/1a2b'",
    "- 'notify' must have topics in the region of the forwarding (account 222222222222, region eu-west-2), which publishes to them, got 'Backup/Topic' in account 222222222222, region eu-west-1",
    "- 'replicaSinkArn' (replica_sink_arn) has no effect, because 'vaults' have no replica that this app defines and forwards from: leave it out",
    "- 'overrides' must use the names of alarms (eventNotDelivered), got 'backupJobFailed' (backup_job_failed)",
  ].join('\n'));
  expect(() => forwarding({ sinkArn: 'sink' })).toThrow("'sinkArn' (sink_arn) must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got 'sink'");
});
