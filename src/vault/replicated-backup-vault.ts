import { Lazy } from 'aws-cdk-lib';
import type { IResolvable } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { BackupVaultEvent } from './backup-vault-event';
import { ReplicatedBackupVaultBase } from './replicated-backup-vault-base';
import type { ReplicatedBackupVaultAttributes, ReplicatedBackupVaultProps } from './replicated-backup-vault-props';
import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import { checkVaultAttributes, checkVaultProps } from './vault-checks';
import type { VaultLock } from './vault-lock';
import { VaultParts } from './vault-parts';
import { COPIED_INTO, VAULT_NAMES, VAULTS } from './vaults-in-app';
import { letPublish } from '../notification/callers-topic';
import { fromAccount } from '../notification/topic-policies';
import { backupVaultArn } from '../private/arns';
import { atSynthesis } from '../private/at-synthesis';
import { Environment, warnOfUnknownRegions } from '../private/environment';
import { warn } from '../private/messages';
import { dependableIf, isInTree } from '../private/ordering';
import { stableIdIn, stableName } from '../private/physical-names';
import { regionStack } from '../private/region-stack';
import { Registry, unchecked } from '../private/registry';

/**
 * A backup vault with a replica in another region.
 *
 * The vault is encrypted with a customer managed key and retained. Only the accounts of `copySources` have access, and its
 * policy denies manual deletion of recovery points. The replica is such a vault too, in a support stack in its region.
 * Nothing is exported between the two stacks: you can deploy each of them while the region of the other one is lost.
 *
 * The vaults alone do not copy anything. A plan does: `TieredBackupPlan` copies into the replica by default.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vaults.html
 *
 * @example
 * new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: 'eu-west-1' });
 */
export class ReplicatedBackupVault extends ReplicatedBackupVaultBase {
  /**
   * Imports a vault that another app or team defines.
   *
   * @throws if an attribute is not valid for a vault; the error lists all problems
   */
  public static fromReplicatedBackupVaultAttributes(scope: Construct, id: string, attrs: ReplicatedBackupVaultAttributes): IReplicatedBackupVault {
    const home = new Environment(attrs.account, attrs.region);
    checkVaultAttributes(scope, id, attrs);
    const away = attrs.replicaRegion === undefined ? undefined : new Environment(attrs.replicaAccount ?? attrs.account, attrs.replicaRegion);
    const replicaName = away && (attrs.replicaVaultName ?? `${attrs.backupVaultName}-replica`);
    class Import extends ReplicatedBackupVaultBase {
      public readonly backupVaultName = attrs.backupVaultName;
      public readonly backupVaultArn = backupVaultArn(scope, home, attrs.backupVaultName);
      public readonly account = home.account;
      public readonly region = home.region;
      public readonly replicaAccount = away?.account;
      public readonly replicaRegion = away?.region;
      public readonly replicaVaultName = replicaName;
      public readonly replicaVaultArn = away && backupVaultArn(scope, away, replicaName!);
      public readonly vaultLock = attrs.vaultLock;
      public readonly replicaVaultLock = attrs.replicaVaultLock;
      public readonly primary = backup.BackupVault.fromBackupVaultArn(this, 'Primary', this.backupVaultArn);
      public readonly replica = this.replicaVaultArn === undefined ? undefined : backup.BackupVault.fromBackupVaultArn(this, 'Replica', this.replicaVaultArn);
      public readonly encryptionKey = undefined;
      public readonly replicaEncryptionKey = undefined;
    }
    const imported = new Import(scope, id);
    warnOfUnknownRegions(imported, attrs.region, attrs.replicaRegion);
    if (replicaName === attrs.backupVaultName) {
      unchecked(imported, 'vaultsOfOneName', `which copies arrive in the vault and which in its replica: both have the name '${replicaName}', and the metrics of copy jobs identify a vault by its name `
        + 'only, so copies into one can hide that none arrive in the other');
    }
    return imported;
  }

  public readonly backupVaultName: string;
  public readonly backupVaultArn: string;
  public readonly account: string;
  public readonly region: string;
  public readonly replicaAccount?: string;
  public readonly replicaRegion?: string;
  public readonly replicaVaultName?: string;
  public readonly replicaVaultArn?: string;
  public readonly vaultLock?: VaultLock;
  public readonly replicaVaultLock?: VaultLock;
  public readonly primary: backup.IBackupVault;
  public readonly replica?: backup.IBackupVault;
  public readonly encryptionKey?: kms.IKey;
  public readonly replicaEncryptionKey?: kms.IKey;

  /** @internal */
  public readonly _primaryParts: VaultParts;

  /** @internal */
  public readonly _replicaParts?: VaultParts;

  /** @internal Whether the replica is filled by something other than the plans of this app. */
  public readonly _isLandingVault: boolean;

  private notified?: Notified;

