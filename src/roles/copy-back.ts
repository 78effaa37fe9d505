import * as iam from 'aws-cdk-lib/aws-iam';
import type { CopyBackDrRoleProps } from './dr-role-props';
import { allow, describeAndGrant } from './role-statements';
import type { StatementsContext } from './role-statements';
import { differ, Environment } from '../private/environment';
import { describeValue } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

type Vaults = Pick<CopyBackDrRoleProps, 'sourceBackupVaultArns' | 'destinationBackupVaultArns'>;

/** Parts of an ARN may be tokens, as a partition often is. */
const VAULT_ARN = /^arn:([^:*?]+):backup:([^:*?]+):([^:*?]+):backup-vault:([^:*?]+)$/;

/** Where a vault is; undefined for an ARN that is a token as a whole. */
function environmentOf(arn: string): Environment | undefined {
  const [, , region, account] = VAULT_ARN.exec(arn) ?? [];
  return region === undefined ? undefined : new Environment(account, region);
}

/** Adds what is wrong with the vaults of a role that copies recovery points back. */
export function checkCopyBack(errors: PropsErrors, props: CopyBackDrRoleProps, home: Environment): void {
  for (const property of ['sourceBackupVaultArns', 'destinationBackupVaultArns'] as const) {
    const arns: unknown = props[property];
    if (!Array.isArray(arns)) {
      errors.add(`'${property}' must be a list of ARNs of backup vaults, such as ['${EXAMPLE}'], got ${arns === undefined || arns === null ? 'nothing' : describeValue(arns)}`);
      continue;
    }
    errors.whenEmpty(property, arns, 'vault');
    for (const arn of arns as unknown[]) {
      errors.when(typeof arn !== 'string' || (!isToken(arn) && !VAULT_ARN.test(arn)),
        () => `'${property}' must be ARNs of backup vaults, without wildcards, such as '${EXAMPLE}', got ${describeValue(arn)}`);
    }
  }
  const [sources, destinations] = [props.sourceBackupVaultArns, props.destinationBackupVaultArns].map((arns) => Array.isArray(arns) ? arns : []);
  for (const arn of sources) {
    const { account } = (typeof arn === 'string' && environmentOf(arn)) || home;
    errors.when(differ(account, home.account), () => `'sourceBackupVaultArns' must be of the role's own account ${home.account}: define the role there, got '${arn}'`);
  }
  for (const arn of destinations.filter((each) => sources.includes(each))) {
    errors.add(`'destinationBackupVaultArns' must be other vaults than 'sourceBackupVaultArns', got '${arn}' in both`);
  }
  for (const type of props.resourceTypes.filter(({ capabilities }) => !capabilities.crossAccountCopy && !capabilities.crossRegionCopy)) {
    errors.add(`'resourceTypes' must be types that AWS Backup can copy, got ${type}: leave it out`);
  }
}

const EXAMPLE = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:landing';

/** Whether nothing of a text is known. */
function isToken(text: string): boolean {
  return /^\$\{Token\[[^\]]*\]\}$/.test(text);
}

/**
 * What copying recovery points of DynamoDB tables back needs.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
 */
export function copyBackStatements(context: StatementsContext, { sourceBackupVaultArns, destinationBackupVaultArns }: Vaults): iam.PolicyStatement[] {
  const { partition, account } = context;
  const sources = sourceBackupVaultArns.map((arn) => new Environment(account, environmentOf(arn)?.region ?? '*'));
  const destinations = destinationBackupVaultArns.map((arn) => environmentOf(arn) ?? new Environment('*', '*'));
  const points = (environments: Environment[]) => unique(environments.map(({ region }) => `arn:${partition}:backup:${region}:${account}:recovery-point:*`));
  const own = destinations.filter((each) => each.account === account);
  return [
    // The resource of the action is the recovery point, whose ARN does not name its vault.
    allow('CopyFromVaults', ['backup:CopyFromBackupVault'], points(sources), {
      'ForAllValues:ArnEquals': { 'backup:CopyTargets': destinationBackupVaultArns },
      'Null': { 'backup:CopyTargets': 'false' }, // the other condition holds where there is no target
    }),
    allow('DescribeVaults', ['backup:DescribeBackupVault'], unique([...sourceBackupVaultArns, ...destinationBackupVaultArns])),
    allow('CopyIntoVaults', ['backup:CopyIntoBackupVault'], destinationBackupVaultArns),
    ...own.length === 0 ? [] : [allow('TagRecoveryPoints', ['backup:TagResource'], points(own))],
    ...describeAndGrant(unique([...sources, ...destinations].map((each) => `arn:${partition}:kms:${each.region}:${each.account}:key/*`))),
  ];
}

/** What keeps the managed policy of the other types, which allows every vault, to those that are named. */
export function noOtherVault({ destinationBackupVaultArns }: Vaults): iam.PolicyStatement[] {
  const deny = (sid: string, action: string, rest: iam.PolicyStatementProps) =>
    new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions: [action], ...rest });
  return [
    deny('DenyOtherVaults', 'backup:CopyIntoBackupVault', { notResources: destinationBackupVaultArns }),
    deny('DenyOtherTargets', 'backup:CopyFromBackupVault', {
      resources: ['*'], conditions: { 'ForAnyValue:ArnNotEquals': { 'backup:CopyTargets': destinationBackupVaultArns } },
    }),
  ];
}

/** Reasons for wildcards, by the id of the statement. */
export function copyBackWildcardReasons(): Record<string, string> {
  const points = 'AWS Backup generates the ID of a recovery point, so the policy cannot list recovery points. A condition limits the vaults that the role can '
    + 'copy into.';
  const keys = 'The keys of the vaults are not known by their IDs on the other side. The role can only describe keys and create grants for AWS services.';
  return { CopyFromVaults: points, TagRecoveryPoints: points, DescribeKeys: keys, GrantKeysToServices: keys };
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
