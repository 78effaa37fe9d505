import { App, Aws, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

function centralIn(stack: Stack): CentralMonitoring {
  return new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups' });
}

describe('the bus and its policy are deployed before who forwards to it', () => {
  test.each([['before', true], ['after', false]])('where it is defined %s that, from the stacks of the replicas too', (_, isFirst) => {
    const app = new App();
    const [archive, home] = [stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), stackIn(INFRASTRUCTURE, LONDON, app, 'Backup')];
    const define = [() => centralIn(archive), () => {
      const vault = new ReplicatedBackupVault(home, 'Vault', { replicaRegion: IRELAND });
      new BackupEventForwarding(home, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });
    }];
    (isFirst ? define : [...define].reverse()).forEach((each) => each());
    app.synth();

    expect([home, supportStackOf(home, IRELAND)].map(({ dependencies }) => dependencies.includes(archive))).toEqual([true, true]);
    expect(archive.dependencies).toEqual([]);
  });

  test('in one stack', () => {
    const stack = stackIn(LOG_ARCHIVE, LONDON);
    centralIn(stack);
    new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).filter(({ Properties: { Description } }) => /^Forwards/.test(Description));

    expect(rules.map(({ DependsOn }) => DependsOn)).toEqual(Array(3).fill(expect.arrayContaining([
      expect.stringMatching(/^CentralBus[0-9A-F]{8}$/), expect.stringMatching(/^CentralBusPolicy/),
    ])));
  });

  test('and not where it is another one, of another Stage, or taken out with its region', () => {
    const app = new App();
    const archive = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
    centralIn(archive);
    const forwarding = (scope: App | Stage, id: string, eventBusArn: string) => {
      const stack = stackIn(INFRASTRUCTURE, LONDON, scope, id);
      new BackupEventForwarding(stack, 'Forwarding', { eventBusArn });
      return stack;
    };
    const other = forwarding(app, 'Other', `${BUS}-other`);
    const staged = forwarding(new Stage(app, 'Stage'), 'Staged', BUS);
    const left = forwarding(app, 'Left', BUS);
    app.node.tryRemoveChild('Archive');
    app.synth();

    expect([other, staged, left].map(({ dependencies }) => dependencies)).toEqual([[], [], []]);
  });
});

test('a bus beside a bucket whose replica must be there first can\'t come before who forwards from there, and that is reported', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  centralIn(stack);
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });
  new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND });
  const { messages } = (stack.node.root as App).synth().getStackArtifact(supportStackOf(stack, IRELAND).artifactId);

  expect(stack.dependencies).toEqual([supportStackOf(stack, IRELAND)]);
  expect(messages.map(({ entry: { data } }) => data)).toContain("not checked: whether the bus exists before the rules of stack 'Backup/support-eu-west-1': "
    + 'the stack of the bus waits for that one; define CentralMonitoring in a stack that does not depend on the stacks that forward [ack: cdk-backup-dr:busDeployedLater]');
});

describe('an order that can\'t be is left out, in whatever way the bus waits for who forwards:', () => {
  /** A stack with a bucket whose replica is in another region, and a forwarding there. */
  function forwarding(app: App, bucketScope: (stack: Stack) => Construct = (stack) => stack) {
    const base = stackIn(LOG_ARCHIVE, LONDON, app, 'Base');
    new ReplicatedBucket(bucketScope(base), 'Bucket', { replicaRegion: IRELAND });
    const vault = new ReplicatedBackupVault(base, 'Vault', { replicaRegion: IRELAND });
    return { base, vault };
  }

  const LATE = /^not checked: whether the bus exists before the rules of stack/;
  const late = (app: App) => app.synth().stacks.flatMap(({ messages }) => messages).filter(({ entry: { data } }) => LATE.test(data as string)).length;

  test('its stack depends on one with a bucket whose replica stack forwards', () => {
    const app = new App();
    const { base, vault } = forwarding(app);
    const monitoring = stackIn(LOG_ARCHIVE, LONDON, app, 'Monitoring');
    centralIn(monitoring);
    monitoring.addDependency(base);
    new BackupEventForwarding(base, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });

    expect(late(app)).toBe(2); // of the home stack, and of that of the replica
  });

  test('and that is reported where the replica is in a stack that is synthesized last', () => {
    const app = new App();
    const [monitoring, base] = ['Monitoring', 'Base'].map((id) => stackIn(LOG_ARCHIVE, LONDON, app, id));
    const away = stackIn(LOG_ARCHIVE, IRELAND, app, 'Away');
    centralIn(monitoring);
    monitoring.addDependency(away);
    const vault = new ReplicatedBackupVault(base, 'Vault', { replicaScope: away });
    new BackupEventForwarding(base, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });
    const { messages } = app.synth().getStackArtifact(away.artifactId);

    expect(messages.filter(({ entry: { data } }) => LATE.test(data as string))).toHaveLength(1);
  });

  test('it takes a topic of a stack that forwards', () => {
    const app = new App();
    const { base, vault } = forwarding(app);
    const { topic } = new NotificationTopic(base, 'Topic');
    new CentralMonitoring(stackIn(LOG_ARCHIVE, LONDON, app, 'Monitoring'), 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups', notify: [Notify.topic(topic)] });
    new BackupEventForwarding(base, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });

    expect(late(app)).toBe(2);
  });

  test('a bucket in a nested stack beside it waits for the replica', () => {
    const app = new App();
    const { base, vault } = forwarding(app, (stack) => new NestedStack(stack, 'Nested'));
    centralIn(base);
    new BackupEventForwarding(base, 'Forwarding', { eventBusArn: BUS, vaults: [vault] });

    expect(late(app)).toBe(1); // of the replica's: in one stack the order is that of resources
  });

  test('two buses whose stacks forward to each other', () => {
    const app = new App();
    const stacks = [LONDON, IRELAND].map((region) => stackIn(LOG_ARCHIVE, region, app, region));
    stacks.forEach((stack, index) => {
      centralIn(stack);
      new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS.replace(LONDON, [IRELAND, LONDON][index]) });
    });

    expect(late(app)).toBe(1);
  });
});

