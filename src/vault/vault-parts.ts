import { Aspects, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { CopySource } from './copy-source';
import type { VaultLock } from './vault-lock';
import { copyStatements, deletionStatement, keyStatementsForCopiers, keyStatementsForDestinations } from './vault-policies';
import type { CopySources } from './vault-policies';
import { backupVaultArn } from '../private/arns';
import { atSynthesis } from '../private/at-synthesis';
import { differ, Environment } from '../private/environment';
import { keyProblems } from '../private/environment-checks';
import { forUsers, validate } from '../private/messages';
import { isInTree } from '../private/ordering';
import { charged, Registry, uncheckedPolicy } from '../private/registry';
import { COPY_BACKS } from '../roles/copy-backs-in-app';
import { howToName, literalRoleName } from '../roles/role-name';

/** What AWS KMS accepts for a key policy, not counting the statement of the account itself. */
const KEY_POLICY_LIMIT = 32_000;

/**
 * Properties of the parts of a vault, primary or replica.
 */
export interface VaultPartsProps {
  readonly backupVaultName: string;
  readonly copySources: CopySource[];
  readonly blockRecoveryPointDeletion?: boolean;
  readonly recoveryPointDeletionExceptions?: string[];
  readonly accessPolicyStatements?: iam.PolicyStatement[];
  /** The property of the user that sets `encryptionKey`. */
  readonly keyProperty: string;
  readonly encryptionKey?: kms.IKey;
  readonly lock?: VaultLock;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A role that copies into a vault from another account.
 */
interface Admission {
  readonly by: IConstruct;
  readonly accountId: string;
  readonly role: iam.IRole;
  /** The name when the plan was defined. */
  readonly roleName: string;
}

/**
 * A vault and its key, with the policies of both, which are written once, when all sources of copies are known. The names of
 * roles in them follow the templates of the roles, which aspects and overrides can still change then.
 */
export class VaultParts {
  public readonly vault: backup.BackupVault;
  public readonly key: kms.IKey;

  private readonly accessPolicy = new iam.PolicyDocument();
  private readonly admitted: Admission[] = [];
  private readonly shared: { readonly by: IConstruct; readonly destination: CopySource }[] = [];
  /** Roles that `copySources` did not allow when the policies were written: they stay in the policies. */
  private readonly named = new Set<Admission>();
  private written?: CopySource[];
  /** Who may copy according to the template. */
  private rendered?: CopySource[];

  constructor(private readonly scope: Construct, id: string, private readonly props: VaultPartsProps) {
    const { backupVaultName, lock, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    this.key = props.encryptionKey ?? charged(new kms.Key(scope, 'Key', {
      description: `Encrypts the recovery points in backup vault ${backupVaultName}`,
      enableKeyRotation: true,
      removalPolicy,
    }));
    this.vault = new backup.BackupVault(scope, id, { backupVaultName, encryptionKey: this.key, removalPolicy, accessPolicy: this.accessPolicy });

    // The L2 construct rejects a minimum that equals the maximum, which AWS Backup accepts.
    this.resource.lockConfiguration = lock && {
      minRetentionDays: lock.minRetention.toDays(),
      maxRetentionDays: lock.maxRetention?.toDays(),
      changeableForDays: lock.changeableFor?.toDays(),
    };

    // In a scope above the vault and its key, which are visited later, so that aspects see the policies. Separately for each of
    // the two vaults, because a replica can be in another Stage, which is synthesized separately.
    Aspects.of(scope).add({ visit: () => this.writePolicies() });
    validate(this.vault, () => [...this.validateSize(), ...this.copyBackProblems(), ...keyProblems(props.keyProperty, props.encryptionKey, this.resource, 'vault')]);
    atSynthesis(scope, () => this.writeRenamed());
  }

  public get resource(): backup.CfnBackupVault {
    return this.vault.node.defaultChild as backup.CfnBackupVault;
  }

  /**
   * Whether a principal of another account may copy into the vault without further changes.
   *
   * @param roleName The role, with its path; left out for a role whose name is not known
   */
  public admits(accountId: string, roleName?: string): boolean {
    return admits(this.copySources(), accountId, roleName);
  }

  /** Whether an account may copy into the vault as it is, with some role or other; by a statement of the caller too. */
  public letsIn(accountId: string): boolean {
    return this.copySources().some((source) => source.organizationId !== undefined || source.accountId === accountId)
      || JSON.stringify(Stack.of(this.scope).resolve(this.resource.accessPolicy) ?? '').includes(accountId);
  }

  /** Whether anybody of another account may copy into the vault as it is. */
  public get letsInNobody(): boolean {
    return this.copySources().length === 0;
  }

  /**
   * Allows a role of another account to copy into the vault, unless it already may.
   *
   * @param by The plan that copies: its role is allowed as long as the plan is in the tree
   * @returns whether the `copySources` of the user already allow the role
   */
  public admit(by: IConstruct, accountId: string, role: iam.IRole): boolean {
    const roleName = literalRoleName(role);
    const isListed = admits(this.props.copySources, accountId, roleName);
    if (roleName === undefined && !isListed) {
      throw new Error(forUsers(`vault '${this.scope.node.path}' can't allow the role '${role.node.path}' without a literal name: ${howToName(role)}, `
        + `or add account ${accountId} to the 'copySources' of the vault`));
    }
    if (!this.admits(accountId, roleName)) {
      this.refuseLater(`account ${accountId} copies into it`, 'add that account to the \'copySources\' of the vault');
    }
    if (roleName !== undefined) {
      this.admitted.push({ by, accountId, role, roleName }); // including a role that is listed, because it can still be renamed
    }
    return isListed;
  }

  /**
   * The problem of the name of a role in its template, if there is one. Called when nothing changes the role any more.
   *
   * @param by The plan that copies, of the Stage of the role
   */
  public roleNameProblem(by: IConstruct, accountId: string, role: iam.IRole): string | undefined {
    const admission = this.admitted.find((each) => each.by === by && each.role === role);
    if (!admission || admits(this.props.copySources, accountId)) {
      return undefined;
    }
    const roleName = literalRoleName(role);
    const subject = `the role '${role.node.path}', which vault '${this.scope.node.path}' of another account allows by its name,`;
    if (roleName === undefined) {
      return `${subject} has no literal name and path in its template: an aspect or an override changed '${admission.roleName}'; set 'roleName' and 'path' to literals`;
    }
    // Within a Stage, the vault takes the name from the same template.
    const isLate = this.rendered && Stage.of(by) !== Stage.of(this.scope) && !admits(this.rendered, accountId, roleName);
    return isLate ? `${subject} is '${roleName}' in its template, but the vault, whose Stage was synthesized before, allows '${admission.roleName}': `
      + "set 'roleName' and 'path' where the role is defined, not in an aspect or an override, or add the role to the 'copySources' of the vault" : undefined;
  }

  /**
   * Allows AWS Backup in another account to use the key, because recovery points are copied there.
   *
   * @param by The plan that copies
   */
  public shareKeyWith(by: IConstruct, accountId: string): void {
    if (this.copySources().some((source) => source.accountId === accountId)) {
      return;
    }
    const isShared = this.shared.some(({ destination, by: other }) => destination.accountId === accountId && isInTree(other));
    if (!isShared) {
      this.refuseLater(`its recovery points are copied into account ${accountId}`, 'specify an \'encryptionKey\' whose policy allows AWS Backup in that account to use it');
    }
    this.shared.push({ by, destination: CopySource.account(accountId) });
  }

  /** The sources of the user and of the plans in the tree, with the current names in their templates. */
  private copySources(): CopySource[] {
    const sources = [...this.props.copySources];
    for (const admission of this.admitted.filter(({ by }) => isInTree(by))) {
      const { accountId, role } = admission;
      const roleName = literalRoleName(role) ?? admission.roleName;
      const isThere = sources.some((source) => source.accountId === accountId && source.roleNames?.join() === roleName);
      if (!isThere && (this.named.has(admission) || !admits(sources, accountId, roleName))) {
        sources.push(CopySource._role(accountId, roleName));
      }
    }
    return sources;
  }

  private get destinations(): CopySource[] {
    const byAccount = new Map(this.shared.filter(({ by }) => isInTree(by)).map(({ destination }) => [destination.accountId, destination]));
    return [...byAccount.values()];
  }

  /** A pipeline synthesizes a Stage as soon as it is added: later changes would be lost without an error. */
  private refuseLater(what: string, advice: string): void {
    if (this.written) {
      throw new Error(forUsers(`vault '${this.scope.node.path}' is already synthesized, and now a plan requires that ${what}: `
        + `define the plan before the Stage of the vault is synthesized, or ${advice}`));
    }
  }

  private writePolicies(): void {
    if (this.written) {
      return;
    }
    this.written = this.copySources();
    this.admitted.filter(({ accountId, roleName }) => !admits(this.props.copySources, accountId, roleName)).forEach((each) => this.named.add(each));
    const { blockRecoveryPointDeletion = true, recoveryPointDeletionExceptions = [], accessPolicyStatements = [] } = this.props;
    this.write(() => this.copySources(), this.keyName);
    if (blockRecoveryPointDeletion) {
      this.vault.addToAccessPolicy(deletionStatement(this.partition, Environment.of(this.scope).account, recoveryPointDeletionExceptions));
    }
    accessPolicyStatements.forEach((statement) => this.vault.addToAccessPolicy(statement));
  }

  /** A role that the `roleNames` of an organization allowed until an aspect renamed it, after the policies were written, gets separate statements. */
  private writeRenamed(): void {
    this.rendered = this.copySources();
    const written = new Set(this.written?.map(({ accountId }) => accountId));
    const missing = this.rendered.filter(({ accountId }) => accountId !== undefined && !written.has(accountId));
    if (missing.length > 0) {
      this.write(() => missing, `${this.keyName}Renamed`, 'Renamed');
      this.resource.accessPolicy = this.accessPolicy.toJSON(); // because the L2 construct has already rendered its policy
      this.written = this.rendered;
    }
  }

  private write(sources: CopySources, name: string, end = ''): void {
    for (const statement of copyStatements(this.partition, sources)) {
      statement.sid += end;
      this.vault.addToAccessPolicy(statement);
    }
    const missing = this.keyStatements(sources, name).filter((statement) => !this.key.addToResourcePolicy(statement, true).statementAdded);
    if (missing.length > 0) {
      uncheckedPolicy(this.scope, 'vaultKeyPolicy', `key '${this.key.node.path}'`, ...missing);
    }
  }

  private keyStatements(sources: CopySources, name: string) {
    // A source can get its copies back from here, so it is a destination too.
    const destinations = () => [...this.destinations, ...sources()];
    return [
      ...keyStatementsForCopiers(this.partition, Stack.of(this.scope).region, sources, name),
      ...keyStatementsForDestinations(this.partition, destinations, name),
    ];
  }

  /** Distinguishes the statements of two vaults with the same key. */
  private get keyName(): string {
    return this.props.backupVaultName.replace(/[^A-Za-z0-9]/g, '');
  }

  private validateSize(): string[] {
    const statements = this.keyStatements(() => this.copySources(), this.keyName).map((statement) => statement.toStatementJson());
    const size = JSON.stringify(Stack.of(this.scope).resolve(statements)).length;
    return size <= KEY_POLICY_LIMIT ? [] : [
      `'copySources' makes the key policy longer than the 32 KB that AWS KMS accepts (${size} characters): specify the organization instead of its accounts`,
    ];
  }

  /** A role of another account that copies back into the vault, by its own policy, and is not allowed here: each of its copies would fail. */
  private copyBackProblems(): string[] {
    const home = Environment.of(this.scope);
    const arn = backupVaultArn(this.scope, home, this.props.backupVaultName);
    return Registry.of(this.scope).all(COPY_BACKS)
      .filter(({ account, role, destinationBackupVaultArns }) => destinationBackupVaultArns.includes(arn)
        && differ(account, home.account) && !this.admits(account, literalRoleName(role)))
      .map(({ account, role }) => `'copySources' of the vault '${this.props.backupVaultName}' must allow the role '${role.node.path}', which copies recovery points back into it: add `
        + `CopySource.account('${account}', { roleNames: ['${literalRoleName(role) ?? '<name of the role>'}'] })`);
  }

  private get partition(): string {
    return Environment.of(this.scope).partitionIn(this.scope);
  }
}

function admits(sources: CopySource[], account: string, roleName?: string): boolean {
  return sources.some((source) => source._admits(account, roleName));
}
