import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { afterAllInEachStage, isBeingSynthesized, stageOf, takePartInSynthesis } from './at-synthesis';
import { isInTree } from './ordering';

/**
 * Names of properties, parameters and methods that messages quote and Python writes in another way: those of this library, which
 * `test/package/python-names.test.ts` compares with the API, and then those of the AWS CDK. They are listed so that other values in
 * quotes, such as ids and names of resources, stay as the user wrote them.
 */
const NAMES = new Set((
  'acceptNominalRpo accessPolicyStatements accountId addSelection alarmNamePrefix alarmSet '
  + 'allAccountsOfOrganization allOf approvalTopic arnPattern backupHealth backupJobAborted backupJobExpired '
  + 'backupJobFailed backupJobFailing backupJobWithIssues backupPlanChanged backupPlanId backupPlanName '
  + 'backupPlanRemoved backupPolicies backupSettingsChanged backupTampered backupVaultArns backupVaultName '
  + 'billingAccount blockRecoveryPointDeletion bucketName centralMonitoring changeDelay changeRetention '
  + 'changeableFor channelId channelName cloudTrail clusterName coldStorage completionWindow configCaptureFailed '
  + 'continuousBackup copyBack copyJobFailed copySources copyTo crossAccountBackup crossAccountCopy crossRegionCopy '
  + 'dailyChange dashboardName dataPerResource delegatedAdministrator deleteAfter deleteMarkerReplication '
  + 'deploymentRoles destinationBackupVaultArns documentArn documentName dynamoDbAdvancedFeatures '
  + 'dynamoDbIncrementalBackups emailAddresses encryptionKey encryptionKeys equalTo evaluationPeriods eventBus '
  + 'eventBusArn eventBusName eventName eventNotDelivered everyHours excludeResources excludeTags excludeTypes '
  + 'existingChat expectedDuration fileSystem firstHour fromArn fromBackupArchiveAttributes fromBackupPlanAttributes '
  + 'fromCluster fromConfigurationBucketAttributes fromConstruct fromDynamoDbTable fromEc2Instance fromEfsFileSystem '
  + 'fromName fromRdsCluster fromRdsInstance fromReplicatedBackupVault fromReplicatedBackupVaultAttributes '
  + 'fromReplicatedBucket fromReplicatedBucketAttributes fromS3Bucket fullManagement grantCopies healthAlarms '
  + 'imageNotKept imageRegions instanceRoles landingVault lastDay lifecycleRules localRetention logRetention '
  + 'logicallyAirGappedVault logsPerDay manageRegionSettings managementAccount maxRetention '
  + 'metricBytesPendingReplication metricName metricOperationsFailedReplication metricOperationsPendingReplication '
  + 'metricReplica metricReplicationLatency minRequiredApprovals minRetention monthlyLimit moveToColdStorageAfter '
  + 'noGoodConfigSnapshot noGoodCopy noGoodRecoveryPoint noncurrentVersionExpiration notEquals notLike '
  + 'notificationEvents notificationTopic objectLock objectLockMode observabilityRegions onChange oneOf '
  + 'organizationId organizationalUnit organizationalUnitPath passableRoles permissionsBoundary plaintextSecretFound '
  + 'recordRetention recoveryPointDeleted recoveryPointDeletionExceptions recoveryPointExposed '
  + 'recoveryPointNotDeleted recoveryPointPartial recoveryPointTags recoverySlowerThanObjective removalPolicy '
  + 'replicaAccessPolicyStatements replicaAccount replicaBucketName replicaEncryptionKey replicaLifecycleRules '
  + 'replicaObjectLock replicaRegion replicaScope replicaServerAccessLogsBucket replicaSinkArn replicaStorageClass '
  + 'replicaVaultLock replicaVaultName replicationBytesPending replicationFailed replicationLate '
  + 'replicationOperationsPending replicationRuleId replicationTimeControl resourceType resourceTypeName '
  + 'resourceTypes resourceTypesIfOffered restoreJobFailed restoreTesting roleName roleNames rolePath runbookBaseUrl '
  + 's3BackupAcls s3BackupObjectTags selfLogging serverAccessLogs serverAccessLogsBucket servicePrincipal sinkArn '
  + 'sourceArns sourceBackupVaultArns sourceBucketArns sourceRegion startWindow supportsCustomerKeys '
  + 'supportsObjectLock tagFilters teamId tenantId timeZone toReplicaOf topicName trailArn trailArns '
  + 'transitionDefaultMinimumObjectSize usageTypes vaultKeyTampered vaultLock vaultTampered vouchFor vpcFlowLogs '
  + 'weekDay windowsVss workspaceId ' // of this library
  + 'abortIncompleteMultipartUploadAfter addToResourcePolicy backupTarget deploymentType expirationDate expiredObjectDeleteMarker '
  + 'fromTopicAttributes keyArn keySpec keyUsage noncurrentVersionTransitions stackName topicArn transitionAfter transitionDate '
  + 'usePrecreatedRoles'
).split(' '));

