import { CfnParameter, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { newApp, PLACE, protectedStack, reportIn, tableIn } from './apps';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { CostAssumptions } from '../../src/costs/cost-assumptions';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { LogSource } from '../../src/logs/log-source';
import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { WeekDay } from '../../src/schedules/week-day';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE } from '../stacks';

const days = (amount: number) => Duration.days(amount);
const costsOf = (app: App) => reportIn(app).costs;
const linesOf = (app: App) => costsOf(app).lines
  .map(({ what, region, quantity, usdPerUnit, usdPerMonth }) => [what, region, quantity, usdPerUnit, usdPerMonth]);
const reasonsOf = (app: App) => costsOf(app).notPriced.map(({ what, region, reason, of }) => [what, region, reason, of]);

const HUNDRED = { dataPerResource: Size.gibibytes(100), dailyChange: 5 };
const NO_PRICE = 'The price table has no price for it in this Region.';

function stackIn(app: App, region: string = PLACE.region, id = 'Stack'): Stack {
  return new Stack(app, id, { env: { account: INFRASTRUCTURE, region } });
}

/** A plan without copies. */
function planOf(stack: Stack, tiers: BackupTier[], ...targets: BackupTarget[]): TieredBackupPlan {
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers });
  if (targets.length > 0) {
    plan.addSelection('Selection', { resources: targets });
  }
  return plan;
}

function fileSystemIn(stack: Stack): BackupTarget {
  return BackupTarget.fromConstruct(new efs.CfnFileSystem(stack, 'Files'));
}

test('a table of 100 GB, daily for 35 days with a copy in another Region, costs what its recovery points, their transfer and two keys cost', () => {
  const app = newApp();
  new CostAssumptions(protectedStack(app), 'Costs', HUNDRED);

  expect(costsOf(app).lines).toContainEqual({
    what: 'DynamoDB recovery points in warm storage',
    of: 'Orders/Plan',
    account: '222222222222',
    region: 'eu-west-1',
    quantity: 3500,
    unit: 'GB',
    usdPerUnit: 0.11,
    usdPerMonth: 385,
    isAssumed: false,
  });
  expect(linesOf(app)).toEqual([
    // A full backup of 100 GB a day, in 365 / 12 days.
    ['DynamoDB copies, transfer to eu-west-1', 'eu-west-2', 3041.67, 0.04, 121.67],
    // 35 full backups of 100 GB.
    ['DynamoDB recovery points in warm storage', 'eu-west-1', 3500, 0.11, 385],
    ['DynamoDB recovery points in warm storage', 'eu-west-2', 3500, 0.11886, 416.01],
    ['KMS keys', 'eu-west-1', 1, 1, 1],
    ['KMS keys', 'eu-west-2', 1, 1, 1],
  ]);
  expect(costsOf(app)).toMatchObject({
    currency: 'USD', pricesOf: '2025-06-18', usdPerMonth: 924.68, largest: { what: 'DynamoDB recovery points in warm storage', usdPerMonth: 801.01 }, notPriced: [],
  });
});

test('a recovery point that moves to cold storage costs less from then on', () => {
  const app = newApp();
  const stack = stackIn(app, 'us-east-1');
  new CostAssumptions(stack, 'Costs', HUNDRED);
  planOf(stack, [BackupTier.daily({ deleteAfter: days(100), moveToColdStorageAfter: days(10) })], BackupTarget.fromDynamoDbTable(tableIn(stack, 'Table')));

  expect(linesOf(app)).toEqual(expect.arrayContaining([
    ['DynamoDB recovery points in cold storage', 'us-east-1', 9000, 0.03, 270], ['DynamoDB recovery points in warm storage', 'us-east-1', 1000, 0.1, 100],
  ]));
});

test('incremental recovery points store the data once, and what changes in a day for each further day', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', HUNDRED);
  planOf(stack, [BackupTier.daily({ deleteAfter: days(35) })], fileSystemIn(stack));

  // 100 GB, and 5 GB for each of 34 days.
  expect(linesOf(app)).toContainEqual(['EFS recovery points in warm storage', 'eu-west-2', 270, 0.06, 16.2]);
});

