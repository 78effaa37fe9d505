import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { ReplicatedBackupVaultAttributes, ReplicatedBackupVaultProps } from './replicated-backup-vault-props';
import type { VaultLock } from './vault-lock';
import { VAULT_NAMES } from './vaults-in-app';
import { checkTopic } from '../notification/topic-checks';
import { Environment } from '../private/environment';
import { checkKey, checkRegion, checkReplicaPlace } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';
import { isInTwinStack } from '../private/region-stack';
import { Registry } from '../private/registry';
import { roleNameProblem } from '../roles/role-path';

/**
 * Checks of the properties of a vault at synthesis.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
 */
export function checkVaultProps(scope: IConstruct, props: ReplicatedBackupVaultProps, home: Environment, names: Names): void {
  const errors = new PropsErrors('ReplicatedBackupVaultProps', scope);
  checkLists(errors, props);
  const hasReplica = props.replicaRegion !== undefined || props.replicaScope !== undefined;
  const { replicaRegion, replicaScope } = props;
  const away = replicaScope ? Environment.of(replicaScope) : new Environment(home.account, replicaRegion ?? home.region);

  checkName(errors, 'backupVaultName', props.backupVaultName);
  checkName(errors, 'replicaVaultName', props.replicaVaultName);
  if (hasReplica) {
    checkReplicaName(errors, props, names);
    checkReplica(errors, props, home, away);
  } else {
    errors.when(props.landingVault, () => "'landingVault' has no effect without a replica: set 'replicaRegion' too, or leave it out");
    for (const property of ['replicaVaultName', 'replicaEncryptionKey', 'replicaVaultLock', 'replicaAccessPolicyStatements'] as const) {
      errors.when(props[property] !== undefined, () => `'${property}' has no effect without a replica: set 'replicaRegion' too, or leave it out`);
    }
  }
  checkNotTaken(errors, scope, home, 'backupVaultName', names.backupVaultName);
  if (hasReplica) {
    checkNotTaken(errors, scope, away, 'replicaVaultName', names.replicaVaultName);
  }
  checkNotification(errors, scope, props, home);
  checkExceptions(errors, props, hasReplica);
  checkStatements(errors, 'accessPolicyStatements', props.accessPolicyStatements);
  checkStatements(errors, 'replicaAccessPolicyStatements', props.replicaAccessPolicyStatements);
  checkKey(errors, 'encryptionKey', props.encryptionKey, 'vault', home);
  errors.throwIfAny();
}

/**
 * Checks of the attributes of an imported vault.
 */
export function checkVaultAttributes(scope: IConstruct, id: string, attrs: ReplicatedBackupVaultAttributes): void {
  const errors = new PropsErrors(`ReplicatedBackupVaultAttributes of '${id}'`, scope);
  for (const property of ['backupVaultName', 'account', 'region'] as const) {
    errors.whenMissing(property, attrs?.[property], 'that of the vault');
  }
  errors.throwIfAny();
  const { backupVaultName, account, region, replicaAccount, replicaRegion, replicaVaultName } = attrs;
  for (const [property, name] of Object.entries({ backupVaultName, replicaVaultName })) {
    errors.when(name !== undefined && !Token.isUnresolved(name) && !NAME.test(name) && !NAME_BY_AWS.test(name), () => nameProblem(property, name!));
  }
  for (const [property, value] of Object.entries({ account, replicaAccount })) {
    errors.when(value !== undefined && !Token.isUnresolved(value) && !/^\d{12}$/.test(value), () => `'${property}' must be 12 digits, got '${value}'`);
  }
  for (const [property, value] of Object.entries({ region, replicaRegion })) {
    checkRegion(errors, property, value);
  }
  errors.when(replicaRegion !== undefined && replicaRegion === region && (replicaAccount ?? account) === account,
    () => `'replicaRegion' must differ from the region of the vault, ${region}`);
  for (const property of ['replicaAccount', 'replicaVaultName', 'replicaVaultLock'] as const) {
    errors.when(replicaRegion === undefined && attrs[property] !== undefined,
      () => `'${property}' has no effect without a replica: set 'replicaRegion' too, or leave it out`);
  }
  errors.throwIfAny();
}

const NAME = /^[A-Za-z0-9\-_]{2,50}$/;

/** Vaults that AWS creates, such as that of the automatic backups of Amazon EFS. */
const NAME_BY_AWS = /^(?=.{1,50}$)aws(\/[A-Za-z0-9\-_]+)+$/;

/** The names in the template, specified or generated. */
interface Names {
  readonly backupVaultName: string;
  readonly replicaVaultName: string;
}

function nameProblem(property: string, name: string): string {
  return `'${property}' must be 2 to 50 letters, digits, hyphens and underscores, got '${name}' (${name.length} characters)`;
}

function checkName(errors: PropsErrors, property: string, name: string | undefined): void {
  if (name === undefined) {
    return;
  }
  if (Token.isUnresolved(name)) {
    errors.add(`'${property}' must be a literal name, because templates of other accounts and regions contain its ARN, got a token`);
    return;
  }
  errors.when(!NAME.test(name), () => nameProblem(property, name));
  errors.when(/^aws-?controltower/i.test(name),
    () => `'${property}' must not begin with 'aws-controltower', which is reserved for AWS Control Tower, got '${name}'`);
  errors.when(name === 'Default', () => `'${property}' must not be 'Default': other accounts can't copy into the default vault of AWS Backup`);
}

