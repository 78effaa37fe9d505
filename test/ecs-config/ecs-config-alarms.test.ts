import { Duration } from 'aws-cdk-lib';
import { Captured, DAILY } from './captured';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import type { EcsConfigBackupProps } from '../../src/ecs-config/ecs-config-backup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { WeekDay } from '../../src/schedules/week-day';
import { alarmsOf, alarmsOn } from '../alarms-of';
import { messagesAbout } from '../messages';
import { problemsOf } from '../problems';

function captured(props: Partial<EcsConfigBackupProps> = {}): Captured {
  const made = new Captured({ schedules: props.schedules ?? [DAILY] });
  made.define(props);
  return made;
}

const BACKUP = { Name: 'Backup', Value: 'Workload-Ecs-8f9855bb' };
const KIND = { Name: 'Kind', Value: 'ecs' };

test('a capture that failed raises a critical alarm at once', () => {
  expect(alarmsOn(captured().stack, 'Failed')).toEqual([expect.objectContaining({
    Namespace: 'CdkBackupDr/Configuration',
    Dimensions: [BACKUP, KIND],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    AlarmDescription: expect.stringMatching(/^CRITICAL: A snapshot of a configuration could not be made in time\./),
  })]);
});

test('a message in either dead-letter queue raises an alarm of the same name, which stays until the queue is empty', () => {
  const alarms = alarmsOn(captured().stack, 'ApproximateNumberOfMessagesVisible').filter(({ AlarmName }) => AlarmName.startsWith('config-capture-failed'));

  expect(alarms).toEqual(['DeadLetters8AA13C07', 'FailedCaptures9DF3AD39'].map((queue) => expect.objectContaining({
    AlarmDescription: expect.stringContaining(`, messages in its dead-letter queue ${queue.slice(0, -8)})`),
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [`Ecs${queue}`, 'QueueName'] } }],
    Threshold: 0,
    TreatMissingData: 'ignore',
  })));
  expect(new Set(alarms.map(({ AlarmName }) => AlarmName)).size).toBe(2);
});

test('no snapshot of a cluster for longer than the worst case of the schedules raises an alarm for each cluster', () => {
  const clusters = ['shop', 'orders'].map((name) => EcsClusterTarget.fromName(name));

  expect(alarmsOn(captured({ clusters }).stack, 'Captured')).toEqual(['shop', 'orders'].map((name) => expect.objectContaining({
    Dimensions: [BACKUP, KIND, { Name: 'Target', Value: name }],
    Period: 3600,
    EvaluationPeriods: 30, // 24 hours, and windows of 1 and 5 hours
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  })));
});

test('clusters that are not named share one alarm on missing snapshots', () => {
  expect(alarmsOn(captured({ clusters: [EcsClusterTarget.all()] }).stack, 'Captured').map(({ Dimensions }) => Dimensions)).toEqual([[BACKUP, KIND]]);
});

test('schedules that are longer apart than an alarm can evaluate are said as not checked', () => {
  const weekly = BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 6, deleteAfter: Duration.days(360) });
  const { stack } = captured({ schedules: [weekly] });

  expect(alarmsOn(stack, 'Captured')).toEqual([]);
  expect(messagesAbout(stack, /absenceNotWatched/)).toEqual([expect.stringContaining('not checked: whether snapshots are made: they can be 174 hours apart, and an alarm evaluates at most 6 days')]);
});

test.each([['plaintext-secret-found', 'PlaintextSecrets'], ['image-not-kept', 'ImagesNotKept']])('%s is a warning on the worst of a day, and stays until the next capture', (name, metricName) => {
  expect(alarmsOn(captured().stack, metricName)).toEqual([expect.objectContaining({
    AlarmName: expect.stringMatching(`^${name}-`),
    AlarmDescription: expect.stringMatching(/^WARNING: /),
    Statistic: 'Maximum',
    Period: 86_400,
    Threshold: 0,
    TreatMissingData: 'ignore',
  })]);
});

