import { Stack, Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { letAlarmsPublish, letRolesPublish } from './callers-topic';
import { NotificationTopic } from './notification-topic';
import { AlarmSeverity } from './notify';
import type { Notify } from './notify';
import { SharedNotifications } from './shared-notifications';

/**
 * A topic that messages of a severity are published to.
 */
export interface MessageTopic {
  /** Resolves to nothing while the topic is not there, so a list leaves it out. */
  readonly topicArn: string;
  /** Whether it is there, where only synthesis knows. */
  readonly isThere?: () => boolean;
  /** What it is there for, in an error. */
  readonly reason: () => string;
}

/** What topics are there for, each reason once, with their number. */
export function reasonsOf(topics: MessageTopic[]): string[] {
  const reasons = topics.filter(({ isThere }) => isThere?.() ?? true).map(({ reason }) => reason());
  return [...new Set(reasons)].map((reason) => `${reasons.filter((each) => each === reason).length} ${reason}`);
}

/** A topic of the caller, with the lowest severity that is published to it. */
export interface CallersTopic {
  readonly topic: sns.ITopic;
  readonly severity: AlarmSeverity;
}

/** What a construct says of whom it notifies. */
export interface Notifications {
  readonly notify?: Notify[];
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Where the messages of a construct go in an account and region: to the topics of the caller that are there, and to the topic
 * that the constructs of the stack share, if there are other recipients or if no topic takes a message.
 */
export class MessageTopics {
  private readonly callers: CallersTopic[];
  private readonly hasOthers: boolean;

  /**
   * @param scope A construct of the account and region
   * @param home The construct that notifies: where the region of a topic is not known, it is that of the construct
   */
  constructor(private readonly scope: Construct, private readonly home: Construct, private readonly notifications: Notifications) {
    const notify = notifications.notify ?? [];
    this.callers = callersTopics(notify).filter(({ topic }) => isIn(Stack.of(scope).region, topic, Stack.of(home).region));
    this.callers.forEach(({ topic }) => letAlarmsPublish(scope, topic));
    const others = notify.filter(({ _recipient }) => _recipient.kind !== 'topic');
    this.hasOthers = others.length > 0;
    if (this.hasOthers) {
      this.shared.add(scope, others, SharedNotifications.of(home));
    }
  }

  /** The first one. */
  public get main(): sns.ITopic {
    return this.hasOthers ? this.shared.topic : this.callers[0]?.topic ?? this.shared.topic;
  }

  /** All that are known now. */
  public get all(): sns.ITopic[] {
    return [...new Set([this.main, ...this.callers.map(({ topic }) => topic)])];
  }

  /** Where messages of a severity go. */
  public of(severity: AlarmSeverity): MessageTopic[] {
    const named = `by 'notify' of '${this.home.node.path}'`;
    const callers: MessageTopic[] = this.callers.filter((each) => takes(each.severity, severity))
      .map(({ topic: { topicArn } }) => ({ topicArn, reason: () => named }));
    if (callers.length > 0 && !this.hasOthers) {
      return callers;
    }
    const { shared } = this;
    const { topicArn } = shared.topic;
    if (severity === AlarmSeverity.WARNING && callers.length === 0) {
      shared.publishWarnings(this.scope, this.callers.length > 0);
    }
    const critical = {
      topicArn: shared.criticalTopicArn,
      isThere: () => shared.hasCriticalTopic,
      reason: () => `for critical messages alone, which 'notify' of ${shared.whoWantsCritical.map((path) => `'${path}'`).join(', ')} asks for`,
    };
    return [
      { topicArn, reason: () => named },
      ...callers.filter((topic) => topic.topicArn !== topicArn),
      ...severity === AlarmSeverity.CRITICAL ? [critical] : [],
    ];
  }

  /** Lets rules of the account publish with a role, and says what the role must be allowed to use: topics, and keys. */
  public letRolesPublish(): { readonly topicArns: string[][]; readonly keyArns: string[] } {
    this.callers.forEach(({ topic }) => letRolesPublish(this.scope, topic));
    const callers = this.callers.map(({ topic }) => topic);
    const isShared = this.hasOthers || this.callers.every(({ severity }) => severity === AlarmSeverity.CRITICAL);
    return {
      topicArns: [...isShared ? [[this.shared.topic.topicArn, this.shared.criticalTopicArn]] : [], ...callers.map(({ topicArn }) => [topicArn])],
      keyArns: [...isShared ? [this.shared.key.keyArn] : [], ...callers.flatMap(({ masterKey }) => masterKey?.keyArn ?? [])],
    };
  }

  /** The key that the constructs of the stack share. */
  public get sharedKey(): kms.IKey {
    return this.shared.key;
  }

  /** A key that lets EventBridge use it: another topic may have none, or one of which nobody knows. */
  public get queueKey(): kms.IKey {
    const [first] = this.callers.map(({ topic }) => topic.node.scope);
    return !this.hasOthers && first instanceof NotificationTopic ? first.encryptionKey : this.sharedKey;
  }

  private get shared(): SharedNotifications {
    const shared = SharedNotifications.of(this.scope);
    shared.keep(this.notifications.removalPolicy);
    return shared;
  }
}

/** The caller's topics, each once: the wider severity holds. */
export function callersTopics(notify: Notify[]): CallersTopic[] {
  const topics = new Map<string, CallersTopic>();
  for (const { severity, _recipient } of notify) {
    if (_recipient.kind === 'topic') {
      const { topic } = _recipient;
      const isWide = severity === AlarmSeverity.WARNING || topics.get(topic.topicArn)?.severity === AlarmSeverity.WARNING;
      topics.set(topic.topicArn, { topic, severity: isWide ? AlarmSeverity.WARNING : AlarmSeverity.CRITICAL });
    }
  }
  return [...topics.values()];
}

/** Whether messages of a region go to a topic. */
export function isIn(region: string, topic: sns.ITopic, home: string): boolean {
  const own = regionOf(topic);
  return [own, home].some((each) => Token.isUnresolved(each)) ? region === home : region === own;
}

/** The region of a topic; of one that is imported by a token, that of the stack that imports it. */
export function regionOf({ env, stack }: sns.ITopic): string {
  return Token.isUnresolved(env.region) ? stack.region : env.region;
}

/** Whether who wants messages from one severity on gets those of another one. */
export function takes(from: AlarmSeverity, severity: AlarmSeverity): boolean {
  return from === AlarmSeverity.WARNING || severity === AlarmSeverity.CRITICAL;
}
