import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import { overrideOf, registerAlarmsOff } from './alarm-checks';
import { isComputed, mergedAlarm, METRICS_OF_ALARM, withoutGaps } from './alarm-metrics';
import type { AlarmOptions } from './alarm-options';
import type { AlarmPresentationOptions } from './alarm-presentation';
import { AlarmSet } from './alarm-set';
import { alarmNameOf, runbooksOf, runbookUrl } from './names-and-runbooks';
import { reasonsOf } from '../notification/message-topics';
import type { MessageTopic, MessageTopics } from '../notification/message-topics';
import { AlarmSeverity } from '../notification/notify';
import { ACTIONS_LIMIT } from '../notification/notify-checks';
import { validate } from '../private/messages';
import { stableName } from '../private/physical-names';
import { charged } from '../private/registry';

/**
 * What an alarm of the catalogue evaluates.
 */
export interface CataloguedAlarm {
  /** A math expression has its own period. */
  readonly metric: cloudwatch.Metric | cloudwatch.MathExpression;
  /** The subject, in a word or two: a vault, a bucket. */
  readonly subject: string;
  readonly period: Duration;
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  /** The number of periods in which the metric must exceed the threshold; all of them if undefined. */
  readonly datapointsToAlarm?: number;
  /** Whether a value below the threshold, or a missing one, triggers the alarm. */
  readonly isAboutAbsence?: boolean;
  /** Whether the alarm keeps its state while there are no values. */
  readonly keepsState?: boolean;
  /** Whether it is on momentary events, which more than one period would never detect. */
  readonly isMomentary?: boolean;
  /** Whether nobody is notified when it is off again, because that is not a repair. */
  readonly isQuietAgain?: boolean;
  /** What it is merged with, where not all of its name are: a resource type. */
  readonly group?: string;
  /** The severity, if it differs from the catalogue and the overrides. */
  readonly severity?: AlarmSeverity;
}

/**
 * Properties of a construct for all its alarms.
 */
export interface CataloguedAlarmsOptions extends AlarmPresentationOptions {
  /** A struct with a property for each name. */
  readonly overrides?: object;
  /** All alarms if undefined. */
  readonly alarmSet?: AlarmSet;
}

/** Alarms that are merged into one. */
interface Merged {
  readonly scope: Construct;
  readonly name: AlarmName;
  readonly group?: string;
  readonly topics: MessageTopics;
  readonly all: { readonly id?: string; readonly alarm: CataloguedAlarm }[];
  /** Once they are made: what comes later is in them too. */
  made?: cloudwatch.Alarm[];
}

/** Alarms of a stack, or of all other ones: complete whenever it is read. */
interface AlarmsOfPlace {
  readonly isIn: (alarm: cloudwatch.Alarm) => boolean;
  readonly alarms: cloudwatch.Alarm[];
}

/**
 * Creates alarms from the catalogue and the overrides.
 */
export class CataloguedAlarms {
  private readonly alarms = new Map<cloudwatch.Alarm, AlarmSeverity>();
  private readonly merged: Merged[] = [];
  private readonly places: AlarmsOfPlace[] = [];
  private readonly actions: { readonly stack: Stack; readonly actions: cloudwatch.IAlarmAction[] }[] = [];

  /** @param by The construct with the overrides */
  constructor(by: Construct, private readonly options: CataloguedAlarmsOptions = {}) {
    registerAlarmsOff(by, options.overrides);
  }

  /** Those in the stack of a construct: a list that those which are made later are added to. */
  public beside(scope: Construct): cloudwatch.Alarm[] {
    return this.thoseOf((alarm) => Stack.of(alarm) === Stack.of(scope));
  }

  /** Those in other stacks than that of a construct, in the same way. */
  public elsewhere(scope: Construct): cloudwatch.Alarm[] {
    return this.thoseOf((alarm) => Stack.of(alarm) !== Stack.of(scope));
  }

  private thoseOf(isIn: AlarmsOfPlace['isIn']): cloudwatch.Alarm[] {
    const place = { isIn, alarms: [...this.alarms.keys()].filter(isIn) };
    this.places.push(place);
    return place.alarms;
  }

  /** Has alarms of the stack of a construct do more, those too that are made later. */
  public addAlarmAction(scope: Construct, ...actions: cloudwatch.IAlarmAction[]): void {
    const stack = Stack.of(scope);
    this.actions.push({ stack, actions });
    [...this.alarms.keys()].filter((alarm) => Stack.of(alarm) === stack).forEach((alarm) => alarm.addAlarmAction(...actions));
  }

