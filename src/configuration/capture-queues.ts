import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IDependable } from 'constructs';
import { overTlsOnly } from '../alarms/dead-letters';
import { ATTEMPTS } from '../capture/capture.contract';
import { Environment } from '../private/environment';

/** The longest run of a function of AWS Lambda. */
export const CAPTURE_TIMEOUT = Duration.minutes(15);

/** Longer than a run, so that no message is received again while it is worked on. */
const VISIBILITY_TIMEOUT = Duration.minutes(20);

/** The maximum of Amazon SQS. */
const KEPT = Duration.days(14);

/** Only through Amazon SQS. */
export function throughSqs(scope: Construct): iam.Conditions {
  const { region } = Stack.of(scope);
  const service = `sqs.${region}.amazonaws.com`;
  return { StringEquals: { 'kms:ViaService': Environment.of(scope).partitionIn(scope) === 'aws-cn' ? [service, `${service}.cn`] : service } };
}

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
  readonly captures: CaptureQueue;
  /** Undefined if changes are not captured. */
  readonly changes?: CaptureQueue;
  readonly deadLetters: CaptureQueue;
}

/**
 * @param changeDelay How long a change waits; undefined if changes are not captured
 * @param ruleArns The rules that put changes into their queue
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function defineQueues(scope: Construct, key: kms.IKey, changeDelay: Duration | undefined, ruleArns: string[]): CaptureQueues {
  const deadLetters = new CfnQueue(scope, 'DeadLetters', { kmsMasterKeyId: key.keyArn, messageRetentionPeriod: KEPT.toSeconds() });
  const worked = {
    kmsMasterKeyId: key.keyArn,
    visibilityTimeout: VISIBILITY_TIMEOUT.toSeconds(),
    redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: ATTEMPTS },
  };
  const captures = new CfnQueue(scope, 'Captures', worked);
  const changes = changeDelay && new CfnQueue(scope, 'Changes', { ...worked, delaySeconds: changeDelay.toSeconds() });
  const fromRules = (queue: CfnQueue) => new iam.PolicyStatement({
    sid: 'Changes',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.attrArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account }, ArnEquals: { 'aws:SourceArn': ruleArns } },
  });
  return {
    deadLetters: withPolicy(scope, deadLetters),
    captures: withPolicy(scope, captures),
    changes: changes && withPolicy(scope, changes, fromRules(changes)),
  };
}

/** A queue with the policy that it needs: whoever else sends does so with a role. */
function withPolicy(scope: Construct, queue: CfnQueue, ...statements: iam.PolicyStatement[]): CaptureQueue {
  const policy = new CfnQueuePolicy(scope, `${queue.node.id}Policy`, {
    queues: [queue.ref],
    policyDocument: new iam.PolicyDocument({ statements: [...statements, overTlsOnly(queue.attrArn)] }),
  });
  return { url: queue.ref, arn: queue.attrArn, name: queue.attrQueueName, policy };
}
