import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkEmailAddresses } from './email-addresses';
import { Environment } from '../private/environment';
import { checkKey } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';
import { unchecked, uncheckedPolicy } from '../private/registry';

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
}

/**
 * An encrypted topic that CloudWatch alarms of its own account and region may publish to.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
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
   * Defines a topic.
   *
   * @throws if the key is an alias or elsewhere, or an address is none; all problems at once
   */
  constructor(scope: Construct, id: string, props: NotificationTopicProps = {}) {
    super(scope, id);
    const errors = new PropsErrors('NotificationTopicProps', this);
    checkKey(errors, 'encryptionKey', props.encryptionKey, 'topic', Environment.of(this));
    checkEmailAddresses(errors, props.emailAddresses);
    errors.throwIfAny();

    const { account, region, partition } = Stack.of(this);
    const ofOwnAlarms = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
    };
    const alarms = new iam.ServicePrincipal('cloudwatch.amazonaws.com');
    const key = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Encrypts the messages of alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const use = new iam.PolicyStatement({
      principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: ofOwnAlarms,
    });
    if (!key.addToResourcePolicy(use, true).statementAdded) {
      uncheckedPolicy(this, `key '${key.node.path}'`, use);
    }
    this.topic = new sns.Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(new iam.PolicyStatement({
      principals: [alarms], actions: ['sns:Publish'], resources: [this.topic.topicArn], conditions: ofOwnAlarms,
    }));
    for (const endpoint of props.emailAddresses ?? []) {
      new sns.Subscription(this, endpoint, { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint });
    }
  }
}

/** Says of topics of the caller that nobody looked at their policies: an alarm that may not publish is silent. */
export function mayBeSilent(scope: Construct, ...topics: Array<sns.ITopic | undefined>): void {
  for (const topic of topics) {
    if (topic && !(topic.node.scope instanceof NotificationTopic)) {
      unchecked(scope, `whether topic '${topic.node.path}' and its key let cloudwatch.amazonaws.com publish`);
    }
  }
}
