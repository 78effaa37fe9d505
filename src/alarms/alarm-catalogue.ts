import { AlarmSeverity } from './alarm-severity';

/**
 * What is said of an alarm to whoever is woken by it.
 */
export interface CatalogueEntry {
  readonly severity: AlarmSeverity;
  readonly happened: string;
  readonly means: string;
}

/**
 * Every alarm that this library makes. The names are part of the contract: overrides and runbooks go by them.
 */
export const ALARM_CATALOGUE = {
  'backup-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'A backup job failed.',
    means: 'The resource has no recovery point of this run. The one before is the newest.',
  },
  'backup-job-expired': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'A backup job expired: it did not start, or did not end, within its windows.',
    means: 'The resource has no recovery point of this run. Another job of the resource, or a quota, may be in the way.',
  },
  'backup-job-aborted': {
    severity: AlarmSeverity.WARNING,
    happened: 'A backup job was stopped.',
    means: 'Most likely by hand. The resource has no recovery point of this run.',
  },
  'recovery-point-partial': {
    severity: AlarmSeverity.WARNING,
    happened: 'A recovery point is not complete.',
    means: 'AWS Backup could not finish it. Do not count on it.',
  },
  'copy-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'A copy job failed.',
    means: 'The recovery point is not in the other region or account, and will not be without a new copy job.',
  },
  'restore-job-failed': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'A restore job failed.',
    means: 'What somebody wants back is not back. The recovery time objective runs.',
  },
  'recovery-point-not-deleted': {
    severity: AlarmSeverity.WARNING,
    happened: 'AWS Backup could not delete a recovery point at the end of its retention.',
    means: 'It is kept and paid for. The role that made it may be gone, or a policy may forbid its deletion.',
  },
  'no-good-recovery-point': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'No backup job was completed for longer than the schedules allow.',
    means: 'The recovery point objective is broken, also where nothing fails: a plan or a selection may be gone.',
  },
  'replication-late': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'The replica of a bucket is more than 15 minutes behind.',
    means: 'What was written since is not in the other region.',
  },
  'replication-bytes-pending': {
    severity: AlarmSeverity.WARNING,
    happened: 'Much data waits for its replication.',
    means: 'More is written than S3 replicates: the replica falls behind.',
  },
  'replication-operations-pending': {
    severity: AlarmSeverity.WARNING,
    happened: 'Many objects wait for their replication.',
    means: 'More is written than S3 replicates: the replica falls behind.',
  },
  'replication-failed': {
    severity: AlarmSeverity.CRITICAL,
    happened: 'S3 could not replicate an object.',
    means: 'It is not in the other region, and S3 does not try again.',
  },
} satisfies Record<string, CatalogueEntry>;

export type AlarmName = keyof typeof ALARM_CATALOGUE;

/** Where the page is that says what to do. */
export function runbookUrl(name: AlarmName): string {
  return `https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/${name}.md`;
}
