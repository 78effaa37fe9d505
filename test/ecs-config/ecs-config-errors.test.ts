import { Duration, Lazy } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Captured, DAILY } from './captured';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import type { EcsConfigBackupProps } from '../../src/ecs-config/ecs-config-backup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

function problems(props: Partial<EcsConfigBackupProps>, captured = new Captured()): string[] {
  return problemsOf(() => captured.define(props));
}

const named = (...names: string[]) => names.map((name) => EcsClusterTarget.fromName(name));

test.each<[string, Partial<EcsConfigBackupProps>, string[]]>([
  ['no clusters', { clusters: [] }, ["'clusters' must contain at least one cluster, got none"]],
  ['no schedules', { schedules: [] }, ["'schedules' must contain at least one schedule, got none"]],
  ['a cluster twice', { clusters: named('shop', 'shop') }, ["'clusters' must name each cluster once, got 'shop' several times"]],
  ['all clusters and one of them', { clusters: [EcsClusterTarget.all(), ...named('shop')] },
    ["'clusters' must be EcsClusterTarget.all() alone, or name clusters: with both, clusters would be captured twice"]],
  ['a schedule that the bucket does not have', { schedules: [BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7) })] },
    ["'schedules' must be schedules of the bucket (daily), got 'evening': add it to the 'schedules' of the bucket"]],
  ['a schedule that the bucket keeps for another time', { schedules: [BackupTier.daily({ deleteAfter: Duration.days(7) })] },
    ["'deleteAfter' (delete_after) of schedule 'daily' must be that of the bucket, 35 days, got 7 days: use the same BackupTier for both"]],
  ['a schedule twice', { schedules: [DAILY, DAILY] }, ["'schedules' must have different names, got 'daily' several times: leave out the repetition"]],
  ['a start window that EventBridge Scheduler does not have', { schedules: [BackupTier.daily({ startWindow: Duration.hours(25), completionWindow: Duration.days(2), deleteAfter: Duration.days(35) })] },
    ["'startWindow' (start_window) of schedule 'daily' must be at most 24 hours, the maximum of EventBridge Scheduler, got 25 hours"]],
  ['a delay that Amazon SQS does not have', { changeDelay: Duration.minutes(16) },
    ["'changeDelay' (change_delay) must be whole seconds, at most 15 minutes, the maximum of Amazon SQS, got 16 minutes"]],
  ['a delay of nothing', { onChange: false, changeDelay: Duration.minutes(1) }, ["'changeDelay' (change_delay) has no effect without 'onChange' (on_change): leave one of them out"]],
  ['an image region that is the own one', { imageRegions: [LONDON] },
    ["'imageRegions' (image_regions) must not contain the region of the construct, eu-west-2, where the images run: leave it out"]],
  ['an image region that is none', { imageRegions: ['Ireland'] }, ["'imageRegions' (image_regions) must be a region, such as 'eu-west-1', got 'Ireland'"]],
  ['a role name that IAM does not accept', { roleName: 'captures ecs' },
    ["'roleName' (role_name) must be 1 to 64 letters, digits and characters of '+=,.@_-', got 'captures ecs'"]],
  ['an empty reason', { acceptNominalRpo: ' ' }, ["'acceptNominalRpo' (accept_nominal_rpo) must be a reason, got an empty one"]],
  ['names that do not fit into the settings of the function', { clusters: named(...Array.from({ length: 300 }, (_, index) => `cluster-${index}`)) },
    ["'clusters' must have names of at most 3000 bytes together, because AWS Lambda limits environment variables, got 4091: capture all of the account and region, or use several constructs with fewer clusters each"]],
])('refuses %s', (_, props, expected) => {
  expect(problems(props)).toEqual(expected);
});

test('refuses a cluster in the place of a target, which JavaScript would accept', () => {
  const captured = new Captured();
  const clusters = [new ecs.Cluster(captured.stack, 'Cluster')] as any;

  expect(problems({ clusters }, captured)).toEqual(["'clusters' must be a list of clusters (EcsClusterTarget), got one with 'Workload/Cluster'"]);
});

test('refuses all at once', () => {
  expect(problems({ clusters: [], schedules: [], imageRegions: [LONDON], changeDelay: Duration.hours(1) })).toHaveLength(4);
});

test('refuses a cluster of another account or region', () => {
  const captured = new Captured();
  const other = stackIn(INFRASTRUCTURE, IRELAND, captured.app, 'Other');
  const cluster = ecs.Cluster.fromClusterAttributes(other, 'Cluster', { clusterName: 'shop', vpc: undefined as any });

  expect(problems({ clusters: [EcsClusterTarget.fromCluster(cluster)] }, captured)).toEqual([
    "'clusters' must be in the account and region of the construct (account 222222222222, region eu-west-2), got 'Other/Cluster' in account 222222222222, region eu-west-1: "
    + 'define an EcsConfigBackup in a stack there',
  ]);
});

test('refuses a cluster of another stack whose name AWS CloudFormation generates', () => {
  const captured = new Captured();
  const cluster = new ecs.Cluster(stackIn(INFRASTRUCTURE, LONDON, captured.app, 'Other'), 'Cluster');

  expect(problems({ clusters: [EcsClusterTarget.fromCluster(cluster)] }, captured)).toEqual([
    "'clusters' must have literal names, or be in the stack of the construct, got 'Other/Cluster', whose name AWS CloudFormation generates: set its 'clusterName' (cluster_name)",
  ]);
});

