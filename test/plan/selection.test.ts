import { CfnResource, Duration, Lazy, NestedStack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BackupTarget, BackupTier, ReplicatedBackupVault, ResourceType } from '../../src';
import { INFRASTRUCTURE, IRELAND, stackIn } from '../stacks';
import { Setup, TABLES } from './setup';

const SELECTION = 'AWS::Backup::BackupSelection';

function tableIn(scope: Construct, id = 'Table', props: Partial<dynamodb.TableProps> = {}): dynamodb.Table {
  return new dynamodb.Table(scope, id, { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, ...props });
}

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
  setup.plan().addSelection('Tables', { resources: TABLES(), excludeTags: { Backup: 'no' }, excludeResources: [BackupTarget.dynamoDbTable(scratch)] });

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
  setup.selecting([BackupTarget.dynamoDbTable(tableIn(setup.stack)), BackupTarget.dynamoDbTable(global)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }, { 'Fn::GetAtt': ['Global7C59AC82', 'Arn'] }]);
});

test('resources of the other types are selected by their ARNs', () => {
  const setup = new Setup();
  const vpc = ec2.Vpc.fromVpcAttributes(setup.stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-2a'], isolatedSubnetIds: ['subnet-1'] });
  setup.selecting([
    BackupTarget.s3Bucket(new s3.Bucket(setup.stack, 'Bucket', { versioned: true })),
    BackupTarget.efsFileSystem(efs.FileSystem.fromFileSystemAttributes(setup.stack, 'Files', {
      fileSystemId: 'fs-1', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(setup.stack, 'Group', 'sg-1'),
    })),
    BackupTarget.rdsInstance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(setup.stack, 'Instance', {
      instanceIdentifier: 'orders', instanceEndpointAddress: 'host', port: 5432, securityGroups: [],
    })),
    BackupTarget.rdsCluster(rds.DatabaseCluster.fromDatabaseClusterAttributes(setup.stack, 'Cluster', { clusterIdentifier: 'ledger' })),
    BackupTarget.ec2Instance(new ec2.Instance(setup.stack, 'Machine', {
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

test('a type without an ARN pattern can\'t be selected as a whole', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.of('Novelty', {}))]);

  expect(setup.problems()).toEqual(["selection 'Selection': resource type 'Novelty' has no ARN pattern: name its resources one by one"]);
});

test('a construct stands for every stateful resource below it, those that are defined later included', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  setup.selecting([BackupTarget.construct(workload)]);
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
  setup.selecting([BackupTarget.construct(workload)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadClusterFA5E89D1', 'DBClusterArn'] }]);
});

test.each([
  ['AWS::DSQL::Cluster', { 'Fn::GetAtt': ['Resource', 'ResourceArn'] }],
  ['AWS::EKS::Cluster', { 'Fn::GetAtt': ['Resource', 'Arn'] }],
  ['AWS::FSx::Volume', { 'Fn::GetAtt': ['Resource', 'ResourceARN'] }],
  ['AWS::RDS::DBInstance', { 'Fn::GetAtt': ['Resource', 'DBInstanceArn'] }],
  ['AWS::RedshiftServerless::Namespace', { 'Fn::GetAtt': ['Resource', 'Namespace.NamespaceArn'] }],
  ['AWS::DocDB::DBCluster', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-west-2:222222222222:cluster:', { Ref: 'Resource' }]] }],
  ['AWS::EC2::Volume', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:eu-west-2:222222222222:volume/', { Ref: 'Resource' }]] }],
])('a resource of type %s below a construct is selected by its ARN', (type, arn) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.construct(new CfnResource(setup.stack, 'Resource', { type }))]);

  expect(resourcesIn(setup)).toEqual([arn]);
});

test('a target that is named twice is selected once', () => {
  const setup = new Setup();
  const table = tableIn(setup.stack);
  setup.selecting([BackupTarget.dynamoDbTable(table), BackupTarget.construct(table)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }]);
});

test('what is in a support stack is a replica and no target', () => {
  const setup = new Setup();
  const workload = new Construct(setup.stack, 'Workload');
  tableIn(workload);
  new ReplicatedBackupVault(setup.stack, 'Other', { replicaRegion: IRELAND });
  tableIn(setup.stack.node.findChild('support-eu-west-1') as Construct, 'Replica');
  setup.selecting([BackupTarget.construct(setup.stack)]);

  expect(resourcesIn(setup)).toEqual([{ 'Fn::GetAtt': ['WorkloadTable626A0A49', 'Arn'] }]);
});

test('refuses an empty selection', () => {
  const setup = new Setup();

  expect(() => setup.plan().addSelection('Nothing', { resources: [], tags: {} }))
    .toThrow("invalid selection 'Nothing' at 'Backup/Plan':\n- 'resources' or 'tags' must name something to back up, got neither");
});

test('refuses a construct with nothing to back up below it', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.construct(new Construct(setup.stack, 'Empty'))]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': there is nothing below 'Backup/Empty' that AWS Backup backs up: leave it out, or name another construct"]);
});

test('refuses an ARN of Amazon ECS', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.arn('arn:aws:ecs:eu-west-2:222222222222:cluster/shop')]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up Amazon ECS: use 'EcsConfigBackup' for its configuration, got 'arn:aws:ecs:eu-west-2:222222222222:cluster/shop'",
  ]);
});

test('refuses a construct of Amazon ECS', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.construct(new ecs.CfnCluster(setup.stack, 'Cluster'))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up Amazon ECS: use 'EcsConfigBackup' for its configuration, and name the other resources one by one, "
    + "got AWS::ECS::Cluster 'Backup/Cluster'",
  ]);
});

