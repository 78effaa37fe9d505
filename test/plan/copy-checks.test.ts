import { Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
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
  setup.selecting([BackupTarget.allOf(ResourceType.REDSHIFT)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy Redshift, so nothing reaches 'local-replica': select it in a plan with 'copyTo: []'"]);
});

test('refuses to copy stacks into another account', () => {
  const setup = new Setup({ replicaScope: stackIn('333333333333', IRELAND) });
  setup.selecting([BackupTarget.allOf(ResourceType.CLOUDFORMATION)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy CloudFormation into another account, so nothing reaches 'local-replica': select it in a separate plan"]);
});

test('refuses to copy a Multi-AZ DB cluster, which AWS Backup can not copy at all', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.fromConstruct(new rds.CfnDBCluster(setup.stack, 'Orders', { engine: 'postgres' }))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't copy RDS ('Backup/Orders'), so nothing reaches 'local-replica': select it in a plan with 'copyTo: []'",
  ]);
});

test('an Aurora cluster is copied', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.fromConstruct(new rds.CfnDBCluster(setup.stack, 'Orders', { engine: 'aurora-postgresql' }))]);

  expect(setup.problems()).toEqual([]);
});

test.each(['ONTAP', 'OPENZFS'])('a volume of FSx for %s is copied', (volumeType) => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.fromConstruct(new fsx.CfnVolume(setup.stack, 'Files', { name: 'files', volumeType }))]);

  expect(setup.problems()).toEqual([]);
});

test('refuses to copy into another account what an AWS managed key encrypts: that key can not be shared', () => {
  const setup = new Setup();
  const volume = new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', encrypted: true, kmsKeyId: 'alias/aws/ebs' });
  setup.selecting([BackupTarget.fromConstruct(volume)], abroad(setup));

  expect(setup.problems()).toEqual([
    "selection 'Selection': 'Backup/Volume' is encrypted with an AWS managed key, which can't be shared, so its copies into account 333333333333 fail "
    + "and nothing reaches 'central': use a customer managed key, or select it in a separate plan",
  ]);
});

test('what an AWS managed key encrypts is copied into another region of its account', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const volume = new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', encrypted: true, kmsKeyId: 'alias/aws/ebs' });
  setup.selecting([BackupTarget.fromConstruct(volume)]);

  expect(setup.problems()).toEqual([]);
});

const KEYS = /^copies of EBS into account 333333333333 are read with the keys of the resources \('Backup\/Volume'\), and fail unless each of them is a customer managed key/;

test.each([
  ['a customer managed key', { encrypted: true, kmsKeyId: 'key-1' }, true],
  ['whatever key the account has as its default', { encrypted: true }, true],
  ['whatever the account says of encryption', {}, true],
  ['what its snapshot has', { encrypted: false, snapshotId: 'snap-1' }, true],
  ['nothing, as its template says', { encrypted: false }, false],
])('of a volume that is copied into another account and encrypted with %s, the key is reported as unchecked: %j %s', (_, props, isUnchecked) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(new ec2.CfnVolume(setup.stack, 'Volume', { availabilityZone: 'eu-west-2a', ...props }))], abroad(setup));

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup).some((reason) => KEYS.test(reason))).toBe(isUnchecked);
});

test('the key of a table is not asked for: its recovery points have that of the vault', () => {
  const setup = new Setup();
  new BackupRegionSettings(setup.stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
  setup.selecting(TABLES(), abroad(setup));

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup).filter((reason) => /key/.test(reason))).toEqual([]);
});

const NOT_COPIED = 'so nothing reaches \'far\': select it in a separate plan';

