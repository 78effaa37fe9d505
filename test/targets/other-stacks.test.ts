import { App, Aws, CfnParameter, CfnResource, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { DAILY, Setup, tableIn } from '../plan/setup';
import { problemsAtSynthesis } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

function selected(stack: Stack): unknown[] {
  const [selection] = Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupSelection'));
  return selection.Properties.BackupSelection.Resources;
}

/** What is selected of a stack of data, in a stack of its own. */
function selectedOf(data: (stack: Stack) => unknown): { setup: Setup; resources: unknown[] } {
  const setup = new Setup();
  const stack = stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Data');
  data(stack);
  setup.selecting([BackupTarget.fromConstruct(stack)]);
  return { setup, resources: selected(setup.stack) };
}

test.each<[string, object, string]>([
  ['AWS::DynamoDB::Table', { TableName: 'orders' }, 'arn:aws:dynamodb:eu-west-2:222222222222:table/orders'],
  ['AWS::DynamoDB::GlobalTable', { TableName: 'orders' }, 'arn:aws:dynamodb:eu-west-2:222222222222:table/orders'],
  ['AWS::S3::Bucket', { BucketName: 'reports', VersioningConfiguration: { Status: 'Enabled' } }, 'arn:aws:s3:::reports'],
  ['AWS::RDS::DBInstance', { DBInstanceIdentifier: 'Orders' }, 'arn:aws:rds:eu-west-2:222222222222:db:orders'],
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'Orders' }, 'arn:aws:rds:eu-west-2:222222222222:cluster:orders'],
  ['AWS::DocDB::DBCluster', { DBClusterIdentifier: 'orders' }, 'arn:aws:rds:eu-west-2:222222222222:cluster:orders'],
  ['AWS::Neptune::DBCluster', { DBClusterIdentifier: 'orders' }, 'arn:aws:rds:eu-west-2:222222222222:cluster:orders'],
  ['AWS::Redshift::Cluster', { ClusterIdentifier: 'sales' }, 'arn:aws:redshift:eu-west-2:222222222222:cluster:sales'],
  ['AWS::EKS::Cluster', { Name: 'shop', AccessConfig: { AuthenticationMode: 'API' } }, 'arn:aws:eks:eu-west-2:222222222222:cluster/shop'],
  ['AWS::Timestream::Table', { DatabaseName: 'metrics', TableName: 'load' }, 'arn:aws:timestream:eu-west-2:222222222222:database/metrics/table/load'],
])('a resource of another stack with a literal name is selected by a literal ARN: %s', (type, properties, arn) => {
  const { setup, resources } = selectedOf((stack) => new CfnResource(stack, 'Resource', { type, properties: { ...properties } }));

  expect(resources).toEqual([arn]);
  expect(Template.fromStack(setup.app.node.findChild('Data') as Stack).toJSON().Outputs).toBeUndefined();
  Annotations.fromStack(setup.stack).hasNoInfo('*', Match.stringLikeRegexp('exports'));
});

test('a name that is made of the account is literal where the stack says its account', () => {
  const { resources } = selectedOf((stack) => new s3.Bucket(stack, 'Reports', { bucketName: `reports-${Aws.ACCOUNT_ID}`, versioned: true }));

  expect(resources).toEqual(['arn:aws:s3:::reports-222222222222']);
});

test.each<[string, (stack: Stack) => Construct]>([
  ['a table without a name', (stack) => tableIn(stack)],
  ['a table whose name is a parameter', (stack) => tableIn(stack, 'Table', { tableName: new CfnParameter(stack, 'Name').valueAsString })],
  ['a file system, whose ARN is not made of a name', (stack) => new efs.CfnFileSystem(stack, 'Files')],
])('%s is exported by its stack, and a message says how to avoid that', (_, make) => {
  const { setup, resources } = selectedOf(make);

  expect(resources).toEqual([{ 'Fn::ImportValue': expect.stringContaining('Data:') }]);
  Annotations.fromStack(setup.stack).hasInfo('/Backup/Plan', Match.stringLikeRegexp("the stack of 'Data/.*' exports ARNs for the plan.*literal physical names.*select them by tags"));
});