/** Pattern of tokens of the AWS CDK in strings and lists. */
const TOKEN = /[#$]\{Token\[[^\]]*\]\}/g;
const QUOTED_TOKEN = new RegExp(`(['"])${TOKEN.source}\\1`, 'g');

/** Pattern of number tokens of the AWS CDK. */
const NUMBER = /-1\.888154589\d*e\+289/g;

/** A text for users, in which tokens are replaced by words. */
export function withoutTokens(text: string): string {
  return text.replace(QUOTED_TOKEN, 'a token').replace(TOKEN, '<token>').replace(NUMBER, '<token>');
}

/** What constructs call by other names than those that the user wrote, with what the user wrote. */
export type Words = readonly (readonly [inner: RegExp, outer: string])[];

/** Shared by every copy of this library in an app. */
const WORDS = Symbol.for('cdk-backup-dr.words');
type WithWords = IConstruct & { [WORDS]?: Words };

/** Has all messages and errors of what is below a construct name what its user wrote: properties of its parts are none of the user's. */
export function sayBelow(scope: WithWords, words: Words): void {
  scope[WORDS] = words;
}

/** A text about a construct, in the words of whoever wrote what that is a part of. */
function inWordsOf(scope: IConstruct | undefined, text: string): string {
  const words = scope?.node.scopes.slice(0, -1).flatMap((each: WithWords) => each[WORDS] ?? []) ?? [];
  return words.reduce((said, [inner, outer]) => said.replace(inner, outer), text);
}

/**
 * A text in which the first mention of each name in a line is followed by Python's form: `'deleteAfter' (delete_after)`. Java, Go and .NET
 * differ in the first letter at most.
 */
export function withPythonNames(text: string): string {
  return text.split('\n').map((line) => {
    const seen = new Set<string>();
    return line.replace(QUOTED, (whole, quoted: string, name: string, more: string | undefined) => {
      const form = toSnakeCase(name);
      if (!NAMES.has(name) || seen.has(name)) {
        return whole;
      }
      seen.add(name);
      if (more === undefined) {
        return `${quoted} (${form})`;
      }
      return isForm(more, form) ? whole : `${quoted} (${form}, ${more.slice(' ('.length)}`; // one pair of parentheses reads better than two
    });
  }).join('\n');
}

/** A text without Python's forms: what is added to a line again must match the words of its construct. */
function withoutPythonNames(text: string): string {
  return text.replace(QUOTED, (whole, quoted: string, name: string, more: string | undefined) => {
    if (more === undefined || !NAMES.has(name) || !isForm(more, toSnakeCase(name))) {
      return whole;
    }
    return more.endsWith(')') ? quoted : `${quoted} (`;
  });
}

/** A name of several words in quotes, which can be a method of a class or an item of a list, and how the parentheses behind it begin. */
const QUOTED = /('(?:[A-Z][A-Za-z]*\.)?([a-z][a-z0-9]*[A-Z][A-Za-z0-9]*)(?:\[\d+\]|\(\))?')( \((?:[a-z0-9_]+(?:\)|, ))?)?/g;

/** Whether parentheses begin with a form in Python: a message can be a part of another one. */
function isForm(parentheses: string, form: string): boolean {
  return parentheses === ` (${form})` || parentheses === ` (${form}, `;
}

/**
 * A name in Python, as jsii makes it.
 *
 * @see https://aws.github.io/jsii/user-guides/lib-author/typescript-restrictions/
 */
export function toSnakeCase(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z]+)/g, '$1_$2').toLowerCase();
}

/** A text for users of every language: without tokens, and with Python's form of names. */
export function forUsers(text: string, scope?: IConstruct): string {
  return withPythonNames(inWordsOf(scope, withoutPythonNames(withoutTokens(text))));
}

