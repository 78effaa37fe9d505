import { byOthersThan, byRoles } from './deployment-roles';
import type { CataloguedEvent } from '../alarms/event-rules';
import { AlarmSeverity } from '../notification/notify';

/** Calls on a vault and its content, by their names in CloudTrail. */
const CALLS_ON_LOCK = ['PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration'];
const OTHER_CALLS_ON_VAULT = [
  'DeleteBackupVault', 'PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy', 'PutBackupVaultNotifications', 'DeleteBackupVaultNotifications',
  'AssociateBackupVaultMpaApprovalTeam', 'DisassociateBackupVaultMpaApprovalTeam', 'RevokeRestoreAccessBackupVault',
];
const CALLS_ON_VAULT = [...CALLS_ON_LOCK, ...OTHER_CALLS_ON_VAULT];
const CALLS_ON_RECOVERY_POINT = [
  'DeleteRecoveryPoint', 'DisassociateRecoveryPoint', 'DisassociateRecoveryPointFromParent', 'UpdateRecoveryPointLifecycle',
];
const CALLS_THAT_REMOVE = ['DeleteBackupPlan', 'DeleteBackupSelection'];
const CALLS_THAT_CHANGE = ['UpdateBackupPlan', 'CreateBackupSelection'];
/** Calls with a recovery point or a vault of another account, and without a vault of this library. */
const CALLS_THAT_EXPOSE = ['CreateBackupAccessPoint', 'CreateRestoreAccessBackupVault'];
/** Calls with no vault, or with several. */
const CALLS_ON_SETTINGS = [
  'UpdateRegionSettings', 'UpdateGlobalSettings', 'CreateLegalHold', 'CancelLegalHold', 'CreateTieringConfiguration', 'UpdateTieringConfiguration',
  'DeleteTieringConfiguration',
];
/** Events of AWS Backup itself, mainly after an approval. AWS documents no names of vaults or plans in them. */
const EVENTS_OF_REMOVAL = ['BackupSelectionDeletedDueToSLRDeletion'];
const EVENTS_OF_EXPOSURE = ['BackupAccessPointCreated'];
const EVENTS_OF_SETTINGS = ['AssociateBackupVaultMpaApprovalTeamCompleted', 'RestoreAccessBackupVaultDeleted'];
const CALLS_THAT_TAKE_KEY = ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial'];
const OTHER_CALLS_ON_KEY = ['PutKeyPolicy', 'RevokeGrant'];

/** Calls of AWS services on their own behalf are ignored. An identity without a type is not known to be a service. */
const NOT_BY_A_SERVICE = { userIdentity: { type: [{ 'anything-but': 'AWSService' }, { exists: false }] } };

const API_CALL = 'AWS API Call via CloudTrail';
const SERVICE_EVENT = 'AWS Service Event via CloudTrail';
const VAULT_STATE = 'Backup Vault State Change';
const PLAN_STATE = 'Backup Plan State Change';
const SETTINGS_STATE = 'Region Setting State Change';

/**
 * The caller, and whether the call was denied: attempts count. The request parameters are only in CloudTrail: a denied caller
 * chooses them, including quotes and links, so messages do not contain them.
 *
 * @param subject The subject, unless it is for all
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
  /** Exact ARNs of roles whose changes are expected. */
  readonly deploymentRoles?: string[];
}

/** Calls, some of which deployments make too. */
interface Calls {
  readonly service: 'backup' | 'kms';
  /** Calls that are critical for all callers. */
  readonly always?: string[];
  /** Calls that are a warning for deployments. */
  readonly others: string[];
  readonly detail?: Record<string, unknown> & { readonly userIdentity?: object };
  /** Patterns of events that are not calls. */
  readonly beside?: object[];
}

/** The pattern of calls, but those of deployments, and the pattern of those. */
function patternsOf(
  { deploymentRoles }: Watched, { service, always = [], others, detail = {}, beside = [] }: Calls,
): Pick<CataloguedEvent, 'pattern' | 'byDeployment'> {
  const source = [`aws.${service}`];
  const roles = deploymentRoles ?? undefined;
  const by = (eventName: string[], identity: object) =>
    callOn(service, eventName, { ...detail, userIdentity: { ...detail.userIdentity, ...identity } });
  const whoever = (eventName: string[]) => eventName.length === 0 ? [] : [callOn(service, eventName, detail)];
  const all = [...roles ? [...whoever(always), by(others, byOthersThan(roles))] : whoever([...always, ...others]), ...beside];
  return {
    pattern: { source, ...all.length === 1 ? all[0] : { $or: all } },
    byDeployment: roles && { source, ...by(others, byRoles(roles)) },
  };
}

/** Severity of events of AWS Backup itself: for a deployment, the call contains more. */
function severityOf({ deploymentRoles }: Watched): Pick<CataloguedEvent, 'severity'> {
  return deploymentRoles ? { severity: AlarmSeverity.WARNING } : {};
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
    ...patternsOf(watched, { service: 'backup', always: CALLS_ON_LOCK, others: OTHER_CALLS_ON_VAULT, detail: names && { requestParameters: { backupVaultName: names } } }),
  };
}

/** The same as an event of AWS Backup, which does not require a trail and does not contain the caller. */
export function vaultChanged(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...stateOf('Vault', '$.detail.backupVaultName'),
    ...severityOf(watched),
    subject,
    pattern: {
      'source': ['aws.backup'],
      'detail-type': [VAULT_STATE],
      'detail': { state: ['MODIFIED', 'DELETED'], ...names && { backupVaultName: names } },
    },
  };
}

