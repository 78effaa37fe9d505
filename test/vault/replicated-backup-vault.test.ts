import { App, Duration, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const VAULT = 'AWS::Backup::BackupVault';
const KEY = 'AWS::KMS::Key';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

test('a vault alone makes no other stack', () => {
  new ReplicatedBackupVault(stack, 'Vault');

  expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(['Archive']);
});

test('a vault is encrypted with a customer key of its own that is rotated', () => {
  new ReplicatedBackupVault(stack, 'Vault');

  const template = Template.fromStack(stack);
  template.hasResourceProperties(KEY, { EnableKeyRotation: true });
  template.hasResourceProperties(VAULT, { EncryptionKeyArn: { 'Fn::GetAtt': ['VaultKeyCB88EF1A', 'Arn'] } });
});

test('the replica is a vault in a support stack of its region, with a key of its own', () => {
  new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND });

  const support = supportStackOf(stack, IRELAND);
  expect([support.stackName, support.account, support.region]).toEqual(['Archive-support-eu-west-1-for-eu-west-2', '333333333333', 'eu-west-1']);
  const template = Template.fromStack(support);
  template.hasResourceProperties(VAULT, { BackupVaultName: 'central-replica' });
  template.hasResourceProperties(KEY, { EnableKeyRotation: true });
  template.resourceCountIs(VAULT, 1);
});

test.each([['the vault', VAULT], ['its key', KEY]])('%s is retained when it leaves the stack, on both sides', (_, type) => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  for (const side of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(side).allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  }
});

test('another removal policy holds for vaults and keys', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, removalPolicy: RemovalPolicy.DESTROY });

  for (const side of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(side).allResources(VAULT, { DeletionPolicy: 'Delete' });
    Template.fromStack(side).allResources(KEY, { DeletionPolicy: 'Delete' });
  }
});

test('names and ARNs are literal strings on both sides', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND });

  expect([vault.account, vault.region, vault.backupVaultName, vault.backupVaultArn])
    .toEqual(['333333333333', 'eu-west-2', 'central', 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central']);
  expect([vault.replicaAccount, vault.replicaRegion, vault.replicaVaultName, vault.replicaVaultArn])
    .toEqual(['333333333333', 'eu-west-1', 'central-replica', 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica']);
});

test.each([
  ['cn-north-1', 'cn-northwest-1', 'arn:aws-cn:backup:cn-north-1:333333333333:backup-vault:central'],
  ['us-gov-west-1', 'us-gov-east-1', 'arn:aws-us-gov:backup:us-gov-west-1:333333333333:backup-vault:central'],
])('the partition of %s is a literal too', (region, replicaRegion, arn) => {
  const home = stackIn(LOG_ARCHIVE, region, app, 'Elsewhere');
  const vault = new ReplicatedBackupVault(home, 'Vault', { backupVaultName: 'central', replicaRegion });

  expect(vault.backupVaultArn).toBe(arn);
});

test('names follow from the path of the construct alone, and that of the replica is another one', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  expect([vault.backupVaultName, vault.replicaVaultName]).toEqual(['Archive-Vault-638bc3b5', 'Archive-Vault-638bc3b5-replica']);
});

test('names of the deepest constructs stay within the limit of AWS Backup', () => {
  const deep = stackIn(LOG_ARCHIVE, LONDON, app, 'AStackWithAVeryLongNameIndeed'.repeat(3));
  const vault = new ReplicatedBackupVault(deep, 'AndAVaultWithAVeryLongIdToo'.repeat(3), { replicaRegion: IRELAND });

  expect(vault.backupVaultName).toHaveLength(42);
  expect(vault.replicaVaultName).toMatch(/^[A-Za-z0-9\-_]{50}$/);
});

test('two nested stacks of one parent share the support stack, and their vaults do not collide', () => {
  for (const id of ['One', 'Two']) {
    new ReplicatedBackupVault(new NestedStack(stack, id), 'Vault', { replicaRegion: IRELAND });
  }

  const template = Template.fromStack(supportStackOf(stack, IRELAND));
  template.resourceCountIs(VAULT, 2);
  expect(new Set(Object.values(template.findResources(VAULT)).map(({ Properties }) => Properties.BackupVaultName)).size).toBe(2);
});

test('nothing is exported between the stack and its support stack', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  for (const side of [stack, supportStackOf(stack, IRELAND)]) {
    const template = Template.fromStack(side).toJSON();
    expect(template.Outputs).toBeUndefined();
    expect(Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type).sort()).toEqual([VAULT, KEY]);
  }
});

test('the replica may be in a stack of one\'s own, in another Stage and another account', () => {
  const stage = new Stage(app, 'Elsewhere');
  const away = stackIn(INFRASTRUCTURE, IRELAND, stage, 'Away');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaScope: away });

  expect(vault.replicaVaultArn).toBe('arn:aws:backup:eu-west-1:222222222222:backup-vault:central-replica');
  expect(stack.node.tryFindChild('support-eu-west-1')).toBeUndefined();
  Template.fromStack(away).hasResourceProperties(VAULT, { BackupVaultName: 'central-replica' });
});

test('a replica in another account is opened by the plan that copies into it, for its role', () => {
  const away = stackIn(INFRASTRUCTURE, IRELAND, new Stage(app, 'Elsewhere'), 'Away');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaScope: away });
  new TieredBackupPlan(stack, 'Plan', { vault, tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })] })
    .addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

  Template.fromStack(away).hasResourceProperties(VAULT, {
    AccessPolicy: Match.objectLike({
      Statement: Match.arrayWith([Match.objectLike({
        Action: 'backup:CopyIntoBackupVault',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::333333333333:root' },
        Condition: { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::333333333333:role/Archive-Plan-Role-57d797db-eu-west-2'] } },
      })]),
    }),
  });
});

