import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkVaults } from './watched-vaults';
import { checkOverrides } from '../alarms/alarm-checks';
import type { DeliveryAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { EventRules } from '../alarms/event-rules';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { tellOfJobs } from '../events/job-messages';
import { JobStateChange } from '../events/job-state-change';
import { isOfAnotherAccount } from '../notification/callers-topic';
import { MessageTopics } from '../notification/message-topics';
import type { Notify } from '../notification/notify';
import { checkNotify, NOTIFY } from '../notification/notify-checks';
import { ResourceType } from '../objectives/resource-type';
import { PLANS, resourceTypeNamesOf } from '../plan/plans-in-app';
import { atSynthesis } from '../private/at-synthesis';
import { Environment } from '../private/environment';
import { isInTree } from '../private/ordering';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { Registry, unchecked } from '../private/registry';
import { BackupVaultEvent } from '../vault/backup-vault-event';
import { ReplicatedBackupVault } from '../vault/replicated-backup-vault';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { distinct } from '../vault/single-vault';

/**
 * Properties of notifications of jobs.
 */
export interface BackupNotificationsProps extends AlarmPresentationOptions {
  /**
   * State changes to publish.
   *
   * @default - `JobStateChange.actionable()`: jobs that failed, expired or were stopped, and every restore
   */
  readonly events?: JobStateChange[];

  /**
   * Vaults in the account and region of this construct, to publish their backup jobs and their copy jobs into other vaults. Events
   * of restore jobs do not contain a vault, so all of them are published.
   *
   * These vaults also publish what EventBridge has no event for: objects of Amazon S3 that could not be backed up or restored, the
   * same for Amazon EKS if a plan selects that type, and interrupted continuous backups. This excludes vaults with their own
   * `notificationTopic`, vaults in another stack or account than the topic, and vaults with a compliance lock, whose update might
   * fail: set `notificationTopic` of these from the start.
   *
   * @default - jobs of all vaults
   */
  readonly vaults?: IReplicatedBackupVault[];

  /**
   * Event bus with the events, in the account and region of this construct.
   *
   * @default - the default bus, where AWS Backup puts the events of its own account and region
   */
  readonly eventBus?: events.IEventBus;

  /**
   * Recipients of notifications: email addresses, your topics, chat channels. Recipients are subscribed to the topic that all
   * constructs of a stack share, in each region that this construct publishes in. A topic of yours is used in its own region.
   *
   * @default - none: subscribe to the shared topic yourself
   */
  readonly notify?: Notify[];

  /**
   * What happens to the topic and the key that the constructs of a stack share when they are removed from the stack. They are
   * retained if another one of these constructs requires it.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Override of the alarm `event-not-delivered`.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: DeliveryAlarmOverrides;
}

/**
 * Messages about backup, copy and restore jobs: what happened, to which resource, in which vault, where to look.
 *
 * They have the format that Amazon Q Developer in chat applications shows in Slack, Microsoft Teams and Amazon Chime, and are
 * readable in an email. The reason why a job failed is only in the job itself: EventBridge can't quote it.
 *
 * AWS Backup sends events about its jobs every 5 minutes, on a best-effort basis. So alarms do not rely on them: see
 * `BackupAlarms`.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * new BackupNotifications(stack, 'Notifications', { vaults: [vault], notify: [Notify.email('operations@example.com')] });
 */
export class BackupNotifications extends Construct {
  /**
   * Topic of the messages.
   */
  public readonly topic: sns.ITopic;

  /**
   * The alarm on messages that could not be delivered, unless it is disabled.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Defines the notifications.
   *
   * @throws if a vault or the bus is in another account or region, the topic is in another region, or there are no state changes;
   * the error lists all problems
   */
  constructor(scope: Construct, id: string, props: BackupNotificationsProps = {}) {
    super(scope, id);
    checkShapes(this, 'BackupNotificationsProps', props, PROPS);
    const vaults = props.vaults ?? undefined;
    const told = props.events ?? JobStateChange.actionable();
    check(this, props, Environment.of(this));

    const made = new CataloguedAlarms(this, props);
    const topics = new MessageTopics(this, this, props);
    this.topic = topics.main;
    const rules = new EventRules(this, topics, made, { eventBusName: props.eventBus?.eventBusName });
    const all = vaults && distinct(vaults);
    tellOfJobs(rules, Environment.of(this), told, all);
    all?.forEach((vault) => this.tellWhatEventBridgeLacks(vault, topics.all));
    this.alarms = made.beside(this);
  }

  private tellWhatEventBridgeLacks(vault: IReplicatedBackupVault, topics: sns.ITopic[]): void {
    const what = `objects of Amazon S3 that can't be backed up or restored, and interrupted continuous backups, of vault '${vault.backupVaultName}'`;
    const ofAccount = topics.filter((each) => !isOfAnotherAccount(vault, each));
    const topic = ofAccount.find((each) => !Token.isUnresolved(each.topicArn) || isInStackOf(vault, each));
    if (!(vault instanceof ReplicatedBackupVault)) {
      unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what}: the vault is imported`);
    } else if (vault.vaultLock?.changeableFor) {
      unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what}: it has a compliance lock, so an update might fail; set its 'notificationTopic' from the start`);
    } else if (ofAccount.length === 0) {
      unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what}: AWS Backup publishes only to topics in the account of the vault; set the 'notificationTopic' of the vault`);
    } else if (!topic) {
      // The stack of the vault would depend on that of the topic, which can depend on that of the vault.
      unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what}: the topic is in another stack; set the 'notificationTopic' of the vault, or add a topic of its stack to 'notify'`);
    } else {
      const other = vault._notifyIfNobodyElse(this, topic, () => [...NOT_IN_EVENT_BRIDGE, ...this.backsUpEks(vault) ? OF_EKS : []]);
      if (other) {
        atSynthesis(this, () => unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what}: ${isInTree(other) ? "it has another topic for its 'notificationEvents'"
          : `'${other.node.path}' set another topic, and was removed from the app after these notifications were defined; remove it before, or define these first`}`));
      } else if (topics.length > 1) {
        unchecked(this, 'vaultEventsNotTold', `whether anybody is notified of ${what} other than through topic '${topic.node.path}': a vault has one topic`);
      }
    }
  }

  /** According to the current plans that back up into the vault. */
  private backsUpEks({ backupVaultName, account, region }: IReplicatedBackupVault): boolean {
    const home = new Environment(account, region);
    return Registry.of(this).all(PLANS)
      .filter(({ vault, environment }) => vault.backupVaultName === backupVaultName && !environment.differsFrom(home))
      .some((plan) => resourceTypeNamesOf(plan).includes(ResourceType.EKS.resourceTypeName));
  }
}

/** Whether a construct is in a stack, or in one that is nested there. */
function isInStackOf(vault: IReplicatedBackupVault, topic: sns.ITopic): boolean {
  const isWithin = (stack?: Stack): boolean => stack !== undefined && (stack === Stack.of(topic) || isWithin(stack.nestedStackParent));
  return isWithin(Stack.of(vault));
}

const PROPS = {
  events: { what: 'events, such as JobStateChange.BACKUP_FAILED', is: hasAll('detailType', 'state'), isList: true },
  vaults: SHAPES.vaults,
  eventBus: SHAPES.eventBus,
  notify: NOTIFY,
  overrides: SHAPES.map,
};

const OF_EKS = [BackupVaultEvent.EKS_BACKUP_OBJECT_FAILED, BackupVaultEvent.EKS_RESTORE_OBJECT_FAILED, BackupVaultEvent.EKS_RESTORE_OBJECT_SKIPPED];

const NOT_IN_EVENT_BRIDGE = [
  BackupVaultEvent.S3_BACKUP_OBJECT_FAILED, BackupVaultEvent.S3_RESTORE_OBJECT_FAILED, BackupVaultEvent.CONTINUOUS_BACKUP_INTERRUPTED,
];

function check(scope: Construct, props: BackupNotificationsProps, home: Environment): void {
  const { events: told, vaults, eventBus, notify, overrides } = props;
  const errors = new PropsErrors('BackupNotificationsProps', scope);
  errors.whenEmpty('events', told, 'event', 'remove BackupNotifications to send none');
  errors.whenEmpty('vaults', vaults, 'vault', 'leave it out for all vaults');
  checkVaults(errors, scope, vaults, 'the notifications');
  const ofBus = eventBus && new Environment(eventBus.env.account, eventBus.env.region);
  errors.when(ofBus?.differsFrom(home), () => `'eventBus' must be in the account and region of the notifications (${home}), got ${ofBus}`);
  errors.when(eventBus && Token.isUnresolved(eventBus.eventBusName) && Stage.of(eventBus) !== Stage.of(scope),
    () => `'eventBus' must be in the Stage of the notifications, got '${eventBus!.node.path}' in another Stage: import it here by its ARN`);
  errors.when(eventBus && vaults !== undefined,
    () => "'vaults' are in the account and region of this construct, and 'eventBus' contains the events of others: leave one of them out");
  checkNotify(errors, notify, 'EventBridge', { of: 'the notifications', environment: home, scope, isForRules: true });
  checkPresentation(errors, props);
  checkOverrides(errors, overrides, ['event-not-delivered']);
  errors.throwIfAny();
}
