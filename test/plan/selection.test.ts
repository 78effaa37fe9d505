import { CfnResource, Lazy, NestedStack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND } from '../stacks';
import { Setup, tableIn, TABLES } from './setup';

const SELECTION = 'AWS::Backup::BackupSelection';

function resourcesIn(setup: Setup): unknown {
  const [selection] = Object.values(Template.fromStack(setup.stack).findResources(SELECTION));
  return selection.Properties.BackupSelection.Resources;
}

test('resources and tags narrow each other: all tags are required', () => {
  const setup = new Setup();
  setup.plan().addSelection('DynamoDB', { resources: TABLES(), tags: { Environment: 'prod', Project: 'shop' } });

  Template.fromStack(setup.stack).hasResourceProperties(SELECTION, {
    BackupPlanId: { 'Fn::GetAtt': ['PlanDAF4E53A', 'BackupPlanId'] },
    BackupSelection: {
      SelectionName: 'DynamoDB',
      IamRoleArn: { 'Fn::GetAtt': ['PlanRole1332F679', 'Arn'] },
      Resources: ['arn:aws:dynamodb:*:*:table/*'],
      Conditions: {
        StringEquals: [
          { ConditionKey: 'aws:ResourceTag/Environment', ConditionValue: 'prod' },
          { ConditionKey: 'aws:ResourceTag/Project', ConditionValue: 'shop' },
        ],
        StringNotEquals: Match.absent(),
      },
      ListOfTags: Match.absent(),
      NotResources: Match.absent(),
    },
  });
});

test('tags alone select every resource that has them: conditions without resources would be refused', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(resourcesIn(setup)).toEqual(['*']);
});

test('tags alone give the role the permissions of all types', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tagged', { tags: { Backup: 'yes' } });

  const [role] = Object.values(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.ManagedPolicyArns).toEqual([
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup']] },
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup']] },
  ]);
  expect(role.Properties.Policies[0].PolicyDocument.Statement[0].Sid).toBe('BackUpTables');
});

test('tags and resources may be excluded', () => {
  const setup = new Setup();
  const scratch = tableIn(setup.stack, 'Scratch');
  setup.plan().addSelection('Tables', { resources: TABLES(), excludeTags: { Backup: 'no' }, excludeResources: [BackupTarget.fromDynamoDbTable(scratch)] });

  Template.fromStack(setup.stack).hasResourceProperties(SELECTION, {
    BackupSelection: {
      Resources: ['arn:aws:dynamodb:*:*:table/*'],
      NotResources: [{ 'Fn::GetAtt': ['ScratchF72D2ED6', 'Arn'] }],
      Conditions: { StringEquals: Match.absent(), StringNotEquals: [{ ConditionKey: 'aws:ResourceTag/Backup', ConditionValue: 'no' }] },
    },
  });
});

test('a table is selected by its ARN, be it of either kind', () => {
  const setup = new Setup();
  const global = new dynamodb.TableV2(setup.stack, 'Global', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
  setup.selecting([BackupTarget.fromDynamoDbTable(tableIn(setup.stack)), BackupTarget.fromDynamoDbTable(global)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }, { 'Fn::GetAtt': ['Global7C59AC82', 'Arn'] }]);
});

