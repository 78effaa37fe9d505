import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { IResolvable } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ALARM_CATALOGUE } from './alarm-catalogue';
import type { AlarmName } from './alarm-catalogue';
import type { CataloguedAlarms } from './catalogued-alarms';
import { DeadLetters } from './dead-letters';
import type { PlaceOfAlarm } from './dead-letters';
import { inputTransformerOf } from './event-message';
import type { EventMessage } from './event-message';
import { patternLength, PATTERN_LIMIT } from './event-pattern-size';
import { reasonsOf } from '../notification/message-topics';
import type { MessageTopic, MessageTopics } from '../notification/message-topics';
import { AlarmSeverity } from '../notification/notify';
import { ACTIONS_LIMIT } from '../notification/notify-checks';
import { Environment } from '../private/environment';
import { validate } from '../private/messages';
import { stableNamePrefix, stableNameWithin } from '../private/physical-names';

/**
 * The events that an alarm of the catalogue is on.
 */
export interface CataloguedEvent {
  readonly pattern: object;
  /** The same where a deployment did it, which is a warning. */
  readonly byDeployment?: object;
  /** Where it is other than the catalogue has it. */
  readonly severity?: AlarmSeverity;
  /** What it is about, in a word or two. */
  readonly subject: string;
  /** What the event itself says, in few words with variables. */
  readonly title: string;
  /** What the event itself says, in sentences with variables. */
  readonly details: string[];
  /** What to look at, before the page on what to do. */
  readonly nextSteps: string[];
  readonly paths: Record<string, string>;
}

/**
 * What can be said of the rules of a construct.
 */
export interface EventRulesOptions {
  /** Name of a bus, by a reference where it is defined here; the default bus without it. */
  readonly eventBusName?: string;
  /** The construct that has them, where they are in another stack. */
  readonly home?: Construct;
}

type Target = Omit<CfnRule.TargetProperty, 'id' | 'deadLetterConfig'> & { readonly isThere?: () => boolean };

