import type { CataloguedEvent } from '../alarms/event-rules';

/** Calls that are made of a vault, and of what is in it, by their names in CloudTrail. */
const CALLS_ON_VAULT = [
  'DeleteBackupVault', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration', 'PutBackupVaultAccessPolicy',
  'DeleteBackupVaultAccessPolicy', 'PutBackupVaultNotifications', 'DeleteBackupVaultNotifications',
];
const CALLS_ON_RECOVERY_POINT = [
  'DeleteRecoveryPoint', 'DisassociateRecoveryPoint', 'DisassociateRecoveryPointFromParent', 'UpdateRecoveryPointLifecycle',
];
const CALLS_ON_PLAN = ['DeleteBackupPlan', 'DeleteBackupSelection'];
const CALLS_ON_KEY = ['ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy', 'RevokeGrant', 'DeleteImportedKeyMaterial'];

/** What a service of AWS does on behalf of nobody is its own life. */
const NOT_BY_A_SERVICE = { userIdentity: { type: [{ 'anything-but': 'AWSService' }] } };

const API_CALL = 'AWS API Call via CloudTrail';

/**
 * Who did it, and whether it was refused: attempts count. What was asked for is looked up in CloudTrail: whoever is refused
 * has chosen it, quotes and links included, so no message has it.
 */
const CALL = {
  details: ['Event: <call>. By: <who>. From: <from>. Error: <error>.'],
  nextSteps: ['The call: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=<event> --region <region>'],
  paths: {
    call: '$.detail.eventName', who: '$.detail.userIdentity.arn', from: '$.detail.sourceIPAddress', error: '$.detail.errorCode', event: '$.detail.eventID',
  },
};

/**
 * A change of a vault. AWS Backup tells of it too, also where there is no trail.
 *
 * @param names Names of vaults; all of the account and region without them
 */
export function vaultTampered(subject: string, names?: string[]): CataloguedEvent {
  return {
    subject,
    pattern: {
      source: ['aws.backup'],
      $or: [
        callOn('backup', CALLS_ON_VAULT, names && { requestParameters: { backupVaultName: names } }),
        { 'detail-type': ['Backup Vault State Change'], 'detail': { state: ['MODIFIED', 'DELETED'], ...names && { backupVaultName: names } } },
      ],
    },
    ...CALL,
    details: ['Vault: <changed>. State: <state>.', ...CALL.details],
    paths: { ...CALL.paths, changed: '$.detail.backupVaultName', state: '$.detail.state' },
  };
}

/**
 * What AWS Backup does at the end of a retention is no call of the API but an event of the service.
 *
 * @param names Names of vaults; all of the account and region without them
 */
export function recoveryPointDeleted(subject: string, names?: string[]): CataloguedEvent {
  return {
    subject,
    pattern: {
      source: ['aws.backup'],
      ...callOn('backup', CALLS_ON_RECOVERY_POINT, {
        ...names && { requestParameters: { backupVaultName: names } },
        ...NOT_BY_A_SERVICE,
      }),
    },
    ...CALL,
  };
}

/** @param ids Ids of plans; all of the account and region without them */
export function backupPlanRemoved(subject: string, ids?: string[]): CataloguedEvent {
  return {
    subject,
    pattern: {
      source: ['aws.backup'],
      $or: [
        callOn('backup', CALLS_ON_PLAN, ids && { requestParameters: { backupPlanId: ids } }),
        { 'detail-type': ['Backup Plan State Change'], 'detail': { state: ['DELETED'], ...ids && { backupPlanId: ids } } },
        // It says no plan.
        { 'detail-type': ['AWS Service Event via CloudTrail'], 'detail': { eventName: ['BackupSelectionDeletedDueToSLRDeletion'] } },
      ],
    },
    ...CALL,
    details: ['Plan: <changed>. State: <state>.', ...CALL.details],
    paths: { ...CALL.paths, changed: '$.detail.backupPlanId', state: '$.detail.state' },
  };
}

/** By the ARN of the key, which CloudTrail always gives: a caller may name the key otherwise. */
export function vaultKeyTampered(subject: string, keyArns?: string[]): CataloguedEvent {
  return {
    subject,
    pattern: { source: ['aws.kms'], ...callOn('kms', CALLS_ON_KEY, { ...keyArns && { resources: { ARN: keyArns } }, ...NOT_BY_A_SERVICE }) },
    ...CALL,
  };
}

/** Whatever is tampering with vaults, recovery points and plans, anywhere in the account and region. */
export function anyTampering(): object {
  const branches = [vaultTampered(''), backupPlanRemoved('')].flatMap(({ pattern }) => (pattern as { $or: object[] }).$or);
  const { source, ...ofRecoveryPoints } = recoveryPointDeleted('').pattern as { source: string[] };
  return { source, $or: [...branches, ofRecoveryPoints] };
}

/**
 * A completed job that has something to say.
 *
 * @param names Names of vaults; all of the account and region without them
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function backupJobWithIssues(subject: string, names?: string[]): CataloguedEvent {
  return {
    subject,
    pattern: {
      'source': ['aws.backup'],
      'detail-type': ['Backup Job State Change'],
      'detail': { state: ['COMPLETED'], statusMessage: [{ 'anything-but': '' }], ...names && { backupVaultName: names } },
    },
    details: ['Job: <job>. Resource: <resource>. Vault: <vault>.'],
    nextSteps: ['Details: aws backup describe-backup-job --backup-job-id <job> --region <region>'],
    paths: { job: '$.detail.backupJobId', resource: '$.detail.resourceArn', vault: '$.detail.backupVaultName' },
  };
}

function callOn(service: 'backup' | 'kms', eventName: string[], detail: object = {}): object {
  return { 'detail-type': [API_CALL], 'detail': { eventSource: [`${service}.amazonaws.com`], eventName, ...detail } };
}
