import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { DrRole } from '../../src/roles/dr-role';
import type { CopyBackDrRoleProps } from '../../src/roles/dr-role-props';
import { CopySource } from '../../src/vault/copy-source';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const CENTRAL = 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central';
const REPLICA = 'arn:aws:backup:eu-west-1:333333333333:backup-vault:central-replica';
const LANDING = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:landing';
const LOCAL = 'arn:aws:backup:eu-west-2:222222222222:backup-vault:local';
const DYNAMODB = {
  resourceTypes: [ResourceType.DYNAMODB], sourceBackupVaultArns: [CENTRAL, REPLICA], destinationBackupVaultArns: [LANDING],
};

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

function properties(props: Partial<CopyBackDrRoleProps> = {}): any {
  DrRole.copyBack(stack, 'CopyBack', { ...DYNAMODB, ...props });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return Properties;
}

function statementsOf(props: Partial<CopyBackDrRoleProps> = {}): any[] {
  return properties(props).Policies[0].PolicyDocument.Statement;
}

function problems(props: object): string[] {
  return problemsOf(() => DrRole.copyBack(stack, 'CopyBack', { ...DYNAMODB, ...props }));
}

test('a copy-back role copies recovery points of its account into the vaults that are named, and does nothing else', () => {
  expect(statementsOf()).toEqual([
    {
      Sid: 'CopyFromVaults',
      Effect: 'Allow',
      Action: 'backup:CopyFromBackupVault',
      Resource: ['arn:aws:backup:eu-west-2:333333333333:recovery-point:*', 'arn:aws:backup:eu-west-1:333333333333:recovery-point:*'],
      Condition: { 'ForAllValues:ArnEquals': { 'backup:CopyTargets': [LANDING] }, 'Null': { 'backup:CopyTargets': 'false' } },
    },
    { Sid: 'DescribeVaults', Effect: 'Allow', Action: 'backup:DescribeBackupVault', Resource: [CENTRAL, REPLICA, LANDING] },
    { Sid: 'CopyIntoVaults', Effect: 'Allow', Action: 'backup:CopyIntoBackupVault', Resource: LANDING },
    {
      Sid: 'DescribeKeys',
      Effect: 'Allow',
      Action: 'kms:DescribeKey',
      Resource: ['arn:aws:kms:eu-west-2:333333333333:key/*', 'arn:aws:kms:eu-west-1:333333333333:key/*', 'arn:aws:kms:eu-west-1:222222222222:key/*'],
    },
    {
      Sid: 'GrantKeysToServices',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: ['arn:aws:kms:eu-west-2:333333333333:key/*', 'arn:aws:kms:eu-west-1:333333333333:key/*', 'arn:aws:kms:eu-west-1:222222222222:key/*'],
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ]);
});

test('it is assumed by AWS Backup for its own account only, retained, and has the name and the path that it is given', () => {
  expect(properties({ roleName: 'copy-back', path: '/recovery/' })).toMatchObject({
    RoleName: 'copy-back',
    Path: '/recovery/',
    AssumeRolePolicyDocument: {
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'backup.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
      }],
    },
  });
  expect(Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0]).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain',
  });
});

test('types other than DynamoDB have the managed policy of AWS Backup, and the same vaults all the same', () => {
  const { ManagedPolicyArns, Policies: [{ PolicyDocument }] } = properties({ resourceTypes: [ResourceType.EC2, ResourceType.S3] });

  expect(ManagedPolicyArns.map((arn: any) => arn['Fn::Join'][1][2])).toEqual([':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup']);
  expect(PolicyDocument.Statement).toEqual([
    { Sid: 'DenyOtherVaults', Effect: 'Deny', Action: 'backup:CopyIntoBackupVault', NotResource: LANDING },
    {
      Sid: 'DenyOtherTargets',
      Effect: 'Deny',
      Action: 'backup:CopyFromBackupVault',
      Resource: '*',
      Condition: { 'ForAnyValue:ArnNotEquals': { 'backup:CopyTargets': [LANDING] } },
    },
  ]);
});

test('copies within the account take their tags along, in the region that they go into', () => {
  const tagging = statementsOf({ destinationBackupVaultArns: [LANDING, 'arn:aws:backup:eu-central-1:333333333333:backup-vault:rebuilt'] })
    .find(({ Sid }) => Sid === 'TagRecoveryPoints');

  expect(tagging).toEqual({
    Sid: 'TagRecoveryPoints', Effect: 'Allow', Action: 'backup:TagResource', Resource: 'arn:aws:backup:eu-central-1:333333333333:recovery-point:*',
  });
});

test('it needs types, sources and destinations', () => {
  expect(problems({ resourceTypes: [], sourceBackupVaultArns: [], destinationBackupVaultArns: [] })).toEqual([
    "'sourceBackupVaultArns' (source_backup_vault_arns) must contain at least one vault, got none",
    "'destinationBackupVaultArns' (destination_backup_vault_arns) must contain at least one vault, got none",
    "'resourceTypes' (resource_types) must contain at least one type, got none",
  ]);
});

