import { CfnParameter, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { newApp, PLACE, protectedStack, reportIn, tableIn } from './apps';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { TieredBackupSelectionOptions } from '../../src/plan/tiered-backup-plan-props';
import type { CoverageEntry } from '../../src/report/report-model';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND } from '../stacks';

function coverageOf(app: App, path: string): CoverageEntry | undefined {
  return reportIn(app).coverage.find((each) => each.path === path);
}

/** The status of the resources of a stack that a plan selects from. */
function statuses(
  options: TieredBackupSelectionOptions | ((stack: Stack) => TieredBackupSelectionOptions), define: (stack: Stack) => void,
): Record<string, string> {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  define(stack);
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: BackupTier.standard() });
  plan.addSelection('Selection', typeof options === 'function' ? options(stack) : options);
  return Object.fromEntries(reportIn(app).coverage.map(({ path, status }) => [path.replace('Stack/', ''), status]));
}

test('a table that a plan selects has the plan, the selection, and the worst case after each loss that something survives', () => {
  const app = newApp();
  protectedStack(app);

  expect(coverageOf(app, 'Orders/Table')).toEqual({
    path: 'Orders/Table',
    type: 'AWS::DynamoDB::Table',
    account: '222222222222',
    region: 'eu-west-2',
    status: 'protected',
    by: [{ kind: 'plan', path: 'Orders/Plan', selection: 'Orders/Plan/Tables' }],
    worstCaseMinutes: { RESOURCE: 1800, REGION: 1800 },
  });
});

test('a table beside it that nothing selects is unprotected', () => {
  const app = newApp();
  protectedStack(app);

  expect(coverageOf(app, 'Orders/Forgotten')).toMatchObject({ status: 'unprotected', reason: 'No selection contains it.', by: [], worstCaseMinutes: {} });
  expect(reportIn(app).verdict.resources).toEqual({ protected: 1, accepted: 0, undecided: 0, unprotected: 1 });
});

test('point-in-time recovery alone does not protect a table', () => {
  const app = newApp();
  tableIn(protectedStack(app), 'Recoverable', true);

  expect(coverageOf(app, 'Orders/Recoverable')).toMatchObject({
    status: 'unprotected',
    by: [{ kind: 'pointInTimeRecovery' }],
    worstCaseMinutes: { RESOURCE: 5 },
    reason: 'No selection contains it. Its own point-in-time recovery does not survive the loss of its region or account.',
  });
});

test('a selection of a type with tags contains the tables with these tags, whoever sets them', () => {
  expect(statuses({ resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], tags: { Backup: 'yes' } }, (stack) => {
    Tags.of(tableIn(stack, 'Tagged')).add('Backup', 'yes');
    Tags.of(tableIn(stack, 'Other')).add('Backup', 'no');
    tableIn(stack, 'Untagged');
    Tags.of(tableIn(stack, 'Unknown')).add('Backup', new CfnParameter(stack, 'Parameter').valueAsString);
    new s3.Bucket(stack, 'Bucket');
  })).toEqual({ Tagged: 'protected', Other: 'unprotected', Untagged: 'unprotected', Unknown: 'undecided', Bucket: 'unprotected' });
});

test('a selection of everything without a tag contains what has another value or none', () => {
  expect(statuses({ resources: [BackupTarget.everything()], excludeTags: { Backup: 'no' } }, (stack) => {
    Tags.of(tableIn(stack, 'Tagged')).add('Backup', 'yes');
    Tags.of(tableIn(stack, 'Other')).add('Backup', 'no');
    tableIn(stack, 'Untagged');
  })).toEqual({ Tagged: 'protected', Other: 'unprotected', Untagged: 'protected' });
});

test('what a selection excludes is unprotected', () => {
  expect(statuses((stack) => ({
    resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], excludeResources: [BackupTarget.fromConstruct(stack.node.findChild('Excluded'))],
  }), (stack) => {
    tableIn(stack, 'Table');
    tableIn(stack, 'Excluded');
  })).toEqual({ Table: 'protected', Excluded: 'unprotected' });
});

test('a replicated bucket is protected by its replica, which is not listed itself', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  new ReplicatedBucket(stack, 'Replicated', { replicaRegion: IRELAND });
  new ReplicatedBucket(stack, 'Single');

  expect(reportIn(app).coverage.map(({ path, status, by, worstCaseMinutes }) => ({ path, status, by, worstCaseMinutes }))).toEqual([
    { path: 'Stack/Replicated', status: 'protected', by: [{ kind: 'replication', path: 'Stack/Replicated' }], worstCaseMinutes: { REGION: 15 } },
    { path: 'Stack/Single', status: 'unprotected', by: [], worstCaseMinutes: {} },
  ]);
});

test('what AWS Backup can\'t back up is listed with that reason', () => {
  const app = newApp();
  const stack = protectedStack(app);
  new ecr.Repository(stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY });
  new ecs.CfnCluster(stack, 'Cluster', { clusterName: 'orders' });

  expect([coverageOf(app, 'Orders/Images')?.reason, coverageOf(app, 'Orders/Cluster')?.reason])
    .toEqual(["AWS Backup can't back up AWS::ECR::Repository.", 'No construct captures its configuration.']);
});