test('refuses a stateful resource that AWS Backup can\'t back up: leaving it out would be a gap', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.construct(new CfnResource(setup.stack, 'Search', { type: 'AWS::OpenSearchService::Domain' }))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up AWS::OpenSearchService::Domain 'Backup/Search': protect it in another way, and name the other resources one by one",
  ]);
});

test('refuses a bucket without versioning', () => {
  const setup = new Setup();
  const bucket = new s3.Bucket(setup.stack, 'Bucket');
  setup.selecting([BackupTarget.s3Bucket(bucket), BackupTarget.construct(bucket)]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup backs up versioned buckets only: turn on versioning for 'Backup/Bucket/Resource'",
  ]);
});

test('refuses a resource of another account or region', () => {
  const setup = new Setup();
  const table = tableIn(stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Ireland'));
  setup.selecting([BackupTarget.construct(table), BackupTarget.arn('arn:aws:dynamodb:eu-west-2:333333333333:table/other')]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): "
    + "define a plan of its own for 'Ireland/Table/Resource' (account 222222222222, region eu-west-1)",
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): "
    + "define a plan of its own for 'arn:aws:dynamodb:eu-west-2:333333333333:table/other' (account 333333333333, region eu-west-2)",
  ]);
});

test.each([
  ['my-table', "an ARN must have at least six parts, 'arn:partition:service:region:account:resource', got 'my-table'"],
  ['arn:aws:sqs:eu-west-2:222222222222:queue', "AWS Backup backs up no resource with an ARN such as 'arn:aws:sqs:eu-west-2:222222222222:queue': see 'ResourceType' for what it does"],
])('refuses %s as an ARN', (arn, problem) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.arn(arn)]);

  expect(setup.problems()).toEqual([`selection 'Selection': ${problem}`]);
});

test('an ARN that is a token is taken as it is', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.arn(Token.asString({ Ref: 'Parameter' }))]);

  expect(resourcesIn(setup)).toEqual([{ Ref: 'Parameter' }]);
});

test('refuses 501 ARNs', () => {
  const setup = new Setup();
  setup.selecting(Array.from({ length: 501 }, (_, index) => BackupTarget.arn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}`)));

  expect(setup.problems())
    .toEqual(["selection 'Selection': 'resources' must be at most 500 ARNs, what AWS Backup lets a selection have, got 501: select by tags, or make several selections"]);
});

test('takes 500 ARNs and 30 wildcards', () => {
  const setup = new Setup();
  setup.selecting([
    ...Array.from({ length: 500 }, (_, index) => BackupTarget.arn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}`)),
    ...Array.from({ length: 30 }, (_, index) => BackupTarget.arn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}*`)),
  ]);

  expect(setup.problems()).toEqual([]);
});

test('refuses 31 ARNs with a wildcard', () => {
  const setup = new Setup();
  setup.selecting(Array.from({ length: 31 }, (_, index) => BackupTarget.arn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}*`)));

  expect(setup.problems()).toEqual(["selection 'Selection': 'resources' must be at most 30 ARNs with a wildcard, what AWS Backup lets a selection have, got 31"]);
});

test('refuses 31 tags and an id that is no name', () => {
  const setup = new Setup();
  const tags = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`tag${index}`, 'yes']));

  expect(() => setup.plan().addSelection('my tables', { tags })).toThrow([
    "invalid selection 'my tables' at 'Backup/Plan':",
    "- 'id' is the name of the selection: it must be 1 to 50 letters, digits, hyphens, underscores and dots, got 'my tables'",
    "- 'tags' and 'excludeTags' must be at most 30 together, the conditions that AWS Backup lets a selection have, got 31",
  ].join('\n'));
});

const COLD = BackupTier.daily({ deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) });

test('refuses cold storage where no selected type has it', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.S3), BackupTarget.allOf(ResourceType.RDS)], { tiers: [COLD] });

  expect(setup.problems()).toEqual(["'moveToColdStorageAfter' is of no use: none of the selected types (S3, RDS) has cold storage; leave it out"]);
});

test('warns where some selected types have no cold storage', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.S3), BackupTarget.allOf(ResourceType.DYNAMODB)], { tiers: [COLD] });

  Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp("AWS Backup ignores 'moveToColdStorageAfter' for S3: those recovery points stay in warm storage"));
});

test('says nothing of cold storage where tags alone decide', () => {
  const setup = new Setup();
  setup.plan({ tiers: [COLD] }).addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasNoWarning('*', Match.anyValue());
});

test('refuses to copy a type that AWS Backup copies nowhere', () => {
  const setup = new Setup({ replicaRegion: IRELAND });
  setup.selecting([BackupTarget.allOf(ResourceType.FSX_ONTAP)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy FSx, so nothing reaches 'local-replica': select it in a plan with 'copyTo: []'"]);
});

test('refuses to copy stacks into another account', () => {
  const setup = new Setup({ replicaScope: stackIn('333333333333', IRELAND) });
  setup.selecting([BackupTarget.allOf(ResourceType.CLOUDFORMATION)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup can't copy CloudFormation into another account, so nothing reaches 'local-replica': select it in a plan of its own"]);
});

test('a tag value that is a token is taken as it is', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tagged', { tags: { Backup: Lazy.string({ produce: () => 'late' }) } });

  Template.fromStack(setup.stack).hasResourceProperties(SELECTION, {
    BackupSelection: { Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/Backup', ConditionValue: 'late' }] } },
  });
});
