import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { NotificationTopic } from '../../src/notification/notification-topic';
import { Notify } from '../../src/notification/notify';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

/*
 * What JavaScript lets through, as no compiler says that it is wrong: values that are missing, or of another kind.
 */

const vaultIn = (stack: Stack) => new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
const BUS = 'arn:aws:events:eu-west-2:333333333333:event-bus/backups';
type Props = object | null | undefined;

const CONSTRUCTS = {
  BackupAlarms: (stack: Stack, props: any) => new BackupAlarms(stack, 'Under', props),
  alarmsOfVault: (stack: Stack, props: any) => new BackupAlarms(stack, 'Under', { vaults: [vaultIn(stack)], ...props }),
  ReplicationAlarms: (stack: Stack, props: any) => new ReplicationAlarms(stack, 'Under', props),
  BackupNotifications: (stack: Stack, props: any) => new BackupNotifications(stack, 'Under', props),
  CentralMonitoring: (stack: Stack, props: any) => new CentralMonitoring(stack, 'Under', { organizationId: 'o-exampleorg12', ...props }),
  BackupEventForwarding: (stack: Stack, props: any) => new BackupEventForwarding(stack, 'Under', { eventBusArn: BUS, ...props }),
  ReplicationBudget: (stack: Stack, props: any) => new ReplicationBudget(stack, 'Under', props),
  NotificationTopic: (stack: Stack, props: any) => new NotificationTopic(stack, 'Under', props),
  BackupDashboard: (stack: Stack, props: any) => new BackupDashboard(stack, 'Under', props),
};

const VAULTS = 'a list of vaults (ReplicatedBackupVault)';
const RECIPIENTS = "a list of recipients, such as Notify.email('operations@example.com') or Notify.topic(topic)";
const BUCKETS = 'a list of buckets (ReplicatedBucket, ReplicatedLogBucket)';

