import { App, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

/*
 * The README recommends `tryRemoveChild` where a region is lost. What was removed is not there for anybody.
 */

const BUS = `arn:aws:events:eu-west-2:${INFRASTRUCTURE}:event-bus/backups`;

describe('leaves its name to another one:', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['a vault', (stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND })],
    ['a bucket', (stack) => new ReplicatedBucket(stack, 'Bucket', { bucketName: 'uploads', replicaRegion: IRELAND })],
    ['central monitoring', (stack) => new CentralMonitoring(stack, 'Central', {
      organizationId: 'o-exampleorg12', eventBusName: 'backups', observabilityRegions: [LONDON],
    })],
    ['a dashboard', (stack) => new BackupDashboard(stack, 'Dashboard', { dashboardName: 'backups' })],
    ['a budget', (stack) => new ReplicationBudget(stack, 'Budget', { monthlyLimit: 10, notify: [Notify.email('operations@example.com')] })],
  ])('%s', (_, define) => {
    const app = new App();
    const again = (id: string) => () => define(stackIn(INFRASTRUCTURE, LONDON, app, id));
    again('One')();

    expect(again('Two')).toThrow(/already (used|defined) by 'One\/|which 'One\//);
    app.node.tryRemoveChild('One');
    expect(again('Three')).not.toThrow();
  });
});

test('a dashboard does not show a plan that was removed', () => {
  const app = new App();
  const stack = stackIn(INFRASTRUCTURE, LONDON, app);
  new BackupDashboard(stack, 'Dashboard');
  for (const id of ['Kept', 'Removed']) {
    const own = stackIn(INFRASTRUCTURE, LONDON, app, id);
    new TieredBackupPlan(own, 'Plan', { vault: new ReplicatedBackupVault(own, 'Vault', { backupVaultName: id }), tiers: [DAILY()] })
      .addSelection('Selection', { resources: TABLES() });
  }
  app.node.tryRemoveChild('Removed');
  const { template } = app.synth().getStackArtifact(stack.artifactId);

  expect(JSON.stringify(template)).toContain('Hours since a backup into Kept');
  expect(JSON.stringify(template)).not.toContain('Removed');
});

test('a plan does not rely on region settings that were removed', () => {
  const app = new App();
  const stack = stackIn(INFRASTRUCTURE, LONDON, app);
  new BackupRegionSettings(stackIn(INFRASTRUCTURE, LONDON, app, 'Settings'), 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
  new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND }), tiers: [DAILY()] })
    .addSelection('Selection', { resources: TABLES() });
  app.node.tryRemoveChild('Settings');
  const { messages, dependencies } = app.synth().getStackArtifact(stack.artifactId);

  expect(messages.map(({ entry: { data } }) => data)).toContainEqual(expect.stringMatching(/^copies and cold storage of DynamoDB fail unless the advanced features for DynamoDB are turned on here/));
  expect(dependencies.map(({ id }) => id).filter((id) => /Settings/.test(id))).toEqual([]);
});

test('a vault does not send events of Amazon EKS for a plan that was removed', () => {
  const app = new App();
  const stack = stackIn(INFRASTRUCTURE, LONDON, app);
  const vault = new ReplicatedBackupVault(stack, 'Vault');
  new BackupNotifications(stack, 'Notifications', { vaults: [vault] });
  new TieredBackupPlan(stackIn(INFRASTRUCTURE, LONDON, app, 'Removed'), 'Plan', { vault, tiers: [DAILY()] })
    .addSelection('Selection', { resources: [], tags: { kind: 'cluster' } });
  app.node.tryRemoveChild('Removed');

  expect(JSON.stringify(app.synth().getStackArtifact(stack.artifactId).template)).not.toContain('EKS_BACKUP_OBJECT_FAILED');
});

describe('notifications that were removed', () => {
  const notifications = (...ids: string[]) => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    const vault = new ReplicatedBackupVault(stack, 'Vault');
    const define = (id: string, topic?: sns.ITopic) =>
      new BackupNotifications(stack, id, { vaults: [vault], notify: topic && [Notify.topic(topic)] });
    ids.forEach((id) => define(id));
    return { app, stack, define };
  };
  const vaultIn = ({ app, stack }: { app: App; stack: Stack }) => {
    const { template, messages } = app.synth().getStackArtifact(stack.artifactId);
    const { Properties, DependsOn } = Object.values<any>(template.Resources).find(({ Type }) => Type === 'AWS::Backup::BackupVault');
    return { topic: JSON.stringify(Properties.Notifications?.SNSTopicArn), DependsOn, messages: messages.map(({ entry: { data } }) => String(data)) };
  };

  test('take their topic out of the vault', () => {
    const defined = notifications('Removed');
    defined.stack.node.tryRemoveChild('Removed');

    expect(vaultIn(defined)).toMatchObject({ topic: undefined, DependsOn: undefined });
  });

  test('leave the vault to those that are defined later', () => {
    const defined = notifications('Removed');
    defined.stack.node.tryRemoveChild('Removed');
    defined.define('Later', new sns.Topic(defined.stack, 'Topic'));

    expect(vaultIn(defined).topic).toMatch(/^{"Ref":"Topic/);
  });

  test('leave the vault to others with the same topic', () => {
    const defined = notifications();
    const topic = new sns.Topic(defined.stack, 'Topic');
    ['Removed', 'Kept'].forEach((id) => defined.define(id, topic));
    defined.stack.node.tryRemoveChild('Removed');

    expect(vaultIn(defined).topic).toMatch(/^{"Ref":"Topic/);
  });

  test('are missed by those that were defined before, with another topic', () => {
    const defined = notifications('Removed');
    defined.define('Kept', new sns.Topic(defined.stack, 'Topic'));
    defined.stack.node.tryRemoveChild('Removed');
    const { topic, messages } = vaultIn(defined);

    expect(topic).toBeUndefined();
    expect(messages).toContainEqual(expect.stringMatching(
      /^not checked: whether anybody is notified of objects .*: 'Backup\/Removed' set another topic, and was removed from the app after these notifications were defined/));
  });
});

describe('a forwarding that was removed', () => {
  const forwardingIn = (app: App, id: string) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON, app, id);
    new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: `${BUS}-elsewhere` });
    return stack;
  };

  test('leaves the events to one that is defined later', () => {
    const app = new App();
    forwardingIn(app, 'One');
    app.node.tryRemoveChild('One');
    const later = forwardingIn(app, 'Later');

    expect(JSON.stringify(app.synth().getStackArtifact(later.artifactId).template)).toContain('Forwards the events of jobs');
  });

  test('is missed by one that was defined before, and left the events to it', () => {
    const app = new App();
    forwardingIn(app, 'One');
    forwardingIn(app, 'Before');
    app.node.tryRemoveChild('One');

    expect(() => app.synth()).toThrow('[Before/Forwarding] the events of account 222222222222, region eu-west-2 are no longer forwarded to '
      + "'arn:aws:events:eu-west-2:222222222222:event-bus/backups-elsewhere': the BackupEventForwarding that did so was removed from the app after this one was defined");
  });
});
