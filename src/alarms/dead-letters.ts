import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import type { CataloguedAlarms } from './catalogued-alarms';
import type { MessageTopics } from '../notification/message-topics';
import { Environment } from '../private/environment';
import { suppress } from '../private/nag-suppressions';
import { stableNamePrefix } from '../private/physical-names';

/**
 * A queue, and the policy that allows rules to send events to it.
 */
export interface DeadLetterQueue {
  readonly arn: string;
  readonly policy: CfnQueuePolicy;
  readonly keyArn: string;
}

/** Where an alarm is, and whom it notifies. */
export interface PlaceOfAlarm {
  readonly scope: Construct;
  readonly topics: MessageTopics;
  readonly made: CataloguedAlarms;
}

const SHARED = Symbol('dead letters of the stacks');
type WithShared = IConstruct & { [SHARED]?: Map<Stack, DeadLetters> };

/**
 * Has all constructs below this one put dead letters into one queue for each stack, that of the first one that has rules there. Where
 * the alarms of that one are merged, what its queue does not get of the others is in the same alarm too.
 */
export function shareDeadLetters(scope: WithShared): void {
  scope[SHARED] ??= new Map();
}

/**
 * The dead-letter queue of rules, with its alarm. It is created with the first rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class DeadLetters {
  /**
   * Those of the rules of a construct.
   *
   * @param home The construct
   * @param ruleArnStart What the ARNs of the rules begin with that may put their events into the queue
   */
  public static of(home: IConstruct, own: PlaceOfAlarm, ruleArnStart: string): DeadLetters {
    const shared = home.node.scopes.flatMap((each: WithShared) => each[SHARED] ?? [])[0];
    const stack = Stack.of(own.scope);
    const deadLetters = shared?.get(stack) ?? new DeadLetters(own, shared !== undefined);
    shared?.set(stack, deadLetters);
    deadLetters.ruleArnStarts.push(ruleArnStart);
    return deadLetters;
  }

  private readonly ruleArnStarts: string[] = [];
  private defined?: DeadLetterQueue;

  private constructor(private readonly alarm: PlaceOfAlarm, private readonly isShared: boolean) {}

  /** Created at first use. */
  public get queue(): DeadLetterQueue {
    return this.defined ??= this.define();
  }

  /** Where the alarm on what the queue did not get is: that on the queue, if those are merged. */
  public lossAlarm(own: PlaceOfAlarm): PlaceOfAlarm {
    return this.alarm.made.mergedInto('event-not-delivered') && own.made.mergedInto('event-not-delivered') ? this.alarm : own;
  }

  private define(): DeadLetterQueue {
    const { scope, topics, made } = this.alarm;
    const queue = new CfnQueue(scope, 'UndeliveredEvents', {
      kmsMasterKeyId: topics.queueKey.keyArn,
      messageRetentionPeriod: Duration.days(14).toSeconds(), // the maximum of Amazon SQS
    });
    suppress(queue, { id: 'AwsSolutions-SQS3', reason: 'The queue is itself the dead-letter queue of EventBridge rules, and an alarm reports messages in it.' });
    const policy = new CfnQueuePolicy(scope, 'UndeliveredEventsPolicy', {
      queues: [queue.ref],
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Undelivered',
            principals: [new iam.ServicePrincipal('events.amazonaws.com')],
            actions: ['sqs:SendMessage'],
            resources: [queue.attrArn],
            conditions: { ArnLike: { 'aws:SourceArn': this.isShared ? Lazy.uncachedAny({ produce: () => this.rules() }) : this.rules() } },
          }),
          overTlsOnly(queue.attrArn),
        ],
      }),
    });
    made.add(scope, undefined, 'event-not-delivered', topics, {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: queue.attrQueueName },
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      subject: `rules ${stableNamePrefix(scope)}*`,
      period: Duration.minutes(5),
      threshold: 0,
      // Amazon SQS publishes no metrics of a queue that was not used for six hours, although the events are still in it.
      keepsState: true,
    });
    return { arn: queue.attrArn, policy, keyArn: topics.queueKey.keyArn };
  }

  /** The ARNs of the rules: one value where it is one, as it is written into a policy. */
  private rules(): string | string[] {
    const all = this.ruleArnStarts.map((start) => `${start}*`);
    return all.length === 1 ? all[0] : all;
  }
}

/** Condition on the use of a key: only through Amazon SQS. */
export function throughSqs(scope: Construct): iam.Conditions {
  const { region } = Stack.of(scope);
  const service = `sqs.${region}.amazonaws.com`;
  return { StringEquals: { 'kms:ViaService': Environment.of(scope).partitionIn(scope) === 'aws-cn' ? [service, `${service}.cn`] : service } };
}

/** Statement of the policy of a queue that denies everybody access without TLS. */
export function overTlsOnly(queueArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'OverTlsOnly',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['sqs:*'],
    resources: [queueArn],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
