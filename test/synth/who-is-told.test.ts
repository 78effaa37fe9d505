import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

/** Topics of the caller, and who gets an e-mail by those that are made. */
interface Told {
  readonly topic?: sns.ITopic;
  readonly replicaTopic?: sns.ITopic;
  readonly emailAddresses?: string[];
}

const emailAddresses = ['operations@example.com'];
const vaultIn = (stack: Stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
const bucketIn = (stack: Stack) => new ReplicatedBucket(stack, 'Bucket', { bucketName: 'uploads', replicaRegion: IRELAND });

/** What has alarms at home, and in the region of replicas. */
const IN_TWO_REGIONS: [string, (stack: Stack, told: Told) => unknown][] = [
  ['alarms on backups', (stack, told) => new BackupAlarms(stack, 'Alarms', { vaults: [vaultIn(stack)], ...told })],
  ['alarms on replication', (stack, told) => new ReplicationAlarms(stack, 'Alarms', { buckets: [bucketIn(stack)], ...told })],
  ['the forwarding of events', (stack, told) => new BackupEventForwarding(stack, 'Forwarding', {
    vaults: [vaultIn(stack)], eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`, ...told,
  })],
];

const theirs = (stack: Stack, region: string) => sns.Topic.fromTopicArn(stack, `Theirs-${region}`, `arn:aws:sns:${region}:${INFRASTRUCTURE}:theirs`);

/** How many are subscribed at home, and in the region of the replicas. */
const subscribed = (home: Stack) => [home, supportStackOf(home, IRELAND)]
  .map((stack) => Object.keys(Template.fromStack(stack).findResources('AWS::SNS::Subscription')).length);

describe.each(IN_TWO_REGIONS)('e-mail addresses of %s', (_, define) => {
  test('are subscribed in the region of the replicas where the topic at home is the caller\'s', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, { topic: theirs(stack, LONDON), emailAddresses });

    expect(subscribed(stack)).toEqual([0, 1]);
  });

  test('are subscribed at home where the topic for the replicas is the caller\'s', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    define(stack, { replicaTopic: theirs(stack, IRELAND), emailAddresses });

    expect(subscribed(stack)).toEqual([1, 0]);
  });

  test('are refused where both topics are, since nobody would be subscribed', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);

    expect(() => define(stack, { topic: theirs(stack, LONDON), replicaTopic: theirs(stack, IRELAND), emailAddresses }))
      .toThrow("'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out");
  });
});
