import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BackupCopy, BackupDashboard, CentralMonitoring, FailureScope, RecoveryObjective, ReplicatedBackupVault, ReplicatedBucket } from '../../src';
import type { BackupDashboardProps } from '../../src';
import { Setup, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const OBJECTIVES = [
  new RecoveryObjective({ name: 'Table lost', rto: Duration.hours(4), rpo: Duration.hours(36) }),
  new RecoveryObjective({ name: 'Account lost', rto: Duration.hours(8), rpo: Duration.hours(48), survives: FailureScope.ACCOUNT }),
];

const UPLOADS_LOST = new RecoveryObjective({ name: 'Uploads lost', rto: Duration.hours(2), rpo: Duration.hours(24), survives: FailureScope.REGION });

interface Widget {
  readonly type: string;
  readonly properties: any;
}

/** A dashboard of the log archive account, on a plan and a bucket of the infrastructure account that are defined later. */
function widgetsOf(isCentral: boolean, props: BackupDashboardProps = {}): Widget[] {
  const setup = new Setup();
  const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Monitoring');
  const centralMonitoring = isCentral ? new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups' }) : undefined;
  new BackupDashboard(stack, 'Dashboard', { centralMonitoring, ...props });
  const central = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
  setup.selecting(TABLES(), { copyTo: [BackupCopy.to(central)], objectives: OBJECTIVES });
  new ReplicatedBucket(setup.stack, 'Bucket', { bucketName: 'uploads', replicaRegion: IRELAND, objectives: [UPLOADS_LOST] });

  return shownIn(stack);
}

function shownIn(stack: Stack): Widget[] {
  const [{ Properties: { DashboardBody } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const text = typeof DashboardBody === 'string' ? DashboardBody : DashboardBody['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'reference').join('');
  const { widgets, ...rest } = JSON.parse(text);
  expect(rest).toEqual({ start: '-P7D', periodOverride: 'inherit' }); // the age of what is older could not be seen
  return widgets;
}

const titled = (widgets: Widget[], title: RegExp) => widgets.filter(({ properties }) => title.test(properties.title ?? ''));

/** Namespace, name and dimensions of the metrics of a graph, and where they are from. */
const metricsOf = ({ properties }: Widget): [string, any][] => properties.metrics.filter((metric: unknown[]) => metric.length > 1)
  .map((metric: any[]) => [metric.slice(0, -1).join(' '), metric.at(-1)]);

test('jobs are counted by their state, from the events of all accounts', () => {
  const widgets = widgetsOf(true);
  const counts = titled(widgets, / jobs$/).map((widget) => [widget.properties.title, ...metricsOf(widget).map(([name]) => name)]);

  expect(counts).toEqual([
    ['Backup jobs', ...['Completed', 'Failed', 'Expired', 'Aborted'].map((state) => `CdkBackupDr NumberOfBackupJobs${state}`)],
    ['Copy jobs', 'CdkBackupDr NumberOfCopyJobsCompleted', 'CdkBackupDr NumberOfCopyJobsFailed'],
    ['Restore jobs', 'CdkBackupDr NumberOfRestoreJobsCompleted', 'CdkBackupDr NumberOfRestoreJobsFailed'],
  ]);
});

test('without central monitoring, jobs are counted by AWS Backup, in the account and region of the plan', () => {
  const widgets = widgetsOf(false);
  const [backups] = titled(widgets, /^Backup jobs$/).map(metricsOf);
  const [copies] = titled(widgets, /^Copy jobs$/).map(metricsOf);

  expect(backups[0]).toEqual(['AWS/Backup NumberOfBackupJobsCompleted BackupVaultName local', expect.objectContaining({ accountId: INFRASTRUCTURE, region: LONDON })]);
  const [restores] = titled(widgets, /^Restore jobs$/).map(metricsOf);
  expect(restores.map(([name]) => name)).toEqual(['Completed', 'Failed'].map((state) => `AWS/Backup NumberOfRestoreJobs${state} BackupVaultName local`));
  expect(backups.map(([, { period }]) => period)).toEqual(Array(4).fill(3600));
  expect(copies[0]).toEqual(['AWS/Backup NumberOfCopyJobsCompleted BackupVaultName central', expect.objectContaining({ accountId: INFRASTRUCTURE, region: LONDON })]);
});

test('the age of the newest recovery point is shown for each vault and resource type, against the objectives that it serves', () => {
  const [backup, copy] = titled(widgetsOf(true), /^Hours since/);

  expect(backup.properties.title).toBe('Hours since a backup into local (222222222222, eu-west-2)');
  expect(metricsOf(backup).map(([name]) => name)).toEqual(['CdkBackupDr NumberOfBackupJobsCompleted Account 222222222222 BackupVaultName local ResourceType DynamoDB']);
  expect(backup.properties.annotations.horizontal).toMatchObject([{ label: 'RPO of Table lost', value: 36 }]);
  expect(copy.properties.title).toBe('Hours since a copy into central (333333333333, eu-west-2)');
  expect(metricsOf(copy).map(([name]) => name))
    .toEqual(['CdkBackupDr NumberOfCopyJobsCompleted DestinationBackupVaultArn arn:aws:backup:eu-west-2:333333333333:backup-vault:central ResourceType DynamoDB']);
  expect(copy.properties.annotations.horizontal).toMatchObject([{ label: 'RPO of Table lost', value: 36 }, { label: 'RPO of Account lost', value: 48 }]);
});

test('objectives on the loss of a region or an account are served by copies elsewhere alone', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const central = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
  const objectives = [FailureScope.REGION, FailureScope.ACCOUNT].map((survives) => new RecoveryObjective({
    name: survives, rto: Duration.hours(8), rpo: Duration.hours(60), survives,
  }));
  setup.selecting(TABLES(), { copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(central)], objectives });
  const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Monitoring');
  new BackupDashboard(stack, 'Dashboard');

  expect(titled(shownIn(stack), /^Hours since/).map(({ properties: { title, annotations } }) => [title.split(' (')[0], ...(annotations?.horizontal ?? []).map(({ label }: any) => label)])).toEqual([
    ['Hours since a backup into local'], ['Hours since a copy into local-replica', 'RPO of REGION'], ['Hours since a copy into central', 'RPO of ACCOUNT'],
  ]);
});

test('the age is counted from the last value that is not zero, and there is none before the first', () => {
  const [backup] = titled(widgetsOf(true), /^Hours since a backup/);
  const expressions = Object.fromEntries(backup.properties.metrics.filter((metric: any[]) => metric.length === 1)
    .map(([{ id = 'shown', expression, visible = true }]: any[]) => [id, [expression, visible]]));

  expect(expressions).toEqual({
    d0: ['FILL(m0, 0)', false],
    t0: ['FILL(IF(d0, EPOCH(d0)), REPEAT)', false],
    shown: ['IF(t0, (EPOCH(d0) - t0) / 3600)', true],
  });
});

test('restore times stand beside the objectives', () => {
  const [restores] = titled(widgetsOf(true), /^Restore jobs in minutes/);

  expect(restores.properties.title).toBe('Restore jobs in minutes (RTO: Table lost 240, Account lost 480, Uploads lost 120)');
  expect(restores.properties.query).toContain('stats (max(ms) - min(ms)) / 60000 as minutes, ');
  expect(restores.properties.query).toMatch(/^SOURCE '\/aws\/events\/backups' \| fields toMillis\(@timestamp\) as ms\n\| filter `detail-type` = "Restore Job State Change"/);
});

test('the replication of each bucket is shown, latency and backlog from the region of the replica, failures from that of the bucket', () => {
  const widgets = widgetsOf(true).filter(({ properties }) => JSON.stringify(properties).includes('AWS/S3'));
  const dimensions = 'DestinationBucket uploads-replica RuleId to-replica SourceBucket uploads';

  expect(widgets.flatMap(metricsOf)).toEqual([
    [`AWS/S3 ReplicationLatency ${dimensions}`, expect.objectContaining({ accountId: INFRASTRUCTURE, region: IRELAND, stat: 'Maximum' })],
    [`AWS/S3 BytesPendingReplication ${dimensions}`, expect.objectContaining({ region: IRELAND })],
    [`AWS/S3 OperationsPendingReplication ${dimensions}`, expect.objectContaining({ region: IRELAND })],
    [`AWS/S3 OperationsFailedReplication ${dimensions}`, expect.objectContaining({ region: LONDON, stat: 'Sum' })],
  ]);
  expect(widgets[0].properties.annotations.horizontal).toMatchObject([{ value: 900 }]);
  expect(widgets.map(({ properties: { region } }) => region)).toEqual(Array(4).fill(IRELAND));
});

test('costs are those of the account that is billed, in the region that has them', () => {
  const [costs] = titled(widgetsOf(true, { billingAccount: '111111111111' }), /^Costs/);

  expect(metricsOf(costs).map(([name, { accountId, region }]) => [name, accountId, region])).toEqual(['AWSBackup', 'AmazonS3', 'AWSDataTransfer']
    .map((service) => [`AWS/Billing EstimatedCharges Currency USD ServiceName ${service}`, '111111111111', 'us-east-1']));
});

test('alarms are shown, those of central monitoring by default', () => {
  const alarmsOf = (widgets: Widget[]) => widgets.filter(({ type }) => type === 'alarm').map(({ properties }) => properties.alarms.length);

  expect(alarmsOf(widgetsOf(true))).toEqual([13]); // one on the health of backups
  expect(alarmsOf(widgetsOf(false))).toEqual([]);
});

test('costs are left out in partitions that have neither the region nor the currency', () => {
  const bodyIn = (region: string) => {
    const stack = stackIn(LOG_ARCHIVE, region);
    new BackupDashboard(stack, 'Dashboard');
    return JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  };

  expect([LONDON, 'cn-north-1', 'us-gov-west-1'].map((region) => /EstimatedCharges/.test(bodyIn(region)))).toEqual([true, false, false]);
});

test('objectives are listed, whatever they are of', () => {
  const [{ properties: { markdown } }] = widgetsOf(true);

  expect(markdown).toContain('| Table lost | RESOURCE | 36 hours | 4 hours |\n| Account lost | ACCOUNT | 2 days | 8 hours |\n| Uploads lost | REGION | 24 hours | 2 hours |');
});

test('no widget covers another one', () => {
  const widgets = widgetsOf(true) as unknown as { x: number; y: number; width: number; height: number }[];
  const overlaps = widgets.flatMap((one, index) => widgets.slice(index + 1).filter((other) =>
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height));

  expect(overlaps).toEqual([]);
});

test('an app without plans and buckets has a dashboard as well', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const { dashboardName } = new BackupDashboard(stack, 'Dashboard');

  expect(dashboardName).toMatch(/^Backup-Dashboard-[0-9a-f]{8}$/);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

test('all problems are in one error', () => {
  const elsewhere = stackIn(INFRASTRUCTURE, IRELAND);
  const centralMonitoring = new CentralMonitoring(elsewhere, 'Central', { organizationId: 'o-exampleorg12' });

  expect(() => new BackupDashboard(stackIn(LOG_ARCHIVE, LONDON), 'Dashboard', {
    dashboardName: 'of backups', centralMonitoring, alarms: centralMonitoring.alarms.slice(0, 1), billingAccount: 'acme',
  })).toThrow([
    "invalid BackupDashboardProps at 'Backup/Dashboard':",
    "- 'dashboardName' must be 1 to 255 letters, digits, hyphens and underscores, got 'of backups'",
    "- 'centralMonitoring' must be in the account and region of the dashboard (account 333333333333, region eu-west-2), got account 222222222222, region eu-west-1",
    "- 'alarms' must be in the account and region of the dashboard (account 333333333333, region eu-west-2), got 'Backup/Central/event-not-delivered' in account 222222222222, region eu-west-1",
    "- 'billingAccount' must be 12 digits, got 'acme'",
  ].join('\n'));
});

test('a name has 1 to 255 characters', () => {
  const named = (length: number) => () => new BackupDashboard(stackIn(LOG_ARCHIVE, LONDON), 'Dashboard', { dashboardName: 'x'.repeat(length) });

  [1, 255].forEach((length) => expect(named(length)).not.toThrow());
  [0, 256].forEach((length) => expect(named(length)).toThrow("'dashboardName' must be 1 to 255"));
});

test('refuses the name of another dashboard of the account, which it would overwrite, in whatever region', () => {
  const app = new App();
  const named = (account: string, region: string, id: string) => () => new BackupDashboard(stackIn(account, region, app, id), 'Dashboard', { dashboardName: 'backups' });
  named(LOG_ARCHIVE, LONDON, 'First')();

  expect(named(LOG_ARCHIVE, IRELAND, 'Second')).toThrow("dashboard 'backups' in account 333333333333 is that of 'First/Dashboard': give this one another 'dashboardName'");
  expect(named(INFRASTRUCTURE, LONDON, 'Third')).not.toThrow();
});

test('a stack without an account and a region has a dashboard of its own region', () => {
  const stack = new Stack(undefined, 'Anywhere');
  new BackupDashboard(stack, 'Dashboard');

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('EstimatedCharges');
});
