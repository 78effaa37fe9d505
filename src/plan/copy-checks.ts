import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { destinationsOf } from './destinations';
import type { PlanFact } from './plans-in-app';
import { copyLimits } from '../objectives/copy-limits';
import { ResourceType } from '../objectives/resource-type';
import { differ, Environment } from '../private/environment';
import { warn } from '../private/messages';
import { FactKind, sayStatements, unchecked, uncheckedPolicy } from '../private/registry';
import { literalRoleName } from '../roles/role-name';
import type { Target } from '../targets/candidate';
import { encryptionOf } from '../targets/encryption';
import type { Encryption } from '../targets/encryption';
import { persistentOptionsOf } from '../targets/option-groups';
import { some } from '../targets/target-messages';
import type { TargetMessage } from '../targets/target-messages';
import { CopySource } from '../vault/copy-source';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';
import { copyStatements, keyStatementsForDestinations } from '../vault/vault-policies';

/**
 * Resources of a plan that AWS Backup can't copy, or can copy only with additional permissions.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
 */
export interface CopyFindings {
  readonly problems: string[];
  readonly messages: TargetMessage[];
}

interface Source {
  readonly scope: IConstruct;
  readonly environment: Environment;
  readonly vault: IReplicatedBackupVault;
  readonly sharedKeys: readonly kms.IKey[];
}

/** The keys that a plan shares with the accounts that it copies into. */
export const SHARED_KEYS = new FactKind<kms.IKey>('shared key');

/**
 * @param isKnown Whether the targets are all selected resources
 */
export function copyFindings(targets: Target[], isKnown: boolean, destinations: SingleVault[], source: Source): CopyFindings {
  const { environment: home, vault } = source;
  const problems = new Set<string>();
  const messages = new Map<string, TargetMessage>();
  const types = new Set(targets.flatMap(({ type }) => type ?? []));
  const note = (message: TargetMessage) => messages.set(message.text, message);
  const readWithKeys = new Map<Target, Set<string>>();
  for (const destination of destinations) {
    const { account } = destination.environment;
    for (const type of types) {
      const ofType = targets.filter((target) => target.type === type);
      const { problem, warning } = typeFindings(type, ofType, destination, home);
      if (problem) {
        problems.add(problem);
      } else if (differ(account, home.account) && !type.capabilities.fullManagement) {
        const { ofAws, others } = byKey(ofType, source.sharedKeys);
        ofAws.forEach((target) => problems.add(keyProblem(target, destination)));
        others.forEach((target) => readWithKeys.set(target, (readWithKeys.get(target) ?? new Set()).add(account)));
      }
      if (warning) {
        note({ id: 'unknownRegion', text: warning });
      }
    }
    optionGroupMessages(targets, destination, home).forEach(note);
    const ofKey = vaultKeyWarning([...types], isKnown, vault, destination, home);
    if (ofKey) {
      note(ofKey);
    }
  }
  if (readWithKeys.size > 0) {
    note(resourceKeysWarning(readWithKeys, source.scope));
  }
  return { problems: [...problems], messages: [...messages.values()] };
}

function typeFindings(
  type: ResourceType, targets: Target[], { backupVaultName, environment }: SingleVault, home: Environment,
): { problem?: string; warning?: string } {
  const { crossAccountCopy, crossRegionCopy } = type.capabilities;
  const example = targets.find(({ resource }) => resource)?.resource?.node.path;
  const what = example ? `${type} ('${example}')` : String(type);
  const isAbroad = differ(environment.account, home.account);
  if (!crossAccountCopy && !crossRegionCopy) {
    return { problem: `AWS Backup can't copy ${what}, so nothing reaches '${backupVaultName}': select it in a plan with 'copyTo: []'` };
  }
  if (isAbroad && !crossAccountCopy) {
    return { problem: `AWS Backup can't copy ${what} into another account, so nothing reaches '${backupVaultName}': select it in a separate plan` };
  }
  const { limit, unknownRegion } = copyLimits(type, home, environment);
  return {
    problem: limit && `AWS Backup can't copy ${what}${limit}, so nothing reaches '${backupVaultName}': select it in a separate plan`,
    warning: unknownRegion && `this version of the AWS CDK does not know the region ${unknownRegion}, so it is not checked whether AWS Backup copies ${type} from or to it: `
      + 'see the feature availability of AWS Backup',
  };
}

