import { Aspects, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { CopySource } from './copy-source';
import { accessStatements, keyStatementsForCopiers, keyStatementsForDestinations } from './policies';
import type { VaultLock } from './vault-lock';
import { unchecked } from '../private/registry';

/**
 * What makes a vault, be it the primary or its replica.
 */
export interface VaultPartsProps {
  readonly backupVaultName: string;
  readonly partition: string;
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
    // On the vault itself: a replica may be in another Stage, which is synthesized by itself.
    Aspects.of(this.vault).add({ visit: (node) => node === this.vault && this.writePolicies() });
  }

  public get resource(): backup.CfnBackupVault {
    return this.vault.node.defaultChild as backup.CfnBackupVault;
  }

  /** Lets a role of another account copy into the vault, unless it may already. */
  public admit(accountId: string, roleName?: string): void {
    const admits = ({ organizationId, accountId: own, roleNames }: CopySource) =>
      (organizationId !== undefined || own === accountId) && (roleNames === undefined || roleNames.includes(roleName ?? ''));
    if (!this.copySources.some(admits)) {
      this.copySources.push(CopySource.account(accountId, { roleNames: roleName === undefined ? undefined : [roleName] }));
    }
  }

  /** Lets AWS Backup of another account read the key: recovery points are copied there. */
  public shareKeyWith(accountId: string): void {
    this.destinations.set(accountId, CopySource.account(accountId));
  }

  private writePolicies(): void {
    if (this.isWritten) {
      return;
    }
    this.isWritten = true;
    const { partition, blockRecoveryPointDeletion = true } = this.props;
    for (const statement of accessStatements(partition, this.copySources, blockRecoveryPointDeletion)) {
      this.vault.addToAccessPolicy(statement);
    }
    // Who copies in gets its copies back from here, so it is a destination too.
    const destinations = [...this.destinations.values(), ...this.copySources.filter(({ accountId }) => !this.destinations.has(accountId ?? ''))];
    for (const statement of [
      ...keyStatementsForCopiers(partition, Stack.of(this.scope).region, this.copySources),
      ...keyStatementsForDestinations(partition, destinations),
    ]) {
      if (!this.key.addToResourcePolicy(statement, true).statementAdded) {
        unchecked(this.scope, `the policy of key '${this.key.node.path}' is not managed here: it must allow what statement '${statement.sid}' says`);
      }
    }
  }
}
