import { Aspects, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CopySource } from './copy-source';
import type { VaultLock } from './vault-lock';
import { accessStatements, keyStatementsForCopiers, keyStatementsForDestinations } from './vault-policies';
import { Environment } from '../private/environment';
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

  private readonly copySources: CopySource[];
  private readonly destinations = new Map<string, CopySource>();
  private isWritten = false;

  constructor(private readonly scope: Construct, id: string, private readonly props: VaultPartsProps) {
    const { backupVaultName, lock, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    this.copySources = [...props.copySources];
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
    this.vault.node.addValidation({ validate: () => this.validateSize() });
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
    return this.copySources.some(({ organizationId, accountId: own, roleNames }) =>
      (organizationId !== undefined || own === accountId) && (roleNames === undefined || (roleName !== undefined && roleNames.includes(roleName))));
  }

  /** Lets a role of another account copy into the vault, unless it may already. */
  public admit(accountId: string, roleName: string | undefined): void {
    if (this.admits(accountId, roleName)) {
      return;
    }
    if (roleName === undefined) {
      throw new Error(`vault '${this.scope.node.path}' can't admit a role without a literal name: name account ${accountId} in the 'copySources' of the vault`);
    }
    this.refuseLater(`account ${accountId} copies into it`, 'name that account in the \'copySources\' of the vault');
    this.copySources.push(CopySource.account(accountId, { roleNames: [roleName] }));
  }

  /** Lets AWS Backup of another account read the key: recovery points are copied there. */
  public shareKeyWith(accountId: string): void {
    if (this.destinations.has(accountId) || this.copySources.some((source) => source.accountId === accountId)) {
      return;
    }
    this.refuseLater(`its recovery points are copied into account ${accountId}`, 'let AWS Backup of that account read an \'encryptionKey\' of your own');
    this.destinations.set(accountId, CopySource.account(accountId));
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
    const destinations = [...this.destinations.values(), ...this.copySources];
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
