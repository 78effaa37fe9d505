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
 *
 * @param subject What it is about, unless it is about all
 */
function callBy(subject?: string): Omit<CataloguedEvent, 'pattern' | 'subject'> {
  return {
    title: `<call>${subject === undefined ? '' : ` on ${subject}`}, account <account>, region <region>`,
    details: ['Event: <call>. By: <who>. From: <from>. Error, if it was refused: <error>.'],
    nextSteps: ['The call, in its account: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=<event> --region <region>'],
    paths: {
      call: '$.detail.eventName', who: '$.detail.userIdentity.arn', from: '$.detail.sourceIPAddress', error: '$.detail.errorCode', event: '$.detail.eventID',
    },
  };
}

/**
 * Something that is watched: all of the account and region, or of the organization, unless it has names.
 */
export interface Watched {
  readonly subject: string;
  /** Names of vaults, ids of plans, ARNs of keys. */
  readonly names?: string[];
}

function titleOf({ subject, names }: Watched): string | undefined {
  return names && subject;
}

/** A change of a vault that somebody asked for. */
export function vaultTampered(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...callBy(titleOf(watched)),
    subject,
    pattern: { source: ['aws.backup'], ...callOn('backup', CALLS_ON_VAULT, names && { requestParameters: { backupVaultName: names } }) },
  };
}

/** The same as AWS Backup tells of it, also where there is no trail: it does not say who. */
export function vaultChanged({ subject, names }: Watched): CataloguedEvent {
  return {
    ...stateOf('Vault', '$.detail.backupVaultName'),
    subject,
    pattern: {
      'source': ['aws.backup'],
      'detail-type': ['Backup Vault State Change'],
      'detail': { state: ['MODIFIED', 'DELETED'], ...names && { backupVaultName: names } },
    },
  };
}

/**
 * What AWS Backup does at the end of a retention is no call of the API but an event of the service.
 */
export function recoveryPointDeleted(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...callBy(titleOf(watched)),
    subject,
    pattern: {
      source: ['aws.backup'],
      ...callOn('backup', CALLS_ON_RECOVERY_POINT, {
        ...names && { requestParameters: { backupVaultName: names } },
        ...NOT_BY_A_SERVICE,
      }),
    },
  };
}

/** A removal of a plan or of a selection that somebody asked for. */
export function backupPlanRemoved(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...callBy(titleOf(watched)),
    subject,
    pattern: {
      source: ['aws.backup'],
      $or: [
        callOn('backup', CALLS_ON_PLAN, names && { requestParameters: { backupPlanId: names } }),
        // It says no plan.
        { 'detail-type': ['AWS Service Event via CloudTrail'], 'detail': { eventName: ['BackupSelectionDeletedDueToSLRDeletion'] } },
      ],
    },
  };
}

/** The same as AWS Backup tells of it, of plans alone. */
export function backupPlanDeleted({ subject, names }: Watched): CataloguedEvent {
  return {
    ...stateOf('Plan', '$.detail.backupPlanId'),
    subject,
    pattern: { 'source': ['aws.backup'], 'detail-type': ['Backup Plan State Change'], 'detail': { state: ['DELETED'], ...names && { backupPlanId: names } } },
  };
}

/** By the ARN of the key, which CloudTrail always gives: a caller may name the key otherwise. */
export function vaultKeyTampered(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  const call = callBy(titleOf(watched));
  return {
    ...call,
    subject,
    details: ['Key: <key>.', ...call.details],
    paths: { ...call.paths, key: '$.detail.resources[0].ARN' },
    pattern: { source: ['aws.kms'], ...callOn('kms', CALLS_ON_KEY, { ...names && { resources: { ARN: names } }, ...NOT_BY_A_SERVICE }) },
  };
}

/** Whatever is tampering with vaults, recovery points and plans, anywhere in the account and region. */
export function anyTampering(): object {
  const all = [vaultTampered, vaultChanged, recoveryPointDeleted, backupPlanRemoved, backupPlanDeleted].map((of) => of({ subject: '' }).pattern);
  return {
    source: ['aws.backup'],
    $or: all.flatMap(({ source, $or, ...rest }: { source?: unknown; $or?: object[] }) => $or ?? [rest]),
  };
}

/** What AWS Backup says of its own: what has which state now. */
function stateOf(what: string, path: string): Omit<CataloguedEvent, 'pattern' | 'subject'> {
  return {
    title: `${what} <changed> is <state>, account <account>, region <region>`,
    details: [`${what}: <changed>. State: <state>.`, 'If AWS CloudTrail logs it, another message says who did it.'],
    nextSteps: [],
    paths: { changed: path, state: '$.detail.state' },
  };
}

function callOn(service: 'backup' | 'kms', eventName: string[], detail: object = {}): object {
  return { 'detail-type': [API_CALL], 'detail': { eventSource: [`${service}.amazonaws.com`], eventName, ...detail } };
}
