import * as fs from 'fs';
import * as path from 'path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const DYNAMODB = { resourceTypes: [ResourceType.DYNAMODB] };

describe('a role that a team of its own makes beforehand', () => {
  let app: App;
  let stack: Stack;

  beforeEach(() => {
    app = new App();
    iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Backup/Role': 'made-by-the-iam-team' } });
    stack = stackIn(INFRASTRUCTURE, LONDON, app);
  });

  test('is referred to, and none is made', () => {
    const role = DrRole.backup(stack, 'Role', DYNAMODB);

    expect(stack.resolve(role.roleArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/made-by-the-iam-team']],
    });
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  });

  test('is known by its own name to the vaults that let it in', () => {
    const vault = new ReplicatedBackupVault(stackIn(LOG_ARCHIVE, LONDON, app, 'Copies'), 'Vault');
    const plan = new TieredBackupPlan(stack, 'Plan', {
      vault: new ReplicatedBackupVault(stack, 'Vault'),
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
      copyTo: [BackupCopy.to(vault)],
      role: DrRole.backup(stack, 'Role', DYNAMODB),
    });
    plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });

    const [{ Properties }] = Object.values(Template.fromStack(Stack.of(vault)).findResources('AWS::Backup::BackupVault'));
    expect(JSON.stringify(Properties.AccessPolicy)).toContain('role/made-by-the-iam-team');
  });

  test('gets the statements that it needs told in the report of AWS CDK', () => {
    DrRole.backup(stack, 'Role', DYNAMODB);

    const [role] = JSON.parse(fs.readFileSync(path.join(app.synth().directory, 'iam-policy-report.json'), 'utf8')).roles;
    expect(role.roleName).toBe('made-by-the-iam-team');
    expect(role.identityPolicyStatements.map(({ Sid }: any) => Sid)).toEqual([
      'BackUpTables', 'ManageTableBackups', 'UseTableKeys', 'DescribeKeys', 'GrantKeysToServices',
      'CopyIntoVaults', 'CopyFromVaults', 'TagRecoveryPoints', 'FindTaggedResources',
    ]);
  });

  test.each<[string, string, (own: Stack) => iam.IRole | undefined]>([
    ['of the plan', "vault 'Copies/Vault' can't allow the role 'Backup/Plan/Role' without a literal name: set the name of 'Backup/Plan/Role' in 'usePrecreatedRoles' (use_precreated_roles) of 'iam.Role.customizeRoles', or add account 222222222222 to the 'copySources' (copy_sources) of the vault", () => undefined],
    ['that is given', "'role' must have a literal name, because vault 'copies' in account 333333333333 allows the role by its name: set the name of 'Backup/Other' in 'usePrecreatedRoles' (use_precreated_roles) of 'iam.Role.customizeRoles', leave out 'role', or name account 222222222222 in the 'copySources' (copy_sources) of the vault, got 'Backup/Other'",
      (own) => DrRole.backup(own, 'Other', { ...DYNAMODB, roleName: 'other' })],
    ['that is not one of this library', "set the name of 'Backup/Other' in 'usePrecreatedRoles' (use_precreated_roles)",
      (own) => new iam.Role(own, 'Other', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'), roleName: 'other' })],
  ])('is not let into a vault of another account by its id in the app: one %s that has no name yet', (_, refusal, roleIn) => {
    const archive = stackIn(LOG_ARCHIVE, LONDON, app, 'Copies');
    const vault = new ReplicatedBackupVault(archive, 'Vault', { backupVaultName: 'copies' });

    expect(() => new TieredBackupPlan(stack, 'Plan', {
      vault: new ReplicatedBackupVault(stack, 'Vault'),
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
      copyTo: [BackupCopy.to(vault)],
      role: roleIn(stack),
    })).toThrow(refusal);
    expect(JSON.stringify(Template.fromStack(archive).toJSON())).not.toContain('CopyFromAccounts');
  });
});
