import { Lazy } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Restored } from './restored';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import type { EcsRestoreRunbookProps } from '../../src/ecs-restore/ecs-restore-runbook';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const named = (...names: string[]) => names.map((name) => EcsClusterTarget.fromName(name));

function problems(props: Partial<EcsRestoreRunbookProps>, restored = new Restored()): string[] {
  return problemsOf(() => restored.define(props));
}

test.each<[string, Partial<EcsRestoreRunbookProps>, string[]]>([
  ['no clusters', { clusters: [] }, ["'clusters' must contain at least one cluster, got none"]],
  ['a cluster twice', { clusters: named('shop', 'shop') }, ["'clusters' must name each cluster once, got 'shop' several times"]],
  ['all clusters and one of them', { clusters: [EcsClusterTarget.all(), ...named('shop')] },
    ["'clusters' must be EcsClusterTarget.all() alone, or name clusters, got both: leave one of them out"]],
  ['a region that is none', { sourceRegion: 'London' }, ["'sourceRegion' (source_region) must be a region, such as 'eu-west-1', got 'London'"]],
  ['a region that is a token', { sourceRegion: Lazy.string({ produce: () => LONDON }) },
    ["'sourceRegion' (source_region) must be a literal region, such as 'eu-west-1', got a token"]],
  ['a region of another partition', { sourceRegion: 'us-gov-west-1' }, ["'sourceRegion' (source_region) must be in the partition of the runbook, aws, got 'us-gov-west-1'"]],
])('refuses %s', (_, props, expected) => {
  expect(problems(props)).toEqual(expected);
});

test('refuses a cluster in the place of a target, and no roles at all, which JavaScript would accept', () => {
  const restored = new Restored();
  const clusters = [new ecs.Cluster(restored.stack, 'Cluster')] as any;

  expect(problemsOf(() => restored.define({ clusters, passableRoles: null as any }))).toEqual([
    "'clusters' must be a list of clusters (EcsClusterTarget), got one with 'Workload/Cluster'",
    "'passableRoles' (passable_roles) is required: a list of roles, got nothing",
  ]);
  expect(problemsOf(() => restored.define({ passableRoles: [undefined] as any }, 'Other'))).toEqual([
    "'passableRoles' (passable_roles) must be a list of roles, got one with undefined",
  ]);
});

test('refuses a cluster of another account', () => {
  const restored = new Restored();
  const cluster = new ecs.Cluster(stackIn(LOG_ARCHIVE, LONDON, restored.app, 'Other'), 'Cluster', { clusterName: 'shop' });

  expect(problems({ clusters: [EcsClusterTarget.fromCluster(cluster)] }, restored)).toEqual([
    "'clusters' must be in the account of the runbook and in the region that it restores (account 222222222222, region eu-west-2), "
    + "got 'Other/Cluster' in account 333333333333, region eu-west-2: define an EcsRestoreRunbook in a stack of that account",
  ]);
});

test('refuses a cluster of another region than the one that it restores, and takes it with that region', () => {
  const restored = new Restored({}, IRELAND);
  const cluster = new ecs.Cluster(stackIn(INFRASTRUCTURE, LONDON, restored.app, 'Other'), 'Cluster', { clusterName: 'shop' });
  const clusters = [EcsClusterTarget.fromCluster(cluster)];

  expect(problems({ clusters }, restored)).toEqual([
    "'clusters' must be in the account of the runbook and in the region that it restores (account 222222222222, region eu-west-1), "
    + "got 'Other/Cluster' in account 222222222222, region eu-west-2: set 'sourceRegion' (source_region) to that region",
  ]);
  const other = new Restored({}, IRELAND);
  const its = new ecs.Cluster(stackIn(INFRASTRUCTURE, LONDON, other.app, 'Other'), 'Cluster', { clusterName: 'shop' });
  expect(problems({ clusters: [EcsClusterTarget.fromCluster(its)], sourceRegion: LONDON }, other)).toEqual([]);
});

test('refuses a cluster whose name is generated in another stack, and takes it in its own', () => {
  const restored = new Restored({}, IRELAND);
  const cluster = new ecs.Cluster(stackIn(INFRASTRUCTURE, LONDON, restored.app, 'Other'), 'Cluster');

  expect(problems({ clusters: [EcsClusterTarget.fromCluster(cluster)], sourceRegion: LONDON }, restored)).toEqual([
    "'clusters' must have literal names, or be in the stack of the construct, got 'Other/Cluster', whose name AWS CloudFormation generates: set its 'clusterName' (cluster_name)",
  ]);
  const own = new Restored();
  expect(problems({ clusters: [EcsClusterTarget.fromCluster(new ecs.Cluster(own.stack, 'Cluster'))] }, own)).toEqual([]);
});

describe('roles', () => {
  const role = (restored: Restored, id: string, props: Partial<iam.RoleProps> = {}) => new iam.Role(restored.stack, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), ...props });
  const service = (restored: Restored) => iam.Role.fromRoleArn(restored.stack, 'Linked', `arn:aws:iam::${INFRASTRUCTURE}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`);

  test.each<[string, (restored: Restored) => iam.IRole[], string]>([
    ['without a literal name', (restored) => [role(restored, 'Task')],
      "'passableRoles' (passable_roles) must have literal names, because a restore finds a role by its name, got 'Workload/Task' without one: set 'roleName' (role_name) on the role"],
    ['of AWS', (restored) => [service(restored)], "'passableRoles' (passable_roles) must not contain service-linked roles, which AWS passes to itself, got 'Workload/Linked': leave it out"],
    ['of another account', (restored) => [iam.Role.fromRoleArn(restored.stack, 'Theirs', `arn:aws:iam::${LOG_ARCHIVE}:role/task`)],
      "'passableRoles' (passable_roles) must be in the account of the runbook, 222222222222, got 'Workload/Theirs' in account 333333333333"],
    ['of another partition', (restored) => [iam.Role.fromRoleArn(restored.stack, 'Away', `arn:aws-cn:iam::${INFRASTRUCTURE}:role/task`)],
      "'passableRoles' (passable_roles) must be in the partition aws, got 'Workload/Away' in the partition aws-cn"],
    ['twice', (restored) => [role(restored, 'Task', { roleName: 'task' }), restored.role('task')], "'passableRoles' (passable_roles) must contain each role once, got 'task' several times"],
  ])('refuses one %s', (_, rolesOf, expected) => {
    const restored = new Restored();

    expect(problems({ passableRoles: rolesOf(restored) }, restored)).toEqual([expected]);
  });

  test('may be none, where no task has a role', () => {
    expect(problems({ passableRoles: [] })).toEqual([]);
  });
});

test('refuses all at once, with what every runbook refuses', () => {
  expect(problems({ clusters: [], sourceRegion: 'London', documentName: 'AWS-Restore', minRequiredApprovals: 2 })).toEqual([
    "'sourceRegion' (source_region) must be a region, such as 'eu-west-1', got 'London'",
    "'clusters' must contain at least one cluster, got none",
    "'documentName' (document_name) must not begin with 'aws', 'amazon' or 'amzn', which AWS reserves, got 'AWS-Restore'",
    "'minRequiredApprovals' (min_required_approvals) has no effect without 'approvers': set 'approvers', or leave it out",
  ]);
});
