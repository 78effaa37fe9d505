import { Stack, Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE, runbookUrl } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmOptions } from './alarm-options';
import { AlarmSeverity } from '../notification/alarm-severity';
import type { MessageTopics } from '../notification/message-topics';
import { ACTIONS_LIMIT } from '../notification/notify-checks';
import { validate } from '../private/messages';
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
  /** Whether the alarm stays as it is while there are no values. */
  readonly keepsState?: boolean;
  /** Whether it is on what happens at a moment: more periods than one would be a silence. */
  readonly isMomentary?: boolean;
}

/**
 * Makes alarms as the catalogue and the overrides have them.
 */
export class CataloguedAlarms {
  private readonly alarms = new Map<cloudwatch.Alarm, AlarmName>();

  constructor(private readonly overrides: Record<string, AlarmOptions>) {}

  /** Those in the stack of a construct. */
  public beside(scope: Construct): cloudwatch.Alarm[] {
    return [...this.alarms.keys()].filter((alarm) => Stack.of(alarm) === Stack.of(scope));
  }

  /** Those in other stacks than that of a construct. */
  public elsewhere(scope: Construct): cloudwatch.Alarm[] {
    return [...this.alarms.keys()].filter((alarm) => Stack.of(alarm) !== Stack.of(scope));
  }

  /** Those that somebody has to look at at once. */
  public get critical(): cloudwatch.Alarm[] {
    return [...this.alarms].filter(([, name]) => this.severityOf(name) === AlarmSeverity.CRITICAL).map(([alarm]) => alarm);
  }

  public isEnabled(name: AlarmName): boolean {
    return this.overrides[name]?.enabled ?? true;
  }

  public severityOf(name: AlarmName): AlarmSeverity {
    return this.overrides[name]?.severity ?? ALARM_CATALOGUE[name].severity;
  }

  public evaluationPeriodsOf(name: AlarmName, usual: number): number {
    return this.overrides[name]?.evaluationPeriods ?? usual;
  }

  /**
   * @param scope A construct of the region and the account of the metric
   * @param id What tells it from others of its name there, if there are others
   */
  public add(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    if (!this.isEnabled(name)) {
      return;
    }
    const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, IGNORE, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const made = new cloudwatch.Alarm(scope, [id, name].filter((part) => part).join('-'), {
      alarmName: [name, id, stableName(120, scope)].filter((part) => part).join('-'), // what happened comes first: a subject of an e-mail is short
      alarmDescription: this.describe(name, alarm.subject),
      metric: alarm.isAboutAbsence ? withoutGaps(alarm) : alarm.metric.with({ period: alarm.period }),
      threshold: this.overrides[name]?.threshold ?? alarm.threshold,
      evaluationPeriods: alarm.isMomentary ? 1 : this.evaluationPeriodsOf(name, alarm.evaluationPeriods ?? 1),
      comparisonOperator: alarm.isAboutAbsence ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      // AWS Backup publishes only what is not zero.
      treatMissingData: alarm.isAboutAbsence ? BREACHING : alarm.keepsState ? IGNORE : NOT_BREACHING,
    });
    // What failed is not repaired when nothing else fails for five minutes.
    publishTo(topics, this.severityOf(name), made, (alarm.isAboutAbsence || alarm.keepsState) ?? false);
    this.alarms.set(made, name);
  }

  /** @param subject What it is about, unless it is about all */
  public describe(name: AlarmName, subject?: string): string {
    const { happened, means } = ALARM_CATALOGUE[name];
    const { threshold, evaluationPeriods } = this.overrides[name] ?? {};
    const tuned = [...threshold === undefined ? [] : [`threshold ${say(threshold)}`], ...evaluationPeriods === undefined ? [] : [`${say(evaluationPeriods)} periods`]];
    return [
      `${this.severityOf(name)}: ${happened}`, ...subject === undefined ? [] : [`(${subject})`], means,
      ...tuned.length === 0 ? [] : [`Other than usual: ${tuned.join(', ')}.`], `What to do: ${runbookUrl(name)}`,
    ].join(' ');
  }
}

/**
 * Where values are missing, CloudWatch looks further back than it is told, and one old value keeps the alarm off. Zeros are
 * values, so it looks back for the time that is asked for. Where there was never a value there is nothing to fill, and the
 * alarm takes what is missing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function withoutGaps({ metric, period }: CataloguedAlarm): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression: 'FILL(completed, 0)', usingMetrics: { completed: metric.with({ period }) }, period, label: metric.metricName });
}

function say(value: number): string {
  return Token.isUnresolved(value) ? 'by a parameter' : String(value);
}

/** @param isTold Whether it is told as well that the alarm is off again */
export function publishTo(topics: MessageTopics, severity: AlarmSeverity, alarm: cloudwatch.AlarmBase, isTold: boolean): void {
  const actions = topics.of(severity).map(({ topicArn }) => ({ bind: () => ({ alarmActionArn: topicArn }) }));
  alarm.addAlarmAction(...actions);
  if (isTold) {
    alarm.addOkAction(...actions);
  }
  validate(alarm, () => actionProblems(alarm));
}

/** With those that the caller added, and those that other constructs of the stack are the reason for. */
function actionProblems(alarm: cloudwatch.AlarmBase): string[] {
  const { alarmActions, okActions, insufficientDataActions } = alarm.node.defaultChild as cloudwatch.CfnAlarm;
  const lists: (unknown[] | undefined)[] = Stack.of(alarm).resolve([alarmActions ?? [], okActions ?? [], insufficientDataActions ?? []]);
  const longest = Math.max(...lists.map((actions) => actions?.length ?? 0));
  return longest <= ACTIONS_LIMIT ? [] : [
    `an alarm takes ${ACTIONS_LIMIT} actions for a state, got ${longest}: name fewer topics in 'notify', or add fewer actions, and subscribe to the topics instead`,
  ];
}

/** The name of an alarm, where it is known without a reference to the alarm. */
export function literalAlarmName(alarm: cloudwatch.IAlarm): string | undefined {
  const { alarmName } = (alarm.node.defaultChild ?? {}) as Partial<cloudwatch.CfnAlarm & cloudwatch.CfnCompositeAlarm>;
  return alarmName === undefined || Token.isUnresolved(alarmName) ? undefined : alarmName;
}
