import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { CaptureQueues } from './capture-queues';
import { throughSqs } from '../alarms/dead-letters';
import type { ScheduleMessage } from '../capture/capture.contract';
import type { BackupTier } from '../objectives/backup-tier';
import { Environment } from '../private/environment';
import { stableName, stableNameWithin } from '../private/physical-names';

/** What EventBridge Scheduler replaces by the time of the schedule, however late it delivers. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** The number of retries by default, within the maximum age of the event. */
const RETRIES = 185;

/**
 * Schedules that put the time of a run into the queue of captures.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function defineSchedules(scope: Construct, tiers: readonly BackupTier[], { captures, deadLetters }: CaptureQueues, key: kms.IKey): void {
  const home = Environment.of(scope);
  const group = new CfnScheduleGroup(scope, 'ScheduleGroup', { name: stableName(64, scope) });
  const role = new iam.Role(scope, 'ScheduleRole', {
    description: `Schedules ${stableName(64, scope)} put captures into their queue`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com').withConditions({
      // EventBridge Scheduler gives the ARN of the group, not that of the schedule.
      StringEquals: {
        'aws:SourceAccount': home.account,
        'aws:SourceArn': `arn:${home.partitionIn(scope)}:scheduler:${home.region}:${home.account}:schedule-group/${stableName(64, scope)}`,
      },
    }),
    inlinePolicies: {
      Send: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ sid: 'Send', actions: ['sqs:SendMessage'], resources: [captures.arn, deadLetters.arn] }),
          new iam.PolicyStatement({
            sid: 'Encrypt',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [key.keyArn],
            conditions: throughSqs(scope),
          }),
        ],
      }),
    },
  });
  for (const tier of tiers) {
    const input: ScheduleMessage = { schedule: tier.name, scheduledFor: SCHEDULED_TIME };
    const schedule = new CfnSchedule(scope, `Schedule-${tier.name}`, {
      name: stableNameWithin(scope, tier.name),
      groupName: group.name,
      description: `Captures by schedule ${tier.name}`,
      scheduleExpression: tier.scheduleExpression,
      scheduleExpressionTimezone: tier.timeZone ?? 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: captures.arn,
        roleArn: role.roleArn,
        input: JSON.stringify(input),
        sqsParameters: { messageGroupId: `schedule:${tier.name}` },
        retryPolicy: { maximumEventAgeInSeconds: tier.startWindow.toSeconds(), maximumRetryAttempts: RETRIES },
        deadLetterConfig: { arn: deadLetters.arn },
      },
    });
    schedule.node.addDependency(group);
  }
}
