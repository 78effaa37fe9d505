import { Stack, Stage } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { deployAfterBus, isSent, SENT } from './buses-and-forwarders';
import type { SentFact } from './buses-and-forwarders';
import { canReach, checkForwarding } from './forwarding-checks';
import type { AlarmLocation } from '../alarms/alarm-locations';
import { AlarmLocations } from '../alarms/alarm-locations';
import type { DeliveryAlarmOverrides } from '../alarms/alarm-overrides';
import type { AlarmPresentationOptions } from '../alarms/alarm-presentation';
import type { AlarmSet } from '../alarms/alarm-set';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { inGroups } from '../alarms/event-pattern-size';
import { CAPTURE_FAILED } from '../configuration/capture-failed-event';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from '../events/job-problem-events';
import { anyTampering, vaultKeyTampered } from '../events/tampering-events';
import { uncheckedKey } from '../monitoring/watched-vaults';
import type { Notify } from '../notification/notify';
import { atSynthesis } from '../private/at-synthesis';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { isInTree } from '../private/ordering';
import { Registry, unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';
import { distinct, groupByStack, primaryOf, replicaOf } from '../vault/single-vault';

/**
 * Properties of the forwarding of events.
 */
export interface BackupEventForwardingProps extends AlarmPresentationOptions {
  /**
   * ARN of the destination bus, in any account and region of the partition: `eventBusArn` of `CentralMonitoring`. If another app
   * defines that, its `accounts` must contain the account of this construct. In partitions other than `aws`, EventBridge forwards only within a region.
   */
  readonly eventBusArn: string;

  /**
   * Vaults in the account and region of this construct. Changes of their keys are forwarded too, and the events of the account and
   * region of each replica, from the stack of the replica.
   *
   * @default - the events of the account and region of this construct alone, and what is done to keys is not forwarded
   */
  readonly vaults?: IReplicatedBackupVault[];

  /**
   * ARN of a sink in the account of the bus and the region of this construct, to share the metrics of AWS Backup and of replication
   * for dashboards: an output of `CentralMonitoring`, known after its deployment. The account of the bus itself needs none.
   *
   * @default - metrics are not shared
   */
  readonly sinkArn?: string;

  /**
   * ARN of a sink in the account of the bus and in the region of the replicas.
   *
   * @default - metrics of that region are not shared
   */
  readonly replicaSinkArn?: string;

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
   * Which alarms are made: `AlarmSet.ESSENTIAL` has one alarm `event-not-delivered` in each region, `AlarmSet.COMPLETE` one on the queue
   * and one on each rule.
   *
   * @default AlarmSet.COMPLETE
   */
  readonly alarmSet?: AlarmSet;

  /**
   * Override of the alarms `event-not-delivered`.
   *
   * @default - the settings of the catalogue
   */
  readonly overrides?: DeliveryAlarmOverrides;
}

/**
 * Forwards the events of backup, copy and restore jobs, and of tampering with vaults, recovery points and plans, to the bus of
 * central monitoring. Define it in every account and region with jobs or vaults, except for the replicas of `vaults`: AWS Backup
 * sends events only there. If a Stage defines several in one account and region, the events are forwarded once.
 *
 * Deploy the bus first, in any account and region. If the app defines it in the same Stage, the stacks are ordered accordingly.
 * Events that can't be forwarded later are in a queue, with an alarm here.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * new BackupEventForwarding(stack, 'Forwarding', {
 *   eventBusArn: 'arn:aws:events:eu-west-2:333333333333:event-bus/backups',
 *   vaults: [vault],
 * });
 */
export class BackupEventForwarding extends Construct {
  /**
   * Topic of the alarms in the account and region of this construct: the topic that the constructs of the stack share, or the first
   * one of `notify` if that contains only topics.
   */
  public readonly topic: sns.ITopic;

  /**
   * Topics of the other alarms, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * The alarms on events that could not be forwarded from the account and region of this construct, unless they are disabled. Where `WorkloadBackup` and `BackupArchive` have essential alarms alone, they are in that of their other parts.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The other alarms, in the stacks of replicas.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Defines the forwarding.
   *
   * @throws if the bus or a sink is not valid or can't be reached, or a vault or a topic is in another account or region; the error
   * lists all problems
   */
  constructor(scope: Construct, id: string, props: BackupEventForwardingProps) {
    super(scope, id);
    const { eventBusArn, vaults = [], sinkArn, replicaSinkArn } = props;
    checkForwarding(this, props, Environment.of(this));

    const made = new CataloguedAlarms(this, props);
    const locations = new AlarmLocations(this, made, props);
    const all = distinct(vaults);
    this.forward(locations.home, eventBusArn, all.map(primaryOf), sinkArn);
    const places = groupByStack(all.flatMap((vault) => replicaOf(vault) ?? []), ({ backupVaultName, environment }) => {
      unchecked(this, 'replicaEventsNotForwarded', `whether the events of ${environment} are forwarded, where vault '${backupVaultName}' is, which is imported: `
        + 'define BackupEventForwarding in a stack there');
    });
    for (const [stack, sides] of places) {
      if (canReach(eventBusArn, sides[0].environment)) {
        this.forward(locations.in(stack), eventBusArn, sides, replicaSinkArn);
      } else {
        unchecked(this, 'replicaEventsNotForwarded', `whether the events of ${sides[0].environment} are forwarded: EventBridge forwards to other regions only in the partition 'aws'; `
          + 'define BackupEventForwarding in a stack there, with a bus in that region');
      }
    }
    made.makeMerged();
    this.topic = locations.home.topics.main;
    this.replicaTopics = locations.replicaTopics;
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }

  /** All events of an account and region are forwarded to a bus once, even if others have vaults or replicas there; those of keys by each. */
  private forward({ scope, rules }: AlarmLocation, eventBusArn: string, sides: SingleVault[], sinkArn?: string): void {
    const sent: CfnRule[] = [];
    const send = (id: string, description: string, pattern: object) => sent.push(rules.forward(id, description, pattern, eventBusArn));
    const events = sentFrom(scope, eventBusArn, Stage.of(scope)); // the other Stages may not be deployed
    if (isSent(scope, events)) {
      validate(this, () => isInTree(scope) && !isSent(scope, events) ? [notSentAnyMore(events)] : []);
    } else {
      Registry.of(this).register(SENT, scope, events);
      send('Jobs', 'Forwards the events of jobs', { 'source': ['aws.backup'], 'detail-type': JOB_EVENT_TYPES });
      send('Captures', 'Forwards the events of snapshots of configuration that failed', CAPTURE_FAILED);
      send('Tampering', 'Forwards changes of vaults, recovery points, plans and settings', anyTampering());
    }
    sides.filter(({ encryptionKey }) => !encryptionKey).forEach((side) => uncheckedKey(this, side));
    for (const [end, names] of inGroups(sides.flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []))) {
      send(`Keys${end}`, 'Forwards changes of the keys of vaults', vaultKeyTampered({ subject: '', names }).pattern);
    }
    atSynthesis(scope, () => this.order(scope, sent, eventBusArn));
    const metrics = sinkArn === undefined ? undefined : sentFrom(scope, sinkArn, scope.node.root);
    if (metrics && isSent(scope, metrics)) { // a second link to it would be rejected
      unchecked(this, 'metricsSharedElsewhere', `whether the metrics of ${Environment.of(scope)} are shared with the sink: another construct of the app, possibly in another Stage, does so`);
    } else if (metrics) {
      Registry.of(this).register(SENT, scope, metrics);
      new oam.CfnLink(scope, 'Link', {
        sinkIdentifier: metrics.destinationArn,
        labelTemplate: '$AccountName',
        resourceTypes: ['AWS::CloudWatch::Metric'],
        linkConfiguration: { metricConfiguration: { filter: "Namespace IN ('AWS/Backup', 'AWS/S3')" } },
      });
    }
  }

  /** EventBridge might reject a missing target. */
  private order(scope: Construct, sent: CfnRule[], eventBusArn: string): void {
    if (sent.map((rule) => deployAfterBus(rule, eventBusArn)).includes(true)) {
      unchecked(scope, 'busDeployedLater', `whether the bus exists before the rules of stack '${Stack.of(scope).node.path}': the stack of the bus waits for that one; `
        + 'define CentralMonitoring in a stack that does not depend on the stacks that forward');
    }
  }
}

/**
 * Registers what is sent from an account and region. Tokens can be any account and region, so with them each stack sends separately:
 * duplicates are better than losses.
 *
 * @param within Where else it is looked for
 */
function sentFrom(scope: Construct, destinationArn: string, within?: IConstruct): SentFact {
  const { account, region, isLiteral } = Environment.of(scope);
  return { within: isLiteral ? within : Stack.of(scope), account, region, destinationArn };
}

function notSentAnyMore({ account, region, destinationArn }: SentFact): string {
  return `the events of ${new Environment(account, region)} are no longer forwarded to '${destinationArn}': the BackupEventForwarding that did so was removed `
    + 'from the app after this one was defined; remove it before, or define this one first';
}

const JOB_EVENT_TYPES = [BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS].map(({ detailType }) => detailType);
