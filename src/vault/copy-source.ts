import { Token } from 'aws-cdk-lib';
import { checkOrganizationId } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';

/**
 * Narrows who may copy.
 */
export interface CopySourceOptions {
  /**
   * Names of the roles that may copy, with their path if they have one. They need not exist yet.
   *
   * @default - every principal that its own account allows to copy
   */
  readonly roleNames?: string[];
}

/**
 * Who may copy recovery points into a vault from another account.
 *
 * The accounts must be in one organization, and cross-account backup be turned on in its management account:
 * `OrganizationBackupSettings` does that.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 *
 * @example
 * CopySource.account('222222222222');
 */
export class CopySource {
  /**
   * An account.
   *
   * @param accountId Id of the account, 12 digits
   * @throws if it is not an account id of 12 digits
   */
  public static account(accountId: string, options: CopySourceOptions = {}): CopySource {
    const errors = new PropsErrors('CopySource.account');
    errors.when(!Token.isUnresolved(accountId) && !/^\d{12}$/.test(accountId), () => `'accountId' must be 12 digits, got '${accountId}'`);
    checkRoleNames(errors, options);
    errors.throwIfAny();
    return new CopySource(options, accountId);
  }

  /**
   * Every account of an organization.
   *
   * Any account of the organization can create a role with one of the `roleNames`, and copy recovery points into the vault that
   * nobody can delete once the vault has a compliance lock. For such a vault, name the accounts with `CopySource.account`.
   *
   * @param organizationId Id of the organization, `o-` and 10 to 32 small letters and digits
   * @throws if it is not an organization id
   */
  public static organization(organizationId: string, options: CopySourceOptions = {}): CopySource {
    const errors = new PropsErrors('CopySource.organization');
    checkOrganizationId(errors, organizationId);
    checkRoleNames(errors, options);
    errors.throwIfAny();
    return new CopySource(options, undefined, organizationId);
  }

  /**
   * The account that may copy.
   *
   * @default - the source is an organization
   */
  public readonly accountId?: string;

  /**
   * The organization that may copy.
   *
   * @default - the source is an account
   */
  public readonly organizationId?: string;

  /**
   * Names of the roles that may copy.
   *
   * @default - every principal that its own account allows to copy
   */
  public readonly roleNames?: string[];

  private constructor(options: CopySourceOptions, accountId?: string, organizationId?: string) {
    this.accountId = accountId;
    this.organizationId = organizationId;
    this.roleNames = options.roleNames;
  }
}

function checkRoleNames(errors: PropsErrors, { roleNames }: CopySourceOptions): void {
  errors.whenEmpty('roleNames', roleNames, 'role', 'for every principal of the account leave it out');
  for (const name of roleNames ?? []) {
    errors.when(!Token.isUnresolved(name) && !/^[\w+=,.@/-]{1,512}$/.test(name),
      () => `'roleNames' must be names of roles, with their path if they have one, without wildcards and not ARNs, got '${name}'`);
  }
}
