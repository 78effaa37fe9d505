import { App, AspectPriority, Aspects, CfnResource, Stage } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { accessPolicyOf, keyPolicyOf } from './statements';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupPlanProps } from '../../src/plan/tiered-backup-plan-props';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { ReplicatedBackupVaultProps } from '../../src/vault/replicated-backup-vault-props';
import { DAILY, TABLES } from '../plan/setup';
import { problemsAtSynthesis } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

/*
 * Tools that set permissions boundaries in large companies rename the roles of an app as well, or give them a path.
 */

let app: App;

beforeEach(() => {
  app = new App();
});

/** An archive in one account, and a plan in another one that copies into it and into its replica. */
function archiveAndPlan(
  vaultProps: ReplicatedBackupVaultProps = {}, planProps: (stack: Stack) => Partial<TieredBackupPlanProps> = () => ({}),
  stages: (App | Stage)[] = [app, app],
) {
  const archive = stackIn(LOG_ARCHIVE, LONDON, stages[0], 'Archive');
  const workload = stackIn(INFRASTRUCTURE, LONDON, stages[1], 'Workload');
  const vault = new ReplicatedBackupVault(archive, 'Vault', { backupVaultName: 'central', replicaRegion: IRELAND, ...vaultProps });
  const plan = new TieredBackupPlan(workload, 'Plan', {
    vault: new ReplicatedBackupVault(workload, 'Vault', { backupVaultName: 'local' }),
    tiers: [DAILY()],
    copyTo: [BackupCopy.to(vault), BackupCopy.toReplicaOf(vault)],
    ...planProps(workload),
  });
  plan.addSelection('Selection', { resources: TABLES() });
  return { archive, workload, plan, sides: [archive, supportStackOf(archive, IRELAND)] };
}

