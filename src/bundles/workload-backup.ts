import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IBackupArchive } from './backup-archive-ref';
import { checkWorkload, SHAPES_OF_WORKLOAD, wordsOfWorkload } from './workload-backup-checks';
import { AlarmSet } from '../alarms/alarm-set';
import { shareDeadLetters } from '../alarms/dead-letters';
import { BackupEventForwarding } from '../central/backup-event-forwarding';
import { BackupAlarms } from '../monitoring/backup-alarms';
import type { Notify } from '../notification/notify';
import { BackupTier } from '../objectives/backup-tier';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { ResourceType } from '../objectives/resource-type';
import { BackupCopy } from '../plan/backup-copy';
import { planFactOf } from '../plan/plans-in-app';
import { TieredBackupPlan } from '../plan/tiered-backup-plan';
import { differ, Environment } from '../private/environment';
import { sayBelow, warn } from '../private/messages';
import { checkShapes, PropsErrors } from '../private/props-errors';
import type { RegionSettingsTypes } from '../settings/region-settings-resource';
import { SharedRegionSettings } from '../settings/shared-region-settings';
import type { BackupTarget } from '../targets/backup-target';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { replicaOf } from '../vault/single-vault';
import type { VaultLock } from '../vault/vault-lock';

/**
 * Properties of the backup of a workload.
 */
export interface WorkloadBackupProps {
  /**
   * Resources to back up. With `tags`, only resources that have these tags.
   *
   * @default - all resources in the account and region that have the `tags`; without those, what you add with `addSelection` of the plan
   */
  readonly resources?: BackupTarget[];

  /**
   * Tags of the resources to back up, all of them, with exactly these values.
   *
   * @default - all `resources`, independent of their tags
   */
  readonly tags?: { [key: string]: string };

  /**
   * Resources to exclude.
   *
   * @default - no resource is left out
   */
  readonly excludeResources?: BackupTarget[];

  /**
   * CloudFormation types to exclude, such as `AWS::S3::Bucket`. What is left out is not turned on in the settings of AWS Backup
   * either, unless another selection needs it.
   *
   * @default - no type is left out
   */
  readonly excludeTypes?: string[];

  /**
   * When recovery points are created, and how long they are kept.
   *
   * @default - `BackupTier.standard()`: daily for 35 days, weekly for 90 days, monthly for 365 days
   */
  readonly tiers?: BackupTier[];

  /**
   * Region that every recovery point is copied into, a literal that differs from the region of the stack.
   *
   * @default - no copies into another region of the account
   */
  readonly replicaRegion?: string;

  /**
   * Archive in another account that every recovery point is copied into too, and that events are forwarded to.
   *
   * @default - no copies into another account
   */
  readonly archive?: IBackupArchive;

  /**
   * Maximum retention in the vault of the workload, in whole days. Copies are kept for the retention of their tier.
   *
   * @default - the retention of the tier
   */
  readonly localRetention?: Duration;

  /**
   * Objectives for everything that is backed up: synthesis fails if the tiers and the copies can't meet them.
   *
   * @default - no objectives
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * The reason for accepting an objective that the gaps of the schedule meet, but not if every job takes its expected duration.
   *
   * @default - objectives must be met in the worst case
   */
  readonly acceptNominalRpo?: string;

  /**
   * Recipients of notifications about alarms.
   *
   * @default - none: synthesis reports it
   */
  readonly notify?: Notify[];

  /**
   * The set of alarms.
   *
   * @default AlarmSet.ESSENTIAL
   */
  readonly alarmSet?: AlarmSet;

  /**
   * Vault to use instead of a new one, in the account and region of the stack. The plan copies into its replica, if it has one.
   *
   * @default - a vault is created, with a replica in `replicaRegion`
   */
  readonly vault?: IReplicatedBackupVault;

  /**
   * Lock of the vault and of its replica.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   *
   * @default - they are not locked
   */
  readonly vaultLock?: VaultLock;

  /**
   * Role of AWS Backup for backups and copies.
   *
   * @default - a `DrRole` for the selected resource types
   */
  readonly role?: iam.IRole;

  /**
   * Whether to opt in to the selected resource types, in the region of the stack and in that of the replica, with the advanced features
   * of DynamoDB. What is already on stays on. If tags determine the selection, every type that AWS Backup supports in the region is
   * turned on, except for stacks of AWS CloudFormation.
   *
   * @default true
   */
  readonly manageRegionSettings?: boolean;

  /**
   * What happens to the vaults, their keys, the role and the topics when they are removed from the stack. Destroy them only in an
   * environment that is destroyed and deployed again.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The backup of a workload, in one construct: a vault, its replica in another region, the settings of AWS Backup, a plan with its role,
 * a selection, copies into an archive of another account, topics and alarms.
 *
 * Each part is one of the other constructs of this library, and you can specify your own.
 *
 * What the stack shares stays in the template where this construct is removed from the tree: the topic and the key of notifications
 * (`BackupDrNotifications`), and the settings of AWS Backup (`BackupDrRegionSettings`). Remove these from the stack too where nobody else
 * uses them.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html
 *
 * @example
 * new WorkloadBackup(stack, 'Backup', {
 *   tags: { backup: 'true' },
 *   replicaRegion: 'eu-west-1',
 *   notify: [Notify.email('operations@example.com')],
 * });
 */
export class WorkloadBackup extends Construct {
  /**
   * Vault that the plan backs up into.
   */
  public readonly vault: IReplicatedBackupVault;