test('a list that is missing, or is none, is refused', () => {
  expect(problems({ sourceBackupVaultArns: undefined, destinationBackupVaultArns: LANDING })).toEqual([
    "'sourceBackupVaultArns' (source_backup_vault_arns) must be a list of ARNs of backup vaults, such as ['arn:aws:backup:eu-west-1:222222222222:backup-vault:landing'], got nothing",
    "'destinationBackupVaultArns' (destination_backup_vault_arns) must be a list of ARNs of backup vaults, such as ['arn:aws:backup:eu-west-1:222222222222:backup-vault:landing'], "
      + `got '${LANDING}'`,
  ]);
});

test('what is no vault, of another account, in both lists, or of a type that is not copied is refused, all at once', () => {
  expect(problems({
    sourceBackupVaultArns: [CENTRAL, LOCAL, 'central'],
    destinationBackupVaultArns: [CENTRAL, 'arn:aws:backup:eu-west-1:222222222222:backup-vault:*'],
    resourceTypes: [ResourceType.DYNAMODB, ResourceType.RDS_MULTI_AZ_CLUSTER],
  })).toEqual([
    "'sourceBackupVaultArns' (source_backup_vault_arns) must be ARNs of backup vaults, without wildcards, such as 'arn:aws:backup:eu-west-1:222222222222:backup-vault:landing', got 'central'",
    "'destinationBackupVaultArns' (destination_backup_vault_arns) must be ARNs of backup vaults, without wildcards, such as 'arn:aws:backup:eu-west-1:222222222222:backup-vault:landing', "
      + "got 'arn:aws:backup:eu-west-1:222222222222:backup-vault:*'",
    `'sourceBackupVaultArns' (source_backup_vault_arns) must be of the role's own account 333333333333: define the role there, got '${LOCAL}'`,
    `'destinationBackupVaultArns' (destination_backup_vault_arns) must be other vaults than 'sourceBackupVaultArns' (source_backup_vault_arns), got '${CENTRAL}' in both`,
    "'resourceTypes' (resource_types) must be types that AWS Backup can copy, got RDS: leave it out",
  ]);
});

test('a vault whose ARN is known at deployment only is taken as it is', () => {
  const anywhere = new Stack(new App(), 'Anywhere');
  const vault = new ReplicatedBackupVault(anywhere, 'Vault');
  DrRole.copyBack(anywhere, 'CopyBack', { ...DYNAMODB, sourceBackupVaultArns: [vault.backupVaultArn] });
  const [{ Properties }] = Object.values(Template.fromStack(anywhere).findResources('AWS::IAM::Role', { Properties: { Description: 'AWS Backup copies recovery points back with it' } }));

  expect(Properties.Policies[0].PolicyDocument.Statement[0].Resource).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':backup:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':recovery-point:*']],
  });
});

test('a plan does not back up with it', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault');
  const role = DrRole.copyBack(stack, 'CopyBack', DYNAMODB);
  const plan = new TieredBackupPlan(stack, 'Plan', { vault, role, tiers: BackupTier.standard() });
  plan.addSelection('All', { tags: { backup: 'true' } });

  expect(() => app.synth()).toThrow("'role' must be made by 'DrRole.backup': 'Archive/CopyBack' is for copying back");
});

describe('the vault that it copies into', () => {
  function vaultWith(copySources: CopySource[]): void {
    new ReplicatedBackupVault(stackIn(INFRASTRUCTURE, LONDON, app, 'Workload'), 'Vault', {
      backupVaultName: 'local', replicaRegion: IRELAND, replicaVaultName: 'landing', landingVault: true, copySources,
    });
  }

  const role = () => DrRole.copyBack(stack, 'CopyBack', { ...DYNAMODB, roleName: 'copy-back', destinationBackupVaultArns: [LOCAL, LANDING] });

  test.each([
    ['the role', CopySource.account(LOG_ARCHIVE, { roleNames: ['copy-back'] })],
    ['its account', CopySource.account(LOG_ARCHIVE)],
    ['its organization', CopySource.organization('o-exampleorg12', { roleNames: ['copy-back'] })],
  ])('may let in %s', (_, source) => {
    vaultWith([source]);
    role();

    expect(() => app.synth()).not.toThrow();
  });

  test.each([
    ['nobody', []],
    ['another role', [CopySource.account(LOG_ARCHIVE, { roleNames: ['other'] })]],
    ['another account', [CopySource.account('444444444444')]],
  ])('must not let in %s instead, wherever the role is defined', (_, copySources) => {
    role();
    vaultWith(copySources);
    const advice = "must allow the role 'Archive/CopyBack', which copies recovery points back into it: add CopySource.account('333333333333', { roleNames: ['copy-back'] })";

    expect(() => app.synth()).toThrow(`'copySources' (copy_sources) of the vault 'local' ${advice}`);
    expect(() => app.synth()).toThrow(`'copySources' (copy_sources) of the vault 'landing' ${advice}`);
  });

  test('is not asked once the role is removed', () => {
    role();
    vaultWith([]);
    stack.node.tryRemoveChild('CopyBack');

    expect(() => app.synth()).not.toThrow();
  });
});