test('resources of the other types are selected by their ARNs', () => {
  const setup = new Setup();
  const vpc = ec2.Vpc.fromVpcAttributes(setup.stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-2a'], isolatedSubnetIds: ['subnet-1'] });
  setup.selecting([
    BackupTarget.fromS3Bucket(new s3.Bucket(setup.stack, 'Bucket', { versioned: true })),
    BackupTarget.fromEfsFileSystem(efs.FileSystem.fromFileSystemAttributes(setup.stack, 'Files', {
      fileSystemId: 'fs-1', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(setup.stack, 'Group', 'sg-1'),
    })),
    BackupTarget.fromRdsInstance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(setup.stack, 'Instance', {
      instanceIdentifier: 'orders', instanceEndpointAddress: 'host', port: 5432, securityGroups: [],
    })),
    BackupTarget.fromRdsCluster(rds.DatabaseCluster.fromDatabaseClusterAttributes(setup.stack, 'Cluster', { clusterIdentifier: 'ledger' })),
    BackupTarget.fromEc2Instance(new ec2.Instance(setup.stack, 'Machine', {
      vpc, instanceType: new ec2.InstanceType('t4g.micro'), machineImage: ec2.MachineImage.genericLinux({ 'eu-west-2': 'ami-1' }), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    })),
  ]);
  const inPartition = (arn: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${arn}`]] });

  expect(resourcesIn(setup)).toEqual([
    { 'Fn::GetAtt': ['Bucket83908E77', 'Arn'] },
    inPartition('elasticfilesystem:eu-west-2:222222222222:file-system/fs-1'),
    inPartition('rds:eu-west-2:222222222222:db:orders'),
    inPartition('rds:eu-west-2:222222222222:cluster:ledger'),
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:eu-west-2:222222222222:instance/', { Ref: 'Machine6FC8AE80' }]] },
  ]);
});

test.each([
  [ResourceType.S3, 'arn:aws:s3:::*'],
  [ResourceType.EC2, 'arn:aws:ec2:*:*:instance/*'],
  [ResourceType.EBS, 'arn:aws:ec2:*:*:volume/*'],
  [ResourceType.EFS, 'arn:aws:elasticfilesystem:*:*:file-system/*'],
  [ResourceType.RDS, 'arn:aws:rds:*:*:db:*'],
  [ResourceType.AURORA, 'arn:aws:rds:*:*:cluster:*'],
  [ResourceType.FSX, 'arn:aws:fsx:*:*:file-system/*'],
  [ResourceType.FSX_ONTAP, 'arn:aws:fsx:*:*:volume/*'],
  [ResourceType.TIMESTREAM, 'arn:aws:timestream:*:*:database/*'],
  [ResourceType.VIRTUAL_MACHINE, 'arn:aws:backup-gateway:*:*:vm/*'],
])('all resources of the type %s are selected by their ARN pattern', (type, arn) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(type)]);

  expect(resourcesIn(setup)).toEqual([arn]);
});

test('a construct stands for every stateful resource below it, those that are defined later included', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  setup.selecting([BackupTarget.fromConstruct(workload)]);
  tableIn(workload);
  new s3.Bucket(new NestedStack(workload, 'Nested'), 'Bucket', { versioned: true });
  new dynamodb.TableV2(workload, 'Global', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });

  expect(JSON.stringify(resourcesIn(setup))).toMatch(/WorkloadTable\w+","Arn".*WorkloadNested.*Bucket.*WorkloadGlobal\w+","Arn"/);
  const [role] = Object.values(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.ManagedPolicyArns).toHaveLength(2); // for the bucket
});

test('members of a cluster are backed up with it', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  new rds.CfnDBCluster(workload, 'Cluster', { engine: 'aurora-postgresql' });
  new rds.CfnDBInstance(workload, 'Member', { dbClusterIdentifier: 'cluster' });
  setup.selecting([BackupTarget.fromConstruct(workload)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadClusterFA5E89D1', 'DBClusterArn'] }]);
});

test.each([
  ['AWS::DSQL::Cluster', { 'Fn::GetAtt': ['Resource', 'ResourceArn'] }],
  ['AWS::EKS::Cluster', { 'Fn::GetAtt': ['Resource', 'Arn'] }],
  ['AWS::FSx::Volume', { 'Fn::GetAtt': ['Resource', 'ResourceARN'] }],
  ['AWS::RDS::DBInstance', { 'Fn::GetAtt': ['Resource', 'DBInstanceArn'] }],
  ['AWS::RedshiftServerless::Namespace', { 'Fn::GetAtt': ['Resource', 'Namespace.NamespaceArn'] }],
  ['AWS::DocDB::DBCluster', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-west-2:222222222222:cluster:', { Ref: 'Resource' }]] }],
  ['AWS::Timestream::Table', { 'Fn::GetAtt': ['Resource', 'Arn'] }],
  ['AWS::EC2::Volume', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:eu-west-2:222222222222:volume/', { Ref: 'Resource' }]] }],
])('a resource of type %s below a construct is selected by its ARN', (type, arn) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(new CfnResource(setup.stack, 'Resource', { type }))]);

  expect(resourcesIn(setup)).toEqual([arn]);
});

test('a target that is named twice is selected once', () => {
  const setup = new Setup();
  const table = tableIn(setup.stack);
  setup.selecting([BackupTarget.fromDynamoDbTable(table), BackupTarget.fromConstruct(table)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }]);
});

test('what is in a support stack is a replica and no target', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  new ReplicatedBackupVault(setup.stack, 'Other', { replicaRegion: IRELAND });
  tableIn(setup.stack.node.findChild('support-eu-west-1') as Construct, 'Replica');
  setup.selecting([BackupTarget.fromConstruct(setup.stack)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadTable626A0A49', 'Arn'] }]);
});

test('a resource below a construct is left out by its own ARN, and one that can\'t be backed up by its construct', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  const scratch = tableIn(workload, 'Scratch');
  const cluster = new ecs.CfnCluster(workload, 'Cluster');
  setup.plan().addSelection('Workload', {
    resources: [BackupTarget.fromConstruct(workload)],
    excludeResources: [BackupTarget.fromDynamoDbTable(scratch), BackupTarget.fromConstruct(cluster)],
  });

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadTable626A0A49', 'Arn'] }]);
  const [selection] = Object.values(Template.fromStack(setup.stack).findResources(SELECTION));
  expect(selection.Properties.BackupSelection.NotResources).toEqual([{ 'Fn::GetAtt': ['WorkloadScratch0B82EF1F', 'Arn'] }]);
});

test('an FSx for NetApp ONTAP file system is backed up by its volumes', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  new CfnResource(workload, 'Volume', { type: 'AWS::FSx::Volume' });
  new fsx.CfnFileSystem(workload, 'Files', { fileSystemType: 'ONTAP', subnetIds: ['subnet-1'] });
  setup.selecting([BackupTarget.fromConstruct(workload)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadVolume2501EDD0', 'ResourceARN'] }]);
});

test('an ARN that is a token is taken as it is', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn(Token.asString({ Ref: 'Parameter' }))]);

  expect(resourcesIn(setup)).toEqual([{ Ref: 'Parameter' }]);
});

test('a tag value that is a token is taken as it is', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tagged', { tags: { Backup: Lazy.string({ produce: () => 'late' }) } });

  Template.fromStack(setup.stack).hasResourceProperties(SELECTION, {
    BackupSelection: { Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/Backup', ConditionValue: 'late' }] } },
  });
});

test('where only what can not be backed up is excluded, the template excludes nothing', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  const cluster = new ecs.CfnCluster(workload, 'Cluster');
  setup.plan().addSelection('Workload', { resources: [BackupTarget.fromConstruct(workload)], excludeResources: [BackupTarget.fromConstruct(cluster)] });

  Template.fromStack(setup.stack).hasResourceProperties(SELECTION, { BackupSelection: { NotResources: Match.absent() } });
});

test('a selection that an aspect looks at still gets what is defined after that', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload, 'Orders');
  const selection = setup.plan().addSelection('Workload', { resources: [BackupTarget.fromConstruct(workload)] });
  setup.stack.resolve(selection.backupSelection);
  tableIn(workload, 'Customers');

  expect(resourcesIn(setup)).toHaveLength(2);
});

test('what is below a construct is looked for twice: for the role, and when the tree is complete', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload, 'Orders');
  setup.plan().addSelection('Workload', { resources: [BackupTarget.fromConstruct(workload)] });
  const findAll = jest.spyOn(workload.node, 'findAll');

  expect(resourcesIn(setup)).toHaveLength(1);
  expect(findAll).toHaveBeenCalledTimes(2);
});
