import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Setup } from './central';
import { AlarmSet } from '../../src/alarms/alarm-set';
import type { CentralMonitoringProps } from '../../src/central/central-monitoring-props';
import { AlarmSeverity } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { Rendered } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE } from '../stacks';

const ESSENTIAL = { alarmSet: AlarmSet.ESSENTIAL };

const alarmsOf = (setup: Setup) => setup.rendered.all('AWS::CloudWatch::Alarm');
const namesOf = (setup: Setup) => alarmsOf(setup).map(({ AlarmName, AlarmDescription }) =>
  `${AlarmName.replace(/-Monitoring-Central.*/, '')} ${AlarmDescription.split(':')[0]}`).sort();

function define(props: Partial<CentralMonitoringProps> = {}): Setup {
  const setup = new Setup();
  setup.central({ ...ESSENTIAL, ...props });
  return setup;
}

test('the essential alarms on all accounts together are these, and no other', () => {
  const setup = define();

  expect(namesOf(setup)).toEqual(['backup-job-failed WARNING', 'backup-tampered CRITICAL', 'copy-job-failed CRITICAL', 'event-not-delivered CRITICAL', 'restore-job-failed CRITICAL']);
  expect(setup.rendered.all('AWS::CloudWatch::CompositeAlarm')).toEqual([]);
});

test('one alarm is on jobs that failed and on those that expired, and one on all tampering that is forwarded', () => {
  const setup = define();
  const metricsOf = (name: string) => alarmsOf(setup).find(({ AlarmName }) => AlarmName.startsWith(name))!.Metrics.slice(1)
    .map(({ MetricStat: { Metric } }: any) => Metric.MetricName);

  expect(metricsOf('backup-job-failed')).toEqual(['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired']);
  expect(metricsOf('backup-tampered')).toEqual(Array(7).fill('TriggeredRules')); // two of vaults, keys, recovery points, two of plans, access
});

test('with vaults and plans, failures are told when they come again, and what is missing of each vault and of each account that copies', () => {
  const setup = new Setup();
  const vault = setup.vault();
  const plan = new TieredBackupPlan(Stack.of(vault), 'Plan', { vault, tiers: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35), expectedDuration: Duration.hours(5) })] });
  plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  setup.central({ ...ESSENTIAL, vaults: [vault], plans: [plan] });

  expect(namesOf(setup)).toEqual([
    `backup-job-failing-${INFRASTRUCTURE}-local CRITICAL`, 'backup-tampered CRITICAL', 'copy-job-failed CRITICAL', 'event-not-delivered CRITICAL',
    `no-good-copy-${INFRASTRUCTURE}-eu-west-1-local-replica CRITICAL`, `no-good-recovery-point-${INFRASTRUCTURE}-local CRITICAL`, 'restore-job-failed CRITICAL',
  ]);
});

test("'backup-health' is there with alarms that the caller names", () => {
  const setup = new Setup();
  const own = new cloudwatch.Alarm(setup.stack, 'Own', { alarmName: 'own', metric: new cloudwatch.Metric({ namespace: 'any', metricName: 'any' }), threshold: 1, evaluationPeriods: 1 });
  setup.central({ ...ESSENTIAL, healthAlarms: [own] });

  expect(Rendered.of(setup.stack).all('AWS::CloudWatch::CompositeAlarm')).toHaveLength(1);
  expect(define({ healthAlarms: undefined, overrides: { backupHealth: { enabled: true } } }).rendered.all('AWS::CloudWatch::CompositeAlarm')).toHaveLength(1);
});

test('what is tuned is made by itself', () => {
  const severity = AlarmSeverity.WARNING;
  const names = namesOf(define({ overrides: { vaultTampered: { severity }, backupTampered: { severity } } }));

  expect(names).toContain('vault-tampered WARNING');
  expect(names).toContain('vault-tampered-told WARNING');
});

test('refuses to tune the alarm on all tampering where there is none, and what is no alarm set', () => {
  expect(problemsOf(() => define({ alarmSet: undefined, overrides: { backupTampered: { severity: AlarmSeverity.WARNING } } })))
    .toEqual(["'overrides' must refer to existing alarms: 'backupTampered' (backup_tampered) exists only in AlarmSet.ESSENTIAL, so leave it out"]);
  expect(problemsOf(() => define({ alarmSet: 'ALL' as any }))).toEqual(["'alarmSet' (alarm_set) must be an AlarmSet, such as AlarmSet.ESSENTIAL, got 'ALL'"]);
});