test.each(['PlaintextSecrets', 'ImagesNotKept'])('%s of each named cluster raises an alarm of its own, which a clean capture of another cluster leaves on', (metricName) => {
  const clusters = ['shop', 'orders'].map((name) => EcsClusterTarget.fromName(name));

  expect(alarmsOn(captured({ clusters }).stack, metricName).map(({ Dimensions }) => Dimensions)).toEqual([
    [BACKUP, KIND, { Name: 'Target', Value: 'shop' }], [BACKUP, KIND, { Name: 'Target', Value: 'orders' }],
  ]);
});

test('findings of clusters that are not named share one alarm', () => {
  const { stack } = captured({ clusters: [EcsClusterTarget.all()] });

  expect(['PlaintextSecrets', 'ImagesNotKept'].flatMap((name) => alarmsOn(stack, name)).map(({ Dimensions }) => Dimensions)).toEqual([[BACKUP, KIND], [BACKUP, KIND]]);
});

test('an alarm can be turned off and changed, by the name of its page', () => {
  const { stack } = captured({ overrides: { plaintextSecretFound: { enabled: false }, noGoodConfigSnapshot: { evaluationPeriods: 36 } } });

  expect(alarmsOn(stack, 'PlaintextSecrets')).toEqual([]);
  expect(alarmsOn(stack, 'Captured').map(({ EvaluationPeriods }) => EvaluationPeriods)).toEqual([36]);
});

test.each<[string, object, string]>([
  ['an alarm that there is not', { backupJobFailed: {} },
    "'overrides' must use the names of alarms (configCaptureFailed, noGoodConfigSnapshot, plaintextSecretFound, imageNotKept, eventNotDelivered), got 'backupJobFailed' (backup_job_failed)"],
  ['a number of snapshots', { noGoodConfigSnapshot: { threshold: 2 } }, "'threshold' of 'noGoodConfigSnapshot' (no_good_config_snapshot) must be left out: one snapshot in time is sufficient"],
  ['more days than CloudWatch evaluates', { imageNotKept: { evaluationPeriods: 8 } },
    "'evaluationPeriods' (evaluation_periods) of 'imageNotKept' (image_not_kept) must be 7 or less, because the evaluation range of an alarm is at most a day, or 7 days with periods of at least an hour, "
    + 'and its periods are 24 hours, got 8'],
])('refuses an override of %s', (_, overrides, problem) => {
  expect(problemsOf(() => captured({ overrides }))).toEqual([problem]);
});

test('every alarm of the construct is in its list, and names its page', () => {
  const made = new Captured();
  const { alarms } = made.define();

  expect(alarms).toHaveLength(alarmsOf(made.stack).length);
  expect(alarmsOf(made.stack).filter(({ AlarmDescription }) => !/What to do: https:\/\/.*\/[\w-]+\.md$/.test(AlarmDescription))).toEqual([]);
});

test('metrics of the construct are those that its function publishes', () => {
  const backup = new Captured().define();
  const metrics = [
    backup.metricCaptured(), backup.metricFailed(), backup.metricServices(), backup.metricNotCaptured(), backup.metricPlaintextSecrets(),
    backup.metricImagesNotKept(), backup.metricSeconds({ statistic: 'Maximum' }),
  ];

  expect(metrics.map(({ namespace, metricName, statistic }) => `${namespace} ${metricName} ${statistic}`)).toEqual([
    'CdkBackupDr/Configuration Captured Sum', 'CdkBackupDr/Configuration Failed Sum', 'CdkBackupDr/Configuration Services Sum',
    'CdkBackupDr/Configuration NotCaptured Sum', 'CdkBackupDr/Configuration PlaintextSecrets Sum', 'CdkBackupDr/Configuration ImagesNotKept Sum',
    'CdkBackupDr/Configuration Seconds Maximum',
  ]);
  expect(metrics.map(({ dimensions }) => dimensions)).toEqual(Array(7).fill({ Backup: 'Workload-Ecs-8f9855bb', Kind: 'ecs' }));
});