/** Resources that are encrypted with an AWS managed key, and those with another key that is not known to be shared. */
function byKey(targets: Target[], sharedKeys: readonly kms.IKey[]): { ofAws: Target[]; others: Target[] } {
  const shared = new Map<Stack, Set<string>>();
  const all = targets.map((target) => ({ target, encryption: keyOfTarget(target, sharedKeys, shared) }));
  return {
    ofAws: all.flatMap(({ target, encryption }) => encryption === 'aws' ? target : []),
    others: all.flatMap(({ target, encryption }) => encryption === 'customer' || encryption === 'unknown' ? target : []),
  };
}

/** Recovery points of a type without full AWS Backup management are encrypted with the key of their resource. */
function keyOfTarget({ resource, properties }: Target, sharedKeys: readonly kms.IKey[], byStack: Map<Stack, Set<string>>): Encryption | 'shared' {
  const encryption = resource && properties ? encryptionOf(resource.cfnResourceType, properties) : 'unknown';
  if (encryption !== 'customer' || sharedKeys.length === 0) {
    return encryption;
  }
  const stack = Stack.of(resource!);
  // In the notation of the template of the resource, which has its own references to keys of other stacks.
  const names = byStack.get(stack)
    ?? new Set(sharedKeys.flatMap(({ keyArn, keyId }) => [keyArn, keyId]).map((name) => JSON.stringify(stack.resolve(name))));
  byStack.set(stack, names);
  return names.has(JSON.stringify(properties!.raw('KmsKeyId'))) ? 'shared' : encryption;
}

function keyProblem({ resource }: Target, { backupVaultName, environment: { account } }: SingleVault): string {
  return `'${resource!.node.path}' is encrypted with an AWS managed key, which can't be shared, so its copies into account ${account} fail `
    + `and nothing reaches '${backupVaultName}': use a customer managed key, or select it in a separate plan`;
}

function resourceKeysWarning(targets: Map<Target, Set<string>>, scope: IConstruct): TargetMessage {
  const accounts = [...new Set([...targets.values()].flatMap((each) => [...each]))];
  const types = [...new Set([...targets.keys()].map(({ type }) => String(type)))];
  const paths = [...targets.keys()].flatMap(({ resource }) => resource?.node.path ?? []);
  return {
    id: 'resourceKeys',
    isUnchecked: 'vital',
    text: `copies of ${types.join(', ')} into account ${accounts.join(', ')} are read with the keys of the resources${paths.length > 0 ? ` (${some(paths)})` : ''}, and fail unless each `
      + "of them is a customer managed key that AWS Backup in that account may use: call 'grantCopies' of the plan with each key that this app defines, and add to the policy of each "
      + `other key ${sayStatements(scope, statementsForCopies(scope, accounts))}, or acknowledge this warning if it already contains them`,
  };
}

/** Statements that allow AWS Backup in accounts to use a key of recovery points. Without ids, because several plans can share a key. */
export function statementsForCopies(scope: IConstruct, accounts: string[]): iam.PolicyStatement[] {
  const partition = Environment.of(scope).partitionIn(scope);
  const statements = keyStatementsForDestinations(partition, () => accounts.map((account) => CopySource.account(account)), '');
  return statements.map((statement) => {
    statement.sid = undefined;
    return statement;
  });
}

/**
 * A copy into another region does not include the option group.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html#cross-region-considerations
 */