test('what changes in the weeks between two incremental recovery points is at most all data', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', { dataPerResource: Size.gibibytes(100), dailyChange: 50 });
  planOf(stack, [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: days(70) })], fileSystemIn(stack));

  // The data in each of ten weeks, and not 50 GB for each day.
  expect(linesOf(app)).toContainEqual(['EFS recovery points in warm storage', 'eu-west-2', 1000, 0.06, 60]);
});

test('after the most frequent tier is deleted, changes are those between the recovery points of the next one', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', { dataPerResource: Size.gibibytes(100), dailyChange: 50 });
  planOf(stack, [
    BackupTier.daily({ hour: 1, deleteAfter: days(10) }), BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: days(70) }),
  ], fileSystemIn(stack));

  // 100 GB and 50 GB for each of 9 days, then all 100 GB for each week of 60 days.
  expect(linesOf(app)).toContainEqual(['EFS recovery points in warm storage', 'eu-west-2', 1407.14, 0.06, 84.43]);
});

test('a copy into another account of the Region is stored, and not transferred', () => {
  const app = newApp();
  const stack = stackIn(app);
  const archive = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Archive', { backupVaultName: 'archive', account: LOG_ARCHIVE, region: PLACE.region });
  protectedStack(app, { copyTo: [BackupCopy.to(archive)], objectives: [] });

  expect(costsOf(app).lines.filter(({ of }) => of !== '').map(({ what, account, region }) => [what, account, region])).toEqual([
    ['DynamoDB recovery points in warm storage', '222222222222', 'eu-west-2'], ['DynamoDB recovery points in warm storage', '333333333333', 'eu-west-2'],
  ]);
});

test('of tiers in one vault, changes are stored once, and in cold storage when nothing warm needs them', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', { dataPerResource: Size.gibibytes(100), dailyChange: 1 });
  planOf(stack, [
    BackupTier.daily({ hour: 1, deleteAfter: days(31) }),
    BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: days(131), moveToColdStorageAfter: days(31) }),
  ], fileSystemIn(stack));

  // 100 GB and 1 GB for each of 30 days, then 1 GB for each of 100 days.
  expect(linesOf(app)).toEqual(expect.arrayContaining([
    ['EFS recovery points in cold storage', 'eu-west-2', 100, 0.012, 1.2], ['EFS recovery points in warm storage', 'eu-west-2', 130, 0.06, 7.8],
  ]));
});

test('snapshots of Aurora are full, and its continuous backup is not', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', HUNDRED);
  const cluster = new rds.CfnDBCluster(stack, 'Cluster', { engine: 'aurora-postgresql' });
  const continuous = BackupTier.continuous({ hour: 21, deleteAfter: days(11) });
  planOf(stack, [continuous, BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 8, deleteAfter: days(70) })], BackupTarget.fromConstruct(cluster));

  // 100 GB and 5 GB for each of 10 days; ten times 100 GB.
  expect(linesOf(app)).toContainEqual(['Aurora recovery points in warm storage', 'eu-west-2', 1150, 0.022, 25.3]);
});

test('a monthly tier makes 12 recovery points in a year', () => {
  const app = newApp();
  const stack = stackIn(app, 'us-east-1');
  new CostAssumptions(stack, 'Costs', HUNDRED);
  planOf(stack, [BackupTier.monthly({ day: 1, deleteAfter: days(1461) })], BackupTarget.fromDynamoDbTable(tableIn(stack, 'Table')));

  expect(linesOf(app)).toContainEqual(['DynamoDB recovery points in warm storage', 'us-east-1', 4800, 0.1, 480]);
});

test('a tier in a time zone runs once a day, though a day can have 25 hours', () => {
  const app = newApp();
  const stack = stackIn(app, 'us-east-1');
  new CostAssumptions(stack, 'Costs', HUNDRED);
  planOf(stack, [BackupTier.daily({ hour: 5, timeZone: 'Europe/London', deleteAfter: days(35) })], BackupTarget.fromDynamoDbTable(tableIn(stack, 'Table')));

  expect(linesOf(app)).toContainEqual(['DynamoDB recovery points in warm storage', 'us-east-1', 3500, 0.1, 350]);
});

