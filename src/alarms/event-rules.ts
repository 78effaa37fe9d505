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
import type { DeadLetterQueue, PlaceOfAlarm } from './dead-letters';
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
 * The events of an alarm of the catalogue.
 */
export interface CataloguedEvent {
  readonly pattern: object;
  /** The same for deployments, which is a warning. */
  readonly byDeployment?: object;
  /** The severity, if it differs from the catalogue. */
  readonly severity?: AlarmSeverity;
  /** The subject, in a word or two. */
  readonly subject: string;
  /** The title, in a few words with variables. */
  readonly title: string;
  /** The details, in sentences with variables. */
  readonly details: string[];
  /** What to look at before the runbook. */
  readonly nextSteps: string[];
  readonly paths: Record<string, string>;
}

/**
 * Properties of the rules of a construct.
 */
export interface EventRulesOptions {
  /** Name of a bus, by a reference if it is defined here; the default bus if undefined. */
  readonly eventBusName?: string;
  /** The construct that has them, where they are in another stack. */
  readonly home?: Construct;
}

type Target = Omit<CfnRule.TargetProperty, 'id' | 'deadLetterConfig'> & { readonly isThere?: () => boolean };

/**
 * Rules of one bus, with the dead-letter queue and the role that they share. Both are created with the first rule that needs them.
 *
 * The role can be assumed only for these rules. With it, the policies of topics do not have to allow EventBridge, which is not
 * possible for your own rules only.
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
    this.eventBusName = eventBusName === 'default' ? undefined : eventBusName; // the ARNs and the metrics of its rules contain no bus
    this.deadLetters = DeadLetters.of(home, { scope, topics, made }, this.arnStart);
  }

  /**
   * An alarm that changes to ALARM as soon as an event matches. A message about the event is published too.
   *
   * @param id Distinguishes it from others of its name, if there are others
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
      return; // only the message reports it, not a critical alarm
    }
    // Counted when the rule matches, whether or not the message arrives.
    const { scope, topics, made } = this;
    this.count({ scope, topics, made }, rule, 'TriggeredRules', id, name, subject, severity);
  }

  /** The URL of the pages that messages refer to. */
  public get runbooks(): string {
    return this.made.runbooks;
  }

  /**
   * A rule that publishes a message.
   *
   * @param severity How soon somebody must act: not all recipients are notified of warnings
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

  /** A rule that sends events to another bus, which can be in another region and account. */
  public forward(id: string, description: string, pattern: object, eventBusArn: string): CfnRule {
    this.permissions.addStatements(allow(['events:PutEvents'], eventBusArn));
    return this.alarmOnLoss(id, this.define(id, description, pattern, [{ arn: eventBusArn }]));
  }

  /** A rule with a target whose own policy allows EventBridge. */
  public deliver(id: string, description: string, pattern: object, arn: string): CfnRule {
    return this.alarmOnLoss(id, this.rule(id, description, pattern, [{ arn }]));
  }

  /** The queue of what was not delivered, whose alarm also reports what the target of a rule puts there because it could not do it. */
  public get undelivered(): DeadLetterQueue {
    return this.deadLetters.queue;
  }

  /** The ARN of a rule, without a reference to it. */
  public arnOf(id: string): string {
    return this.arnOfName(stableNameWithin(this.scope, id));
  }

  /** The unique prefix of the ARNs of these rules. */
  private get arnStart(): string {
    return this.arnOfName(stableNamePrefix(this.scope));
  }

  private arnOfName(name: string): string {
    const home = Environment.of(this.scope);
    const bus = this.eventBusName === undefined ? '' : `${this.eventBusName}/`;
    return `arn:${home.partitionIn(this.scope)}:events:${home.region}:${home.account}:rule/${bus}${name}`;
  }

  /** Events that are counted at their destination are missing there, and a queue that does not accept them is silent too. */
  private alarmOnLoss(id: string, rule: CfnRule): CfnRule {
    const { scope, topics, made } = this;
    const place = this.deadLetters.lossAlarm({ scope, topics, made });
    this.count(place, rule, 'InvocationsFailedToBeSentToDlq', id, 'event-not-delivered', `rule ${rule.name}, without a copy in the queue`);
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
      description: `Role of rules ${stableNamePrefix(this.scope)}*`, // not the path: IAM accepts only Latin-1 characters
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `${this.arnStart}*` }, // the ARNs of all rules would exceed the limit of a trust policy
      }),
      inlinePolicies: { Deliver: this.permissions },
    });
    const { roleArn } = this.role;
    return this.rule(id, description, pattern, targets.map((target) => ({ ...target, roleArn })));
  }

  private rule(id: string, description: string, eventPattern: object, targets: Target[]): CfnRule {
    const size = patternLength(JSON.stringify(eventPattern));
    if (size > PATTERN_LIMIT) {
      throw new Error(`the pattern of rule '${this.scope.node.path}/${id}' has ${size} characters, and EventBridge supports at most ${PATTERN_LIMIT}: specify fewer vaults`);
    }
    const { arn, policy } = this.deadLetters.queue;
    const rule = new CfnRule(this.scope, id, {
      name: stableNameWithin(this.scope, id), // literal, because the role and the queue refer to the rule and it refers to them
      description,
      eventBusName: this.eventBusName,
      eventPattern,
      targets: targetsOf(targets, arn),
    });
    rule.node.addDependency(policy); // earlier events would be lost
    return rule;
  }
}

/** Including targets because of other constructs of the stack. */
function targetProblems(rule: CfnRule, topics: MessageTopic[]): string[] {
  const { length } = Stack.of(rule).resolve(rule.targets) as unknown[];
  return length <= ACTIONS_LIMIT ? [] : [`a rule supports at most ${ACTIONS_LIMIT} targets, got ${length} (${reasonsOf(topics).join('; ')}): specify fewer topics in 'notify', and subscribe to those`];
}

/** Targets that are known only at synthesis are evaluated then. */
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
