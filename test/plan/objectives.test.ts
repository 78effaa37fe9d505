import { App, Duration, Lazy, Stage } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { DAILY, Setup, TABLES } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { WeekDay } from '../../src/schedules/week-day';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsAtSynthesis } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const EVENING = () => BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7) });

function promise(rpoHours: number, survives?: FailureScope): RecoveryObjective {
  return new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(rpoHours), survives });
}

function tableIn(setup: Setup, id: string, pointInTimeRecoveryEnabled: boolean): dynamodb.Table {
  return new dynamodb.Table(setup.stack, id, {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled },
  });
}

test('refuses an RPO of 24 hours with one daily tier: it is 30 hours at the worst', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { objectives: [promise(24)] });

  expect(setup.problems()).toEqual([
    "objective 'Orders' (survives RESOURCE): the newest recovery point can be 30 hours old in the worst case, and 'rpo' is 24 hours: there are up to 24 hours between the starts of 'daily', and a job can start at the end of its 'startWindow' (start_window) and take its 'expectedDuration' (expected_duration); add a tier, shorten the 'startWindow', set a shorter 'expectedDuration' if jobs do not take longer, set a longer 'rpo', or explain in 'acceptNominalRpo' (accept_nominal_rpo) why this is accepted",
  ]);
});

test('a table that is defined after a Stage was synthesized counts for a plan of another Stage', () => {
  const app = new App();
  const [early, late] = ['Early', 'Late'].map((id) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON, new Stage(app, id), 'Backup');
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: id });
    new TieredBackupPlan(stack, 'Day', { vault, tiers: [DAILY()], objectives: [promise(18)] }).addSelection('Selection', { resources: [BackupTarget.fromConstruct(stack)] });
    new TieredBackupPlan(stack, 'Evening', { vault, tiers: [EVENING()] }).addSelection('Selection', { resources: [BackupTarget.fromConstruct(stack)] });
    tableIn({ stack } as Setup, 'Table', false);
    return stack;
  });
  expect(problemsAtSynthesis(Stage.of(early)!)).toEqual([]);
  tableIn({ stack: late } as Setup, 'Second', false);

  expect(problemsAtSynthesis(Stage.of(late)!)).toEqual([]);
});

test('takes an RPO of 30 hours with one daily tier', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { objectives: [promise(30)] });

  expect(setup.problems()).toEqual([]);
});

test('a second daily tier twelve hours later brings an RPO of 18 hours', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [DAILY(), EVENING()], objectives: [promise(18)] });

  expect(setup.problems()).toEqual([]);
});

test('refuses an RPO of 17 hours with two daily tiers', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [DAILY(), EVENING()], objectives: [promise(17)] });

  expect(setup.problems()).toEqual([expect.stringContaining("can be 18 hours old in the worst case, and 'rpo' is 17 hours: there are up to 12 hours between the starts of 'daily', 'evening'")]);
});

test('a reason accepts an RPO that the gaps keep and the windows may break', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { objectives: [promise(24)], acceptNominalRpo: 'jobs take minutes' });

  expect(setup.problems()).toEqual([]);
});

test('no reason accepts an RPO below the gaps themselves', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { objectives: [promise(23)], acceptNominalRpo: 'jobs take minutes' });

  expect(setup.problems()).toEqual([
    "objective 'Orders' (survives RESOURCE): the newest recovery point can be 24 hours old because of the gaps between the starts of 'daily' alone, and 'rpo' is 23 hours: "
    + "add a tier or run one more often, or set a longer 'rpo'",
  ]);
});

test('an objective of a selection is checked for that selection', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), {}, { objectives: [promise(24)] });

  expect(setup.problems()).toHaveLength(1);
});

test('an objective that survives the region is not kept by the plan\'s own vault', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { objectives: [promise(48, FailureScope.REGION)] });

  expect(setup.problems()).toEqual([
    "objective 'Orders' (survives REGION): no tier is copied into another region, so nothing remains to recover from: add a vault in another region to 'copyTo' (copy_to)",
  ]);
});

test('an objective that survives the region is kept by copies in another region', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), { objectives: [promise(30, FailureScope.REGION)] });

  expect(setup.problems()).toEqual([]);
});

test('an objective that survives the region counts the tiers that are copied there only', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), {
    tiers: [DAILY(), EVENING()],
    copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['daily'] })],
    objectives: [promise(24, FailureScope.REGION)],
  });

  expect(setup.problems()).toEqual([expect.stringContaining("(survives REGION): the newest recovery point can be 30 hours old in the worst case, and 'rpo' is 24 hours: there are up to 24 hours between the starts of 'daily',")]);
});

