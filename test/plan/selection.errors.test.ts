import { CfnResource, Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { DrRole } from '../../src/roles/dr-role';
import { BackupTarget } from '../../src/targets/backup-target';
import { INFRASTRUCTURE, IRELAND, stackIn } from '../stacks';
import { Setup, tableIn, TABLES } from './setup';

test('a type without an ARN pattern can\'t be selected as a whole', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.of('Novelty', {}))]);

  expect(setup.problems()).toEqual(["selection 'Selection': resource type 'Novelty' has no ARN pattern: specify its resources one by one"]);
});

test('refuses an empty selection', () => {
  const setup = new Setup();

  expect(() => setup.plan().addSelection('Nothing', { resources: [], tags: {} }))
    .toThrow("invalid selection 'Nothing' at 'Backup/Plan':\n- 'resources', 'tags' or 'tagFilters' (tag_filters) must select something to back up, got none: use BackupTarget.everything() for every resource");
});

test('refuses a construct with nothing to back up below it', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(new Construct(setup.stack, 'Empty'))]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': there is nothing below 'Backup/Empty' that AWS Backup backs up: leave it out, or specify another construct"]);
});

test('refuses exclusions that leave nothing', () => {
  const setup = new Setup();
  const table = tableIn(setup.stack);
  setup.plan().addSelection('Tables', { resources: [BackupTarget.fromDynamoDbTable(table)], excludeResources: [BackupTarget.fromConstruct(setup.stack)] });

  expect(setup.problems()).toEqual(["selection 'Tables': 'excludeResources' (exclude_resources) leaves nothing of 'resources' to back up: exclude less, or remove the selection"]);
});

test('the ARN of an exclusion is checked as that of a resource is', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tables', { resources: TABLES(), excludeResources: [BackupTarget.fromArn('scratch')] });

  expect(setup.problems()).toEqual(["selection 'Tables': an ARN must have at least six parts, 'arn:partition:service:region:account:resource', got 'scratch'"]);
});

test('an ARN of S3 names neither account nor region', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn('arn:aws:s3:::reports'), BackupTarget.fromArn('arn:aws:dynamodb:*:*:table/orders-*')]);

  expect(setup.problems()).toEqual([]);
});

test('refuses an ARN of another partition', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn('arn:aws-cn:dynamodb:eu-west-2:222222222222:table/orders')]);

  expect(setup.problems()).toEqual(["selection 'Selection': an ARN must be in the partition aws, got 'arn:aws-cn:dynamodb:eu-west-2:222222222222:table/orders'"]);
});

test('refuses an imported table of another account', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromDynamoDbTable(dynamodb.Table.fromTableArn(setup.stack, 'Orders', 'arn:aws:dynamodb:eu-west-2:333333333333:table/orders'))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): define a separate plan for 'arn:aws:dynamodb:eu-west-2:333333333333:table/orders' (account 333333333333, region eu-west-2)",
  ]);
});

test('refuses a DrRole that lacks a type that is known beside tags', () => {
  const setup = new Setup();
  const role = DrRole.backup(setup.stack, 'Role', { resourceTypes: [ResourceType.S3] });
  const plan = setup.plan({ role });
  plan.addSelection('Tables', { resources: TABLES() });
  plan.addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toEqual(["'role' 'Backup/Role' may not back up DynamoDB: add it to the role's 'resourceTypes' (resource_types)"]);
});

test('what tags select is reported as unchecked', () => {
  const setup = new Setup();
  setup.plan().addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasInfo('/Backup/Plan',
    "not checked: the capabilities of AWS Backup for all resources of selection 'Tagged', which depend on tags or tokens [ack: cdk-backup-dr:selectionNotChecked]");
});

test('refuses the 101st selection of a plan', () => {
  const setup = new Setup();
  const plan = setup.plan();
  Array.from({ length: 100 }, (_, index) => plan.addSelection(`Tables${index}`, { resources: TABLES() }));

  expect(() => plan.addSelection('Tables100', { resources: TABLES() }))
    .toThrow("plan 'Backup/Plan' has 100 selections, as many as AWS Backup lets a plan have: put 'Tables100' into another plan");
});

test('refuses an ARN of Amazon ECS', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn('arn:aws:ecs:eu-west-2:222222222222:cluster/shop')]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up Amazon ECS: use EcsConfigBackup, which captures its configuration; exclude it, got 'arn:aws:ecs:eu-west-2:222222222222:cluster/shop'",
  ]);
});

test('refuses a construct of Amazon ECS', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(new ecs.CfnCluster(setup.stack, 'Cluster'))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up Amazon ECS: use EcsConfigBackup, which captures its configuration; "
    + "exclude it with 'excludeResources' (exclude_resources) or 'excludeTypes' (exclude_types), got AWS::ECS::Cluster 'Backup/Cluster'",
  ]);
});

