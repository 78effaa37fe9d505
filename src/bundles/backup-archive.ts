import { Construct } from 'constructs';
import { checkArchive, checkGivenVault, copySourcesOf, SHAPES_OF_ARCHIVE, SHAPES_OF_ATTRIBUTES, WORDS_OF_ARCHIVE } from './backup-archive-checks';
import type { BackupArchiveProps } from './backup-archive-props';
import type { BackupArchiveAttributes, IBackupArchive } from './backup-archive-ref';
import type { BackupAlarmOverrides } from '../alarms/alarm-overrides';
import { AlarmSet } from '../alarms/alarm-set';
import { shareDeadLetters } from '../alarms/dead-letters';
import { BackupEventForwarding } from '../central/backup-event-forwarding';
import { CentralMonitoring } from '../central/central-monitoring';
import { BackupDashboard } from '../dashboard/backup-dashboard';
import { BackupAlarms } from '../monitoring/backup-alarms';
import { ResourceType } from '../objectives/resource-type';
import { BackupCopy } from '../plan/backup-copy';
import type { BackupCopyOptions } from '../plan/backup-copy';
import { Environment } from '../private/environment';
import { checkOrganizationId } from '../private/environment-checks';
import { sayBelow } from '../private/messages';
import { stableName } from '../private/physical-names';
import { checkShapes, PropsErrors } from '../private/props-errors';
import { SharedRegionSettings } from '../settings/shared-region-settings';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { replicaOf } from '../vault/single-vault';

/**
 * The central side of backups, in an account without workloads: a vault that other accounts copy into, its replica in another
 * region, the settings of AWS Backup that copies require, central monitoring of all accounts, and a dashboard.
 *
 * `WorkloadBackup` is the other side. If it is in another app, import the archive there with `fromBackupArchiveAttributes`.
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
   * @throws if an attribute is missing or not valid for the vault; the error lists all problems
   */
  public static fromBackupArchiveAttributes(scope: Construct, id: string, attrs: BackupArchiveAttributes): IBackupArchive {
    checkShapes(scope, 'BackupArchiveAttributes', attrs ?? undefined, SHAPES_OF_ATTRIBUTES);
    class Import extends Construct implements IBackupArchive {
      public readonly vault: IReplicatedBackupVault;
      public readonly eventBusArn = attrs.eventBusArn;
      public readonly organizationId = attrs.organizationId;

      constructor() {
        super(scope, id);
        const errors = new PropsErrors('BackupArchiveAttributes', this);
        checkOrganizationId(errors, attrs.organizationId ?? undefined);
        const vault = errors.attempt(() => ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(this, 'Vault', attrs));
        errors.throwIfAny();
        this.vault = vault!;
      }

      public copies(options?: BackupCopyOptions): BackupCopy[] {
        return copiesInto(this.vault, options);
      }
    }
    return new Import();
  }

  public readonly vault: IReplicatedBackupVault;
  public readonly eventBusArn?: string;
  public readonly organizationId?: string;

  /**
   * Central monitoring of all accounts that forward their events.
   */
  public readonly monitoring: CentralMonitoring;

  /**
   * Alarms on changes of the vaults of the archive, their keys and their recovery points.
   */
  public readonly alarms: BackupAlarms;

  /**
   * The forwarding of the events of the account and region of the archive to central monitoring.
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
   * @throws if no accounts may copy, the stack has no literal account and region, or a property does not apply with `vault`; the error
   * lists all problems
   */
  constructor(scope: Construct, id: string, props: BackupArchiveProps) {
    super(scope, id);
    checkShapes(this, 'BackupArchiveProps', props, SHAPES_OF_ARCHIVE);
    sayBelow(this, WORDS_OF_ARCHIVE);
    const errors = new PropsErrors('BackupArchiveProps', this);
    checkArchive(errors, this, props ?? {});
    const areAccountsKnown = errors.all.length === 0; // else the parts are checked without them
    const { organizationId, accounts, replicaRegion, notify, removalPolicy, alarmSet = AlarmSet.ESSENTIAL } = props ?? {};
    const own = Environment.of(this).account;

    const made = props?.vault ?? errors.attempt(() => new ReplicatedBackupVault(this, 'Vault', {
      backupVaultName: props?.backupVaultName,
      replicaRegion,
      vaultLock: props?.vaultLock,
      replicaVaultLock: props?.replicaVaultLock,
      copySources: areAccountsKnown ? copySourcesOf(props) : undefined,
      landingVault: replicaRegion === undefined ? undefined : true, // what is copied into the replica is decided by plans of other accounts
      removalPolicy,
    }));
    const vault = this.vault = made ?? new ReplicatedBackupVault(this, 'VaultOfChecks');
    if (props?.vault && areAccountsKnown) {
      checkGivenVault(this, vault, props);
    }
    errors.attempt(() => this.askForSettings(vault, props?.resourceTypes));
    shareDeadLetters(this);
    const monitoring = errors.attempt(() => new CentralMonitoring(this, 'Monitoring', {
      organizationId: areAccountsKnown ? organizationId : undefined,
      accounts: !areAccountsKnown ? ['111122223333'] : accounts && [...new Set([...accounts, own])], // its own account puts events on the bus too
      allAccountsOfOrganization: areAccountsKnown && !accounts && organizationId !== undefined,
      eventBusName: props?.eventBusName ?? stableName(64, this),
      notify,
      alarmSet,
      removalPolicy,
    }));
    const alarms = errors.attempt(() => new BackupAlarms(this, 'Alarms', {
      vaults: [vault], notify, alarmSet, overrides: alarmSet.name === AlarmSet.ESSENTIAL.name ? TOLD_BY_MONITORING : undefined, removalPolicy,
    }));
    errors.throwIfAny();

    this.monitoring = monitoring!;
    this.alarms = alarms!;
    const { eventBusArn } = this.monitoring;
    this.eventBusArn = eventBusArn;
    this.organizationId = organizationId;
    // Not from the region of the replica: its stack is deployed before this one, which has the bus. The alarms are there.
    this.forwarding = new BackupEventForwarding(this, 'Forwarding', { eventBusArn, notify, alarmSet, removalPolicy });
    this.dashboard = props.dashboard ?? true ? new BackupDashboard(this, 'Dashboard', { centralMonitoring: this.monitoring }) : undefined;
  }

  private askForSettings(vault: IReplicatedBackupVault, resourceTypes = [ResourceType.DYNAMODB]): void {
    const types = () => ({ named: resourceTypes, ifOffered: [] });
    SharedRegionSettings.ask(this, types);
    const { stack } = replicaOf(vault) ?? {};
    if (stack && vault.replicaAccount === vault.account) {
      SharedRegionSettings.ask(stack, types, this);
    }
  }

  public copies(options?: BackupCopyOptions): BackupCopy[] {
    return copiesInto(this.vault, options);
  }
}

/** Of the archive's own account too, whose events are forwarded. */
const TOLD_BY_MONITORING: BackupAlarmOverrides = {
  backupJobFailed: { enabled: false }, backupJobExpired: { enabled: false }, copyJobFailed: { enabled: false },
};

/** Each straight from the plan's own vault: AWS Backup makes no copies of copies. */
function copiesInto(vault: IReplicatedBackupVault, options?: BackupCopyOptions): BackupCopy[] {
  return [BackupCopy.to(vault, options), ...vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault, options)]];
}
