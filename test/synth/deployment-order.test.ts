import { App, NestedStack, Stage } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { StageDeployment } from 'aws-cdk-lib/pipelines';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../../src/vault/replicated-backup-vault-ref';
import { DAILY, TABLES } from '../plan/setup';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

const FRANKFURT = 'eu-central-1';

/** What each stack is deployed after, by the assembly: `<stack> after <stack>`. */
function orderOf(app: App | Stage): string[] {
  return app.synth().stacks.flatMap(({ hierarchicalId, dependencies }) => dependencies
    .filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack').map((other) => `${hierarchicalId} after ${other.hierarchicalId}`)).sort();
}

function vaultIn(stack: Stack, replicaRegion = IRELAND): ReplicatedBackupVault {
  return new ReplicatedBackupVault(stack, 'Vault', { replicaRegion });
}

function vaultWithoutReplica(stack: Stack): ReplicatedBackupVault {
  return new ReplicatedBackupVault(stack, 'Vault');
}

/** Backs up into a vault, and copies where it is told to, or into the replica of the vault if it has one. */
function planIn(stack: Stack, copyTo: BackupCopy[] | undefined, vault: IReplicatedBackupVault = new ReplicatedBackupVault(stack, 'Local')): TieredBackupPlan {
  const plan = new TieredBackupPlan(stack, 'Plan', { vault, copyTo, tiers: [DAILY()] });
  plan.addSelection('Tables', { resources: TABLES() });
  return plan;
}

const bothOf = (vault: IReplicatedBackupVault) => [BackupCopy.to(vault), BackupCopy.toReplicaOf(vault)];

/** An archive with a replica, and a workload of another account that copies into both. */
function archived(scope: App | Stage): { readonly archive: Stack; readonly workload: Stack } {
  const archive = stackIn(LOG_ARCHIVE, LONDON, scope, 'Archive');
  const workload = stackIn(INFRASTRUCTURE, LONDON, scope, 'Workload');
  planIn(workload, bothOf(vaultIn(archive)));
  return { archive, workload };
}

const ARCHIVE_FIRST = ['Archive after Archive/support-eu-west-1', 'Workload after Archive', 'Workload after Archive/support-eu-west-1'];

const LATE = /^whether vault '[^']+' exists before the first copy into it: its stack waits for this one$/;
const lateIn = (app: App) => Registry.of(app).all(UNCHECKED).filter(({ reason }) => LATE.test(reason)).map(({ path }) => path);

describe('a stack is deployed after its support stack, which is deployed after nothing', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['the replica of a vault', (stack) => vaultIn(stack)],
    ['the replica of a vault in a nested stack', (stack) => vaultIn(new NestedStack(stack, 'Nested'))],
    ['the replica of a vault that a plan copies into', (stack) => planIn(stack, undefined, vaultIn(stack))],
    ['the replica of a bucket', (stack) => new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND })],
    ['the sink of central monitoring', (stack) => new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', observabilityRegions: [IRELAND] })],
  ])('with %s', (_, define) => {
    const app = new App();
    define(stackIn(INFRASTRUCTURE, LONDON, app));

    expect(orderOf(app)).toEqual(['Backup after Backup/support-eu-west-1']);
  });

  test('with all that watches and forwards in both regions, to a bus of another stack', () => {
    const app = new App();
    const stack = stackIn(LOG_ARCHIVE, LONDON, app);
    const { eventBusArn } = new CentralMonitoring(stackIn(LOG_ARCHIVE, LONDON, app, 'Monitoring'), 'Central', { organizationId: 'o-exampleorg12' });
    new BackupEventForwarding(stack, 'Forwarding', { eventBusArn, vaults: [vaultIn(stack)] });

    expect(orderOf(app)).toEqual(['Backup after Backup/support-eu-west-1', 'Backup after Monitoring', 'Backup/support-eu-west-1 after Monitoring']);
  });

  test('also where the bus that is forwarded to is in the stack itself, and the order that can\'t be is reported', () => {
    const app = new App();
    const stack = stackIn(LOG_ARCHIVE, LONDON, app);
    const { eventBusArn } = new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12' });
    new BackupEventForwarding(stack, 'Forwarding', { eventBusArn, vaults: [vaultIn(stack)] });

    expect(orderOf(app)).toEqual(['Backup after Backup/support-eu-west-1']);
    expect(Registry.of(app).all(UNCHECKED).map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^whether the bus exists before the rules of stack 'Backup\/support-eu-west-1'/));
  });

  test('in two stacks whose replicas are in each other\'s region', () => {
    const app = new App();
    const [london, ireland] = [stackIn(INFRASTRUCTURE, LONDON, app, 'London'), stackIn(INFRASTRUCTURE, IRELAND, app, 'Ireland')];
    planIn(london, undefined, vaultIn(london));
    planIn(ireland, undefined, vaultIn(ireland, LONDON));

    expect(orderOf(app)).toEqual(['Ireland after Ireland/support-eu-west-2', 'London after London/support-eu-west-1']);
  });

  test('in each Stage', () => {
    const app = new App();
    const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id));
    stages.forEach((stage) => vaultIn(stackIn(INFRASTRUCTURE, LONDON, stage)));
    app.synth();

    expect(stages.map(orderOf)).toEqual([['Dev/Backup after Dev/Backup/support-eu-west-1'], ['Prod/Backup after Prod/Backup/support-eu-west-1']]);
  });

  test('with a support stack in each of two regions', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    vaultIn(stack);
    new ReplicatedBackupVault(stack, 'Other', { replicaRegion: FRANKFURT });

    expect(orderOf(app)).toEqual(['Backup after Backup/support-eu-central-1', 'Backup after Backup/support-eu-west-1']);
  });

  test('unless its user has ordered them the other way round', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    vaultIn(stack);
    supportStackOf(stack, IRELAND).addDependency(stack);

    expect(orderOf(app)).toEqual(['Backup/support-eu-west-1 after Backup']);
  });
});

