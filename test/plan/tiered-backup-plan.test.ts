import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DAILY, Setup, TABLES } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { WeekDay } from '../../src/schedules/week-day';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const PLAN = 'AWS::Backup::BackupPlan';

test('a tier is a rule with its schedule, its windows and its lifecycle', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), {
    tiers: [BackupTier.daily({
      hour: 5,
      deleteAfter: Duration.days(120),
      moveToColdStorageAfter: Duration.days(30),
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(5),
      recoveryPointTags: { Tier: 'daily' },
    })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [{
        RuleName: 'daily',
        TargetBackupVault: 'local',
        ScheduleExpression: 'cron(0 5 ? * * *)',
        StartWindowMinutes: 60,
        CompletionWindowMinutes: 300,
        Lifecycle: { DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30 },
        RecoveryPointTags: { Tier: 'daily' },
        CopyActions: Match.absent(),
      }],
    },
  });
});

test('every tier is a rule, in the order given', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), {
    tiers: [DAILY(), BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(360) })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [
        { RuleName: 'daily', ScheduleExpression: 'cron(0 5 ? * * *)' },
        { RuleName: 'weekly', ScheduleExpression: 'cron(0 12 ? * SUN *)' },
      ].map((rule) => Match.objectLike(rule)),
    },
  });
});

test('the replica of the vault is copied into by default, and the lifecycle of the copy is written', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting();

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [Match.objectLike({
        CopyActions: [{
          DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica',
          Lifecycle: { DeleteAfterDays: 35 },
        }],
      })],
    },
  });
});

test('no copies are made where none are wanted', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), { copyTo: [] });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: { BackupPlanRule: [Match.objectLike({ CopyActions: Match.absent() })] },
  });
});

test('copies into a vault and the replica of another account name literal ARNs, in one declaration', () => {
  const setup = new Setup();
  const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND });
  setup.selecting(TABLES(), { copyTo: [BackupCopy.to(archive), BackupCopy.toReplicaOf(archive)] });

  const template = Template.fromStack(setup.stack);
  template.hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [Match.objectLike({
        CopyActions: [
          Match.objectLike({ DestinationBackupVaultArn: 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central' }),
          Match.objectLike({ DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica' }),
        ],
      })],
    },
  });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/Fn::GetStackOutput|Fn::ImportValue|Custom::CrossRegion|AWS::SSM::Parameter"/);
});

test('a copy may be kept longer than the recovery point that it is made of', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), {
    copyTo: [BackupCopy.toReplicaOf(setup.vault, { deleteAfter: Duration.days(400), moveToColdStorageAfter: Duration.days(60) })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [Match.objectLike({
        Lifecycle: { DeleteAfterDays: 35 },
        CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 400, MoveToColdStorageAfterDays: 60 } })],
      })],
    },
  });
});

test('a copy that is kept too short for cold storage stays warm', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), {
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) })],
    copyTo: [BackupCopy.toReplicaOf(setup.vault, { deleteAfter: Duration.days(119) })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [Match.objectLike({
        CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 119, MoveToColdStorageAfterDays: Match.absent() } })],
      })],
    },
  });
});

test('a copy may be made of some tiers only', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), {
    tiers: [DAILY(), BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(360) })],
    copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['weekly'] })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [
        Match.objectLike({ RuleName: 'daily', CopyActions: Match.absent() }),
        Match.objectLike({ RuleName: 'weekly', CopyActions: [Match.anyValue()] }),
      ],
    },
  });
});

test('the plan\'s own vault keeps recovery points for the local retention, the copies for that of the tier', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(TABLES(), {
    localRetention: Duration.days(30),
    tiers: [
      BackupTier.daily({ deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) }),
      BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7) }),
    ],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: {
      BackupPlanRule: [
        {
          RuleName: 'daily',
          Lifecycle: { DeleteAfterDays: 30, MoveToColdStorageAfterDays: Match.absent() },
          CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30 } })],
        },
        { RuleName: 'evening', Lifecycle: { DeleteAfterDays: 7 }, CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 7 } })] },
      ].map((rule) => Match.objectLike(rule)),
    },
  });
});

