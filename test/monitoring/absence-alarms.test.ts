import { Aspects, Duration, Lazy, Tags } from 'aws-cdk-lib';
import * as efs from 'aws-cdk-lib/aws-efs';
import { Construct } from 'constructs';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import type { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { WeekDay } from '../../src/schedules/week-day';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOn } from '../alarms-of';
import { DAILY, Setup, TABLES, tableIn } from '../plan/setup';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

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

test('no completed job for as long as the schedules allow is an alarm, for each resource type', () => {
  const setup = new Setup();
  const plan = setup.selecting([BackupTarget.allOf(ResourceType.DYNAMODB), BackupTarget.allOf(ResourceType.EFS)]);
  defineIn(setup, { plans: [plan] });

  // One daily tier: 24 h, 1 h to start and 5 h to complete.
  expect(on(setup, 'NumberOfBackupJobsCompleted')).toMatchObject(['DynamoDB', 'EFS'].map((type) => ({
    Dimensions: [{ Name: 'BackupVaultName', Value: 'local' }, { Name: 'ResourceType', Value: type }],
    Period: 3600,
    EvaluationPeriods: 30,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    Statistic: 'Sum',
  })));
});

test('no completed copy for twice the gap between the schedules is an alarm, for each vault that is copied into', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const archive = archiveOf(setup);
  const evening = BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(35), startWindow: Duration.hours(6), completionWindow: Duration.hours(8) });
  const plan = setup.selecting(TABLES(), { tiers: [DAILY(), evening], copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['daily'] }), BackupCopy.to(archive)] });
  defineIn(setup, { plans: [plan] });

  // Of the daily tier 2 × 24 h, and 1 h until the next one starts; of both 2 × 12 h and 6 h.
  expect(on(setup, 'NumberOfCopyJobsCompleted')).toMatchObject([['local-replica', 49], ['central', 30]].map(([name, hours]) => ({
    Dimensions: [{ Name: 'BackupVaultName', Value: name }, { Name: 'ResourceType', Value: 'DynamoDB' }],
    Period: 3600,
    EvaluationPeriods: hours,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    Namespace: 'AWS/Backup',
  })));
});

test('copies into two vaults of one name are reported as counted together: one may hide that the other gets none', () => {
  const setup = new Setup();
  const vaults = [archiveOf(setup), new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, 'eu-central-1', setup.app, 'Far'), 'Vault', { backupVaultName: 'central' })];
  defineIn(setup, { plans: [setup.selecting(TABLES(), { copyTo: vaults.map((vault) => BackupCopy.to(vault)) })] });

  expect(on(setup, 'NumberOfCopyJobsCompleted')).toHaveLength(1);
  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason)).toContain("whether each vault with the name 'central' receives recovery points "
    + '(account 333333333333, region eu-west-2; account 333333333333, region eu-central-1): they are counted together');
});

test('copies that may be a week apart have no such alarm, and that is reported', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const weekly = BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(35) });
  defineIn(setup, { plans: [setup.selecting(TABLES(), { tiers: [DAILY(), weekly], copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['weekly'] })] })] });

  expect(on(setup, 'NumberOfCopyJobsCompleted')).toEqual([]);
  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason))
    .toContain("whether plan 'Backup/Plan' makes copies in vault 'local-replica': they can be 337 hours apart, and an alarm evaluates at most 7 days");
});

test('where tags decide what is backed up, the alarm is on the vault as a whole', () => {
  const setup = new Setup();
  const plan = setup.plan();
  plan.addSelection('Tagged', { tags: { Backup: 'yes' } });
  defineIn(setup, { plans: [plan] });

  expect(on(setup, 'NumberOfBackupJobsCompleted')).toMatchObject([{ Dimensions: [{ Name: 'BackupVaultName', Value: 'local' }] }]);
});

test('where tags narrow what is named, the alarm is on what is named', () => {
  const setup = new Setup();
  defineIn(setup, { plans: [setup.selecting(TABLES(), {}, { tags: { Backup: 'yes' } })] });

  expect(on(setup, 'NumberOfBackupJobsCompleted')).toMatchObject([{ Dimensions: [{ Name: 'BackupVaultName', Value: 'local' }, { Name: 'ResourceType', Value: 'DynamoDB' }] }]);
});

test('a plan that may leave 7 days between recovery points has no such alarm, and that is reported', () => {
  const setup = new Setup();
  const plan = setup.selecting(TABLES(), { tiers: [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(35) })] });
  defineIn(setup, { plans: [plan] });

  expect(on(setup, 'NumberOfBackupJobsCompleted')).toEqual([]);
  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason))
    .toContain("whether plan 'Backup/Plan' makes recovery points: they can be 174 hours apart, and an alarm evaluates at most 7 days");
});