test('keys of the caller are used on both sides, and none is made', () => {
  const away = stackIn(LOG_ARCHIVE, IRELAND, app, 'Away');
  new ReplicatedBackupVault(stack, 'Vault', {
    encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-2:333333333333:key/home'),
    replicaScope: away,
    replicaEncryptionKey: kms.Key.fromKeyArn(away, 'Key', 'arn:aws:kms:eu-west-1:333333333333:key/away'),
  });

  Template.fromStack(stack).hasResourceProperties(VAULT, { EncryptionKeyArn: 'arn:aws:kms:eu-west-2:333333333333:key/home' });
  Template.fromStack(away).hasResourceProperties(VAULT, { EncryptionKeyArn: 'arn:aws:kms:eu-west-1:333333333333:key/away' });
  Template.fromStack(stack).resourceCountIs(KEY, 0);
  Template.fromStack(away).resourceCountIs(KEY, 0);
});

test('a governance lock is written on both sides, without a lock date', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND, vaultLock: VaultLock.governance({ minRetention: Duration.days(7), maxRetention: Duration.days(365) }),
  });

  for (const side of [stack, supportStackOf(stack, IRELAND)]) {
    Template.fromStack(side).hasResourceProperties(VAULT, {
      LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 365, ChangeableForDays: Match.absent() },
    });
  }
});

test('the replica may have a lock of its own', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', {
    replicaRegion: IRELAND,
    vaultLock: VaultLock.governance({ minRetention: Duration.days(7) }),
    replicaVaultLock: VaultLock.compliance({ minRetention: Duration.days(1), maxRetention: Duration.days(720), changeableFor: Duration.days(3) }),
  });

  Template.fromStack(stack).hasResourceProperties(VAULT, { LockConfiguration: { MinRetentionDays: 7 } });
  Template.fromStack(supportStackOf(stack, IRELAND)).hasResourceProperties(VAULT, {
    LockConfiguration: { MinRetentionDays: 1, MaxRetentionDays: 720, ChangeableForDays: 3 },
  });
  expect(vault.replicaVaultLock?.changeableFor?.toDays()).toBe(3);
});

test('a lock whose minimum is its maximum is written: AWS Backup takes it', () => {
  new ReplicatedBackupVault(stack, 'Vault', { vaultLock: VaultLock.governance({ minRetention: Duration.days(30), maxRetention: Duration.days(30) }) });

  Template.fromStack(stack).hasResourceProperties(VAULT, { LockConfiguration: { MinRetentionDays: 30, MaxRetentionDays: 30 } });
});

test('without a lock there is no lock configuration', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });

  Template.fromStack(stack).hasResourceProperties(VAULT, { LockConfiguration: Match.absent() });
});

test('a stack without an account and region may have a vault, as long as it has no replica', () => {
  const agnostic = new Stack(app, 'Agnostic');
  const vault = new ReplicatedBackupVault(agnostic, 'Vault', { backupVaultName: 'local' });

  expect(agnostic.resolve(vault.backupVaultArn)).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':backup:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':backup-vault:local']],
  });
  Template.fromStack(agnostic).hasResourceProperties(VAULT, { BackupVaultName: 'local' });
});

test('metrics are those of AWS Backup, with the name of the vault as their dimension', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central' });

  expect(vault.metricNumberOfBackupJobsFailed().toMetricConfig().metricStat).toMatchObject({
    namespace: 'AWS/Backup',
    metricName: 'NumberOfBackupJobsFailed',
    dimensions: [{ name: 'BackupVaultName', value: 'central' }],
    statistic: 'Sum',
    period: Duration.minutes(5),
    account: '333333333333',
    region: 'eu-west-2',
  });
});

test.each([
  'NumberOfBackupJobsCreated', 'NumberOfBackupJobsPending', 'NumberOfBackupJobsRunning', 'NumberOfBackupJobsAborted', 'NumberOfBackupJobsCompleted',
  'NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfCopyJobsCreated', 'NumberOfCopyJobsRunning', 'NumberOfCopyJobsCompleted',
  'NumberOfCopyJobsFailed', 'NumberOfRestoreJobsPending', 'NumberOfRestoreJobsRunning', 'NumberOfRestoreJobsCompleted', 'NumberOfRestoreJobsFailed',
  'NumberOfRecoveryPointsCompleted', 'NumberOfRecoveryPointsPartial', 'NumberOfRecoveryPointsExpired', 'NumberOfRecoveryPointsDeleting',
  'NumberOfRecoveryPointsCold',
])('the method for %s asks for that metric', (name) => {
  const vault = new ReplicatedBackupVault(stack, 'Vault');
  const method = vault[`metric${name}` as 'metricNumberOfBackupJobsFailed'];

  expect(method.call(vault).metricName).toBe(name);
});

test('metrics of copies into the replica are published where the copies start', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND });
  const { dimensions, region } = vault.metricReplica('NumberOfCopyJobsFailed').toMetricConfig().metricStat!;

  expect([dimensions, region]).toEqual([[{ name: 'BackupVaultName', value: 'central-replica' }], 'eu-west-2']);
});

test('a vault without a replica has no metrics of one', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault');

  expect(() => vault.metricReplica('NumberOfCopyJobsFailed'))
    .toThrow("vault 'Archive/Vault' has no replica: set 'replicaRegion' (replica_region), or leave out 'metricReplica'");
});
