import { CfnResource } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ResourceType } from '../../src/objectives/resource-type';
import type { TieredBackupSelectionOptions } from '../../src/plan/tiered-backup-plan-props';
import { BackupTarget } from '../../src/targets/backup-target';
import { Setup, tableIn } from '../plan/setup';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, stackIn } from '../stacks';

function rendered({ stack }: Setup): any {
  const [selection] = Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupSelection'));
  return selection.Properties.BackupSelection;
}

function withDatabase(): { setup: Setup; data: Construct; db: rds.DatabaseInstance } {
  const setup = new Setup();
  const data = new Construct(setup.stack, 'Data');
  const vpc = new ec2.Vpc(setup.stack, 'Vpc', { availabilityZones: ['eu-west-2a', 'eu-west-2b'] });
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 });
  return { setup, data, db: new rds.DatabaseInstance(data, 'Db', { engine, vpc }) };
}

test('the secret of a database is left out by itself', () => {
  const { setup, data } = withDatabase();
  setup.selecting([BackupTarget.fromConstruct(data)]);

  expect(setup.problems()).toEqual([]);
  expect(rendered(setup).Resources).toHaveLength(1);
});

test('a resource of another region is refused as an exclusion too, since the plan would refer to it', () => {
  const setup = new Setup();
  const away = tableIn(stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Away'));
  setup.selecting([BackupTarget.allOf(ResourceType.DYNAMODB)], {}, { excludeResources: [BackupTarget.fromDynamoDbTable(away)] });

  expect(setup.problems()).toEqual([
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): define a separate plan for 'Away/Table' "
    + '(account 222222222222, region eu-west-1)',
  ]);
});

test('so is that of a cluster, and one that a generic resource attaches', () => {
  const { setup, data } = withDatabase();
  const vpc = setup.stack.node.findChild('Vpc') as ec2.Vpc;
  new docdb.DatabaseCluster(data, 'Documents', {
    masterUser: { username: 'admin1' }, vpc, instanceType: ec2.InstanceType.of(ec2.InstanceClass.R5, ec2.InstanceSize.LARGE),
  });
  const secret = new secrets.CfnSecret(data, 'Own');
  new CfnResource(data, 'Attachment', { type: 'AWS::SecretsManager::SecretTargetAttachment', properties: { SecretId: { Ref: setup.stack.getLogicalId(secret) } } });
  setup.selecting([BackupTarget.fromConstruct(data)]);

  expect(setup.problems()).toEqual([]);
  expect(rendered(setup).Resources).toHaveLength(2);
});

test('a secret that is attached to nothing is refused: leaving it out would be a gap', () => {
  const { setup, data } = withDatabase();
  new secrets.Secret(data, 'ApiKey');
  setup.selecting([BackupTarget.fromConstruct(data)]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up AWS::SecretsManager::Secret: protect it in another way and exclude it with 'excludeResources' (exclude_resources) or 'excludeTypes' (exclude_types), got AWS::SecretsManager::Secret 'Backup/Data/ApiKey/Resource'",
  ]);
});

test('the secret as the database hands it out may be left out as well, and a message says that nothing came of it', () => {
  const { setup, data, db } = withDatabase();
  setup.plan().addSelection('Selection', { resources: [BackupTarget.fromConstruct(data)], excludeResources: [BackupTarget.fromConstruct(db.secret!)] });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasInfo('/Backup/Plan',
    Match.stringLikeRegexp("'excludeResources' \\(exclude_resources\\) contains 'Backup/Data/Db/Secret/Attachment', which is not selected"));
  expect(rendered(setup).NotResources).toBeUndefined();
});

test('a message says of a table that it is left out of what it is not in', () => {
  const setup = new Setup();
  const [orders, scratch] = [tableIn(setup.stack, 'Orders'), tableIn(setup.stack, 'Scratch')];
  setup.plan().addSelection('Selection', { resources: [BackupTarget.fromConstruct(orders)], excludeResources: [BackupTarget.fromConstruct(scratch)] });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasInfo('/Backup/Plan', Match.stringLikeRegexp("contains 'Backup/Scratch/Resource', which is not selected"));
});

test('nothing is said of a table that is left out of all tables', () => {
  const setup = new Setup();
  setup.plan().addSelection('Selection', {
    resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], excludeResources: [BackupTarget.fromConstruct(tableIn(setup.stack))],
  });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasNoInfo('*', Match.stringLikeRegexp('which is not selected'));
});

test('everything is selected by an asterisk, with the permissions of all types', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.everything()]);

  expect(setup.problems()).toEqual([]);
  expect(rendered(setup)).toMatchObject({ Resources: ['*'] });
  const [role] = Object.values(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.ManagedPolicyArns).toHaveLength(2);
});

test('the ARN of everything is refused with its name', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn('*')]);

  expect(setup.problems()).toEqual(["selection 'Selection': use 'BackupTarget.everything()' for every resource, got the ARN '*'"]);
});

