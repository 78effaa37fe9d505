import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BackupArchiveProps } from './backup-archive-props';
import { ALARM_SET } from '../alarms/alarm-checks';
import { Environment } from '../private/environment';
import { checkOrganizationId } from '../private/environment-checks';
import { validate } from '../private/messages';
import type { Words } from '../private/messages';
import { hasAll, SHAPES } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';
import { sayStatements, unchecked } from '../private/registry';
import { CopySource } from '../vault/copy-source';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { nameOf, primaryOf, replicaOf } from '../vault/single-vault';
import { copyStatements } from '../vault/vault-policies';

export const SHAPES_OF_ARCHIVE = {
  accounts: SHAPES.texts,
  organizationId: SHAPES.text,
  roleNames: SHAPES.texts,
  replicaRegion: SHAPES.text,
  backupVaultName: SHAPES.text,
  eventBusName: SHAPES.text,
  vault: { ...SHAPES.vaults, what: 'a vault (ReplicatedBackupVault)', isList: false },
  alarmSet: ALARM_SET,
  resourceTypes: { what: 'resource types, such as ResourceType.DYNAMODB', is: hasAll('resourceTypeName', 'capabilities'), isList: true },
};

export const SHAPES_OF_ATTRIBUTES = {
  backupVaultName: { ...SHAPES.text, isRequired: true },
  account: { ...SHAPES.text, isRequired: true },
  region: { ...SHAPES.text, isRequired: true },
  replicaRegion: SHAPES.text,
  replicaVaultName: SHAPES.text,
  vaultLock: { what: 'a VaultLock, such as VaultLock.governance(…)', is: hasAll('minRetention') },
  replicaVaultLock: { what: 'a VaultLock, such as VaultLock.governance(…)', is: hasAll('minRetention') },
  eventBusArn: SHAPES.text,
  organizationId: SHAPES.text,
};

/** What the parts of an archive call by other names. */
export const WORDS_OF_ARCHIVE: Words = [
  [/'copySources'( of the vault)?/g, "'accounts'"],
  [/set 'replicaScope' to a stack of your own in (\S+)/g, "set a 'vault' whose 'replicaScope' is a stack of your own in $1"],
];

/** What is wrong with the properties of an archive itself; those of its parts refuse the rest. */
export function checkArchive(errors: PropsErrors, scope: Construct, props: BackupArchiveProps): void {
  const { accounts, organizationId, roleNames, vault } = props;
  const home = Environment.of(scope);
  errors.when(!home.isLiteral, () => `an archive requires a literal account and region, by which other accounts identify it: set the 'env' of its stack, got ${home}`);
  errors.when(!accounts && !organizationId,
    () => "'accounts' or 'organizationId' is required, to allow copies into the archive: ids of accounts, or the id of an organization such as 'o-exampleorg12'");
  errors.whenEmpty('accounts', accounts, 'account');
  for (const account of accounts ?? []) {
    errors.when(Token.isUnresolved(account) || !/^\d{12}$/.test(account),
      () => `'accounts' must be literal account ids of 12 digits, got ${Token.isUnresolved(account) ? 'a token' : `'${account}'`}`);
  }
  checkOrganizationId(errors, organizationId ?? undefined);
  errors.when(organizationId !== undefined && !accounts && !roleNames && !vault,
    () => "'roleNames' is required if every account of 'organizationId' may copy: the names of the roles of their plans; or set 'accounts'");
  errors.whenEmpty('resourceTypes', props.resourceTypes, 'type', 'leave it out for DynamoDB');
  for (const property of ['roleNames', 'replicaRegion', 'vaultLock', 'replicaVaultLock', 'backupVaultName'] as const) {
    errors.when(vault !== undefined && props[property] !== undefined, () => `'${property}' applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here`);
  }
  errors.when(vault !== undefined && new Environment(vault.account, vault.region).differsFrom(home),
    () => `'vault' must be in the account and region of the archive (${home}), got '${vault!.backupVaultName}' in ${new Environment(vault!.account, vault!.region)}`);
  if (!home.isLiteral || vault) {
    errors.throwIfAny(); // the parts would say the same in their own ways
  }
}

/** Who may copy into the vault that is made. */
export function copySourcesOf({ accounts, organizationId, roleNames }: BackupArchiveProps): CopySource[] {
  return accounts?.map((account) => CopySource.account(account, { roleNames })) ?? [CopySource.organization(organizationId!, { roleNames })];
}

/**
 * Whether a given vault allows those that the archive is for: at synthesis, because a plan of the app has its role allowed whenever it is
 * defined.
 */
export function checkGivenVault(scope: Construct, vault: IReplicatedBackupVault, props: BackupArchiveProps): void {
  const own = Environment.of(scope).account;
  for (const side of [primaryOf(vault), replicaOf(vault)].flatMap((each) => each ?? [])) {
    if (side.parts) {
      const { parts } = side;
      validate(scope, () => {
        const missing = (props.accounts ?? []).filter((account) => account !== own && !parts.letsIn(account));
        const add = (sources: string) => `${parts.letsInNobody ? 'no account' : 'only others'}: add ${sources} to the 'copySources' of '${vault.node.path}'`;
        return [
          ...missing.length === 0 ? []
            : [`'accounts' must be allowed by 'vault', and ${nameOf(side)} allows ${add(missing.map((account) => `CopySource.account('${account}')`).join(', '))}`],
          ...props.accounts !== undefined || !parts.letsInNobody ? [] : [`'organizationId' must be allowed by 'vault', and ${nameOf(side)} allows `
            + add(`CopySource.organization('${props.organizationId}', …) with the 'roleNames' of the plans`)],
        ];
      });
    } else {
      const statements = copyStatements(Environment.of(scope).partitionIn(scope), () => copySourcesOf(props));
      statements.forEach((statement) => statement.sid = undefined);
      unchecked(scope, 'importedArchiveVaultPolicy', `the access policy of vault '${side.backupVaultName}', which is imported: it must contain ${sayStatements(scope, statements)}`);
    }
  }
}