test('a local retention that leaves 90 days in cold storage keeps it', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), {
    localRetention: Duration.days(120),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(360), moveToColdStorageAfter: Duration.days(30) })],
  });

  Template.fromStack(setup.stack).hasResourceProperties(PLAN, {
    BackupPlan: { BackupPlanRule: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30 } })] },
  });
});

test('the plan waits for its vault, since it names it by a literal', () => {
  const setup = new Setup();
  setup.selecting();

  Template.fromStack(setup.stack).hasResource(PLAN, { DependsOn: ['VaultPrimary947D6216'] });
});

test('a plan in another stack of the same account and region waits for the stack of the vault', () => {
  const setup = new Setup();
  const other = stackIn('222222222222', LONDON, setup.app, 'Plans');
  new TieredBackupPlan(other, 'Plan', { vault: setup.vault, tiers: [DAILY()] }).addSelection('Tables', { resources: TABLES() });
  setup.app.synth();

  expect(other.dependencies).toEqual([setup.stack]);
  Template.fromStack(other).hasResourceProperties(PLAN, { BackupPlan: { BackupPlanRule: [Match.objectLike({ TargetBackupVault: 'local' })] } });
});

test('the stack of the replica that is copied into depends on nothing', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting();
  setup.app.synth();

  const support = supportStackOf(setup.stack, IRELAND);
  expect([setup.stack.dependencies, support.dependencies]).toEqual([[support], []]);
});

test('the name of the plan follows from its path, or is the one given', () => {
  const setup = new Setup();
  setup.selecting();
  setup.plan({ backupPlanName: 'every.day' }, 'Named').addSelection('Tables', { resources: TABLES() });

  const names = Object.values(Template.fromStack(setup.stack).findResources(PLAN)).map(({ Properties }) => Properties.BackupPlan.BackupPlanName);
  expect(names).toEqual(['Backup-Plan-4f22d4b8', 'every.day']);
});

test('id and ARN of the plan are attributes of the resource', () => {
  const setup = new Setup();
  const plan = setup.selecting();

  expect(setup.stack.resolve([plan.backupPlanId, plan.backupPlanArn])).toEqual([
    { 'Fn::GetAtt': ['PlanDAF4E53A', 'BackupPlanId'] }, { 'Fn::GetAtt': ['PlanDAF4E53A', 'BackupPlanArn'] },
  ]);
});

test('copies into imported vaults are reported as unchecked where a lock or a policy is not known', () => {
  const setup = new Setup();
  const imported = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Central', {
    backupVaultName: 'central', account: LOG_ARCHIVE, region: LONDON,
  });
  setup.selecting(TABLES(), { copyTo: [BackupCopy.to(imported)] });

  expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason)).toEqual([
    "the retentions against a lock of vault 'central': it is imported without one; set 'vaultLock' (vault_lock) if it has one",
    "the access policy of the imported vault 'central', which must allow account 222222222222 to copy into it with role 'Backup-Plan-Role-a0bf9e2e-eu-west-2', by "
    + '{"Action":"backup:CopyIntoBackupVault","Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::222222222222:role/Backup-Plan-Role-a0bf9e2e-eu-west-2"]}},'
    + '"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Resource":"*"}, or by a wider statement for the account or for the organization of the account',
  ]);
});

test('a plan in a stack without an account and region works, as long as nothing is copied', () => {
  const app = new App();
  const stack = new Stack(app, 'Agnostic');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
  new TieredBackupPlan(stack, 'Plan', { vault, tiers: [DAILY()] }).addSelection('Tables', { resources: TABLES() });

  Template.fromStack(stack).hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: { Resources: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:*:*:table/*']] }] },
  });
});