/** A role of the caller. */
function backupRole(stack: Stack, props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(stack, 'Role', { roleName: 'backup', assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'), ...props });
}

/** The roles that the access policies and the keys of the vaults let in, each by one of their statements. */
function letIn(sides: Stack[]): unknown[] {
  return sides.flatMap((side) => [
    ...accessPolicyOf(side)!.filter(({ Sid }) => Sid?.startsWith('Copy')), ...keyPolicyOf(side).filter(({ Sid }) => Sid?.startsWith('EncryptFrom')),
  ]).map(({ Condition }: any) => Condition.ArnLike['aws:PrincipalArn']);
}

function changeRoles(change: (role: iam.CfnRole) => void, priority?: number): void {
  Aspects.of(app).add({ visit: (node) => node instanceof iam.CfnRole && change(node) }, { priority });
}

const arnOf = (name: string) => [`arn:aws:iam::${INFRASTRUCTURE}:role/${name}`];

test.each([
  ['before all others', AspectPriority.MUTATING], ['at the usual time', undefined], ['after all others', 10_000],
])('an aspect %s gives the role a path and a prefix: vaults and keys let in the role as its template has it', (_, priority) => {
  const { sides, workload } = archiveAndPlan();
  changeRoles((role) => {
    role.path = '/svc/';
    role.roleName = `acme-${role.roleName?.replace(/^acme-/, '')}`;
  }, priority);

  const [{ Properties: { Path, RoleName } }] = Object.values(Template.fromStack(workload).findResources('AWS::IAM::Role'));
  expect([Path, RoleName]).toEqual(['/svc/', expect.stringMatching(/^acme-Workload-Plan-Role-/)]);
  expect(letIn(sides)).toEqual(Array(4).fill(arnOf(`svc/${RoleName}`)));
});

test('a role that keeps its name adds nothing to the policies that were written', () => {
  const { workload } = archiveAndPlan();

  expect(keyPolicyOf(workload).map(({ Sid }) => Sid)).toEqual(['ReadByAwsBackupOfAccountslocal', 'GrantByAwsBackupOfAccountslocal']);
});

test.each<[string, (role: iam.CfnRole) => void, string]>([
  ['its name', (role) => role.addPropertyOverride('RoleName', 'other'), 'svc/other'],
  ['its path', (role) => role.addPropertyOverride('Path', '/team/dr/'), 'team/dr/backup'],
  ['its path away', (role) => role.addPropertyDeletionOverride('Path'), 'backup'],
])('an override that changes %s is followed', (_, override, name) => {
  const { sides } = archiveAndPlan({}, (stack) => {
    const role = backupRole(stack, { path: '/svc/' });
    override(role.node.defaultChild as iam.CfnRole);
    return { role };
  });

  expect(letIn(sides)).toEqual(Array(4).fill(arnOf(name)));
});

test('a role that was renamed is let in as well where the vault names it as it was defined', () => {
  const { sides } = archiveAndPlan({ copySources: [CopySource.account(INFRASTRUCTURE, { roleNames: ['backup'] })] }, (stack) => ({ role: backupRole(stack) }));
  changeRoles((role) => role.path = '/svc/');

  expect(letIn(sides)).toEqual(Array(4).fill([...arnOf('backup'), ...arnOf('svc/backup')]));
});

test('a role that is renamed after the policies of an organization\'s vault were written gets statements of its own', () => {
  const { sides: [archive] } = archiveAndPlan({ copySources: [CopySource.organization('o-exampleorg12', { roleNames: ['backup'] })] }, (stack) => ({ role: backupRole(stack) }));
  changeRoles((role) => role.path = '/svc/', 10_000);

  expect(accessPolicyOf(archive)!.map(({ Sid }) => Sid)).toEqual(['CopyFromOrganization', 'BlockRecoveryPointDeletion', 'CopyFromAccountsRenamed']);
  expect(accessPolicyOf(archive)![2].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': arnOf('svc/backup') } });
  expect(keyPolicyOf(archive).map(({ Sid }) => Sid)).toContain('GrantFromAccountscentralRenamed');
});

test('a role that keeps its name changes nothing where the organization may copy', () => {
  const { archive } = archiveAndPlan({ copySources: [CopySource.organization('o-exampleorg12', { roleNames: ['backup'] })] }, (stack) => ({ role: backupRole(stack) }));

  expect(accessPolicyOf(archive)!.map(({ Sid }) => Sid)).toEqual(['CopyFromOrganization', 'BlockRecoveryPointDeletion']);
});

test('a role whose name is taken away is refused, since nobody could let it in', () => {
  archiveAndPlan({}, (stack) => ({ role: backupRole(stack) }));
  changeRoles((role) => role.roleName = undefined);

  expect(problemsAtSynthesis(app)).toContain("the role 'Workload/Role', which vault 'Archive/Vault' of another account allows by its name, has no literal name and path "
    + "in its template: an aspect or an override changed 'backup'; set 'roleName' (role_name) and 'path' to literals");
});

test('a role whose name is taken away copies into a vault that lets in its whole account', () => {
  archiveAndPlan({ copySources: [CopySource.account(INFRASTRUCTURE)] }, (stack) => ({ role: backupRole(stack) }));
  changeRoles((role) => role.roleName = undefined);

  expect(problemsAtSynthesis(app)).toEqual([]);
});

test('a role defined as a plain resource is let in by the name in its properties', () => {
  const { sides } = archiveAndPlan({}, (stack) => {
    const role = backupRole(stack);
    role.node.tryRemoveChild('Resource');
    new CfnResource(role, 'Resource', { type: 'AWS::IAM::Role', properties: { RoleName: 'plain', Path: '/x/', AssumeRolePolicyDocument: {} } });
    return { role };
  });

  expect(letIn(sides)).toEqual(Array(4).fill(arnOf('x/plain')));
});

describe('in two Stages', () => {
  const renameIn = (stage: Stage) => Aspects.of(stage).add({ visit: (node) => { if (node instanceof iam.CfnRole) { node.path = '/svc/'; } } });

  test('of which that of the vault is synthesized first, a role that is renamed after that is refused', () => {
    const [first, second] = [new Stage(app, 'First'), new Stage(app, 'Second')];
    archiveAndPlan({}, (stack) => ({ role: backupRole(stack) }), [first, second]);
    renameIn(second);

    expect(problemsAtSynthesis(app)).toContain("the role 'Second/Workload/Role', which vault 'First/Archive/Vault' of another account allows by its name, is 'svc/backup' in its template, but the vault, whose Stage was synthesized before, allows 'backup': set 'roleName' (role_name) and 'path' where the role is defined, not in an aspect or an override, or add the role to the 'copySources' (copy_sources) of the vault");
  });

  test('of which that of the role is synthesized first, the vault follows', () => {
    const [first, second] = [new Stage(app, 'First'), new Stage(app, 'Second')];
    const { sides } = archiveAndPlan({}, (stack) => ({ role: backupRole(stack) }), [second, first]);
    renameIn(first);
    app.synth();

    expect(letIn(sides)).toEqual(Array(4).fill(arnOf('svc/backup')));
  });

  test('a role that is renamed into what the vault names is accepted', () => {
    const [first, second] = [new Stage(app, 'First'), new Stage(app, 'Second')];
    archiveAndPlan({ copySources: [CopySource.account(INFRASTRUCTURE, { roleNames: ['svc/backup'] })] }, (stack) => ({ role: backupRole(stack) }), [first, second]);
    renameIn(second);

    expect(problemsAtSynthesis(app)).toEqual([]);
  });
});

test('the path of a plan\'s role is part of the name that the vault lets in', () => {
  const { sides, workload } = archiveAndPlan({}, () => ({ rolePath: '/backup/' }));

  const [{ Properties: { Path, RoleName } }] = Object.values(Template.fromStack(workload).findResources('AWS::IAM::Role'));
  expect(Path).toBe('/backup/');
  expect(letIn(sides)).toEqual(Array(4).fill(arnOf(`backup/${RoleName}`)));
});

test('the keys of a replicated bucket let in the role that replicates as its template has it', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Data');
  new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND });
  changeRoles((role) => role.path = '/svc/');

  const [{ Properties: { RoleName } }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  for (const side of [stack, supportStackOf(stack, IRELAND)]) {
    const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(side).findResources('AWS::KMS::Key'));
    expect(JSON.stringify(KeyPolicy)).toContain(`:role/svc/${RoleName}"`);
  }
});
