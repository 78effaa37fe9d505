import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { CfnQueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IDependable } from 'constructs';
import { overTlsOnly } from '../alarms/dead-letters';
import { ATTEMPTS } from '../capture/capture.contract';
import { suppress } from '../private/nag-suppressions';
import { stableName } from '../private/physical-names';

/** The longest run of a function of AWS Lambda. */
export const CAPTURE_TIMEOUT = Duration.minutes(15);

/**
 * Longer than a run, so that no message is received again while it is worked on. A capture that fails holds up those behind it in its
 * group for this time with each attempt.
 */
const VISIBILITY_TIMEOUT = Duration.minutes(20);

/** The maximum of Amazon SQS. */
const KEPT = Duration.days(14);

/**
 * A queue by what others need of it.
 */
export interface CaptureQueue {
  readonly url: string;
  readonly arn: string;
  readonly name: string;
  /** What must exist before the first message. */
  readonly policy: IDependable;
}

/**
 * The queues of a construct that captures: captures to be made, changes, and what could not be done.
 */
export interface CaptureQueues {
  /** A FIFO queue with a message group for each target, so that no two captures of a target run at the same time. */
  readonly captures: CaptureQueue;
  /** Captures that were given up. The dead-letter queue of a FIFO queue is a FIFO queue. */
  readonly failedCaptures: CaptureQueue;
  /** Undefined if changes are not captured. */
  readonly changes?: CaptureQueue;
  /** Changes that were given up, and what EventBridge Scheduler could not deliver, which takes a standard queue only. */
  readonly deadLetters: CaptureQueue;
}

/**
 * @param changeDelay How long a change waits; undefined if changes are not captured
 * @param ruleArns The rules that put changes into their queue
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function defineQueues(scope: Construct, key: kms.IKey, changeDelay: Duration | undefined, ruleArns: string[]): CaptureQueues {
  const encrypted = { kmsMasterKeyId: key.keyArn };
  const kept = { ...encrypted, messageRetentionPeriod: KEPT.toSeconds() };
  const deadLetters = new CfnQueue(scope, 'DeadLetters', kept);
  if (changeDelay === undefined) { // otherwise the rule finds the queue of changes, whose dead letters are in it too
    suppress(deadLetters, { id: 'AwsSolutions-SQS3', reason: 'The queue is itself the dead-letter queue of schedules, and an alarm reports messages in it.' });
  }
  const failedCaptures = new CfnQueue(scope, 'FailedCaptures', { ...kept, ...fifo(scope, 'FailedCaptures') });
  const workedWith = (givenUp: CfnQueue) => ({
    ...encrypted,
    visibilityTimeout: VISIBILITY_TIMEOUT.toSeconds(),
    redrivePolicy: { deadLetterTargetArn: givenUp.attrArn, maxReceiveCount: ATTEMPTS },
  });
  // EventBridge Scheduler gives no deduplication ID. Messages say what they are for, so those with the same text are the same capture.
  const captures = new CfnQueue(scope, 'Captures', {
    ...workedWith(failedCaptures), ...fifo(scope, 'Captures'), contentBasedDeduplication: true,
  });
  const changes = changeDelay && new CfnQueue(scope, 'Changes', { ...workedWith(deadLetters), delaySeconds: changeDelay.toSeconds() });
  const fromRules = (queue: CfnQueue) => new iam.PolicyStatement({
    sid: 'Changes',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.attrArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account }, ArnEquals: { 'aws:SourceArn': ruleArns } },
  });
  return {
    deadLetters: withPolicy(scope, deadLetters),
    failedCaptures: withPolicy(scope, failedCaptures),
    captures: withPolicy(scope, captures),
    changes: changes && withPolicy(scope, changes, fromRules(changes)),
  };
}

/** The name ends in `.fifo`. AWS CloudFormation appends that to the names it generates, which can then exceed 80 characters. */
function fifo(scope: Construct, id: string): Pick<CfnQueueProps, 'fifoQueue' | 'queueName'> {
  return { fifoQueue: true, queueName: `${stableName(75, scope, id)}.fifo` };
}

/** A queue with the policy that it needs: whoever else sends does so with a role. */
function withPolicy(scope: Construct, queue: CfnQueue, ...statements: iam.PolicyStatement[]): CaptureQueue {
  const policy = new CfnQueuePolicy(scope, `${queue.node.id}Policy`, {
    queues: [queue.ref],
    policyDocument: new iam.PolicyDocument({ statements: [...statements, overTlsOnly(queue.attrArn)] }),
  });
  return { url: queue.ref, arn: queue.attrArn, name: queue.attrQueueName, policy };
}
