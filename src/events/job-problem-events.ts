import type { CataloguedEvent } from '../alarms/event-rules';

/** The types of events about jobs, and the path of the state in their details. */
export const BACKUP_JOBS = { detailType: 'Backup Job State Change', stateField: 'state' };
export const COPY_JOBS = { detailType: 'Copy Job State Change', stateField: 'state' };
export const RESTORE_JOBS = { detailType: 'Restore Job State Change', stateField: 'status' };

/**
 * A completed backup job with a status message, which no metric counts.
 *
 * @param names Names of vaults; if undefined, all of the account and region, or of the organization
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function backupJobWithIssues(subject: string, names?: string[]): CataloguedEvent {
  return {
    subject,
    title: 'A backup job into vault <vault> completed with issues, account <account>, region <region>',
    pattern: {
      'source': ['aws.backup'],
      'detail-type': [BACKUP_JOBS.detailType],
      'detail': { [BACKUP_JOBS.stateField]: ['COMPLETED'], statusMessage: [{ 'anything-but': '' }], ...names && { backupVaultName: names } },
    },
    details: ['Job: <job>. Resource: <resource>. Vault: <vault>.'],
    nextSteps: ['Details: aws backup describe-backup-job --backup-job-id <job> --region <region>'],
    paths: { job: '$.detail.backupJobId', resource: '$.detail.resourceArn', vault: '$.detail.backupVaultName' },
  };
}

/**
 * Backup jobs that did not complete, independent of metrics: the two lists of metrics of AWS differ in `Aborted` and `Partial`.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
 */
export function backupJobEnded(state: 'ABORTED' | 'PARTIAL', subject: string, names: string[]): CataloguedEvent {
  return {
    subject,
    title: 'A backup job into vault <vault> is <state>, account <account>, region <region>',
    pattern: {
      'source': ['aws.backup'],
      'detail-type': [BACKUP_JOBS.detailType],
      'detail': { [BACKUP_JOBS.stateField]: [state], backupVaultName: names },
    },
    details: ['Job: <job>. Resource: <resource>. Vault: <vault>.'],
    nextSteps: ['Details: aws backup describe-backup-job --backup-job-id <job> --region <region>'],
    paths: { state: '$.detail.state', job: '$.detail.backupJobId', resource: '$.detail.resourceArn', vault: '$.detail.backupVaultName' },
  };
}

/** A copy from these vaults that left something out, which no metric counts. */
export function copyJobPartial(subject: string, backupVaultArns: string[]): CataloguedEvent {
  return {
    subject,
    title: 'A copy job is PARTIAL, account <account>, region <region>',
    pattern: {
      'source': ['aws.backup'],
      'detail-type': [COPY_JOBS.detailType],
      'detail': { [COPY_JOBS.stateField]: ['PARTIAL'], sourceBackupVaultArn: backupVaultArns },
    },
    details: ['Job: <job>. Resource: <resource>. Into: <into>.'],
    nextSteps: ['Details: aws backup describe-copy-job --copy-job-id <job> --region <region>'],
    paths: { job: '$.detail.copyJobId', resource: '$.detail.resourceArn', into: '$.detail.destinationBackupVaultArn' },
  };
}

/** A restore that failed or was stopped, in the account and region. Its event contains no vault, and its metric might not either. */
export function restoreJobNotCompleted(): CataloguedEvent {
  return {
    subject: 'account and region',
    title: 'A restore job is <state>, account <account>, region <region>',
    pattern: { 'source': ['aws.backup'], 'detail-type': [RESTORE_JOBS.detailType], 'detail': { [RESTORE_JOBS.stateField]: ['FAILED', 'ABORTED'] } },
    details: ['Job: <job>. Recovery point: <point>.'],
    nextSteps: ['Details: aws backup describe-restore-job --restore-job-id <job> --region <region>'],
    paths: { state: '$.detail.status', job: '$.detail.restoreJobId', point: '$.resources[0]' },
  };
}
