import { CfnOutput, CfnResource, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { isChatUnknownIn } from './chat-checks';
import { ChatConfiguration } from './chat-configuration';
import type { ChatTopic } from './chat-configuration';
import { NotificationTopic } from './notification-topic';
import { AlarmSeverity } from './notify';
import type { Notify } from './notify';
import { identityOfAddress } from './recipients';
import type { Recipient } from './recipients';
import { letUseKey } from './topic-policies';
import { atSynthesis } from '../private/at-synthesis';
import { Environment } from '../private/environment';
import { warn } from '../private/messages';
import { isInTree } from '../private/ordering';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { outermostStack } from '../private/region-stack';
import { charged, unchecked } from '../private/registry';

/** Part of the API: logical ids and names of topics contain it. */
const ID = 'BackupDrNotifications';
const SHARED = Symbol.for('cdk-backup-dr.shared-notifications/1');

/** Removal policies, from deletion to retention in any case. */
const REMOVAL_POLICIES = [RemovalPolicy.DESTROY, RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RemovalPolicy.RETAIN];

/**
 * The topic and the key that all constructs of a stack share, including nested stacks: one of each for a stack, and so for an
 * account and region. The first construct that needs them defines them.
 *
 * A second topic exists as long as a recipient wants only critical messages. Its messages are also published to the first topic,
 * so nobody is subscribed to both.
 */
export class SharedNotifications extends Construct {
  /** Those of the outermost stack of a construct. */
  public static of(scope: IConstruct): SharedNotifications {
    const stack = outermostStack(scope);
    const existing = stack.node.tryFindChild(ID);
    const errors = new PropsErrors('notifications', scope);
    errors.when(existing !== undefined && !(SHARED in existing),
      () => `the topic and the key that notifications of stack '${stack.node.path}' share need the id '${ID}' there, which another construct uses: change the id of that construct`);
    errors.throwIfAny();
    return existing as SharedNotifications | undefined ?? new SharedNotifications(stack, ID);
  }

  /** ARN of the topic for critical messages only, resolved at synthesis: undefined if there is none. */
  public readonly criticalTopicArn = Lazy.uncachedString({ produce: () => this.critical?.topic.topicArn });

  private readonly publishers: { readonly by: IConstruct; readonly toOthersIfCritical: boolean }[] = [];
  private readonly wanted: { readonly by: IConstruct; readonly notify: Notify }[] = [];
  private removalPolicy?: RemovalPolicy;
  private definedKey?: kms.Key;
  private all?: SharedTopic;
  private critical?: SharedTopic;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    Object.defineProperty(this, SHARED, { value: true });
    atSynthesis(this, () => {
      if (this.isOnlyCriticalNotified) {
        warn(this, 'onlyCriticalNotified', `nobody is notified of warnings and messages of stack '${scope.node.path}', which are published to topic '${stableName(200, this)}': `
          + "every recipient in 'notify' receives only critical ones. Add one without a 'severity', such as Notify.email('operations@example.com')");
      }
    });
  }

  /** The topic for all messages. */
  public get topic(): sns.ITopic {
    return this.defineTopic().topic;
  }

  /** The key of the topics and of the dead-letter queues of the stack. */
  public get key(): kms.IKey {
    if (!this.definedKey) {
      this.definedKey = charged(new kms.Key(this, 'Key', { description: 'Encrypts the messages of alarms, and undelivered events', enableKeyRotation: true }));
      // For the dead-letter queues. Without a condition: AWS documents none that EventBridge meets, and a wrong one loses every event.
      letUseKey(this, this.definedKey, ['events.amazonaws.com'], undefined, 'EventBridgeUsesKey');
      this.applyRemovalPolicy();
    }
    return this.definedKey;
  }

  /** Whether there is a topic for critical messages only. */
  public get hasCriticalTopic(): boolean {
    return this.critical !== undefined;
  }

  /** Applies the strongest removal policy of all constructs. */
  public keep(removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE): void {
    if (this.removalPolicy === undefined || REMOVAL_POLICIES.indexOf(removalPolicy) > REMOVAL_POLICIES.indexOf(this.removalPolicy)) {
      this.removalPolicy = removalPolicy;
      this.applyRemovalPolicy();
    }
  }

  /**
   * Adds recipients, each of them once: the wider severity applies.
   *
   * @param home Those of the stack that configures chat channels
   */
  public add(by: IConstruct, recipients: Notify[], home: SharedNotifications = this): void {
    this.wanted.push(...recipients.map((notify) => ({ by, notify })));
    const all = this.defineTopic();
    const [wide, alone] = this.recipients;
    if (alone.length > 0) {
      this.critical ??= this.define('Critical', '-critical');
    } else if (this.critical) {
      this.node.tryRemoveChild(this.critical.node.id);
      this.critical = undefined;
    }
    all._subscribe(addressesOf(wide));
    this.critical?._subscribe(addressesOf(alone));
    this.tellExistingChats('ChatTopicArn', all, wide);
    this.tellExistingChats('ChatCriticalTopicArn', this.critical, alone);
    const { region } = Environment.of(this);
    if (isChatUnknownIn(region) && recipients.some(({ _recipient: { kind } }) => kind === 'chat' || kind === 'existingChat')) {
      unchecked(this, 'chatInRegion', `whether Amazon Q Developer in chat applications supports topics in ${region}, which might be a new region`);
    }
    for (const channel of recipients.flatMap(({ _recipient }) => _recipient.kind === 'chat' ? _recipient.channel : [])) {
      ChatConfiguration.of(home, channel).addTopics(this, () => this.topicsFor(channel._name, home));
    }
  }

  /**
   * Says that something is published which is not critical.
   *
   * @param toOthersIfCritical Whether what is critical of it is published elsewhere
   */
  public publishWarnings(by: IConstruct, toOthersIfCritical: boolean): void {
    this.publishers.push({ by, toOthersIfCritical });
  }

  /** Whether there are recipients, and none of them is notified of what is published in addition to critical messages. */
  public get isOnlyCriticalNotified(): boolean {
    const publishers = this.publishers.filter(({ by }) => isInTree(by));
    const [wide, alone] = this.recipients;
    return publishers.length > 0 && wide.length === 0 && !this.all?._isSubscribed()
      && (alone.length > 0 || publishers.some(({ toOthersIfCritical }) => toOthersIfCritical));
  }

  /** The constructs that ask for critical messages alone, by their paths. */
  public get whoWantsCritical(): string[] {
    const alone = this.recipients[1].map(identityOf);
    const wanted = this.wanted.filter(({ by, notify }) => isInTree(by) && alone.includes(identityOf(notify._recipient)));
    return [...new Set(wanted.map(({ by }) => by.node.path))];
  }

  /** Whether a recipient is known. */
  public get isAnybodyNotified(): boolean {
    return this.recipients.flat().some(({ kind }) => kind !== 'email') || [this.all, this.critical].some((topic) => topic?._isSubscribed());
  }

  /** Those of everything, and those of critical messages alone. */
  private get recipients(): [Recipient[], Recipient[]] {
    return bySeverity(this.wanted.filter(({ by }) => isInTree(by)).map(({ notify }) => notify));
  }

  /** The topics of a chat channel, by literal ARNs if it is configured in another region. */
  private topicsFor(channelName: string, home: SharedNotifications): ChatTopic[] {
    const [wide, alone] = this.recipients.map((all) => all.some((each) => each.kind === 'chat' && each.channel._name === channelName));
    const { account, region } = Environment.of(this);
    return [...wide && this.all ? [this.all.topic] : [], ...alone && this.critical ? [this.critical.topic] : []].map((topic) => {
      const resource = topic.node.defaultChild as sns.CfnTopic;
      const literal = `arn:${Environment.of(this).partitionIn(this)}:sns:${region}:${account}:${resource.topicName}`;
      return { resource, topicArn: home === this ? topic.topicArn : literal };
    });
  }

  /** Outputs the ARN of a topic for chat channels that are configured elsewhere, if there are any. */
  private tellExistingChats(id: string, topic: SharedTopic | undefined, recipients: Recipient[]): void {
    const names = recipients.flatMap((each) => each.kind === 'existingChat' ? each.channelName : []).sort();
    this.node.tryRemoveChild(id);
    if (topic && names.length > 0) {
      const channels = names.map((name) => `'${name}'`).join(', ');
      new CfnOutput(this, id, { value: topic.topic.topicArn, description: `Topic for chat channels: add it to the configuration of ${channels}` });
      names.forEach((name) => unchecked(this, 'chatChannelTopics', `whether the configuration of chat channel '${name}' contains the topics of this stack: `
        + `add the ARN in the output ${id}`));
    }
  }

  private defineTopic(): SharedTopic {
    return this.all ??= this.define('Topic', '');
  }

  private define(id: string, suffix: string): SharedTopic {
    const topic = new SharedTopic(this, id, { topicName: `${stableName(200, this)}${suffix}`, encryptionKey: this.key });
    this.applyRemovalPolicy(topic);
    return topic;
  }

  private applyRemovalPolicy(...added: NotificationTopic[]): void {
    const topics = [this.all, this.critical, ...added].flatMap((each) => each?.topic ?? []);
    for (const { node } of [...this.definedKey ? [this.definedKey] : [], ...topics]) {
      if (this.removalPolicy !== undefined && CfnResource.isCfnResource(node.defaultChild!)) {
        node.defaultChild.applyRemovalPolicy(this.removalPolicy);
      }
    }
  }
}

