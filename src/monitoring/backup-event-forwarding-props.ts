import type * as sns from 'aws-cdk-lib/aws-sns';
import type { AlarmOptions } from '../alarms';
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
