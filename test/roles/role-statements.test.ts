import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ResourceType } from '../../src/objectives/resource-type';
import { DrRole } from '../../src/roles/dr-role';
import type { BackupDrRoleProps } from '../../src/roles/dr-role-props';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const KEY = 'arn:aws:kms:eu-west-2:222222222222:key/11111111-1111-1111-1111-111111111111';
const OTHER_KEY = 'arn:aws:kms:eu-west-2:222222222222:key/22222222-2222-2222-2222-222222222222';
const VAULTS = [
  'arn:aws:backup:eu-west-2:222222222222:backup-vault:tables',
  'arn:aws:backup:eu-west-1:333333333333:backup-vault:tables-replica',
];

type Kind = 'backup' | 'restore';

/** The inline policy of a role for DynamoDB. */
function statementsOf(kind: Kind, props: Partial<BackupDrRoleProps> = {}, region = LONDON): any[] {
  const stack = stackIn(INFRASTRUCTURE, region, new App(), 'Roles');
  DrRole[kind](stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB], ...props });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(Properties.Policies).toHaveLength(1);
  return Properties.Policies[0].PolicyDocument.Statement;
}

function statement(sid: string, statements: any[]): any {
  return statements.find(({ Sid }) => Sid === sid);
}

function keys(...arns: string[]): kms.IKey[] {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Keys');
  return arns.map((arn, i) => kms.Key.fromKeyArn(stack, `Key${i}`, arn));
}

test('a backup role does with tables what the managed policy does, in its account and region', () => {
  expect(statementsOf('backup')).toEqual([
    {
      Sid: 'BackUpTables',
      Effect: 'Allow',
      Action: ['dynamodb:DescribeTable', 'dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ListTagsOfResource'],
      Resource: 'arn:aws:dynamodb:eu-west-2:222222222222:table/*',
    },
    {
      Sid: 'ManageTableBackups',
      Effect: 'Allow',
      Action: ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'],
      Resource: 'arn:aws:dynamodb:eu-west-2:222222222222:table/*/backup/*',
    },
    {
      Sid: 'UseTableKeys',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: 'arn:aws:kms:eu-west-2:222222222222:key/*',
      Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } },
    },
    { Sid: 'DescribeKeys', Effect: 'Allow', Action: 'kms:DescribeKey', Resource: 'arn:aws:kms:*:*:key/*' },
    {
      Sid: 'GrantKeysToServices',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: 'arn:aws:kms:*:*:key/*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
    {
      Sid: 'CopyIntoVaults',
      Effect: 'Allow',
      Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
      Resource: 'arn:aws:backup:*:*:backup-vault:*',
    },
    { Sid: 'CopyFromVaults', Effect: 'Allow', Action: 'backup:CopyFromBackupVault', Resource: '*' },
    { Sid: 'TagRecoveryPoints', Effect: 'Allow', Action: 'backup:TagResource', Resource: 'arn:aws:backup:*:222222222222:recovery-point:*' },
    { Sid: 'FindTaggedResources', Effect: 'Allow', Action: 'tag:GetResources', Resource: '*' },
  ]);
});

test('a restore role does with tables what the managed policy does, in its account and region', () => {
  expect(statementsOf('restore')).toEqual([
    {
      Sid: 'RestoreTables',
      Effect: 'Allow',
      Action: ['dynamodb:RestoreTableFromAwsBackup', 'dynamodb:DescribeTable'],
      Resource: 'arn:aws:dynamodb:eu-west-2:222222222222:table/*',
    },
    {
      Sid: 'RestoreTablesFromOwnBackups',
      Effect: 'Allow',
      Action: 'dynamodb:RestoreTableFromBackup',
      Resource: 'arn:aws:dynamodb:eu-west-2:222222222222:table/*/backup/*',
    },
    {
      Sid: 'FillRestoredTables',
      Effect: 'Allow',
      Action: [
        'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ],
      Resource: 'arn:aws:dynamodb:eu-west-2:222222222222:table/*',
    },
    {
      Sid: 'UseTableKeys',
      Effect: 'Allow',
      Action: [
        'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ],
      Resource: 'arn:aws:kms:eu-west-2:222222222222:key/*',
      Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } },
    },
    { Sid: 'DescribeKeys', Effect: 'Allow', Action: 'kms:DescribeKey', Resource: 'arn:aws:kms:eu-west-2:222222222222:key/*' },
    {
      Sid: 'GrantKeysToServices',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: 'arn:aws:kms:eu-west-2:222222222222:key/*',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ]);
});

describe('keys', () => {
  test.each<Kind>(['backup', 'restore'])('narrow what a %s role decrypts, through DynamoDB', (kind) => {
    expect(statement('UseTableKeys', statementsOf(kind, { encryptionKeys: keys(KEY, OTHER_KEY) }))).toMatchObject({
      Resource: [KEY, OTHER_KEY],
      Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } },
    });
  });

  test('leave the keys of the vaults that are copied into open, which are in any account', () => {
    expect(statement('GrantKeysToServices', statementsOf('backup', { encryptionKeys: keys(KEY) })).Resource).toBe('arn:aws:kms:*:*:key/*');
  });
});