test('a plan whose windows are tokens has no such alarm, and that is reported', () => {
  const setup = new Setup();
  const startWindow = Duration.minutes(Lazy.number({ produce: () => 60 }));
  const plan = setup.selecting(TABLES(), { tiers: [BackupTier.daily({ deleteAfter: Duration.days(35), startWindow })] });
  defineIn(setup, { plans: [plan] });
  setup.app.synth();

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason)).toContain("whether plan 'Backup/Plan' makes recovery points: its windows are tokens");
});

describe('where the objective of a copy is broken before that', () => {
  /** Copies twice a day: 12 h, 1 h to start and 5 h to complete is the worst, and twice 12 h and 1 h the longest. */
  const hours = (rpo: Duration, survives: FailureScope) => {
    const setup = new Setup({ replicaRegion: IRELAND });
    const plan = setup.selecting(TABLES(), {
      tiers: [BackupTier.everyHours(12, { deleteAfter: Duration.days(35) })],
      copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.to(archiveOf(setup))],
      objectives: [new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo, survives })],
      acceptNominalRpo: 'to see what is made of it',
    });
    defineIn(setup, { plans: [plan] });
    return on(setup, 'NumberOfCopyJobsCompleted').map(({ Dimensions: [{ Value }], EvaluationPeriods }) => [Value, EvaluationPeriods]);
  };

  test('that is the time, for the vault that serves it', () => {
    expect(hours(Duration.hours(20), FailureScope.REGION)).toEqual([['local-replica', 20], ['central', 25]]);
    expect(hours(Duration.hours(20), FailureScope.ACCOUNT)).toEqual([['local-replica', 25], ['central', 20]]);
  });

  test('the worst case is the least, since it is no fault', () => {
    expect(hours(Duration.hours(12), FailureScope.REGION)).toEqual([['local-replica', 18], ['central', 25]]);
  });

  test('nor is what the windows of a tier that runs often allow', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    defineIn(setup, { plans: [setup.selecting(TABLES(), { tiers: [BackupTier.everyHours(1, { deleteAfter: Duration.days(35) })] })] });

    // 1 h, 1 h to start and 5 h to complete.
    expect(on(setup, 'NumberOfCopyJobsCompleted').map(({ EvaluationPeriods }) => EvaluationPeriods)).toEqual([7]);
  });

  test('and not where it is longer, or the vault of the plan itself serves it', () => {
    expect(hours(Duration.hours(36), FailureScope.REGION)).toEqual([['local-replica', 25], ['central', 25]]);
    expect(hours(Duration.hours(20), FailureScope.RESOURCE)).toEqual([['local-replica', 25], ['central', 25]]);
  });
});

test.each([
  ['of a cluster, which may be of three types', 'arn:aws:rds:eu-west-2:222222222222:cluster:orders'],
  ['of all that a service has', 'arn:aws:ec2:*:*:*'],
])('jobs of an ARN %s are counted all together', (_, arn) => {
  const setup = new Setup();
  defineIn(setup, { plans: [setup.selecting([BackupTarget.fromArn(arn)])] });

  expect(on(setup, 'NumberOfBackupJobsCompleted').map(({ Dimensions }) => Dimensions)).toEqual([[{ Name: 'BackupVaultName', Value: 'local' }]]);
});

test('what is missing looks back by the hour, whatever the others do', () => {
  const tuned = (name: string, evaluationPeriods: number) => () => {
    const setup = new Setup();
    defineIn(setup, { plans: [setup.selecting()], overrides: { [name]: { evaluationPeriods } } });
  };

  for (const name of ['noGoodRecoveryPoint', 'noGoodCopy']) {
    expect(tuned(name, 168)).not.toThrow();
    expect(tuned(name, 169)).toThrow(/must be 168 or less/);
  }
});

test('hours are rounded up, and 7 days are looked back', () => {
  const hoursOf = (tier: BackupTier) => {
    const setup = new Setup();
    defineIn(setup, { plans: [setup.selecting(TABLES(), { tiers: [tier] })] });
    return on(setup, 'NumberOfBackupJobsCompleted').map(({ EvaluationPeriods }) => EvaluationPeriods);
  };
  const every = (interval: Duration, completionWindow: Duration) => BackupTier.cron('cron(0 5 1W * ? *)', {
    name: 'any', interval, startWindow: Duration.hours(1), completionWindow, deleteAfter: Duration.days(35),
  });

  expect(hoursOf(every(Duration.hours(24), Duration.minutes(301)))).toEqual([31]); // 30 hours and a minute
  expect(hoursOf(every(Duration.days(6), Duration.hours(23)))).toEqual([168]);
  expect(hoursOf(every(Duration.days(6), Duration.hours(24)))).toEqual([]);
});

