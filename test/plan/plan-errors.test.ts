import { Annotations as CdkAnnotations, App, Aws, Duration, Lazy } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DAILY, Setup, TABLES } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DrRole } from '../../src/roles/dr-role';
import { WeekDay } from '../../src/schedules/week-day';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { ReplicatedBackupVaultAttributes } from '../../src/vault/replicated-backup-vault-props';
import type { IReplicatedBackupVault } from '../../src/vault/replicated-backup-vault-ref';
import { VaultLock } from '../../src/vault/vault-lock';
import { problemsOf } from '../problems';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const LOCK_180 = VaultLock.governance({ minRetention: Duration.days(1), maxRetention: Duration.days(180) });
const YEAR = () => BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(360) });

function central(setup: Setup, attributes: Partial<ReplicatedBackupVaultAttributes> = {}): IReplicatedBackupVault {
  return ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Central', {
    backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON, ...attributes,
  });
}

test('all problems of a plan are in one error, which names the construct', () => {
  const setup = new Setup({ vaultLock: LOCK_180 });

  expect(() => setup.plan({ backupPlanName: 'a b', acceptNominalRpo: ' ', tiers: [YEAR(), DAILY(), BackupTier.daily({ hour: 20, deleteAfter: Duration.days(1) })] }))
    .toThrow([
      "invalid TieredBackupPlanProps at 'Backup/Plan':",
      "- 'tiers' must have unique names, got 'daily' 2 times: set 'name' on one of them",
      "- 'backupPlanName' (backup_plan_name) must be 1 to 50 letters, digits, hyphens, underscores and dots, got 'a b'",
      "- 'acceptNominalRpo' (accept_nominal_rpo) must contain the reason, got an empty string",
      "- 'deleteAfter' (delete_after) of tier 'weekly' must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'local', got 360 days",
    ].join('\n'));
});

test('refuses a retention that the lock of the plan\'s own vault rejects', () => {
  expect(new Setup({ vaultLock: LOCK_180 }).refusals({ tiers: [YEAR()] }))
    .toEqual(["'deleteAfter' (delete_after) of tier 'weekly' must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'local', got 360 days"]);
});

test('refuses a retention below the minimum of a lock', () => {
  expect(new Setup({ vaultLock: VaultLock.governance({ minRetention: Duration.days(36) }) }).refusals({}))
    .toEqual(["'deleteAfter' (delete_after) of tier 'daily' must be at least 36 days, the 'minRetention' (min_retention) of the lock of vault 'local', got 35 days"]);
});

test('a local retention is what a lock is checked against', () => {
  const vaultLock = VaultLock.governance({ minRetention: Duration.days(14) });

  expect(new Setup({ vaultLock }).refusals({ tiers: [YEAR()], localRetention: Duration.days(10) }))
    .toEqual(["'localRetention' (local_retention, tier 'weekly') must be at least 14 days, the 'minRetention' (min_retention) of the lock of vault 'local', got 10 days"]);
});

test('refuses a copy whose retention the lock of the replica rejects', () => {
  expect(new Setup({ replicaRegion: IRELAND, replicaVaultLock: LOCK_180 }).refusals({ tiers: [YEAR()] })).toEqual([
    "the copy of tier 'weekly' into 'local-replica': 'deleteAfter' (delete_after) must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'local-replica', got 360 days",
  ]);
});

test('refuses a copy whose retention the lock of an imported vault rejects', () => {
  const setup = new Setup();

  expect(setup.refusals({ tiers: [YEAR()], copyTo: [BackupCopy.to(central(setup, { vaultLock: LOCK_180 }))] })).toEqual([
    "the copy of tier 'weekly' into 'central': 'deleteAfter' (delete_after) must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'central', got 360 days",
  ]);
});

test('refuses a copy whose retention the lock of the replica of an imported vault rejects', () => {
  const setup = new Setup();
  const vault = central(setup, { replicaRegion: IRELAND, replicaVaultLock: LOCK_180 });

  expect(setup.refusals({ tiers: [YEAR()], copyTo: [BackupCopy.toReplicaOf(vault)] })).toEqual([
    "the copy of tier 'weekly' into 'central-replica': 'deleteAfter' (delete_after) must be at most 180 days, the 'maxRetention' (max_retention) of the lock of vault 'central-replica', got 360 days",
  ]);
});

test('takes retentions at both ends of a lock', () => {
  const lock = VaultLock.governance({ minRetention: Duration.days(35), maxRetention: Duration.days(360) });

  expect(new Setup({ vaultLock: lock }).refusals({ tiers: [DAILY(), YEAR()] })).toEqual([]);
});