test.each<[keyof typeof CONSTRUCTS, Props, string]>([
  ['BackupAlarms', undefined, `'vaults' is required: ${VAULTS}, got nothing`],
  ['BackupAlarms', {}, `'vaults' is required: ${VAULTS}, got nothing`],
  ['BackupAlarms', { vaults: null }, `'vaults' is required: ${VAULTS}, got nothing`],
  ['BackupAlarms', { vaults: 'local' }, `'vaults' must be ${VAULTS}, got 'local'`],
  ['BackupAlarms', { vaults: ['local'] }, `'vaults' must be ${VAULTS}, got one with 'local'`],
  ['BackupAlarms', { vaults: [undefined] }, `'vaults' must be ${VAULTS}, got one with undefined`],
  ['alarmsOfVault', { plans: ['daily'] }, "'plans' must be a list of backup plans (TieredBackupPlan), got one with 'daily'"],
  ['alarmsOfVault', { notify: 'operations@example.com' }, `'notify' must be ${RECIPIENTS}, got 'operations@example.com'`],
  ['alarmsOfVault', { notify: ['operations@example.com'] }, `'notify' must be ${RECIPIENTS}, got one with 'operations@example.com'`],
  ['alarmsOfVault', { notify: [null] }, `'notify' must be ${RECIPIENTS}, got one with null`],
  ['alarmsOfVault', { notify: Notify.email('operations@example.com') }, `'notify' must be ${RECIPIENTS}, got an object of another kind`],
  ['alarmsOfVault', { notify: [] }, "'notify' must contain at least one recipient, got none: leave it out for no recipients"],
  ['CentralMonitoring', { notify: ['operations@example.com'] }, `'notify' must be ${RECIPIENTS}, got one with 'operations@example.com'`],
  ['BackupEventForwarding', { notify: ['operations@example.com'] }, `'notify' must be ${RECIPIENTS}, got one with 'operations@example.com'`],
  ['alarmsOfVault', { period: 5 }, "'period' must be a Duration, such as Duration.minutes(5), got 5"],
  ['alarmsOfVault', { alarmSet: 'ESSENTIAL' }, "'alarmSet' (alarm_set) must be an AlarmSet, such as AlarmSet.ESSENTIAL, got 'ESSENTIAL'"],
  ['alarmsOfVault', { deploymentRoles: 'deploy' }, "'deploymentRoles' (deployment_roles) must be a list of strings, got 'deploy'"],
  ['alarmsOfVault', { overrides: ['backup-job-failed'] }, "'overrides' must be an object with names as keys, got a list"],
  ['alarmsOfVault', { overrides: { backupJobFailed: false } }, "'overrides' of 'backupJobFailed' (backup_job_failed) must be an object, such as { enabled: false }, got false"],
  ['alarmsOfVault', { overrides: { backupJobFailed: { enabled: 'no' } } }, "'enabled' of 'backupJobFailed' (backup_job_failed) must be true or false, got 'no'"],
  ['alarmsOfVault', { overrides: { backupJobFailed: { severity: 'critical' } } },
    "'severity' of 'backupJobFailed' (backup_job_failed) must be AlarmSeverity.WARNING or AlarmSeverity.CRITICAL, got 'critical'"],
  ['alarmsOfVault', { overrides: { backupJobFailed: { threshold: '5' } } }, "'threshold' of 'backupJobFailed' (backup_job_failed) must be a number, got '5'"],
  ['ReplicationAlarms', undefined, `'buckets' is required: ${BUCKETS}, got nothing`],
  ['ReplicationAlarms', { buckets: [undefined] }, `'buckets' must be ${BUCKETS}, got one with undefined`],
  ['BackupNotifications', null, 'props must be an object, or left out, got null'],
  ['BackupNotifications', { events: ['BACKUP_JOB_FAILED'] }, "'events' must be a list of events, such as JobStateChange.BACKUP_FAILED, got one with 'BACKUP_JOB_FAILED'"],
  ['BackupNotifications', { eventBus: 'default' }, "'eventBus' (event_bus) must be an event bus, such as EventBus.fromEventBusArn(…), got 'default'"],
  ['ReplicationBudget', { notify: [Notify.email('a@example.com')] }, "'monthlyLimit' (monthly_limit) is required: a number, got nothing"],
  ['ReplicationBudget', { monthlyLimit: '5', notify: [Notify.email('a@example.com')] }, "'monthlyLimit' (monthly_limit) must be a number, got '5'"],
  ['ReplicationBudget', { monthlyLimit: 5, notify: null }, `'notify' is required: ${RECIPIENTS}, got nothing`],
  ['NotificationTopic', { encryptionKey: 'arn:aws:kms:eu-west-2:222222222222:key/1' },
    "'encryptionKey' (encryption_key) must be a key, such as Key.fromKeyArn(…), got 'arn:aws:kms:eu-west-2:222222222222:key/1'"],
  ['BackupDashboard', { alarms: [undefined] }, "'alarms' must be a list of alarms, got one with undefined"],
  ['BackupDashboard', { centralMonitoring: 'backups' }, "'centralMonitoring' (central_monitoring) must be a CentralMonitoring, got 'backups'"],
])('%s with %p is refused in words', (construct, props, problem) => {
  expect(problemsOf(() => CONSTRUCTS[construct](stackIn(INFRASTRUCTURE, LONDON), props))).toEqual([problem]);
});

test('what is wrong in several properties is in one error', () => {
  expect(problemsOf(() => CONSTRUCTS.BackupAlarms(stackIn(INFRASTRUCTURE, LONDON), { plans: 'daily', overrides: 1 }))).toEqual([
    `'vaults' is required: ${VAULTS}, got nothing`,
    "'plans' must be a list of backup plans (TieredBackupPlan), got 'daily'",
    "'overrides' must be an object with names as keys, got 1",
  ]);
});

test('what is null counts as left out', () => {
  const props = { plans: null, notify: null, period: null, overrides: null };

  expect(problemsOf(() => CONSTRUCTS.alarmsOfVault(stackIn(INFRASTRUCTURE, LONDON), props))).toEqual([]);
  expect(problemsOf(() => CONSTRUCTS.BackupNotifications(stackIn(INFRASTRUCTURE, LONDON), { ...props, events: null, vaults: null, eventBus: null })))
    .toEqual([]);
});

test('what has the right types is taken', () => {
  const props = { period: Duration.minutes(5), alarmSet: AlarmSet.ESSENTIAL, overrides: { backupJobFailed: { enabled: true } } };

  expect(problemsOf(() => CONSTRUCTS.alarmsOfVault(stackIn(INFRASTRUCTURE, LONDON), props))).toEqual([]);
});