test('a resource of the plan\'s own stack is selected by a reference, so that it is deployed before', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(tableIn(setup.stack, 'Table', { tableName: 'orders' }))]);

  expect(selected(setup.stack)).toEqual([{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }]);
});

test('nested stacks pass parameters and export nothing', () => {
  const setup = new Setup();
  tableIn(new NestedStack(setup.stack, 'Nested'));
  setup.selecting([BackupTarget.fromConstruct(setup.stack.node.findChild('Nested'))]);

  expect(JSON.stringify(selected(setup.stack))).not.toContain('ImportValue');
  Annotations.fromStack(setup.stack).hasNoInfo('*', Match.stringLikeRegexp('exports'));
});

test('stacks without an account and a region are in one place: the ARN is that of the plan\'s own', () => {
  const app = new App();
  const stack = new Stack(app, 'Backup');
  const data = new Stack(app, 'Data');
  tableIn(data, 'Table', { tableName: 'orders' });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: [DAILY()] });
  plan.addSelection('Selection', { resources: [BackupTarget.fromConstruct(data)] });

  expect(selected(stack)).toEqual([{
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':table/orders']],
  }]);
});

describe('another Stage', () => {
  function planOver(target: (data: Stack) => BackupTarget, exclude = false): App {
    const app = new App();
    const data = stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'One'), 'Data');
    const stack = stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Two'), 'Backup');
    const plan = new TieredBackupPlan(stack, 'Plan', {
      vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: [BackupTier.daily({ deleteAfter: DAILY().deleteAfter })],
    });
    plan.addSelection('Selection', exclude ? { resources: [BackupTarget.everything()], excludeResources: [target(data)] } : { resources: [target(data)] });
    return app;
  }
  const problem = (path: string) => "selection 'Selection': a plan can't refer to a resource of another Stage, because Stages are deployed separately: "
    + `define a plan for '${path}' in its own Stage ('One'), give the resource a literal physical name, or select it by tags`;

  test.each<[string, (data: Stack) => BackupTarget, string]>([
    ['a table', (data) => BackupTarget.fromDynamoDbTable(tableIn(data, 'Orders')), 'One/Data/Orders'],
    ['a bucket', (data) => BackupTarget.fromS3Bucket(new s3.Bucket(data, 'Reports', { versioned: true })), 'One/Data/Reports'],
    ['all below a construct', (data) => BackupTarget.fromConstruct(tableIn(data, 'Orders')), 'One/Data/Orders/Resource'],
  ])('refuses %s in words of our own, as a target and as an exclusion', (_, target, path) => {
    expect(problemsAtSynthesis(planOver(target))).toEqual([problem(path)]);
    expect(problemsAtSynthesis(planOver(target, true))).toEqual([problem(path)]);
  });

  test('a table with a literal name needs no reference', () => {
    expect(problemsAtSynthesis(planOver((data) => BackupTarget.fromDynamoDbTable(tableIn(data, 'Orders', { tableName: 'orders' }))))).toEqual([]);
  });
});

test('a resource of another region is refused as before', () => {
  const setup = new Setup();
  tableIn(stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Away'), 'Orders', { tableName: 'orders' });
  setup.selecting([BackupTarget.fromConstruct(setup.app.node.findChild('Away'))]);

  expect(setup.problems()).toEqual([expect.stringContaining('a plan backs up its own account and region')]);
});

test('a name that is a token of the CDK is not taken for a literal', () => {
  const { resources } = selectedOf((stack) => new dynamodb.CfnTable(stack, 'Table', {
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }], tableName: Lazy.string({ produce: () => 'orders' }),
  }));

  expect(resources).toEqual(['arn:aws:dynamodb:eu-west-2:222222222222:table/orders']); // it is one once it is rendered
});
