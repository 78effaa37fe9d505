import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CataloguedAlarms } from './catalogued-alarms';
import type { MessageTopics } from '../notification/message-topics';
import { suppress } from '../private/nag-suppressions';
import { stableNamePrefix } from '../private/physical-names';

/**
 * A queue, and the policy that lets rules put events into it.
 */
export interface DeadLetterQueue {
  readonly arn: string;
  readonly policy: CfnQueuePolicy;
}

/**
 * The queue for events that EventBridge could not deliver, with the alarm on it. It is there with the first rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class DeadLetters {
  private defined?: DeadLetterQueue;

  /** @param ruleArnStart What the ARNs of the rules begin with that may put their events into the queue */
  constructor(
    private readonly scope: Construct,
    private readonly topics: MessageTopics,
    private readonly made: CataloguedAlarms,
    private readonly ruleArnStart: string,
  ) {}

  /** It is made if it is not there. */
  public get queue(): DeadLetterQueue {
    return this.defined ??= this.define();
  }

  private define(): DeadLetterQueue {
    const queue = new CfnQueue(this.scope, 'UndeliveredEvents', {
      kmsMasterKeyId: this.topics.queueKey.keyArn,
      messageRetentionPeriod: Duration.days(14).toSeconds(), // as long as Amazon SQS keeps anything
    });
    suppress(queue, { id: 'AwsSolutions-SQS3', reason: 'The queue is itself the dead-letter queue of EventBridge rules, and an alarm reports messages in it.' });
    const policy = new CfnQueuePolicy(this.scope, 'UndeliveredEventsPolicy', {
      queues: [queue.ref],
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Undelivered',
            principals: [new iam.ServicePrincipal('events.amazonaws.com')],
            actions: ['sqs:SendMessage'],
            resources: [queue.attrArn],
            conditions: { ArnLike: { 'aws:SourceArn': `${this.ruleArnStart}*` } },
          }),
          new iam.PolicyStatement({
            sid: 'OverTlsOnly',
            effect: iam.Effect.DENY,
            principals: [new iam.AnyPrincipal()],
            actions: ['sqs:*'],
            resources: [queue.attrArn],
            conditions: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      }),
    });
    this.made.add(this.scope, undefined, 'event-not-delivered', this.topics, {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: queue.attrQueueName },
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      subject: `rules ${stableNamePrefix(this.scope)}*`,
      period: Duration.minutes(5),
      threshold: 0,
      // Amazon SQS says nothing of a queue that nobody touched for six hours, and the events are still in it.
      keepsState: true,
    });
    return { arn: queue.attrArn, policy };
  }
}