describe('vaults', () => {
  test('narrow where a role copies into', () => {
    expect(statement('CopyIntoVaults', statementsOf('backup', { backupVaultArns: VAULTS }))).toEqual({
      Sid: 'CopyIntoVaults', Effect: 'Allow', Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], Resource: VAULTS,
    });
  });

  test('narrow where a role copies to, whatever vault it copies from', () => {
    expect(statement('CopyFromVaults', statementsOf('backup', { backupVaultArns: VAULTS }))).toEqual({
      Sid: 'CopyFromVaults',
      Effect: 'Allow',
      Action: 'backup:CopyFromBackupVault',
      Resource: '*',
      Condition: { 'ForAllValues:ArnEquals': { 'backup:CopyTargets': VAULTS } },
    });
  });
});

test.each<[Kind]>([['backup'], ['restore']])('a %s role in China works with ARNs of China', (kind) => {
  const arns = statementsOf(kind, {}, 'cn-north-1').flatMap(({ Resource }) => Resource).filter((arn) => arn !== '*');

  expect(arns).toContain('arn:aws-cn:dynamodb:cn-north-1:222222222222:table/*');
  expect(arns.filter((arn) => !arn.startsWith('arn:aws-cn:'))).toEqual([]);
});

test('a role in a stack without account and region works where it is deployed', () => {
  const stack = stackIn(undefined as any, undefined as any, new App(), 'Roles');
  DrRole.restore(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] });

  const here = (service: string, resource: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:`, { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:${resource}`]],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    Policies: [{
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'RestoreTables', Resource: here('dynamodb', 'table/*') }),
          Match.objectLike({
            Sid: 'UseTableKeys',
            Resource: here('kms', 'key/*'),
            Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
          }),
        ]),
      },
    }],
  });
});

describe.each<Kind>(['backup', 'restore'])('a %s role', (kind) => {
  const allowing = (action: string) => statementsOf(kind).filter(({ Action }) => [Action].flat()
    .some((pattern: string) => new RegExp(`^${pattern.replace(/\*/g, '.*')}$`, 'i').test(action)));

  test('has no action with a wildcard, and denies nothing', () => {
    expect(statementsOf(kind).flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(statementsOf(kind).filter(({ Effect, NotAction, NotResource }) => Effect !== 'Allow' || NotAction || NotResource)).toEqual([]);
  });

  test.each([
    'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:UpdateContinuousBackups', 'dynamodb:PutResourcePolicy',
    'dynamodb:ExportTableToPointInTime',
    'backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:DisassociateRecoveryPoint', 'backup:DeleteBackupVault',
    'backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy', 'backup:DeleteBackupVaultLockConfiguration',
    'backup:StartBackupJob', 'backup:StartCopyJob', 'backup:StartRestoreJob',
    'iam:PassRole', 'sts:AssumeRole', 's3:GetObject', 's3:PutObject', 'ec2:DeleteSnapshot', 'rds:DeleteDBSnapshot',
    'kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:RetireGrant',
  ])('may not do %s', (action) => {
    expect(allowing(action)).toEqual([]);
  });

  test.each(['kms:Decrypt', 'kms:GenerateDataKey'])('may do %s through DynamoDB only', (action) => {
    expect(allowing(action).map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } },
    ]);
  });

  test('may grant keys to AWS services only', () => {
    expect(allowing('kms:CreateGrant').map(({ Condition }) => Condition)).toEqual([{ Bool: { 'kms:GrantIsForAWSResource': 'true' } }]);
  });

  test('reaches tables of its own account and region only', () => {
    const arns = statementsOf(kind).filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:')).flatMap(({ Resource }) => Resource);

    expect(arns.filter((arn) => !arn.startsWith('arn:aws:dynamodb:eu-west-2:222222222222:table/'))).toEqual([]);
  });
});

test.each(['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Scan', 'dynamodb:RestoreTableFromAwsBackup', 'kms:Encrypt'])(
  'a backup role may not do %s', (action) => {
    expect(statementsOf('backup').flatMap(({ Action }) => Action)).not.toContain(action);
  });

test.each(['dynamodb:DeleteBackup', 'dynamodb:CreateBackup', 'backup:CopyIntoBackupVault', 'backup:CopyFromBackupVault', 'backup:TagResource'])(
  'a restore role may not do %s', (action) => {
    expect(statementsOf('restore').flatMap(({ Action }) => Action)).not.toContain(action);
  });
