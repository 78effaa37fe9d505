import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';

import { deployAfterBus, isSent, SENT } from './buses-and-forwarders';
import type { SentFact } from './buses-and-forwarders';
import { checkOverrides } from '../alarms/alarm-checks';
import type { AlarmLocation } from '../alarms/alarm-locations';
import { AlarmLocations } from '../alarms/alarm-locations';
import type { AlarmOptions } from '../alarms/alarm-options';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { inGroups } from '../alarms/event-pattern-size';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from '../events/job-event-types';
import { anyTampering, vaultKeyTampered } from '../events/tampering-events';
import { checkVaults, uncheckedKey } from '../monitoring/watched-vaults';
import { checkEmailAddresses } from '../notification/recipient-checks';
import { checkTopic } from '../notification/topic-checks';
import { atSynthesis } from '../private/at-synthesis';
import { differ, Environment, partitionOf } from '../private/environment';
import { validate } from '../private/messages';
import { isInTree } from '../private/ordering';
import { PropsErrors } from '../private/props-errors';
import { Registry, unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import type { SingleVault } from '../vault/single-vault';
import { distinct, groupByStack, primaryOf, replicaOf } from '../vault/single-vault';

/**
 * Properties of the forwarding of events.
 */
export interface BackupEventForwardingProps {
  /**
   * ARN of the bus that the events are put on, of whatever account and region of the partition: `eventBusArn` of
   * `CentralMonitoring`. In other partitions than `aws`, EventBridge forwards within a region only.
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
   * Topic in the region of this construct, for the alarm on events that could not be forwarded. It may be of another account,
   * as that of `BackupAlarms`.
   *
   * @default - a `NotificationTopic` without subscriptions
   */
  readonly topic?: sns.ITopic;

  /**
   * Topic for the same alarm of the account and region of the replicas.
   *
   * @default - a `NotificationTopic` without subscriptions, in each stack of replicas
   */
  readonly replicaTopic?: sns.ITopic;

  /**
   * Who gets an e-mail for these alarms, by the topics that are made here. Each of them has to confirm once for each
   * topic.
   *
   * @default - nobody: subscribe to the topics
   */
  readonly emailAddresses?: string[];

  /**
   * What becomes of the keys that are made here, of topics and of undelivered events, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What is other than usual with the alarms `event-not-delivered`.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: { [name: string]: AlarmOptions };
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
   * Topic of the alarm in the account and region of this construct.
   */
  public readonly topic: sns.ITopic;

  /**
   * Topics of the others, one in each stack of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * The alarms on events that could not be forwarded from the account and region of this construct, unless they are
   * switched off.
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
    check(this, props, Environment.of(this));

    const made = new CataloguedAlarms(props.overrides ?? {});
    const locations = new AlarmLocations(this, made, props);
    const all = distinct(vaults);
    this.forward(locations.home, eventBusArn, all.map(primaryOf), sinkArn);
    const places = groupByStack(all.flatMap((vault) => replicaOf(vault) ?? []), ({ backupVaultName, environment }) => {
      unchecked(this, `whether the events of ${environment} are forwarded, where vault '${backupVaultName}' is, which is imported: `
        + 'define BackupEventForwarding in a stack there');
    });
    for (const [stack, sides] of places) {
      if (canReach(eventBusArn, sides[0].environment)) {
        this.forward(locations.in(stack), eventBusArn, sides, replicaSinkArn);
      } else {
        unchecked(this, `whether the events of ${sides[0].environment} are forwarded: EventBridge forwards to other regions in the partition 'aws' only; `
          + 'define BackupEventForwarding in a stack there, with a bus of that region');
      }
    }
    this.topic = locations.home.topic;
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
      unchecked(this, `whether the metrics of ${Environment.of(scope)} are shared with the sink: another construct of the app, maybe of another Stage, does so`);
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
      unchecked(this, `whether the bus is there before the rules of stack '${Stack.of(scope).node.path}' are: the stack of the bus waits for that one; `
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

function check(scope: Construct, props: BackupEventForwardingProps, home: Environment): void {
  const { eventBusArn, vaults, sinkArn, replicaSinkArn, topic, replicaTopic, emailAddresses, overrides } = props;
  const replicas = (vaults ?? []).flatMap((vault) => replicaOf(vault) ?? [])
    .filter(({ stack, environment }) => stack && canReach(eventBusArn, environment));
  const errors = new PropsErrors('BackupEventForwardingProps', scope);
  errors.whenEmpty('vaults', vaults, 'vault', 'for none leave it out');
  checkVaults(errors, scope, vaults, 'the forwarding');
  checkBus(errors, scope, eventBusArn, home);
  checkSink(errors, 'sinkArn', sinkArn, home);
  checkTopic(errors, 'topic', topic, 'CloudWatch', { of: 'the forwarding', environment: home, scope, isForRules: true });
  errors.when(replicas.length === 0 && (replicaSinkArn !== undefined || replicaTopic !== undefined),
    () => `'${replicaSinkArn === undefined ? 'replicaTopic' : 'replicaSinkArn'}' is of no use, since 'vaults' have no replica that this app defines and forwards from: leave it out`);
  for (const { environment, stack } of replicas) {
    checkSink(errors, 'replicaSinkArn', replicaSinkArn, environment);
    checkTopic(errors, 'replicaTopic', replicaTopic, 'CloudWatch', { of: 'the replicas', environment, scope: stack!, isForRules: true });
  }
  checkEmailAddresses(errors, emailAddresses, replicas.length > 0 ? topic && replicaTopic : topic);
  checkOverrides(errors, overrides, ['event-not-delivered']);
  errors.throwIfAny();
}

/** The parts of a literal ARN of a bus, `null` if it is none. */
function busArnParts(eventBusArn: string): { partition: string; region: string; account: string; name: string } | null | undefined {
  if (Token.isUnresolved(eventBusArn)) {
    return undefined;
  }
  const [, partition, region, account, name] = /^arn:([\w-]+):events:([\w-]+):(\d{12}):event-bus\/([\w./-]+)$/.exec(eventBusArn) ?? [];
  return name === undefined ? null : { partition, region, account, name };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html */
function canReach(eventBusArn: string, { region }: Environment): boolean {
  const bus = busArnParts(eventBusArn);
  return !bus || bus.partition === 'aws' || Token.isUnresolved(region) || bus.region === region;
}

function checkBus(errors: PropsErrors, scope: Construct, eventBusArn: string, home: Environment): void {
  const bus = busArnParts(eventBusArn);
  errors.when(bus === null,
    () => `'eventBusArn' must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got '${eventBusArn}'`);
  // The pseudo parameters of another stack mean the account and region of this one here.
  errors.when(bus === undefined && home.isLiteral && /"AWS::(AccountId|Region)"/.test(JSON.stringify(Stack.of(scope).resolve(eventBusArn))),
    () => "'eventBusArn' must have a literal account and region: set the 'env' of the stack that has the bus, got one of wherever it is deployed");
  if (!bus || Token.isUnresolved(home.region)) {
    return;
  }
  const isReached = canReach(eventBusArn, home);
  errors.when(bus.partition !== partitionOf(home.region),
    () => `'eventBusArn' must be of the partition of the events (${partitionOf(home.region)}), got '${eventBusArn}'`);
  errors.when(bus.partition === partitionOf(home.region) && !isReached,
    () => `'eventBusArn' must be of the region of the events (${home.region}): EventBridge forwards to other regions in the partition 'aws' only, got '${eventBusArn}'`);
  errors.when(bus.name === 'default' && bus.region === home.region && bus.account === home.account,
    () => `'eventBusArn' must be another bus than the one that the events are on, got '${eventBusArn}'`);
}

function checkSink(errors: PropsErrors, property: string, sinkArn: string | undefined, { account, region }: Environment): void {
  const sink = sinkArn === undefined || Token.isUnresolved(sinkArn) ? undefined : /^arn:[\w-]+:oam:([\w-]+):(\d{12}):sink\/[\w-]+$/.exec(sinkArn);
  errors.when(sink === null, () => `'${property}' must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got '${sinkArn}'`);
  if (sink) {
    errors.when(differ(sink[1], region), () => `'${property}' must be of the region of the metrics (${region}), got '${sinkArn}'`);
    errors.when(sink[2] === account, () => `'${property}' must be of another account: the metrics of ${account} are there without a link, got '${sinkArn}'`);
  }
}
