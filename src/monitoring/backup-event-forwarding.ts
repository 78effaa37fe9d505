import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-event-types';
import { anyTampering, vaultKeyTampered } from './tampering';
import { checkVaults, groupByStack, primaryOf, replicaOf } from './vault-side';
import type { VaultSide } from './vault-side';
import type { AlarmOptions } from '../alarms';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { checkEmailAddresses, checkOverrides } from '../alarms/checks';
import { EventRules } from '../alarms/event-rules';
import { topicFor } from '../alarms/notification-topic';
import { differ, Environment, partitionOf } from '../private/environment';
import { checkTopic } from '../private/environment-checks';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { FactKind, Registry, unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault';

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
   * Topic of the account and region of this construct, for the alarm on events that could not be forwarded.
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
 * events are forwarded once. A bus of the same account and region must be deployed before: put it into a stack that this
 * one depends on.
 *
 * What can't be forwarded is in a queue, with an alarm here.
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
    this.topic = topicFor(this, props.topic, { emailAddresses: props.emailAddresses });
    forward(this, new EventRules(this, this.topic, made), eventBusArn, vaults.map(primaryOf), sinkArn);

    const places = groupByStack(vaults.flatMap((vault) => replicaOf(vault) ?? []), (side) => {
      unchecked(this, `whether the events of ${side.environment} are forwarded, where vault '${side.backupVaultName}' is, which is imported: `
        + 'define BackupEventForwarding in a stack there');
    });
    this.replicaTopics = [...new Set([...places].map(([stack, sides]) => {
      const away = new Construct(stack, stableName(80, this));
      const topic = topicFor(away, props.replicaTopic, { emailAddresses: props.emailAddresses });
      forward(away, new EventRules(away, topic, made), eventBusArn, sides, replicaSinkArn);
      return topic;
    }))];
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }
}

/** All events of an account and region are put on a bus once, whoever else has vaults or replicas there; those of keys by everybody. */
function forward(scope: Construct, rules: EventRules, eventBusArn: string, sides: VaultSide[], sinkArn?: string): void {
  if (isFirst(scope, eventBusArn, Stage.of(scope))) { // the other Stages may not be deployed
    rules.forward('Jobs', 'Forwards the events of jobs', { 'source': ['aws.backup'], 'detail-type': JOB_EVENT_TYPES }, eventBusArn);
    rules.forward('Tampering', 'Forwards what is done to vaults, recovery points and plans', anyTampering(), eventBusArn);
  }
  const keys = [...new Set(sides.flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []))];
  for (let at = 0; at < keys.length; at += KEYS_OF_A_PATTERN) {
    const { pattern } = vaultKeyTampered('', keys.slice(at, at + KEYS_OF_A_PATTERN));
    rules.forward(at === 0 ? 'Keys' : `Keys${at}`, 'Forwards what is done to the keys of vaults', pattern, eventBusArn);
  }
  if (sinkArn !== undefined && isFirst(scope, sinkArn, scope.node.root)) { // a second link to it would be refused
    new oam.CfnLink(scope, 'Link', {
      sinkIdentifier: sinkArn,
      labelTemplate: '$AccountName',
      resourceTypes: ['AWS::CloudWatch::Metric'],
      linkConfiguration: { metricConfiguration: { filter: "Namespace IN ('AWS/Backup', 'AWS/S3')" } },
    });
  }
}

/**
 * Whether nobody else sends to there from this account and region. Tokens may be any account and region, so with them each
 * stack sends by itself: what arrives twice is better than what does not.
 *
 * @param within Where else it is looked for
 */
function isFirst(scope: Construct, destinationArn: string, within?: IConstruct): boolean {
  const { account, region, isLiteral } = Environment.of(scope);
  const fact: SentFact = { within: isLiteral ? within : Stack.of(scope), account, region, destinationArn };
  const registry = Registry.of(scope);
  const isThere = registry.all(SENT).some((sent) =>
    sent.within === fact.within && sent.account === account && sent.region === region && sent.destinationArn === destinationArn);
  if (!isThere) {
    registry.register(SENT, fact);
  }
  return !isThere;
}

interface SentFact {
  readonly within?: IConstruct;
  readonly account: string;
  readonly region: string;
  readonly destinationArn: string;
}

const SENT = new FactKind<SentFact>('sent');

const JOB_EVENT_TYPES = [BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS].map(({ detailType }) => detailType);

/** A pattern takes some more, as long as the ARN of a key can be. */
const KEYS_OF_A_PATTERN = 15;

function check(scope: Construct, props: BackupEventForwardingProps, home: Environment): void {
  const { eventBusArn, vaults, sinkArn, replicaSinkArn, topic, replicaTopic, emailAddresses, overrides } = props;
  const replicas = (vaults ?? []).flatMap((vault) => replicaOf(vault) ?? []).filter(({ stack }) => stack);
  const errors = new PropsErrors('BackupEventForwardingProps', scope);
  errors.whenEmpty('vaults', vaults, 'vault', 'for none leave it out');
  checkVaults(errors, scope, vaults, 'the forwarding');
  checkBus(errors, eventBusArn, home);
  checkSink(errors, 'sinkArn', sinkArn, home);
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the forwarding', home);
  errors.when(replicas.length === 0 && (replicaSinkArn !== undefined || replicaTopic !== undefined),
    () => `'${replicaSinkArn === undefined ? 'replicaTopic' : 'replicaSinkArn'}' is of no use, since 'vaults' have no replica that this app defines: leave it out`);
  for (const { environment } of replicas) {
    checkBus(errors, eventBusArn, environment);
    checkSink(errors, 'replicaSinkArn', replicaSinkArn, environment);
    checkTopic(errors, 'replicaTopic', replicaTopic, 'CloudWatch', 'the replicas', environment);
  }
  checkEmailAddresses(errors, emailAddresses, replicas.length > 0 ? topic && replicaTopic : topic);
  checkOverrides(errors, overrides, ['event-not-delivered'], () => 5);
  errors.throwIfAny();
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html */
function checkBus(errors: PropsErrors, eventBusArn: string, { region }: Environment): void {
  const bus = Token.isUnresolved(eventBusArn) ? undefined : /^arn:([\w-]+):events:([\w-]+):\d{12}:event-bus\/[\w./-]+$/.exec(eventBusArn);
  errors.when(bus === null,
    () => `'eventBusArn' must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got '${eventBusArn}'`);
  if (bus && !Token.isUnresolved(region)) {
    const [, partition, busRegion] = bus;
    errors.when(partition !== partitionOf(region), () => `'eventBusArn' must be of the partition of the events (${partitionOf(region)}), got '${eventBusArn}'`);
    errors.when(partition === partitionOf(region) && partition !== 'aws' && busRegion !== region,
      () => `'eventBusArn' must be of the region of the events (${region}): EventBridge forwards to other regions in the partition 'aws' only, got '${eventBusArn}'`);
  }
}

function checkSink(errors: PropsErrors, property: string, sinkArn: string | undefined, { account, region }: Environment): void {
  const sink = sinkArn === undefined || Token.isUnresolved(sinkArn) ? undefined : /^arn:[\w-]+:oam:([\w-]+):(\d{12}):sink\/[\w-]+$/.exec(sinkArn);
  errors.when(sink === null, () => `'${property}' must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got '${sinkArn}'`);
  if (sink) {
    errors.when(differ(sink[1], region), () => `'${property}' must be of the region of the metrics (${region}), got '${sinkArn}'`);
    errors.when(sink[2] === account, () => `'${property}' must be of another account: the metrics of ${account} are there without a link, got '${sinkArn}'`);
  }
}
