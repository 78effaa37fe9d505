import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { metricsOf, shownIn, titled } from './dashboard';
import type { Widget } from './dashboard';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import type { BackupDashboardProps } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { BackupCopy } from '../../src/plan/backup-copy';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { Setup, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const OBJECTIVES = [
  new RecoveryObjective({ name: 'Table lost', rto: Duration.hours(4), rpo: Duration.hours(36) }),
  new RecoveryObjective({ name: 'Account lost', rto: Duration.hours(8), rpo: Duration.hours(48), survives: FailureScope.ACCOUNT }),
];

const UPLOADS_LOST = new RecoveryObjective({ name: 'Uploads lost', rto: Duration.hours(2), rpo: Duration.hours(24), survives: FailureScope.REGION });

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

test('jobs are counted by their state, from the events of all accounts', () => {
  const widgets = widgetsOf(true);
  const counts = titled(widgets, / jobs$/).map((widget) => [widget.properties.title, ...metricsOf(widget).map(([name]) => name)]);

  expect(counts).toEqual([
    ['Backup jobs', ...['Completed', 'Failed', 'Expired', 'Aborted', 'Partial'].map((state) => `CdkBackupDr/backups NumberOfBackupJobs${state}`)],
    ['Copy jobs', 'CdkBackupDr/backups NumberOfCopyJobsCompleted', 'CdkBackupDr/backups NumberOfCopyJobsFailed'],
    ['Restore jobs', 'CdkBackupDr/backups NumberOfRestoreJobsCompleted', 'CdkBackupDr/backups NumberOfRestoreJobsFailed'],
  ]);
});

test('without central monitoring, jobs are counted by AWS Backup, in the account and region of the plan', () => {
  const widgets = widgetsOf(false);
  const [backups] = titled(widgets, /^Backup jobs$/).map(metricsOf);
  const [copies] = titled(widgets, /^Copy jobs$/).map(metricsOf);

  expect(backups[0]).toEqual(['AWS/Backup NumberOfBackupJobsCompleted BackupVaultName local', expect.objectContaining({ accountId: INFRASTRUCTURE, region: LONDON })]);
  const [restores] = titled(widgets, /^Restore jobs$/).map(metricsOf);
  expect(restores.map(([name]) => name)).toEqual(['Completed', 'Failed'].map((state) => `AWS/Backup NumberOfRestoreJobs${state} BackupVaultName local`));
  expect(backups.map(([, { period }]) => period)).toEqual(Array(5).fill(3600));
  expect(copies[0]).toEqual(['AWS/Backup NumberOfCopyJobsCompleted BackupVaultName central', expect.objectContaining({ accountId: INFRASTRUCTURE, region: LONDON })]);
});

test('a graph that would have no metric, which CloudWatch refuses, is left out', () => {
  const setup = new Setup();
  setup.selecting(); // it copies nothing
  new BackupDashboard(setup.stack, 'Dashboard');

  expect(titled(shownIn(setup.stack), / jobs$/).map(({ properties }) => properties.title)).toEqual(['Backup jobs', 'Restore jobs']);
});

test('the age of the newest recovery point is shown for each vault and resource type, against the objectives that it serves', () => {
  const [backup, copy] = titled(widgetsOf(true), /^Hours since/);

  expect(backup.properties.title).toBe('Hours since a backup into local (222222222222, eu-west-2)');
  expect(metricsOf(backup).map(([name]) => name)).toEqual(['CdkBackupDr/backups NumberOfBackupJobsCompleted Account 222222222222 BackupVaultName local ResourceType DynamoDB']);
  expect(backup.properties.annotations.horizontal).toMatchObject([{ label: 'RPO of Table lost', value: 36 }]);
  expect(copy.properties.title).toBe('Hours since a copy into central (333333333333, eu-west-2)');
  expect(metricsOf(copy).map(([name]) => name))
    .toEqual(['CdkBackupDr/backups NumberOfCopyJobsCompleted Account 222222222222 DestinationBackupVaultArn arn:aws:backup:eu-west-2:333333333333:backup-vault:central ResourceType DynamoDB']);
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
  expect(restores.properties.query).toMatch(/ by detail\.restoreJobId\n\| sort minutes desc$/); // what took longest is what the objective is compared with
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

test('the graphs of replication are two beside each other, wide enough for the names of buckets', () => {
  const widgets = widgetsOf(true).filter(({ properties }) => JSON.stringify(properties).includes('AWS/S3'));

  expect(widgets.map(({ x, y, width }) => [x, y - widgets[0].y, width])).toEqual([[0, 0, 12], [12, 0, 12], [0, 6, 12], [12, 6, 12]]);
});

test('costs are those of the account that is billed, in the region that has them', () => {
  const [costs] = titled(widgetsOf(true, { billingAccount: '111111111111' }), /^Costs/);

  expect(metricsOf(costs).map(([name, { accountId, region }]) => [name, accountId, region])).toEqual(['AWSBackup', 'AmazonS3', 'AWSDataTransfer']
    .map((service) => [`AWS/Billing EstimatedCharges Currency USD ServiceName ${service}`, '111111111111', 'us-east-1']));
});

test('without alarms of its own it shows those of central monitoring, and the one on all of them', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const centralMonitoring = new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12' });
  new BackupDashboard(stack, 'Dashboard', { centralMonitoring });
  const [{ properties }] = titled(shownIn(stack), /^Alarms$/);

  expect(properties.alarms).toHaveLength(1 + centralMonitoring.alarms.length);
});

test('without central monitoring it shows the alarms that it is given', () => {
  const setup = new Setup();
  const { alarms } = new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault] });
  setup.selecting();
  new BackupDashboard(setup.stack, 'Dashboard', { alarms });

  expect(titled(shownIn(setup.stack), /^Alarms$/)[0].properties.alarms).toHaveLength(alarms.length);
});