  /** The critical alarms. */
  public get critical(): cloudwatch.Alarm[] {
    return [...this.alarms].filter(([, severity]) => severity === AlarmSeverity.CRITICAL).map(([alarm]) => alarm);
  }

  public isEnabled(name: AlarmName): boolean {
    return this.overrideOf(name).enabled ?? this.set._names?.has(name) ?? true;
  }

  /** Whether only the essential alarms are created. */
  public get isEssential(): boolean {
    return this.set.name === AlarmSet.ESSENTIAL.name;
  }

  /** The name that alarms are merged into, if they are: alarms with an override are separate. */
  public mergedInto(name: AlarmName): AlarmName | undefined {
    return Object.values(this.overrideOf(name)).some((value) => value !== undefined) ? undefined : this.set._names?.get(name);
  }

  private get set(): AlarmSet {
    return this.options.alarmSet ?? AlarmSet.COMPLETE;
  }

  /** @param usual The severity of an alarm that differs from the catalogue */
  public severityOf(name: AlarmName, usual: AlarmSeverity = ALARM_CATALOGUE[name].severity): AlarmSeverity {
    return this.overrideOf(name).severity ?? usual;
  }

  public evaluationPeriodsOf(name: AlarmName, usual: number): number {
    return this.overrideOf(name).evaluationPeriods ?? usual;
  }

  public runbookOf(name: AlarmName): string {
    return runbookUrl(name, this.options);
  }

  /** The URL of the pages of all alarms. */
  public get runbooks(): string {
    return runbooksOf(this.options);
  }

  /** The name of an alarm, from the parts that identify it in its account and region. */
  public nameOf(name: AlarmName, ...rest: (string | undefined)[]): string {
    return alarmNameOf(this.options.alarmNamePrefix, name, ...rest);
  }

  private overrideOf(name: AlarmName): AlarmOptions {
    return overrideOf(this.options.overrides, name) ?? {};
  }

  /**
   * @param scope A construct of the region and the account of the metric
   * @param id Distinguishes it from others of its name there, if there are others
   */
  public add(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    const into = this.mergedInto(name);
    if (!this.isEnabled(name) || (into && !this.isEnabled(into))) {
      return;
    }
    if (into) {
      this.merge(scope, id, into, topics, alarm);
    } else {
      this.make(scope, id, name, topics, alarm);
    }
  }

  /** Creates the merged alarms after all their parts are known. */
  public makeMerged(isComplete: (scope: Construct, name: AlarmName) => boolean = () => true): void {
    this.merged.filter(({ made, scope, name }) => !made && isComplete(scope, name)).forEach((each) => this.makeAsOne(each));
  }

  private merge(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): void {
    const { group } = alarm;
    const known = this.merged.find((each) => each.scope === scope && each.name === name && each.group === group);
    const merged: Merged = known ?? { scope, name, group, topics, all: [] };
    merged.all.push({ id, alarm });
    if (!known) {
      this.merged.push(merged);
    } else if (known.made) {
      this.makeAsOne(known);
    }
  }

  private makeAsOne(merged: Merged): void {
    const { scope, name, group, topics, all } = merged;
    merged.made?.forEach((alarm) => this.unmake(alarm));
    merged.made = [];
    for (let at = 0; at < all.length; at += METRICS_OF_ALARM) {
      const some = all.slice(at, at + METRICS_OF_ALARM);
      const isOne = group !== undefined && all.length === 1; // the name of the only one says the most
      const id = isOne ? all[0].id : [group, at === 0 ? undefined : `more${at}`].filter((part) => part).join('-') || undefined;
      merged.made.push(this.make(scope, id, name, topics, mergedAlarm(some.map(({ alarm }) => alarm))));
    }
  }

  private unmake(alarm: cloudwatch.Alarm): void {
    alarm.node.scope!.node.tryRemoveChild(alarm.node.id);
    this.alarms.delete(alarm);
    this.places.filter(({ alarms }) => alarms.includes(alarm)).forEach(({ alarms }) => alarms.splice(alarms.indexOf(alarm), 1));
  }

