import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stackWith } from './event-alarms';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { AlarmSeverity } from '../../src/notification/notify';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOf } from '../alarms-of';
import { Setup } from '../plan/setup';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn, supportStackOf } from '../stacks';

const TYPES = () => [BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)];

/** The alarms on a vault with a replica and a plan, in the stacks of both. */
function define(props: Partial<BackupAlarmsProps> = {}, planProps: Parameters<Setup['selecting']>[1] = {}) {
  const setup = new Setup({ replicaRegion: IRELAND });
  const made = new BackupAlarms(setup.stack, 'Alarms', {
    vaults: [setup.vault], plans: [setup.selecting(TYPES(), planProps)], alarmSet: AlarmSet.ESSENTIAL, ...props,
  });
  return { made, home: setup.stack, away: supportStackOf(setup.stack, IRELAND) };
}

const namesIn = (stack: Stack) => alarmsOf(stack).map(({ AlarmName, AlarmDescription }) =>
  `${/^(.*?)-Backup-/.exec(AlarmName)![1]} ${AlarmDescription.split(':')[0]}`).sort();

test('the essential alarms on a vault with a replica and a plan over two resource types are these', () => {
  const { home, away } = define();

  expect(namesIn(home)).toEqual([
    'backup-job-failing-local CRITICAL',
    'backup-tampered CRITICAL',
    'copy-job-failed CRITICAL',
    'event-not-delivered CRITICAL',
    'no-good-copy-local-replica-DynamoDB CRITICAL',
    'no-good-copy-local-replica-EFS CRITICAL',
    'no-good-recovery-point-local-DynamoDB CRITICAL',
    'no-good-recovery-point-local-EFS CRITICAL',
    'restore-job-failed CRITICAL',
  ]);
  expect(namesIn(away)).toEqual(['backup-tampered CRITICAL', 'event-not-delivered CRITICAL', 'restore-job-failed CRITICAL']);
});

test('there are no others, of whatever kind', () => {
  const { made, home, away } = define();

  [home, away].forEach((stack) => Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0));
  expect(made.alarms).toHaveLength(9);
  expect(made.replicaAlarms).toHaveLength(3);
});

test('all alarms are made where nothing is said', () => {
  expect(namesIn(define({ alarmSet: undefined }).home)).toEqual(namesIn(define({ alarmSet: AlarmSet.COMPLETE }).home));
  expect(namesIn(define({ alarmSet: undefined }).home).length).toBeGreaterThan(20);
});

test('one alarm is on the sum of the rules about tampering, which name their own runbooks', () => {
  const { home } = define();
  const { Metrics, ...alarm } = alarmsOf(home).find(({ AlarmName }) => AlarmName.startsWith('backup-tampered'));
  const [expression, ...metrics] = Metrics;
  const rules = Object.values(Template.fromStack(home).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
  const watched = rules.filter(({ Name }) => metrics.some(({ MetricStat: { Metric } }: any) => Metric.Dimensions[0].Value === Name));

  expect(expression.Expression).toBe('m0 + m1 + m2 + m3 + m4 + m5 + m6');
  expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' });
  expect(metrics.map(({ MetricStat }: any) => [MetricStat.Metric.MetricName, MetricStat.Period, MetricStat.Stat])).toEqual(Array(7).fill(['TriggeredRules', 300, 'Sum']));
  expect(new Set(watched.flatMap(({ Targets: [{ InputTransformer }] }) => /runbooks\/([a-z-]+)\.md/.exec(InputTransformer.InputTemplate)![1])))
    .toEqual(new Set(['vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'recovery-point-exposed', 'backup-plan-removed']));
  expect(alarm.AlarmDescription).toContain('(vault local, key of vault local, account and region, plan ');
});

test('one alarm is on failed copies and on those that left something out', () => {
  const { home } = define();
  const [, ...metrics] = alarmsOf(home).find(({ AlarmName }) => AlarmName.startsWith('copy-job-failed')).Metrics;

  expect(metrics.map(({ MetricStat: { Metric } }: any) => Metric.MetricName)).toEqual(['NumberOfCopyJobsFailed', 'TriggeredRules']);
});

test('more than CloudWatch takes of one alarm are several', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vaults = ['one', 'two', 'three'].map((name) => new ReplicatedBackupVault(stack, name, { backupVaultName: name }));
  new BackupAlarms(stack, 'Alarms', { vaults, alarmSet: AlarmSet.ESSENTIAL });
  const metrics = alarmsOf(stack).filter(({ AlarmName }) => AlarmName.startsWith('backup-tampered')).map(({ Metrics }) => Metrics.length - 1);

  expect(metrics).toEqual([10, 3]); // 4 of each vault, and 1 on access to recovery points
});

test('where a single failed run breaks an objective, that is the alarm, and failing again says nothing new', () => {
  const objective = (rpo: Duration) => new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo, survives: FailureScope.RESOURCE });
  const failing = (rpo: Duration) => namesIn(define({}, { objectives: [objective(rpo)] }).home).filter((name) => /^backup-job/.test(name));

  expect(failing(Duration.hours(30))).toEqual(['backup-job-failed CRITICAL']); // 24 h, 1 h to start and 5 h to complete
  expect(failing(Duration.hours(53))).toEqual(['backup-job-failed CRITICAL']);
  expect(failing(Duration.hours(54))).toEqual(['backup-job-failing-local CRITICAL']); // one run later
});

test('without plans, failed and expired jobs are one warning', () => {
  const stack = stackWith('central', { alarmSet: AlarmSet.ESSENTIAL });
  const failed = alarmsOf(stack).filter(({ AlarmName }) => AlarmName.startsWith('backup-job'));

  expect(failed.map(({ AlarmDescription }) => AlarmDescription.split(':')[0])).toEqual(['WARNING']);
  expect(failed[0].Metrics.slice(1).map(({ MetricStat: { Metric } }: any) => Metric.MetricName)).toEqual(['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired']);
});

test('what is tuned is made by itself, and what is switched on comes in addition', () => {
  const { home } = define({
    overrides: { vaultTampered: { severity: AlarmSeverity.WARNING }, backupPlanChanged: { enabled: true }, copyJobFailed: { enabled: false } },
  });
  const names = namesIn(home);

  expect(names).toContain('vault-tampered-local WARNING');
  expect(names.filter((name) => /^backup-plan-changed/.test(name))).toHaveLength(2);
  expect(names.filter((name) => /^copy/.test(name))).toEqual([]);
  expect(alarmsOf(home).find(({ AlarmName }) => AlarmName.startsWith('backup-tampered')).Metrics).toHaveLength(1 + 5);
});

test('refuses to tune the alarm on all tampering where there is none, but not to switch it off', () => {
  const overrides = { backupTampered: { severity: AlarmSeverity.WARNING } };

  expect(problemsOf(() => define({ alarmSet: AlarmSet.COMPLETE, overrides })))
    .toEqual(["'overrides' must refer to existing alarms: 'backupTampered' (backup_tampered) exists only in AlarmSet.ESSENTIAL, so leave it out"]);
  expect(problemsOf(() => define({ overrides }))).toEqual([]);
  expect(problemsOf(() => define({ alarmSet: AlarmSet.COMPLETE, overrides: { backupTampered: { enabled: false } } }))).toEqual([]);
});