test.each([
  ['Neptune', ResourceType.NEPTUNE, LOG_ARCHIVE, 'af-south-1', ' into another account from or to af-south-1, an opt-in region'],
  ['Neptune', ResourceType.NEPTUNE, INFRASTRUCTURE, 'eu-south-1', ' into another region from or to eu-south-1, an opt-in region'],
  ['CloudFormation', ResourceType.CLOUDFORMATION, LOG_ARCHIVE, 'af-south-1', ' into another account'],
  ['Timestream', ResourceType.TIMESTREAM, LOG_ARCHIVE, 'eu-south-1', ' into another account from or to eu-south-1, an opt-in region'],
  ['FSx', ResourceType.FSX, INFRASTRUCTURE, 'me-south-1', ' into another region from or to me-south-1'],
  ['FSx', ResourceType.FSX_ONTAP, INFRASTRUCTURE, 'me-central-1', ' into another region from or to me-central-1'],
  ['FSx', ResourceType.FSX_ONTAP, INFRASTRUCTURE, 'ap-southeast-6', ' from or to ap-southeast-6'],
])('refuses to copy %s where AWS Backup does not: %s, account %s, %s', (name, type, account, region, where) => {
  const setup = new Setup();
  const destination = new ReplicatedBackupVault(stackIn(account, region, setup.app, 'Far'), 'Vault', { backupVaultName: 'far' });
  setup.selecting([BackupTarget.allOf(type)], { copyTo: [BackupCopy.to(destination)] });

  expect(setup.problems()).toEqual([`selection 'Selection': AWS Backup can't copy ${name}${where}, ${NOT_COPIED}`]);
});

test.each([
  ['DocumentDB', ResourceType.DOCUMENTDB, LOG_ARCHIVE, 'af-south-1'],
  ['DocumentDB', ResourceType.DOCUMENTDB, INFRASTRUCTURE, 'eu-south-1'],
  ['Neptune', ResourceType.NEPTUNE, INFRASTRUCTURE, 'af-south-1'],
  ['Timestream', ResourceType.TIMESTREAM, INFRASTRUCTURE, 'eu-south-1'],
  ['FSx', ResourceType.FSX_ONTAP, LOG_ARCHIVE, 'af-south-1'],
])('copies %s where AWS Backup does: %s, account %s, %s', (_, type, account, region) => {
  const setup = new Setup();
  const destination = new ReplicatedBackupVault(stackIn(account, region, setup.app, 'Far'), 'Vault', { backupVaultName: 'far' });
  setup.selecting([BackupTarget.allOf(type)], { copyTo: [BackupCopy.to(destination)] });

  expect(setup.problems()).toEqual([]);
});

test('warns of a region that the AWS CDK does not know where it matters whether one opts into it', () => {
  const setup = new Setup();
  const destination = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Far', { backupVaultName: 'far', account: INFRASTRUCTURE, region: 'eu-north-9' });
  setup.selecting([BackupTarget.allOf(ResourceType.NEPTUNE), BackupTarget.allOf(ResourceType.EFS)], { copyTo: [BackupCopy.to(destination)] });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp('does not know the region eu-north-9.*is not checked.*Neptune'));
});

test('refuses to copy tables where the advanced features for DynamoDB are off', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  new BackupRegionSettings(setup.stack, 'Settings', { resourceTypes: [ResourceType.S3] });
  setup.selecting();

  expect(setup.problems()).toEqual([
    "copies and cold storage of DynamoDB require the advanced features of AWS Backup: turn on 'dynamoDbAdvancedFeatures' (dynamo_db_advanced_features) in 'Backup/Settings'",
  ]);
});

test('whether the advanced features are on is reported as unchecked where the app does not set them', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting();

  expect(setup.problems()).toEqual([]);
  expect(reasons(setup)).toEqual([
    'copies and cold storage of DynamoDB fail unless the advanced features for DynamoDB are turned on here, which this app does not do: '
    + 'define BackupRegionSettings for account 222222222222, region eu-west-2, or acknowledge this warning if they are already turned on',
    'copies of DynamoDB fail unless the advanced features for DynamoDB are turned on in the destination, account 222222222222, region eu-west-1, which this app does not do: define BackupRegionSettings in a stack there, or acknowledge this warning if they are already turned on',
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
    .toThrow("'copyTo' (copy_to) requires a literal account and region of the stack of the plan: set its 'env', got an unknown account, an unknown region");
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
