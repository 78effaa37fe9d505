import { App } from 'aws-cdk-lib';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/** An app with everything that has something to say or to order once its tree is complete. */
function system(): App {
  const app = new App();
  const [archive, home] = [stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), stackIn(INFRASTRUCTURE, LONDON, app, 'Home')];
  const vault = new ReplicatedBackupVault(home, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
  new BackupEventForwarding(home, 'Forwarding', { eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`, vaults: [vault] });
  const theirs = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(archive, 'Theirs', { backupVaultName: 'theirs', account: '444444444444', region: LONDON });
  new CentralMonitoring(archive, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups', vaults: [theirs] });
  new BackupAlarms(home, 'Alarms', { vaults: [vault] });
  new TieredBackupPlan(home, 'Plan', { vault, tiers: [DAILY()] }).addSelection('Selection', { resources: TABLES(), tags: { team: 'orders' } });
  return app;
}

function written(app: App, skipValidation: boolean) {
  return app.synth({ skipValidation }).stacks.map(({ id, template, dependencies, messages }) => ({
    id, template, dependencies: dependencies.map((each) => each.id), messages: messages.map(({ entry: { data } }) => data),
  }));
}

test('an app that is synthesized without validation has the same templates, order and messages', () => {
  const [skipped, validated] = [true, false].map((skipValidation) => written(system(), skipValidation));

  expect(skipped).toEqual(validated);
  expect(validated.find(({ id }) => id === 'Home')?.dependencies).toContain('Archive');
  expect(validated.flatMap(({ messages }) => messages)).toEqual(expect.arrayContaining([
    expect.stringMatching(/^copies and cold storage of DynamoDB fail unless the advanced features for DynamoDB are turned on here/),
    expect.stringMatching(/^not checked: whether the events of account 444444444444, region eu-west-2 are forwarded to this bus/),
    expect.stringMatching(/^not checked: whether plan 'Home\/Plan' creates recovery points and copies in time/),
  ]));
});

test('an app that is synthesized twice says everything once', () => {
  const app = system();
  const [first, second] = [written(app, false), written(app, false)];

  expect(second).toEqual(first);
});
