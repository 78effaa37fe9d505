import { App, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ResourceType } from '../../src/objectives/resource-type';
import { DrRole } from '../../src/roles/dr-role';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const DYNAMODB = { resourceTypes: [ResourceType.DYNAMODB] };

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(INFRASTRUCTURE, LONDON, app, 'Roles');
});

function role(): any {
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return resource;
}

function managedPolicies(): string[] {
  const { ManagedPolicyArns = [] } = role().Properties;
  return ManagedPolicyArns.map((arn: any) => {
    expect(arn).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, expect.any(String)]] });
    return arn['Fn::Join'][1][2];
  });
}

describe.each(['backup', 'restore'] as const)('a %s role', (kind) => {
  test('is assumed by AWS Backup for resources of its own account only', () => {
    DrRole[kind](stack, 'Role', DYNAMODB);

    expect(role().Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'backup.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
    }]);
  });

  test('is assumed for the account that it is deployed into, where the stack does not say it', () => {
    stack = new Stack(app, 'Anywhere');
    DrRole[kind](stack, 'Role', DYNAMODB);

    expect(role().Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    });
  });

  test('is retained, unless its creation fails', () => {
    DrRole[kind](stack, 'Role', DYNAMODB);

    expect(role()).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('goes with the stack where it is told to', () => {
    DrRole[kind](stack, 'Role', { ...DYNAMODB, removalPolicy: RemovalPolicy.DESTROY });

    expect(role()).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('takes a permissions boundary', () => {
    const boundary = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::222222222222:policy/boundary');
    DrRole[kind](stack, 'Role', { ...DYNAMODB, permissionsBoundary: boundary });

    expect(role().Properties.PermissionsBoundary).toBe('arn:aws:iam::222222222222:policy/boundary');
  });

  test('needs a type', () => {
    expect(() => DrRole[kind](stack, 'Role', { resourceTypes: [] })).toThrow(new Error([
      `invalid ${kind === 'backup' ? 'BackupDrRoleProps' : 'RestoreDrRoleProps'} at 'Roles/Role':`,
      "- 'resourceTypes' (resource_types) must contain at least one type, got none",
    ].join('\n')));
  });

  test('does not take a key whose ARN another region would have to tell, and says everything at once', () => {
    const key = new kms.Key(stackIn(INFRASTRUCTURE, IRELAND, app, 'Keys'), 'Key');

    expect(() => DrRole[kind](stack, 'Role', { resourceTypes: [], encryptionKeys: [key] })).toThrow(new Error([
      `invalid ${kind === 'backup' ? 'BackupDrRoleProps' : 'RestoreDrRoleProps'} at 'Roles/Role':`,
      "- 'resourceTypes' (resource_types) must contain at least one type, got none",
      "- 'encryptionKeys' (encryption_keys) must be in the account and region of the role (account 222222222222, region eu-west-2) or imported by a literal ARN, got 'Keys/Key'",
    ].join('\n')));
  });
});

test('the boundary of the stack applies to a role without one', () => {
  iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'of-the-stack'));
  DrRole.backup(stack, 'Role', DYNAMODB);

  expect(JSON.stringify(role().Properties.PermissionsBoundary)).toContain(':iam::222222222222:policy/of-the-stack');
});

describe('managed policies', () => {
  const BACKUP: Record<string, string[]> = {
    'DynamoDB': [],
    'S3': [':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup', ':iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup'],
    'every other': [':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup'],
  };
  const RESTORE: Record<string, string[]> = {
    'DynamoDB': [],
    'S3': [':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores', ':iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore'],
    'every other': [':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores'],
  };

  /** A cluster of Amazon EKS and a stack of AWS CloudFormation may have buckets in them. */
  const policiesOf = ({ resourceTypeName }: ResourceType) => ['EKS', 'CloudFormation'].includes(resourceTypeName) ? 'S3' : resourceTypeName;

  test.each(ResourceType.all())('are those that a backup of %s needs', (type) => {
    DrRole.backup(stack, 'Role', { resourceTypes: [type] });

    expect(managedPolicies()).toEqual(BACKUP[policiesOf(type)] ?? BACKUP['every other']);
  });

  test.each(ResourceType.all())('are those that a restore of %s needs', (type) => {
    DrRole.restore(stack, 'Role', { resourceTypes: [type] });

    expect(managedPolicies()).toEqual(RESTORE[policiesOf(type)] ?? RESTORE['every other']);
  });

  test('and statements of our own are each there once for all types', () => {
    DrRole.backup(stack, 'Role', { resourceTypes: [...ResourceType.all(), ...ResourceType.all()] });

    expect(managedPolicies()).toEqual(BACKUP.S3);
    expect(role().Properties.Policies[0].PolicyDocument.Statement).toHaveLength(9);
  });

  test('are what a type gets that the library does not know', () => {
    DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.of('Quantum Ledger', {})] });

    expect(managedPolicies()).toEqual(BACKUP['every other']);
  });

  test('are all that a role without DynamoDB has', () => {
    DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.EFS] });

    expect(role().Properties.Policies).toBeUndefined();
  });
});

