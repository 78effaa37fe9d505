import { Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { BackupArchiveAttributes, IBackupArchive } from './backup-archive-ref';
import { AlarmSet } from '../alarms/alarm-set';
import { BackupEventForwarding } from '../central/backup-event-forwarding';
import { CentralMonitoring } from '../central/central-monitoring';
import { BackupDashboard } from '../dashboard/backup-dashboard';
import { BackupAlarms } from '../monitoring/backup-alarms';
import type { Notify } from '../notification/notify';
import { ResourceType } from '../objectives/resource-type';
import { BackupCopy } from '../plan/backup-copy';
import type { BackupCopyOptions } from '../plan/backup-copy';
import { Environment } from '../private/environment';
import { checkOrganizationId } from '../private/environment-checks';
import { stableName } from '../private/physical-names';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { SharedRegionSettings } from '../settings/shared-region-settings';
import { CopySource } from '../vault/copy-source';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { replicaOf } from '../vault/single-vault';
import type { VaultLock } from '../vault/vault-lock';

/**
 * Properties of an archive.
 */
export interface BackupArchiveProps {
  /**
   * Ids of the accounts that may copy into the archive and whose events it monitors, 12 digits each. Name them all before a compliance
   * lock becomes final: after that, the access policy of the vault may not be changeable any more.
   *
   * @default - every account of `organizationId`, with one of the `roleNames`
   */
  readonly accounts?: string[];

  /**
   * Id of the organization of the accounts, `o-` and 10 to 32 small letters and digits.
   *
   * Without `accounts`, every account of the organization may copy, with a role that has one of the `roleNames`. Any of its
   * accounts can create such a role.
   *
   * @default - the accounts are of any organization or of none
   */
  readonly organizationId?: string;

  /**
   * Names of the roles that may copy, with their path if they have one: the `role` of the plans.
   *
   * @default - every role that its own account allows to copy; with `organizationId` and without `accounts` the names are required
   */
  readonly roleNames?: string[];

  /**
   * Region of the replica of the vault; a literal, other than that of the stack.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Lock of the vault.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   *
   * @default - the vault is not locked
   */
  readonly vaultLock?: VaultLock;

  /**
   * Lock of the replica.
   *
   * @default - the same as that of the vault
   */
  readonly replicaVaultLock?: VaultLock;

  /**
   * Name of the vault, 2 to 50 letters, digits, hyphens and underscores. A change replaces the vault.
   *
   * @default - made of the name of the stack and the construct's path below it, the same at every synthesis
   */
  readonly backupVaultName?: string;

  /**
   * Name of the event bus of central monitoring, 1 to 240 letters, digits, hyphens, underscores and dots. A change replaces the bus,
   * and all who forward to it must follow.
   *
   * @default - made of the name of the stack and the construct's path below it, the same at every synthesis
   */
  readonly eventBusName?: string;

  /**
   * Vault to use instead of a new one, of the account and region of the stack. It says itself who may copy into it, how it is locked
   * and where its replica is.
   *
   * @default - a vault is made
   */
  readonly vault?: IReplicatedBackupVault;

  /**
   * Resource types that AWS Backup is turned on for in the account, in the region of the vault and in that of its replica.
   *
   * @default - DynamoDB with its advanced features, without which its recovery points can't be copied
   */
  readonly resourceTypes?: ResourceType[];

  /**
   * Who is notified of alarms and of jobs that need attention in all accounts.
   *
   * @default - nobody: synthesis reports that
   */
  readonly notify?: Notify[];

  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * What becomes of the vaults, their keys, the log group and the topics when they leave the stack. Destroy them only in an
   * environment that is destroyed and deployed again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The central side of backups, in an account that no workload runs in: a vault that other accounts copy into, its replica in another
 * region, the settings of AWS Backup that copies need, central monitoring of all accounts, and a dashboard.
 *
 * `WorkloadBackup` is the other side. Where that is in another app, import the archive there with `fromBackupArchiveAttributes`.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 *
 * @example
 * const archive = new BackupArchive(stack, 'Archive', {
 *   accounts: ['222222222222'],
 *   replicaRegion: 'eu-west-1',
 *   vaultLock: VaultLock.governance({ minRetention: Duration.days(7), maxRetention: Duration.days(365) }),
 *   notify: [Notify.email('operations@example.com')],
 * });
 */
export class BackupArchive extends Construct implements IBackupArchive {
  /**
   * Imports an archive that another app defines.
   *
   * @throws if an attribute is missing or the vault can't be imported with it; all problems at once
   */
  public static fromBackupArchiveAttributes(scope: Construct, id: string, attrs: BackupArchiveAttributes): IBackupArchive {
    class Import extends Construct implements IBackupArchive {
      public readonly vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(this, 'Vault', attrs);
      public readonly eventBusArn = attrs.eventBusArn;

      public copies(options?: BackupCopyOptions): BackupCopy[] {
        return copiesInto(this.vault, options);
      }
    }
    return new Import(scope, id);
  }

  public readonly vault: IReplicatedBackupVault;
  public readonly eventBusArn?: string;

  /**
   * Central monitoring of all accounts that forward their events.
   */
  public readonly monitoring: CentralMonitoring;

  /**
   * Alarms on the vaults of the archive: on what somebody does to them, to their keys and to their recovery points.
   */
  public readonly alarms: BackupAlarms;

  /**
   * The events of the archive's own account and region, which central monitoring gets too.
   */
  public readonly forwarding: BackupEventForwarding;

  /**
   * Dashboard of the archive.
   *
   * @default - `dashboard` is false
   */
  public readonly dashboard?: BackupDashboard;

  /**
   * Defines an archive.
   *
   * @throws if nobody is named that may copy, the stack has no literal account and region, or a property does not go with `vault`; all
   * problems at once
   */
  constructor(scope: Construct, id: string, props: BackupArchiveProps) {
    super(scope, id);
    checkShapes(this, 'BackupArchiveProps', props, SHAPES_OF_PROPS);
    check(this, props ?? {});
    const { organizationId, replicaRegion, notify, removalPolicy } = props;
    const vault = this.vault = props.vault ?? new ReplicatedBackupVault(this, 'Vault', {
      backupVaultName: props.backupVaultName,
      replicaRegion,
      vaultLock: props.vaultLock,
      replicaVaultLock: props.replicaVaultLock,
      copySources: copySourcesOf(props),
      landingVault: replicaRegion !== undefined, // what is copied into the replica is decided by plans of other accounts
      removalPolicy,
    });
    const types = () => ({ named: props.resourceTypes ?? [ResourceType.DYNAMODB], ifOffered: [] });
    SharedRegionSettings.ask(this, types);
    const { stack } = replicaOf(vault) ?? {};
    if (stack && vault.replicaAccount === vault.account) {
      SharedRegionSettings.ask(stack, types);
    }
    this.monitoring = new CentralMonitoring(this, 'Monitoring', {
      organizationId,
      accounts: accountsOf(this, props),
      allAccountsOfOrganization: !props.accounts && organizationId !== undefined,
      eventBusName: props.eventBusName ?? stableName(64, this),
      notify,
      removalPolicy,
    });
    this.eventBusArn = this.monitoring.eventBusArn;
    this.alarms = new BackupAlarms(this, 'Alarms', { vaults: [vault], notify, alarmSet: AlarmSet.ESSENTIAL, removalPolicy });
    // Not from the region of the replica: its stack is deployed before this one, which has the bus. The alarms are there.
    this.forwarding = new BackupEventForwarding(this, 'Forwarding', { eventBusArn: this.monitoring.eventBusArn, notify, removalPolicy });
    this.dashboard = props.dashboard ?? true ? new BackupDashboard(this, 'Dashboard', { centralMonitoring: this.monitoring }) : undefined;
  }

  public copies(options?: BackupCopyOptions): BackupCopy[] {
    return copiesInto(this.vault, options);
  }
}

/** Each straight from the plan's own vault: AWS Backup makes no copies of copies. */
function copiesInto(vault: IReplicatedBackupVault, options?: BackupCopyOptions): BackupCopy[] {
  return [BackupCopy.to(vault, options), ...vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault, options)]];
}

