import { App, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, Setup, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

const { DESTROY } = RemovalPolicy;

/** What stays of an app when its stacks are deleted. */
function leftBehind(app: App): string[] {
  return app.synth().stacks.flatMap(({ template, stackName }) => Object.entries<any>(template.Resources ?? {})
    .filter(([, { DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete')
    .map(([id, { Type }]) => `${stackName} ${Type} ${id}`));
}

/** One of each thing that retains something, with a topic that is the caller's own where there is one to give. */
function everythingIn(stack: Stack, removalPolicy?: RemovalPolicy, ...topics: sns.ITopic[]): void {
  const [atHome, everywhere] = [topics.slice(0, 1), topics].map((list) => list.length === 0 ? undefined : list.map((topic) => Notify.topic(topic)));
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, removalPolicy });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault, tiers: [DAILY()], removalPolicy });
  plan.addSelection('Tables', { resources: TABLES() });
  const bucket = new ReplicatedBucket(stack, 'Uploads', { replicaRegion: IRELAND, removalPolicy });
  new NotificationTopic(stack, 'Topic', { removalPolicy });
  new BackupAlarms(stack, 'BackupAlarms', { vaults: [vault], notify: everywhere, removalPolicy });
  new BackupNotifications(stack, 'Notifications', { notify: atHome, removalPolicy });
  new ReplicationAlarms(stack, 'ReplicationAlarms', { buckets: [bucket], notify: everywhere, removalPolicy });
  const central = new CentralMonitoring(stack, 'Monitoring', { organizationId: 'o-1234567890', notify: atHome, removalPolicy });
  new BackupEventForwarding(stack, 'Forwarding', { vaults: [vault], eventBusArn: central.eventBusArn.replace('bus/', 'bus/other-'), notify: everywhere, removalPolicy });
  DrRole.restore(stack, 'Restore', { resourceTypes: [ResourceType.EFS], removalPolicy });
}

describe('of everything that retains something', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = stackIn(INFRASTRUCTURE, LONDON, app, 'Backup');
  });

  const topics = () => [sns.Topic.fromTopicArn(stack, 'Mine', 'arn:aws:sns:eu-west-2:222222222222:mine'),
    sns.Topic.fromTopicArn(stackIn(INFRASTRUCTURE, IRELAND, app, 'Away'), 'Mine', 'arn:aws:sns:eu-west-1:222222222222:mine')];

  test('nothing stays where its removal policy is to destroy it', () => {
    everythingIn(stack, DESTROY);

    expect(leftBehind(app)).toEqual([]);
  });

  test('nothing stays with topics of the caller either', () => {
    everythingIn(stack, DESTROY, ...topics());

    expect(leftBehind(app)).toEqual([]);
  });

  test('nothing stays where the app is destroyed by an aspect of AWS CDK', () => {
    RemovalPolicies.of(app).destroy();
    everythingIn(stack, undefined, ...topics());

    expect(leftBehind(app)).toEqual([]);
  });

  test('it stays by default', () => {
    everythingIn(stack);

    expect(leftBehind(app).length).toBeGreaterThan(15);
    expect(leftBehind(app)).toEqual(expect.arrayContaining([
      expect.stringMatching(/^Backup AWS::IAM::Role PlanRole/),
      expect.stringMatching(/^Backup AWS::Logs::LogGroup MonitoringEvents/),
      expect.stringMatching(/^Backup AWS::KMS::Key TopicKey/),
    ]));
  });
});

describe('a role that stays although its vault goes', () => {
  const LEFT = Match.stringLikeRegexp('the role of the plan and its name are retained');
  const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', LEFT).map(({ entry }) => entry.data);

  test('is a warning that says what to set', () => {
    const setup = new Setup({ removalPolicy: DESTROY });
    setup.selecting();

    expect(warnings(setup.stack)).toEqual([
      "vault 'Backup/Vault' is deleted with its stack, but the role of the plan and its name are retained, so the next deployment of the stack would fail. Set the 'removalPolicy' (removal_policy) of the plan to RemovalPolicy.DESTROY, or retain the vault [ack: cdk-backup-dr:roleOutlivesVault]",
    ]);
  });

  test('is a warning with the name of a role of the caller', () => {
    const setup = new Setup({ removalPolicy: DESTROY });
    setup.selecting(undefined, { role: DrRole.backup(setup.stack, 'Mine', { resourceTypes: [ResourceType.DYNAMODB] }) });

    expect(warnings(setup.stack)).toEqual([expect.stringContaining("Set the 'removalPolicy' (removal_policy) of 'Backup/Mine' to RemovalPolicy.DESTROY")]);
  });

  test('is no warning where both go, or both stay', () => {
    const both = new Setup({ removalPolicy: DESTROY });
    both.selecting(undefined, { removalPolicy: DESTROY });
    const none = new Setup();
    none.selecting();

    expect([...warnings(both.stack), ...warnings(none.stack)]).toEqual([]);
  });

  test('is no warning where an aspect destroys both', () => {
    const setup = new Setup();
    RemovalPolicies.of(setup.app).destroy();
    setup.selecting();

    expect(warnings(setup.stack)).toEqual([]);
    Template.fromStack(setup.stack).hasResource('AWS::IAM::Role', { DeletionPolicy: 'Delete' });
  });
});

test("a plan's removal policy is refused where its role is given", () => {
  const setup = new Setup();

  expect(setup.refusals({ removalPolicy: DESTROY, role: DrRole.backup(setup.stack, 'Mine', { resourceTypes: [ResourceType.DYNAMODB] }) })).toEqual([
    "'removalPolicy' (removal_policy) applies to the role that is created for the plan, but 'role' is set: set the 'removalPolicy' of that role, and leave this one out",
  ]);
});
