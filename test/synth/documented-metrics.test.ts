import { App } from 'aws-cdk-lib';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { ORGANIZATION } from '../central/central';
import { shownIn } from '../dashboard/dashboard';
import { DOCUMENTED_METRICS } from '../metrics';
import type { DocumentedMetric } from '../metrics';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** A metric that an alarm or a graph looks at. */
interface Used {
  readonly where: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, unknown>;
  readonly statistic: string;
  readonly unit?: string;
  readonly region: string;
}

/** Backups that are copied into another region and another account, a bucket with a replica, and all that watches them, there and centrally. */
function define() {
  const app = new App();
  const [archive, home, monitoring, overview] = ['Archive', 'Backup', 'Monitoring', 'Overview']
    .map((id) => stackIn(id === 'Backup' ? INFRASTRUCTURE : LOG_ARCHIVE, LONDON, app, id));
  const central = new ReplicatedBackupVault(archive, 'Vault', { backupVaultName: 'central' });
  const vault = new ReplicatedBackupVault(home, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
  const plan = new TieredBackupPlan(home, 'Plan', { vault, tiers: [DAILY()], copyTo: [BackupCopy.toReplicaOf(vault), BackupCopy.to(central)] });
  plan.addSelection('Tables', { resources: TABLES() });
  plan.addSelection('Tagged', { tags: { backup: 'daily' } }); // of whatever type
  const bucket = new ReplicatedBucket(home, 'Bucket', { bucketName: 'uploads', replicaRegion: IRELAND });

  const centralMonitoring = new CentralMonitoring(monitoring, 'Central', {
    organizationId: ORGANIZATION, eventBusName: 'backups', vaults: [vault, central], plans: [plan],
  });
  new CentralMonitoring(overview, 'Central', { organizationId: ORGANIZATION, eventBusName: 'together' });
  new BackupDashboard(monitoring, 'Dashboard', { centralMonitoring });
  new BackupAlarms(home, 'Alarms', { vaults: [vault], plans: [plan] });
  new BackupNotifications(home, 'Notifications', { vaults: [vault] });
  new ReplicationAlarms(home, 'ReplicationAlarms', { buckets: [bucket] });
  new BackupEventForwarding(home, 'Forwarding', { eventBusArn: centralMonitoring.eventBusArn, vaults: [vault] });
  new BackupDashboard(overview, 'Dashboard');
  return { stacks: app.synth().stacks, dashboards: [monitoring, overview].map((stack) => ({ where: `dashboard in ${stack.node.id}`, widgets: shownIn(stack) })) };
}

const { stacks, dashboards } = define();
const inStacks = (type: string) => stacks.flatMap(({ environment: { region }, template }) => Object.values<any>(template.Resources)
  .filter(({ Type }) => Type === type).map(({ Properties }) => ({ region, template, ...Properties })));

const ON_ALARMS: Used[] = inStacks('AWS::CloudWatch::Alarm').flatMap(({ AlarmName, region, Metrics, ...single }) => {
  const all: any[] = Metrics === undefined ? [single]
    : Metrics.flatMap(({ MetricStat }: any) => MetricStat ? [{ ...MetricStat.Metric, Statistic: MetricStat.Stat, Unit: MetricStat.Unit }] : []);
  return all.map(({ Namespace, MetricName, Dimensions = [], Statistic, Unit }): Used => ({
    where: AlarmName,
    namespace: Namespace,
    metricName: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value])),
    statistic: Statistic,
    unit: Unit,
    region,
  }));
});

const ON_GRAPHS: Used[] = dashboards.flatMap(({ where, widgets }) => widgets.flatMap(({ properties: { title, region, metrics = [] } }) => metrics
  .filter((line: unknown[]) => line.length > 1) // the others are expressions on these
  .map((line: any[]): Used => {
    const [namespace, metricName, ...dimensions] = line.slice(0, -1);
    const { stat, unit, region: own } = line.at(-1);
    return {
      where: `${where}: ${title}`,
      namespace,
      metricName,
      dimensions: Object.fromEntries(dimensions.flatMap((name, index) => index % 2 === 0 ? [[name, dimensions[index + 1]]] : [])),
      statistic: stat ?? 'Average', // as CloudWatch takes it
      unit,
      region: own ?? region,
    };
  })));

