import { App, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const LOCAL = 'arn:aws:backup:eu-west-2:222222222222:backup-vault:tables';

let stack: Stack;

beforeEach(() => {
  stack = stackIn(INFRASTRUCTURE, LONDON, new App());
});

/** A plan that backs up the types into the local vault. */
function definePlan(resourceTypes: ResourceType[], role?: DrRole): void {
  const plan = new TieredBackupPlan(stack, 'Plan', {
    vault: new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'tables' }),
    tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    role,
  });
  plan.addSelection('Everything', { resources: resourceTypes.map((type) => BackupTarget.allOf(type)) });
}

function roles(): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')).map(({ Properties }) => Properties);
}

test('the role that a plan makes has what the selected types need, and no more', () => {
  definePlan([ResourceType.S3]);

  const [{ ManagedPolicyArns, Policies }] = roles();
  expect(ManagedPolicyArns.map((arn: any) => arn['Fn::Join'][1][2])).toEqual([
    ':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup', ':iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup',
  ]);
  expect(Policies).toBeUndefined();
});

test('the role that a plan makes copies into the vaults of the plan only', () => {
  definePlan([ResourceType.DYNAMODB]);

  const [{ ManagedPolicyArns, Policies }] = roles();
  expect(ManagedPolicyArns).toBeUndefined();
  expect(Policies[0].PolicyDocument.Statement).toContainEqual({
    Sid: 'CopyIntoVaults', Effect: 'Allow', Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], Resource: LOCAL,
  });
});

test('a role of the plan\'s types and vaults is taken', () => {
  definePlan([ResourceType.DYNAMODB], DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB], backupVaultArns: [LOCAL] }));

  expect(roles()).toHaveLength(1);
});

test.each([
  [
    'for restores',
    () => DrRole.restore(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] }),
    "[Backup/Plan] 'role' must be made by 'DrRole.backup': 'Backup/Role' is for restores",
  ],
  [
    'without the types of the plan',
    () => DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.S3] }),
    "[Backup/Plan] 'role' 'Backup/Role' may not back up DynamoDB: add it to the role's 'resourceTypes' (resource_types)",
  ],
  [
    'without the vaults of the plan',
    () => DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB], backupVaultArns: [`${LOCAL}-of-others`] }),
    "[Backup/Plan] 'role' 'Backup/Role' may not copy into arn:aws:backup:eu-west-2:222222222222:backup-vault:tables: "
      + "add it to the role's 'backupVaultArns' (backup_vault_arns)",
  ],
])('a role %s is refused', (_, define, message) => {
  definePlan([ResourceType.DYNAMODB], define());

  expect(() => Template.fromStack(stack)).toThrow(message);
});
