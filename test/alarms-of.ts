import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/**
 * The alarms of a stack as they are where nothing is computed: one on what is missing is on an expression that fills gaps with
 * zeros, and has its metric in there.
 */
export function alarmsOf(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => onOneMetric(Properties));
}

/** Those that are on a metric. */
export function alarmsOn(stack: Stack, metricName: string): any[] {
  return alarmsOf(stack).filter(({ MetricName }) => MetricName === metricName);
}

/** An alarm on its metric, as one without an expression has it. */
export function onOneMetric(alarm: any): any {
  const { Metrics, ...rest } = alarm;
  if (Metrics === undefined) {
    return alarm;
  }
  const [expression, metric, ...others] = Metrics;
  if (/DIFF_TIME|^m0 \+ m1/.test(expression.Expression)) { // failures in two runs, and what is one alarm on several metrics
    return alarm;
  }
  if (others.length > 0 || expression.Expression !== `FILL(${metric.Id}, 0)` || expression.ReturnData === false || metric.ReturnData !== false) {
    throw new Error(`expected an expression that fills gaps with zeros, got ${JSON.stringify(Metrics)}`);
  }
  const { Metric, Period, Stat } = metric.MetricStat;
  return { ...rest, ...Metric, Period, Statistic: Stat };
}
