import { Duration, Stack } from 'aws-cdk-lib';
import { newApp, PLACE, protectedStack, reportIn, tableIn } from './apps';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

const daily = () => BackupTier.daily({ hour: 5, completionWindow: Duration.hours(5), deleteAfter: Duration.days(35) });
const hours = (rpo: number, survives?: FailureScope) => new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(rpo), survives });

test('an objective has what is promised, the gap of the schedule, and the worst case with the windows', () => {
  const app = newApp();
  protectedStack(app);

  expect(reportIn(app).objectives.find(({ name }) => name === 'Orders')).toEqual({
    name: 'Orders',
    survives: 'RESOURCE',
    of: 'Orders/Plan',
    kind: 'plan',
    status: 'met',
    rtoMinutes: 240,
    rpoMinutes: 1800,
    nominalMinutes: 1440,
    worstCaseMinutes: 1800,
    limitedBy: 'Up to 24 hours between the starts of daily, and up to 6 hours until the recovery point is usable.',
    tiers: ['daily'],
  });
});

test('an objective of a region has the vault that is recovered from, and what it leaves for the copy', () => {
  const app = newApp();
  protectedStack(app);

  expect(reportIn(app).objectives.find(({ name }) => name === 'Failover')).toMatchObject({
    survives: 'REGION',
    worstCaseMinutes: 1800,
    rpoMinutes: 2160,
    leftForCopyMinutes: 360,
    from: expect.stringMatching(/^arn:aws:backup:eu-west-1:222222222222:backup-vault:.+-replica$/),
    limitedBy: expect.stringContaining('AWS does not limit how long the copy takes.'),
  });
});

test('a worst case above the RPO that is accepted has its reason', () => {
  const app = newApp();
  protectedStack(app, { objectives: [hours(24)], acceptNominalRpo: 'Jobs take minutes' });
  const { objectives, accepted, verdict } = reportIn(app);

  expect(objectives.map(({ status, worstCaseMinutes }) => [status, worstCaseMinutes])).toEqual([['accepted', 1800]]);
  expect(accepted).toEqual([{ path: 'Orders/Plan', property: 'acceptNominalRpo', reason: 'Jobs take minutes' }]);
  expect(verdict.objectives).toEqual({ met: 0, accepted: 1, missed: 0, notChecked: 0 });
});

test('of the resources of a plan, those that are worst off count', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: [daily()], objectives: [hours(30)] });
  plan.addSelection('Recoverable', { resources: [BackupTarget.fromDynamoDbTable(tableIn(stack, 'Recoverable', true))] });
  const [of] = reportIn(app).objectives;
  const other = newApp();
  const both = new Stack(other, 'Stack', { env: PLACE });
  const planOfBoth = new TieredBackupPlan(both, 'Plan', { vault: new ReplicatedBackupVault(both, 'Vault'), tiers: [daily()], objectives: [hours(30)] });
  planOfBoth.addSelection('Both', { resources: [true, false].map((isRecoverable) => BackupTarget.fromDynamoDbTable(tableIn(both, `Table${isRecoverable}`, isRecoverable))) });

  expect([of.worstCaseMinutes, of.limitedBy]).toEqual([5, 'A restore to any point in time is up to 5 minutes behind.']);
  expect(reportIn(other).objectives[0].worstCaseMinutes).toBe(1800);
});

test('an objective that an app without validations misses is missed', () => {
  const app = newApp();
  protectedStack(app, { objectives: [hours(12)] });

  expect(reportIn(app, { skipValidation: true }).objectives).toMatchObject([{ status: 'missed', rpoMinutes: 720, worstCaseMinutes: 1800 }]);
});

test('an objective of a bucket is limited by the replication', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  new ReplicatedBucket(stack, 'Bucket', { replicaRegion: IRELAND, objectives: [hours(1, FailureScope.REGION)] });

  expect(reportIn(app).objectives).toMatchObject([{
    kind: 'bucket',
    of: 'Stack/Bucket',
    status: 'met',
    worstCaseMinutes: 15,
    from: expect.stringContaining(IRELAND),
    limitedBy: 'S3 Replication Time Control replicates within 15 minutes.',
  }]);
});

test('a capture has the age of its snapshots and of their replicas, and changes are captured on a best-effort basis', () => {
  const app = newApp();
  const archive = new Stack(app, 'Archive', { env: { account: LOG_ARCHIVE, region: LONDON } });
  const bucket = new ConfigurationBucket(archive, 'Configuration', { schedules: [daily()], replicaRegion: IRELAND });
  new EcsConfigBackup(new Stack(app, 'Workload', { env: PLACE }), 'EcsConfig', {
    clusters: [EcsClusterTarget.fromName('orders')], bucket, schedules: [daily()], roleName: 'capture', objectives: [hours(36), hours(36, FailureScope.REGION)],
  });
  const { objectives, captures } = reportIn(app);

  expect(objectives.map(({ survives, nominalMinutes, worstCaseMinutes }) => [survives, nominalMinutes, worstCaseMinutes])).toEqual([['REGION', 1455, 1815], ['RESOURCE', 1440, 1800]]);
  expect(objectives[0].limitedBy).toBe('Up to 24 hours between the starts of daily, and up to 6 hours until the snapshot is usable. Its replication takes up to 15 minutes. '
    + 'Changes are also captured, on a best-effort basis.');
  expect(captures).toMatchObject([{ kind: 'ecs', targets: ['orders'], onChange: 'best effort', retention: [{ tier: 'daily', deleteAfterDays: 35 }] }]);
});
