import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { Notify } from '../../src/notification/notify';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { messagesAbout } from '../messages';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const email = Notify.email('operations@example.com');
const vaultIn = (stack: Stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
const bucketIn = (stack: Stack) => new ReplicatedBucket(stack, 'Bucket', { bucketName: 'uploads', replicaRegion: IRELAND });

/** What has alarms at home, and in the region of replicas. */
const IN_TWO_REGIONS: [string, (stack: Stack, notify?: Notify[]) => unknown][] = [
  ['alarms on backups', (stack, notify) => new BackupAlarms(stack, 'Alarms', { vaults: [vaultIn(stack)], notify })],
  ['alarms on replication', (stack, notify) => new ReplicationAlarms(stack, 'Alarms', { buckets: [bucketIn(stack)], notify })],
  ['the forwarding of events', (stack, notify) => new BackupEventForwarding(stack, 'Forwarding', {
    vaults: [vaultIn(stack)], eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`, notify,
  })],
];

const arnIn = (region: string) => `arn:aws:sns:${region}:${INFRASTRUCTURE}:theirs`;
const theirs = (stack: Stack, region: string) => Notify.topic(sns.Topic.fromTopicArn(stack, `Theirs-${region}`, arnIn(region)));

const bothOf = (home: Stack) => [home, supportStackOf(home, IRELAND)];

/** How many of a type are at home, and in the region of the replicas. */
const count = (home: Stack, type: string) => bothOf(home).map((stack) => Object.keys(Template.fromStack(stack).findResources(type)).length);

/** How many topics an alarm publishes to there, and whether all of them publish to the caller's. */
const published = (home: Stack) => bothOf(home).map((stack) => {
  const actions = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmActions);
  return [Math.max(...actions.map(({ length }) => length)), actions.every((each) => each.includes(arnIn(stack.region)))];
});

describe.each(IN_TWO_REGIONS)('%s', (_, define) => {
  test('send e-mails from both regions, with one topic, one key and one confirmation in each', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, [email]);

    expect(count(stack, 'AWS::SNS::Topic')).toEqual([1, 1]);
    expect(count(stack, 'AWS::SNS::Subscription')).toEqual([1, 1]);
    expect(count(stack, 'AWS::KMS::Key')).toEqual([2, 2]); // the other one is that of the data
  });

  test('publish to a topic of the caller from its own region, and nowhere else there', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, [theirs(stack, LONDON), theirs(stack, IRELAND)]);

    expect(published(stack)).toEqual([[1, true], [1, true]]);
    expect(count(stack, 'AWS::SNS::Topic')).toEqual([0, 0]);
  });

  test('publish to the shared topic where the topic of the caller is of the other region, and report that nobody is notified', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, [theirs(stack, IRELAND)]);

    expect(count(stack, 'AWS::SNS::Topic')).toEqual([1, 0]);
    expect(published(stack)).toEqual([[1, false], [1, true]]);
    expect(messagesAbout(stack, /subscribed/)).toEqual([
      "not checked: whether anybody is subscribed to topic 'Backup-BackupDrNotifications-ae0c1b6b', which the constructs of stack 'Backup' share: "
      + "no 'notify' specifies a recipient for it, such as Notify.email('operations@example.com') [ack: cdk-backup-dr:nobodySubscribed]",
    ]);
  });

  test('publish to both, a topic of the caller and the one that e-mail addresses are subscribed to', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, [theirs(stack, LONDON), email]);

    expect(published(stack)).toEqual([[2, true], [1, false]]);
    expect(count(stack, 'AWS::SNS::Subscription')).toEqual([1, 1]);
  });
});