test('refuses a copy with cold 30 and delete 90', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const copyTo = [BackupCopy.toReplicaOf(setup.vault, { moveToColdStorageAfter: Duration.days(30), deleteAfter: Duration.days(90) })];

  expect(setup.refusals({ copyTo })).toEqual([
    "the copy of tier 'daily' into 'local-replica': 'deleteAfter' (delete_after) must be at least 90 days longer than 'moveToColdStorageAfter' (move_to_cold_storage_after, 30 days), "
    + 'so at least 120 days, got 90 days',
  ]);
});

test('takes a copy with cold 30 and delete 120', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const copyTo = [BackupCopy.toReplicaOf(setup.vault, { moveToColdStorageAfter: Duration.days(30), deleteAfter: Duration.days(120) })];

  expect(setup.refusals({ copyTo })).toEqual([]);
});

test('refuses 11 tiers', () => {
  const tiers = Array.from({ length: 11 }, (_, hour) => BackupTier.daily({ name: `at-${hour}`, hour: hour * 2, deleteAfter: Duration.days(7), completionWindow: Duration.hours(2) }));

  expect(new Setup().refusals({ tiers })).toEqual(["'tiers' must be 1 to 10, the rules that AWS Backup lets a plan have, got 11"]);
});

test('takes 10 tiers', () => {
  const tiers = Array.from({ length: 10 }, (_, hour) => BackupTier.daily({ name: `at-${hour}`, hour: hour * 2, deleteAfter: Duration.days(7), completionWindow: Duration.hours(2) }));

  expect(new Setup().refusals({ tiers })).toEqual([]);
});

test('refuses a role of another account', () => {
  const setup = new Setup();
  const role = iam.Role.fromRoleArn(setup.stack, 'Role', 'arn:aws:iam::333333333333:role/other');

  expect(setup.refusals({ role })).toEqual(["'role' must be in the account of the plan (222222222222), got 'Backup/Role' in account 333333333333"]);
});

test('refuses a role of another partition', () => {
  const setup = new Setup();
  const role = iam.Role.fromRoleArn(setup.stack, 'Role', 'arn:aws-us-gov:iam::222222222222:role/backup');

  expect(setup.refusals({ role })).toEqual(["'role' must be in the partition aws, got 'Backup/Role' in the partition aws-us-gov"]);
});

test.each([
  ['its own partition', 'arn:aws:iam::222222222222:role/backup'],
  ['a partition that is a token', `arn:${Aws.PARTITION}:iam::222222222222:role/backup`],
])('takes a role of %s', (_, arn) => {
  const setup = new Setup();

  expect(setup.refusals({ role: iam.Role.fromRoleArn(setup.stack, 'Role', arn) })).toEqual([]);
});

test('refuses a DrRole that was made for another region', () => {
  const setup = new Setup();
  const role = DrRole.backup(stackIn('222222222222', IRELAND, setup.app, 'Ireland'), 'Role', { resourceTypes: [ResourceType.DYNAMODB] });

  expect(setup.refusals({ role }))
    .toEqual(["'role' must be a DrRole for the region of the plan (eu-west-2), got 'Ireland/Role' for eu-west-1, which has no permissions here"]);
});

test('a retention that is a token is reported as unchecked', () => {
  const setup = new Setup();
  setup.plan({ tiers: [BackupTier.daily({ deleteAfter: Duration.days(Lazy.number({ produce: () => 360 })) })] });

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason))
    .toEqual(["the retention of tier 'daily' against cold storage, locks and copies: it is a token"]);
});

test('the interval of an expression that only AWS can work out is reported as unchecked', () => {
  const setup = new Setup();
  setup.plan({ tiers: [BackupTier.cron('cron(0 5 ? * 2#1 *)', { name: 'first-monday', interval: Duration.days(35), deleteAfter: Duration.days(90) })] });

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason))
    .toContain("whether tier 'first-monday' runs as often as its 'interval' specifies: only AWS can compute 'cron(0 5 ? * 2#1 *)'");
});

test('refuses a plan without tiers', () => {
  expect(new Setup().refusals({ tiers: [] })).toEqual(["'tiers' must be 1 to 10, the rules that AWS Backup lets a plan have, got 0"]);
});

test('refuses a vault of another account: a plan backs up into its own', () => {
  const setup = new Setup();

  expect(setup.refusals({ vault: central(setup) })).toEqual([
    "'vault' must be in the account and region of the plan (account 222222222222, region eu-west-2), got 'central' in account 333333333333, region eu-west-2: "
    + "back up into a vault there and copy into this one with 'copyTo' (copy_to)",
  ]);
});

