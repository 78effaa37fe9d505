import { Token } from 'aws-cdk-lib';
import { checkOrganizationId } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';
import { roleNameProblem } from '../roles/role-path';

/**
 * Options that limit who may copy.
 */
export interface CopySourceOptions {
  /**
   * Names of the roles that may copy, including their path if they have one. The roles do not have to exist yet.
   *
   * @default - every principal that its own account allows to copy
   */
  readonly roleNames?: string[];
}

/**
 * Who may copy recovery points into a vault from another account.
 *
 * The accounts must be members of the same organization, and cross-account backup must be turned on in its management
 * account: see `OrganizationBackupSettings`.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 *
 * @example
 * CopySource.account('222222222222');
 */
export class CopySource {
  /**
   * Allows an account to copy.
   *
   * @param accountId Id of the account, 12 digits
   * @throws if it is not an account id of 12 digits
   */
  public static account(accountId: string, options: CopySourceOptions = {}): CopySource {
    const errors = new PropsErrors('CopySource.account');
    errors.whenMissing('accountId', accountId, "the id of the account, 12 digits, such as '222222222222'");
    errors.when(isGiven(accountId) && !/^\d{12}$/.test(accountId), () => `'accountId' must be 12 digits, got '${accountId}'`);
    checkRoleNames(errors, options);
    errors.throwIfAny();
    return new CopySource({ accountId, roleNames: options.roleNames });
  }

  /**
   * Allows every account of an organization to copy.
   *
   * Any account of the organization can create a role with one of the `roleNames`, and copy recovery points into the vault.
   * If the vault has a compliance lock, nobody can delete them. For such a vault, use `CopySource.account` for each account.
   *
   * @param organizationId Id of the organization, `o-` and 10 to 32 lowercase letters and digits
   * @throws if it is not an organization id
   */
  public static organization(organizationId: string, options: CopySourceOptions = {}): CopySource {
    const errors = new PropsErrors('CopySource.organization');
    errors.whenMissing('organizationId', organizationId, "the id of the organization, such as 'o-exampleorg12'");
    checkOrganizationId(errors, organizationId ?? undefined);
    checkRoleNames(errors, options);
    errors.throwIfAny();
    return new CopySource({ organizationId, roleNames: options.roleNames });
  }

  /**
   * Allows every account of an organizational unit and of the units below it to copy, including accounts that join later.
   *
   * Whoever may move an account into the unit can allow it to copy. As with `organization`, any of its accounts can create a
   * role with one of the `roleNames`.
   *
   * @param organizationId Id of the organization, `o-` and 10 to 32 lowercase letters and digits
   * @param organizationalUnitPath Ids from the root of the organization down to the unit, separated by slashes, such as
   * `r-ab12/ou-ab12-11111111/ou-ab12-22222222`
   * @throws if the organization id or the path is not valid
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   */
  public static organizationalUnit(organizationId: string, organizationalUnitPath: string, options: CopySourceOptions = {}): CopySource {
    const errors = new PropsErrors('CopySource.organizationalUnit');
    errors.whenMissing('organizationId', organizationId, "the id of the organization, such as 'o-exampleorg12'");
    errors.whenMissing('organizationalUnitPath', organizationalUnitPath, "the ids from the root down to the unit, such as 'r-ab12/ou-ab12-11111111'");
    checkOrganizationId(errors, organizationId ?? undefined);
    errors.when(isGiven(organizationalUnitPath) && !UNIT_PATH.test(organizationalUnitPath),
      () => '\'organizationalUnitPath\' must be the ids from the root of the organization down to the unit, without the organization and without wildcards, '
        + `such as 'r-ab12/ou-ab12-11111111', got '${organizationalUnitPath}'`);
    checkRoleNames(errors, options);
    errors.throwIfAny();
    return new CopySource({ organizationId, organizationalUnitPath: organizationalUnitPath.replace(/\/$/, ''), roleNames: options.roleNames });
  }

  /**
   * A role with any name.
   *
   * @internal
   */
  public static _role(accountId: string, roleName: string): CopySource {
    return new CopySource({ accountId, roleNames: [roleName] });
  }

  /**
   * The account that may copy.
   *
   * @default - the source is an organization or a unit of one
   */
  public readonly accountId?: string;

  /**
   * The organization that may copy, or that contains the unit.
   *
   * @default - the source is an account
   */
  public readonly organizationId?: string;

  /**
   * The ids from the root of the organization down to the unit that may copy, separated by slashes.
   *
   * @default - the source is an account or an organization
   */
  public readonly organizationalUnitPath?: string;

  /**
   * Names of the roles that may copy.
   *
   * @default - every principal that its own account allows to copy
   */
  public readonly roleNames?: string[];

  private constructor(source: Source) {
    this.accountId = source.accountId;
    this.organizationId = source.organizationId;
    this.organizationalUnitPath = source.organizationalUnitPath;
    this.roleNames = source.roleNames;
  }

  /**
   * The same accounts, limited to one role in each of them.
   *
   * @internal
   */
  public _by(roleName: string): CopySource {
    return new CopySource({ ...this, roleNames: [roleName] });
  }

  /**
   * Whether a principal of an account may copy. Whether the account is in the organization or in the unit is unknown here.
   *
   * @param roleName The role, with its path; left out for a role whose name is not known
   * @internal
   */
  public _admits(accountId: string, roleName?: string): boolean {
    return (this.organizationId !== undefined || this.accountId === accountId)
      && (this.roleNames === undefined || (roleName !== undefined && this.roleNames.includes(roleName)));
  }
}

interface Source extends CopySourceOptions {
  readonly accountId?: string;
  readonly organizationId?: string;
  readonly organizationalUnitPath?: string;
}

/** The patterns of AWS Organizations for the ids of roots and of units. */
const UNIT_PATH = /^r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})+\/?$/;

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== null && !Token.isUnresolved(value);
}

function checkRoleNames(errors: PropsErrors, { roleNames }: CopySourceOptions): void {
  errors.whenNotList('roleNames', roleNames, 'name of a role');
  errors.whenEmpty('roleNames', roleNames, 'role', 'leave it out to allow every principal of the account');
  for (const name of Array.isArray(roleNames) ? roleNames : []) {
    const problem = roleNameProblem('roleNames', name);
    errors.when(problem !== undefined, () => problem!);
  }
}
