import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BUCKETS } from '../../src/buckets/buckets-in-app';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { PLANS } from '../../src/plan/plans-in-app';
import type { PlanFact } from '../../src/plan/plans-in-app';
import { Environment } from '../../src/private/environment';
import { Registry } from '../../src/private/registry';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

// Plans and buckets are registered as facts alone: hundreds of them would take a while to define.

function registerPlan(stack: Stack, backupVaultName: string, types: number): void {
  const targets = Array.from({ length: types }, (_, index) => ({ type: { resourceTypeName: `Type${index}` } }));
  Registry.of(stack).register(PLANS, stack, {
    path: `Backup/${backupVaultName}`,
    environment: new Environment(INFRASTRUCTURE, LONDON),
    vault: { backupVaultName, account: INFRASTRUCTURE, region: LONDON, primary: stack },
    rules: [],
    objectives: [],
    selections: [{ path: 'Backup/Plan/Selection', targets: () => targets, isNarrowedByTags: false, objectives: [] }],
  } as unknown as PlanFact);
}

function registerBucket(stack: Stack, bucketName: string, replicaRegion: string): void {
  const bucket = ReplicatedBucket.fromReplicatedBucketAttributes(stack, bucketName, {
    bucketName, account: INFRASTRUCTURE, region: LONDON, replicaRegion, replicaBucketName: `${bucketName}-replica`,
  });
  Registry.of(stack).register(BUCKETS, bucket, { bucket, objectives: [], hasTimeControl: true, isAccessLogOf: () => false });
}

/** What a dashboard is to show. */
interface Shown {
  /** Of each plan, how many resource types. */
  readonly plans?: number[];
  /** The vault of a plan. */
  readonly vault?: (index: number) => string;
  /** The regions of the replicas of buckets, one for each bucket. */
  readonly replicas?: string[];
  readonly isCentral?: boolean;
}

const showing = ({ plans = [], vault = () => 'local', replicas = [], isCentral }: Shown) => () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  plans.forEach((types, index) => registerPlan(stack, vault(index), types));
  replicas.forEach((region, index) => registerBucket(stack, `bucket${index}`, region));
  const centralMonitoring = isCentral ? new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12' }) : undefined;
  new BackupDashboard(stack, 'Dashboard', { centralMonitoring });
  Template.fromStack(stack);
};

test('a dashboard has 500 widgets at the most', () => {
  // four for each region of replicas, one for each plan, and those of the headline, backup jobs, restore jobs and costs
  const onPlans = (count: number) => showing({ replicas: Array.from({ length: 123 }, (_, index) => `us-east-${index}`), plans: Array(count).fill(1) });

  expect(onPlans(4)).not.toThrow();
  expect(onPlans(5)).toThrow('[Backup/Dashboard] the dashboard has 501 widgets, and CloudWatch supports at most 500: divide the content into several Stages, with a dashboard in each');
});

test('a graph has 500 metrics at the most', () => {
  // five states of the backup jobs into each vault
  const onVaults = (count: number) => showing({ plans: Array(count).fill(1), vault: (index) => `vault${index}` });

  expect(onVaults(100)).not.toThrow();
  expect(onVaults(101)).toThrow("[Backup/Dashboard] graph 'Backup jobs' has 505 metrics and expressions, and CloudWatch supports at most 500: set 'centralMonitoring' (central_monitoring), which counts "
    + 'the jobs of the organization instead of those of each vault, '
    + 'or divide the content into several Stages, with a dashboard in each');
});

test('expressions of a graph are counted as metrics are', () => {
  // three expressions on the metric of each resource type
  const onTypes = (count: number) => showing({ plans: [count], isCentral: true });

  expect(onTypes(125)).not.toThrow();
  expect(onTypes(126)).toThrow("graph 'Hours since a backup into local (222222222222, eu-west-2)' has 504 metrics and expressions, and CloudWatch supports at most 500: divide");
});

test('a dashboard has 2,500 metrics at the most, its expressions not counted', () => {
  // four for each of 621 buckets, nine counts of jobs, three costs, and one for each resource type
  const onTypes = (count: number) => showing({
    replicas: Array.from({ length: 621 }, (_, index) => `us-east-${index % 2}`), plans: [count], isCentral: true,
  });

  expect(onTypes(4)).not.toThrow();
  expect(onTypes(5)).toThrow('[Backup/Dashboard] the dashboard has 2501 metrics, and CloudWatch supports at most 2500: divide the content into several Stages, with a dashboard in each');
});
