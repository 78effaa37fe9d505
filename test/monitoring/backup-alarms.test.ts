import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmSeverity, BackupAlarms, BackupCopy, NotificationTopic, ReplicatedBackupVault } from '../../src';
import type { BackupAlarmsProps } from '../../src';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DAILY, Setup, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const ALARM = 'AWS::CloudWatch::Alarm';

function alarmsOf(setup: Setup, props: Partial<BackupAlarmsProps> = {}): BackupAlarms {
  return new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], ...props });
}

/** The alarms of a metric. */
function on(setup: Setup, metricName: string): any[] {
  const alarms = Template.fromStack(setup.stack).findResources(ALARM, { Properties: { MetricName: metricName } });
  return Object.values(alarms).map(({ Properties }) => Properties);
}

function archiveOf(setup: Setup): ReplicatedBackupVault {
  return new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
}

function refusals(setup: Setup, props: Partial<BackupAlarmsProps>): string[] {
  try {
    alarmsOf(setup, props);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return ['nothing was refused'];
}

test.each([
  ['NumberOfBackupJobsFailed', 'CRITICAL: A backup job failed. (vault local)', 'backup-job-failed'],
  ['NumberOfBackupJobsExpired', 'CRITICAL: A backup job expired: it did not start, or did not end, within its windows. (vault local)', 'backup-job-expired'],
  ['NumberOfBackupJobsAborted', 'WARNING: A backup job was stopped. (vault local)', 'backup-job-aborted'],
  ['NumberOfRecoveryPointsPartial', 'WARNING: A recovery point is not complete. (vault local)', 'recovery-point-partial'],
  ['NumberOfRestoreJobsFailed', 'CRITICAL: A restore job failed. (vault local)', 'restore-job-failed'],
  ['NumberOfRecoveryPointsExpired', 'WARNING: AWS Backup could not delete a recovery point at the end of its retention. (vault local)', 'recovery-point-not-deleted'],
])('one %s within 5 minutes is an alarm, and none is published otherwise', (metricName, description, name) => {
  const setup = new Setup();
  alarmsOf(setup);

  expect(on(setup, metricName)).toEqual([{
    AlarmName: expect.stringMatching(new RegExp(`^Backup-Alarms-local-${name}-[0-9a-f]{8}$`)),
    AlarmDescription: expect.stringContaining(description),
    Namespace: 'AWS/Backup',
    MetricName: metricName,
    Dimensions: [{ Name: 'BackupVaultName', Value: 'local' }],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'AlarmsTopicD6B4744D' }],
    OKActions: [{ Ref: 'AlarmsTopicD6B4744D' }],
  }]);
  expect(on(setup, metricName)[0].AlarmDescription).toContain(`/docs/runbooks/${name}.md`);
});

test('failed copies into the replica are counted in the region of the vault', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  alarmsOf(setup);

  expect(on(setup, 'NumberOfCopyJobsFailed')).toMatchObject([{ Dimensions: [{ Name: 'BackupVaultName', Value: 'local-replica' }], Threshold: 0 }]);
});

test('failed copies of a plan are counted where it is, whatever account they go into', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const archive = archiveOf(setup);
  const plan = setup.selecting(TABLES(), { copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(archive)] });
  alarmsOf(setup, { plans: [plan] });

  expect(on(setup, 'NumberOfCopyJobsFailed').map(({ Dimensions }) => Dimensions[0].Value)).toEqual(['local-replica', 'central']);
});

test('alarms are handed back, and the topic', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const topic = new sns.Topic(setup.stack, 'Own');
  const made = alarmsOf(setup, { topic });

  // For the vault 6 on metrics and 4 on events, 1 on copies; for the replica 2 and 3; in each region 1 on what is not delivered.
  expect(made.alarms).toHaveLength(12);
  expect(made.replicaAlarms).toHaveLength(6);
  expect(new Set(made.replicaAlarms.map(({ env }) => env.region))).toEqual(new Set([IRELAND]));
  expect(made.topic).toBe(topic);
  Template.fromStack(setup.stack).resourceCountIs('AWS::SNS::Topic', 1);
});

test('an alarm may be tuned, or left out', () => {
  const setup = new Setup();
  alarmsOf(setup, {
    evaluationPeriod: Duration.minutes(15),
    plans: [setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] })],
    overrides: { 'backup-job-failed': { threshold: 2, evaluationPeriods: 3, severity: AlarmSeverity.WARNING }, 'backup-job-aborted': { enabled: false } },
  });

  expect(on(setup, 'NumberOfBackupJobsFailed')).toMatchObject([{ Threshold: 2, EvaluationPeriods: 3, Period: 900, AlarmDescription: expect.stringMatching(/^WARNING: /) }]);
  expect(on(setup, 'NumberOfBackupJobsAborted')).toEqual([]);
  expect(on(setup, 'NumberOfCopyJobsFailed')).toMatchObject([{ Period: 900 }]);
});

test('a topic of the caller is reported as not checked, one made for alarms is not', () => {
  const setup = new Setup();
  alarmsOf(setup, { topic: new sns.Topic(setup.stack, 'Own') });
  new BackupAlarms(setup.stack, 'More', { vaults: [setup.vault], topic: new NotificationTopic(setup.stack, 'Made').topic });

  expect(Registry.of(setup.app).all(UNCHECKED).filter(({ reason }) => /publish/.test(reason))).toEqual([
    { path: 'Backup/Alarms', reason: expect.stringMatching(/^whether topic 'Backup\/Own' and its key let cloudwatch.amazonaws.com publish; if it is encrypted, import it with its 'keyArn'/) },
  ]);
});

