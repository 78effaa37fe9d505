import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Setup, TABLES } from './setup';
import { ResourceType } from '../../src/objectives/resource-type';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { DrRole } from '../../src/roles/dr-role';
import { IRELAND } from '../stacks';

test('the plan makes a role that may copy into its vaults and nowhere else', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting();

  Template.fromStack(setup.stack).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'backup.amazonaws.com' } })] },
    ManagedPolicyArns: Match.absent(),
    Policies: [{
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Sid: 'CopyIntoVaults',
          Resource: ['arn:aws:backup:eu-west-2:222222222222:backup-vault:local', 'arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica'],
        })]),
      }),
      PolicyName: 'permissions',
    }],
  });
});

test('a role of one\'s own is used as it is, and reported as unchecked', () => {
  const setup = new Setup();
  const plan = setup.plan({ role: iam.Role.fromRoleArn(setup.stack, 'Role', 'arn:aws:iam::222222222222:role/own') });
  plan.addSelection('Tables', { resources: TABLES() });

  Template.fromStack(setup.stack).hasResourceProperties('AWS::Backup::BackupSelection', { BackupSelection: { IamRoleArn: 'arn:aws:iam::222222222222:role/own' } });
  Template.fromStack(setup.stack).resourceCountIs('AWS::IAM::Role', 0);
  expect(Registry.of(setup.app).all(UNCHECKED)).toEqual([{ id: 'roleNotChecked', path: 'Backup/Plan', reason: "what role 'Backup/Role' may do: it is not a DrRole" }]);
});

test('a DrRole of one\'s own is used', () => {
  const setup = new Setup();
  const role = DrRole.backup(setup.stack, 'Role', { roleName: 'backup', resourceTypes: [ResourceType.DYNAMODB] });
  setup.selecting(TABLES(), { role });

  expect(setup.problems()).toEqual([]);
  Template.fromStack(setup.stack).resourceCountIs('AWS::IAM::Role', 1);
});

test('refuses a DrRole that lacks a selected type', () => {
  const setup = new Setup();
  const role = DrRole.backup(setup.stack, 'Role', { resourceTypes: [ResourceType.S3] });
  setup.selecting(TABLES(), { role });

  expect(setup.problems()).toEqual(["'role' 'Backup/Role' may not back up DynamoDB: add it to the role's 'resourceTypes' (resource_types)"]);
});

test('refuses a DrRole that lacks a vault that is copied into', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  const role = DrRole.backup(setup.stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB], backupVaultArns: [setup.vault.backupVaultArn] });
  setup.selecting(TABLES(), { role });

  expect(setup.problems()).toEqual([
    "'role' 'Backup/Role' may not copy into arn:aws:backup:eu-west-1:222222222222:backup-vault:local-replica: add it to the role's 'backupVaultArns' (backup_vault_arns)",
  ]);
});

test('refuses a role for restores', () => {
  const setup = new Setup();
  setup.selecting(TABLES(), { role: DrRole.restore(setup.stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] }) });

  expect(setup.problems()).toEqual(["'role' must be made by 'DrRole.backup': 'Backup/Role' is for restores"]);
});
