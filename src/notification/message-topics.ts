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
 * A topic for messages of a severity.
 */
export interface MessageTopic {
  /** Resolves to undefined while the topic does not exist, so that a list omits it. */
  readonly topicArn: string;
  /** Whether it exists, if that is known only at synthesis. */
  readonly isThere?: () => boolean;
  /** What it is there for, in an error. */
  readonly reason: () => string;
}

/** What topics are there for, each reason once, with their number. */
export function reasonsOf(topics: MessageTopic[]): string[] {
  const reasons = topics.filter(({ isThere }) => isThere?.() ?? true).map(({ reason }) => reason());
  return [...new Set(reasons)].map((reason) => `${reasons.filter((each) => each === reason).length} ${reason}`);
}

/** A topic of the user, with the lowest severity that is published to it. */
export interface CallersTopic {
  readonly topic: sns.ITopic;
  readonly severity: AlarmSeverity;
}

/** The recipients of a construct. */
export interface Notifications {
  readonly notify?: Notify[];
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The topics for the messages of a construct in an account and region: those of the user in that region, and the topic that the
 * constructs of the stack share, if there are other recipients or no topic for a message.
 */
export class MessageTopics {
  private readonly callers: CallersTopic[];
  private readonly hasOthers: boolean;

  /**
   * @param scope A construct of the account and region
   * @param home The construct that notifies: if the region of a topic is unknown, it is that of the construct
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

  /** Topics for messages of a severity. */
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
      reason: () => `for critical messages only, because of 'notify' of ${shared.whoWantsCritical.map((path) => `'${path}'`).join(', ')}`,
    };
    return [
      { topicArn, reason: () => named },
      ...callers.filter((topic) => topic.topicArn !== topicArn),
      ...severity === AlarmSeverity.CRITICAL ? [critical] : [],
    ];
  }

  /** Allows rules of the account to publish with a role, and returns the topics and keys that the role must be allowed to use. */
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

  /** A key that allows EventBridge to use it: the topic of a user can have none, or an unknown one. */
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

/** The topics of the user, each once: the wider severity applies. */
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

/** Whether messages of a region are published to a topic. */
export function isIn(region: string, topic: sns.ITopic, home: string): boolean {
  const own = regionOf(topic);
  return [own, home].some((each) => Token.isUnresolved(each)) ? region === home : region === own;
}

/** The region of a topic; of one that is imported by a token, that of the stack that imports it. */
export function regionOf({ env, stack }: sns.ITopic): string {
  return Token.isUnresolved(env.region) ? stack.region : env.region;
}

/** Whether a recipient from one severity on receives messages of another severity. */
export function takes(from: AlarmSeverity, severity: AlarmSeverity): boolean {
  return from === AlarmSeverity.WARNING || severity === AlarmSeverity.CRITICAL;
}
