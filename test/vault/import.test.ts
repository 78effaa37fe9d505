import { App, Duration } from 'aws-cdk-lib';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { alarmsOf, alarmsOn } from '../alarms-of';
import { problemsOf } from '../problems';
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

describe('a vault that AWS makes itself', () => {
  const importedBy = (backupVaultName: string, more = {}) => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', { backupVaultName, account: INFRASTRUCTURE, region: LONDON, ...more });
    return { app, stack, vault };
  };

  test.each(['aws/efs/automatic-backup-vault', 'Default'])('can be imported: %s', (name) => {
    const { vault } = importedBy(name);

    expect([vault.backupVaultArn, vault.primary.backupVaultArn, vault.primary.backupVaultName])
      .toEqual([`arn:aws:backup:eu-west-2:222222222222:backup-vault:${name}`, `arn:aws:backup:eu-west-2:222222222222:backup-vault:${name}`, name]);
  });

  test.each(['efs/vault', 'aws/', 'aws//vault', 'aws/efs/automatic backup', `aws/${'a'.repeat(47)}`])('is none with the name %j', (name) => {
    expect(problemsOf(() => importedBy(name))).toEqual([expect.stringMatching(/^'backupVaultName' \(backup_vault_name\) must be 2 to 50 letters, digits, hyphens and underscores, got /)]);
  });

  test('is no name for a vault that is defined', () => {
    expect(problemsOf(() => new ReplicatedBackupVault(stackIn(INFRASTRUCTURE, LONDON), 'Vault', { backupVaultName: 'aws/efs/automatic-backup-vault' }))).toHaveLength(1);
  });

  test('has alarms, messages, central alarms and graphs, as others have', () => {
    const { app, stack, vault } = importedBy('aws/efs/automatic-backup-vault');
    new BackupAlarms(stack, 'Alarms', { vaults: [vault], notify: [Notify.email('operations@example.com')] });
    new BackupNotifications(stack, 'Messages', { vaults: [vault], notify: [Notify.email('operations@example.com')] });
    new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', vaults: [vault] });
    const plan = TieredBackupPlan.fromBackupPlanAttributes(stack, 'Plan', {
      backupPlanId: 'plan', vault, tiers: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })],
    });
    new BackupDashboard(stack, 'Dashboard', { centralMonitoring: new CentralMonitoring(stack, 'Other', { organizationId: 'o-exampleorg12', plans: [plan] }) });
    app.synth();

    const names = alarmsOf(stack).map(({ AlarmName }) => AlarmName);
    expect(names.filter((name) => name.includes('aws/efs/automatic-backup-vault')).length).toBeGreaterThan(3);
    expect(names.every((name) => name.length <= 255)).toBe(true);
    expect(alarmsOn(stack, 'NumberOfBackupJobsFailed').flatMap(({ Dimensions }) => Dimensions?.at(-1) ?? []))
      .toEqual(Array(2).fill({ Name: 'BackupVaultName', Value: 'aws/efs/automatic-backup-vault' }));
  });
});

describe('a replica under the name of its vault', () => {
  test('can be imported, and synthesis says what metrics can\'t tell', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
      backupVaultName: 'prod', account: INFRASTRUCTURE, region: LONDON, replicaRegion: 'eu-west-1', replicaVaultName: 'prod',
    });
    new BackupAlarms(stack, 'Alarms', { vaults: [vault], notify: [Notify.email('operations@example.com')] });
    new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', vaults: [vault] });
    app.synth();

    expect(Registry.of(app).all(UNCHECKED)).toContainEqual({
      id: 'vaultsOfOneName',
      path: 'Backup/Vault',
      reason: "which copies arrive in the vault and which in its replica: both have the name 'prod', and "
        + 'the metrics of copy jobs identify a vault by its name only, so copies into one can hide'
        + ' that none arrive in the other',
    });
  });
});