const warningsOf = (setup: Setup) => Annotations.fromStack(setup.stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data))
  .filter((warning) => !warning.includes('cdk-backup-dr:dynamoDbAdvancedFeatures'));
const SHORT = ', and there are copies: AWS Backup copies from warm storage and runs one job per resource at a time, so a copy that waits or is repeated might find nothing to copy; set it to at least 7 days, or acknowledge this warning with the reason '
  + '[ack: cdk-backup-dr:shortWarmRetention]';

test.each<[string, Partial<TieredBackupPlanProps>, string[]]>([
  ['a recovery point that is kept for 6 days', { tiers: [BackupTier.daily({ deleteAfter: Duration.days(6) })] }, ["'deleteAfter' (delete_after) of tier 'daily' is 6 days"]],
  ['a recovery point that is kept for 1 day', { tiers: [BackupTier.daily({ deleteAfter: Duration.days(1) })] }, ["'deleteAfter' (delete_after) of tier 'daily' is 1 day"]],
  ['a local retention of 6 days', { localRetention: Duration.days(6) }, ["'localRetention' (local_retention, tier 'daily') is 6 days"]],
  ['cold storage after 6 days', { tiers: [BackupTier.daily({ deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(6) })] },
    ["'moveToColdStorageAfter' (move_to_cold_storage_after) of tier 'daily' is 6 days"]],
  ['a recovery point that is kept for 7 days', { tiers: [BackupTier.daily({ deleteAfter: Duration.days(7) })] }, []],
])('where copies are made, %s is taken, with a warning below 7 days', (_, props, warnings) => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), props);

  expect(setup.problems()).toEqual([]);
  expect(warningsOf(setup)).toEqual(warnings.map((warning) => warning + SHORT));
});

test('the warning of a short retention can be acknowledged', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const plan = setup.selecting(TABLES(), { localRetention: Duration.days(2) });
  CdkAnnotations.of(plan).acknowledgeWarning('cdk-backup-dr:shortWarmRetention', 'the copies are what we restore from');

  expect(warningsOf(setup)).toEqual([]);
});

test.each([[24, 0], [25, 1]])('a recovery point that is kept for a day is copied where its job takes at most %i hours: %i problems', (hours, problems) => {
  const tiers = [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(1), completionWindow: Duration.hours(hours) })];

  expect(new Setup({ replicaRegion: IRELAND }).refusals({ tiers })).toHaveLength(problems);
  expect(new Setup().refusals({ tiers })).toEqual([]);
});

test('refuses a recovery point that is deleted before its job may be complete', () => {
  const tiers = [BackupTier.weekly({ weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(2), completionWindow: Duration.days(3) })];

  expect(new Setup({ replicaRegion: IRELAND }).refusals({ tiers })).toEqual([
    "'deleteAfter' (delete_after) of tier 'weekly' must be at least as long as the 'expectedDuration' (expected_duration) of the tier (3 days) if there are copies: AWS Backup copies "
    + 'a complete recovery point from warm storage, got 2 days',
  ]);
});

test('a recovery point that is kept for 7 days is copied, whatever its windows', () => {
  const tiers = [BackupTier.weekly({
    weekDay: WeekDay.SUNDAY, deleteAfter: Duration.days(7), startWindow: Duration.hours(8), completionWindow: Duration.days(14),
  })];

  expect(new Setup({ replicaRegion: IRELAND }).refusals({ tiers })).toEqual([]);
});

test('takes a recovery point that is kept for one day where no copy is made', () => {
  expect(new Setup().refusals({ tiers: [BackupTier.daily({ deleteAfter: Duration.days(1) })] })).toEqual([]);
});

test('refuses a local retention of broken days', () => {
  expect(new Setup().refusals({ localRetention: Duration.hours(36) })).toEqual(["'localRetention' (local_retention) must be a whole number of days from 1 to 36500, got 36 hours"]);
});

const AT_ONE_HOUR = () => [DAILY(), BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 5, deleteAfter: Duration.days(360) })];

test('tiers whose start windows overlap are taken where nothing but the run that gives way is lost, with a warning', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const plan = setup.selecting(TABLES(), { tiers: AT_ONE_HOUR() });

  expect(setup.problems()).toEqual([]);
  expect(warningsOf(setup)).toEqual([
    "the start windows of 'tiers' 'daily' (Sunday 05:00 to 06:00) and 'weekly' (from Sunday 05:00) overlap: AWS Backup then creates only one backup, that of 'weekly', "
    + 'because it is kept longer (360 days); acknowledge this warning if this is intended, run one of them outside of the start windows of the other one, '
    + 'or move one of them to a separate plan [ack: cdk-backup-dr:startWindowsOverlap]',
  ]);
  CdkAnnotations.of(plan).acknowledgeWarning('cdk-backup-dr:startWindowsOverlap');
  expect(warningsOf(setup)).toEqual([]);
});

