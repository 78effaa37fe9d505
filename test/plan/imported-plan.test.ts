import { App, CfnParameter, Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import type { BackupPlanAttributes, IBackupPlan } from '../../src/plan/backup-plan-ref';
import { PLANS } from '../../src/plan/plans-in-app';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOf } from '../alarms-of';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';
import { DAILY } from './setup';

function importedIn(app: App, account = LOG_ARCHIVE, attrs: Partial<BackupPlanAttributes> = {}) {
  const stack = stackIn(account, LONDON, app, 'Stack');
  const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
    backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND,
  });
  const plan = TieredBackupPlan.fromBackupPlanAttributes(stack, 'Plan', { backupPlanId: 'plan-id', vault, tiers: [DAILY()], ...attrs });
  return { stack, vault, plan };
}

const absencesOf = (stack: Stack) => alarmsOf(stack)
  .filter(({ AlarmName }) => /^no-good/.test(AlarmName))
  .map((alarm) => [alarm.AlarmName.replace(/-Stack-.*/, ''), alarm.EvaluationPeriods, Object.fromEntries(alarm.Dimensions.map(({ Name, Value }: any) => [Name, Value]))]);

test('central monitoring watches a plan of another app', () => {
  const app = new App();
  const { stack, plan } = importedIn(app);
  new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', plans: [plan] });

  expect(absencesOf(stack)).toEqual([
    ['no-good-recovery-point-222222222222-theirs', 30, { Account: INFRASTRUCTURE, BackupVaultName: 'theirs' }],
    ['no-good-copy-222222222222-eu-west-1-theirs-replica', 49, {
      Account: INFRASTRUCTURE, DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:theirs-replica',
    }],
  ]);
});

test('alarms beside the jobs watch a plan of another app, by the resource types that it is said to select', () => {
  const app = new App();
  const { stack, vault, plan } = importedIn(app, INFRASTRUCTURE, { resourceTypes: [ResourceType.DYNAMODB, ResourceType.EFS], copyTo: [] });
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], plans: [plan] });

  expect(absencesOf(stack)).toEqual([
    ['no-good-recovery-point-theirs-DynamoDB', 30, { BackupVaultName: 'theirs', ResourceType: 'DynamoDB' }],
    ['no-good-recovery-point-theirs-EFS', 30, { BackupVaultName: 'theirs', ResourceType: 'EFS' }],
  ]);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: { $or: [{ detail: { requestParameters: { backupPlanId: ['plan-id'] } } }, {}] } });
});

test('it has a literal ARN, and the metrics of its copies', () => {
  const { stack, vault, plan } = importedIn(new App());

  expect([plan.backupPlanId, plan.backupPlanArn]).toEqual(['plan-id', 'arn:aws:backup:eu-west-2:222222222222:backup-plan:plan-id']);
  expect(stack.resolve(plan.metricCopyJobs(BackupCopy.toReplicaOf(vault), 'NumberOfCopyJobsFailed').toMetricConfig().metricStat)).toMatchObject({
    metricName: 'NumberOfCopyJobsFailed', dimensions: [{ name: 'BackupVaultName', value: 'theirs-replica' }], account: INFRASTRUCTURE, region: LONDON,
  });
});

test('it is no plan that this app defines, so it keeps no objective of another one', () => {
  const app = new App();
  importedIn(app);

  expect(Registry.of(app).all(PLANS)).toEqual([]);
});

test('an id that is a token is taken', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const backupPlanId = new CfnParameter(stack, 'Id').valueAsString;
  const vault = new ReplicatedBackupVault(stack, 'Vault');

  expect(stack.resolve(TieredBackupPlan.fromBackupPlanAttributes(stack, 'Plan', { backupPlanId, vault, tiers: [DAILY()] }).backupPlanId)).toEqual({ Ref: 'Id' });
});

test('all problems of an imported plan are in one error', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });

  expect(() => TieredBackupPlan.fromBackupPlanAttributes(stack, 'Plan', {
    backupPlanId: 'plan-id', vault, tiers: [DAILY(), DAILY()], copyTo: [BackupCopy.toReplicaOf(vault, { tiers: ['weekly'], deleteAfter: Duration.days(7) })], resourceTypes: [],
  })).toThrow(`invalid BackupPlanAttributes at 'Backup/Plan':
- 'tiers' must have unique names, got 'daily' 2 times: set 'name' on one of them
- 'tiers' of the copy into 'local-replica' must be names of tiers of the plan (daily, daily), got 'weekly'
- 'resourceTypes' (resource_types) must contain at least one type, got none: leave it out if they are unknown`);
});

test('something that only looks like a plan is refused in words', () => {
  const { stack, vault } = importedIn(new App(), INFRASTRUCTURE);
  const plan = { backupPlanId: 'plan-id', backupPlanArn: 'arn', node: vault.node } as unknown as IBackupPlan;

  expect(() => new BackupAlarms(stack, 'Alarms', { vaults: [vault], plans: [plan] }))
    .toThrow("plan 'Stack/Vault' must be a TieredBackupPlan, or made by 'TieredBackupPlan.fromBackupPlanAttributes'");
});