/**
 * Rules of one bus, with the dead letters and the role that they share. Both are there with the first rule that needs them.
 *
 * The role can be assumed for these rules only. With it the policies of topics need not let EventBridge in, which can't
 * be done for one's own rules alone.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export class EventRules {
  private readonly deadLetters: DeadLetters;
  private readonly permissions = new iam.PolicyDocument();
  private readonly eventBusName?: string;
  private role?: iam.Role;

  constructor(
    private readonly scope: Construct,
    private readonly topics: MessageTopics,
    private readonly made: CataloguedAlarms,
    { eventBusName, home = scope }: EventRulesOptions = {},
  ) {
    this.eventBusName = eventBusName === 'default' ? undefined : eventBusName; // the ARNs of its rules and their metrics name no bus
    this.deadLetters = DeadLetters.of(home, { scope, topics, made }, this.arnStart);
  }

  /**
   * An alarm that is on as soon as an event matches. What the event says is published too.
   *
   * @param id What tells it from others of its name, if there are others
   */
  public alarm(id: string | undefined, name: AlarmName, event: CataloguedEvent): void {
    if (!this.made.isEnabled(name)) {
      return;
    }
    this.alarmOn(id, name, event, event.pattern, this.made.severityOf(name, event.severity));
    if (event.byDeployment) {
      const subject = `${event.subject}, by a deployment`;
      this.alarmOn([id, 'deployment'].filter((part) => part).join('.'), name, { ...event, subject }, event.byDeployment, AlarmSeverity.WARNING);
    }
  }

  private alarmOn(
    id: string | undefined, name: AlarmName, { subject, title, details, nextSteps, paths }: CataloguedEvent, pattern: object, severity: AlarmSeverity,
  ): void {
    const { happened, means } = ALARM_CATALOGUE[name];
    const rule = this.publish(['Rule', id, name].filter((part) => part).join('-'), `${happened} (${subject})`, pattern, {
      title: `${severity}: ${title}`,
      description: [happened, `Watched: ${subject}.`, ...details, means],
      nextSteps: [...nextSteps, `What to do: ${this.made.runbookOf(name)}`],
      paths,
    }, severity);
    if (this.made.mergedInto(name) && severity === AlarmSeverity.WARNING) {
      return; // the message tells of it, and no critical alarm does
    }
    // Counted when the rule matches, whether or not the message arrives.
    const { scope, topics, made } = this;
    this.count({ scope, topics, made }, rule, 'TriggeredRules', id, name, subject, severity);
  }

  /** Where the pages are that messages refer to. */
  public get runbooks(): string {
    return this.made.runbooks;
  }

  /**
   * A rule that publishes a message.
   *
   * @param severity How soon somebody has to look at it: not everybody is notified of what can wait
   */
  public publish(id: string, description: string, pattern: object, message: EventMessage, severity = AlarmSeverity.WARNING): CfnRule {
    const { topicArns, keyArns } = this.topics.letRolesPublish();
    this.permissions.addStatements(
      ...topicArns.map((arns) => allow(['sns:Publish'], ...arns)), ...keyArns.map((arn) => allow(['kms:Decrypt', 'kms:GenerateDataKey'], arn)),
    );
    const inputTransformer = inputTransformerOf(message);
    const all = this.topics.of(severity);
    const rule = this.define(id, description, pattern, all.map(({ topicArn, isThere }) => ({ arn: topicArn, isThere, inputTransformer })));
    validate(rule, () => targetProblems(rule, all));
    return rule;
  }

  /** A rule that puts events on another bus, which may be of another region and account. */
  public forward(id: string, description: string, pattern: object, eventBusArn: string): CfnRule {
    this.permissions.addStatements(allow(['events:PutEvents'], eventBusArn));
    return this.alarmOnLoss(id, this.define(id, description, pattern, [{ arn: eventBusArn }]));
  }

  /** A rule with a target that lets EventBridge in by its own policy. */
  public deliver(id: string, description: string, pattern: object, arn: string): CfnRule {
    return this.alarmOnLoss(id, this.rule(id, description, pattern, [{ arn }]));
  }

  /** The ARN of a rule, without a reference to it. */
  public arnOf(id: string): string {
    return this.arnOfName(stableNameWithin(this.scope, id));
  }

  /** What the ARNs of these rules begin with, and of no other ones. */
  private get arnStart(): string {
    return this.arnOfName(stableNamePrefix(this.scope));
  }

  private arnOfName(name: string): string {
    const home = Environment.of(this.scope);
    const bus = this.eventBusName === undefined ? '' : `${this.eventBusName}/`;
    return `arn:${home.partitionIn(this.scope)}:events:${home.region}:${home.account}:rule/${bus}${name}`;
  }

  /** What is counted elsewhere by what arrives would be silent there, and a queue that takes nothing is silent too. */
  private alarmOnLoss(id: string, rule: CfnRule): CfnRule {
    const { scope, topics, made } = this;
    const place = this.deadLetters.lossAlarm({ scope, topics, made });
    this.count(place, rule, 'InvocationsFailedToBeSentToDlq', id, 'event-not-delivered', `rule ${rule.name}, and the queue has it not`);
    return rule;
  }

  private count(
    { scope, topics, made }: PlaceOfAlarm, rule: CfnRule, metricName: string, id: string | undefined, name: AlarmName, subject: string,
    severity?: AlarmSeverity,
  ): void {
    const { eventBusName } = this;
    made.add(scope, id, name, topics, {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Events',
        metricName,
        dimensionsMap: { ...eventBusName === undefined ? {} : { EventBusName: eventBusName }, RuleName: rule.name! },
        statistic: cloudwatch.Stats.SUM,
      }),
      subject,
      period: Duration.minutes(5),
      threshold: 0,
      isMomentary: true,
      severity,
    });
  }

  private define(id: string, description: string, pattern: object, targets: Target[]): CfnRule {
    const { account } = Environment.of(this.scope);
    this.role ??= new iam.Role(this.scope, 'EventRole', {
      description: `Rules ${stableNamePrefix(this.scope)}* deliver with it`, // not by the path: IAM takes no letters beyond Latin-1
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `${this.arnStart}*` }, // the ARNs of all rules would be longer than a trust policy may be
      }),
      inlinePolicies: { Deliver: this.permissions },
    });
    const { roleArn } = this.role;
    return this.rule(id, description, pattern, targets.map((target) => ({ ...target, roleArn })));
  }

  private rule(id: string, description: string, eventPattern: object, targets: Target[]): CfnRule {
    const size = patternLength(JSON.stringify(eventPattern));
    if (size > PATTERN_LIMIT) {
      throw new Error(`the pattern of rule '${this.scope.node.path}/${id}' has ${size} characters, and EventBridge takes ${PATTERN_LIMIT}: name fewer vaults`);
    }
    const { arn, policy } = this.deadLetters.queue;
    const rule = new CfnRule(this.scope, id, {
      name: stableNameWithin(this.scope, id), // literal: the role and the queue name the rule, and it names them
      description,
      eventBusName: this.eventBusName,
      eventPattern,
      targets: targetsOf(targets, arn),
    });
    rule.node.addDependency(policy); // what comes before it would be lost
    return rule;
  }
}

/** With those that other constructs of the stack are the reason for. */
function targetProblems(rule: CfnRule, topics: MessageTopic[]): string[] {
  const { length } = Stack.of(rule).resolve(rule.targets) as unknown[];
  return length <= ACTIONS_LIMIT ? [] : [`a rule takes ${ACTIONS_LIMIT} targets, got ${length} (${reasonsOf(topics).join('; ')}): name fewer topics in 'notify', and subscribe to those`];
}

/** Those that only synthesis knows are asked for there. */
function targetsOf(targets: Target[], deadLetterArn: string): CfnRule.TargetProperty[] | IResolvable {
  const all = targets.map(({ isThere = () => true, ...target }, index) => ({
    isThere, target: { id: index === 0 ? 'Target' : `Target${index + 1}`, ...target, deadLetterConfig: { arn: deadLetterArn } },
  }));
  const produce = () => all.filter(({ isThere }) => isThere()).map(({ target }) => target);
  return targets.some(({ isThere }) => isThere) ? Lazy.uncachedAny({ produce }) : produce();
}

function allow(actions: string[], ...resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources });
}
