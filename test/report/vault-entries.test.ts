import { Duration, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { newApp, PLACE, protectedStack, reportIn } from './apps';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { LOG_ARCHIVE, LONDON } from '../stacks';

test('a plan has its tiers with their windows and runs, and what is kept in each vault', () => {
  const app = newApp();
  protectedStack(app);
  const [plan] = reportIn(app).plans;

  expect(plan.tiers).toEqual([{
    name: 'daily',
    schedule: 'cron(0 5 ? * * *)',
    timeZone: 'UTC',
    week: [300, 1740, 3180, 4620, 6060, 7500, 8940],
    isContinuous: false,
    intervalMinutes: 1440,
    startWindowMinutes: 60,
    completionWindowMinutes: 300,
    expectedDurationMinutes: 300,
    isDurationAssumed: false,
  }]);
  expect(plan.destinations.map(({ isOwn, serves, retention }) => ({ isOwn, serves, retention }))).toEqual([
    { isOwn: true, serves: ['RESOURCE'], retention: [{ tier: 'daily', deleteAfterDays: 35 }] },
    { isOwn: false, serves: ['REGION'], retention: [{ tier: 'daily', deleteAfterDays: 35 }] },
  ]);
});

test('a tier has the times of its own time zone, and none in a week if it runs by the month', () => {
  const app = newApp();
  protectedStack(app, {
    tiers: [BackupTier.daily({ hour: 5, timeZone: 'Europe/London', deleteAfter: Duration.days(35) }), BackupTier.monthly({ day: 1, hour: 12, deleteAfter: Duration.days(90) })], objectives: [],
  });

  expect(reportIn(app).plans[0].tiers.map(({ name, timeZone, week, isDurationAssumed }) => [name, timeZone, week?.[0], isDurationAssumed]))
    .toEqual([['daily', 'Europe/London', 300, true], ['monthly', 'UTC', undefined, true]]);
});

test('each vault has its lock, and after how many days that is permanent', () => {
  const app = newApp();
  const stack = protectedStack(app);
  const imported = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Archive', { backupVaultName: 'archive', account: LOG_ARCHIVE, region: LONDON });
  protectedStack(app, { copyTo: [BackupCopy.to(imported)], objectives: [] }, 'Others');

  expect(reportIn(app).vaults.map(({ name, account, region, isImported, lock }) => [name.replace(/^.+-(?=replica)/, ''), account, region, isImported, lock])).toEqual(expect.arrayContaining([
    ['replica', '222222222222', 'eu-west-1', false, { mode: 'compliance', minRetentionDays: 7, maxRetentionDays: 365, changeableForDays: 14 }],
    ['archive', '333333333333', 'eu-west-2', true, { mode: 'unknown' }],
  ]));
});

test('a bucket has its lock and when objects expire', () => {
  const app = newApp();
  new ReplicatedBucket(new Stack(app, 'Stack', { env: PLACE }), 'Bucket', {
    objectLock: s3.ObjectLockRetention.governance(Duration.days(30)),
    lifecycleRules: [{ id: 'old', prefix: 'logs/', expiration: Duration.days(90), transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }] }],
  });

  expect(reportIn(app).buckets).toMatchObject([{
    path: 'Stack/Bucket',
    lock: { mode: 'GOVERNANCE', days: 30 },
    hasTimeControl: false,
    retention: [{ prefix: 'logs/', expiresAfterDays: 90, transitions: [{ storageClass: 'STANDARD_IA', afterDays: 30 }] }],
  }]);
});

test('an alarm that an override switches off is listed', () => {
  const app = newApp();
  const stack = protectedStack(app);
  new BackupAlarms(stack, 'Alarms', { vaults: [stack.node.findChild('Vault') as ReplicatedBackupVault], overrides: { backupJobFailed: { enabled: false }, copyJobFailed: { enabled: true } } });

  expect(reportIn(app).alarmsOff).toEqual([{ path: 'Orders/Alarms', alarm: 'backup-job-failed' }]);
});

test('what CloudFormation can\'t set is listed with whether the app sets it', () => {
  const app = newApp();
  new BackupRegionSettings(protectedStack(app), 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
  const entries = () => reportIn(app).settings;

  expect(entries().map(({ setting, region, isHandled }) => [setting.split(' ')[0], region, isHandled])).toEqual([
    ['Advanced', 'eu-west-1', false], ['Advanced', 'eu-west-2', true], ['Opt-in', 'eu-west-2', true],
  ]);
});

test('an app without accounts and regions has a report that says so', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  new ReplicatedBackupVault(stack, 'Vault');

  expect(reportIn(app).vaults).toMatchObject([{ account: 'unknown', region: 'unknown', arn: expect.not.stringContaining('Token') }]);
});
