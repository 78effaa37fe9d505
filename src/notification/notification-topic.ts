import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { checkEmailAddresses } from './recipient-checks';
import { distinctAddresses } from './recipients';
import { addPublisher, alarmsOf, fromAccount, letUseKey } from './topic-policies';
import { PUBLISHERS } from './topics-in-app';
import { atSynthesis } from '../private/at-synthesis';
import { Environment } from '../private/environment';
import { checkKey, keyProblems } from '../private/environment-checks';
import { validate } from '../private/messages';
import { checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { charged, Registry, unchecked } from '../private/registry';

/**
 * Properties of a topic for alarms.
 */
export interface NotificationTopicProps {
  /**
   * Key of the topic, in the same account and region. It must not be an alias, such as `alias/aws/sns`, which CloudWatch can't use.
   *
   * @default - a customer managed key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Name of the topic. Required if another account publishes to the topic.
   *
   * @default - AWS CloudFormation generates a name
   */
  readonly topicName?: string;

  /**
   * Email addresses that receive each message. Each recipient must confirm the subscription once. Addresses that differ in case only are one.
   *
   * @default - none: subscribe to the topic yourself
   */
  readonly emailAddresses?: string[];

  /**
   * What happens to the key that is created for the topic when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An encrypted topic that CloudWatch alarms, AWS Backup and Amazon S3 in its account can publish to. Alarms must be in the same
 * region.
 *
 * A rule of EventBridge publishes to it with a role on its target (in the AWS CDK: `authorizeUsingRole`) that has permissions for
 * the topic and the key. EventBridge itself has no access, because the policy of a topic can't distinguish the rules of other
 * accounts from yours.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 *
 * @example
 * new NotificationTopic(stack, 'Alarms', { emailAddresses: ['operations@example.com'] });
 */
export class NotificationTopic extends Construct {
  /**
   * The topic.
   */
  public readonly topic: sns.Topic;

  /**
   * Key of the topic.
   */
  public readonly encryptionKey: kms.IKey;

  /** By their addresses. */
  private readonly subscriptions = new Map<string, sns.Subscription>();

  /**
   * Defines a topic.
   *
   * @throws if the key is an alias or in another account or region, or an address is not valid; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: NotificationTopicProps = {}) {
    super(scope, id);
    checkShapes(this, 'NotificationTopicProps', props, { encryptionKey: SHAPES.key, topicName: SHAPES.text, emailAddresses: SHAPES.texts });
    const errors = new PropsErrors('NotificationTopicProps', this);
    checkKey(errors, 'encryptionKey', props.encryptionKey, 'topic', Environment.of(this));
    checkEmailAddresses(errors, props.emailAddresses);
    errors.throwIfAny();

    this.encryptionKey = props.encryptionKey ?? charged(new kms.Key(this, 'Key', {
      description: 'Encrypts the messages of alarms',
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    }));
    this.topic = new sns.Topic(this, 'Topic', { topicName: props.topicName, masterKey: this.encryptionKey, enforceSSL: true });
    validate(this, () => keyProblems('encryptionKey', props.encryptionKey, this.topic.node.defaultChild as sns.CfnTopic, 'topic'));
    const home = Environment.of(this);
    const partition = home.partitionIn(this);
    const alarms = alarmsOf(this, home);
    const publishers = [
      alarms,
      { sid: 'AwsBackupPublishes', service: BACKUP, conditions: fromAccount(home.account, `arn:${partition}:backup:${home.region}:${home.account}:backup-vault:*`) },
      { sid: 'S3Publishes', service: S3, conditions: fromAccount(home.account, `arn:${partition}:s3:::*`) },
    ];
    for (const publisher of publishers) {
      Registry.of(this).register(PUBLISHERS, this.topic, { service: publisher.service, policy: addPublisher(this, this.topic, publisher) });
    }
    letUseKey(this, this.encryptionKey, [alarms.service], alarms.keyConditions, 'CloudWatchUsesKey');
    // The policies of the topic and of the dead-letter queues limit the sources.
    letUseKey(this, this.encryptionKey, [BACKUP, S3, 'events.amazonaws.com'], undefined, 'OthersUseKey');
    this._subscribe(distinctAddresses(props.emailAddresses ?? []));
    atSynthesis(this, () => {
      const reason = this._whyNobody();
      if (reason !== undefined) {
        unchecked(this, 'nobodySubscribed', reason);
      }
    });
  }

  /**
   * Subscribes these addresses, and no other ones.
   *
   * @internal
   */
  public _subscribe(addresses: string[]): void {
    for (const [address, { node }] of this.subscriptions) {
      if (!addresses.includes(address)) {
        this.node.tryRemoveChild(node.id);
        this.subscriptions.delete(address);
      }
    }
    for (const endpoint of addresses.filter((address) => !this.subscriptions.has(address))) {
      const subscription = new sns.Subscription(this, endpoint, { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint });
      this.subscriptions.set(endpoint, subscription);
    }
  }

  /**
   * Whether the stack defines a subscription.
   *
   * @internal
   */
  public _isSubscribed(): boolean {
    const isOfTopic = (node: IConstruct) => node instanceof sns.CfnSubscription && node.topicArn === this.topic.topicArn;
    return Stack.of(this).node.findAll().some(isOfTopic);
  }

  /**
   * Why there might be no subscription, if so.
   *
   * @internal
   */
  public _whyNobody(): string | undefined {
    return this._isSubscribed() ? undefined : "whether anybody is subscribed to the topic, because 'emailAddresses' is not set";
  }
}

const BACKUP = 'backup.amazonaws.com';
const S3 = 's3.amazonaws.com';