test('a dashboard beside the bus shows alarms of a stack that forwards to it, without a circle', () => {
  const app = new App();
  const [monitoring, home] = ['Monitoring', 'Home'].map((id) => stackIn(LOG_ARCHIVE, LONDON, app, id));
  const { alarms } = centralIn(monitoring);
  new BackupEventForwarding(home, 'Forwarding', { eventBusArn: BUS });
  const ofVault = new BackupAlarms(home, 'Alarms', { vaults: [new ReplicatedBackupVault(home, 'Vault', { backupVaultName: 'central' })] });
  new BackupDashboard(monitoring, 'Dashboard', { alarms: [...alarms, ...ofVault.alarms] });
  app.synth();

  expect([monitoring.dependencies, home.dependencies]).toEqual([[], [monitoring]]);
  expect(JSON.stringify(Template.fromStack(monitoring).findResources('AWS::CloudWatch::Dashboard')))
    .toContain(`arn:aws:cloudwatch:eu-west-2:${LOG_ARCHIVE}:alarm:backup-job-failed-central-Home-Alarms-`);
});

test('events of a replica in a partition where EventBridge does not cross regions stay there, and that is reported', () => {
  const stack = stackIn(INFRASTRUCTURE, 'us-gov-west-1');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: 'us-gov-east-1' });
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: `arn:aws-us-gov:events:us-gov-west-1:${LOG_ARCHIVE}:event-bus/backups`, vaults: [vault] });

  expect(Rendered.of(supportStackOf(stack, 'us-gov-east-1')).all('AWS::Events::Rule')).toEqual([]);
  expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toContain(
    "whether the events of account 222222222222, region us-gov-east-1 are forwarded: EventBridge forwards to other regions only in the partition 'aws'; "
    + 'define BackupEventForwarding in a stack there, with a bus in that region',
  );
});

test('refuses a bus of wherever it is deployed, which would be looked for beside the jobs', () => {
  const app = new App();
  const { eventBusArn } = centralIn(new Stack(app, 'Anywhere'));
  const forward = (stack: Stack, arn: string) => () => new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: arn });

  expect(forward(stackIn(INFRASTRUCTURE, LONDON, app), eventBusArn))
    .toThrow("'eventBusArn' (event_bus_arn) must have a literal account and region: set the 'env' of the stack of the bus, got pseudo parameters");
  expect(forward(new Stack(app, 'Also'), `arn:aws:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/backups`)).not.toThrow();
});

test('refuses to forward events to the bus that they are on', () => {
  const forward = (account: string, region: string) => () => new BackupEventForwarding(stackIn(account, region), 'Forwarding', {
    eventBusArn: `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/default`,
  });

  expect(forward(LOG_ARCHIVE, LONDON)).toThrow("'eventBusArn' (event_bus_arn) must differ from the bus of the events, got 'arn:aws:events:eu-west-2:333333333333:event-bus/default'");
  expect(forward(LOG_ARCHIVE, IRELAND)).not.toThrow();
  expect(forward(INFRASTRUCTURE, LONDON)).not.toThrow();
});

test('accounts and regions of vaults and plans that nobody in the app forwards from are reported at synthesis', () => {
  const app = new App();
  const [archive, home] = [stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), stackIn(INFRASTRUCTURE, LONDON, app, 'Backup')];
  const vaults = [
    new ReplicatedBackupVault(home, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND }),
    ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(archive, 'Theirs', { backupVaultName: 'theirs', account: '444444444444', region: LONDON }),
  ];
  new CentralMonitoring(archive, 'Central', { organizationId: 'o-exampleorg12', eventBusName: 'backups', vaults });
  new BackupEventForwarding(home, 'Forwarding', { eventBusArn: BUS, vaults: vaults.slice(0, 1) });
  new BackupEventForwarding(stackIn('444444444444', LONDON, app, 'Elsewhere'), 'Forwarding', { eventBusArn: `${BUS}s` });
  const { messages } = app.synth().getStackArtifact(archive.artifactId);

  expect(messages.map(({ entry: { data } }) => data).filter((data) => /forwarded to this bus/.test(data as string)))
    .toEqual(['not checked: whether the events of account 444444444444, region eu-west-2 are forwarded to this bus: no BackupEventForwarding of this app does so [ack: cdk-backup-dr:eventsNotForwarded]']);
});