test('refuses a stateful resource that AWS Backup can\'t back up: leaving it out would be a gap', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromConstruct(new CfnResource(setup.stack, 'Search', { type: 'AWS::OpenSearchService::Domain' }))]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup can't back up AWS::OpenSearchService::Domain: protect it in another way and "
    + "exclude it with 'excludeResources' (exclude_resources) or 'excludeTypes' (exclude_types), got AWS::OpenSearchService::Domain 'Backup/Search'",
  ]);
});

test('refuses a bucket without versioning', () => {
  const setup = new Setup();
  const bucket = new s3.Bucket(setup.stack, 'Bucket');
  setup.selecting([BackupTarget.fromS3Bucket(bucket), BackupTarget.fromConstruct(bucket)]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': AWS Backup backs up only versioned buckets: turn on versioning for 'Backup/Bucket/Resource', or exclude it",
  ]);
});

test('refuses a resource of another account or region', () => {
  const setup = new Setup();
  const table = tableIn(stackIn(INFRASTRUCTURE, IRELAND, setup.app, 'Ireland'));
  setup.selecting([BackupTarget.fromConstruct(table), BackupTarget.fromArn('arn:aws:dynamodb:eu-west-2:333333333333:table/other')]);

  expect(setup.problems()).toEqual([
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): define a separate plan for 'Ireland/Table/Resource' (account 222222222222, region eu-west-1)",
    "selection 'Selection': a plan backs up its own account and region (account 222222222222, region eu-west-2): define a separate plan for 'arn:aws:dynamodb:eu-west-2:333333333333:table/other' (account 333333333333, region eu-west-2)",
  ]);
});

test.each([
  ['my-table', "an ARN must have at least six parts, 'arn:partition:service:region:account:resource', got 'my-table'"],
  ['arn:aws:sqs:eu-west-2:222222222222:queue', "AWS Backup does not back up resources with an ARN such as 'arn:aws:sqs:eu-west-2:222222222222:queue': see 'ResourceType' for the supported types"],
])('refuses %s as an ARN', (arn, problem) => {
  const setup = new Setup();
  setup.selecting([BackupTarget.fromArn(arn)]);

  expect(setup.problems()).toEqual([`selection 'Selection': ${problem}`]);
});

test('refuses 501 ARNs', () => {
  const setup = new Setup();
  setup.selecting(Array.from({ length: 501 }, (_, index) => BackupTarget.fromArn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}`)));

  expect(setup.problems())
    .toEqual(["selection 'Selection': 'resources' must be at most 500 ARNs, the maximum of a selection, got 501: select by tags, or create several selections"]);
});

test('takes 500 ARNs and 30 wildcards', () => {
  const setup = new Setup();
  setup.selecting([
    ...Array.from({ length: 500 }, (_, index) => BackupTarget.fromArn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}`)),
    ...Array.from({ length: 30 }, (_, index) => BackupTarget.fromArn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}*`)),
  ]);

  expect(setup.problems()).toEqual([]);
});

test('refuses 31 ARNs with a wildcard', () => {
  const setup = new Setup();
  setup.selecting(Array.from({ length: 31 }, (_, index) => BackupTarget.fromArn(`arn:aws:dynamodb:eu-west-2:222222222222:table/t${index}*`)));

  expect(setup.problems()).toEqual(["selection 'Selection': 'resources' must be at most 30 ARNs with a wildcard, the maximum of a selection, got 31"]);
});

test('refuses 31 tags and an id that is no name', () => {
  const setup = new Setup();
  const tags = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`tag${index}`, 'yes']));

  expect(() => setup.plan().addSelection('my tables', { tags })).toThrow([
    "invalid selection 'my tables' at 'Backup/Plan':",
    "- 'id' is the name of the selection: it must be 1 to 50 letters, digits, hyphens, underscores and dots, got 'my tables'",
    "- 'tags', 'tagFilters' (tag_filters) and 'excludeTags' (exclude_tags) must be at most 30 together, the maximum number of conditions of a selection, got 31",
  ].join('\n'));
});

const COLD = BackupTier.daily({ deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) });

test('refuses cold storage where no selected type has it', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.S3), BackupTarget.allOf(ResourceType.RDS)], { tiers: [COLD] });

  expect(setup.problems()).toEqual(["'moveToColdStorageAfter' (move_to_cold_storage_after) has no effect: none of the selected types (S3, RDS) supports cold storage; leave it out"]);
});

test('warns where some selected types have no cold storage', () => {
  const setup = new Setup();
  setup.selecting([BackupTarget.allOf(ResourceType.S3), BackupTarget.allOf(ResourceType.DYNAMODB)], { tiers: [COLD] });

  Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp("AWS Backup ignores 'moveToColdStorageAfter' \\(move_to_cold_storage_after\\) for S3: those recovery points stay in warm storage"));
});

test('says nothing of cold storage where tags alone decide', () => {
  const setup = new Setup();
  setup.plan({ tiers: [COLD] }).addSelection('Tagged', { tags: { Backup: 'yes' } });

  expect(setup.problems()).toEqual([]);
  Annotations.fromStack(setup.stack).hasNoWarning('*', Match.anyValue());
});
