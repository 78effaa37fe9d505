import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CataloguedAlarm } from './catalogued-alarms';
import { AlarmSeverity } from '../notification/notify';

/** The maximum number of metrics of a CloudWatch alarm. */
export const METRICS_OF_ALARM = 10;

/** One alarm on what several are on: the first that would be on has it on. */
export function mergedAlarm(alarms: CataloguedAlarm[]): CataloguedAlarm {
  return alarms.length === 1 ? alarms[0] : alarms[0].isAboutAbsence ? anyAbsence(alarms) : sumOf(alarms);
}

/**
 * If values are missing, CloudWatch evaluates older values than specified, and one old value keeps the alarm in OK. Zeros are
 * values, so that only the specified time is evaluated. If there was never a value, nothing is filled, and the alarm treats
 * missing data as specified.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function withoutGaps({ metric, period }: CataloguedAlarm): cloudwatch.IMetric {
  return isComputed(metric) ? metric
    : new cloudwatch.MathExpression({ expression: 'FILL(completed, 0)', usingMetrics: { completed: metric.with({ period }) }, period, label: metric.metricName });
}

export function isComputed(metric: CataloguedAlarm['metric']): metric is cloudwatch.MathExpression {
  return metric instanceof cloudwatch.MathExpression;
}

/**
 * One alarm on the sum of several metrics. A metric without a value counts as 0.
 *
 * Where one of them keeps its state, so does the sum. That it is off again is reported only if all of them report it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function sumOf(alarms: CataloguedAlarm[]): CataloguedAlarm {
  const period = Duration.minutes(Math.max(...alarms.map((alarm) => alarm.period.toMinutes())));
  const metrics = alarms.map(({ metric }, index): [string, cloudwatch.IMetric] => [`m${index}`, isComputed(metric) ? metric : metric.with({ period })]);
  const severities = alarms.map(({ severity }) => severity);
  return {
    ...alarms[0],
    metric: new cloudwatch.MathExpression({
      expression: metrics.map(([id]) => id).join(' + '), usingMetrics: Object.fromEntries(metrics), period, label: 'sum of all metrics',
    }),
    subject: someOf(alarms, ', '),
    period,
    keepsState: alarms.some(({ keepsState }) => keepsState),
    isQuietAgain: !alarms.every(({ keepsState }) => keepsState),
    severity: severities.includes(AlarmSeverity.CRITICAL) ? AlarmSeverity.CRITICAL : severities[0],
  };
}

/**
 * One alarm that is on where any of several metrics had no value within the evaluation range of its own alarm: one that goes on must not hide
 * that another one stopped, as a sum would.
 *
 * An alarm retrieves more data than it evaluates, so what is counted of each metric is limited by the time of the newest period (`EPOCH`
 * has one for each period, also where the metric has no value). The product is 0 where one of the counts is, and a metric without any
 * value makes it 0, or leaves no value: both are the alarm.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function anyAbsence(alarms: CataloguedAlarm[]): CataloguedAlarm {
  const { period } = alarms[0];
  const hoursOf = ({ evaluationPeriods }: CataloguedAlarm) => evaluationPeriods ?? 1;
  const counted = alarms.map((alarm, index) => {
    const all = `FILL(m${index}, 0)`;
    return `SUM(IF(EPOCH(${all}) > MAX(EPOCH(${all})) - ${hoursOf(alarm) * period.toSeconds()}, ${all}, 0))`;
  });
  return {
    ...alarms[0],
    metric: new cloudwatch.MathExpression({
      expression: `TIME_SERIES(${counted.join(' * ')})`,
      usingMetrics: Object.fromEntries(alarms.map(({ metric, subject }, index) => [`m${index}`, (metric as cloudwatch.Metric).with({ period, label: subject })])),
      period,
      label: '0 if one of them had none',
    }),
    subject: `at least one of: ${someOf(alarms, '; ')}`,
    evaluationPeriods: Math.max(...alarms.map(hoursOf)),
  };
}

/** The maximum number in a description. */
const SUBJECTS = 5;

function someOf(alarms: CataloguedAlarm[], separator: string): string {
  const subjects = [...new Set(alarms.map(({ subject }) => subject))];
  return subjects.length > SUBJECTS ? `${subjects.slice(0, SUBJECTS).join(separator)} and ${subjects.length - SUBJECTS} more` : subjects.join(separator);
}