  /**
   * Defines a vault and, with `replicaRegion` or `replicaScope`, its replica.
   *
   * @throws if AWS Backup would reject a property, or the replica can't be defined; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ReplicatedBackupVaultProps = {}) {
    super(scope, id);
    const home = Environment.of(this);
    const { backupVaultName = stableName(42, this), replicaVaultName = `${backupVaultName}-replica` } = props;
    checkVaultProps(this, props, home, { backupVaultName, replicaVaultName });
    warnOfUnknownRegions(this, props.replicaRegion);

    const { copySources = [], blockRecoveryPointDeletion, recoveryPointDeletionExceptions, accessPolicyStatements, removalPolicy } = props;
    const common = { copySources, blockRecoveryPointDeletion, recoveryPointDeletionExceptions, accessPolicyStatements, removalPolicy };
    this.account = home.account;
    this.region = home.region;
    this.backupVaultName = backupVaultName;
    this.backupVaultArn = backupVaultArn(this, home, backupVaultName);
    this.vaultLock = props.vaultLock;
    this._primaryParts = new VaultParts(this, 'Primary', { ...common, backupVaultName, keyProperty: 'encryptionKey', encryptionKey: props.encryptionKey, lock: this.vaultLock });
    this.primary = this._primaryParts.vault;
    this.encryptionKey = this._primaryParts.key;
    if (props.notificationTopic) {
      this.notify(this, props.notificationTopic, namesOf(props.notificationEvents ?? DEFAULT_EVENTS));
    }

    if (props.replicaRegion !== undefined || props.replicaScope) {
      const replicaScope = props.replicaScope ?? regionStack(this, 'replicaRegion', props.replicaRegion!);
      const away = Environment.of(replicaScope);
      this.replicaAccount = away.account;
      this.replicaRegion = away.region;
      this.replicaVaultName = replicaVaultName;
      this.replicaVaultArn = backupVaultArn(this, away, replicaVaultName);
      this.replicaVaultLock = props.replicaVaultLock ?? props.vaultLock;
      const replicaHome = new Construct(replicaScope, stableIdIn(replicaScope, this));
      Registry.of(this).register(VAULT_NAMES, replicaHome, { backupVaultName: replicaVaultName, environment: away, by: this });
      this._replicaParts = new VaultParts(replicaHome, 'Vault', {
        ...common,
        backupVaultName: replicaVaultName,
        accessPolicyStatements: props.replicaAccessPolicyStatements ?? accessPolicyStatements,
        keyProperty: 'replicaEncryptionKey',
        encryptionKey: props.replicaEncryptionKey,
        lock: this.replicaVaultLock,
      });
      this.replica = this._replicaParts.vault;
      this.replicaEncryptionKey = this._replicaParts.key;
    }
    Registry.of(this).register(VAULTS, this, this);
    Registry.of(this).register(VAULT_NAMES, this, { backupVaultName, environment: home, by: this });
    this._isLandingVault = props.landingVault ?? false;
    if (!this._isLandingVault) {
      atSynthesis(this, () => this.sayIfReplicaStaysEmpty());
    }
  }

  /**
   * Sends events to a topic, unless the vault already has one. The events are evaluated at synthesis.
   *
   * @param by The construct that needs the events: they are sent as long as it is in the tree
   * @returns the construct that already sends the events to another topic, if there is one
   * @internal
   */
  public _notifyIfNobodyElse(by: IConstruct, topic: sns.ITopic, events: () => BackupVaultEvent[]): IConstruct | undefined {
    const { notifications } = this._primaryParts.resource;
    const notified = this.notified?.notifications === notifications ? this.notified : undefined; // an app might have set others itself
    if (notifications === undefined || notified?.by.some(isInTree) === false) {
      this.notify(by, topic, Lazy.list({ produce: () => namesOf(events()) }));
      return undefined;
    }
    if ((notified ?? notifications as backup.CfnBackupVault.NotificationObjectTypeProperty).snsTopicArn !== topic.topicArn) {
      return notified?.by.find(isInTree) ?? this;
    }
    notified?.by.push(by);
    return undefined;
  }

  /** AWS Backup copies only into the vaults that the rules of a plan name. */
  private sayIfReplicaStaysEmpty(): void {
    const { replicaVaultArn, replicaVaultName } = this;
    if (replicaVaultArn !== undefined && !Registry.of(this).find(COPIED_INTO, ({ backupVaultArn: arn }) => arn === replicaVaultArn)) {
      warn(this, 'emptyReplica', `no plan of this app copies into replica '${replicaVaultName}', so it stays empty: add it to 'copyTo' of a plan `
        + "with 'BackupCopy.toReplicaOf', or set 'landingVault' if other apps or people copy into it");
    }
  }

  private notify(by: IConstruct, topic: sns.ITopic, backupVaultEvents: string[]): void {
    const { resource } = this._primaryParts;
    const policy = letPublish(this, topic, { service: 'backup.amazonaws.com', conditions: fromAccount(this.account, this.backupVaultArn) });
    const { topicArn: snsTopicArn } = topic;
    const all = [by];
    const isWanted = () => all.some(isInTree);
    const notifications = Lazy.uncachedAny({ produce: () => isWanted() ? { snsTopicArn, backupVaultEvents } : undefined });
    this.notified = { by: all, snsTopicArn, notifications };
    resource.notifications = notifications;
    if (policy) {
      resource.node.addDependency(dependableIf(isWanted, policy)); // AWS Backup tests the topic when it creates the vault
    }
  }
}

/**
 * The topic that a vault sends events to.
 */
interface Notified {
  /** The constructs that need it: when the last of them is removed from the tree, it is removed too. */
  readonly by: IConstruct[];
  readonly snsTopicArn: string;
  readonly notifications: IResolvable;
}

function namesOf(events: BackupVaultEvent[]): string[] {
  return events.map(({ eventName }) => eventName);
}

const DEFAULT_EVENTS = [
  BackupVaultEvent.BACKUP_JOB_COMPLETED, BackupVaultEvent.RESTORE_JOB_COMPLETED, BackupVaultEvent.COPY_JOB_FAILED,
  BackupVaultEvent.S3_BACKUP_OBJECT_FAILED, BackupVaultEvent.S3_RESTORE_OBJECT_FAILED, BackupVaultEvent.CONTINUOUS_BACKUP_INTERRUPTED,
];