/** What the metric filters of the templates count. */
const COUNTED: DocumentedMetric[] = inStacks('AWS::Logs::MetricFilter').flatMap(({ MetricTransformations }) => MetricTransformations)
  .map(({ MetricNamespace, MetricName, Dimensions = [], Unit }: any) => ({
    namespace: MetricNamespace, metricName: MetricName, dimensions: [Dimensions.map(({ Key }: any) => Key).sort()], statistics: ['Sum'], unit: Unit,
  }));

const REGIONS: Record<string, string> = { source: LONDON, destination: IRELAND };

/** What of a metric is other than documented. */
function problemsOf({ where, namespace, metricName, dimensions, statistic, unit, region }: Used): string[] {
  const documented = [...DOCUMENTED_METRICS, ...COUNTED].filter((metric) => metric.namespace === namespace && metric.metricName === metricName);
  if (documented.length === 0) {
    return [`${where}: there is no metric ${metricName} in ${namespace}`];
  }
  const [{ statistics, unit: its, region: place = region }] = documented;
  const names = Object.keys(dimensions).sort().join(', ');
  const problem = (is: boolean, what: string) => is ? [] : [`${where}: ${metricName} has no ${what}`];
  return [
    ...problem(documented.some((metric) => metric.dimensions.some((set) => set.join(', ') === names)), `values by ${names || 'nothing'}`),
    ...problem(statistics.includes(statistic), `use for the statistic ${statistic}`),
    ...problem(unit === undefined || unit === its, `values in ${unit}`),
    ...problem((REGIONS[place] ?? place) === region, `values in ${region}`),
  ];
}

test('every metric of an alarm is documented so: its name, its dimensions together, its statistic, its unit if there is one, and its region', () => {
  expect(ON_ALARMS.flatMap(problemsOf)).toEqual([]);
});

test('every metric of a graph is documented so as well', () => {
  expect(ON_GRAPHS.flatMap(problemsOf)).toEqual([]);
});

const namesOf = (all: Used[]) => [...new Set(all.map(({ namespace, metricName, dimensions }) => [namespace, metricName, ...Object.keys(dimensions).sort()].join(' ')))].sort();

test('alarms look at these', () => {
  const byJobs = (bus: string, dimensions: string) => ['Aborted', 'Expired', 'Failed', 'Partial'].map((state) => `CdkBackupDr/${bus} NumberOfBackupJobs${state}${dimensions}`);

  expect(namesOf(ON_ALARMS)).toEqual([
    ...['Aborted', 'Expired', 'Failed', 'Partial'].map((state) => `AWS/Backup NumberOfBackupJobs${state} BackupVaultName`),
    ...['Backup', 'Copy'].flatMap((what) => ['', ' ResourceType'].map((type) => `AWS/Backup NumberOf${what}JobsCompleted BackupVaultName${type}`)),
    'AWS/Backup NumberOfCopyJobsFailed BackupVaultName',
    'AWS/Backup NumberOfRecoveryPointsExpired BackupVaultName',
    'AWS/Backup NumberOfRecoveryPointsPartial BackupVaultName',
    'AWS/Backup NumberOfRestoreJobsFailed BackupVaultName',
    ...['InvocationsFailedToBeSentToDlq', 'TriggeredRules'].flatMap((name) => ['EventBusName RuleName', 'RuleName'].map((rule) => `AWS/Events ${name} ${rule}`)),
    ...['BytesPending', 'OperationsFailed', 'OperationsPending'].map((what) => `AWS/S3 ${what}Replication DestinationBucket RuleId SourceBucket`),
    'AWS/S3 ReplicationLatency DestinationBucket RuleId SourceBucket',
    'AWS/SQS ApproximateNumberOfMessagesVisible QueueName',
    ...byJobs('backups', ' Account BackupVaultName'),
    'CdkBackupDr/backups NumberOfBackupJobsCompleted Account BackupVaultName',
    'CdkBackupDr/backups NumberOfCopyJobsCompleted Account DestinationBackupVaultArn', 'CdkBackupDr/backups NumberOfCopyJobsFailed DestinationBackupVaultArn',
    'CdkBackupDr/backups NumberOfRestoreJobsFailed Account',
    ...byJobs('together', ''),
    'CdkBackupDr/together NumberOfCopyJobsFailed',
    'CdkBackupDr/together NumberOfRestoreJobsFailed',
  ].sort());
});

