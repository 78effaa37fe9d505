import { App, Duration, Lazy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { accessPolicyOf, BLOCK_DELETION, keyPolicyOf } from './statements';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import type { ReplicatedBackupVaultProps } from '../../src/vault/replicated-backup-vault-props';
import { VaultLock } from '../../src/vault/vault-lock';
import { decide } from '../policies';
import type { Case } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

let stack: Stack;

beforeEach(() => {
  stack = stackIn(LOG_ARCHIVE, LONDON, new App(), 'Archive');
});

const refusals = (props: ReplicatedBackupVaultProps) => problemsOf(() => new ReplicatedBackupVault(stack, 'Vault', props));
const sidesOf = () => [stack, supportStackOf(stack, IRELAND)];

/** What the access policy of a vault says to a role, whose own account allows it everything. */
function ask(side: Stack, principal: string, action: string, context: Record<string, string | string[]> = {}): Case {
  return {
    name: `${principal} ${action}`,
    request: { principal, action, resource: `arn:aws:backup:eu-west-2:${LOG_ARCHIVE}:backup-vault:any`, resourceAccount: LOG_ARCHIVE, context },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
    resourcePolicy: { Version: '2012-10-17', Statement: accessPolicyOf(side) as never },
  };
}

const session = (role: string, account = LOG_ARCHIVE) => `arn:aws:sts::${account}:assumed-role/${role}/session`;

describe('exceptions from the block of deletion', () => {
  const LOCK = VaultLock.compliance({ minRetention: Duration.days(7), changeableFor: Duration.days(14) });

  test('are roles of the account of each vault, with their path', () => {
    new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, recoveryPointDeletionExceptions: ['break-glass', 'ops/cleanup'] });

    for (const side of sidesOf()) {
      expect(accessPolicyOf(side)).toEqual([{
        ...BLOCK_DELETION,
        Condition: { ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::${LOG_ARCHIVE}:role/break-glass`, `arn:aws:iam::${LOG_ARCHIVE}:role/ops/cleanup`] } },
      }]);
    }
  });

  test('delete by hand, and nobody else does', () => {
    new ReplicatedBackupVault(stack, 'Vault', { recoveryPointDeletionExceptions: ['break-glass'] });
    const by = (role: string) => ask(stack, session(role.split('/').pop()!), 'backup:DeleteRecoveryPoint', { 'aws:PrincipalArn': `arn:aws:iam::${LOG_ARCHIVE}:role/${role}` });

    expect(decide([by('break-glass'), by('administrator'), by('x/break-glass')])).toEqual(['Allowed', 'ExplicitlyDenied', 'ExplicitlyDenied']);
  });

  test.each<[ReplicatedBackupVaultProps, string]>([
    [{ recoveryPointDeletionExceptions: [] }, "'recoveryPointDeletionExceptions' (recovery_point_deletion_exceptions) must contain at least one role, got none: leave it out if nobody should be able to delete"],
    [{ recoveryPointDeletionExceptions: ['*'] },
      "'recoveryPointDeletionExceptions' (recovery_point_deletion_exceptions) must be names of roles, including their path if they have one, without wildcards and not ARNs, got '*'"],
    [{ recoveryPointDeletionExceptions: ['a'], blockRecoveryPointDeletion: false },
      "'recoveryPointDeletionExceptions' (recovery_point_deletion_exceptions) has no effect if 'blockRecoveryPointDeletion' (block_recovery_point_deletion) is false: leave one of them out"],
    [{ recoveryPointDeletionExceptions: ['a'], vaultLock: LOCK }, "'recoveryPointDeletionExceptions' (recovery_point_deletion_exceptions) has no effect with a compliance lock, which allows nobody to delete: leave it out"],
    [{ recoveryPointDeletionExceptions: ['a'], vaultLock: LOCK, replicaRegion: IRELAND },
      "'recoveryPointDeletionExceptions' (recovery_point_deletion_exceptions) has no effect with a compliance lock, which allows nobody to delete: leave it out"],
  ])('%j are refused', (props, problem) => {
    expect(refusals(props)).toEqual([problem]);
  });

  test.each<[string, ReplicatedBackupVaultProps]>([
    ['a governance lock, which can be removed before', { vaultLock: VaultLock.governance({ minRetention: Duration.days(7) }) }],
    ['a compliance lock of the replica alone', { replicaRegion: IRELAND, replicaVaultLock: LOCK }],
  ])('are accepted with %s', (_, props) => {
    expect(refusals({ recoveryPointDeletionExceptions: ['a'], ...props })).toEqual([]);
  });
});

describe('statements of one\'s own', () => {
  const statement = (props: iam.PolicyStatementProps = {}) => new iam.PolicyStatement({
    sid: 'NoRestores', effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['backup:StartRestoreJob'], resources: ['*'], ...props,
  });
  const RENDERED = { Sid: 'NoRestores', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'backup:StartRestoreJob', Resource: '*' };

  test('are in the access policies of the vault and of its replica, behind those of the vault', () => {
    new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, accessPolicyStatements: [statement()] });

    expect(sidesOf().map(accessPolicyOf)).toEqual([[BLOCK_DELETION, RENDERED], [BLOCK_DELETION, RENDERED]]);
  });

  test('may be others in the replica', () => {
    new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, replicaAccessPolicyStatements: [statement()] });

    expect(sidesOf().map(accessPolicyOf)).toEqual([[BLOCK_DELETION], [BLOCK_DELETION, RENDERED]]);
  });

  test.each<[string, iam.PolicyStatementProps, string]>([
    ['a wildcard', { actions: ['backup:*'] }, "'accessPolicyStatements' (access_policy_statements) must contain only actions of AWS Backup without wildcards, such as 'backup:StartRestoreJob', got 'backup:*'"],
    ['an action of another service', { actions: ['s3:GetObject'] }, "'accessPolicyStatements' (access_policy_statements) must contain only actions of AWS Backup without wildcards, such as 'backup:StartRestoreJob', got 's3:GetObject'"],
    ['nobody', { principals: [] }, "'accessPolicyStatements' (access_policy_statements) must have statements with 'principals', got one with the Sid 'NoRestores'"],
    ['no resource', { resources: [] }, "'accessPolicyStatements' (access_policy_statements) must have statements with 'resources', such as '*' for everything that the policy covers, got one with the Sid 'NoRestores'"],
    ['the Sid of a statement of ours', { sid: 'BlockRecoveryPointDeletion' },
      "'accessPolicyStatements' (access_policy_statements) must not use the Sid 'BlockRecoveryPointDeletion', which a statement of the vault uses"],
  ])('with %s are refused', (_, props, problem) => {
    expect(refusals({ accessPolicyStatements: [statement(props)] })).toEqual([problem]);
  });

  test('of one Sid are refused', () => {
    expect(refusals({ accessPolicyStatements: [statement(), statement()] })).toEqual(["'accessPolicyStatements' (access_policy_statements) must have statements with unique Sids, got 'NoRestores' 2 times"]);
  });

  test('of a replica are refused without one', () => {
    expect(refusals({ replicaAccessPolicyStatements: [statement()] })).toEqual(["'replicaAccessPolicyStatements' (replica_access_policy_statements) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out"]);
  });
});

describe('an organizational unit', () => {
  const PATH = 'r-ab12/ou-ab12-11111111/ou-ab12-22222222';

  test('may copy, with the units below it, and use the key', () => {
    new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', copySources: [CopySource.organizationalUnit('o-exampleorg12', PATH)] });

    const condition = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`o-exampleorg12/${PATH}/*`] } };
    expect(accessPolicyOf(stack)![0]).toEqual({
      Sid: 'CopyFromOrganizationalUnit', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'backup:CopyIntoBackupVault', Resource: '*', Condition: condition,
    });
    expect(keyPolicyOf(stack)).toMatchObject([
      { Sid: 'EncryptFromOrganizationalUnitcentral', Condition: condition }, { Sid: 'GrantFromOrganizationalUnitcentral', Condition: condition },
      { Sid: 'ReadByAwsBackupOfOrganizationalUnitcentral', Condition: { ...condition, ArnLike: { 'aws:PrincipalArn': [expect.stringMatching(/AWSServiceRoleForBackup$/)] } } },
      { Sid: 'GrantByAwsBackupOfOrganizationalUnitcentral', Condition: condition },
    ]);
  });

  test('has statements of its own beside those of another one', () => {
    new ReplicatedBackupVault(stack, 'Vault', {
      copySources: [PATH, 'r-ab12/ou-ab12-33333333'].map((path) => CopySource.organizationalUnit('o-exampleorg12', path)),
    });

    expect(accessPolicyOf(stack)!.map(({ Sid }) => Sid).slice(0, 2)).toEqual(['CopyFromOrganizationalUnit', 'CopyFromOrganizationalUnit2']);
  });

  test('lets in its own accounts and those of units below it, and no others', () => {
    new ReplicatedBackupVault(stack, 'Vault', { copySources: [CopySource.organizationalUnit('o-exampleorg12', `${PATH}/`, { roleNames: ['backup'] })] });
    const from = (orgPath: string | undefined, role = 'backup') => ask(stack, session(role, INFRASTRUCTURE), 'backup:CopyIntoBackupVault', {
      'aws:PrincipalArn': `arn:aws:iam::${INFRASTRUCTURE}:role/${role}`, ...orgPath === undefined ? {} : { 'aws:PrincipalOrgPaths': [orgPath] },
    });

    expect(decide([
      from(`o-exampleorg12/${PATH}/`), from(`o-exampleorg12/${PATH}/ou-ab12-33333333/`), from('o-exampleorg12/r-ab12/ou-ab12-11111111/'),
      from(`o-otherorg1234/${PATH}/`), from(undefined), from(`o-exampleorg12/${PATH}/`, 'other'),
    ])).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  test.each(['ou-ab12-11111111', 'r-ab12', 'o-exampleorg12/r-ab12/ou-ab12-11111111', 'r-ab12/*', '/r-ab12/ou-ab12-11111111', 'r-ab12/ou-ab12-1111111', 'r-ab12//ou-ab12-11111111'])(
    'by the path %j is refused', (path) => {
      expect(problemsOf(() => CopySource.organizationalUnit('o-exampleorg12', path))).toEqual([
        "'organizationalUnitPath' (organizational_unit_path) must be the ids from the root of the organization down to the unit, without the organization and without wildcards, "
        + `such as 'r-ab12/ou-ab12-11111111', got '${path}'`,
      ]);
    });

  test('may be a token', () => {
    expect(problemsOf(() => CopySource.organizationalUnit('o-exampleorg12', Lazy.string({ produce: () => PATH })))).toEqual([]);
  });
});

describe('without a compiler, what is missing is said in words:', () => {
  const call = (work: (...args: any[]) => unknown, ...args: unknown[]) => problemsOf(() => work(...args));

  test.each<[string, string[], string[]]>([
    ['an account', call(CopySource.account), ["'accountId' (account_id) is required: the id of the account, 12 digits, such as '222222222222'"]],
    ['an organization', call(CopySource.organization), ["'organizationId' (organization_id) is required: the id of the organization, such as 'o-exampleorg12'"]],
    ['a unit', call(CopySource.organizationalUnit, 'o-exampleorg12'),
      ["'organizationalUnitPath' (organizational_unit_path) is required: the ids from the root down to the unit, such as 'r-ab12/ou-ab12-11111111'"]],
    ['roles', call(CopySource.account, INFRASTRUCTURE, { roleNames: 'backup' }), ["'roleNames' (role_names) must be a list, with each item a name of a role, got something else"]],
    ['the minimum of a lock', call(VaultLock.governance, { maxRetention: Duration.days(365) }),
      ["'minRetention' (min_retention) is required: the shortest retention that the vault accepts, such as 'Duration.days(7)'"]],
    ['everything of a compliance lock', call(VaultLock.compliance), [
      "'minRetention' (min_retention) is required: the shortest retention that the vault accepts, such as 'Duration.days(7)'",
      "'changeableFor' (changeable_for) is required: how long the lock can still be changed or removed, such as 'Duration.days(14)'",
    ]],
    ['the unit of a span', call(VaultLock.governance, { minRetention: 7 }), ["'minRetention' (min_retention) must be a Duration, such as 'Duration.days(30)', got '7'"]],
    ['the name of an imported vault', call(ReplicatedBackupVault.fromReplicatedBackupVaultAttributes, stackIn(LOG_ARCHIVE, LONDON), 'Vault', { account: LOG_ARCHIVE }), [
      "'backupVaultName' (backup_vault_name) is required: that of the vault", "'region' is required: that of the vault",
    ]],
  ])('%s', (_, got, expected) => {
    expect(got).toEqual(expected);
  });

  test.each([[CopySource.account(INFRASTRUCTURE), 'something else'], [[undefined], 'one with a missing value']])('copy sources that are no list', (copySources: any, got) => {
    expect(refusals({ copySources })).toEqual([`'copySources' (copy_sources) must be a list, with each item a CopySource, got ${got}`]);
  });

  test('a lock in governance mode does not become final by an option that it does not have', () => {
    const options: any = { minRetention: Duration.days(7), changeableFor: Duration.days(3) };

    expect(VaultLock.governance(options).changeableFor).toBeUndefined();
  });
});
