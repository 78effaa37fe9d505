import { CfnResource, Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { BackupTier } from '../../src/objectives/backup-tier';
import { WeekDay } from '../../src/schedules/week-day';
import { windowFindings } from '../../src/targets/busy-windows';
import { candidateOf } from '../../src/targets/stateful-resources';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

function findingsOn(tier: BackupTier, type: string, properties: object): { problems: string[]; warnings: string[]; unchecked: string[] } {
  const resource = new CfnResource(stackIn(INFRASTRUCTURE, LONDON), 'Data', { type, properties: { ...properties } });
  const { problems, messages } = windowFindings([candidateOf(resource) as never], [tier]);
  return {
    problems, warnings: messages.filter(({ id }) => id === 'busyWindow').map(({ text }) => text), unchecked: messages.filter(({ isUnchecked }) => isUnchecked).map(({ text }) => text),
  };
}

const deleteAfter = Duration.days(35);
const SUNDAY = (hour: number, startWindow = Duration.hours(1)) => BackupTier.weekly({
  weekDay: WeekDay.SUNDAY, hour, deleteAfter, startWindow, completionWindow: Duration.hours(12),
});
const DAILY = (hour: number, minute = 0) => BackupTier.daily({ hour, minute, deleteAfter });
const kindOf = ({ problems, warnings }: { problems: string[]; warnings: string[] }) => problems.length > 0 ? 'refused' : warnings.length > 0 ? 'warned' : 'nothing';

const RDS = 'AWS::RDS::DBInstance';
const MAINTENANCE = { Engine: 'postgres', PreferredMaintenanceWindow: 'sun:05:30-sun:06:30' };

test('refuses a tier whose every start window is within the maintenance window of a database', () => {
  expect(findingsOn(SUNDAY(5), RDS, MAINTENANCE).problems).toEqual([
    "tier 'weekly' never backs up 'Backup/Data': all of its jobs fail, because the start window, Sunday 05:00 to 06:00, is within the maintenance window "
    + "(sun:05:30-sun:06:30) or the time before it in which AWS starts no backup: choose another hour or a longer 'startWindow', or move the window",
  ]);
});

test('warns of a daily tier, one of whose runs fails each week', () => {
  expect(findingsOn(DAILY(5), RDS, MAINTENANCE)).toEqual({
    problems: [],
    warnings: [
      "tier 'daily' might start jobs (Sunday 05:00 to 06:00) within the maintenance window (sun:05:30-sun:06:30) or the time before it in which AWS starts no backup, and such jobs fail: choose another hour, or move the window of 'Backup/Data'",
    ],
    unchecked: [],
  });
});

test.each([
  // From an hour before the maintenance window, 04:30, until its end, 06:30.
  ['refused', 'ends with the window', SUNDAY(5)],
  ['warned', 'reaches beyond the window', SUNDAY(5, Duration.hours(2))],
  ['warned', 'begins before the hour before it', SUNDAY(4)],
  ['nothing', 'ends before the hour before it', SUNDAY(3)],
  ['nothing', 'begins after it', SUNDAY(7)],
])('%s: a start window that %s', (expected, _, tier) => {
  expect(kindOf(findingsOn(tier, RDS, MAINTENANCE))).toBe(expected);
});

test.each([
  [RDS, { ...MAINTENANCE, Engine: 'mysql' }, 'refused'],
  ['AWS::RDS::DBCluster', { ...MAINTENANCE, Engine: 'mysql' }, 'refused'],
  ['AWS::RDS::DBCluster', { ...MAINTENANCE, Engine: 'aurora-mysql' }, 'nothing'],
  ['AWS::DocDB::DBCluster', MAINTENANCE, 'refused'],
  ['AWS::Neptune::DBCluster', MAINTENANCE, 'warned'],
  ['AWS::Redshift::Cluster', MAINTENANCE, 'warned'],
  [RDS, { Engine: 'postgres', PreferredMaintenanceWindow: 'Sat:23:30-Sun:07:00' }, 'refused'],
  [RDS, { Engine: 'postgres', PreferredMaintenanceWindow: { Ref: 'Window' } }, 'nothing'],
  ['AWS::S3::Bucket', MAINTENANCE, 'nothing'],
])('a weekly run in the maintenance window of %s with %j: %s', (type, properties, expected) => {
  expect(kindOf(findingsOn(SUNDAY(5), type, properties))).toBe(expected);
});

test.each([
  ['05:15-05:45', undefined, 'warned'],
  ['05:15-05:45', 7, 'warned'],
  ['05:15-05:45', 0, 'nothing'],
  ['07:00-07:30', 7, 'nothing'],
  ['23:30-05:30', 7, 'warned'],
])('a daily run at 05:00 and the automatic backup window %s of a database with a retention of %s days: %s', (PreferredBackupWindow, BackupRetentionPeriod, expected) => {
  expect(kindOf(findingsOn(DAILY(5), RDS, { Engine: 'postgres', PreferredBackupWindow, BackupRetentionPeriod }))).toBe(expected);
});

const fsx = (FileSystemType: string, name: string, configuration: object) => ({ FileSystemType, [name]: { DeploymentType: 'PERSISTENT_2', ...configuration } });

test.each([
  // Amazon FSx starts no backup in the three hours before its windows, which last 30 minutes.
  ['refused', 3, fsx('WINDOWS', 'WindowsConfiguration', { WeeklyMaintenanceStartTime: '7:05:30' })],
  ['refused', 5, fsx('LUSTRE', 'LustreConfiguration', { WeeklyMaintenanceStartTime: '7:05:30' })],
  ['warned', 2, fsx('OPENZFS', 'OpenZFSConfiguration', { WeeklyMaintenanceStartTime: '7:05:30' })],
  ['nothing', 1, fsx('WINDOWS', 'WindowsConfiguration', { WeeklyMaintenanceStartTime: '7:05:30' })],
  ['nothing', 6, fsx('WINDOWS', 'WindowsConfiguration', { WeeklyMaintenanceStartTime: '7:05:30' })],
  ['nothing', 4, fsx('WINDOWS', 'WindowsConfiguration', { WeeklyMaintenanceStartTime: '1:05:30' })],
])('%s: a weekly run at %s:00 on Sunday of a file system with %j', (expected, hour, properties) => {
  expect(kindOf(findingsOn(SUNDAY(hour), 'AWS::FSx::FileSystem', properties))).toBe(expected);
});

test.each([
  ['refused', fsx('WINDOWS', 'WindowsConfiguration', { DailyAutomaticBackupStartTime: '06:00' })],
  ['nothing', fsx('WINDOWS', 'WindowsConfiguration', { DailyAutomaticBackupStartTime: '06:00', AutomaticBackupRetentionDays: 0 })],
  ['nothing', fsx('LUSTRE', 'LustreConfiguration', { DailyAutomaticBackupStartTime: '06:00' })],
  ['refused', fsx('LUSTRE', 'LustreConfiguration', { DailyAutomaticBackupStartTime: '06:00', AutomaticBackupRetentionDays: 7 })],
  ['nothing', fsx('WINDOWS', 'WindowsConfiguration', { DailyAutomaticBackupStartTime: '12:00' })],
])('%s: a daily run at 05:00 of a file system with %j', (expected, properties) => {
  expect(kindOf(findingsOn(DAILY(5), 'AWS::FSx::FileSystem', properties))).toBe(expected);
});

test('a maintenance window that AWS chooses is not checked', () => {
  expect(findingsOn(DAILY(5), RDS, { Engine: 'postgres' }).unchecked).toEqual([
    "whether jobs start within the maintenance windows of 'Backup/Data' or the time before them, when backups fail: their templates specify none, so AWS chooses them",
  ]);
});

test('a cron expression of the caller is not compared', () => {
  const tier = BackupTier.cron('cron(0 5 ? * SUN *)', { name: 'own', interval: Duration.days(7), deleteAfter });

  expect(['nothing', 'refused']).toContain(kindOf(findingsOn(tier, RDS, MAINTENANCE)));
});

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK_DAYS = [WeekDay.SUNDAY, WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY];

test('a weekly run is refused where each minute of its start window is blocked, and warned of where one is', () => {
  const minuteOfWeek = fc.integer({ min: 0, max: 7 * 24 * 60 - 1 });
  const [lengths, startWindows] = [fc.integer({ min: 30, max: 600 }), fc.integer({ min: 60, max: 600 })];
  fc.assert(fc.property(minuteOfWeek, lengths, minuteOfWeek, startWindows, (start, length, run, startWindow) => {
    const say = (minute: number) => {
      const [day, ofDay] = [Math.floor(minute / 1440) % 7, minute % 1440];
      return `${DAYS[day]}:${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
    };
    const isBlocked = (minute: number) => (minute - (start - 60) + 2 * 10080) % 10080 < length + 60;
    const minutes = Array.from({ length: startWindow }, (_, index) => isBlocked(run + index));
    const expected = minutes.every((each) => each) ? 'refused' : minutes.some((each) => each) ? 'warned' : 'nothing';
    const tier = BackupTier.weekly({
      weekDay: WEEK_DAYS[Math.floor(run / 1440)],
      hour: Math.floor(run % 1440 / 60),
      minute: run % 60,
      deleteAfter,
      startWindow: Duration.minutes(startWindow),
      completionWindow: Duration.hours(20),
    });
    const PreferredMaintenanceWindow = `${say(start)}-${say((start + length) % 10080)}`;

    return kindOf(findingsOn(tier, RDS, { Engine: 'postgres', PreferredMaintenanceWindow })) === expected;
  }), { numRuns: 100 });
});