test('a log bucket stores a day of logs for each day, as current and as noncurrent version, in the storage class of that age', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', { logsPerDay: Size.gibibytes(2) });
  new ReplicatedLogBucket(stack, 'Logs', {
    source: LogSource.vpcFlowLogs({ organizationId: 'o-exampleorg12' }),
    retention: days(100),
    noncurrentVersionExpiration: days(50),
    replicaRegion: IRELAND,
  });

  expect(linesOf(app)).toEqual([
    ['KMS keys', 'eu-west-1', 1, 1, 1],
    ['KMS keys', 'eu-west-2', 1, 1, 1],
    ['S3 objects in STANDARD', 'eu-west-2', 60, 0.024, 1.44],
    ['S3 objects in STANDARD_IA', 'eu-west-1', 300, 0.0125, 3.75],
    ['S3 objects in STANDARD_IA', 'eu-west-2', 240, 0.0131, 3.14],
    ['S3 replication, transfer to eu-west-1', 'eu-west-2', 60.83, 0.02, 1.22],
  ]);
  expect(reasonsOf(app)).toEqual([['S3 Replication Time Control', 'eu-west-2', NO_PRICE, ['Stack/Logs']]]);
});

test('another bucket stores its data, and what changes is replicated', () => {
  const app = newApp();
  const stack = stackIn(app);
  new CostAssumptions(stack, 'Costs', HUNDRED);
  new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND, replicationTimeControl: false });

  expect(linesOf(app).slice(2)).toEqual([
    ['S3 objects in STANDARD', 'eu-west-2', 100, 0.024, 2.4],
    ['S3 objects in STANDARD_IA', 'eu-west-1', 100, 0.0125, 1.25],
    ['S3 replication, transfer to eu-west-1', 'eu-west-2', 152.08, 0.02, 3.04],
  ]);
  expect(reasonsOf(app)).toEqual([]);
});

test('snapshots of configuration have no size, and are listed without one', () => {
  const app = newApp();
  new ConfigurationBucket(stackIn(app), 'Configuration', { schedules: [BackupTier.daily({ deleteAfter: days(35) })] });

  expect(reasonsOf(app)).toEqual([['Snapshots of configuration', 'eu-west-2', 'Their size is not known at synthesis. They are small.', ['Stack/Configuration']]]);
});

test('alarms are charged by metric, dashboards and composite alarms each', () => {
  const app = newApp();
  const stack = protectedStack(app);
  const vaults = [stack.node.findChild('Vault') as ReplicatedBackupVault];
  const { alarms } = new BackupAlarms(stack, 'Alarms', { vaults, alarmSet: AlarmSet.ESSENTIAL });
  new BackupDashboard(stack, 'Dashboard', { alarms });
  new CentralMonitoring(stackIn(app, 'us-east-1', 'Monitoring'), 'Central', { organizationId: 'o-exampleorg12' });

  expect(alarms.filter(({ env: { region } }) => region === 'eu-west-2')).toHaveLength(5);
  expect(linesOf(app)).toEqual(expect.arrayContaining([
    ['CloudWatch alarms, by metric', 'eu-west-2', 12, 0.1, 1.2], ['CloudWatch composite alarms', 'us-east-1', 1, 0.5, 0.5], ['CloudWatch dashboards', 'eu-west-2', 1, 3, 3],
  ]));
});

