import { Aspects, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { CopySource } from './copy-source';
import type { VaultLock } from './vault-lock';
import { accessStatements, keyStatementsForCopiers, keyStatementsForDestinations } from './vault-policies';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { isInTree } from '../private/ordering';
import { uncheckedPolicy } from '../private/registry';

/** What KMS accepts for a key policy, the account's own statement not counted. */
const KEY_POLICY_LIMIT = 32_000;

/**
 * What makes a vault, be it the primary or its replica.
 */
export interface VaultPartsProps {
  readonly backupVaultName: string;
  readonly copySources: CopySource[];
  readonly blockRecoveryPointDeletion?: boolean;
  readonly encryptionKey?: kms.IKey;
  readonly lock?: VaultLock;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A vault and its key, with the policies of both: they are written once, when everybody who copies is known.
 */
export class VaultParts {
  public readonly vault: backup.BackupVault;
  public readonly key: kms.IKey;

  private readonly admitted: { readonly by: IConstruct; readonly source: CopySource }[] = [];
  private readonly shared: { readonly by: IConstruct; readonly destination: CopySource }[] = [];
  private isWritten = false;

  constructor(private readonly scope: Construct, id: string, private readonly props: VaultPartsProps) {
    const { backupVaultName, lock, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    this.key = props.encryptionKey ?? new kms.Key(scope, 'Key', {
      description: `Encrypts the recovery points in backup vault ${backupVaultName}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.vault = new backup.BackupVault(scope, id, { backupVaultName, encryptionKey: this.key, removalPolicy });

    // The L2 construct refuses a minimum that equals the maximum, which AWS Backup takes.
    this.resource.lockConfiguration = lock && {
      minRetentionDays: lock.minRetention.toDays(),
      maxRetentionDays: lock.maxRetention?.toDays(),
      changeableForDays: lock.changeableFor?.toDays(),
    };

    // Above the vault and its key, so that aspects that look at policies meet them written. And for each of the two
    // vaults by itself: a replica may be in another Stage, which is synthesized by itself.
    Aspects.of(scope).add({ visit: (node) => node === scope && this.writePolicies() });
    validate(this.vault, () => this.validateSize());
  }

  public get resource(): backup.CfnBackupVault {
    return this.vault.node.defaultChild as backup.CfnBackupVault;
  }

  /**
   * Whether a principal of another account may copy into the vault as it is.
   *
   * @param roleName The role, with its path; left out for a role whose name is not known
   */
  public admits(accountId: string, roleName?: string): boolean {
    return admits(this.copySources, accountId, roleName);
  }

  /**
   * Lets a role of another account copy into the vault, unless it may already.
   *
   * @param by The plan that copies: as long as it is in the tree, its role is let in
   */
  public admit(by: IConstruct, accountId: string, roleName: string | undefined): void {
    if (admits(this.props.copySources, accountId, roleName)) {
      return;
    }
    if (roleName === undefined) {
      throw new Error(`vault '${this.scope.node.path}' can't admit a role without a literal name: name account ${accountId} in the 'copySources' of the vault`);
    }
    if (!this.admits(accountId, roleName)) {
      this.refuseLater(`account ${accountId} copies into it`, 'name that account in the \'copySources\' of the vault');
    }
    this.admitted.push({ by, source: CopySource.account(accountId, { roleNames: [roleName] }) });
  }

  /**
   * Lets AWS Backup of another account read the key: recovery points are copied there.
   *
   * @param by The plan that copies
   */
  public shareKeyWith(by: IConstruct, accountId: string): void {
    if (this.copySources.some((source) => source.accountId === accountId)) {
      return;
    }
    const isShared = this.shared.some(({ destination, by: other }) => destination.accountId === accountId && isInTree(other));
    if (!isShared) {
      this.refuseLater(`its recovery points are copied into account ${accountId}`, 'let AWS Backup of that account read an \'encryptionKey\' of your own');
    }
    this.shared.push({ by, destination: CopySource.account(accountId) });
  }

  /** Those that the user names, and those of the plans that are in the tree. */
  private get copySources(): CopySource[] {
    const sources = [...this.props.copySources];
    for (const { source } of this.admitted.filter(({ by }) => isInTree(by))) {
      const isThere = sources.some(({ accountId, roleNames }) => accountId === source.accountId && roleNames?.join() === source.roleNames?.join());
      sources.push(...isThere ? [] : [source]);
    }
    return sources;
  }

  private get destinations(): CopySource[] {
    const byAccount = new Map(this.shared.filter(({ by }) => isInTree(by)).map(({ destination }) => [destination.accountId, destination]));
    return [...byAccount.values()];
  }

  /** In a pipeline a Stage is synthesized as soon as it is added: what comes after it would be lost, without a word. */
  private refuseLater(what: string, advice: string): void {
    if (this.isWritten) {
      throw new Error(`vault '${this.scope.node.path}' is synthesized already, and only now a plan says that ${what}: `
        + `define the plan before the Stage of the vault is synthesized, or ${advice}`);
    }
  }

  private writePolicies(): void {
    if (this.isWritten) {
      return;
    }
    this.isWritten = true;
    const { blockRecoveryPointDeletion = true } = this.props;
    for (const statement of accessStatements(this.partition, this.copySources, blockRecoveryPointDeletion)) {
      this.vault.addToAccessPolicy(statement);
    }
    for (const statement of this.keyStatements()) {
      if (!this.key.addToResourcePolicy(statement, true).statementAdded) {
        uncheckedPolicy(this.scope, `key '${this.key.node.path}'`, statement);
      }
    }
  }

  private keyStatements() {
    const name = this.props.backupVaultName.replace(/[^A-Za-z0-9]/g, '');
    // Who copies in gets its copies back from here, so it is a destination too.
    const destinations = [...this.destinations, ...this.copySources];
    return [
      ...keyStatementsForCopiers(this.partition, Stack.of(this.scope).region, this.copySources, name),
      ...keyStatementsForDestinations(this.partition, destinations, name),
    ];
  }

  private validateSize(): string[] {
    const statements = this.keyStatements().map((statement) => statement.toStatementJson());
    const size = JSON.stringify(Stack.of(this.scope).resolve(statements)).length;
    return size <= KEY_POLICY_LIMIT ? [] : [
      `'copySources' makes the policy of the key longer than the 32 KB that AWS KMS takes (${size} characters): name the organization instead of its accounts`,
    ];
  }

  private get partition(): string {
    return Environment.of(this.scope).partitionIn(this.scope);
  }
}

function admits(sources: CopySource[], account: string, roleName?: string): boolean {
  return sources.some(({ organizationId, accountId, roleNames }) =>
    (organizationId !== undefined || accountId === account) && (roleNames === undefined || (roleName !== undefined && roleNames.includes(roleName))));
}
