import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DAILY, Setup } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { IRELAND } from '../stacks';

const CONTINUOUS = (days = 35) => BackupTier.continuous({ deleteAfter: Duration.days(days) });
const all = (...types: ResourceType[]) => types.map((type) => BackupTarget.allOf(type));
const bucketIn = (setup: Setup, id = 'Bucket') => new s3.Bucket(setup.stack, id, { versioned: true });

function objective(minutes: number, survives?: FailureScope): RecoveryObjective {
  return new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.minutes(minutes), survives });
}

function problemsWith(types: ResourceType[], props: Partial<TieredBackupPlanProps>, vaultProps = {}): string[] {
  const setup = new Setup(vaultProps);
  setup.selecting(all(...types), { tiers: [CONTINUOUS()], ...props });
  return setup.problems();
}

const uncheckedIn = (setup: Setup) => Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason);
const warningsOf = (setup: Setup) => Annotations.fromStack(setup.stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

test('a continuous tier is rendered as a rule that makes continuous backups, and its copies as copies', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(all(ResourceType.S3), {
    tiers: [CONTINUOUS(14), DAILY()], copyTo: [BackupCopy.toReplicaOf(setup.vault, { deleteAfter: Duration.days(365), tiers: ['continuous'] })],
  });

  Template.fromStack(setup.stack).hasResourceProperties('AWS::Backup::BackupPlan', {
    BackupPlan: {
      BackupPlanRule: [
        {
          RuleName: 'continuous',
          EnableContinuousBackup: true,
          ScheduleExpression: 'cron(0 21 ? * * *)',
          Lifecycle: { DeleteAfterDays: 14, MoveToColdStorageAfterDays: Match.absent() },
          CopyActions: [{ Lifecycle: { DeleteAfterDays: 365 } }],
        },
        { RuleName: 'daily', EnableContinuousBackup: Match.absent(), ScheduleExpressionTimezone: Match.absent() },
      ],
    },
  });
});

test('the time zone of a tier is that of its rule', () => {
  const setup = new Setup();
  setup.selecting(undefined, { tiers: [BackupTier.daily({ deleteAfter: Duration.days(35), timeZone: 'Europe/London' })] });

  Template.fromStack(setup.stack).hasResourceProperties('AWS::Backup::BackupPlan', { BackupPlan: { BackupPlanRule: [{ ScheduleExpressionTimezone: 'Europe/London' }] } });
});

test('refuses two continuous tiers in a plan', () => {
  expect(new Setup().refusals({ tiers: [CONTINUOUS(), BackupTier.continuous({ name: 'other', hour: 3, deleteAfter: Duration.days(7) })] }))
    .toEqual(["'tiers' must have at most one continuous tier, because a resource has one continuous backup, got 'continuous', 'other'"]);
});

test.each([ResourceType.EFS, ResourceType.DYNAMODB, ResourceType.DOCUMENTDB, ResourceType.EC2])('refuses a continuous tier for %s alone', (type) => {
  expect(problemsWith([type], {})).toEqual([`tier 'continuous' creates no continuous backup: none of the selected types (${type}) supports it; use 'BackupTier.daily'`]);
});

test.each([ResourceType.AURORA, ResourceType.RDS, ResourceType.S3, ResourceType.SAP_HANA])('takes a continuous tier for %s', (type) => {
  expect(problemsWith([type], {})).toEqual([]);
});

test('warns of the types that get snapshots instead', () => {
  const setup = new Setup();
  setup.selecting(all(ResourceType.S3, ResourceType.EFS), { tiers: [CONTINUOUS()] });

  expect(setup.problems()).toEqual([]);
  expect(warningsOf(setup)).toEqual([
    "AWS Backup creates no continuous backup of EFS: they get a snapshot when tier 'continuous' runs; select them in a separate plan to make this explicit [ack: cdk-backup-dr:noContinuousBackup]",
  ]);
});

test.each([
  [ResourceType.RDS, 5, 0], [ResourceType.RDS, 4, 1],
  [ResourceType.AURORA, 5, 0], [ResourceType.AURORA, 4, 1],
  [ResourceType.S3, 15, 0], [ResourceType.S3, 14, 1],
])('a continuous backup of %s and an RPO of %i minutes: %i problems', (type, minutes, problems) => {
  expect(problemsWith([type], { objectives: [objective(minutes)] })).toHaveLength(problems);
});

test.each([FailureScope.REGION, FailureScope.ACCOUNT])('a continuous backup does not survive the %s: its copies are snapshots', (survives) => {
  expect(problemsWith([ResourceType.S3], { objectives: [objective(60, survives)] }, { replicaRegion: IRELAND })).toHaveLength(1);
});

test('the copies of a continuous backup keep what a daily tier keeps', () => {
  const props = { objectives: [objective(30 * 60, FailureScope.REGION)] };

  expect(problemsWith([ResourceType.S3], props, { replicaRegion: IRELAND })).toEqual([]);
});

test('a continuous backup that gives way to another tier is not counted on', () => {
  const tiers = [BackupTier.continuous({ deleteAfter: Duration.days(35), hour: 5 }), BackupTier.daily({ deleteAfter: Duration.days(90) })];

  expect(problemsWith([ResourceType.S3], { tiers, objectives: [objective(15)] })).toHaveLength(1);
});

