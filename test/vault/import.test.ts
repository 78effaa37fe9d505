import { App, Duration } from 'aws-cdk-lib';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const attributes = { backupVaultName: 'central', account: '333333333333', region: 'eu-west-2' };

test('an imported vault has literal ARNs of its own account and region, not of the stack\'s', () => {
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON), 'Central', { ...attributes, replicaRegion: 'eu-west-1' });

  expect([vault.backupVaultArn, vault.primary.backupVaultArn]).toEqual([
    'arn:aws:backup:eu-west-2:333333333333:backup-vault:central', 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central',
  ]);
  expect([vault.replicaVaultName, vault.replicaVaultArn, vault.replica?.backupVaultArn]).toEqual([
    'central-replica', 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica', 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica',
  ]);
});

test('the replica of an imported vault may have another name and another account', () => {
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON), 'Central', {
    ...attributes, replicaRegion: 'eu-west-1', replicaAccount: '444444444444', replicaVaultName: 'far',
  });

  expect(vault.replicaVaultArn).toBe('arn:aws:backup:eu-west-1:444444444444:backup-vault:far');
});

test('an imported vault without a replica has none', () => {
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON), 'Central', attributes);

  const { replica, replicaVaultArn, replicaVaultName, replicaRegion, replicaAccount } = vault;
  expect([replica, replicaVaultArn, replicaVaultName, replicaRegion, replicaAccount].filter((each) => each !== undefined)).toEqual([]);
});

test('an imported vault keeps the locks that are said of it', () => {
  const vaultLock = VaultLock.governance({ minRetention: Duration.days(1) });
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON), 'Central', { ...attributes, vaultLock });

  expect([vault.vaultLock, vault.replicaVaultLock]).toEqual([vaultLock, undefined]);
});

test('an imported vault adds nothing to the template', () => {
  const app = new App();
  ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON, app), 'Central', attributes);

  expect(app.synth().stacks.map(({ template }) => template.Resources)).toEqual([undefined]);
});

test('an imported vault has metrics of what happens in its own account and region', () => {
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stackIn(INFRASTRUCTURE, LONDON), 'Central', attributes);

  expect(vault.metricNumberOfRestoreJobsFailed().toMetricConfig().metricStat).toMatchObject({ account: '333333333333', region: 'eu-west-2', metricName: 'NumberOfRestoreJobsFailed' });
});