test('without both it shows no alarms, since CloudWatch refuses a widget of none', () => {
  expect(widgetsOf(false).filter(({ type }) => type === 'alarm')).toEqual([]);
});

test('alarms stand in widgets of 100 each, as many as CloudWatch takes', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const alarms = Array.from({ length: 150 }, (_, index) => Alarm.fromAlarmArn(stack, `Alarm${index}`, `arn:aws:cloudwatch:eu-west-2:333333333333:alarm:${index}`));
  new BackupDashboard(stack, 'Dashboard', { alarms });

  expect(shownIn(stack).filter(({ type }) => type === 'alarm').map(({ properties }) => [properties.title, properties.alarms.length, properties.alarms[0]])).toEqual([
    ['Alarms', 100, 'arn:aws:cloudwatch:eu-west-2:333333333333:alarm:0'],
    ['Alarms (101 to 150)', 50, 'arn:aws:cloudwatch:eu-west-2:333333333333:alarm:100'],
  ]);
});

test('costs are left out in partitions that have neither the region nor the currency', () => {
  const bodyIn = (region: string) => {
    const stack = stackIn(LOG_ARCHIVE, region);
    new BackupDashboard(stack, 'Dashboard');
    return JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  };

  expect([LONDON, 'cn-north-1', 'us-gov-west-1'].map((region) => /EstimatedCharges/.test(bodyIn(region)))).toEqual([true, false, false]);
});

test('the heading names the dashboard, and each line below it is a paragraph', () => {
  const [{ properties: { markdown } }] = widgetsOf(false, { dashboardName: 'acme-prod-backups' });

  expect(markdown.split('\n\n').slice(0, 3)).toEqual([
    '# Backups: acme-prod-backups',
    expect.stringMatching(/^\[What to do about an alarm\]\(https:\S+\)$/),
    'AWS Backup counts jobs in the account and region in which they run.',
  ]);
});