test('refuses tiers whose start windows overlap where only the one that gives way is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND });

  expect(setup.refusals({ tiers: AT_ONE_HOUR(), copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['daily'] })] })).toEqual([expect.stringContaining(
    "the following is lost: the copy of 'daily' into 'local-replica'; copy 'weekly' into 'local-replica' as well, run one of them")]);
});

test('refuses tiers whose start windows overlap where a local retention makes them equal and a longer copy may be lost', () => {
  const setup = new Setup({ replicaRegion: IRELAND });

  expect(setup.refusals({ tiers: AT_ONE_HOUR(), localRetention: Duration.days(30) })).toEqual([expect.stringContaining(
    "the copy of 'weekly' that 'local-replica' keeps for 360 days; keep the copy of 'daily' in 'local-replica' for 360 days or longer")]);
});

test('warns of a run at a time that clocks skip', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [BackupTier.daily({ hour: 1, minute: 30, timeZone: 'Europe/London', deleteAfter: Duration.days(35) })] });

  expect(warningsOf(setup)).toEqual([
    "tier 'daily' runs at 01:30, which clocks in time zone 'Europe/London' skip when they are set forward, so a run does not take place: choose another time, or UTC "
    + '[ack: cdk-backup-dr:runSkippedByClocks]',
  ]);
});

test('what a plan can not do without is told in words', () => {
  const setup = new Setup();

  expect(problemsOf(() => new TieredBackupPlan(setup.stack, 'Plan', {} as any))).toEqual([
    "'vault' is required, the ReplicatedBackupVault that the plan backs up into, or an imported one, got nothing",
    "'tiers' must be a list of tiers, such as 'BackupTier.daily', got nothing",
  ]);
  expect(new Setup().refusals({ tiers: [undefined] as any })).toEqual(["'tiers' must be a list of tiers, such as 'BackupTier.daily', got nothing in it"]);
});

test('warns of a tier whose job may expire behind that of an earlier one', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [DAILY(), BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 6, deleteAfter: Duration.days(360) })] });

  Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp(
    "a job of tier 'daily' \\(Sunday 05:00\\) can run until Sunday 11:00, past the start window of tier 'weekly' \\(Sunday 06:00 to 07:00\\)"));
});

test('reports how long jobs are assumed to take, where nobody says so', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [DAILY(), BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7), expectedDuration: Duration.hours(2) })] });

  Annotations.fromStack(setup.stack).hasInfo('/Backup/Plan', Match.stringLikeRegexp(
    "RPOs, overlaps and alarms assume that no backup job of tier 'daily' takes longer than 5 hours: if that is wrong, set 'expectedDuration' \\(expected_duration\\)"));
});

test('assumes nothing of how long jobs take where it is said', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [BackupTier.daily({ deleteAfter: Duration.days(7), expectedDuration: Duration.hours(2) })] });

  Annotations.fromStack(setup.stack).hasNoInfo('/Backup/Plan', Match.stringLikeRegexp('assume'));
});

test('reports that the start window of a cron tier is not compared whose runs only AWS can work out', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { tiers: [DAILY(), BackupTier.cron('cron(0 5 15W * ? *)', { name: 'workday', interval: Duration.days(33), deleteAfter: Duration.days(35) })] });

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason))
    .toContain("whether the start window of tier 'workday' overlaps that of another: only AWS can compute the runs of 'cron(0 5 15W * ? *)'");
});

test('a retention that is a token is not compared with a lock', () => {
  const tiers = [BackupTier.daily({ deleteAfter: Duration.days(Lazy.number({ produce: () => 360 })) })];

  expect(new Setup({ vaultLock: LOCK_180 }).refusals({ tiers })).toEqual([]);
});

test('a plan without a selection is refused', () => {
  const setup = new Setup();
  setup.plan();

  expect(setup.problems()).toEqual(["a plan without a selection backs up nothing: call 'addSelection' (add_selection), or remove the plan"]);
});

test('nothing is refused in an app of two stages with one plan each', () => {
  const app = new App();
  for (const id of ['Dev', 'Prod']) {
    const stack = stackIn('222222222222', LONDON, app, id);
    new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: [DAILY()] }).addSelection('Tables', { resources: TABLES() });
  }

  expect(() => app.synth()).not.toThrow();
});
