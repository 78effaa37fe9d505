import { Duration, Stack } from 'aws-cdk-lib';
import { DAILY, EVENING, Setup, TABLES, tableIn } from './setup';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';
import { accessPolicyOf, BLOCK_DELETION, keyPolicyOf } from '../vault/statements';

const ORDERS = new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(24) });
const TOO_OLD = /the newest recovery point can be 30 hours old in the worst case, and 'rpo' is 24 hours/;

/** A daily plan with an objective that only a second plan, in the evening, lets it keep. */
function withEvening(): { setup: Setup; evening: Stack; plan: TieredBackupPlan } {
  const setup = new Setup();
  const table = tableIn(setup.stack);
  const evening = stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Evening');
  const plan = setup.selecting([BackupTarget.fromDynamoDbTable(table)], { objectives: [ORDERS] });
  new TieredBackupPlan(evening, 'Plan', { vault: setup.vault, tiers: [EVENING()] })
    .addSelection('Selection', { resources: [BackupTarget.fromDynamoDbTable(table)] });
  return { setup, evening, plan };
}

test('two plans of a table keep an objective together', () => {
  expect(withEvening().setup.problems()).toEqual([]);
});

test.each<[string, (evening: Stack) => void]>([
  ['plan that was taken out of the app', (evening) => evening.node.tryRemoveChild('Plan')],
  ['plan whose stack was taken out of the app', (evening) => evening.node.scope!.node.tryRemoveChild('Evening')],
  ['selection that was taken out of its plan', (evening) => {
    evening.node.findChild('Plan').node.tryRemoveChild('SelectionSelection');
    (evening.node.findChild('Plan') as TieredBackupPlan).addSelection('Others', { resources: TABLES(), tags: { team: 'other' } });
  }],
])('a %s does not count for an objective any more', (_, remove) => {
  const { setup, evening } = withEvening();
  remove(evening);

  expect(setup.problems()).toEqual([expect.stringMatching(TOO_OLD)]);
});

test('a plan whose only selection was taken out backs up nothing', () => {
  const { setup, plan } = withEvening();
  plan.node.tryRemoveChild('SelectionSelection');

  expect(setup.problems()).toEqual(["a plan without a selection backs up nothing: call 'addSelection' (add_selection), or remove the plan"]);
});

describe('an archive', () => {
  const archived = (id: string, setup: Setup, archive: ReplicatedBackupVault, role?: DrRole) => {
    const stack = stackIn(INFRASTRUCTURE, LONDON, setup.app, id);
    new TieredBackupPlan(stack, 'Plan', { vault: setup.vault, tiers: [DAILY()], copyTo: [BackupCopy.to(archive)], role })
      .addSelection('Selection', { resources: TABLES() });
    return stack;
  };

  test('does not admit a plan that was taken out of the app, nor may its account read the key of the plan\'s vault', () => {
    const setup = new Setup();
    const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive');
    archived('Plan', setup, new ReplicatedBackupVault(stack, 'Vault'));
    setup.app.node.tryRemoveChild('Plan');

    expect(accessPolicyOf(stack)).toEqual([BLOCK_DELETION]);
    expect([...keyPolicyOf(stack), ...keyPolicyOf(setup.stack)]).toEqual([]);
  });

  test('admits a role as long as one of the plans that have it is in the app', () => {
    const setup = new Setup();
    const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive');
    const vault = new ReplicatedBackupVault(stack, 'Vault');
    const role = DrRole.backup(setup.stack, 'Role', { roleName: 'backup', resourceTypes: [ResourceType.DYNAMODB] });
    archived('One', setup, vault, role);
    archived('Other', setup, vault, role);
    setup.app.node.tryRemoveChild('One');

    expect(accessPolicyOf(stack)?.[0].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/backup'] } });
    expect(keyPolicyOf(setup.stack)).toHaveLength(2);
  });
});

test('an objective for the loss of a region is not kept by the copies of a plan that was taken out', () => {
  const setup = new Setup({ replicaRegion: 'eu-west-1' });
  const table = tableIn(setup.stack);
  setup.selecting([BackupTarget.fromDynamoDbTable(table)], {
    copyTo: [], objectives: [new RecoveryObjective({ name: 'Failover', rto: Duration.hours(8), rpo: Duration.hours(30), survives: FailureScope.REGION })],
  });
  setup.plan({ backupPlanName: 'copying' }, 'Copying').addSelection('Selection', { resources: [BackupTarget.fromDynamoDbTable(table)] });
  setup.stack.node.tryRemoveChild('Copying');

  expect(setup.problems()).toEqual([expect.stringMatching(/'Failover' \(survives REGION\): no tier is copied into another region/)]);
});

describe('an objective that copies into a vault kept', () => {
  const plan = (survives: FailureScope, define: (setup: Setup) => { archive: ReplicatedBackupVault; remove: () => void }) => {
    const setup = new Setup({ replicaRegion: 'eu-west-1' });
    const { archive, remove } = define(setup);
    setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup.stack))], {
      copyTo: [survives === FailureScope.ACCOUNT ? BackupCopy.to(archive) : BackupCopy.toReplicaOf(setup.vault)],
      objectives: [new RecoveryObjective({ name: 'Disaster', rto: Duration.hours(8), rpo: Duration.hours(30), survives })],
    });
    remove();
    return setup;
  };
  const archived = (remove: (stack: Stack) => void) => (setup: Setup) => {
    const stack = stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Archive');
    return { archive: new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'archive' }), remove: () => remove(stack) };
  };

  test.each<[string, (stack: Stack) => void]>([
    ['vault', (stack) => stack.node.tryRemoveChild('Vault')],
    ['stack of the vault', (stack) => stack.node.scope!.node.tryRemoveChild('Archive')],
  ])('is not kept once the %s is taken out of the app', (_, remove) => {
    expect(plan(FailureScope.ACCOUNT, archived(remove)).problems()).toEqual([
      "objective 'Disaster' (survives ACCOUNT): no tier is copied into another account, so nothing remains to recover from: add a vault in another account to 'copyTo' (copy_to); removed from the app: 'archive'",
    ]);
  });

  test('is a warning where the support stack of a lost region is taken out', () => {
    const setup = plan(FailureScope.REGION, ({ stack, vault }) => ({ archive: vault, remove: () => stack.node.tryRemoveChild('support-eu-west-1') }));
    const { messages } = setup.app.synth().getStackArtifact(setup.stack.artifactId);

    expect(messages.filter(({ level }) => level === 'warning').map(({ entry: { data } }) => data)).toContainEqual(expect.stringMatching(
      /^objective 'Disaster' \(survives REGION\): no tier is copied into another region, .*; removed from the app: 'local-replica' \[ack: cdk-backup-dr:objectiveWithoutReplica\]$/));
  });

  test('is kept by another vault', () => {
    const setup = new Setup();
    const archives = ['One', 'Other'].map((id) => new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, setup.app, id), 'Vault'));
    setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup.stack))], {
      copyTo: archives.map((vault) => BackupCopy.to(vault)),
      objectives: [new RecoveryObjective({ name: 'Disaster', rto: Duration.hours(8), rpo: Duration.hours(30), survives: FailureScope.ACCOUNT })],
    });
    setup.app.node.tryRemoveChild('One');

    expect(setup.problems()).toEqual([]);
  });
});
