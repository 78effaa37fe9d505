import { AlarmSeverity } from '../notification/alarm-severity';

/**
 * What an alarm goes by: how often something happened, be it counted by a service or by a rule of EventBridge; that
 * nothing was completed, hour by hour; how far apart failures are; how much waits; other alarms.
 */
export type GoesBy = 'count' | 'event' | 'absence' | 'runs' | 'level' | 'alarms';

/**
 * What is said of an alarm to whoever is woken by it, and how it is measured.
 */
export interface CatalogueEntry {
  readonly severity: AlarmSeverity;
  readonly goesBy: GoesBy;
  readonly happened: string;
  readonly means: string;
}

/**
 * Every alarm that this library makes. The names are part of the contract: overrides and runbooks go by them.
 */
export const ALARM_CATALOGUE = {
  'backup-job-failed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job failed.',
    means: 'The resource has no recovery point of this run. The one before is the newest.',
  },
  'backup-job-expired': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job expired: it did not start, or did not end, within its windows.',
    means: 'The resource has no recovery point of this run. Another job of the resource, or a quota, may be in the way.',
  },
  'backup-job-failing': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'runs',
    happened: 'Backup jobs failed or expired in two runs in a row.',
    means: 'It does not pass by itself. A resource may have had no recovery point since the run before those.',
  },
  'backup-job-aborted': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job was stopped.',
    means: 'Most likely by hand. The resource has no recovery point of this run.',
  },
  'recovery-point-partial': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A recovery point is not complete.',
    means: 'AWS Backup could not finish it. Do not count on it.',
  },
  'copy-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'A copy job failed, or left something out.',
    means: 'The recovery point is not whole in the other region or account, and will not be without a new copy job.',
  },
  'restore-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'A restore job failed, or was stopped.',
    means: 'What somebody wants back is not back. The recovery time objective runs.',
  },
  'recovery-point-not-deleted': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'AWS Backup could not delete a recovery point at the end of its retention.',
    means: 'It is kept and paid for. The role that made it may be gone, or a policy may forbid its deletion.',
  },
  'no-good-recovery-point': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'absence',
    happened: 'No backup job was completed for longer than the schedules allow.',
    means: 'The recovery point objective is broken, or soon will be, also where nothing fails: a plan or a selection may be gone.',
  },
  'no-good-copy': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'absence',
    happened: 'No copy job was completed for longer than the schedules allow.',
    means: 'What would survive the loss of the region or the account grows old, also where nothing fails: the copies may have been taken out of the plan.',
  },
  'backup-job-with-issues': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'A backup job was completed with issues.',
    means: 'There is a recovery point, and something is missing in it: the message of the job says what.',
  },
  'vault-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'The lock, the policy, the notifications or the approval team of a vault were changed, or the vault was deleted, or somebody tried to.',
    means: 'If no deployment of yours did it, somebody may be on the way to your recovery points.',
  },
  'vault-key-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'The key of a vault was scheduled for deletion or disabled, its policy was changed, or a grant revoked, or somebody tried to.',
    means: 'Without the key, the recovery points that it encrypts cannot be restored, locked or not. A deletion can be cancelled until its date.',
  },
  'recovery-point-deleted': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'Somebody deleted a recovery point by hand, or changed how long it is kept, or tried to.',
    means: 'AWS Backup does not do that by itself. What is deleted can be had from a copy only.',
  },
  'backup-plan-removed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'A backup plan or a selection was removed, or somebody tried to.',
    means: 'If no deployment of yours replaced it, what it selected is not backed up any more.',
  },
  'backup-plan-changed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'A backup plan was changed or a selection was added, or somebody tried to.',
    means: 'If no deployment of yours did it, rules or copies may be missing, or backups may go somewhere else.',
  },
  'backup-settings-changed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'Settings of AWS Backup, legal holds or tiering were changed, or somebody tried to.',
    means: 'They apply to more than one vault. If no deployment of yours did it, backups or copies may stop, or recovery points may lose their hold.',
  },
  'recovery-point-exposed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'Somebody created access to recovery points: a backup access point or a restore access vault, or tried to.',
    means: 'The data can be read without a restore, or from another account. An access point also keeps its recovery point from being deleted.',
  },
  'backup-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'A vault, its key, its recovery points or its plans were changed, removed or made readable, or somebody tried to.',
    means: 'If no deployment of yours did it, somebody may be on the way to your recovery points. Another message says what was done, and by whom.',
  },
  'event-not-delivered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'EventBridge could not deliver an event.',
    means: 'Somebody who should know of it does not. The event is in the queue for dead letters, for 14 days, unless the alarm is on a rule.',
  },
  'backup-health': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'alarms',
    happened: 'At least one critical alarm on backups is on.',
    means: 'It is the sum of those, and says no more than they do.',
  },
  'replication-late': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'level',
    happened: 'The replica of a bucket is more than 15 minutes behind.',
    means: 'What was written since is not in the other region.',
  },
  'replication-bytes-pending': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'level',
    happened: 'Much data waits for its replication.',
    means: 'More is written than S3 replicates: the replica falls behind.',
  },
  'replication-operations-pending': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'level',
    happened: 'Many objects wait for their replication.',
    means: 'More is written than S3 replicates: the replica falls behind.',
  },
  'replication-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'S3 could not replicate an object.',
    means: 'It is not in the other region, and S3 does not try again.',
  },
} satisfies Record<string, CatalogueEntry>;

export type AlarmName = keyof typeof ALARM_CATALOGUE;

/** What an alarm goes by. */
export function goesBy(name: AlarmName): GoesBy {
  return ALARM_CATALOGUE[name].goesBy;
}

/** The member of the overrides that an alarm goes by. */
export function memberOf(name: AlarmName): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
