import { Duration, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { AlarmSeverity, Notify } from '../../src/notification/notify';
import { BackupCopy } from '../../src/plan/backup-copy';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOf, alarmsOn } from '../alarms-of';
import { DAILY, Setup, TABLES } from '../plan/setup';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const ALARM = 'AWS::CloudWatch::Alarm';

function defineIn(setup: Setup, props: Partial<BackupAlarmsProps> = {}): BackupAlarms {
  return new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], ...props });
}

/** The alarms of a metric. */
function on(setup: Setup, metricName: string): any[] {
  return alarmsOn(setup.stack, metricName);
}

function archiveOf(setup: Setup): ReplicatedBackupVault {
  return new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
}

function refusals(setup: Setup, props: Partial<BackupAlarmsProps>): string[] {
  return problemsOf(() => defineIn(setup, props));
}

test.each([
  ['NumberOfBackupJobsFailed', 'WARNING: A backup job failed. (vault local)', 'backup-job-failed'],
  ['NumberOfBackupJobsExpired', 'WARNING: A backup job expired: it did not start or finish within its windows. (vault local)', 'backup-job-expired'],
  ['NumberOfBackupJobsAborted', 'WARNING: A backup job was stopped. (vault local)', 'backup-job-aborted'],
  ['NumberOfRecoveryPointsPartial', 'WARNING: A recovery point is incomplete. (vault local)', 'recovery-point-partial'],
  ['NumberOfBackupJobsPartial', 'WARNING: A recovery point is incomplete. (vault local)', 'recovery-point-partial'],
  ['NumberOfRestoreJobsFailed', 'CRITICAL: A restore job failed or was stopped. (vault local)', 'restore-job-failed'],
  ['NumberOfRecoveryPointsExpired', 'WARNING: AWS Backup could not delete a recovery point at the end of its retention. (vault local)', 'recovery-point-not-deleted'],
])('one %s within 5 minutes is an alarm; that nothing else fails is not told', (metricName, description, name) => {
  const setup = new Setup();
  defineIn(setup);

  expect(on(setup, metricName)).toEqual([{
    AlarmName: expect.stringMatching(new RegExp(`^${name}-local(.job)?-Backup-Alarms-[0-9a-f]{8}$`)),
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
    AlarmActions: [{ Ref: 'BackupDrNotificationsTopic09CC4A13' }],
  }]);
  expect(on(setup, metricName)[0].AlarmDescription).toContain(`/docs/runbooks/${name}.md`);
});

test('failed copies into the replica are counted in the region of the vault', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  defineIn(setup);

  expect(on(setup, 'NumberOfCopyJobsFailed')).toMatchObject([{ Dimensions: [{ Name: 'BackupVaultName', Value: 'local-replica' }], Threshold: 0 }]);
});

test('failed copies of a plan are counted where it is, whatever account they go into', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const archive = archiveOf(setup);
  const plan = setup.selecting(TABLES(), { copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(archive)] });
  defineIn(setup, { plans: [plan] });

  expect(on(setup, 'NumberOfCopyJobsFailed').map(({ Dimensions }) => Dimensions[0].Value)).toEqual(['local-replica', 'central']);
});

test('alarms are handed back, and the topic', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const topic = new sns.Topic(setup.stack, 'Own');
  const made = defineIn(setup, { notify: [Notify.topic(topic)] });

  // For the vault 7 on metrics and 5 on events, 2 on events of jobs, 2 on copies; for the replica 3 and 4; in each region 1 on restores, 1 on access,
  // 2 on settings, 1 on what is not delivered.
  expect(made.alarms).toHaveLength(21);
  expect(made.replicaAlarms).toHaveLength(12);
  expect(new Set(made.replicaAlarms.map(({ env }) => env.region))).toEqual(new Set([IRELAND]));
  expect(made.topic).toBe(topic);
  Template.fromStack(setup.stack).resourceCountIs('AWS::SNS::Topic', 1);
});