test('a continuous backup that is kept for no longer than a day is warned of and not counted on', () => {
  const setup = new Setup();
  setup.selecting(all(ResourceType.S3), { tiers: [CONTINUOUS(1), DAILY()] });

  expect(problemsWith([ResourceType.S3], { tiers: [CONTINUOUS(1), DAILY()], objectives: [objective(15)] })).toHaveLength(1);
  expect(problemsWith([ResourceType.S3], { tiers: [CONTINUOUS(2), DAILY()], objectives: [objective(15)] })).toEqual([]);
  expect(warningsOf(setup)).toEqual([
    "'deleteAfter' (delete_after) of tier 'continuous' is 1 day, which is not longer than the time between two runs, so AWS Backup could let the continuous backup expire: set it to at least 2 days "
    + '[ack: cdk-backup-dr:continuousBackupMayExpire]',
  ]);
});

test('how far a continuous backup is behind is not checked where AWS or tags decide', () => {
  const hana = new Setup();
  hana.selecting(all(ResourceType.SAP_HANA), { tiers: [CONTINUOUS()], objectives: [objective(15)] });
  const tagged = new Setup();
  tagged.plan({ tiers: [CONTINUOUS()], objectives: [objective(15)] }).addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(hana.problems()).toEqual([]);
  expect(uncheckedIn(hana)).toEqual(["objective 'Orders': how far a continuous backup of SAP HANA on Amazon EC2 is behind: AWS does not say"]);
  expect(tagged.problems()).toEqual([]);
  expect(uncheckedIn(tagged)).toContain("objective 'Orders': whether all selected resources have continuous backups: this depends on tags or tokens");
});

test('refuses two plans that make continuous backups of one resource, and names both', () => {
  const setup = new Setup();
  const bucket = bucketIn(setup);
  for (const [id, name] of [['Plan1', 'one'], ['Plan2', 'two']]) {
    setup.plan({ tiers: [BackupTier.continuous({ name, deleteAfter: Duration.days(35) })] }, id).addSelection('Main', { resources: [BackupTarget.fromS3Bucket(bucket)] });
  }

  expect(setup.problems()).toEqual([
    "'Backup/Bucket/Resource' must have at most one continuous tier, because a resource has one continuous backup, got 'one' of plan 'Backup/Plan1' and 'two' of plan 'Backup/Plan2': "
    + 'remove the resource or the tier from one of them',
  ]);
});

test('two plans make continuous backups of two resources', () => {
  const setup = new Setup();
  ['1', '2'].forEach((id) => setup.plan({ tiers: [CONTINUOUS()] }, `Plan${id}`).addSelection('Main', { resources: [BackupTarget.fromS3Bucket(bucketIn(setup, `Bucket${id}`))] }));

  expect(setup.problems()).toEqual([]);
  expect(uncheckedIn(setup)).toEqual([]);
});

test('where a wildcard may select a resource for a second continuous backup, that is not checked', () => {
  const setup = new Setup();
  setup.plan({ tiers: [CONTINUOUS()] }, 'Plan1').addSelection('Main', { resources: [BackupTarget.fromS3Bucket(bucketIn(setup))] });
  setup.plan({ tiers: [CONTINUOUS()] }, 'Plan2').addSelection('All', { resources: all(ResourceType.S3) });
  setup.plan({ tiers: [CONTINUOUS()] }, 'Plan3').addSelection('All', { resources: all(ResourceType.RDS) });

  expect(setup.problems()).toEqual([]);
  expect(uncheckedIn(setup)).toEqual([
    "whether plan 'Backup/Plan2' creates continuous backups of the same resources as this one, although a resource has only one: this depends on tags, tokens or wildcards",
  ]);
});

test('refuses a bucket whose continuous and other backups go into two vaults', () => {
  const setup = new Setup();
  const other = new ReplicatedBackupVault(setup.stack, 'Other', { backupVaultName: 'other' });
  const resources = [BackupTarget.fromS3Bucket(bucketIn(setup))];
  setup.plan({ tiers: [CONTINUOUS()] }, 'Plan1').addSelection('Main', { resources });
  setup.plan({ vault: other }, 'Plan2').addSelection('Main', { resources });

  expect(setup.problems()).toEqual([
    "'Backup/Bucket/Resource' must have its continuous and its other backups in one vault, as AWS Backup requires for Amazon S3, got 'local' of plan 'Backup/Plan1' "
    + "and 'other' of plan 'Backup/Plan2': use one vault for both plans",
  ]);
});

test.each([[35, 0], [36, 1]])('a lock with a minimum of %i days refuses a continuous backup of 35 days %i times', (minimum, problems) => {
  const setup = new Setup({ vaultLock: VaultLock.governance({ minRetention: Duration.days(minimum) }) });

  expect(setup.refusals({ tiers: [CONTINUOUS()] })).toHaveLength(problems);
});

test('a continuous backup is copied however short it is kept: another snapshot is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting(all(ResourceType.S3), { tiers: [CONTINUOUS(2)] });

  expect(warningsOf(setup)).toEqual([]);
});
