import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { OrganizationBackupSettings } from '../../src/settings/organization-backup-settings';
import { problemsOf } from '../problems';
import { LONDON, stackIn } from '../stacks';

let stack: Stack;

beforeEach(() => {
  stack = stackIn('111111111111', LONDON, new App(), 'Organization');
});

describe('the custom resource', () => {
  test('asks for copies between accounts and backup policies by default, and for no delegated administrator', () => {
    new OrganizationBackupSettings(stack, 'Settings');

    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('Custom::OrganizationBackupSettings'));
    expect(Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['OrganizationBackupSettingsHandlerFunctionE303F3C4', 'Arn'] },
      ServiceTimeout: '600',
      crossAccountBackup: 'true',
      backupPolicies: 'true',
    });
  });

  test('asks for what it is told to, in strings', () => {
    new OrganizationBackupSettings(stack, 'Settings', {
      crossAccountBackup: false, backupPolicies: false, delegatedAdministrator: '333333333333',
    });

    Template.fromStack(stack).hasResourceProperties('Custom::OrganizationBackupSettings', {
      crossAccountBackup: 'false', backupPolicies: 'false', delegatedAdministrator: '333333333333',
    });
  });

  test('takes an account that is known at deployment only', () => {
    const account = new CfnParameter(stack, 'Administrator').valueAsString;
    new OrganizationBackupSettings(stack, 'Settings', { delegatedAdministrator: account });

    Template.fromStack(stack).hasResourceProperties('Custom::OrganizationBackupSettings', { delegatedAdministrator: { Ref: 'Administrator' } });
  });
});

describe('the handler', () => {
  test('is one function for all settings of a stack', () => {
    new OrganizationBackupSettings(stack, 'One');
    new OrganizationBackupSettings(stack, 'Other');

    const template = Template.fromStack(stack);
    template.resourceCountIs('Custom::OrganizationBackupSettings', 2);
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('is not that of the settings of a region', () => {
    new OrganizationBackupSettings(stack, 'Settings');
    new BackupRegionSettings(stack, 'RegionSettings', { resourceTypes: [ResourceType.DYNAMODB] });

    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
  });

  test('runs on Node.js 24 and Graviton', () => {
    new OrganizationBackupSettings(stack, 'Settings');

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Turns on what AWS Backup needs in an organization',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 256,
      Timeout: 300,
      Environment: Match.absent(),
    });
  });

  test('logs into a group of its own for a year', () => {
    new OrganizationBackupSettings(stack, 'Settings');

    const template = Template.fromStack(stack);
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 } }));
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: logGroup } } });
  });

  test('may change the settings of AWS Backup in the organization, and those of no other service', () => {
    new OrganizationBackupSettings(stack, 'Settings');

    const template = Template.fromStack(stack);
    const [{ Properties: { Policies, ManagedPolicyArns } }] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(ManagedPolicyArns).toBeUndefined();
    expect(Policies).toHaveLength(1);
    expect(Policies[0].PolicyDocument.Statement).toEqual([
      { Sid: 'ChangeGlobalSettings', Effect: 'Allow', Action: ['backup:DescribeGlobalSettings', 'backup:UpdateGlobalSettings'], Resource: '*' },
      { Sid: 'ReadOrganization', Effect: 'Allow', Action: ['organizations:DescribeOrganization', 'organizations:ListRoots'], Resource: '*' },
      {
        Sid: 'EnableForBackup',
        Effect: 'Allow',
        Action: ['organizations:EnableAWSServiceAccess', 'organizations:ListDelegatedAdministrators', 'organizations:RegisterDelegatedAdministrator'],
        Resource: '*',
        Condition: { StringEquals: { 'organizations:ServicePrincipal': 'backup.amazonaws.com' } },
      },
      {
        Sid: 'EnableBackupPolicies',
        Effect: 'Allow',
        Action: 'organizations:EnablePolicyType',
        Resource: '*',
        Condition: { StringEquals: { 'organizations:PolicyType': 'BACKUP_POLICY' } },
      },
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^OrganizationBackupSettingsHandlerLogs/), 'Arn'] },
      },
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

test('no handler may do an action with a wildcard', () => {
  new OrganizationBackupSettings(stack, 'Settings');
  new BackupRegionSettings(stack, 'RegionSettings', { resourceTypes: [ResourceType.DYNAMODB] });

  const actions = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
    .flatMap(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement)
    .flatMap(({ Action }) => Action);
  expect(actions).toHaveLength(16);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test.each(['33333333333', '3333333333333', 'log-archive', ''])('an account id of other than 12 digits is refused: %j', (delegatedAdministrator) => {
  expect(() => new OrganizationBackupSettings(stack, 'Settings', { delegatedAdministrator })).toThrow(new Error([
    "invalid OrganizationBackupSettingsProps at 'Organization/Settings':",
    `- 'delegatedAdministrator' (delegated_administrator) must be an account id of 12 digits, got '${delegatedAdministrator}'`,
  ].join('\n')));
});

test('a construct of the user that has the id of the handler is not taken for it', () => {
  new Construct(stack, 'OrganizationBackupSettingsHandler');

  expect(problemsOf(() => new OrganizationBackupSettings(stack, 'Settings'))).toEqual([
    "the function behind the settings needs the id 'OrganizationBackupSettingsHandler' in stack 'Organization', which a construct of yours has: give that one another id",
  ]);
});
