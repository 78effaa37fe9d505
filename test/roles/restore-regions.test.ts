import { App, Aws } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ResourceType } from '../../src/objectives/resource-type';
import { DrRole } from '../../src/roles/dr-role';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const DYNAMODB = { resourceTypes: [ResourceType.DYNAMODB] };

function restoring(props: object) {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Roles');
  DrRole.restore(stack, 'Restore', { ...DYNAMODB, ...props });
  return stack;
}

test('a restore role restores in each of its regions, with the keys of each', () => {
  const [{ Properties: { Policies: [{ PolicyDocument: { Statement } }] } }] = Object.values<any>(
    Template.fromStack(restoring({ regions: ['eu-west-2', 'eu-west-1'] })).findResources('AWS::IAM::Role'),
  );
  const tables = ['arn:aws:dynamodb:eu-west-2:222222222222:table/*', 'arn:aws:dynamodb:eu-west-1:222222222222:table/*'];
  const keys = ['arn:aws:kms:eu-west-2:222222222222:key/*', 'arn:aws:kms:eu-west-1:222222222222:key/*'];

  expect(Object.fromEntries(Statement.map(({ Sid, Resource }: any) => [Sid, Resource]))).toEqual({
    RestoreTables: tables,
    RestoreTablesFromOwnBackups: tables.map((arn) => `${arn}/backup/*`),
    FillRestoredTables: tables,
    UseTableKeys: keys,
    DescribeKeys: keys,
    GrantKeysToServices: keys,
  });
  expect(Statement.find(({ Sid }: any) => Sid === 'UseTableKeys').Condition).toEqual({
    StringEquals: { 'kms:ViaService': ['dynamodb.eu-west-2.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com'] },
  });
});

test.each([
  ['an empty list', { regions: [] }, "'regions' must contain at least one region, got none: leave it out for the region of the stack"],
  ['no list', { regions: 'eu-west-1' }, "'regions' must be a list of strings, got 'eu-west-1'"],
  ['a token', { regions: [Aws.REGION] }, "'regions' must be literal regions, such as 'eu-west-1', got a token"],
  ['no region', { regions: ['Ireland'] }, "'regions' must be a region, such as 'eu-west-1', got 'Ireland'"],
  ['another partition', { regions: ['cn-north-1'] }, "'regions' must be in the partition of the role, aws, got 'cn-north-1'"],
  ['types whose managed policies allow every region', { regions: ['eu-west-1'], resourceTypes: [ResourceType.EFS] },
    "'regions' narrows what the role may do with DynamoDB only, the managed policies of the other types can't be narrowed: leave it out"],
])('%s is refused', (_, props, problem) => {
  expect(problemsOf(() => restoring(props))).toEqual([problem]);
});

test('a region that AWS CDK does not know is warned of', () => {
  Annotations.fromStack(restoring({ regions: ['eu-west-9'] })).hasWarning('*', Match.stringLikeRegexp("does not know the region 'eu-west-9'"));
});
