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
   * ARN of the bus that the events are put on, of whatever account and region of the partition: `eventBusArn` of
   * `CentralMonitoring`, whose `accounts` must have the account of this construct where another app defines it. In other partitions than `aws`, EventBridge forwards within a region only.
   */
  readonly eventBusArn: string;

  /**
   * Vaults of the account and region of this construct. What is done to their keys is forwarded too, and the events of
   * the account and region of each replica, from the stack of that.
   *
   * @default - the events of the account and region of this construct alone, and what is done to keys is not forwarded
   */
  readonly vaults?: IReplicatedBackupVault[];

  /**
   * ARN of a sink in the account of the bus and in the region of this construct, to share the metrics of AWS Backup and of
   * replication with: an output of `CentralMonitoring`, known once that is deployed. For dashboards alone. The account of
   * the bus itself needs none.
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
   * Whom to notify: e-mail addresses, topics of yours, chat channels. Recipients are subscribed to the topic that all constructs of
   * a stack share, in each region that this construct publishes in; a topic of yours is published to from its own region.
   *
   * @default - nobody: subscribe to the shared topic
   */
  readonly notify?: Notify[];

  /**
   * What becomes of the topic and the key that the constructs of a stack share when they leave the stack. They stay if another
   * one of these constructs wants that.
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
   * What is other than usual with the alarms `event-not-delivered`.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: DeliveryAlarmOverrides;
}

/**
 * Puts the events of backup, copy and restore jobs, and of tampering with vaults, recovery points and plans, on the bus
 * of central monitoring. Define it in every account and region where there are jobs or vaults, those of the replicas of
 * `vaults` excepted: AWS Backup tells of them there alone. Where several of a Stage are in one account and region, the
 * events are forwarded once.
 *
 * The bus must be deployed before, whatever its account and region. Where the app defines it in the same Stage, the stacks
 * are ordered so. What comes later and can't be forwarded is in a queue, with an alarm here.
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
   * Topic of the alarms in the account and region of this construct: the one that the constructs of the stack share, or the first of
   * `notify` where that names topics alone.
   */
  public readonly topic: sns.ITopic;

  /**
   * The same of the others, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * The alarms on events that could not be forwarded from the account and region of this construct, unless they are
   * switched off. Where `WorkloadBackup` and `BackupArchive` have essential alarms alone, they are in that of their other parts.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The others, in the stacks of replicas.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Defines the forwarding.
   *
   * @throws if the bus or a sink is none or can't be reached, or a vault or a topic is elsewhere; all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupEventForwardingProps) {
    super(scope, id);
    const { eventBusArn, vaults = [], sinkArn, replicaSinkArn } = props;
    checkForwarding(this, props, Environment.of(this));

    const made = new CataloguedAlarms(props);
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
        unchecked(this, 'replicaEventsNotForwarded', `whether the events of ${sides[0].environment} are forwarded: EventBridge forwards to other regions in the partition 'aws' only; `
          + 'define BackupEventForwarding in a stack there, with a bus of that region');
      }
    }
    made.makeMerged();
    this.topic = locations.home.topics.main;
    this.replicaTopics = locations.replicaTopics;
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }

  /** All events of an account and region are put on a bus once, whoever else has vaults or replicas there; those of keys by everybody. */
  private forward({ scope, rules }: AlarmLocation, eventBusArn: string, sides: SingleVault[], sinkArn?: string): void {
    const sent: CfnRule[] = [];
    const send = (id: string, description: string, pattern: object) => sent.push(rules.forward(id, description, pattern, eventBusArn));
    const events = sentFrom(scope, eventBusArn, Stage.of(scope)); // the other Stages may not be deployed
    if (isSent(scope, events)) {
      validate(this, () => isInTree(scope) && !isSent(scope, events) ? [notSentAnyMore(events)] : []);
    } else {
      Registry.of(this).register(SENT, scope, events);
      send('Jobs', 'Forwards the events of jobs', { 'source': ['aws.backup'], 'detail-type': JOB_EVENT_TYPES });
      send('Tampering', 'Forwards what is done to vaults, recovery points, plans and settings', anyTampering());
    }
    sides.filter(({ encryptionKey }) => !encryptionKey).forEach((side) => uncheckedKey(this, side));
    for (const [end, names] of inGroups(sides.flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []))) {
      send(`Keys${end}`, 'Forwards what is done to the keys of vaults', vaultKeyTampered({ subject: '', names }).pattern);
    }
    atSynthesis(scope, () => this.order(scope, sent, eventBusArn));
    const metrics = sinkArn === undefined ? undefined : sentFrom(scope, sinkArn, scope.node.root);
    if (metrics && isSent(scope, metrics)) { // a second link to it would be refused
      unchecked(this, 'metricsSharedElsewhere', `whether the metrics of ${Environment.of(scope)} are shared with the sink: another construct of the app, maybe of another Stage, does so`);
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

  /** EventBridge may refuse a target that is not there. */
  private order(scope: Construct, sent: CfnRule[], eventBusArn: string): void {
    if (sent.map((rule) => deployAfterBus(rule, eventBusArn)).includes(true)) {
      unchecked(scope, 'busDeployedLater', `whether the bus is there before the rules of stack '${Stack.of(scope).node.path}' are: the stack of the bus waits for that one; `
        + 'define CentralMonitoring in a stack that needs nothing of those who forward');
    }
  }
}

/**
 * What is sent from an account and region. Tokens may be any account and region, so with them each stack sends by itself: what
 * arrives twice is better than what does not.
 *
 * @param within Where else it is looked for
 */
function sentFrom(scope: Construct, destinationArn: string, within?: IConstruct): SentFact {
  const { account, region, isLiteral } = Environment.of(scope);
  return { within: isLiteral ? within : Stack.of(scope), account, region, destinationArn };
}

function notSentAnyMore({ account, region, destinationArn }: SentFact): string {
  return `the events of ${new Environment(account, region)} are not forwarded to '${destinationArn}' any more: the BackupEventForwarding that did so was removed `
    + 'from the app after this one was defined; remove it before, or define this one first';
}

const JOB_EVENT_TYPES = [BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS].map(({ detailType }) => detailType);