function optionGroupMessages(targets: Target[], { environment: { region } }: SingleVault, home: Environment): TargetMessage[] {
  if (!differ(region, home.region)) {
    return [];
  }
  const found = targets.flatMap((target) => {
    const options = persistentOptionsOf(target);
    return options.length === 0 ? [] : [{ path: target.resource?.node.path ?? target.arn, options }];
  });
  const persistent = found.filter(({ options }) => options !== 'unknown');
  const unknown = found.filter(({ options }) => options === 'unknown');
  const names = [...new Set(persistent.flatMap(({ options }) => options))].join(', ');
  return [
    ...persistent.length === 0 ? [] : [{
      id: 'optionGroup',
      text: `the option group of ${some(persistent.map(({ path }) => path))} has persistent options (${names}), which AWS Backup does not copy: copies into ${region} fail `
        + 'unless that region has an option group with the same options, so create one there',
    }],
    ...unknown.length === 0 ? [] : [{
      id: 'unknownOptionGroup',
      isUnchecked: true,
      text: `whether the option groups of ${some(unknown.map(({ path }) => path))} have persistent options: if so, copies into ${region} fail `
        + 'unless that region has an option group with the same options',
    }],
  ];
}

/** Whether the key of a vault is an AWS managed key, whose policy can't be changed. */
function hasAwsManagedKey(vault: IReplicatedBackupVault): boolean {
  return !(vault instanceof ReplicatedBackupVault) && vault.backupVaultName === 'Default';
}

/**
 * Recovery points of types with full AWS Backup management are encrypted with the key of their vault. Those of Amazon EFS
 * can be copied from a vault with an AWS managed key nevertheless.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html#copy-encryption
 */
function vaultKeyWarning(
  types: ResourceType[], isKnown: boolean, vault: IReplicatedBackupVault, { environment: { account } }: SingleVault, home: Environment,
): TargetMessage | undefined {
  if (!hasAwsManagedKey(vault) || !differ(account, home.account)) {
    return undefined;
  }
  const concerned = types.filter((type) => type.capabilities.fullManagement && type.resourceTypeName !== ResourceType.EFS.resourceTypeName);
  const what = [...concerned.map(String), ...isKnown ? [] : ['all other selected types with full AWS Backup management except Amazon EFS']];
  return what.length === 0 ? undefined : {
    id: 'awsManagedVaultKey',
    text: `the vault '${vault.backupVaultName}' is encrypted with the AWS managed key aws/backup, whose policy can't be changed to allow account ${account}, `
      + `and AWS advises against copies from it into another account: back up ${what.join(', ')} into a vault with a customer managed key`,
  };
}

/** Adds the permissions for a copy into another account on both sides: the key of the source and the destination vault. */
export function openForCopies(scope: IConstruct, plan: PlanFact, role: iam.IRole): void {
  const { vault, environment: { account } } = plan;
  const abroad = destinationsOf(plan).filter(({ isOwn, environment }) => !isOwn && differ(environment.account, account));
  for (const { environment, backupVaultName, parts, vaultLock } of abroad) {
    if (vault instanceof ReplicatedBackupVault) {
      vault._primaryParts.shareKeyWith(scope, environment.account);
    } else if (!hasAwsManagedKey(vault)) {
      uncheckedPolicy(scope, 'importedVaultKeyPolicy', `the key of the imported vault '${vault.backupVaultName}', which AWS Backup in account ${environment.account} needs to read the source`,
        ...statementsForCopies(scope, [environment.account]));
    }
    if (parts) {
      const isListed = parts.admit(scope, account, role);
      if (!isListed && vaultLock?.changeableFor) {
        warn(scope, 'lockedVaultOpened', `vault '${backupVaultName}' has a compliance lock, and 'copySources' of the vault does not allow `
          + `account ${account}, so this plan changes its access policy, as each additional account would; after the lock is final, such a change might fail: `
          + 'add every account that will copy to the \'copySources\' of the vault before that, or its organizational unit or the organization');
      }
    } else {
      const roleName = literalRoleName(role);
      const [statement] = copyStatements(Environment.of(scope).partitionIn(scope), () =>
        [CopySource.account(account, roleName === undefined ? {} : { roleNames: [roleName] })]);
      statement.sid = undefined;
      unchecked(scope, 'importedVaultPolicy', `the access policy of the imported vault '${backupVaultName}', which must allow account ${account} to copy into it`
        + `${roleName === undefined ? '' : ` with role '${roleName}'`}, by ${sayStatements(scope, [statement])}, or by a wider statement for the account or for the organization of the account`);
    }
  }
}