test('an alarm may be tuned, or left out', () => {
  const setup = new Setup();
  defineIn(setup, {
    period: Duration.days(1),
    plans: [setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archiveOf(setup))] })],
    overrides: { backupJobFailed: { threshold: 2, evaluationPeriods: 3, severity: AlarmSeverity.WARNING }, backupJobAborted: { enabled: false } },
  });

  expect(on(setup, 'NumberOfBackupJobsFailed')).toMatchObject([{
    Threshold: 2, EvaluationPeriods: 3, Period: 86400, AlarmDescription: expect.stringMatching(/^WARNING: .* Other than usual: threshold 2, 3 periods\. What to do: /),
  }]);
  expect(on(setup, 'NumberOfBackupJobsAborted')).toEqual([]);
  expect(on(setup, 'NumberOfCopyJobsFailed')).toMatchObject([{ Period: 86400, AlarmDescription: expect.not.stringMatching(/Other than usual/) }]);
});

test('what is missing, and what is taken back, is told when it is in order again', () => {
  const setup = new Setup();
  defineIn(setup, { plans: [setup.selecting()] });

  expect([...on(setup, 'NumberOfBackupJobsCompleted'), ...on(setup, 'ApproximateNumberOfMessagesVisible')].map(({ OKActions }) => OKActions))
    .toEqual(Array(2).fill([{ Ref: 'BackupDrNotificationsTopic09CC4A13' }]));
  expect(on(setup, 'TriggeredRules').flatMap(({ OKActions = [] }) => OKActions)).toEqual([]);
});

test('a plan into one of the vaults that is not named is reported at synthesis, also one that comes later', () => {
  const setup = new Setup();
  const named = setup.selecting();
  defineIn(setup, { plans: [named] });
  setup.plan({}, 'Later').addSelection('Selection', { resources: TABLES() });
  const [{ messages }] = setup.app.synth().stacks;

  expect(messages.map(({ entry: { data } }) => data).filter((data) => /whether plan/.test(data as string)))
    .toEqual(["not checked: whether plan 'Backup/Later' creates recovery points and copies in time: add it to 'plans' [ack: cdk-backup-dr:planNotWatched]"]);
});

test('refuses to tune an alarm that is not there without plans, but not to switch it off', () => {
  expect(refusals(new Setup(), { overrides: { noGoodCopy: { severity: AlarmSeverity.WARNING } } }))
    .toEqual(["'overrides' must refer to existing alarms: 'noGoodCopy' (no_good_copy) requires 'plans', so set them, or leave it out"]);
  expect(refusals(new Setup(), { overrides: { noGoodCopy: { enabled: false } } })).toEqual([]);
});

test('refuses hours that are fewer than the schedules are apart, where the alarm would be on every day', () => {
  const tuned = (evaluationPeriods: number) => {
    const setup = new Setup();
    return refusals(setup, { plans: [setup.selecting()], overrides: { noGoodRecoveryPoint: { evaluationPeriods } } });
  };

  expect(tuned(24)).toEqual([]);
  expect(tuned(23)).toEqual(["'evaluationPeriods' (evaluation_periods) of 'noGoodRecoveryPoint' (no_good_recovery_point) must be 24 hours or more, the gap of the schedules into 'local', got 23"]);
});

describe('a replica into which no plan copies', () => {
  const names = (landingVault?: boolean) => {
    const setup = new Setup({ replicaRegion: IRELAND, landingVault });
    const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
    const plan = setup.selecting(undefined, { copyTo: [BackupCopy.to(archive)] });
    new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [plan] });
    return [setup.stack, supportStackOf(setup.stack, IRELAND)].map((stack) => alarmsOf(stack)
      .filter(({ Dimensions = [] }) => Dimensions.some(({ Value }: any) => Value === 'local-replica')).map(({ MetricName }) => MetricName).sort());
  };

  test('has no alarms on what can never be counted', () => {
    expect(names()).toEqual([[], []]);
  });

  test('has them where it is a landing vault', () => {
    expect(names(true)).toEqual([
      ['NumberOfCopyJobsFailed'], ['NumberOfRecoveryPointsExpired', 'NumberOfRecoveryPointsPartial', 'NumberOfRestoreJobsFailed'],
    ]);
  });
});