describe('with a region lost, nothing waits for what is in it', () => {
  test('once its support stack is taken out of the app', () => {
    const app = new App();
    const { archive } = archived(app);
    archive.node.tryRemoveChild('support-eu-west-1');

    expect(orderOf(app)).toEqual(['Workload after Archive']);
  });

  test('without a replica region', () => {
    const app = new App();
    const stack = stackIn(INFRASTRUCTURE, LONDON, app);
    planIn(stack, undefined, vaultWithoutReplica(stack));

    expect(orderOf(app)).toEqual([]);
  });

  test.each([
    ['a pipeline deploys the support stack first', false, { 'Archive': ['Archive-support-eu-west-1-for-eu-west-2'], 'Archive-support-eu-west-1-for-eu-west-2': [] }],
    ['and leaves it alone once it is taken out of the Stage', true, { Archive: [] }],
  ])('%s', (_, isLost, expected) => {
    const stage = new Stage(new App(), 'Prod', { stageName: '' });
    const archive = stackIn(LOG_ARCHIVE, LONDON, stage, 'Archive', { stackName: 'Archive' });
    vaultIn(archive);
    if (isLost) {
      archive.node.tryRemoveChild('support-eu-west-1');
    }
    const { stacks } = StageDeployment.fromStage(stage);

    expect(Object.fromEntries(stacks.map((stack) => [stack.stackName, stack.stackDependencies.map(({ stackName }) => stackName)]))).toEqual(expected);
  });
});

describe('a stack with a plan is deployed after the vaults that the plan copies into', () => {
  test('a vault of another stack, and its replica', () => {
    const app = new App();
    archived(app);

    expect(orderOf(app)).toEqual(ARCHIVE_FIRST);
  });

  test('those that it copies into, and no other', () => {
    const app = new App();
    const [one, other, workload] = ['One', 'Other', 'Workload'].map((id) => stackIn(LOG_ARCHIVE, LONDON, app, id));
    const [vault] = [one, other].map((stack) => vaultWithoutReplica(stack));
    planIn(workload, [BackupCopy.to(vault)]);

    expect(orderOf(app)).toEqual(['Workload after One']);
  });

  test('a replica in a stack of the user\'s own', () => {
    const app = new App();
    const [away, stack] = [stackIn(INFRASTRUCTURE, IRELAND, app, 'Away'), stackIn(INFRASTRUCTURE, LONDON, app)];
    planIn(stack, undefined, new ReplicatedBackupVault(stack, 'Vault', { replicaScope: away }));

    expect(orderOf(app)).toEqual(['Backup after Away']);
  });

  test('a vault in a nested stack, by a plan in another one', () => {
    const app = new App();
    const [archive, workload] = [stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), stackIn(INFRASTRUCTURE, LONDON, app, 'Workload')];
    planIn(new NestedStack(workload, 'Nested'), [BackupCopy.to(vaultWithoutReplica(new NestedStack(archive, 'Nested')))]);

    expect(orderOf(app)).toEqual(['Workload after Archive']);
  });

  test('no vault of another Stage, which is deployed apart', () => {
    const app = new App();
    const [shared, prod] = ['Shared', 'Prod'].map((id) => new Stage(app, id));
    planIn(stackIn(INFRASTRUCTURE, LONDON, prod, 'Workload'), [BackupCopy.to(vaultWithoutReplica(stackIn(LOG_ARCHIVE, LONDON, shared, 'Archive')))]);
    app.synth();

    expect(orderOf(prod)).toEqual([]);
  });

  test('no vault that is imported, nor one that was taken out of the app', () => {
    const app = new App();
    const [importing, removed, workload] = ['Importing', 'Removed', 'Workload'].map((id) => stackIn(LOG_ARCHIVE, LONDON, app, id));
    const attributes = { backupVaultName: 'theirs', account: LOG_ARCHIVE, region: LONDON };
    const theirs = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(importing, 'Theirs', attributes);
    planIn(workload, [theirs, vaultWithoutReplica(removed)].map((vault) => BackupCopy.to(vault)));
    app.node.tryRemoveChild('Removed');

    expect(orderOf(app)).toEqual([]);
  });

  test('unless the vault\'s stack waits for the plan\'s, which is reported', () => {
    const app = new App();
    const { archive, workload } = archived(app);
    archive.addDependency(workload);

    expect(orderOf(app)).toEqual(['Archive after Archive/support-eu-west-1', 'Archive after Workload', 'Workload after Archive/support-eu-west-1']);
    expect(lateIn(app)).toEqual(['Workload/Plan']);
  });

  test('one after the other where two plans copy into each other\'s vault, and the order that can\'t be is reported', () => {
    const app = new App();
    const stacks = [LONDON, IRELAND].map((region) => stackIn(INFRASTRUCTURE, region, app, region));
    const vaults = stacks.map((stack) => vaultWithoutReplica(stack));
    stacks.forEach((stack, index) => planIn(stack, [BackupCopy.to(vaults[1 - index])], vaults[index]));

    expect(orderOf(app)).toEqual(['eu-west-2 after eu-west-1']);
    expect(lateIn(app)).toEqual(['eu-west-1/Plan']);
  });

  test('in a template that says nothing of it', () => {
    const app = new App();
    const { archive } = archived(app);
    const apart = new App();
    const { workload } = archived(apart);
    apart.node.tryRemoveChild('Archive');
    archive.node.tryRemoveChild('support-eu-west-1');

    expect(apart.synth().getStackArtifact(workload.artifactId).template).toEqual(app.synth().getStackArtifact('Workload').template);
  });
});
