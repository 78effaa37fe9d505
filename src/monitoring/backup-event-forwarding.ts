import { Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-event-types';
import { anyTampering, vaultKeyTampered } from './tampering';
import { groupByStack, primaryOf, replicaOf } from './vault-side';
import type { VaultSide } from './vault-side';
import type { AlarmOptions } from '../alarms';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { checkEmailAddresses, checkOverrides } from '../alarms/checks';
import { EventRules } from '../alarms/event-rules';
import { NotificationTopic, mayBeSilent } from '../alarms/notification-topic';
import { differ, Environment } from '../private/environment';
import { checkTopic } from '../private/environment-checks';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault';

/**
 * Properties of the forwarding of events.
 */
export interface BackupEventForwardingProps {
  /**
   * ARN of the bus that the events are put on, of whatever account and region: `eventBusArn` of `CentralMonitoring`.
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
   * replication with: an output of `CentralMonitoring`, known once that is deployed. For dashboards alone.
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
   * @default - a `NotificationTopic` without subscriptions, in each account and region of replicas
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
 * `vaults` excepted: AWS Backup tells of them there alone.
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
   * Topics of the others, one in each account and region of replicas.
   */
  public readonly replicaTopics: sns.ITopic[];

  /**
   * The alarm on events that could not be forwarded from the account and region of this construct, unless it is switched
   * off.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The others, one in each account and region of replicas.
   */
  public readonly replicaAlarms: cloudwatch.Alarm[];

  /**
   * Defines the forwarding.
   *
   * @throws if the bus or a sink is none, or a topic is elsewhere; all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupEventForwardingProps) {
    super(scope, id);
    const { eventBusArn, vaults = [], sinkArn, replicaSinkArn } = props;
    check(this, props, Environment.of(this));

    const made = new CataloguedAlarms(props.overrides ?? {});
    mayBeSilent(this, props.topic, props.replicaTopic);
    this.topic = props.topic ?? new NotificationTopic(this, 'Topic', { emailAddresses: props.emailAddresses }).topic;
    forward(this, new EventRules(this, this.topic, made), eventBusArn, vaults.map(primaryOf), sinkArn);

    const places = groupByStack(vaults.flatMap((vault) => replicaOf(vault) ?? []), (side) => {
      unchecked(this, `whether the events of ${side.environment} are forwarded, where vault '${side.backupVaultName}' is, which is imported: `
        + 'define BackupEventForwarding in a stack there');
    });
    this.replicaTopics = [...new Set([...places].map(([stack, sides]) => {
      const away = new Construct(stack, stableName(80, this));
      const topic = props.replicaTopic ?? new NotificationTopic(away, 'Topic', { emailAddresses: props.emailAddresses }).topic;
      forward(away, new EventRules(away, topic, made), eventBusArn, sides, replicaSinkArn);
      return topic;
    }))];
    this.alarms = made.beside(this);
    this.replicaAlarms = made.elsewhere(this);
  }
}

function forward(scope: Construct, rules: EventRules, eventBusArn: string, sides: VaultSide[], sinkArn?: string): void {
  rules.forward('Jobs', 'Forwards the events of jobs', { 'source': ['aws.backup'], 'detail-type': JOB_EVENT_TYPES }, eventBusArn);
  rules.forward('Tampering', 'Forwards what is done to vaults, recovery points and plans', anyTampering(), eventBusArn);
  const keys = sides.flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []);
  if (keys.length > 0) {
    rules.forward('Keys', 'Forwards what is done to the keys of vaults', vaultKeyTampered('', keys).pattern, eventBusArn);
  }
  if (sinkArn !== undefined) {
    new oam.CfnLink(scope, 'Link', {
      sinkIdentifier: sinkArn,
      labelTemplate: '$AccountName',
      resourceTypes: ['AWS::CloudWatch::Metric'],
      linkConfiguration: { metricConfiguration: { filter: "Namespace IN ('AWS/Backup', 'AWS/S3')" } },
    });
  }
}

const JOB_EVENT_TYPES = [BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS].map(({ detailType }) => detailType);

function check(scope: Construct, props: BackupEventForwardingProps, home: Environment): void {
  const { eventBusArn, vaults, sinkArn, replicaSinkArn, topic, replicaTopic, emailAddresses, overrides } = props;
  const replicas = (vaults ?? []).flatMap((vault) => replicaOf(vault) ?? []);
  const errors = new PropsErrors('BackupEventForwardingProps', scope);
  errors.when(!Token.isUnresolved(eventBusArn) && !/^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/.test(eventBusArn),
    () => `'eventBusArn' must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got '${eventBusArn}'`);
  errors.whenEmpty('vaults', vaults, 'vault', 'for none leave it out');
  for (const { backupVaultName, account, region } of vaults ?? []) {
    const where = new Environment(account, region);
    errors.when(where.differsFrom(home), () => `'vaults' must be in the account and region of the forwarding (${home}), got '${backupVaultName}' in ${where}`);
  }
  checkSink(errors, 'sinkArn', sinkArn, home);
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the forwarding', home);
  errors.when(replicas.length === 0 && (replicaSinkArn !== undefined || replicaTopic !== undefined),
    () => `'${replicaSinkArn === undefined ? 'replicaTopic' : 'replicaSinkArn'}' is of no use, since 'vaults' have no replica: leave it out`);
  for (const { environment } of replicas) {
    checkSink(errors, 'replicaSinkArn', replicaSinkArn, environment);
    checkTopic(errors, 'replicaTopic', replicaTopic, 'CloudWatch', 'the replicas', environment);
  }
  checkEmailAddresses(errors, emailAddresses, replicas.length > 0 ? topic && replicaTopic : topic);
  checkOverrides(errors, overrides, ['event-not-delivered'], () => 5);
  errors.throwIfAny();
}

function checkSink(errors: PropsErrors, property: string, sinkArn: string | undefined, { region }: Environment): void {
  const sink = sinkArn === undefined || Token.isUnresolved(sinkArn) ? undefined : /^arn:[\w-]+:oam:([\w-]+):\d{12}:sink\/[\w-]+$/.exec(sinkArn);
  errors.when(sink === null, () => `'${property}' must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got '${sinkArn}'`);
  errors.when(!!sink && differ(sink[1], region), () => `'${property}' must be of the region of the metrics (${region}), got '${sinkArn}'`);
}