/**
 * Deletions by AWS Backup at the end of a retention are not API calls but events of the service.
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
    ...patternsOf(watched, {
      service: 'backup',
      others: CALLS_THAT_REMOVE,
      detail: names && { requestParameters: { backupPlanId: names } },
      beside: [ofService(EVENTS_OF_REMOVAL)], // they say no plan
    }),
  };
}

/** The same as an event of AWS Backup, only for plans. */
export function backupPlanDeleted(watched: Watched): CataloguedEvent {
  return planIs('DELETED', watched);
}

/** A change of a plan, or a new selection, that somebody asked for. */
export function backupPlanChanged(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...callBy(titleOf(watched)),
    subject,
    pattern: { source: ['aws.backup'], ...callOn('backup', CALLS_THAT_CHANGE, names && { requestParameters: { backupPlanId: names } }) },
  };
}

/** The same as an event of AWS Backup, only for plans. */
export function backupPlanModified(watched: Watched): CataloguedEvent {
  return planIs('MODIFIED', watched);
}

/** A way to read recovery points without a restore, or from another account, that somebody asked for or that was made. */
export function recoveryPointExposed(watched: Watched): CataloguedEvent {
  return {
    ...callBy(),
    subject: watched.subject,
    ...patternsOf(watched, { service: 'backup', others: CALLS_THAT_EXPOSE, beside: [ofService(EVENTS_OF_EXPOSURE)] }),
  };
}

/** A change of what holds beyond one vault or plan. */
export function backupSettingsChanged(subject: string): CataloguedEvent {
  return {
    ...callBy(),
    subject,
    pattern: { source: ['aws.backup'], $or: [callOn('backup', CALLS_ON_SETTINGS), ofService(EVENTS_OF_SETTINGS)] },
  };
}

/** The same as an event of AWS Backup, only for the resource types of a region. */
export function regionSettingsModified(subject: string): CataloguedEvent {
  return {
    title: 'Settings of AWS Backup are <state>, account <account>, region <region>',
    details: ['State: <state>.', TOLD_BY_CALL],
    nextSteps: ['The settings now: aws backup describe-region-settings --region <region>'],
    paths: { state: '$.detail.state' },
    subject,
    pattern: { 'source': ['aws.backup'], 'detail-type': [SETTINGS_STATE], 'detail': { state: ['MODIFIED'] } },
  };
}

/** Matches the ARN of the key, which CloudTrail always contains: a caller can use another identifier. */
export function vaultKeyTampered(watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  const call = callBy(titleOf(watched));
  return {
    ...call,
    subject,
    details: ['Key: <key>.', ...call.details],
    paths: { ...call.paths, key: '$.detail.resources[0].ARN' },
    ...patternsOf(watched, {
      service: 'kms', always: CALLS_THAT_TAKE_KEY, others: OTHER_CALLS_ON_KEY, detail: { ...names && { resources: { ARN: names } }, ...NOT_BY_A_SERVICE },
    }),
  };
}

/**
 * Whatever is tampering with vaults, recovery points, plans and settings, anywhere in the account and region: the patterns above
 * without names, with what they have in common once, since all of them are more than a rule takes.
 */
export function anyTampering(): object {
  return {
    source: ['aws.backup'],
    $or: [
      callOn('backup', [...CALLS_ON_VAULT, ...CALLS_THAT_REMOVE, ...CALLS_THAT_CHANGE, ...CALLS_THAT_EXPOSE, ...CALLS_ON_SETTINGS]),
      callOn('backup', CALLS_ON_RECOVERY_POINT, NOT_BY_A_SERVICE),
      ofService([...EVENTS_OF_REMOVAL, ...EVENTS_OF_EXPOSURE, ...EVENTS_OF_SETTINGS]),
      { 'detail-type': [VAULT_STATE, PLAN_STATE], 'detail': { state: ['MODIFIED', 'DELETED'] } },
      { 'detail-type': [SETTINGS_STATE], 'detail': { state: ['MODIFIED'] } },
    ],
  };
}

/** What AWS Backup says of its own: what has which state now. */
function stateOf(what: string, path: string): Omit<CataloguedEvent, 'pattern' | 'subject'> {
  return {
    title: `${what} <changed> is <state>, account <account>, region <region>`,
    details: [`${what}: <changed>. State: <state>.`, TOLD_BY_CALL],
    nextSteps: [],
    paths: { changed: path, state: '$.detail.state' },
  };
}

const TOLD_BY_CALL = 'If AWS CloudTrail logs it, another message contains the caller.';

/** What AWS CloudTrail logs of AWS Backup's own doings, without a type of identity. */
function ofService(eventName: string[]): object {
  return { 'detail-type': [SERVICE_EVENT], 'detail': { eventName } };
}

function callOn(service: 'backup' | 'kms', eventName: string[], detail: object = {}): object {
  return { 'detail-type': [API_CALL], 'detail': { eventSource: [`${service}.amazonaws.com`], eventName, ...detail } };
}

function planIs(state: string, watched: Watched): CataloguedEvent {
  const { subject, names } = watched;
  return {
    ...stateOf('Plan', '$.detail.backupPlanId'),
    ...severityOf(watched),
    subject,
    pattern: { 'source': ['aws.backup'], 'detail-type': [PLAN_STATE], 'detail': { state: [state], ...names && { backupPlanId: names } } },
  };
}
