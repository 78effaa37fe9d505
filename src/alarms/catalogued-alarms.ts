import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import { overrideOf } from './alarm-checks';
import type { AlarmOptions } from './alarm-options';
import type { AlarmPresentationOptions } from './alarm-presentation';
import { AlarmSet } from './alarm-set';
import { alarmNameOf, runbooksOf, runbookUrl } from './names-and-runbooks';
import type { MessageTopics } from '../notification/message-topics';
import { AlarmSeverity } from '../notification/notify';
import { ACTIONS_LIMIT } from '../notification/notify-checks';
import { validate } from '../private/messages';
import { stableName } from '../private/physical-names';

/**
 * What an alarm of the catalogue looks at.
 */
export interface CataloguedAlarm {
  /** One that is computed has a period of its own. */
  readonly metric: cloudwatch.Metric | cloudwatch.MathExpression;
  /** What it is about, in a word or two: a vault, a bucket. */
  readonly subject: string;
  readonly period: Duration;
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  /** In how many of them the metric must be above the threshold; in all of them without it. */
  readonly datapointsToAlarm?: number;
  /** Whether a value below the threshold is the alarm, and a missing one too. */
  readonly isAboutAbsence?: boolean;
  /** Whether the alarm stays as it is while there are no values. */
  readonly keepsState?: boolean;
  /** Whether it is on what happens at a moment: more periods than one would be a silence. */
  readonly isMomentary?: boolean;
  /** Where it is other than the catalogue and the overrides have it. */
  readonly severity?: AlarmSeverity;
}

/**
 * What a construct says of all its alarms: its properties.
 */
export interface CataloguedAlarmsOptions extends AlarmPresentationOptions {
  /** A struct with a member for each name. */
  readonly overrides?: object;
  /** All alarms without it. */
  readonly alarmSet?: AlarmSet;
}

/** Alarms that are made as one. */
interface Merged {
  readonly scope: Construct;
  readonly name: AlarmName;
  readonly topics: MessageTopics;
  readonly alarms: CataloguedAlarm[];
}

/** CloudWatch takes so many metrics for an alarm. */
const METRICS_OF_ALARM = 10;

/**
 * Makes alarms as the catalogue and the overrides have them.
 */
export class CataloguedAlarms {
  private readonly alarms = new Map<cloudwatch.Alarm, AlarmSeverity>();
  private readonly merged: Merged[] = [];

