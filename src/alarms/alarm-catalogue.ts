import { AlarmSeverity } from '../notification/notify';

/**
 * What an alarm is based on: a count of a service; a single event, such as a match of an EventBridge rule or the end of a recovery;
 * missing completions in each hour; the time between failures; a pending amount; what was found in a day; other alarms.
 */
export type GoesBy = 'count' | 'event' | 'absence' | 'runs' | 'level' | 'finding' | 'alarms';

/**
 * The texts of an alarm, and how it is measured.
 */
export interface CatalogueEntry {
  readonly severity: AlarmSeverity;
  readonly goesBy: GoesBy;
  readonly happened: string;
  readonly means: string;
}

/**
 * Every alarm of this library. The names are part of the API: overrides and runbooks use them.
 */
export const ALARM_CATALOGUE = {
  'backup-job-failed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job failed.',
    means: 'The resource has no recovery point from this run. The previous one is the newest.',
  },
  'backup-job-expired': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job expired: it did not start or finish within its windows.',
    means: 'The resource has no recovery point from this run. Another job of the resource or a quota might be the cause.',
  },
  'backup-job-failing': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'runs',
    happened: 'Backup jobs failed or expired in two consecutive runs.',
    means: 'The problem does not resolve itself. A resource might have no recovery point since the run before those two.',
  },
  'backup-job-aborted': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A backup job was stopped.',
    means: 'Most likely, somebody stopped it. The resource has no recovery point from this run.',
  },
  'recovery-point-partial': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'A recovery point is incomplete.',
    means: 'AWS Backup could not finish it. Do not rely on it.',
  },
  'copy-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'A copy job failed or left something out.',
    means: 'The copy in the other Region or account is missing or incomplete until a new copy job completes.',
  },
  'restore-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'A restore job failed or was stopped.',
    means: 'The data is not restored, and time counts against the recovery time objective.',
  },
  'recovery-point-not-deleted': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'count',
    happened: 'AWS Backup could not delete a recovery point at the end of its retention.',
    means: 'The recovery point still exists and incurs costs. The role that created it might be missing, or a policy might deny the deletion.',
  },
  'no-good-recovery-point': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'absence',
    happened: 'No backup job completed for longer than the schedules allow.',
    means: 'The recovery point objective is missed or soon will be, even if no job fails: a plan or a selection might be missing.',
  },
  'no-good-copy': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'absence',
    happened: 'No copy job completed for longer than the schedules allow.',
    means: 'The copies that would survive the loss of the Region or the account are getting old, even if no job fails: the plan might no longer copy.',
  },
  'backup-job-with-issues': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'A backup job completed with issues.',
    means: 'The recovery point exists, but something is missing from it: the status message of the job says what.',
  },
  'vault-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'The lock, the access policy, the notifications or the approval team of a vault changed, the vault was deleted, or somebody attempted it.',
    means: 'If none of your deployments did this, it might be an attack on your recovery points.',
  },
  'vault-key-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'The key of a vault was disabled or scheduled for deletion, its policy changed, a grant was revoked, or somebody attempted it.',
    means: 'Without the key, the recovery points that it encrypts cannot be restored, locked or not. You can cancel a deletion until its date.',
  },
  'recovery-point-deleted': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'Somebody deleted a recovery point, changed how long it is kept, or attempted it.',
    means: 'AWS Backup does not do this itself. You can get a deleted recovery point back only from a copy.',
  },
  'backup-plan-removed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'A backup plan or a selection was removed, or somebody attempted it.',
    means: 'If none of your deployments replaced it, the resources that it selected are no longer backed up.',
  },
  'backup-plan-changed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'A backup plan was changed or a selection was added, or somebody attempted it.',
    means: 'If none of your deployments did this, rules or copies might be missing, or backups might go to another vault.',
  },
  'backup-settings-changed': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'Settings of AWS Backup, legal holds or tiering were changed, or somebody attempted it.',
    means: 'They apply to more than one vault. If none of your deployments did this, backups or copies might stop, or recovery points might lose their legal hold.',
  },
  'recovery-point-exposed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'A backup access point or a restore access vault was created, or somebody attempted it.',
    means: 'The data can be read without a restore or from another account. An active access point also blocks the deletion of its recovery point.',
  },
  'backup-tampered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'A vault, its key, its recovery points or its plans were changed, removed or made readable, or somebody attempted it.',
    means: 'If none of your deployments did this, it might be an attack on your recovery points. Another message says what was done and by whom.',
  },
  'event-not-delivered': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'event',
    happened: 'EventBridge could not deliver an event.',
    means: 'A notification is missing. The event is in the dead-letter queue for 14 days, unless the alarm is on a rule.',
  },
  'backup-health': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'alarms',
    happened: 'At least one critical backup alarm is in ALARM.',
    means: 'It summarizes those alarms and adds nothing to them.',
  },
  'replication-late': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'level',
    happened: 'The replica of a bucket is more than 15 minutes behind.',
    means: 'Objects that were written since then are not in the other Region.',
  },
  'replication-bytes-pending': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'level',
    happened: 'A large amount of data is waiting for replication.',
    means: 'More is written than Amazon S3 replicates: the replica is falling behind.',
  },
  'replication-operations-pending': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'level',
    happened: 'Many objects are waiting for replication.',
    means: 'More is written than Amazon S3 replicates: the replica is falling behind.',
  },
  'replication-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'Amazon S3 could not replicate an object.',
    means: 'The object is not in the other Region, and Amazon S3 does not retry.',
  },
  'config-capture-failed': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'count',
    happened: 'A snapshot of a configuration could not be made in time.',
    means: 'The previous snapshot is the newest. If the configuration is lost now, what changed since then is lost too.',
  },
  'no-good-config-snapshot': {
    severity: AlarmSeverity.CRITICAL,
    goesBy: 'absence',
    happened: 'No snapshot of a configuration was made for longer than the schedules allow.',
    means: 'The recovery point objective is missed or soon will be, even if no capture fails: a schedule or the function might be missing.',
  },
  'plaintext-secret-found': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'finding',
    happened: 'A configuration contains a value in plaintext that looks like a secret.',
    means: 'Whoever may read the configuration or its snapshots can read the secret. Store it in AWS Secrets Manager or Parameter Store, and replace it.',
  },
  'image-not-kept': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'finding',
    happened: 'A container image that runs might be missing when it is needed for a recovery.',
    means: 'It is not in each Region that it must be in, or a lifecycle policy of its repository could delete it. Without it, the service cannot be restored.',
  },
  'recovery-slower-than-objective': {
    severity: AlarmSeverity.WARNING,
    goesBy: 'event',
    happened: 'A recovery took longer than the recovery time objective.',
    means: 'The recovery is complete, but the objective was missed. The record of the run says which steps took how long.',
  },
} satisfies Record<string, CatalogueEntry>;

export type AlarmName = keyof typeof ALARM_CATALOGUE;

/** What an alarm is based on. */
export function goesBy(name: AlarmName): GoesBy {
  return ALARM_CATALOGUE[name].goesBy;
}

/** The property of the overrides of an alarm. */
export function memberOf(name: AlarmName): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