test('refuses an alarm that looks back for longer than CloudWatch can', () => {
  const tuned = (minutes: number, evaluationPeriods: number) => refusals(new Setup(), {
    evaluationPeriod: Duration.minutes(minutes), overrides: { 'backup-job-failed': { evaluationPeriods } },
  });
  const looksBack = 'an alarm looks back for a day at the most, or for 7 with periods of an hour and more';

  expect(tuned(5, 288)).toEqual(['nothing was refused']);
  expect(tuned(5, 289)).toEqual([`- 'evaluationPeriods' of 'backup-job-failed' must be 288 or less: ${looksBack}, and its periods are 5 minutes, got 289`]);
  expect(tuned(60, 168)).toEqual(['nothing was refused']);
  expect(tuned(60, 169)).toEqual([`- 'evaluationPeriods' of 'backup-job-failed' must be 168 or less: ${looksBack}, and its periods are 1 hour, got 169`]);
});

test('all problems are in one error', () => {
  const setup = new Setup();
  const elsewhere = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive');
  const archive = new ReplicatedBackupVault(elsewhere, 'Vault', { backupVaultName: 'central' });

  expect(refusals(setup, {
    vaults: [archive],
    plans: [setup.plan({ tiers: [DAILY()] })],
    topic: new sns.Topic(elsewhere, 'Topic', { fifo: true }),
    evaluationPeriod: Duration.minutes(1),
    overrides: { 'backup-failed': {}, 'backup-job-failed': { threshold: -1, evaluationPeriods: 0 } },
  })).toEqual([
    "- 'vaults' must be in the account and region of the alarms (account 222222222222, region eu-west-2), got 'central' in account 333333333333, region eu-west-2",
    "- 'plans' must back up into one of 'vaults', got 'Backup/Plan', which backs up into 'local': name that vault too",
    "- 'plans' must have their selections before the alarms are defined, got 'Backup/Plan' with none",
    "- 'topic' must be a standard topic: CloudWatch publishes to no FIFO topic, got 'Archive/Topic'",
    "- 'topic' must be in the account and region of the metrics (account 222222222222, region eu-west-2), got account 333333333333, region eu-west-2",
    "- 'evaluationPeriod' must be whole minutes, from 5, since AWS Backup publishes every 5 minutes, to 7 days, as long as an alarm looks back, got 1 minute",
    "- 'overrides' must go by the names of alarms (backup-job-failed, backup-job-expired, backup-job-aborted, backup-job-with-issues, "
    + 'recovery-point-partial, copy-job-failed, restore-job-failed, recovery-point-not-deleted, no-good-recovery-point, no-good-copy, vault-tampered, '
    + "vault-key-tampered, recovery-point-deleted, backup-plan-removed, event-not-delivered), got 'backup-failed'",
    "- 'threshold' of 'backup-job-failed' must be 0 or more, got -1",
    "- 'evaluationPeriods' of 'backup-job-failed' must be a whole number, 1 or more, got 0",
  ]);
});

test('refuses alarms without a vault, and a topic with a key of AWS', () => {
  const setup = new Setup();
  const topic = new sns.Topic(setup.stack, 'Topic', { masterKey: kms.Alias.fromAliasName(setup.stack, 'Key', 'alias/aws/sns') });

  expect(refusals(setup, { vaults: [], topic })).toEqual([
    "- 'vaults' must name at least one vault, got none",
    "- 'topic' must be encrypted with a customer key: CloudWatch may not use alias/aws/sns, got 'Backup/Topic'",
  ]);
});

test('refuses a plan of another region', () => {
  const setup = new Setup();
  const plan = setup.selecting();
  const away = stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Away');
  const vault = new ReplicatedBackupVault(away, 'Vault', { backupVaultName: 'away' });

  expect(() => new BackupAlarms(away, 'Alarms', { vaults: [vault], plans: [plan] }))
    .toThrow("'plans' must be in the account and region of the alarms (account 222222222222, region eu-west-1), got 'Backup/Plan' in account 222222222222, region eu-west-2");
});

test('an alarm has neither a missing action nor a missing page', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  alarmsOf(setup, { plans: [setup.selecting()] });

  Template.fromStack(setup.stack).allResourcesProperties(ALARM, {
    AlarmActions: Match.anyValue(), AlarmDescription: Match.stringLikeRegexp('https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/[a-z-]+\\.md$'),
  });
});

test('e-mail addresses are subscribed to the topic that is made, and refused beside one of the caller', () => {
  const setup = new Setup();
  alarmsOf(setup, { emailAddresses: ['operations@example.com'] });

  Template.fromStack(setup.stack).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'operations@example.com' });
  const other = new Setup();
  expect(refusals(other, { emailAddresses: ['operations@example.com'], topic: new sns.Topic(other.stack, 'Own') }))
    .toEqual(["- 'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out"]);
});

test('refuses a topic for replicas where there are none', () => {
  const setup = new Setup();

  expect(refusals(setup, { replicaTopic: new sns.Topic(setup.stack, 'Topic') })).toEqual(["- 'replicaTopic' is of no use, since 'vaults' have no replica that this app defines: leave it out"]);
});

test('a vault that is named twice is watched once, as is its replica', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  alarmsOf(setup, { vaults: [setup.vault, setup.vault] });

  expect(on(setup, 'NumberOfBackupJobsFailed')).toHaveLength(1);
});
