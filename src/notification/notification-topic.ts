import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IDependable } from 'constructs';
import { checkEmailAddresses } from './recipient-checks';
import { addPublisher, alarmsOf, fromAccount, letUseKey } from './topic-policies';
import { Environment } from '../private/environment';
import { checkKey, keyProblems } from '../private/environment-checks';
import { validate } from '../private/messages';
import { checkShapes, PropsErrors, SHAPES } from '../private/props-errors';
import { unchecked } from '../private/registry';

/**
 * Properties of a topic for alarms.
 */
export interface NotificationTopicProps {
  /**
   * Key of the topic, of its own account and region; not an alias, such as `alias/aws/sns`, which CloudWatch may not use.
   *
   * @default - a customer key, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Who gets an e-mail for each message. Each of them has to confirm once.
   *
   * @default - nobody: subscribe to the topic
   */
  readonly emailAddresses?: string[];

  /**
   * What becomes of the key that is made for the topic when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An encrypted topic that CloudWatch alarms, AWS Backup and Amazon S3 of its own account may publish to, alarms of its
 * own region only.
 *
 * A rule of EventBridge publishes to it with a role on its target (with the CDK: `authorizeUsingRole`), which is given
 * both the topic and the key. EventBridge itself is not let in: a topic's policy can't tell the rules of other accounts
 * from yours.
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

  private readonly policies: Map<string, IDependable | undefined>;

  /**
   * Defines a topic.
   *
   * @throws if the key is an alias or elsewhere, or an address is none; all problems at once
   */
  constructor(scope: Construct, id: string, props: NotificationTopicProps = {}) {
    super(scope, id);
    checkShapes(this, 'NotificationTopicProps', props, { encryptionKey: SHAPES.key, emailAddresses: SHAPES.texts });
    const errors = new PropsErrors('NotificationTopicProps', this);
    checkKey(errors, 'encryptionKey', props.encryptionKey, 'topic', Environment.of(this));
    checkEmailAddresses(errors, props.emailAddresses);
    errors.throwIfAny();

    this.encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Encrypts the messages of alarms',
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.topic = new sns.Topic(this, 'Topic', { masterKey: this.encryptionKey, enforceSSL: true });
    validate(this, () => keyProblems('encryptionKey', props.encryptionKey, this.topic.node.defaultChild as sns.CfnTopic, 'topic'));
    const home = Environment.of(this);
    const partition = home.partitionIn(this);
    const alarms = alarmsOf(this, home);
    this.policies = new Map([
      alarms,
      { sid: 'AwsBackupPublishes', service: BACKUP, conditions: fromAccount(home.account, `arn:${partition}:backup:${home.region}:${home.account}:backup-vault:*`) },
      { sid: 'S3Publishes', service: S3, conditions: fromAccount(home.account, `arn:${partition}:s3:::*`) },
    ].map((publisher) => [publisher.service, addPublisher(this, this.topic, publisher)]));
    letUseKey(this, this.encryptionKey, [alarms.service], alarms.keyConditions, 'CloudWatchUsesKey');
    // The topic says for whom they publish, and the queues for what could not be delivered say whose rules may use them.
    letUseKey(this, this.encryptionKey, [BACKUP, S3, 'events.amazonaws.com'], undefined, 'OthersUseKey');
    if (props.emailAddresses === undefined) {
      unchecked(this, "whether anybody is subscribed to the topic: no 'emailAddresses' were given");
    }
    for (const endpoint of new Set(props.emailAddresses)) {
      new sns.Subscription(this, endpoint, { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint });
    }
  }

  /**
   * The policy that lets a service publish, if it does so.
   *
   * @internal
   */
  public _policyFor(service: string): IDependable | undefined {
    return this.policies.get(service);
  }
}

const BACKUP = 'backup.amazonaws.com';
const S3 = 's3.amazonaws.com';
