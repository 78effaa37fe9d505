import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { METRIC_NAMESPACE } from '../execution/runbook.contract';
import type { MessageTopics } from '../notification/message-topics';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { describeMinutes } from '../private/spans';

/** A metric of the runs of a runbook that are complete. */
export function recoveryMetric(documentName: string, metricName: 'RecoveryTime' | 'DataLoss', options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { Runbook: documentName },
    statistic: cloudwatch.Stats.MAXIMUM,
    ...options,
  });
}

/** An alarm on a run that took longer than the shortest objective. Without objectives there is none. */
export function alarmOnSlowRuns(
  scope: Construct, documentName: string, objectives: readonly RecoveryObjective[], made: CataloguedAlarms, topics: MessageTopics,
): void {
  if (objectives.length === 0) {
    return;
  }
  const seconds = Math.min(...objectives.map(({ rto }) => rto.toSeconds()));
  made.add(scope, undefined, 'recovery-slower-than-objective', topics, {
    metric: recoveryMetric(documentName, 'RecoveryTime'),
    subject: `runbook ${documentName}, recovery time objective ${describeMinutes(seconds / 60)}`,
    period: Duration.minutes(5),
    threshold: seconds,
    isMomentary: true,
  });
}
