import { Stack } from 'aws-cdk-lib';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';
import { DAILY, Setup } from './setup';

function copies(setup: Setup, count: number): BackupCopy[] {
  return Array.from({ length: count }, (_, index) => BackupCopy.to(ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, `Vault${index}`, {
    backupVaultName: `vault-${index}`, account: LOG_ARCHIVE, region: LONDON,
  })));
}

test('refuses 6 copies of a tier', () => {
  const setup = new Setup();

  expect(setup.refusals({ copyTo: copies(setup, 6) }))
    .toEqual(["tier 'daily' must be copied into at most 5 vaults, the maximum number of copy actions of a rule, got 6"]);
});

test('takes 5 copies of a tier', () => {
  const setup = new Setup();

  expect(setup.refusals({ copyTo: copies(setup, 5) })).toEqual([]);
});

test('refuses two copies of a tier into one vault', () => {
  const setup = new Setup({ replicaRegion: IRELAND });

  expect(setup.refusals({ copyTo: [BackupCopy.toReplicaOf(setup.vault), BackupCopy.toReplicaOf(setup.vault, { tiers: ['daily'] })] }))
    .toEqual(["'copyTo' (copy_to) must contain a vault only once for each tier, got arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica 2 times for tier 'daily'"]);
});

test('refuses a copy of a tier that the plan does not have', () => {
  const setup = new Setup({ replicaRegion: IRELAND });

  expect(setup.refusals({ copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: ['weekly'] })] }))
    .toEqual(["'tiers' of the copy into 'local-replica' must be names of tiers of the plan (daily), got 'weekly'"]);
});

test('refuses a copy of no tier', () => {
  const setup = new Setup({ replicaRegion: IRELAND });

  expect(setup.refusals({ copyTo: [BackupCopy.toReplicaOf(setup.vault, { tiers: [] })] }))
    .toEqual(["'tiers' of the copy into 'local-replica' must contain at least one tier, got none: leave it out for all tiers"]);
});

test('refuses a copy into the plan\'s own vault', () => {
  const setup = new Setup();

  expect(setup.refusals({ copyTo: [BackupCopy.to(setup.vault)] })).toEqual(["'copyTo' (copy_to) must not contain the vault of the plan, got 'local'"]);
});

test('refuses a copy into a vault whose region is a token: its ARN could not be a literal', () => {
  const setup = new Setup();
  const elsewhere = new ReplicatedBackupVault(new Stack(setup.app, 'Agnostic'), 'Vault', { backupVaultName: 'somewhere' });

  expect(setup.refusals({ copyTo: [BackupCopy.to(elsewhere)] }))
    .toEqual(["'copyTo' (copy_to) requires a literal account and region of vault 'somewhere': set the 'env' of its stack, got an unknown account, an unknown region"]);
});

test('refuses a copy into another partition', () => {
  const setup = new Setup();
  const china = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'China', { backupVaultName: 'far', account: LOG_ARCHIVE, region: 'cn-north-1' });

  expect(setup.refusals({ copyTo: [BackupCopy.to(china)] }))
    .toEqual(["'copyTo' (copy_to) must stay in the partition aws, got 'far' in account 333333333333, region cn-north-1"]);
});

test('refuses a copy into another account in China', () => {
  const stack = stackIn('222222222222', 'cn-north-1');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
  const other = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Other', { backupVaultName: 'far', account: LOG_ARCHIVE, region: 'cn-northwest-1' });

  expect(() => new TieredBackupPlan(stack, 'Plan', { vault, tiers: [DAILY()], copyTo: [BackupCopy.to(other)] }))
    .toThrow("'copyTo' (copy_to) must stay in account 222222222222, because AWS Backup does not copy across accounts in China, got 'far' in account 333333333333, region cn-northwest-1");
});

test('refuses a copy into the default vault of another account', () => {
  const setup = new Setup();
  const standard = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Default', { backupVaultName: 'Default', account: LOG_ARCHIVE, region: LONDON });

  expect(setup.refusals({ copyTo: [BackupCopy.to(standard)] }))
    .toEqual(["'copyTo' (copy_to) must not contain the vault 'Default' of account 333333333333: other accounts can't copy into it"]);
});

test('refuses to copy into the replica of a vault that has none', () => {
  const setup = new Setup();

  expect(() => BackupCopy.toReplicaOf(setup.vault))
    .toThrow("invalid BackupCopy.toReplicaOf at 'Backup/Vault':\n- 'vault' has no replica: give it a 'replicaRegion' (replica_region), or use 'BackupCopy.to'");
});
