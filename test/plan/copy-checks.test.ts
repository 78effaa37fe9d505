import { Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DAILY, Setup, TABLES } from './setup';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** Copies into a vault of another account, in a region. */
function abroad(setup: Setup, region = LONDON): Partial<TieredBackupPlanProps> {
  return { copyTo: [BackupCopy.to(new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, region, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' }))] };
}

function reasons(setup: Setup): string[] {
  return Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason);
}

test('refuses to copy a type that AWS Backup copies nowhere', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.allOf(ResourceType.FSX_ONTAP)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy FSx, so nothing reaches 'local-replica': select it in a plan with 'copyTo: []'"]);
});

test('refuses to copy stacks into another account', () => {
  const setup = new Setup({ replicaScope: stackIn('333333333333', IRELAND) });
  setup.selecting([BackupTarget.allOf(ResourceType.CLOUDFORMATION)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy CloudFormation into another account, so nothing reaches 'local-replica': select it in a plan of its own"]);
});

test('refuses to copy a Multi-AZ DB cluster, which AWS Backup can not copy at all', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.construct(new rds.CfnDBCluster(setup.stack, 'Orders', { engine: 'postgres' }))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't copy RDS ('Backup/Orders'), so nothing reaches 'local-replica': select it in a plan with 'copyTo: []'",
  ]);
});

test('an Aurora cluster is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.construct(new rds.CfnDBCluster(setup.stack, 'Orders', { engine: 'aurora-postgresql' }))]);

  expect(setup.problems()).toEqual([]);
});

test('refuses to copy a volume of FSx for NetApp ONTAP', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.construct(new fsx.CfnVolume(setup.stack, 'Files', { name: 'files', volumeType: 'ONTAP' }))]);

  expect(setup.problems()).toHaveLength(1);
});

test('a volume of FSx for OpenZFS is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.construct(new fsx.CfnVolume(setup.stack, 'Files', { name: 'files', volumeType: 'OPENZFS' }))]);

  expect(setup.problems()).toEqual([]);
});

test('refuses to copy into another account what a key of AWS encrypts: that key can not be shared', () => {
  const setup = new Setup();
  const volume = new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', encrypted: true });
  setup.selecting([BackupTarget.construct(volume)], abroad(setup));

  expect(setup.problems()).toEqual([
    "selection 'Selection': 'Backup/Volume' is encrypted with a key of AWS, which can't be shared, so its copies into account 333333333333 fail "
    + "and nothing reaches 'central': give it a customer key, or select it in a plan of its own",
  ]);
});

test('what a key of AWS encrypts is copied into another region of its account', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.construct(new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', encrypted: true }))]);

  expect(setup.problems()).toEqual([]);
});

test('a customer key of a resource that is copied into another account is reported as unchecked', () => {
  const setup = new Setup();
  const volume = new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', encrypted: true, kmsKeyId: 'key-1' });
  setup.selecting([BackupTarget.construct(volume)], abroad(setup));

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup)).toContain('the keys of the selected EBS resources: each must be a customer key whose policy lets AWS Backup of account '
    + '333333333333 use it, since copies of EBS are read with it');
});

test('the key of a table is not asked for: its recovery points have that of the vault', () => {
  const setup = new Setup();
  new BackupRegionSettings(setup.stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
  setup.selecting(TABLES(), abroad(setup));

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup).filter((reason) => /key/.test(reason))).toEqual([]);
});

test.each([
  ['DocumentDB into another region', ResourceType.DOCUMENTDB, INFRASTRUCTURE, "AWS Backup can't copy DocumentDB from or to af-south-1"],
  ['Neptune into another account', ResourceType.NEPTUNE, LOG_ARCHIVE, "AWS Backup can't copy Neptune into another account from or to af-south-1"],
])('refuses to copy %s where a region has to be opted into', (_, type, account, problem) => {
  const setup = new Setup();
  const destination = new ReplicatedBackupVault(stackIn(account, 'af-south-1', setup.app, 'Africa'), 'Vault', { backupVaultName: 'far' });
  setup.selecting([BackupTarget.allOf(type)], { copyTo: [BackupCopy.to(destination)] });

  expect(setup.problems()).toEqual([
    `selection 'Selection': ${problem}, a region to opt into, so nothing reaches 'far': select it in a plan of its own`,
  ]);
});

test('Neptune is copied into a region to opt into within the account', () => {
  const setup = new Setup({ replicaRegion: 'af-south-1' });
  setup.selecting([BackupTarget.allOf(ResourceType.NEPTUNE)]);

  expect(setup.problems()).toEqual([]);
});

test('refuses to copy tables where the advanced features for DynamoDB are off', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  new BackupRegionSettings(setup.stack, 'Settings', { resourceTypes: [ResourceType.S3] });
  setup.selecting();

  expect(setup.problems()).toEqual([
    "copies and cold storage of DynamoDB need the advanced features of AWS Backup: turn on 'dynamoDbAdvancedFeatures' in 'Backup/Settings'",
  ]);
});

test('whether the advanced features are on is reported as unchecked where the app does not set them', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting();

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup)).toEqual([
    'whether AWS Backup has its advanced features for DynamoDB here, which copies and cold storage need: '
    + 'define BackupRegionSettings for account 222222222222, region eu-west-2',
    'whether AWS Backup has its advanced features for DynamoDB in account 222222222222, region eu-west-1, which copies into it need: '
    + 'define BackupRegionSettings in a stack there',
  ]);
});

test('nothing is reported of the advanced features where the app sets them on both sides', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  [setup.stack, Stack.of(setup.vault.replica!)].forEach((stack) => new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] }));
  setup.selecting();

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup)).toEqual([]);
});

test('tables that are neither copied nor made cold need no advanced features', () => {
  const setup = new Setup();
  setup.selecting();

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup)).toEqual([]);
});

test('a plan in a stack without an account and a region can copy nowhere: what its policies name would be a token', () => {
  const setup = new Setup();
  const stack = stackIn(Lazy.string({ produce: () => 'account' }), Lazy.string({ produce: () => 'region' }), setup.app, 'Agnostic');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'nowhere' });

  expect(() => new TieredBackupPlan(stack, 'Plan', { vault, tiers: [DAILY()], copyTo: [BackupCopy.to(setup.vault)] }))
    .toThrow("'copyTo' needs the literal account and region of the plan's own stack: set its 'env', got an unknown account, an unknown region");
});

test('metrics of copies are those of the plan\'s own account and region, whatever vault they go into', () => {
  const setup = new Setup();
  const archive = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive'), 'Vault', { backupVaultName: 'central' });
  const copy = BackupCopy.to(archive);
  const plan = setup.selecting(TABLES(), { copyTo: [copy] });

  expect(plan.metricCopyJobs(copy, 'NumberOfCopyJobsFailed').toMetricConfig().metricStat).toMatchObject({
    namespace: 'AWS/Backup',
    metricName: 'NumberOfCopyJobsFailed',
    dimensions: [{ name: 'BackupVaultName', value: 'central' }],
    statistic: 'Sum',
  });
  expect(setup.stack.resolve(plan.metricCopyJobs(copy, 'NumberOfCopyJobsFailed').toMetricConfig().metricStat)).toMatchObject({ account: INFRASTRUCTURE, region: LONDON });
});