describe('the name', () => {
  const nameOf = (id: string, ...siblings: string[]) => {
    const own = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Roles');
    siblings.forEach((sibling) => DrRole.restore(own, sibling, DYNAMODB));
    DrRole.backup(own, id, DYNAMODB);
    const backs = { Properties: { Description: 'AWS Backup backs up and copies with it' } };
    return Object.values(Template.fromStack(own).findResources('AWS::IAM::Role', backs))[0].Properties.RoleName;
  };

  test('is made of the stack, the path below it, and the region', () => {
    expect(nameOf('Backup')).toBe('Roles-Backup-fdcdbb8b-eu-west-2');
  });

  test('does not change with what is beside the role', () => {
    expect(nameOf('Backup', 'Restore', 'Another')).toBe('Roles-Backup-fdcdbb8b-eu-west-2');
  });

  test('changes with the id', () => {
    expect(nameOf('Backups')).not.toBe(nameOf('Backup'));
  });

  test('has at most the 64 characters that AWS IAM takes, and still tells two roles apart', () => {
    const [one, other] = [nameOf(`${'Long'.repeat(40)}1${'Path'.repeat(10)}`), nameOf(`${'Long'.repeat(40)}2${'Path'.repeat(10)}`)];

    expect(one).toMatch(/^[\w+=,.@-]{1,64}$/);
    expect(other).toMatch(/^[\w+=,.@-]{1,64}$/);
    expect(other).not.toBe(one);
  });

  test('can be given', () => {
    DrRole.backup(stack, 'Role', { ...DYNAMODB, roleName: 'backs-up-tables' });

    expect(role().Properties.RoleName).toBe('backs-up-tables');
  });

  test('can be one that is known at deployment only', () => {
    DrRole.backup(stack, 'Role', { ...DYNAMODB, roleName: new CfnParameter(stack, 'RoleName').valueAsString });

    expect(role().Properties.RoleName).toEqual({ Ref: 'RoleName' });
  });
});

describe('what is granted to the role', () => {
  test('is part of it, and no policy beside it', () => {
    const backupRole = DrRole.backup(stack, 'Role', DYNAMODB);
    const added = backupRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['*'] }));

    expect(added).toEqual({ statementAdded: true, policyDependable: backupRole });
    expect(role().Properties.Policies).toHaveLength(1);
    expect(role().Properties.Policies[0].PolicyDocument.Statement).toContainEqual({ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test.each([
    ['kms:Decrypt', (grantee: DrRole) => new kms.Key(stack, 'Key').grantDecrypt(grantee)],
    ['dynamodb:DescribeTable', (grantee: DrRole) => new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    }).grant(grantee, 'dynamodb:DescribeTable')],
  ])('by a resource is part of it, too: %s', (action, grant) => {
    grant(DrRole.restore(stack, 'Role', { resourceTypes: [ResourceType.DYNAMODB] })).assertSuccess();

    expect(role().Properties.Policies[0].PolicyDocument.Statement.at(-1)).toMatchObject({ Effect: 'Allow', Action: action });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is all that the inline policy of a role without DynamoDB says', () => {
    const key = new kms.Key(stack, 'Key');
    key.grantDecrypt(DrRole.backup(stack, 'Role', { resourceTypes: [ResourceType.EFS] }));

    expect(role().Properties.Policies).toEqual([{
      PolicyName: 'permissions',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }],
      },
    }]);
  });
});

describe('encryption keys', () => {
  test('of the role\'s own account and region are taken from another stack', () => {
    const key = new kms.Key(stackIn(INFRASTRUCTURE, LONDON, app, 'Keys'), 'Key');
    DrRole.backup(stack, 'Role', { ...DYNAMODB, encryptionKeys: [key] });

    const useTableKeys = Match.objectLike({ Sid: 'UseTableKeys', Resource: { 'Fn::ImportValue': Match.anyValue() } });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([useTableKeys]) } }],
    });
  });

  test('of another account are taken by a literal ARN', () => {
    const arn = 'arn:aws:kms:eu-west-2:333333333333:key/11111111-1111-1111-1111-111111111111';
    DrRole.backup(stack, 'Role', { ...DYNAMODB, encryptionKeys: [kms.Key.fromKeyArn(stack, 'Key', arn)] });

    expect(JSON.stringify(role().Properties.Policies)).toContain(arn);
  });

  test('of another account are refused without one', () => {
    const key = new kms.Key(stackIn(LOG_ARCHIVE, LONDON, app, 'Keys'), 'Key');

    expect(() => DrRole.backup(stack, 'Role', { ...DYNAMODB, encryptionKeys: [key] })).toThrow("got 'Keys/Key'");
  });
});

describe('the inline policy', () => {
  /** Makes the policy as long as that. */
  const grow = (length: number) => {
    DrRole.restore(stack, 'Measured', DYNAMODB);
    const statement = { Sid: '', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' };
    const size = JSON.stringify(role().Properties.Policies[0].PolicyDocument).length + JSON.stringify(statement).length + 1;
    stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Roles');
    DrRole.restore(stack, 'Role', DYNAMODB)
      .addToPrincipalPolicy(new iam.PolicyStatement({ sid: 'a'.repeat(length - size), actions: ['ssm:GetParameter'], resources: ['*'] }));
  };

  test('may have the 10,240 characters that AWS IAM takes', () => {
    grow(10_240);

    expect(JSON.stringify(role().Properties.Policies[0].PolicyDocument)).toHaveLength(10_240);
  });

  test('is refused when it is longer', () => {
    grow(10_241);

    expect(() => Template.fromStack(stack)).toThrow(
      '[Roles/Role] the inline policy of the role must be at most 10240 characters, got 10241: '
        + "name fewer 'encryptionKeys' (encryption_keys) or vaults, or grant less to the role");
  });
});

test('an empty list of keys or vaults is refused, since leaving it out allows every one', () => {
  expect(() => DrRole.backup(stack, 'Role', { ...DYNAMODB, encryptionKeys: [], backupVaultArns: [] })).toThrow([
    "invalid BackupDrRoleProps at 'Roles/Role':",
    "- 'encryptionKeys' (encryption_keys) must contain at least one key, got none: leave it out for every key",
    "- 'backupVaultArns' (backup_vault_arns) must contain at least one vault, got none: leave it out for every vault",
  ].join('\n'));
});