test('copies of several tiers into one region are taken together', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), { tiers: [DAILY(), EVENING()], objectives: [promise(18, FailureScope.REGION)] });

  expect(setup.problems()).toEqual([]);
});

test('copies into different vaults are not taken together: only one of them may be left', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const other = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Other', { backupVaultName: 'other', account: '222222222222', region: 'eu-central-1' });
  setup.selecting(TABLES(), {
    tiers: [DAILY(), EVENING()],
    copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['daily'] }), BackupCopy.to(other, { tiers: ['evening'] })],
    objectives: [promise(24, FailureScope.REGION)],
  });

  expect(setup.problems()).toHaveLength(1);
});

test('an objective that survives the account is not kept by a copy in another region', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), { objectives: [promise(48, FailureScope.ACCOUNT)] });

  expect(setup.problems()).toEqual([
    "objective 'Orders' (survives ACCOUNT): no tier is copied into another account, so nothing remains to recover from: add a vault in another account to 'copyTo' (copy_to)",
  ]);
});

test('an objective that survives the account is kept by a copy in another account', () => {
  const setup = new Setup();
  const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault');
  setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archive)], objectives: [promise(30, FailureScope.ACCOUNT)] });

  expect(setup.problems()).toEqual([]);
});

test('point-in-time recovery keeps an objective for the loss of the table', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup, 'Main', true))], { objectives: [promise(1)] });

  expect(setup.problems()).toEqual([]);
});

test('point-in-time recovery of a table of the newer kind counts as well', () => {
  const setup = new Setup();
  const table = new dynamodb.TableV2(setup.stack, 'Main', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  setup.selecting([BackupTarget.fromDynamoDbTable(table)], { objectives: [promise(1)] });

  expect(setup.problems()).toEqual([]);
});

test.each([[4, 1], [5, 0]])('point-in-time recovery is 5 minutes behind: for an RPO of %i minutes there are %i problems', (minutes, problems) => {
  const setup = new Setup();
  const objective = new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.minutes(minutes) });
  setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup, 'Main', true))], { objectives: [objective] });

  expect(setup.problems()).toHaveLength(problems);
});

test('point-in-time recovery of one table does not count for another', () => {
  const setup = new Setup();
  setup.selecting([true, false].map((recovery) => BackupTarget.fromDynamoDbTable(tableIn(setup, `Table${recovery}`, recovery))), { objectives: [promise(1)] });

  expect(setup.problems()).toHaveLength(1);
});

test('point-in-time recovery does not survive the region', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup, 'Main', true))], { objectives: [promise(48, FailureScope.REGION)] });

  expect(setup.problems()).toHaveLength(1);
});

test('point-in-time recovery is not taken for granted where tags decide what is selected', () => {
  const setup = new Setup();
  setup.plan({ objectives: [promise(1)] }).addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toHaveLength(1);
});

test('a table that is left out of the selection is no matter of its objective', () => {
  const setup = new Setup();
  tableIn(setup, 'Main', true);
  const scratch = tableIn(setup, 'Scratch', false);
  const excludeResources = [BackupTarget.fromDynamoDbTable(scratch)];
  setup.selecting([BackupTarget.fromConstruct(setup.stack)], { objectives: [promise(1)] }, { excludeResources });

  expect(setup.problems()).toEqual([]);
});

test('an RPO that is a token is reported as unchecked', () => {
  const setup = new Setup();
  const objective = new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.minutes(Lazy.number({ produce: () => 1 })) });
  setup.selecting(TABLES(), { objectives: [objective] });

  expect(setup.problems()).toEqual([]);
  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason)).toEqual(["objective 'Orders': its 'rpo' is a token"]);
});

test('tiers of two plans that name the same table are taken together', () => {
  const setup = new Setup();
  const table = tableIn(setup, 'Main', false);
  setup.plan({ objectives: [promise(18)] }, 'Plan1').addSelection('Main', { resources: [BackupTarget.fromDynamoDbTable(table)] });
  setup.plan({ tiers: [EVENING()] }, 'Plan2').addSelection('Main', { resources: [BackupTarget.fromConstruct(table)] });

  expect(setup.problems()).toEqual([]);
});

