import { Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as oam from 'aws-cdk-lib/aws-oam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-event-types';
import { anyTampering, vaultKeyTampered } from './tampering';
import { primaryOf, replicaOf } from './vault-side';
import type { AlarmOptions } from '../alarms';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { checkEmailAddresses, checkOverrides } from '../alarms/checks';
import { EventRules } from '../alarms/event-rules';
import { NotificationTopic, mayBeSilent } from '../alarms/notification-topic';
import { differ, Environment } from '../private/environment';
import { checkTopic } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';
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
   * Vaults whose keys are watched: what is done to the key of a vault, or of its replica, is forwarded where that is of
   * the account and region of this construct.
   *
   * @default - what is done to keys is not forwarded
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
   * Topic of the account and region of this construct, for the alarm on events that could not be forwarded.
   *
   * @default - a `NotificationTopic` without subscriptions
   */
  readonly topic?: sns.ITopic;

  /**
   * Who gets an e-mail for that alarm, by the topic that is made here. Each of them has to confirm once.
   *
   * @default - nobody: subscribe to the topic
   */
  readonly emailAddresses?: string[];

  /**
   * What is other than usual with the alarm `event-not-delivered`.
   *
   * @default - alarms as the catalogue has them
   */
  readonly overrides?: { [name: string]: AlarmOptions };
}

/**
 * Puts the events of backup, copy and restore jobs, and of tampering with vaults, recovery points and plans, on the bus
 * of central monitoring. Define it in every account and region where there are jobs or vaults: AWS Backup tells of them
 * there alone.
 *
 * What can't be forwarded is in a queue, with an alarm here.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 * new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: 'arn:aws:events:eu-west-2:333333333333:event-bus/backups' });
 */
export class BackupEventForwarding extends Construct {
  /**
   * Topic of the alarm.
   */
  public readonly topic: sns.ITopic;

  /**
   * The alarm on events that could not be forwarded, unless it is switched off.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Defines the forwarding.
   *
   * @throws if the bus or the sink is none, or the topic is elsewhere; all problems at once
   */
  constructor(scope: Construct, id: string, props: BackupEventForwardingProps) {
    super(scope, id);
    const home = Environment.of(this);
    check(this, props, home);

    const made = new CataloguedAlarms(props.overrides ?? {});
    mayBeSilent(this, props.topic);
    this.topic = props.topic ?? new NotificationTopic(this, 'Topic', { emailAddresses: props.emailAddresses }).topic;
    const rules = new EventRules(this, this.topic, made);
    rules.forward('Jobs', 'Forwards the events of jobs', { 'source': ['aws.backup'], 'detail-type': JOB_EVENT_TYPES }, props.eventBusArn);
    rules.forward('Tampering', 'Forwards what is done to vaults, recovery points and plans', anyTampering(), props.eventBusArn);
    const keys = keysOf(props.vaults ?? [], home);
    if (keys.length > 0) {
      rules.forward('Keys', 'Forwards what is done to the keys of vaults', vaultKeyTampered('', keys).pattern, props.eventBusArn);
    }
    if (props.sinkArn !== undefined) {
      new oam.CfnLink(this, 'Link', {
        sinkIdentifier: props.sinkArn,
        labelTemplate: '$AccountName',
        resourceTypes: ['AWS::CloudWatch::Metric'],
        linkConfiguration: { metricConfiguration: { filter: "Namespace IN ('AWS/Backup', 'AWS/S3')" } },
      });
    }
    this.alarms = made.alarms;
  }
}

const JOB_EVENT_TYPES = [BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS].map(({ detailType }) => detailType);

function keysOf(vaults: IReplicatedBackupVault[], home: Environment): string[] {
  return vaults.flatMap((vault) => [primaryOf(vault), replicaOf(vault) ?? []].flat())
    .filter(({ environment }) => !environment.differsFrom(home))
    .flatMap(({ encryptionKey }) => encryptionKey?.keyArn ?? []);
}

function check(scope: Construct, { eventBusArn, sinkArn, topic, emailAddresses, overrides }: BackupEventForwardingProps, home: Environment): void {
  const errors = new PropsErrors('BackupEventForwardingProps', scope);
  errors.when(!Token.isUnresolved(eventBusArn) && !/^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/.test(eventBusArn),
    () => `'eventBusArn' must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got '${eventBusArn}'`);
  const sink = sinkArn === undefined || Token.isUnresolved(sinkArn) ? undefined : /^arn:[\w-]+:oam:([\w-]+):\d{12}:sink\/[\w-]+$/.exec(sinkArn);
  errors.when(sink === null, () => `'sinkArn' must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got '${sinkArn}'`);
  errors.when(!!sink && differ(sink[1], home.region), () => `'sinkArn' must be of the region of the metrics (${home.region}), got '${sinkArn}'`);
  checkTopic(errors, 'topic', topic, 'CloudWatch', 'the forwarding', home);
  checkEmailAddresses(errors, emailAddresses, topic);
  checkOverrides(errors, overrides, ['event-not-delivered'], () => 5);
  errors.throwIfAny();
}
