import { Duration, Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { DAILY, EVENING, Setup } from './setup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { IRELAND } from '../stacks';

function settingsOf(types: ResourceType[], props: Partial<TieredBackupPlanProps>): unknown {
  const setup = new Setup();
  setup.selecting(types.map((type) => BackupTarget.allOf(type)), props);
  const [plan] = Object.values(Template.fromStack(setup.stack).findResources('AWS::Backup::BackupPlan'));
  return plan.Properties.BackupPlan.AdvancedBackupSettings;
}

function problemsWith(types: ResourceType[], props: Partial<TieredBackupPlanProps>): string[] {
  const setup = new Setup();
  setup.selecting(types.map((type) => BackupTarget.allOf(type)), props);
  return setup.problems();
}

test('Windows instances are backed up by VSS where a plan says so', () => {
  expect(settingsOf([ResourceType.EC2], { windowsVss: true })).toEqual([{ ResourceType: 'EC2', BackupOptions: { WindowsVSS: 'enabled' } }]);
});

test.each<[string, Partial<TieredBackupPlanProps>, object]>([
  ['access control lists', { s3BackupAcls: false }, { BackupACLs: 'disabled' }],
  ['tags', { s3BackupObjectTags: false }, { BackupObjectTags: 'disabled' }],
  ['both', { s3BackupAcls: false, s3BackupObjectTags: false }, { BackupACLs: 'disabled', BackupObjectTags: 'disabled' }],
])('backups of Amazon S3 are made without %s where a plan says so', (_, props, BackupOptions) => {
  expect(settingsOf([ResourceType.S3], props)).toEqual([{ ResourceType: 'S3', BackupOptions }]);
});

test('without them a plan has no such settings', () => {
  expect(settingsOf([ResourceType.S3, ResourceType.EC2], { windowsVss: false, s3BackupAcls: true, s3BackupObjectTags: true })).toBeUndefined();
});

test('refuses settings for types of which nothing is selected', () => {
  expect(problemsWith([ResourceType.EFS], { windowsVss: true, s3BackupAcls: false, s3BackupObjectTags: false })).toEqual([
    "'windowsVss' (windows_vss) has no effect: no Amazon EC2 instance is selected (the selected types are EFS); leave it out",
    "'s3BackupAcls' (s3_backup_acls) has no effect: no Amazon S3 bucket is selected (the selected types are EFS); leave it out",
    "'s3BackupObjectTags' (s3_backup_object_tags) has no effect: no Amazon S3 bucket is selected (the selected types are EFS); leave it out",
  ]);
});

test.each([
  [ResourceType.EC2, { windowsVss: true }], [ResourceType.CLOUDFORMATION, { windowsVss: true, s3BackupAcls: false }],
  [ResourceType.S3, { s3BackupAcls: false }],
  [ResourceType.EKS, { s3BackupObjectTags: false }], [ResourceType.EFS, { windowsVss: false, s3BackupAcls: true }],
])('takes for %s the settings %j', (type, props) => {
  expect(problemsWith([type], props)).toEqual([]);
});

test('takes settings where tags decide what is selected', () => {
  const setup = new Setup();
  setup.plan({ windowsVss: true, s3BackupAcls: false }).addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toEqual([]);
});

const lock = (days: number) => VaultLock.governance({ minRetention: Duration.days(days) });
const infosOf = (setup: Setup) => {
  setup.app.synth();
  return Annotations.fromStack(setup.stack).findInfo('*', Match.stringLikeRegexp('minRetention')).map(({ id, entry }) => `${id} ${entry.data}`);
};

test('says where the minimum of a lock is below the shortest retention that is copied into its vault', () => {
  const setup = new Setup({ replicaRegion: IRELAND, vaultLock: lock(1), replicaVaultLock: lock(1) });
  setup.selecting(undefined, { tiers: [DAILY(), EVENING()] });

  expect(infosOf(setup)).toEqual([
    "/Backup/Plan the 'minRetention' (min_retention) of the lock of vault 'local-replica' is 1 day, and the shortest retention of copies into it is 7 days: with a 'minRetention' of 7 days, the lock also rejects shorter retentions after a change of the plan [ack: cdk-backup-dr:lockMinimumBelowRetention]",
  ]);
});

test('says nothing where the minimum is the shortest retention that is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND, replicaVaultLock: lock(7) });
  setup.selecting(undefined, { tiers: [DAILY(), EVENING()] });

  expect(infosOf(setup)).toEqual([]);
});

test('the plan with the shortest retention of all says it, and no other', () => {
  const setup = new Setup();
  const archive = new ReplicatedBackupVault(setup.stack, 'Archive', { backupVaultName: 'archive', vaultLock: lock(3) });
  const copyTo = [BackupCopy.to(archive)];
  ['Plan1', 'Plan2', 'Plan3'].forEach((id, index) => setup.plan({ copyTo, tiers: [index === 0 ? DAILY() : EVENING()] }, id)
    .addSelection('Selection', { resources: [BackupTarget.allOf(ResourceType.EFS)] }));

  expect(infosOf(setup)).toEqual([expect.stringMatching(/^\/Backup\/Plan2 .* vault 'archive' is 3 days, and the shortest retention of copies into it is 7 days/)]);
});

test('a retention that is a token is not compared with the minimum of a lock', () => {
  const setup = new Setup({ replicaRegion: IRELAND, replicaVaultLock: lock(1) });
  setup.selecting(undefined, { tiers: [BackupTier.daily({ deleteAfter: Duration.days(Lazy.number({ produce: () => 35 })) })] });

  expect(infosOf(setup)).toEqual([]);
});