  /**
   * Plan of the workload. Add more selections with `addSelection`, in any order.
   */
  public readonly plan: TieredBackupPlan;

  /**
   * Alarms on the vaults and the plan. Its lists of alarms are complete after synthesis, because selections can be added later.
   */
  public readonly alarms: BackupAlarms;

  /**
   * The forwarding of events to central monitoring of the archive.
   *
   * @default - there is no `archive`, or its event bus is unknown
   */
  public readonly forwarding?: BackupEventForwarding;

  /**
   * Defines the backup of a workload.
   *
   * @throws if a property does not go with `vault`, or a region or an account must be known and the stack has none; all problems at
   * once, those of the parts too
   */
  constructor(scope: Construct, id: string, props: WorkloadBackupProps = {}) {
    super(scope, id);
    checkShapes(this, 'WorkloadBackupProps', props, SHAPES_OF_WORKLOAD);
    sayBelow(this, wordsOfWorkload(this, props));
    const { archive, notify, removalPolicy, replicaRegion, resources, tags, excludeResources, excludeTypes, alarmSet = AlarmSet.ESSENTIAL } = props;
    const errors = new PropsErrors('WorkloadBackupProps', this);
    checkWorkload(errors, this, props);
    if (archive && !differ(archive.vault.account, Environment.of(this).account)) {
      warn(this, 'archiveInOwnAccount', `the archive is in the account of the workload (${archive.vault.account}): an attacker of the account can reach it too, `
        + 'and no objective for the loss of the account is met; define the archive in another account');
    }
    // If several parts are refused, all problems are reported. What needs the vault is checked with another one where that is refused.
    const made = props.vault ?? errors.attempt(() => new ReplicatedBackupVault(this, 'Vault', { replicaRegion, vaultLock: props.vaultLock, removalPolicy }));
    const vault = this.vault = made ?? new ReplicatedBackupVault(this, 'VaultOfChecks');
    const plan = errors.attempt(() => new TieredBackupPlan(this, 'Plan', {
      vault,
      tiers: props.tiers ?? BackupTier.standard(),
      copyTo: distinctCopies([...vault.replicaVaultArn === undefined ? [] : [BackupCopy.toReplicaOf(vault)], ...archive?.copies() ?? []]),
      localRetention: props.localRetention,
      role: props.role,
      objectives: props.objectives,
      acceptNominalRpo: props.acceptNominalRpo,
      removalPolicy: props.role ? undefined : removalPolicy,
    }));
    if (plan && (resources || tags)) {
      errors.attempt(() => plan.addSelection('Selection', { resources, tags, excludeResources, excludeTypes }));
    }
    if (plan && (props.manageRegionSettings ?? true)) {
      errors.attempt(() => this.manageRegionSettings(vault, plan));
    }
    shareDeadLetters(this);
    const alarms = errors.attempt(() => new BackupAlarms(this, 'Alarms', { vaults: [vault], plans: plan && [plan], notify, alarmSet, removalPolicy }));
    const { eventBusArn } = archive ?? {};
    this.forwarding = eventBusArn === undefined ? undefined : errors.attempt(() =>
      new BackupEventForwarding(this, 'Forwarding', { eventBusArn, vaults: [vault], notify, alarmSet, removalPolicy }));
    errors.throwIfAny();
    this.plan = plan!;
    this.alarms = alarms!;
  }

  /** In the region of the vault, and in that of the replica, if it is of the same account. */
  private manageRegionSettings(vault: IReplicatedBackupVault, plan: TieredBackupPlan): void {
    const types = () => selectedTypes(plan);
    SharedRegionSettings.ask(this, types);
    const { stack } = replicaOf(vault) ?? {};
    if (stack && vault.replicaAccount === vault.account) {
      SharedRegionSettings.ask(stack, types, this);
    }
  }
}

/**
 * The types of what is selected by name, and where tags or wildcards decide every type that is not left out. Stacks are none of those: what is
 * tagged in them would be backed up twice.
 */
function selectedTypes(plan: TieredBackupPlan): RegionSettingsTypes {
  const { selections } = planFactOf(plan);
  const ofSelections = selections.map((selection) => ({ selection, targets: selection.targets() }));
  // A token may be of any type.
  const open = ofSelections.filter(({ selection, targets }) => (targets.length === 0 && selection.isNarrowedByTags)
    || targets.some(({ type, isOfSeveralTypes }) => type === undefined || isOfSeveralTypes));
  return {
    named: ofSelections.flatMap(({ targets }) => targets).flatMap(({ type, isOfSeveralTypes }) => type && !isOfSeveralTypes ? [type] : []),
    ifOffered: open.length === 0 ? []
      : ResourceType.all().filter((type) => type !== ResourceType.CLOUDFORMATION && open.some(({ selection }) => !selection.leavesOut(type))),
  };
}

/** Each vault once: the replica of a given vault may be the archive. */
function distinctCopies(copies: BackupCopy[]): BackupCopy[] {
  return [...new Map(copies.map((copy) => [copy.destinationBackupVaultArn, copy])).values()];
}
