import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE, runbookUrl } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmOptions } from './alarm-options';
import { stableName } from '../private/physical-names';
import type { PropsErrors } from '../private/props-errors';
import { describeMinutes } from '../private/spans';

/**
 * What an alarm of the catalogue looks at.
 */
export interface CataloguedAlarm {
  readonly metric: cloudwatch.Metric;
  /** What it is about, in a word or two: a vault, a bucket. */
  readonly subject: string;
  readonly period: Duration;
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  /** Whether a value below the threshold is the alarm, and a missing one too. */
  readonly isAboutAbsence?: boolean;
  /** What becomes of the alarm while there are no values. */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/**
 * Makes alarms as the catalogue and the overrides have them.
 */
export class CataloguedAlarms {
  public readonly alarms: cloudwatch.Alarm[] = [];

  constructor(private readonly overrides: Record<string, AlarmOptions>) {}

  /** @param scope A construct of the region and the account of the metric */
  public add(scope: Construct, id: string, name: AlarmName, topic: sns.ITopic, alarm: CataloguedAlarm): void {
    const { enabled = true, threshold = alarm.threshold, evaluationPeriods = alarm.evaluationPeriods ?? 1, severity } = this.overrides[name] ?? {};
    if (!enabled) {
      return;
    }
    const { happened, means, severity: usual } = ALARM_CATALOGUE[name];
    const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const made = new cloudwatch.Alarm(scope, id, {
      alarmName: stableName(200, scope, id),
      alarmDescription: `${severity ?? usual}: ${happened} (${alarm.subject}) ${means} What to do: ${runbookUrl(name)}`,
      metric: alarm.metric.with({ period: alarm.period }),
      threshold,
      evaluationPeriods,
      comparisonOperator: alarm.isAboutAbsence ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      // AWS Backup publishes only what is not zero.
      treatMissingData: alarm.treatMissingData ?? (alarm.isAboutAbsence ? BREACHING : NOT_BREACHING),
    });
    // Not by the CDK's own actions: they load the modules of all services that an alarm may act on.
    const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
    made.addAlarmAction(action);
    made.addOkAction(action);
    this.alarms.push(made);
  }
}

/**
 * An override that nothing goes by would be a silence that nobody meant.
 *
 * @param periodOf The period of the alarms of a name, in minutes
 */
export function checkOverrides(errors: PropsErrors, overrides: Record<string, AlarmOptions> | undefined, names: AlarmName[],
  periodOf: (name: string) => number): void {
  for (const [name, { threshold, evaluationPeriods }] of Object.entries(overrides ?? {})) {
    errors.when(!names.includes(name as AlarmName), () => `'overrides' must go by the names of alarms (${names.join(', ')}), got '${name}'`);
    errors.when(threshold !== undefined && threshold < 0, () => `'threshold' of '${name}' must not be negative, got ${threshold}`);
    errors.when(evaluationPeriods !== undefined && (!Number.isInteger(evaluationPeriods) || evaluationPeriods < 1),
      () => `'evaluationPeriods' of '${name}' must be a whole number, 1 or more, got ${evaluationPeriods}`);
    const period = periodOf(name);
    const longest = (period < 60 ? 1 : 7) * 1440;
    errors.when(evaluationPeriods !== undefined && evaluationPeriods * period > longest,
      () => `'evaluationPeriods' of '${name}' must be ${Math.floor(longest / period)} or less: an alarm looks back for a day at the most, or for 7 with `
        + `periods of an hour and more, and its periods are ${describeMinutes(period)}, got ${evaluationPeriods}`);
  }
}