test('keys and alarms that are not of this library are not counted', () => {
  const app = newApp();
  const stack = protectedStack(app);
  const before = linesOf(app);
  new cloudwatch.Alarm(stack, 'Own', { metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' }), threshold: 1, evaluationPeriods: 1 });
  new kms.Key(stack, 'OwnKey');

  expect(linesOf(app)).toEqual(before);
});

test('a Region without prices, and one that is a token, are listed, and nothing is guessed', () => {
  const app = newApp();
  for (const [id, stack] of [['Zurich', stackIn(app, 'eu-central-2', 'Zurich')], ['Anywhere', new Stack(app, 'Anywhere')]] as const) {
    planOf(stack, [BackupTier.daily({ deleteAfter: days(35) })], BackupTarget.fromDynamoDbTable(tableIn(stack, id)));
  }

  expect(costsOf(app)).toMatchObject({ usdPerMonth: 0, lines: [] });
  expect(costsOf(app)).not.toHaveProperty('largest');
  expect(reasonsOf(app)).toEqual([
    ['DynamoDB recovery points in warm storage', 'eu-central-2', NO_PRICE, ['Zurich/Plan']],
    ['DynamoDB recovery points in warm storage', 'unknown', 'The Region is known only at deployment.', ['Anywhere/Plan']],
    ['KMS keys', 'eu-central-2', NO_PRICE, []],
    ['KMS keys', 'unknown', 'The Region is known only at deployment.', []],
  ]);
});

test('a type without a price, a retention that is a token, and resources that tags select are listed', () => {
  const app = newApp();
  const stack = stackIn(app);
  const instance = new ec2.CfnInstance(stack, 'Instance');
  planOf(stack, [BackupTier.daily({ deleteAfter: days(35) })], BackupTarget.fromConstruct(instance)).addSelection('Tagged', { tags: { backup: 'yes' } });
  const other = stackIn(app, PLACE.region, 'Other');
  const retention = Duration.days(Token.asNumber(new CfnParameter(other, 'Days', { type: 'Number' }).value));
  planOf(other, [BackupTier.daily({ deleteAfter: retention })], BackupTarget.fromDynamoDbTable(tableIn(other, 'Table')));

  expect(reasonsOf(app)).toEqual([
    ['DynamoDB recovery points', 'eu-west-2', 'How often they are made, or how long they are kept, is known only at deployment.', ['Other/Plan']],
    ['EC2 recovery points in warm storage', 'eu-west-2', NO_PRICE, ['Stack/Plan']],
    ['Recovery points of resources outside this app', 'eu-west-2', 'Tags or wildcards select them.', ['Stack/Plan/Tagged']],
  ]);
});

test('an imported table counts like one of the app', () => {
  const app = newApp();
  const stack = stackIn(app, 'us-east-1');
  new CostAssumptions(stack, 'Costs', HUNDRED);
  planOf(stack, [BackupTier.daily({ deleteAfter: days(35) })], BackupTarget.fromDynamoDbTable(dynamodb.Table.fromTableName(stack, 'Imported', 'orders')));

  expect(linesOf(app)).toContainEqual(['DynamoDB recovery points in warm storage', 'us-east-1', 3500, 0.1, 350]);
});

test('the nearest assumptions hold, what they leave out is that of the next ones, and what nobody gives is marked as a default', () => {
  const app = newApp();
  const stack = protectedStack(app);
  new CostAssumptions(app, 'Costs', { dataPerResource: Size.gibibytes(1), dailyChange: 3 });
  new CostAssumptions(stack.node.findChild('Table') as dynamodb.Table, 'Costs', { dataPerResource: Size.gibibytes(2) });
  new ReplicatedLogBucket(stack, 'Logs', { source: LogSource.vpcFlowLogs({ organizationId: 'o-exampleorg12' }), retention: days(10) });
  const { assumptions, lines } = costsOf(app);

  expect(assumptions).toEqual([
    { path: '', dataGbPerResource: 1, dailyChangePercent: 3, logsGbPerDay: 1, defaults: ['logsGbPerDay'] },
    { path: 'Orders/Table', dataGbPerResource: 2, dailyChangePercent: 3, logsGbPerDay: 1, defaults: ['logsGbPerDay'] },
  ]);
  expect(lines.filter(({ of }) => of !== '').map(({ what, region, quantity, isAssumed }) => [what, region, quantity, isAssumed])).toEqual(expect.arrayContaining([
    ['DynamoDB recovery points in warm storage', 'eu-west-2', 70, false], ['S3 objects in STANDARD', 'eu-west-2', 20, true],
  ]));
});

test('a thousand tables of one plan are as few lines as one table', () => {
  const app = newApp();
  const stack = stackIn(app);
  for (let index = 0; index < 1000; index++) {
    new dynamodb.CfnTable(stackOf(index), `Table${index}`, { tableName: `table-${index}`, keySchema: [] });
  }
  const parts = app.node.children.filter((each): each is Stack => Stack.isStack(each) && each !== stack);
  const plan = planOf(stack, [BackupTier.daily({ deleteAfter: days(35) })]);
  parts.forEach((part) => plan.addSelection(part.node.id, { resources: [BackupTarget.fromConstruct(part)] }));

  expect(costsOf(app).lines.map(({ what, quantity, isAssumed }) => [what, quantity, isAssumed])).toEqual([['DynamoDB recovery points in warm storage', 350_000, true], ['KMS keys', 1, false]]);

  function stackOf(index: number): Stack {
    const id = `Tables${Math.floor(index / 100)}`;
    return (app.node.tryFindChild(id) ?? stackIn(app, PLACE.region, id)) as Stack;
  }
});
