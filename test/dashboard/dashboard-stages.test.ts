import { App, Duration, Stage } from 'aws-cdk-lib';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { RecoveryObjective } from '../../src/objectives/recovery-objective';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';
import { shownIn, titled } from './dashboard';

/** An app that has all of it twice: in dev, and in prod. */
function twoStages(): { app: App; dev: Stage; prod: Stage } {
  const app = new App();
  const [dev, prod] = ['dev', 'prod'].map((name) => {
    const stage = new Stage(app, name);
    const stack = stackIn(INFRASTRUCTURE, LONDON, stage, 'Backup');
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: `${name}-vault` });
    const plan = new TieredBackupPlan(stack, 'Plan', { vault, tiers: [DAILY()] });
    plan.addSelection('Tables', { resources: TABLES(), objectives: [new RecoveryObjective({ name: `${name} table lost`, rto: Duration.hours(4), rpo: Duration.hours(36) })] });
    new ReplicatedBucket(stack, 'Bucket', { bucketName: `${name}-uploads`, replicaRegion: IRELAND });
    return stage;
  });
  return { app, dev, prod };
}

/** What of the two Stages a dashboard in one of them, or in the app itself, names. */
function namesShown(scope: App | Stage): string[] {
  const stack = stackIn(INFRASTRUCTURE, LONDON, scope, 'Monitoring');
  new BackupDashboard(stack, 'Dashboard');
  const widgets = shownIn(stack);
  const text = JSON.stringify([widgets[0], titled(widgets, /^Hours since/), titled(widgets, /^Seconds behind/), titled(widgets, / jobs$/)]);
  return ['dev-vault', 'dev table lost', 'dev-uploads', 'prod-vault', 'prod table lost', 'prod-uploads'].filter((name) => text.includes(name));
}

test('a dashboard in a Stage shows the plans, buckets and objectives of that Stage alone', () => {
  expect(namesShown(twoStages().prod)).toEqual(['prod-vault', 'prod table lost', 'prod-uploads']);
});

test('a dashboard in the app itself shows those of every Stage', () => {
  expect(namesShown(twoStages().app)).toEqual(['dev-vault', 'dev table lost', 'dev-uploads', 'prod-vault', 'prod table lost', 'prod-uploads']);
});