test.each<[string, EcsClusterTarget[], string]>([
  ['by its name', named('orders', 'shop'), "got 'shop'"],
  ['with all others', [EcsClusterTarget.all()], 'one of the two captures every cluster of the account and region'],
])('refuses a cluster that another construct captures already, %s', (_, clusters, why) => {
  const captured = new Captured();
  captured.define();

  expect(problemsOf(() => captured.define({ clusters }, 'Second'))).toEqual([
    `'clusters' must not contain what 'Workload/Ecs' captures already: ${why}; add the schedules to that construct`,
  ]);
});

test('clusters of one name in two regions are two clusters', () => {
  const captured = new Captured();
  captured.define();
  const { bucket } = captured;

  expect(problemsOf(() => new EcsConfigBackup(stackIn(INFRASTRUCTURE, IRELAND, captured.app, 'Other'), 'Ecs', { clusters: named('shop'), bucket, schedules: [DAILY] }))).toEqual([]);
});

test.each(['', 'a b', 'arn:aws:ecs:eu-west-2:222222222222:cluster/shop', 'x'.repeat(256)])("refuses '%s' as the name of a cluster", (name) => {
  expect(problemsOf(() => EcsClusterTarget.fromName(name))).toEqual([
    `'clusterName' (cluster_name) must be 1 to 255 letters, digits, hyphens and underscores, and not an ARN, got '${name}'`,
  ]);
});

test('refuses a token as the name of a cluster', () => {
  expect(problemsOf(() => EcsClusterTarget.fromName(Lazy.string({ produce: () => 'shop' }))))
    .toEqual(["'clusterName' (cluster_name) must be a literal, got a token: use EcsClusterTarget.fromCluster"]);
});

test('refuses names whose permissions IAM would not accept', () => {
  const captured = new Captured();
  captured.define({ clusters: named(...Array.from({ length: 60 }, (_, index) => `a-cluster-with-a-longer-name-${index}`)) });

  expect(problemsOf(() => captured.app.synth()).join('\n')).toMatch(/the policy of role 'Workload\/Ecs\/Role' has \d{5} characters, and IAM accepts at most 10240/);
});

describe('objectives', () => {
  const objective = (hours: number, survives?: FailureScope) => new RecoveryObjective({ name: 'ECS', rto: Duration.hours(2), rpo: Duration.hours(hours), survives });

  test('refuses 24 hours with one schedule a day: the worst case is 30 hours', () => {
    expect(problems({ objectives: [objective(24)] })).toEqual([expect.stringMatching(
      /^objective 'ECS' \(survives RESOURCE\): the newest snapshot can be 30 hours old in the worst case, and 'rpo' is 24 hours: there are up to 24 hours between the starts of 'daily'/,
    )]);
  });

  test('accepts 30 hours with one schedule a day', () => {
    expect(problems({ objectives: [objective(30)] })).toEqual([]);
  });

  test('onChange promises nothing', () => {
    expect(problems({ objectives: [objective(24)], onChange: true })).toHaveLength(1);
  });

  test('accepts 24 hours with a second schedule in the evening', () => {
    const evening = BackupTier.daily({ name: 'evening', hour: 17, deleteAfter: Duration.days(7), completionWindow: Duration.hours(5) });

    expect(problems({ objectives: [objective(24)], schedules: [DAILY, evening] }, new Captured({ schedules: [DAILY, evening] }))).toEqual([]);
  });

  test('accepts the gaps alone if that is explained', () => {
    expect(problems({ objectives: [objective(24)], acceptNominalRpo: 'captures take minutes' })).toEqual([]);
  });

  test('refuses gaps that are longer than the objective, explained or not', () => {
    expect(problems({ objectives: [objective(12)], acceptNominalRpo: 'captures take minutes' })).toEqual([
      "objective 'ECS' (survives RESOURCE): the newest snapshot can be 24 hours old because of the gaps between the starts of 'daily' alone, and 'rpo' is 12 hours: "
      + "add a schedule or run one more often, or set a longer 'rpo'",
    ]);
  });

  test('the bucket of another account survives the loss of the account', () => {
    expect(problems({ objectives: [objective(30, FailureScope.ACCOUNT)] })).toEqual([]);
  });

  test('the replica survives the loss of the region, 15 minutes behind', () => {
    expect(problems({ objectives: [objective(31, FailureScope.REGION)] })).toEqual([]);
    expect(problems({ objectives: [objective(30, FailureScope.REGION)] })).toEqual([expect.stringContaining(
      "the newest snapshot can be 30 hours and 15 minutes old in the worst case, and 'rpo' is 30 hours: there are up to 24 hours between the starts of 'daily' and 15 minutes of replication",
    )]);
  });

  test('nothing survives the loss of the region without a replica there', () => {
    expect(problems({ objectives: [objective(36, FailureScope.REGION)] }, new Captured({ replicaRegion: undefined }))).toEqual([
      "objective 'ECS' (survives REGION): the bucket and its replica are in the region of the configuration, so no snapshot survives its loss: use a bucket in another region",
    ]);
  });

  test('a replica without a time for its replication promises nothing', () => {
    expect(problems({ objectives: [objective(36, FailureScope.REGION)] }, new Captured({ replicationTimeControl: false }))).toEqual([
      "objective 'ECS' (survives REGION): only the replica of the bucket survives, and without 'replicationTimeControl' (replication_time_control) S3 does not commit to a replication time: turn it on",
    ]);
  });

  test('a bucket of the same account does not survive its loss', () => {
    const captured = new Captured();
    const bucket = new ConfigurationBucket(captured.stack, 'Configuration', { schedules: [DAILY], replicaRegion: IRELAND });

    expect(problems({ bucket, objectives: [objective(36, FailureScope.ACCOUNT)] }, captured)).toEqual([
      "objective 'ECS' (survives ACCOUNT): the bucket is in the account of the configuration, so no snapshot survives its loss: use a bucket in another account",
    ]);
  });
});