  private make(scope: Construct, id: string | undefined, name: AlarmName, topics: MessageTopics, alarm: CataloguedAlarm): cloudwatch.Alarm {
    const { LESS_THAN_THRESHOLD, GREATER_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;
    const { BREACHING, IGNORE, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const made = charged(new cloudwatch.Alarm(scope, [id, name].filter((part) => part).join('-'), {
      alarmName: this.nameOf(name, id, stableName(120, scope)),
      alarmDescription: this.describe(name, alarm.subject, alarm.severity),
      metric: alarm.isAboutAbsence ? withoutGaps(alarm) : isComputed(alarm.metric) ? alarm.metric : alarm.metric.with({ period: alarm.period }),
      threshold: this.overrideOf(name).threshold ?? alarm.threshold,
      evaluationPeriods: alarm.isMomentary ? 1 : this.evaluationPeriodsOf(name, alarm.evaluationPeriods ?? 1),
      datapointsToAlarm: alarm.datapointsToAlarm,
      comparisonOperator: alarm.isAboutAbsence ? LESS_THAN_THRESHOLD : GREATER_THAN_THRESHOLD,
      // AWS Backup does not publish zeros.
      treatMissingData: alarm.isAboutAbsence ? BREACHING : alarm.keepsState ? IGNORE : NOT_BREACHING,
    }));
    if (alarm.isAboutAbsence) {
      const periods = this.evaluationPeriodsOf(name, alarm.evaluationPeriods ?? 1);
      waitForFirst(made, Token.isUnresolved(periods) ? LONGEST_WARM_UP : alarm.period.toMinutes() * periods);
    }
    // A failure is not fixed when nothing else fails for five minutes.
    const severity = alarm.severity ?? this.severityOf(name);
    publishTo(topics, severity, made, ((alarm.isAboutAbsence || alarm.keepsState) ?? false) && !alarm.isQuietAgain);
    this.actions.filter(({ stack }) => stack === Stack.of(made)).forEach(({ actions }) => made.addAlarmAction(...actions));
    this.alarms.set(made, severity);
    this.places.filter(({ isIn }) => isIn(made)).forEach(({ alarms }) => alarms.push(made));
    return made;
  }

  /** @param subject The subject, unless it is for all */
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
 * Before the first job, all data is missing. A new alarm waits for its evaluation range, or for 2 days, the maximum of CloudWatch.
 *
 * It waits for the entire time: AWS does not document whether filled zeros would end the wait.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
 */
function waitForFirst(alarm: cloudwatch.Alarm, minutes: number): void {
  // The CDK has the property since 2.268.
  (alarm.node.defaultChild as cloudwatch.CfnAlarm).addPropertyOverride('WarmUpConfiguration', {
    WarmUpPeriodDurationInMinutes: Math.min(minutes, LONGEST_WARM_UP), OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  });
}

const LONGEST_WARM_UP = 2880;

function say(value: number): string {
  return Token.isUnresolved(value) ? 'by a parameter' : String(value);
}

/** @param isTold Whether the return to OK is published too */
export function publishTo(topics: MessageTopics, severity: AlarmSeverity, alarm: cloudwatch.AlarmBase, isTold: boolean): void {
  const all = topics.of(severity);
  const actions = all.map(({ topicArn }) => ({ bind: () => ({ alarmActionArn: topicArn }) }));
  alarm.addAlarmAction(...actions);
  if (isTold) {
    alarm.addOkAction(...actions);
  }
  validate(alarm, () => actionProblems(alarm, all));
}

/** Including actions that the app added, and those because of other constructs of the stack. */
function actionProblems(alarm: cloudwatch.AlarmBase, topics: MessageTopic[]): string[] {
  const { alarmActions, okActions, insufficientDataActions } = alarm.node.defaultChild as cloudwatch.CfnAlarm;
  const lists: (unknown[] | undefined)[] = Stack.of(alarm).resolve([alarmActions ?? [], okActions ?? [], insufficientDataActions ?? []]);
  const longest = Math.max(...lists.map((actions) => actions?.length ?? 0));
  const added = longest - topics.filter(({ isThere }) => isThere?.() ?? true).length;
  const reasons = [...reasonsOf(topics), ...added > 0 ? [`${added} added to the alarm`] : []];
  return longest <= ACTIONS_LIMIT ? [] : [
    `an alarm supports at most ${ACTIONS_LIMIT} actions for each state, got ${longest} (${reasons.join('; ')}): specify fewer topics in 'notify', or add fewer actions, and subscribe to the topics instead`,
  ];
}

/** The name of an alarm, if it is known without a reference to the alarm. */
export function literalAlarmName(alarm: cloudwatch.IAlarm): string | undefined {
  const { alarmName } = (alarm.node.defaultChild ?? {}) as Partial<cloudwatch.CfnAlarm & cloudwatch.CfnCompositeAlarm>;
  return alarmName === undefined || Token.isUnresolved(alarmName) ? undefined : alarmName;
}
