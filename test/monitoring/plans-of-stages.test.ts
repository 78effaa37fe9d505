import { App, Stage } from 'aws-cdk-lib';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

test('a plan of another Stage that backs up into the vault too is that Stage\'s to watch', () => {
  const app = new App();
  const [dev, prod] = ['Dev', 'Prod'].map((id) => stackIn(INFRASTRUCTURE, LONDON, new Stage(app, id)));
  const vault = new ReplicatedBackupVault(dev, 'Vault', { backupVaultName: 'shared' });
  new BackupAlarms(dev, 'Alarms', { vaults: [vault] });
  const theirs = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(prod, 'Vault', { backupVaultName: 'shared', account: INFRASTRUCTURE, region: LONDON });
  const planIn = (stack: typeof dev, of: typeof theirs) => new TieredBackupPlan(stack, 'Plan', { vault: of, tiers: [DAILY()] }).addSelection('Selection', { resources: TABLES() });
  planIn(dev, vault);
  planIn(prod, theirs);
  app.synth();

  expect(Registry.of(app).all(UNCHECKED).filter(({ reason }) => /add it to 'plans'/.test(reason))).toEqual([
    { id: 'planNotWatched', path: 'Dev/Backup/Alarms', reason: "whether plan 'Dev/Backup/Plan' creates recovery points and copies in time: add it to 'plans'" },
  ]);
});
