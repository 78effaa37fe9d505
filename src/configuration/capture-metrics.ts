import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../capture/capture.contract';
import { stableName } from '../private/physical-names';

/** The name of a construct in its metrics: unique in its account and region. */
export function backupNameOf(scope: Construct): string {
  return stableName(64, scope);
}

/**
 * A metric of the captures of a construct, or of one of what it captures.
 *
 * @param target Its name, unless it is of all together
 */
export function captureMetric(
  scope: Construct, kind: string, metricName: string, options?: cloudwatch.MetricOptions, target?: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { Kind: kind, Backup: backupNameOf(scope), ...target === undefined ? {} : { Target: target } },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}