test('all problems are in one error', () => {
  const setup = new Setup();
  const elsewhere = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive');
  const archive = new ReplicatedBackupVault(elsewhere, 'Vault', { backupVaultName: 'central' });

  expect(refusals(setup, {
    vaults: [archive],
    plans: [setup.plan({ tiers: [DAILY()] })],
    notify: [Notify.topic(new sns.Topic(elsewhere, 'Topic', { fifo: true }))],
    period: Duration.minutes(1),
    overrides: { ...{ 'backup-job-failed': {} }, backupJobFailed: { threshold: -1, evaluationPeriods: 0 } },
  })).toEqual([
    "'vaults' must be in the account and region of the alarms (account 222222222222, region eu-west-2), got 'central' in account 333333333333, region eu-west-2",
    "'plans' must back up into one of 'vaults', got 'Backup/Plan', which backs up into 'local': add that vault too",
    "'notify' must be a standard topic, because CloudWatch does not publish to FIFO topics, got 'Archive/Topic'",
    "'notify' must have a 'topicName' (topic_name), because the topic is in another account than the metrics (account 222222222222, region eu-west-2), got 'Archive/Topic' "
    + 'without one: set it, or import the topic by its ARN (Topic.fromTopicArn)',
    "'period' must be in whole minutes, from 5 minutes, the interval in which AWS Backup publishes, to 7 days, the longest evaluation range of an alarm, got 1 minute",
    expect.stringMatching(/^'overrides' must use the names of alarms \(backupJobFailed, .*, eventNotDelivered\), got 'backup-job-failed'$/),
    "'threshold' of 'backupJobFailed' (backup_job_failed) must be 0 or more, got -1",
    "'evaluationPeriods' (evaluation_periods) of 'backupJobFailed' (backup_job_failed) must be a whole number, 1 or more, got 0",
  ]);
});

