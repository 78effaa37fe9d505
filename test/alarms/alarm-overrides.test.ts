import type {
  BackupAlarmOverrides, CentralAlarmOverrides, DeliveryAlarmOverrides, ReplicationAlarmOverrides,
} from '../../src/alarms/alarm-overrides';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { problemsOf } from '../problems';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/*
 * A member that a construct makes no alarm of would do nothing, and an alarm without a member could not be changed. The compiler sees to it
 * that these are all members of a struct, and no others.
 */
type MembersOf<T> = Record<keyof Required<T>, true>;

const DELIVERY: MembersOf<DeliveryAlarmOverrides> = { eventNotDelivered: true };
const BOTH: MembersOf<Omit<CentralAlarmOverrides, 'backupHealth' | 'configCaptureFailed'>> = {
  ...DELIVERY,
  backupJobFailed: true,
  backupJobExpired: true,
  backupJobFailing: true,
  backupJobAborted: true,
  backupJobWithIssues: true,
  recoveryPointPartial: true,
  copyJobFailed: true,
  restoreJobFailed: true,
  noGoodRecoveryPoint: true,
  noGoodCopy: true,
  vaultTampered: true,
  vaultKeyTampered: true,
  recoveryPointDeleted: true,
  recoveryPointExposed: true,
  backupPlanRemoved: true,
  backupPlanChanged: true,
  backupSettingsChanged: true,
  backupTampered: true,
};
const BACKUP: MembersOf<BackupAlarmOverrides> = { ...BOTH, recoveryPointNotDeleted: true };
const CENTRAL: MembersOf<CentralAlarmOverrides> = { ...BOTH, backupHealth: true, configCaptureFailed: true };
const REPLICATION: MembersOf<ReplicationAlarmOverrides> = {
  replicationLate: true, replicationBytesPending: true, replicationOperationsPending: true, replicationFailed: true,
};

test.each<[string, object, (overrides: object) => unknown]>([
  ['BackupAlarms', BACKUP, (overrides) => new BackupAlarms(stackIn(LOG_ARCHIVE, LONDON), 'Under', { vaults: [], overrides })],
  ['ReplicationAlarms', REPLICATION, (overrides) => new ReplicationAlarms(stackIn(LOG_ARCHIVE, LONDON), 'Under', { buckets: [], overrides })],
  ['CentralMonitoring', CENTRAL, (overrides) => new CentralMonitoring(stackIn(LOG_ARCHIVE, LONDON), 'Under', { organizationId: 'o-exampleorg12', overrides })],
  ['BackupEventForwarding', DELIVERY, (overrides) => new BackupEventForwarding(stackIn(LOG_ARCHIVE, LONDON), 'Under', { eventBusArn: 'none', overrides })],
  ['BackupNotifications', DELIVERY, (overrides) => new BackupNotifications(stackIn(LOG_ARCHIVE, LONDON), 'Under', { overrides })],
])('the overrides of %s have a member for each alarm that it makes, and no other one', (_, members, define) => {
  const [, names] = /^'overrides' must use the names of alarms \((.*)\), got 'none'$/m.exec(problemsOf(() => define({ none: {} })).join('\n'))!;

  expect(names.split(', ').sort()).toEqual(Object.keys(members).sort());
});
