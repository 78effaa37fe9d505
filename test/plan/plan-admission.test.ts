import { App, CfnParameter, Duration, Fn, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../../src/vault/replicated-backup-vault-ref';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';
import { accessPolicyOf, BLOCK_DELETION, keyPolicyOf } from '../vault/statements';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

function planInto(destination: IReplicatedBackupVault, id: string): { plan: TieredBackupPlan; infrastructure: Stack } {
  const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, `Infrastructure${id}`);
  const plan = new TieredBackupPlan(infrastructure, 'Plan', {
    vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    copyTo: [BackupCopy.to(destination)],
  });
  plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  return { plan, infrastructure };
}

test('a plan of another account opens the vault that it copies into, for its own role only', () => {
  planInto(new ReplicatedBackupVault(stack, 'Vault'), 'One');

  expect(accessPolicyOf(stack)).toEqual([
    {
      Sid: 'CopyFromAccounts',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'backup:CopyIntoBackupVault',
      Resource: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/InfrastructureOne-Plan-Role-c437bcc0-eu-west-2'] } },
    },
    BLOCK_DELETION,
  ]);
});

test('a plan changes nothing in a vault that lets its account in already', () => {
  planInto(new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.organization('o-1234567890')] }), 'One');

  expect(accessPolicyOf(stack)?.map(({ Sid }) => Sid)).toEqual(['CopyFromOrganization', 'BlockRecoveryPointDeletion']);
});

test('two plans of one account are let in by one statement', () => {
  const destination = new ReplicatedBackupVault(stack, 'Vault');
  planInto(destination, 'One');
  planInto(destination, 'Two');

  expect(accessPolicyOf(stack)).toHaveLength(2);
});

test('a plan opens the replica alone where it copies into that alone', () => {
  const destination = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND });
  const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure');
  new TieredBackupPlan(infrastructure, 'Plan', {
    vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    copyTo: [BackupCopy.toReplicaOf(destination)],
  }).addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

  expect(accessPolicyOf(stack)).toEqual([BLOCK_DELETION]);
  expect(accessPolicyOf(supportStackOf(stack, IRELAND))).toHaveLength(2);
});

test('the key of the vault that is copied from lets AWS Backup of the other account read', () => {
  const { infrastructure } = planInto(new ReplicatedBackupVault(stack, 'Vault'), 'One');

  expect(keyPolicyOf(infrastructure).map(({ Sid, Principal }) => [Sid, Principal])).toEqual([
    ['ReadByAwsBackupOfAccountsInfrastructureOneVault395e789b', { AWS: 'arn:aws:iam::333333333333:root' }],
    ['GrantByAwsBackupOfAccountsInfrastructureOneVault395e789b', { AWS: 'arn:aws:iam::333333333333:root' }],
  ]);
});

test('a plan that is defined after the Stage of its destination was synthesized is refused: its policies would be lost', () => {
  const stage = new Stage(app, 'Archive2');
  const destination = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, stage, 'Stack'), 'Vault');
  stage.synth();

  expect(() => planInto(destination, 'Late')).toThrow("vault 'Archive2/Stack/Vault' is already synthesized, and now a plan requires that account 222222222222 copies into it: define the plan before the Stage of the vault is synthesized, or add that account to the 'copySources' (copy_sources) of the vault");
});

test('such a plan is fine where the vault lets its account in by itself', () => {
  const stage = new Stage(app, 'Archive2');
  const destination = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, stage, 'Stack'), 'Vault', { copySources: [CopySource.account(INFRASTRUCTURE)] });
  stage.synth();

  expect(() => planInto(destination, 'Late')).not.toThrow();
});

test('a plan whose own vault was synthesized before is refused, too', () => {
  const stage = new Stage(app, 'Workload');
  const own = stackIn(INFRASTRUCTURE, LONDON, stage, 'Stack');
  const vault = new ReplicatedBackupVault(own, 'Vault');
  stage.synth({ force: true });

  expect(() => new TieredBackupPlan(own, 'Plan', {
    vault, tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })], copyTo: [BackupCopy.to(new ReplicatedBackupVault(stack, 'Vault'))],
  })).toThrow("vault 'Workload/Stack/Vault' is already synthesized, and now a plan requires that its recovery points are copied into account 333333333333");
});

test('such a vault is refused copies into each account that it did not know of, and takes those into one that it did', () => {
  const stage = new Stage(app, 'Workload');
  const own = stackIn(INFRASTRUCTURE, LONDON, stage, 'Stack');
  const vault = new ReplicatedBackupVault(own, 'Vault');
  const tiers = [BackupTier.daily({ deleteAfter: Duration.days(35) })];
  const planFor = (id: string, account: string) => new TieredBackupPlan(own, `Plan${id}`, {
    vault, tiers, copyTo: [BackupCopy.to(new ReplicatedBackupVault(stackIn(account, LONDON, app, `Archive${id}`), 'Vault'))],
  });
  planFor('Known', LOG_ARCHIVE).addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  stage.synth({ force: true });

  expect(() => planFor('Again', LOG_ARCHIVE)).not.toThrow();
  expect(() => planFor('Late', '444444444444')).toThrow('now a plan requires that its recovery points are copied into account 444444444444');
});

