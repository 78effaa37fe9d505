import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../../src/vault/replicated-backup-vault-ref';
import { Setup } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

/** What watches vaults, or tells of them, each beside the vaults. */
const BESIDE: [string, (stack: Stack, vaults: IReplicatedBackupVault[]) => unknown][] = [
  ['alarms', (stack, vaults) => new BackupAlarms(stack, 'Alarms', { vaults })],
  ['notifications', (stack, vaults) => new BackupNotifications(stack, 'Notifications', { vaults })],
  ['forwarding', (stack, vaults) => new BackupEventForwarding(stack, 'Forwarding', { vaults, eventBusArn: BUS })],
];

function reasonsIn(scope: Stack): string[] {
  return Registry.of(scope).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => !/CloudTrail|subscribed/.test(reason));
}

describe('a vault of another stack of the account and region', () => {
  test('is watched, told of and forwarded from a stack of their own', () => {
    const setup = new Setup({ replicaRegion: IRELAND });
    const plan = setup.selecting();
    const monitoring = stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Monitoring');
    BESIDE.forEach(([, define]) => define(monitoring, [setup.vault]));
    new BackupAlarms(monitoring, 'PlanAlarms', { vaults: [setup.vault], plans: [plan] });

    expect(() => setup.app.synth()).not.toThrow();
    expect(reasonsIn(monitoring)).toContainEqual(expect.stringMatching(
      /^whether anybody is notified of objects of Amazon S3 .* of vault 'local': the topic is in another stack; set the 'notificationTopic' \(notification_topic\) of the vault, or add a topic of its stack to 'notify'$/,
    ));
  });

  test('is told of from a nested stack without a circle of references', () => {
    const setup = new Setup();
    new BackupNotifications(new NestedStack(setup.stack, 'Nested'), 'Notifications', { vaults: [setup.vault] });

    expect(Rendered.of(setup.stack).only('AWS::Backup::BackupVault').Notifications.BackupVaultEvents).toContain('S3_BACKUP_OBJECT_FAILED');
    expect(() => setup.app.synth()).not.toThrow();
  });

  test.each<[string, (setup: Setup, monitoring: Stack) => sns.ITopic]>([
    ['of the stack of the vault', ({ stack }) => new NotificationTopic(stack, 'Topic').topic],
    ['that is imported', (_, monitoring) => sns.Topic.fromTopicArn(monitoring, 'Topic', `arn:aws:sns:eu-west-2:${INFRASTRUCTURE}:theirs`)],
  ])('tells a topic %s what EventBridge has no event for', (_, topicOf) => {
    const setup = new Setup();
    const monitoring = stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Monitoring');
    new BackupNotifications(monitoring, 'Notifications', { vaults: [setup.vault], notify: [Notify.topic(topicOf(setup, monitoring))] });

    expect(Rendered.of(setup.stack).only('AWS::Backup::BackupVault').Notifications.BackupVaultEvents).toContain('S3_BACKUP_OBJECT_FAILED');
    expect(() => setup.app.synth()).not.toThrow();
  });
});

test('a topic of another stack, which may need that of the vault, leaves no circle', () => {
  const setup = new Setup();
  const { topic } = new BackupAlarms(stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Monitoring'), 'Alarms', { vaults: [setup.vault] });
  new BackupNotifications(stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Messages'), 'Notifications', { vaults: [setup.vault], notify: [Notify.topic(topic)] });

  expect(() => setup.app.synth()).not.toThrow();
});

test.each(BESIDE)('%s of an unknown account and region refuse a vault of a known one, and the other way round', (what, define) => {
  const app = new App();
  const anywhere = new Stack(app, 'Anywhere');
  const known = stackIn(INFRASTRUCTURE, LONDON, app);
  const [here, there] = [known, anywhere].map((stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' }));
  const problem = `'vaults' must be known to be in the account and region of the ${what}: set the 'env' of both stacks, got 'local' in `;

  expect(() => define(anywhere, [here])).toThrow(problem);
  expect(() => define(known, [there])).toThrow(problem);
});

test.each(BESIDE)('%s refuse a vault of another Stage, whose key they could not refer to', (what, define) => {
  const app = new App();
  const vault = new ReplicatedBackupVault(stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'One')), 'Vault', { backupVaultName: 'local' });

  expect(() => define(stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Other')), [vault]))
    .toThrow(`'vaults' must be in the Stage of the ${what}, got 'local' in another Stage: define the ${what} there, or import the vault here`);
});

test('alarms refuse a plan of another Stage', () => {
  const setup = new Setup();
  const other = stackIn(INFRASTRUCTURE, LONDON, new Stage(setup.app, 'Other'));
  const vault = new ReplicatedBackupVault(other, 'Vault', { backupVaultName: 'other' });

  expect(() => new BackupAlarms(other, 'Alarms', { vaults: [vault], plans: [setup.selecting()] }))
    .toThrow("'plans' must be in the Stage of the alarms, got 'Backup/Plan' in another Stage: define the alarms there");
});

test.each(BESIDE)('%s take an imported vault into any Stage', (_, define) => {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new Stage(new App(), 'Stage'));
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', { backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON });

  expect(() => define(stack, [vault])).not.toThrow();
});

test.each(BESIDE.filter(([name]) => name !== 'notifications'))('%s report the replica of an imported vault also where the stack may be anywhere', (_, define) => {
  const stack = new Stack(new App(), 'Anywhere');
  define(stack, [ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
    backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND,
  })]);

  expect(reasonsIn(stack)).toContainEqual(expect.stringMatching(/'theirs-replica'.* is.*imported/));
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'))).not.toContain('theirs-replica');
});

test('two replicas in one stack are both watched and forwarded', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vaults = ['one', 'two'].map((backupVaultName) => new ReplicatedBackupVault(stack, backupVaultName, { backupVaultName, replicaRegion: IRELAND }));
  new BackupAlarms(stack, 'Alarms', { vaults });
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, vaults });
  const rules = Rendered.of(supportStackOf(stack, IRELAND)).all('AWS::Events::Rule').map(({ EventPattern }) => EventPattern);

  expect(rules.flatMap(({ detail }) => detail?.requestParameters?.backupVaultName ?? [])).toEqual(['one-replica', 'one-replica', 'two-replica', 'two-replica']);
  expect(rules.flatMap(({ detail }) => detail?.resources?.ARN ?? []).map((arn) => arn.slice(-20))).toHaveLength(4);
});

test('a vault that tells another topic already is reported, since its events decide', () => {
  const setup = new Setup();
  new BackupNotifications(setup.stack, 'First', { vaults: [setup.vault, setup.vault] });
  expect(reasonsIn(setup.stack)).toEqual([]);

  new BackupNotifications(setup.stack, 'Second', { vaults: [setup.vault], notify: [Notify.topic(new sns.Topic(setup.stack, 'Another'))] });
  setup.app.synth();
  expect(reasonsIn(setup.stack)).toEqual([expect.stringMatching(/of vault 'local': it has another topic for its 'notificationEvents' \(notification_events\)$/)]);
});