function copySourcesOf({ accounts, organizationId, roleNames }: BackupArchiveProps): CopySource[] {
  return accounts?.map((account) => CopySource.account(account, { roleNames })) ?? [CopySource.organization(organizationId!, { roleNames })];
}

/** The archive's own account puts events on the bus too. */
function accountsOf(scope: Construct, { accounts }: BackupArchiveProps): string[] | undefined {
  return accounts && [...new Set([...accounts, Environment.of(scope).account])];
}

const SHAPES_OF_PROPS = {
  accounts: SHAPES.texts,
  organizationId: SHAPES.text,
  roleNames: SHAPES.texts,
  replicaRegion: SHAPES.text,
  backupVaultName: SHAPES.text,
  eventBusName: SHAPES.text,
  vault: { ...SHAPES.vaults, what: 'a vault (ReplicatedBackupVault)', isList: false },
  resourceTypes: { what: 'resource types, such as ResourceType.DYNAMODB', is: hasAll('resourceTypeName', 'capabilities'), isList: true },
};

function check(scope: Construct, props: BackupArchiveProps): void {
  const { accounts, organizationId, roleNames, vault } = props;
  const home = Environment.of(scope);
  const errors = new PropsErrors('BackupArchiveProps', scope);
  errors.when(!home.isLiteral, () => `an archive needs a literal account and region, which other accounts know it by: set the 'env' of its stack, got ${home}`);
  errors.when(!accounts && !organizationId,
    () => "'accounts' or 'organizationId' must be given, for who may copy into the archive: ids of accounts, or the id of an organization such as 'o-exampleorg12'");
  errors.whenEmpty('accounts', accounts, 'account');
  for (const account of accounts ?? []) {
    errors.when(Token.isUnresolved(account) || !/^\d{12}$/.test(account),
      () => `'accounts' must be literal account ids of 12 digits, got ${Token.isUnresolved(account) ? 'a token' : `'${account}'`}`);
  }
  checkOrganizationId(errors, organizationId ?? undefined);
  errors.when(organizationId !== undefined && !accounts && !roleNames && !vault,
    () => "'roleNames' must be given where every account of 'organizationId' may copy: the names of the roles of their plans; or name the 'accounts'");
  errors.whenEmpty('resourceTypes', props.resourceTypes, 'type', 'for DynamoDB leave it out');
  for (const property of ['roleNames', 'replicaRegion', 'vaultLock', 'replicaVaultLock', 'backupVaultName'] as const) {
    errors.when(vault !== undefined && props[property] !== undefined, () => `'${property}' is of the vault that is made, and 'vault' is given: set it on that one, and leave it out here`);
  }
  errors.when(vault !== undefined && new Environment(vault.account, vault.region).differsFrom(home),
    () => `'vault' must be in the account and region of the archive (${home}), got '${vault!.backupVaultName}' in ${new Environment(vault!.account, vault!.region)}`);
  errors.throwIfAny();
}