describe('a role of the caller is admitted by its name', () => {
  const assumedBy = new iam.ServicePrincipal('backup.amazonaws.com');

  function copying(destination: IReplicatedBackupVault, roleIn: (stack: Stack) => iam.IRole): void {
    const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure');
    new TieredBackupPlan(infrastructure, 'Plan', {
      vault: new ReplicatedBackupVault(infrastructure, 'Vault'),
      role: roleIn(infrastructure),
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
      copyTo: [BackupCopy.to(destination)],
    }).addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
  }

  test.each<[string, string, (stack: Stack) => iam.IRole]>([
    ['an imported one, by its ARN', 'dr/backup', (own) => iam.Role.fromRoleArn(own, 'Role', 'arn:aws:iam::222222222222:role/dr/backup')],
    ['an imported one, by an ARN of the partition of the stack', 'backup', (own) => iam.Role.fromRoleArn(own, 'Role', `arn:${own.partition}:iam::222222222222:role/backup`)],
    ['an imported one, by its name', 'backup', (own) => iam.Role.fromRoleName(own, 'Role', 'backup')],
    ['an imported one, by its path and its name', 'dr/backup', (own) => iam.Role.fromRoleName(own, 'Role', 'dr/backup')],
    ['one with a name', 'backup', (own) => new iam.Role(own, 'Role', { assumedBy, roleName: 'backup' })],
    ['one with a path', 'dr/backup', (own) => new iam.Role(own, 'Role', { assumedBy, roleName: 'backup', path: '/dr/' })],
    ['one whose policies must not be changed', 'backup', (own) => new iam.Role(own, 'Role', { assumedBy, roleName: 'backup' }).withoutPolicyUpdates()],
  ])('%s', (_, name, roleIn) => {
    copying(new ReplicatedBackupVault(stack, 'Vault'), roleIn);

    expect(accessPolicyOf(stack)?.[0].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::222222222222:role/${name}`] } });
    expect(keyPolicyOf(stack).flatMap(({ Sid, Condition }) => /^(Encrypt|Grant)From/.test(Sid!) ? [(Condition as { ArnLike: object }).ArnLike] : [])).toEqual([
      { 'aws:PrincipalArn': [`arn:aws:iam::222222222222:role/${name}`] }, { 'aws:PrincipalArn': [`arn:aws:iam::222222222222:role/${name}`] },
    ]);
  });

  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['that CloudFormation names', (own) => new iam.Role(own, 'Role', { assumedBy })],
    ['whose name is a parameter', (own) => new iam.Role(own, 'Role', { assumedBy, roleName: new CfnParameter(own, 'Name').valueAsString })],
    ['whose path is a parameter', (own) => new iam.Role(own, 'Role', { assumedBy, roleName: 'backup', path: new CfnParameter(own, 'Path').valueAsString })],
    ['that is imported by an ARN of another stack', (own) => iam.Role.fromRoleArn(own, 'Role', Fn.importValue('role-arn'))],
    ['a DrRole whose name is a parameter', (own) => DrRole.backup(own, 'Role', {
      resourceTypes: [ResourceType.DYNAMODB], roleName: new CfnParameter(own, 'Name').valueAsString,
    })],
  ])('one %s is refused, because the whole account would have to be admitted', (_, roleIn) => {
    const destination = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', copySources: [CopySource.account(INFRASTRUCTURE, { roleNames: ['other'] })] });

    expect(() => copying(destination, roleIn)).toThrow("'role' must have a literal name, because vault 'central' in account 333333333333 allows the role by its name: "
      + "set 'roleName' (role_name) on the role, leave out 'role', or name account 222222222222 in the 'copySources' (copy_sources) of the vault, got 'Infrastructure/Role'");
    expect(accessPolicyOf(stack)?.[0].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/other'] } });
  });

  test('one without a literal name is fine where the caller has admitted the whole account', () => {
    copying(new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.account(INFRASTRUCTURE)] }), (own) => new iam.Role(own, 'Role', { assumedBy }));

    expect(accessPolicyOf(stack)?.[0]).toEqual(expect.objectContaining({ Sid: 'CopyFromAccounts', Principal: { AWS: 'arn:aws:iam::222222222222:root' } }));
  });

  test('one without a literal name is fine where nothing is copied into another account', () => {
    const infrastructure = stackIn(INFRASTRUCTURE, LONDON, app, 'Infrastructure');

    expect(() => new TieredBackupPlan(infrastructure, 'Plan', {
      vault: new ReplicatedBackupVault(infrastructure, 'Vault', { replicaRegion: IRELAND }),
      role: new iam.Role(infrastructure, 'Role', { assumedBy }),
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    })).not.toThrow();
  });
});
