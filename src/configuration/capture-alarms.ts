import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { captureMetric } from './capture-metrics';
import type { CaptureQueues } from './capture-queues';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import type { MessageTopics } from '../notification/message-topics';
import type { BackupTier } from '../objectives/backup-tier';
import { recoveryPointAge } from '../objectives/recovery-point-age';
import { unchecked } from '../private/registry';
import { describeMinutes } from '../private/spans';

/** CloudWatch evaluates at most 7 days, with periods of an hour; one of them is for the delay of the metric. */
const LONGEST_HOURS = 6 * 24;

/**
 * What the alarms of a construct that captures are on.
 */
export interface CaptureAlarms {
  readonly scope: Construct;
  readonly kind: string;
  readonly targets?: readonly string[];
  readonly schedules: readonly BackupTier[];
  readonly queues: CaptureQueues;
  readonly made: CataloguedAlarms;
  readonly topics: MessageTopics;
}

/** Alarms on what failed, what is missing, and what was found. */
export function alarmOnCaptures(capture: CaptureAlarms): void {
  const { scope, kind, queues, made, topics } = capture;
  const subject = `configuration of ${kind} by ${scope.node.path.replace(/[^\x20-\x7e]/g, '?')}`;
  made.add(scope, undefined, 'config-capture-failed', topics, {
    metric: captureMetric(scope, kind, 'Failed'), subject, period: Duration.minutes(5), threshold: 0,
  });
  // A function that was ended, or a schedule that could not be delivered, counts nothing.
  const givenUp = [['not-done', queues.deadLetters, 'DeadLetters'], ['captures-not-done', queues.failedCaptures, 'FailedCaptures']] as const;
  for (const [id, queue, name] of givenUp) {
    made.add(scope, id, 'config-capture-failed', topics, {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: queue.name },
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      subject: `${subject}, messages in its dead-letter queue ${name}`,
      period: Duration.minutes(5),
      threshold: 0,
      // Amazon SQS publishes no metrics of a queue that was not used for six hours, although the messages are still in it.
      keepsState: true,
    });
  }
  alarmOnMissing(capture, subject);
  alarmOnFindings(capture, subject);
}

/** Each run says what it found. Of a day with several, the worst counts. */
function alarmOnFindings(capture: CaptureAlarms, subject: string): void {
  const { scope, kind, made, topics } = capture;
  for (const { id, target, about } of watched(capture)) {
    const found = { subject: `${about}${subject}`, period: Duration.days(1), threshold: 0, keepsState: true };
    const worst = { statistic: cloudwatch.Stats.MAXIMUM };
    made.add(scope, id, 'plaintext-secret-found', topics, { ...found, metric: captureMetric(scope, kind, 'PlaintextSecrets', worst, target) });
    made.add(scope, id, 'image-not-kept', topics, { ...found, metric: captureMetric(scope, kind, 'ImagesNotKept', worst, target) });
  }
}

/** What an alarm is on: one for each name, since what goes on for one, or was repaired there, must not hide another. */
interface Watched {
  readonly id?: string;
  readonly target?: string;
  /** What the alarm says before its subject. */
  readonly about: string;
}

function watched({ targets }: CaptureAlarms): Watched[] {
  return targets?.map((target, index) => {
    return Token.isUnresolved(target) ? { id: `target${index}`, target, about: '' } : { id: target, target, about: `${target}, ` };
  }) ?? [{ about: '' }];
}

function alarmOnMissing(capture: CaptureAlarms, subject: string): void {
  const { scope, kind, schedules, made, topics } = capture;
  const minutes = recoveryPointAge([...schedules])?.worstCase;
  const hours = minutes === undefined ? undefined : Math.ceil(minutes / 60);
  if (hours === undefined || hours > LONGEST_HOURS) {
    const why = hours === undefined ? "the windows of 'schedules' are tokens" : `they can be ${describeMinutes(hours * 60)} apart, and an alarm evaluates at most 6 days`;
    unchecked(scope, 'absenceNotWatched', `whether snapshots are made: ${hours === Infinity ? 'there might be none at all' : why}`);
    return;
  }
  for (const { id, target, about } of watched(capture)) {
    made.add(scope, id, 'no-good-config-snapshot', topics, {
      metric: captureMetric(scope, kind, 'Captured', undefined, target),
      subject: `${about}${subject}, ${describeMinutes(made.evaluationPeriodsOf('no-good-config-snapshot', hours) * 60)}`,
      period: Duration.hours(1),
      threshold: 1,
      evaluationPeriods: hours,
      isAboutAbsence: true,
    });
  }
}