test('refuses alarms without a vault, and a topic with a key of AWS', () => {
  const setup = new Setup();
  const topic = new sns.Topic(setup.stack, 'Topic', { masterKey: kms.Alias.fromAliasName(setup.stack, 'Key', 'alias/aws/sns') });

  expect(refusals(setup, { vaults: [], notify: [Notify.topic(topic)] })).toEqual([
    "'vaults' must contain at least one vault, got none",
    "'notify' must be encrypted with a customer managed key, because CloudWatch can't use alias/aws/sns, got 'Backup/Topic'",
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
  defineIn(setup, { plans: [setup.selecting()] });

  Template.fromStack(setup.stack).allResourcesProperties(ALARM, {
    AlarmActions: Match.anyValue(), AlarmDescription: Match.stringLikeRegexp('https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/[a-z-]+\\.md$'),
  });
});

test('refuses a topic of a region where nothing is watched', () => {
  const setup = new Setup();
  const topic = new sns.Topic(stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Away'), 'Topic');

  expect(refusals(setup, { notify: [Notify.topic(topic)] })).toEqual([
    "'notify' must have topics in the region of the metrics (account 222222222222, region eu-west-2), which publishes to them, "
    + "got 'Away/Topic' in account 222222222222, region eu-west-1",
  ]);
});

test('a vault that is named twice is watched once, as is its replica', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  defineIn(setup, { vaults: [setup.vault, setup.vault] });

  expect(on(setup, 'NumberOfBackupJobsFailed')).toHaveLength(1);
});

test('vaults of whatever names have alarms beside each other', () => {
  const setup = new Setup();
  const vaults = ['prod', 'prod-job', 'prod-told', 'partial', 'copies-partial'].map((name) => new ReplicatedBackupVault(setup.stack, name, { backupVaultName: name }));
  const plan = setup.selecting(TABLES(), { copyTo: vaults.map((vault) => BackupCopy.to(vault)) });
  defineIn(setup, { vaults: [setup.vault, ...vaults], plans: [plan] });
  const names = alarmsOf(setup.stack).map(({ AlarmName }) => AlarmName);

  expect(new Set(names).size).toBe(names.length);
});

test('an alarm on events is on after one period, however many days in a row jobs are counted for', () => {
  const setup = new Setup();
  defineIn(setup, { period: Duration.days(1), overrides: { restoreJobFailed: { evaluationPeriods: 2 } } });

  expect(on(setup, 'NumberOfRestoreJobsFailed').map(({ EvaluationPeriods }) => EvaluationPeriods)).toEqual([2]);
  expect(on(setup, 'TriggeredRules').filter(({ EvaluationPeriods }) => EvaluationPeriods !== 1)).toEqual([]);
});

test('refuses a plan that copies into a vault whose name is a token', () => {
  const setup = new Setup();
  const theirs = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Theirs', {
    backupVaultName: Lazy.string({ produce: () => 'theirs' }), account: LOG_ARCHIVE, region: LONDON,
  });

  expect(refusals(setup, { plans: [setup.selecting(TABLES(), { copyTo: [BackupCopy.to(theirs)] })] })).toEqual([
    "'plans' must copy into vaults with literal names, which identify their alarms, got 'Backup/Plan', which copies into one with a token",
  ]);
});

test('a vault that is imported twice is watched once', () => {
  const setup = new Setup();
  const vaults = ['One', 'Other'].map((id) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, id, {
    backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON,
  }));
  defineIn(setup, { vaults });

  expect(on(setup, 'NumberOfBackupJobsFailed')).toHaveLength(1);
});

test('refuses a vault whose name is a token, and plans of which there are none', () => {
  const setup = new Setup();
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Theirs', {
    backupVaultName: Lazy.string({ produce: () => 'theirs' }), account: INFRASTRUCTURE, region: LONDON,
  });

  expect(refusals(setup, { vaults: [vault], plans: [] })).toEqual([
    "'plans' must contain at least one plan, got none: leave it out for no alarms on missing jobs",
    "'vaults' must have literal names and replica regions, which identify their alarms, got 'Backup/Theirs' with a token",
  ]);
});

test('copies out of more vaults than a pattern takes are told by several rules', () => {
  const setup = new Setup();
  const vaults = Array.from({ length: 20 }, (_, index) => new ReplicatedBackupVault(setup.stack, `Vault${index}`));
  defineIn(setup, { vaults });
  const partial = Object.values(Template.fromStack(setup.stack).findResources('AWS::Events::Rule'))
    .map(({ Properties: { EventPattern } }) => EventPattern.detail?.sourceBackupVaultArn ?? []).filter(({ length }) => length > 0);

  expect(partial.length).toBeGreaterThan(1);
  expect(partial.flat()).toEqual(vaults.map(({ backupVaultArn }) => backupVaultArn));
});

test('failed copies into the replica of an imported vault are counted by the name that it has unless another one is given', () => {
  const setup = new Setup();
  const vaults = [{}, { replicaVaultName: 'away' }].map((attrs, index) => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Theirs${index}`, {
    backupVaultName: `theirs${index}`, account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND, ...attrs,
  }));
  defineIn(setup, { vaults });

  expect(on(setup, 'NumberOfCopyJobsFailed').map(({ Namespace, Dimensions }) => [Namespace, Dimensions]))
    .toEqual(['theirs0-replica', 'away'].map((name) => ['AWS/Backup', [{ Name: 'BackupVaultName', Value: name }]]));
});