/** Reports a missing recipient once for both topics. */
class SharedTopic extends NotificationTopic {
  /** @internal */
  public override _whyNobody(): string | undefined {
    const shared = this.node.scope as SharedNotifications;
    return this.node.id === 'Critical' || shared.isAnybodyNotified || shared.isOnlyCriticalNotified ? undefined
      : `whether anybody is subscribed to topic '${stableName(200, shared)}', which the constructs of stack '${outermostStack(this).node.path}' share: `
        + "no 'notify' specifies a recipient for it, such as Notify.email('operations@example.com')";
  }
}

/** Recipients, each of them once: those of everything, and those of critical messages alone. */
function bySeverity(all: Notify[]): [Recipient[], Recipient[]] {
  const [wide, critical] = [AlarmSeverity.WARNING, AlarmSeverity.CRITICAL].map((of) => distinct(all.filter(({ severity }) => severity === of)));
  return [[...wide.values()], [...critical].filter(([identity]) => !wide.has(identity)).map(([, recipient]) => recipient)];
}

/** By what they are: of those that are the same, the first one. */
function distinct(all: Notify[]): Map<string, Recipient> {
  const found = new Map<string, Recipient>();
  for (const { _recipient } of all) {
    const identity = identityOf(_recipient);
    found.set(identity, found.get(identity) ?? _recipient);
  }
  return found;
}

function identityOf(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'email': return `email ${identityOfAddress(recipient.address)}`;
    case 'topic': return `topic ${recipient.topic.topicArn}`;
    case 'chat': return `chat ${recipient.channel._name}`;
    case 'existingChat': return `existing ${recipient.channelName}`;
  }
}

function addressesOf(recipients: Recipient[]): string[] {
  return recipients.flatMap((each) => each.kind === 'email' ? each.address : []);
}