function checkReplicaName(errors: PropsErrors, props: ReplicatedBackupVaultProps, { backupVaultName, replicaVaultName }: Names): void {
  const isMade = props.replicaVaultName === undefined && !Token.isUnresolved(backupVaultName);
  errors.when(isMade && backupVaultName.length > 42 && backupVaultName.length <= 50,
    () => "'backupVaultName' must be at most 42 characters, because the name of the replica appends '-replica' to it, "
      + `got '${backupVaultName}' (${backupVaultName.length} characters); shorten it, or set 'replicaVaultName'`);
  errors.when(replicaVaultName === backupVaultName,
    () => "'replicaVaultName' must differ from the name of the vault: the metrics of copy jobs identify a vault by its name only, "
      + `so copies that no longer arrive in the replica would not be noticed, got '${replicaVaultName}'`);
}

function checkReplica(errors: PropsErrors, props: ReplicatedBackupVaultProps, home: Environment, away: Environment): void {
  const { replicaRegion, replicaScope, replicaEncryptionKey } = props;
  checkReplicaPlace(errors, { what: 'vault', whoCopies: 'AWS Backup copies', replicaRegion, replicaScope, home, away });
  checkKey(errors, 'replicaEncryptionKey', replicaEncryptionKey, 'replica', away);
}

/** Two vaults with the same name, account and region: the deployment of the second one fails, or replaces the policies of the first one. */
function checkNotTaken(errors: PropsErrors, scope: IConstruct, { account, region, isLiteral }: Environment, property: string, name: string): void {
  const taken = !isLiteral ? undefined : Registry.of(scope).find(VAULT_NAMES, ({ backupVaultName, environment, by }) =>
    backupVaultName === name && environment.account === account && environment.region === region && !isInTwinStack(by, scope));
  errors.when(taken !== undefined, () => `the name '${name}' in account ${account}, region ${region} is already used by '${taken!.by.node.path}': set '${property}' to another name`);
}

function checkNotification(errors: PropsErrors, scope: IConstruct, props: ReplicatedBackupVaultProps, home: Environment): void {
  const { notificationTopic: topic, notificationEvents: events } = props;
  errors.when(events && !topic, () => "'notificationEvents' has no effect without a topic: set 'notificationTopic' too, or leave it out");
  errors.whenEmpty('notificationEvents', events, 'event', 'leave it out for the default events');
  checkTopic(errors, 'notificationTopic', topic, 'AWS Backup', { of: 'the vault', environment: home, scope });
}

/** Checks the lists before their items are read. */
function checkLists(errors: PropsErrors, props: ReplicatedBackupVaultProps): void {
  errors.whenNotList('copySources', props.copySources, 'CopySource');
  errors.whenNotList('recoveryPointDeletionExceptions', props.recoveryPointDeletionExceptions, 'name of a role');
  errors.whenNotList('accessPolicyStatements', props.accessPolicyStatements, 'PolicyStatement');
  errors.whenNotList('replicaAccessPolicyStatements', props.replicaAccessPolicyStatements, 'PolicyStatement');
  errors.whenNotList('notificationEvents', props.notificationEvents, 'BackupVaultEvent');
  errors.throwIfAny();
}

function checkExceptions(errors: PropsErrors, props: ReplicatedBackupVaultProps, hasReplica: boolean): void {
  const { recoveryPointDeletionExceptions: exceptions, blockRecoveryPointDeletion, vaultLock, replicaVaultLock = vaultLock } = props;
  const isFinal = (lock?: VaultLock) => lock?.changeableFor !== undefined;
  errors.whenEmpty('recoveryPointDeletionExceptions', exceptions, 'role', 'leave it out if nobody should be able to delete');
  errors.when(exceptions && blockRecoveryPointDeletion === false,
    () => "'recoveryPointDeletionExceptions' has no effect if 'blockRecoveryPointDeletion' is false: leave one of them out");
  errors.when(exceptions && isFinal(vaultLock) && (!hasReplica || isFinal(replicaVaultLock)),
    () => "'recoveryPointDeletionExceptions' has no effect with a compliance lock, which allows nobody to delete: leave it out");
  for (const name of exceptions ?? []) {
    const problem = roleNameProblem('recoveryPointDeletionExceptions', name);
    errors.when(problem !== undefined, () => problem!);
  }
}

/** What AWS Backup accepts in an access policy: it rejects wildcards, and ignores actions of other services. */
function checkStatements(errors: PropsErrors, property: string, statements: iam.PolicyStatement[] | undefined): void {
  errors.whenEmpty(property, statements, 'statement', property === 'accessPolicyStatements' ? 'leave it out for no additional statements' : 'leave it out for those of the vault');
  for (const { sid, actions, notActions, hasPrincipal, resources, notResources } of statements ?? []) {
    const which = sid === undefined ? '' : `, got one with the Sid '${sid}'`;
    errors.when(!hasPrincipal, () => `'${property}' must have statements with 'principals'${which}`);
    errors.when(notActions.length > 0 || actions.length === 0 || actions.some((action) => !Token.isUnresolved(action) && !/^backup:[A-Za-z]+$/.test(action)),
      () => `'${property}' must contain only actions of AWS Backup without wildcards, such as 'backup:StartRestoreJob', got '${[...actions, ...notActions].join(', ')}'`);
    errors.when(notResources.length === 0 && resources.length === 0,
      () => `'${property}' must have statements with 'resources', such as '*' for everything that the policy covers${which}`);
    errors.when(sid !== undefined && /^(CopyFrom|BlockRecoveryPointDeletion)/.test(sid), () => `'${property}' must not use the Sid '${sid}', which a statement of the vault uses`);
  }
  const sids = (statements ?? []).flatMap(({ sid }) => sid ?? []);
  for (const sid of new Set(sids.filter((each, index) => sids.indexOf(each) !== index))) {
    errors.add(`'${property}' must have statements with unique Sids, got '${sid}' ${sids.filter((each) => each === sid).length} times`);
  }
}