describe('types', () => {
  const selecting = (options: TieredBackupSelectionOptions, setup = new Setup()) => {
    setup.plan().addSelection('Selection', options);
    return setup;
  };

  test('are left out of a construct', () => {
    const setup = new Setup();
    const data = new Construct(setup.stack, 'Data');
    tableIn(data);
    new ecr.Repository(data, 'Images');
    new secrets.Secret(data, 'ApiKey');
    new ec2.CfnVolume(data, 'Scratch', { availabilityZone: 'eu-west-2a' });
    selecting({ resources: [BackupTarget.fromConstruct(data)], excludeTypes: ['AWS::ECR::Repository', 'AWS::SecretsManager::Secret', 'AWS::EC2::Volume'] }, setup);

    expect(setup.problems()).toEqual([]);
    expect(rendered(setup).Resources).toHaveLength(1);
    expect(rendered(setup).NotResources).toBeUndefined();
  });

  test.each<[string, TieredBackupSelectionOptions]>([
    ['everything', { resources: [BackupTarget.everything()] }],
    ['tags', { tags: { Backup: 'yes' } }],
    ['a wildcard of their service', { resources: [BackupTarget.fromArn('arn:aws:ec2:*:*:instance/i-*')] }],
  ])('are left out of what %s may select', (_, options) => {
    const setup = selecting({ ...options, excludeTypes: ['AWS::EC2::Volume', 'AWS::ECR::Repository'] });

    expect(setup.problems()).toEqual([]);
    expect(rendered(setup).NotResources).toEqual(['arn:aws:ec2:*:*:volume/*']);
  });

  test('are left out of a type that has other ARNs without a word', () => {
    const setup = selecting({ resources: [BackupTarget.allOf(ResourceType.S3)], excludeTypes: ['AWS::EC2::Volume'] });

    expect(setup.problems()).toEqual([]);
    expect(rendered(setup).NotResources).toBeUndefined();
  });

  test('that share their ARNs are left out of everything together only', () => {
    const clusters = ['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'];

    expect(selecting({ resources: [BackupTarget.everything()], excludeTypes: ['AWS::DocDB::DBCluster'] }).problems()).toEqual([
      "selection 'Selection': 'excludeTypes' (exclude_types) can't exclude only AWS::DocDB::DBCluster from what wildcards, tags or tokens select, because its ARNs look like those of AWS::Neptune::DBCluster, AWS::RDS::DBCluster: add these types too, or exclude single resources with 'excludeResources' (exclude_resources)",
    ]);
    const setup = selecting({ resources: [BackupTarget.everything()], excludeTypes: clusters });
    expect(setup.problems()).toEqual([]);
    expect(rendered(setup).NotResources).toEqual(['arn:aws:rds:*:*:cluster:*']);
  });

  test('that are all of what is selected leave nothing', () => {
    expect(selecting({ resources: [BackupTarget.allOf(ResourceType.EBS)], excludeTypes: ['AWS::EC2::Volume'] }).problems())
      .toEqual(["selection 'Selection': 'excludeResources' (exclude_resources) and 'excludeTypes' (exclude_types) leave nothing of 'resources' to back up: exclude less, or remove the selection"]);
  });

  test('are those of CloudFormation', () => {
    expect(problemsOf(() => selecting({ resources: [BackupTarget.everything()], excludeTypes: ['S3', 'AWS::Lambda::Function', 'AWS::S3::Bucket'] }))).toEqual([
      "'excludeTypes' (exclude_types) must be CloudFormation types that a selection can contain, such as 'AWS::SecretsManager::Secret', got 'S3', 'AWS::Lambda::Function'",
    ]);
  });

  test('include the clusters that the AWS CDK makes by a custom resource', () => {
    const setup = new Setup();
    const data = new Construct(setup.stack, 'Data');
    tableIn(data);
    new CfnResource(data, 'Cluster', { type: 'Custom::AWSCDK-EKS-Cluster' });
    selecting({ resources: [BackupTarget.fromConstruct(data)], excludeTypes: ['AWS::EKS::Cluster'] }, setup);

    expect(rendered(setup).Resources).toHaveLength(1);
  });
});

describe('the 500 ARNs that a selection may have', () => {
  function problemsWith(selected: number, excluded: number): string[] {
    const setup = new Setup();
    const arns = (count: number, name: string) => Array.from({ length: count }, (_, index) => BackupTarget.fromArn(`arn:aws:dynamodb:eu-west-2:222222222222:table/${name}${index}`));
    setup.plan().addSelection('Selection', { resources: arns(selected, 'own'), excludeResources: arns(excluded, 'other') });
    return setup.problems();
  }

  test.each([[500, 0], [499, 1], [1, 499]])('are %i that are selected and %i that are left out', (selected, excluded) => {
    expect(problemsWith(selected, excluded)).toEqual([]);
  });

  test.each([[501, 0], [500, 1], [1, 500]])('are not %i that are selected and %i that are left out', (selected, excluded) => {
    expect(problemsWith(selected, excluded)).toEqual([
      "selection 'Selection': 'resources' must be at most 500 ARNs, the maximum of a selection, got 501: select by tags, or create several selections",
    ]);
  });
});

test.each<[string, () => unknown, string]>([
  ['construct', () => BackupTarget.fromConstruct(undefined as never), 'a BackupTarget must be given a construct, got undefined'],
  ['construct', () => BackupTarget.fromConstruct([] as never), 'a BackupTarget must be given a construct, got a list: create a target for each item'],
  ['dynamoDbTable', () => BackupTarget.fromDynamoDbTable(undefined as never), 'a BackupTarget must be given a resource of DynamoDB, got undefined'],
  ['allOf', () => BackupTarget.allOf(undefined as never), 'BackupTarget.allOf must be given a ResourceType such as ResourceType.DYNAMODB, got undefined'],
])('says in words what JavaScript leaves out: %s', (_, make, problem) => {
  expect(problemsOf(make)).toEqual([problem]);
});