test('a plan that deletes recovery points before the next has no such alarm, and that is reported', () => {
  const setup = new Setup();
  const plan = setup.selecting(TABLES(), { tiers: [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(2) })] });
  defineIn(setup, { plans: [plan] });
  setup.app.synth();

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason)).toContain("whether plan 'Backup/Plan' makes recovery points: there might be none at all");
});

test('plans of one vault and type share an alarm, which goes by the one that runs most often', () => {
  const setup = new Setup();
  const seldom = setup.selecting();
  const often = setup.plan({ tiers: [BackupTier.everyHours(12, { deleteAfter: Duration.days(35) })] }, 'Often');
  often.addSelection('Selection', { resources: TABLES() });
  defineIn(setup, { plans: [seldom, often, seldom] });

  // Every 12 h, 1 h to start and 5 h to complete.
  expect(on(setup, 'NumberOfBackupJobsCompleted')).toMatchObject([{ EvaluationPeriods: 18 }]);
});

test.each([
  ['another selection', (_setup: Setup, plan: TieredBackupPlan) => plan.addSelection('Later', { resources: [BackupTarget.allOf(ResourceType.EFS)] })],
  ['a resource of another type', (setup: Setup) => new efs.CfnFileSystem(setup.stack.node.findChild('Workload') as Construct, 'Files')],
])('%s that is defined after the alarms has an alarm as well', (_, add) => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  const plan = setup.selecting([BackupTarget.fromConstruct(workload)]);
  defineIn(setup, { plans: [plan] });
  add(setup, plan);

  expect(on(setup, 'NumberOfBackupJobsCompleted').map(({ Dimensions: [, { Value }] }) => Value)).toEqual(['DynamoDB', 'EFS']);
});

test('an alarm that is made for a later selection has the tags and the aspects of the app', () => {
  const setup = new Setup();
  const visited: string[] = [];
  Aspects.of(setup.app).add({ visit: ({ node }) => visited.push(node.path) });
  Tags.of(setup.app).add('team', 'orders');
  const plan = setup.plan();
  const { alarms } = defineIn(setup, { plans: [plan] });
  plan.addSelection('Later', { resources: TABLES() });

  expect(on(setup, 'NumberOfBackupJobsCompleted')).toMatchObject([{ Tags: [{ Key: 'team', Value: 'orders' }] }]);
  const made = alarms.find(({ node: { id } }) => id.includes('no-good-recovery-point'))!;
  expect(visited).toContain(`${made.node.path}/Resource`);
});

test('synthesis refuses what an aspect of another construct adds too late for an alarm', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  const alarms = defineIn(setup, { plans: [setup.selecting([BackupTarget.fromConstruct(workload)])] });
  Aspects.of(alarms).add({ visit: () => workload.node.tryFindChild('Files') ?? new efs.CfnFileSystem(workload, 'Files') }, { priority: 900 });

  expect(() => setup.app.synth()).toThrow("'plans' must have all selected resources before aspects visit the alarms: plan 'Backup/Plan' had DynamoDB then, and has DynamoDB, EFS");
});

test('what is missing is no alarm before the first job may be completed, for 2 days at the most', () => {
  const warmUp = (tiers: BackupTier[], overrides = {}) => {
    const setup = new Setup({ replicaRegion: IRELAND });
    defineIn(setup, { plans: [setup.selecting(TABLES(), { tiers })], overrides });
    return ['NumberOfBackupJobsCompleted', 'NumberOfCopyJobsCompleted'].flatMap((name) => on(setup, name))
      .map(({ WarmUpConfiguration }) => WarmUpConfiguration);
  };
  const minutes = (duration: number) => ({ WarmUpPeriodDurationInMinutes: duration, OnlyStartEvaluatingAfterWarmUpPeriodEnds: true });

  expect(warmUp([DAILY()])).toEqual([minutes(30 * 60), minutes(2880)]); // 49 hours for a copy
  expect(warmUp([DAILY()], { noGoodRecoveryPoint: { evaluationPeriods: 40 } })).toEqual([minutes(40 * 60), minutes(2880)]);
  expect(warmUp([DAILY()], { noGoodRecoveryPoint: { evaluationPeriods: Lazy.number({ produce: () => 40 }) } }))
    .toEqual([minutes(2880), minutes(2880)]);
});

test('no other alarm waits: what fails on the first day is told', () => {
  const setup = new Setup();
  defineIn(setup, { plans: [setup.selecting()] });

  expect(on(setup, 'NumberOfBackupJobsFailed').map(({ WarmUpConfiguration }) => WarmUpConfiguration)).toEqual([undefined]);
});
