import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE, runbookUrl } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmOptions } from './alarm-options';
import type { AlarmSeverity } from './alarm-severity';
import { stableName } from '../private/physical-names';

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
  private readonly alarms: cloudwatch.Alarm[] = [];

  constructor(private readonly overrides: Record<string, AlarmOptions>) {}

  /** Those in the stack of a construct. */
  public beside(scope: Construct): cloudwatch.Alarm[] {
    return this.alarms.filter((alarm) => Stack.of(alarm) === Stack.of(scope));
  }

  /** Those in other stacks than that of a construct. */
  public elsewhere(scope: Construct): cloudwatch.Alarm[] {
    return this.alarms.filter((alarm) => Stack.of(alarm) !== Stack.of(scope));
  }

  public isEnabled(name: AlarmName): boolean {
    return this.overrides[name]?.enabled ?? true;
  }

  public severityOf(name: AlarmName): AlarmSeverity {
    return this.overrides[name]?.severity ?? ALARM_CATALOGUE[name].severity;
  }

  /** @param scope A construct of the region and the account of the metric */
  public add(scope: Construct, id: string, name: AlarmName, topic: sns.ITopic, alarm: CataloguedAlarm): void {
    if (!this.isEnabled(name)) {
      return;
    }
    const { threshold = alarm.threshold, evaluationPeriods = alarm.evaluationPeriods ?? 1 } = this.overrides[name] ?? {};
    const { happened, means } = ALARM_CATALOGUE[name];
    const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const made = new cloudwatch.Alarm(scope, id, {
      alarmName: stableName(200, scope, id),
      alarmDescription: `${this.severityOf(name)}: ${happened} (${alarm.subject}) ${means} What to do: ${runbookUrl(name)}`,
      metric: alarm.metric.with({ period: alarm.period }),
      threshold,
      evaluationPeriods,
      comparisonOperator: alarm.isAboutAbsence ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      // AWS Backup publishes only what is not zero.
      treatMissingData: alarm.treatMissingData ?? (alarm.isAboutAbsence ? BREACHING : NOT_BREACHING),
    });
    publishTo(topic, made);
    this.alarms.push(made);
  }
}

/** Not by the CDK's own actions: they load the modules of all services that an alarm may act on. */
export function publishTo(topic: sns.ITopic, alarm: cloudwatch.AlarmBase): void {
  const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}