test('a table begins after a blank line, without which it would be text', () => {
  const [{ properties: { markdown } }] = widgetsOf(true);

  expect(markdown).toContain('forward.\n\n| objective | survives the loss of the | RPO | RTO |\n|---|---|---|---|\n| Table lost |');
});

test('the headline is as high as its table', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new BackupDashboard(stack, 'Dashboard');

  expect([shownIn(stack)[0].height, widgetsOf(true)[0].height]).toEqual([3, 6]); // without objectives, and with three
});

test('objectives are listed, whatever they are of', () => {
  const [{ properties: { markdown } }] = widgetsOf(true);

  expect(markdown).toContain('| Table lost | RESOURCE | 36 hours | 4 hours |\n| Account lost | ACCOUNT | 2 days | 8 hours |\n| Uploads lost | REGION | 24 hours | 2 hours |');
});

test('no widget covers another one', () => {
  const widgets = widgetsOf(true);
  const overlaps = widgets.flatMap((one, index) => widgets.slice(index + 1).filter((other) =>
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height));

  expect(overlaps).toEqual([]);
});

test('an app without plans and buckets has a dashboard as well', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const { dashboardName } = new BackupDashboard(stack, 'Dashboard');

  expect(dashboardName).toMatch(/^Backup-Dashboard-[0-9a-f]{8}-eu-west-2$/);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

test('all problems are in one error', () => {
  const elsewhere = stackIn(INFRASTRUCTURE, IRELAND);
  const centralMonitoring = new CentralMonitoring(elsewhere, 'Central', { organizationId: 'o-exampleorg12' });

  expect(() => new BackupDashboard(stackIn(LOG_ARCHIVE, LONDON), 'Dashboard', {
    dashboardName: 'of backups', centralMonitoring, alarms: centralMonitoring.alarms.slice(0, 1), billingAccount: 'acme',
  })).toThrow([
    "invalid BackupDashboardProps at 'Backup/Dashboard':",
    "- 'dashboardName' (dashboard_name) must be 1 to 255 letters, digits, hyphens and underscores, got 'of backups'",
    "- 'centralMonitoring' (central_monitoring) must be in the account and region of the dashboard (account 333333333333, region eu-west-2), got account 222222222222, region eu-west-1",
    "- 'alarms' must be in the account and region of the dashboard (account 333333333333, region eu-west-2), got 'Backup/Central/event-not-delivered' in account 222222222222, region eu-west-1",
    "- 'billingAccount' (billing_account) must be 12 digits, got 'acme'",
  ].join('\n'));
});

test('a name has 1 to 255 characters', () => {
  const named = (length: number) => () => new BackupDashboard(stackIn(LOG_ARCHIVE, LONDON), 'Dashboard', { dashboardName: 'x'.repeat(length) });

  [1, 255].forEach((length) => expect(named(length)).not.toThrow());
  [0, 256].forEach((length) => expect(named(length)).toThrow("'dashboardName' (dashboard_name) must be 1 to 255"));
});

test('refuses the name of another dashboard of the account, which it would overwrite, in whatever region', () => {
  const app = new App();
  const named = (account: string, region: string, id: string) => () => new BackupDashboard(stackIn(account, region, app, id), 'Dashboard', { dashboardName: 'backups' });
  named(LOG_ARCHIVE, LONDON, 'First')();

  expect(named(LOG_ARCHIVE, IRELAND, 'Second')).toThrow("dashboard 'backups' in account 333333333333 is already defined by 'First/Dashboard': set another 'dashboardName' (dashboard_name) for this one");
  expect(named(INFRASTRUCTURE, LONDON, 'Third')).not.toThrow();
});

test('a stack without an account and a region has a dashboard of its own region', () => {
  const stack = new Stack(undefined, 'Anywhere');
  new BackupDashboard(stack, 'Dashboard');

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('EstimatedCharges');
});