test('another plan does not count where tags decide whether it takes the table', () => {
  const setup = new Setup();
  const table = tableIn(setup, 'Main', false);
  setup.plan({ objectives: [promise(18)] }, 'Plan1').addSelection('Main', { resources: [BackupTarget.fromDynamoDbTable(table)] });
  setup.plan({ tiers: [EVENING()] }, 'Plan2').addSelection('Main', { resources: [BackupTarget.fromDynamoDbTable(table)], tags: { Backup: 'twice' } });

  expect(setup.problems()).toHaveLength(1);
});

test('where two plans together fall short, the error names the resource', () => {
  const setup = new Setup();
  const table = tableIn(setup, 'Main', false);
  setup.plan({ objectives: [promise(12)] }, 'Plan1').addSelection('Main', { resources: [BackupTarget.fromDynamoDbTable(table)] });
  setup.plan({ tiers: [EVENING()] }, 'Plan2').addSelection('Main', { resources: [BackupTarget.fromDynamoDbTable(table)] });

  expect(setup.problems()).toEqual([expect.stringContaining("objective 'Orders' (for 'Backup/Main/Resource', survives RESOURCE): the newest recovery point can be 18 hours old")]);
});

test('a tier with a cron expression counts by its runs', () => {
  const setup = new Setup();
  const tiers = [BackupTier.cron('cron(0 5 ? * MON-FRI *)', { name: 'workdays', interval: Duration.days(3), deleteAfter: Duration.days(35) })];
  setup.selecting(TABLES(), { tiers, objectives: [promise(77)] });

  expect(setup.problems()).toEqual([expect.stringContaining("can be 78 hours old in the worst case, and 'rpo' is 77 hours: there are up to 3 days between the starts of 'workdays'")]);
});

test('a weekly tier alone keeps 7 days and its windows', () => {
  const setup = new Setup();
  const tiers = [BackupTier.weekly({
    weekDay: WeekDay.SUNDAY, hour: 6, deleteAfter: Duration.days(35), startWindow: Duration.hours(6), completionWindow: Duration.hours(12),
  })];
  setup.selecting(TABLES(), { tiers, objectives: [promise(7 * 24 + 18)] });

  expect(setup.problems()).toEqual([]);
});

test('a recovery point that is deleted before the next one is complete leaves nothing to promise', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [BackupTier.daily({ deleteAfter: Duration.days(1) })], objectives: [promise(48)] });

  expect(setup.problems()).toEqual([
    "objective 'Orders' (survives RESOURCE): there might be no recovery point at all, because those of 'daily' can be deleted before the next one is complete: "
    + "set a longer 'deleteAfter' (delete_after)",
  ]);
});

test('a recovery point counts as long as any vault keeps it', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const tiers = [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(35) })];
  setup.selecting(TABLES(), { tiers, localRetention: Duration.days(7), objectives: [promise(7 * 24 + 6)] });

  expect(setup.problems()).toEqual([]);
});

test('where a region is lost, a copy counts for as long as it is kept itself', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const tiers = [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(35) })];
  const copyTo = [BackupCopy.toReplicaOf(setup.vault, { deleteAfter: Duration.days(7) })];
  setup.selecting(TABLES(), { tiers, copyTo, objectives: [promise(240, FailureScope.REGION)] });

  expect(setup.problems()).toEqual([expect.stringContaining('(survives REGION): there might be no recovery point at all')]);
});

test.each([[0, 0, 0], [30, 1, 1]])('a daily tier gives way to a weekly one %i minutes later: %i and %i problems for the loss of the resource and of the region', (minute, ofResource, ofRegion) => {
  const problemsFor = (survives: FailureScope) => {
    const setup = new Setup({ replicaRegion: IRELAND });
    const weekly = BackupTier.weekly({ weekDay: WeekDay.SUNDAY, minute, deleteAfter: Duration.days(90) });
    setup.selecting(TABLES(), { tiers: [DAILY(), weekly], objectives: [promise(30, survives)] });
    return setup.problems();
  };

  expect(problemsFor(FailureScope.RESOURCE)).toHaveLength(ofResource);
  expect(problemsFor(FailureScope.REGION)).toHaveLength(ofRegion);
});

test('runs that give way are missing in an objective', () => {
  const setup = new Setup();
  const tiers = [
    BackupTier.everyHours(1, { deleteAfter: Duration.days(1), completionWindow: Duration.hours(2) }),
    BackupTier.everyHours(12, { deleteAfter: Duration.days(7), startWindow: Duration.hours(8), completionWindow: Duration.hours(9) }),
  ];
  setup.selecting(TABLES(), { tiers, objectives: [promise(4)] });

  expect(setup.problems()).toEqual([expect.stringContaining('can be 8 hours old because of the gaps between the starts of')]);
});