test('graphs look at these, with central monitoring and without', () => {
  const states = ['Aborted', 'Completed', 'Expired', 'Failed', 'Partial'];
  const ages = ['', ' ResourceType'].flatMap((type) => [
    `AWS/Backup NumberOfBackupJobsCompleted BackupVaultName${type}`, `AWS/Backup NumberOfCopyJobsCompleted BackupVaultName${type}`,
    `CdkBackupDr/backups NumberOfBackupJobsCompleted Account BackupVaultName${type}`, `CdkBackupDr/backups NumberOfCopyJobsCompleted Account DestinationBackupVaultArn${type}`,
  ]);

  expect(namesOf(ON_GRAPHS)).toEqual([...new Set([
    ...ages,
    ...states.map((state) => `AWS/Backup NumberOfBackupJobs${state} BackupVaultName`),
    ...['Copy', 'Restore'].flatMap((what) => ['Completed', 'Failed'].map((state) => `AWS/Backup NumberOf${what}Jobs${state} BackupVaultName`)),
    ...states.map((state) => `CdkBackupDr/backups NumberOfBackupJobs${state}`),
    ...['Copy', 'Restore'].flatMap((what) => ['Completed', 'Failed'].map((state) => `CdkBackupDr/backups NumberOf${what}Jobs${state}`)),
    ...['BytesPending', 'OperationsFailed', 'OperationsPending'].map((what) => `AWS/S3 ${what}Replication DestinationBucket RuleId SourceBucket`),
    'AWS/S3 ReplicationLatency DestinationBucket RuleId SourceBucket',
    'AWS/Billing EstimatedCharges Currency ServiceName',
  ])].sort());
});

test('a metric of a rule names its bus, unless that is the default one', () => {
  const rules = inStacks('AWS::Events::Rule');
  const busOf = (rule: any) => rule.EventBusName && rule.template.Resources[rule.EventBusName.Ref].Properties.Name;
  const named = inStacks('AWS::CloudWatch::Alarm').filter(({ Namespace }) => Namespace === 'AWS/Events').map(({ template, Dimensions }) => {
    const { RuleName, EventBusName } = Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value]));
    const [rule] = rules.filter((each) => each.template === template && each.Name === RuleName);
    return [RuleName, EventBusName && template.Resources[EventBusName.Ref].Properties.Name, rule && busOf(rule)];
  });

  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(([, says, is]) => says !== is)).toEqual([]);
});

test('what the metric filters count is a count', () => {
  expect([...new Set(COUNTED.map(({ unit }) => unit))]).toEqual(['Count']);
});

test.each<[string, Partial<Used>, string]>([
  ['a name that is one letter off', { metricName: 'ReplicationLatencies' }, 'there is no metric ReplicationLatencies in AWS/S3'],
  ['a namespace that is one letter off', { namespace: 'AWS/s3' }, 'there is no metric ReplicationLatency in AWS/s3'],
  ['a dimension less', { dimensions: { SourceBucket: 'uploads', RuleId: 'to-replica' } }, 'ReplicationLatency has no values by RuleId, SourceBucket'],
  ['no dimension', { dimensions: {} }, 'ReplicationLatency has no values by nothing'],
  ['another statistic', { statistic: 'Sum' }, 'ReplicationLatency has no use for the statistic Sum'],
  ['another unit', { unit: 'Minutes' }, 'ReplicationLatency has no values in Minutes'],
  ['the region of the other bucket', { region: LONDON }, 'ReplicationLatency has no values in eu-west-2'],
])('%s would be found', (_, wrong, problem) => {
  const [right] = ON_ALARMS.filter(({ metricName }) => metricName === 'ReplicationLatency');

  expect(problemsOf({ ...right, where: 'here', ...wrong })).toEqual([`here: ${problem}`]);
});
