import { region_info } from 'aws-cdk-lib';
import type { ResourceType } from '../objectives/resource-type';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';
import type { Target } from '../targets/candidate';
import { encryptionOf } from '../targets/stateful-resources';
import type { SingleVault } from '../vault/single-vault';

/** Types that AWS Backup does not copy into another account, or at all, where a region has to be opted into. */
const NOT_IN_OPT_IN_REGIONS: Record<string, 'account' | 'any'> = {
  CloudFormation: 'account', DocumentDB: 'any', Neptune: 'account', Timestream: 'account',
};

/**
 * What AWS Backup can't copy of what a plan selects, and what it can copy only if somebody else allows it.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
 */
export interface CopyFindings {
  readonly problems: string[];
  readonly unchecked: string[];
}

export function copyFindings(targets: Target[], destinations: SingleVault[], home: Environment): CopyFindings {
  const problems = new Set<string>();
  const unchecked = new Set<string>();
  const types = new Set(targets.flatMap(({ type }) => type ?? []));
  for (const destination of destinations) {
    for (const type of types) {
      const ofType = targets.filter((target) => target.type === type);
      const problem = typeProblem(type, ofType, destination, home);
      if (problem) {
        problems.add(problem);
      } else if (differ(destination.environment.account, home.account) && !type.capabilities.fullManagement) {
        checkKeys(ofType, destination, (text) => problems.add(text), (text) => unchecked.add(text));
      }
    }
  }
  return { problems: [...problems], unchecked: [...unchecked] };
}

function typeProblem(type: ResourceType, targets: Target[], destination: SingleVault, home: Environment): string | undefined {
  const { backupVaultName, environment } = destination;
  const { crossAccountCopy, crossRegionCopy } = type.capabilities;
  const example = targets.find(({ resource }) => resource)?.resource?.node.path;
  const what = example ? `${type} ('${example}')` : String(type);
  const isAbroad = differ(environment.account, home.account);
  const where = isAbroad ? ' into another account' : '';
  if (!crossAccountCopy && !crossRegionCopy) {
    return `AWS Backup can't copy ${what}, so nothing reaches '${backupVaultName}': select it in a plan with 'copyTo: []'`;
  }
  if (isAbroad && !crossAccountCopy) {
    return `AWS Backup can't copy ${what}${where}, so nothing reaches '${backupVaultName}': select it in a plan of its own`;
  }
  const limit = NOT_IN_OPT_IN_REGIONS[type.resourceTypeName];
  const optIn = limit && (limit === 'any' || isAbroad) ? [home.region, environment.region].find(isOptIn) : undefined;
  return optIn && `AWS Backup can't copy ${what}${where} from or to ${optIn}, a region to opt into, so nothing reaches '${backupVaultName}': `
    + 'select it in a plan of its own';
}

function isOptIn(region: string): boolean {
  return region_info.RegionInfo.get(region).isOptInRegion;
}

/** Recovery points of a type without full AWS Backup management are encrypted with the key of their resource. */
function checkKeys(
  targets: Target[], { backupVaultName, environment }: SingleVault, problem: (text: string) => void, unchecked: (text: string) => void,
): void {
  for (const { resource, type } of targets) {
    const encryption = resource && encryptionOf(resource);
    if (encryption === 'aws') {
      problem(`'${resource!.node.path}' is encrypted with a key of AWS, which can't be shared, so its copies into account ${environment.account} fail `
        + `and nothing reaches '${backupVaultName}': give it a customer key, or select it in a plan of its own`);
    } else if (encryption !== 'none') {
      unchecked(`the keys of the selected ${type} resources: each must be a customer key whose policy lets AWS Backup of account `
        + `${environment.account} use it, since copies of ${type} are read with it`);
    }
  }
}
