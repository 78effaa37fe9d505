import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ResourceType } from '../../src/objectives/resource-type';
import { DrRole } from '../../src/roles/dr-role';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const APP_ROLE = 'arn:aws:iam::222222222222:role/app';

function restoreRole(stack: Stack, instanceRoleArns?: string[], resourceTypes = [ResourceType.EC2]): void {
  DrRole.restore(stack, 'Restore', {
    resourceTypes, instanceRoles: instanceRoleArns?.map((arn, index) => iam.Role.fromRoleArn(stack, `Instance${index}`, arn)),
  });
}

function statementsIn(stack: Stack): any[] {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return role.Properties.Policies?.[0].PolicyDocument.Statement ?? [];
}

test('a restore role passes exactly the instance roles to Amazon EC2', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  restoreRole(stack, [APP_ROLE]);

  expect(statementsIn(stack)).toEqual([{
    Sid: 'PassInstanceRoles',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: APP_ROLE,
    Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  }]);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('in China Amazon EC2 has two names', () => {
  const stack = stackIn(INFRASTRUCTURE, 'cn-north-1');
  restoreRole(stack, ['arn:aws-cn:iam::222222222222:role/app']);

  expect(statementsIn(stack)[0].Condition).toEqual({ StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } });
});

test('a restore role for EC2 without instance roles is warned of', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  restoreRole(stack);

  Annotations.fromStack(stack).hasWarning('/Backup/Restore', Match.stringLikeRegexp("can't restore EC2 instances with their instance profile.*iam:PassRole.*'instanceRoles' \\(instance_roles\\)"));
});

test.each([
  ['an empty list accepts that instances are restored without a profile', [], [ResourceType.EC2]],
  ['other types need no instance roles', undefined, [ResourceType.EBS]],
])('%s', (_, instanceRoles, types) => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  restoreRole(stack, instanceRoles, types);

  expect(statementsIn(stack)).toEqual([]);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('refuses instance roles of another account, and those that nothing would be given', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);

  expect(problemsOf(() => restoreRole(stack, ['arn:aws:iam::333333333333:role/app'], [ResourceType.RDS]))).toEqual([
    "invalid RestoreDrRoleProps at 'Backup/Restore':",
    "'instanceRoles' (instance_roles) are for restored EC2 instances: add ResourceType.EC2 to 'resourceTypes' (resource_types), or leave it out",
    "'instanceRoles' (instance_roles) must be in the account of the role, 222222222222, got 'Backup/Instance0' in account 333333333333",
  ].slice(1));
});

test.each([
  [{}, "'resourceTypes' (resource_types) must be a list of ResourceType, such as [ResourceType.DYNAMODB], got undefined"],
  [{ resourceTypes: [undefined] }, "'resourceTypes' (resource_types) must be a list of ResourceType, such as [ResourceType.DYNAMODB], got another value in it"],
  [{ resourceTypes: [ResourceType.EC2], instanceRoles: 'app' }, "'instanceRoles' (instance_roles) must be a list of roles, without missing values"],
])('says in words what JavaScript leaves out: %j', (props, problem) => {
  expect(problemsOf(() => DrRole.restore(new Stack(new App(), 'Stack'), 'Restore', props as never))).toEqual([problem]);
});

test('refuses instance roles of another partition', () => {
  expect(problemsOf(() => restoreRole(stackIn(INFRASTRUCTURE, LONDON), [APP_ROLE, 'arn:aws-cn:iam::222222222222:role/app'])))
    .toEqual(["'instanceRoles' (instance_roles) must be in the partition aws, got 'Backup/Instance1' in the partition aws-cn"]);
});