  constructor(private readonly options: CataloguedAlarmsOptions = {}) {}

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
    return [...this.alarms].filter(([, severity]) => severity === AlarmSeverity.CRITICAL).map(([alarm]) => alarm);
  }

  public isEnabled(name: AlarmName): boolean {
    return this.overrideOf(name).enabled ?? this.set._names?.has(name) ?? true;
  }

  /** Whether only what nobody may miss is made. */
  public get isEssential(): boolean {
    return this.set.name === AlarmSet.ESSENTIAL.name;
  }

  /** The name of the alarm that those of a name are merged into, if they are: those with an override are made by themselves. */
  public mergedInto(name: AlarmName): AlarmName | undefined {
    return Object.values(this.overrideOf(name)).some((value) => value !== undefined) ? undefined : this.set._names?.get(name);
  }

  private get set(): AlarmSet {
    return this.options.alarmSet ?? AlarmSet.COMPLETE;
  }

  /** @param usual That of an alarm which is other than the catalogue has it */
  public severityOf(name: AlarmName, usual: AlarmSeverity = ALARM_CATALOGUE[name].severity): AlarmSeverity {
    return this.overrideOf(name).severity ?? usual;
  }

  public evaluationPeriodsOf(name: AlarmName, usual: number): number {
    return this.overrideOf(name).evaluationPeriods ?? usual;
  }

  public runbookOf(name: AlarmName): string {
    return runbookUrl(name, this.options);
  }

  /** Where the pages of all alarms are. */
  public get runbooks(): string {
    return runbooksOf(this.options);
  }

  /** The name of an alarm, from what tells it from others in its account and region. */
  public nameOf(name: AlarmName, ...rest: (string | undefined)[]): string {
    return alarmNameOf(this.options.alarmNamePrefix, name, ...rest);
  }

  private overrideOf(name: AlarmName): AlarmOptions {
    return overrideOf(this.options.overrides, name) ?? {};
  }

  /**
   * @param scope A construct of the region and the account of the metric
   * @param id What tells it from others of its name there, if there are others
   */
  public add(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    const into = this.mergedInto(name);
    if (!this.isEnabled(name) || (into && !this.isEnabled(into))) {
      return;
    }
    if (into) {
      this.merge(scope, into, topics, alarm);
    } else {
      this.make(scope, id, name, topics, alarm);
    }
  }

  /** Makes what was merged, once all of it is there: everywhere, or where a condition holds. */
  public makeMerged(isComplete: (scope: Construct) => boolean = () => true): void {
    const complete = this.merged.filter(({ scope }) => isComplete(scope));
    this.merged.splice(0, Infinity, ...this.merged.filter((each) => !complete.includes(each)));
    for (const { scope, name, topics, alarms } of complete) {
      for (let at = 0; at < alarms.length; at += METRICS_OF_ALARM) {
        const some = alarms.slice(at, at + METRICS_OF_ALARM);
        this.make(scope, at === 0 ? undefined : `more${at}`, name, topics, some.length === 1 ? some[0] : sumOf(some));
      }
    }
  }

  private merge(scope: Construct, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    const known = this.merged.find((each) => each.scope === scope && each.name === name);
    if (known) {
      known.alarms.push(alarm);
    } else {
      this.merged.push({ scope, name, topics, alarms: [alarm] });
    }
  }

  private make(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, IGNORE, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const made = new cloudwatch.Alarm(scope, [id, name].filter((part) => part).join('-'), {
      alarmName: this.nameOf(name, id, stableName(120, scope)),
      alarmDescription: this.describe(name, alarm.subject, alarm.severity),
      metric: alarm.isAboutAbsence ? withoutGaps(alarm) : isComputed(alarm.metric) ? alarm.metric : alarm.metric.with({ period: alarm.period }),
      threshold: this.overrideOf(name).threshold ?? alarm.threshold,
      evaluationPeriods: alarm.isMomentary ? 1 : this.evaluationPeriodsOf(name, alarm.evaluationPeriods ?? 1),
      datapointsToAlarm: alarm.datapointsToAlarm,
      comparisonOperator: alarm.isAboutAbsence ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      // AWS Backup publishes only what is not zero.
      treatMissingData: alarm.isAboutAbsence ? BREACHING : alarm.keepsState ? IGNORE : NOT_BREACHING,
    });
    if (alarm.isAboutAbsence) {
      const periods = this.evaluationPeriodsOf(name, alarm.evaluationPeriods ?? 1);
      waitForFirst(made, Token.isUnresolved(periods) ? LONGEST_WARM_UP : alarm.period.toMinutes() * periods);
    }
    // What failed is not repaired when nothing else fails for five minutes.
    const severity = alarm.severity ?? this.severityOf(name);
    publishTo(topics, severity, made, (alarm.isAboutAbsence || alarm.keepsState) ?? false);
    this.alarms.set(made, severity);
  }

  /** @param subject What it is about, unless it is about all */
  public describe(name: AlarmName, subject?: string, severity = this.severityOf(name)): string {
    const { happened, means } = ALARM_CATALOGUE[name];
    const { threshold, evaluationPeriods } = this.overrideOf(name);
    const tuned = [...threshold === undefined ? [] : [`threshold ${say(threshold)}`], ...evaluationPeriods === undefined ? [] : [`${say(evaluationPeriods)} periods`]];
    return [
      `${severity}: ${happened}`, ...subject === undefined ? [] : [`(${subject})`], means,
      ...tuned.length === 0 ? [] : [`Other than usual: ${tuned.join(', ')}.`], `What to do: ${this.runbookOf(name)}`,
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
function withoutGaps({ metric, period }: CataloguedAlarm): cloudwatch.IMetric {
  return isComputed(metric) ? metric
    : new cloudwatch.MathExpression({ expression: 'FILL(completed, 0)', usingMetrics: { completed: metric.with({ period }) }, period, label: metric.metricName });
}

/**
 * Before the first job, everything is missing. An alarm that is new waits for as long as it looks back, or for 2 days, which is what CloudWatch takes.
 *
 * The whole time: AWS does not say whether zeros that fill a gap would end it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
 */
function waitForFirst(alarm: cloudwatch.Alarm, minutes: number): void {
  // The CDK has the property from 2.268 on.
  (alarm.node.defaultChild as cloudwatch.CfnAlarm).addPropertyOverride('WarmUpConfiguration', {
    WarmUpPeriodDurationInMinutes: Math.min(minutes, LONGEST_WARM_UP), OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  });
}

const LONGEST_WARM_UP = 2880;

function isComputed(metric: CataloguedAlarm['metric']): metric is cloudwatch.MathExpression {
  return metric instanceof cloudwatch.MathExpression;
}

/**
 * One alarm on the sum of what several are on. A metric without a value counts as 0.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function sumOf(alarms: CataloguedAlarm[]): CataloguedAlarm {
  const period = Duration.minutes(Math.max(...alarms.map((alarm) => alarm.period.toMinutes())));
  const metrics = alarms.map(({ metric }, index): [string, cloudwatch.IMetric] => [`m${index}`, isComputed(metric) ? metric : metric.with({ period })]);
  const subjects = [...new Set(alarms.map(({ subject }) => subject))];
  const severities = alarms.map(({ severity }) => severity);
  return {
    ...alarms[0],
    metric: new cloudwatch.MathExpression({
      expression: metrics.map(([id]) => id).join(' + '), usingMetrics: Object.fromEntries(metrics), period, label: 'all together',
    }),
    subject: subjects.length > SUBJECTS ? `${subjects.slice(0, SUBJECTS).join(', ')} and ${subjects.length - SUBJECTS} more` : subjects.join(', '),
    period,
    severity: severities.includes(AlarmSeverity.CRITICAL) ? AlarmSeverity.CRITICAL : severities[0],
  };
}

/** As many as a description has room for. */
const SUBJECTS = 5;

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
