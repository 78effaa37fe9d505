import { copyLimits } from '../objectives/copy-limits';
import { ResourceType } from '../objectives/resource-type';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import type { Target } from '../targets/candidate';
import { encryptionOf } from '../targets/encryption';
import { persistentOptionsOf } from '../targets/option-groups';
import { some } from '../targets/target-messages';
import type { TargetMessage } from '../targets/target-messages';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';

/**
 * What AWS Backup can't copy of what a plan selects, and what it can copy only if somebody else allows it.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
 */
export interface CopyFindings {
  readonly problems: string[];
  readonly unchecked: string[];
  readonly messages: TargetMessage[];
}

interface Source {
  readonly environment: Environment;
  readonly vault: IReplicatedBackupVault;
}

/**
 * @param isKnown Whether the targets are all that is selected
 */
export function copyFindings(targets: Target[], isKnown: boolean, destinations: SingleVault[], source: Source): CopyFindings {
  const { environment: home, vault } = source;
  const problems = new Set<string>();
  const unchecked = new Set<string>();
  const messages = new Map<string, TargetMessage>();
  const types = new Set(targets.flatMap(({ type }) => type ?? []));
  const note = (message: TargetMessage) => messages.set(message.text, message);
  for (const destination of destinations) {
    for (const type of types) {
      const ofType = targets.filter((target) => target.type === type);
      const { problem, warning } = typeFindings(type, ofType, destination, home);
      if (problem) {
        problems.add(problem);
      } else if (differ(destination.environment.account, home.account) && !type.capabilities.fullManagement) {
        checkKeys(ofType, destination, (text) => problems.add(text), (text) => unchecked.add(text));
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
  return { problems: [...problems], unchecked: [...unchecked], messages: [...messages.values()] };
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
    return { problem: `AWS Backup can't copy ${what} into another account, so nothing reaches '${backupVaultName}': select it in a plan of its own` };
  }
  const { limit, unknownRegion } = copyLimits(type, home, environment);
  return {
    problem: limit && `AWS Backup can't copy ${what}${limit}, so nothing reaches '${backupVaultName}': select it in a plan of its own`,
    warning: unknownRegion && `this version of the AWS CDK does not know the region ${unknownRegion}, so whether AWS Backup copies ${type} from or to it is not checked: `
      + 'look it up in the feature availability of AWS Backup',
  };
}

/** Recovery points of a type without full AWS Backup management are encrypted with the key of their resource. */
function checkKeys(
  targets: Target[], { backupVaultName, environment }: SingleVault, problem: (text: string) => void, unchecked: (text: string) => void,
): void {
  for (const { resource, properties, type } of targets) {
    const encryption = resource && properties ? encryptionOf(resource.cfnResourceType, properties) : 'unknown';
    if (encryption === 'aws') {
      problem(`'${resource!.node.path}' is encrypted with an AWS managed key, which can't be shared, so its copies into account ${environment.account} fail `
        + `and nothing reaches '${backupVaultName}': give it a customer managed key, or select it in a plan of its own`);
    } else if (encryption !== 'none') {
      unchecked(`the keys of the selected ${type} resources: each must be a customer managed key whose policy lets AWS Backup of account `
        + `${environment.account} use it, since copies of ${type} are read with it`);
    }
  }
}

/**
 * A copy into another region does not take the option group along.
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
        + 'unless that region has an option group with the same options, so create it there',
    }],
    ...unknown.length === 0 ? [] : [{
      text: `whether the option groups of ${some(unknown.map(({ path }) => path))} have persistent options: if so, copies into ${region} fail `
        + 'unless that region has an option group with the same options',
    }],
  ];
}

/** Whether the key of a vault is one that AWS manages, whose policy nobody can change. */
export function hasAwsManagedKey(vault: IReplicatedBackupVault): boolean {
  return !(vault instanceof ReplicatedBackupVault) && vault.backupVaultName === 'Default';
}

/**
 * Recovery points of types with full AWS Backup management are encrypted with the key of their vault. Those of Amazon EFS are copied
 * out of a vault with an AWS managed key all the same.
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
  const what = [...concerned.map(String), ...isKnown ? [] : ['whatever else is selected of the types with full AWS Backup management, Amazon EFS excepted']];
  return what.length === 0 ? undefined : {
    id: 'awsManagedVaultKey',
    text: `the vault '${vault.backupVaultName}' is encrypted with the AWS managed key aws/backup, whose policy nobody can change to let account ${account} read, `
      + `and AWS advises against copies into another account out of it: back up ${what.join(', ')} into a vault with a customer managed key`,
  };
}
