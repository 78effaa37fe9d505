import { App, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { pageOf } from './pages';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupArchive } from '../../src/bundles/backup-archive';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import { EcsRestoreRunbook } from '../../src/ecs-restore/ecs-restore-runbook';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const notify = [Notify.email('operations@example.com')];
const tables = [BackupTarget.allOf(ResourceType.DYNAMODB)];
const replicaRegion = IRELAND;
const schedules = [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })];

interface Costs {
  readonly keys: number;
  readonly alarms: number;
  readonly metrics: number;
  readonly composites: number;
  readonly dashboards: number;
}

interface Alarm {
  readonly Type: string;
  readonly Properties: { readonly Metrics?: { readonly MetricStat?: object }[] };
}

/** What the templates of an app have that is paid for by the month. */
function costsOf(define: (stack: Stack) => unknown, account = INFRASTRUCTURE): Costs {
  const app = new App();
  define(stackIn(account, LONDON, app));
  const resources = app.synth().stacksRecursively.flatMap(({ template }) => Object.values(template.Resources as Record<string, Alarm>));
  const of = (type: string) => resources.filter(({ Type }) => Type === type);
  const alarms = of('AWS::CloudWatch::Alarm');
  return {
    keys: of('AWS::KMS::Key').length,
    alarms: alarms.length,
    metrics: alarms.reduce((sum, { Properties: { Metrics } }) => sum + (Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1), 0),
    composites: of('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
  };
}

/** The keys of a bucket are in a row of their own. */
function withoutBucket({ keys, ...others }: Costs): Costs {
  return { keys: keys - 2, ...others };
}

const ROWS: readonly (readonly [row: string, costs: () => Costs])[] = [
  ['`WorkloadBackup`, `AlarmSet.ESSENTIAL`', () => costsOf((stack) => new WorkloadBackup(stack, 'Backup', { resources: tables, replicaRegion, notify }))],
  ['`WorkloadBackup`, `AlarmSet.COMPLETE`, one resource type', () => costsOf((stack) => new WorkloadBackup(stack, 'Backup', {
    resources: tables, replicaRegion, notify, alarmSet: AlarmSet.COMPLETE,
  }))],
  ['`BackupArchive`', () => costsOf((stack) => new BackupArchive(stack, 'Archive', { accounts: [INFRASTRUCTURE], replicaRegion, notify }), LOG_ARCHIVE)],
  ['`CentralMonitoring`', () => costsOf((stack) => new CentralMonitoring(stack, 'Central', { accounts: [INFRASTRUCTURE], notify }), LOG_ARCHIVE)],
  ['`ReplicatedBackupVault`, `ReplicatedBucket`, `ReplicatedLogBucket`', () => costsOf((stack) => new ReplicatedBackupVault(stack, 'Vault', { replicaRegion }))],
  ['`ConfigurationBucket`', () => costsOf((stack) => new ConfigurationBucket(stack, 'Configuration', { schedules, replicaRegion }))],
  ['`EcsConfigBackup` of one named cluster', () => withoutBucket(costsOf((stack) => {
    const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules, replicaRegion });
    new EcsConfigBackup(stack, 'EcsConfig', { clusters: [EcsClusterTarget.fromName('shop')], bucket, schedules, notify });
  }))],
  ['`EcsRestoreRunbook` with objectives', () => withoutBucket(costsOf((stack) => {
    const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules, replicaRegion });
    const objectives = [new RecoveryObjective({ name: 'Shop', rto: Duration.hours(4), rpo: Duration.hours(30) })];
    const passableRoles = [iam.Role.fromRoleName(stack, 'TaskRole', 'shop-task-role')];
    new EcsRestoreRunbook(stack, 'EcsRestore', { clusters: [EcsClusterTarget.fromName('shop')], bucket, passableRoles, objectives, notify });
  }))],
  ['`ReplicationAlarms` of one bucket', () => withoutBucket(costsOf((stack) => new ReplicationAlarms(stack, 'Alarms', {
    buckets: [new ReplicatedBucket(stack, 'Bucket', { replicaRegion })], notify,
  })))],
];

test('each further named cluster adds the three alarms that the page says', () => {
  const alarmsFor = (...names: string[]) => costsOf((stack) => {
    const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules, replicaRegion });
    new EcsConfigBackup(stack, 'EcsConfig', { clusters: names.map((name) => EcsClusterTarget.fromName(name)), bucket, schedules, notify });
  }).alarms;

  expect(alarmsFor('shop', 'orders') - alarmsFor('shop')).toBe(3);
  expect(pageOf('docs/guides/costs.md').text).toContain('Each further named cluster adds three alarms.');
});

/** The cells of the row of a table that begins with a construct. */
function cellsOf(file: string, row: string): string[] {
  const line = pageOf(file).text.split('\n').find((text) => text.startsWith(`| ${row} |`))!;
  return line.split('|').map((cell) => cell.trim());
}

test.each(ROWS)('the costs of %s are those of its templates', (row, costs) => {
  const { keys, alarms, metrics, composites, dashboards } = costs();
  const [, , keysThere, alarmsThere, metricsThere, fixedThere] = cellsOf('docs/guides/costs.md', row);
  const number = (count: number) => count === 0 ? '–' : String(count);

  expect([keysThere, alarmsThere, metricsThere])
    .toEqual([number(keys), composites === 0 ? number(alarms) : `${alarms} and ${composites} composite`, number(metrics)]);
  expect(Number.parseFloat(fixedThere)).toBeCloseTo(keys + metrics * 0.1 + composites * 0.5 + dashboards * 3, 2);
});

test.each([
  ['`WorkloadBackup`', ['`WorkloadBackup`, `AlarmSet.ESSENTIAL`'], { alarms: 10, keys: 4, fixed: '6.40' }],
  ['`BackupArchive`', ['`BackupArchive`'], { alarms: 10, keys: 4, fixed: '10.10 and metrics' }],
  ['`EcsConfigBackup`, `ConfigurationBucket`', ['`EcsConfigBackup` of one named cluster', '`ConfigurationBucket`'], { alarms: 10, keys: 3, fixed: '4.00 and metrics' }],
  ['`EcsRestoreRunbook`', ['`EcsRestoreRunbook` with objectives'], { alarms: 3, keys: 1, fixed: '1.30' }],
  ['`CentralMonitoring`', ['`CentralMonitoring`'], { alarms: 21, keys: 1, fixed: '3.60 and metrics' }],
])('the README has the costs of %s that the page about costs has', (row, rows, { alarms, keys, fixed }) => {
  const inPage = rows.map((each) => cellsOf('docs/guides/costs.md', each).slice(2));
  const sum = (column: number) => inPage.reduce((total, cells) => total + (Number.parseFloat(cells[column]) || 0), 0);

  expect(cellsOf('README.md', row).slice(3, 6)).toEqual([String(alarms), String(keys), fixed]);
  expect([sum(1), sum(0), sum(3)]).toEqual([alarms, keys, expect.closeTo(Number.parseFloat(fixed), 2)]);
});