/**
 * Level of a message: a warning if a backup could be worthless or a setting is certainly unintended; an info for what could not be
 * checked.
 */
type Level = 'warning' | 'info' | 'not checked';

/**
 * A message of this library.
 */
interface Message {
  readonly id: string;
  readonly level: Level;
  readonly text: string;
}

/** Adds a warning that can be acknowledged. */
export function warn(scope: IConstruct, id: string, message: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'warning', text: forUsers(message, scope) });
}

/** Adds an info that can be acknowledged. */
export function inform(scope: IConstruct, id: string, message: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'info', text: forUsers(message, scope) });
}

/** Adds an info, which can be acknowledged, that something is not checked. `unchecked` of the registry registers that, too. */
export function informUnchecked(scope: IConstruct, id: string, reason: string): void {
  say(scope, { id: `${PREFIX}${id}`, level: 'not checked', text: forUsers(reason, scope) });
}

const PREFIX = 'cdk-backup-dr:';

/** The messages of a Stage, by their construct. Known to every copy of this library in an app. */
const MESSAGES = Symbol.for('cdk-backup-dr.messages');

type Messages = Map<IConstruct, Message[]>;

function messagesIn(stage: IConstruct & { [MESSAGES]?: Messages }): Messages {
  return stage[MESSAGES] ??= new Map();
}

function say(scope: IConstruct, message: Message): void {
  const messages = messagesIn(stageOf(scope));
  const said = messages.get(scope) ?? [];
  const { id, level, text } = message;
  if (said.some((other) => other.id === id && other.text === text)) {
    return;
  }
  said.push(message);
  messages.set(scope, said);
  takePartInSynthesis(scope);
  if (isAcknowledged(scope, id)) {
    return;
  }
  const annotations = Annotations.of(scope);
  if (level !== 'warning' || isBeingSynthesized(scope)) {
    // Without a stack trace, which takes longer than the check itself, and at synthesis only says that the app was synthesized.
    Object.assign(annotations, { stackTraces: false });
  }
  if (level === 'warning') {
    annotations.addWarningV2(id, text);
  } else {
    annotations.addInfoV2(id, level === 'info' ? text : `not checked: ${text}`);
  }
}

/**
 * Whether a message was acknowledged on the construct itself or on the App before it was added: the AWS CDK checks only the
 * scopes in between.
 */
function isAcknowledged({ node }: IConstruct, id: string): boolean {
  const { acks } = (node.root as { [ACKNOWLEDGEMENTS]?: { readonly acks?: unknown } })[ACKNOWLEDGEMENTS] ?? {};
  const ids: unknown[] = acks instanceof Map ? [acks.get(node.path), acks.get('')] : [];
  return ids.some((each) => each instanceof Set && each.has(id));
}

/** Where the AWS CDK stores acknowledgements. If a later version stores them elsewhere, none are found here. */
const ACKNOWLEDGEMENTS = Symbol.for('@aws-cdk/core.Acknowledgements');

const FILE = 'cdk-backup-dr-messages.json';

afterAllInEachStage((stage, { outdir }) => writeMessages(stage, outdir));

/** Writes all messages of a Stage into its assembly, because the AWS CDK can hide infos if there is a warning. */
function writeMessages(stage: IConstruct, outdir: string): void {
  const messages = [...messagesIn(stage)].filter(([construct]) => isInTree(construct)).flatMap(([{ node }, all]) => {
    const shown = node.metadata.map(({ data }) => String(data)).filter((data) => data.includes(PREFIX));
    return all.map(({ id, level, text }) => {
      const acknowledged = shown.some((data) => data.includes(`[ack: ${id}]`)) ? {} : { acknowledged: true };
      return { id, level, path: node.path, text, ...acknowledged };
    });
  });
  const file = join(outdir, FILE);
  if (messages.length > 0) {
    const keyed = messages.map((message) => [`${message.path}\n${message.id}\n${message.text}`, message] as const);
    const sorted = keyed.sort(([one], [other]) => one < other ? -1 : 1).map(([, message]) => message);
    writeFileSync(file, `${JSON.stringify({ version: 1, messages: sorted }, undefined, 2)}\n`);
  } else {
    rmSync(file, { force: true });
  }
}

/** Adds a validation on the tree. It only reports, and registers nothing. */
export function validate(scope: IConstruct, problems: () => string[]): void {
  scope.node.addValidation({ validate: () => problems().map((problem) => forUsers(problem, scope)) });
}
