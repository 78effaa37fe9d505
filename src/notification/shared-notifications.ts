import { CfnResource, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { AlarmSeverity } from './alarm-severity';
import { NotificationTopic } from './notification-topic';
import type { Notify } from './notify';
import { letUseKey } from './topic-policies';
import { isInTree } from '../private/ordering';
import { stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { outermostStack } from '../private/region-stack';

/** Part of the contract: logical ids and the names of the topics are made of it. */
const ID = 'BackupDrNotifications';
const SHARED = Symbol.for('cdk-backup-dr.shared-notifications/1');

/** From what is deleted to what stays in any case. */
const REMOVAL_POLICIES = [RemovalPolicy.DESTROY, RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RemovalPolicy.RETAIN];

/**
 * The topic and the key that all constructs of a stack share, nested stacks included: one of each for a stack, and so for an
 * account and region. Whoever asks first defines them.
 *
 * A second topic is there as long as somebody wants critical messages alone. What is published to it is published to the first
 * one too, so nobody is subscribed to both.
 */
export class SharedNotifications extends Construct {
  /** Those of the outermost stack of a construct. */
  public static of(scope: IConstruct): SharedNotifications {
    const stack = outermostStack(scope);
    const existing = stack.node.tryFindChild(ID);
    const errors = new PropsErrors('notifications', scope);
    errors.when(existing !== undefined && !(SHARED in existing),
      () => `the topic and the key that notifications of stack '${stack.node.path}' share need the id '${ID}' there, which a construct of yours has: give that one another id`);
    errors.throwIfAny();
    return existing as SharedNotifications | undefined ?? new SharedNotifications(stack, ID);
  }

  /** ARN of the topic for critical messages alone, nothing while there is none: to be resolved at synthesis. */
  public readonly criticalTopicArn = Lazy.uncachedString({ produce: () => this.critical?.topic.topicArn });

  private readonly wanted: { readonly by: IConstruct; readonly notify: Notify }[] = [];
  private removalPolicy?: RemovalPolicy;
  private definedKey?: kms.Key;
  private all?: SharedTopic;
  private critical?: SharedTopic;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    Object.defineProperty(this, SHARED, { value: true });
  }

  /** The topic for all messages. */
  public get topic(): sns.ITopic {
    return this.defineTopic().topic;
  }

  /** The key of the topics, and of whatever else the constructs of the stack keep of events. */
  public get key(): kms.IKey {
    if (!this.definedKey) {
      this.definedKey = new kms.Key(this, 'Key', { description: 'Encrypts the messages of alarms, and events that were not delivered', enableKeyRotation: true });
      // For the queues of undelivered events. No condition: AWS documents none that EventBridge would meet, and a wrong one loses every event.
      letUseKey(this, this.definedKey, ['events.amazonaws.com'], undefined, 'EventBridgeUsesKey');
      this.applyRemovalPolicy();
    }
    return this.definedKey;
  }

  /** Whether there is a topic for critical messages alone. */
  public get hasCriticalTopic(): boolean {
    return this.critical !== undefined;
  }

  /** Keeps what is here at least as long as somebody wants it kept. */
  public keep(removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE): void {
    if (this.removalPolicy === undefined || REMOVAL_POLICIES.indexOf(removalPolicy) > REMOVAL_POLICIES.indexOf(this.removalPolicy)) {
      this.removalPolicy = removalPolicy;
      this.applyRemovalPolicy();
    }
  }

  /** Adds recipients, each of them once: the wider severity holds. */
  public add(by: IConstruct, recipients: Notify[]): void {
    this.wanted.push(...recipients.map((notify) => ({ by, notify })));
    const all = this.defineTopic();
    const present = this.wanted.filter((wanted) => isInTree(wanted.by)).map(({ notify }) => notify);
    const [wide, alone] = bySeverity(present, ({ _recipient }) => _recipient.kind === 'email' ? _recipient.address : undefined);
    if (alone.length > 0) {
      this.critical ??= this.define('Critical', '-critical');
    } else if (this.critical) {
      this.node.tryRemoveChild(this.critical.node.id);
      this.critical = undefined;
    }
    all._subscribe(wide);
    this.critical?._subscribe(alone);
  }

  /** Whether anybody is known to be notified. */
  public get isAnybodyNotified(): boolean {
    return [this.all, this.critical].some((topic) => topic?._isSubscribed());
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

/** Says that nobody is notified for both topics together. */
class SharedTopic extends NotificationTopic {
  /** @internal */
  public override _whyNobody(): string | undefined {
    const shared = this.node.scope as SharedNotifications;
    return this.node.id === 'Critical' || shared.isAnybodyNotified ? undefined
      : `whether anybody is subscribed to topic '${stableName(200, shared)}', which the constructs of stack '${outermostStack(this).node.path}' share: `
        + "no 'notify' names a recipient for it, such as Notify.email('operations@example.com')";
  }
}

/**
 * Recipients of one kind, each of them once: those of everything, and those of critical messages alone.
 *
 * @param identify What they are told apart by, nothing for those of another kind
 */
function bySeverity(recipients: Notify[], identify: (notify: Notify) => string | undefined): [string[], string[]] {
  const idsOf = (of: AlarmSeverity) => [...new Set(recipients.filter(({ severity }) => severity === of).flatMap((each) => identify(each) ?? []))];
  const wide = idsOf(AlarmSeverity.WARNING);
  return [wide, idsOf(AlarmSeverity.CRITICAL).filter((id) => !wide.includes(id))];
}
