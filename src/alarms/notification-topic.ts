import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkEmailAddresses } from './checks';
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

    this.encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Encrypts the messages of alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.topic = new sns.Topic(this, 'Topic', { masterKey: this.encryptionKey, enforceSSL: true });
    const { account, region, partition } = Stack.of(this);
    const ofAlarms = { account, sources: `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` };
    this.letPublish('CloudWatch', 'cloudwatch.amazonaws.com', ofAlarms);
    this.letPublish('AwsBackup', 'backup.amazonaws.com', { account, sources: `arn:${partition}:backup:${region}:${account}:backup-vault:*` });
    this.letPublish('S3', 's3.amazonaws.com', { account, sources: `arn:${partition}:s3:::*` });
    this.letUseKey('CloudWatchUsesKey', ['cloudwatch.amazonaws.com'], conditionsOf(ofAlarms));
    // AWS documents no condition on the key for these, and a wrong one stops every message. The topic says for whom they
    // publish, and the queues for what could not be delivered say whose rules may use them.
    this.letUseKey('OthersUseKey', ['backup.amazonaws.com', 's3.amazonaws.com', 'events.amazonaws.com']);
    if (props.emailAddresses === undefined) {
      unchecked(this, "whether anybody is subscribed to the topic: no 'emailAddresses' were given");
    }
    for (const endpoint of new Set(props.emailAddresses)) {
      new sns.Subscription(this, endpoint, { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint });
    }
  }

  private letPublish(sid: string, service: string, publisher: Publisher): void {
    this.topic.addToResourcePolicy(new iam.PolicyStatement({
      sid: `${sid}Publishes`,
      principals: [new iam.ServicePrincipal(service)],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: conditionsOf(publisher),
    }));
  }

  private letUseKey(sid: string, services: string[], conditions?: iam.Conditions): void {
    const statement = new iam.PolicyStatement({
      sid,
      principals: services.map((service) => new iam.ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions,
    });
    if (!this.encryptionKey.addToResourcePolicy(statement, true).statementAdded) {
      uncheckedPolicy(this, `key '${this.encryptionKey.node.path}'`, statement);
    }
  }
}

interface Publisher {
  readonly account: string;
  /** ARN of what publishes. */
  readonly sources: string;
}

function conditionsOf({ account, sources }: Publisher): iam.Conditions {
  return { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sources } };
}

/** The caller's topic, or one that is made. Of the caller's nobody looks at the policies: an alarm that may not publish is silent. */
export function topicFor(scope: Construct, topic: sns.ITopic | undefined, props: NotificationTopicProps): sns.ITopic {
  if (topic && !(topic.node.scope instanceof NotificationTopic)) {
    unchecked(scope, `whether topic '${topic.node.path}' and its key let cloudwatch.amazonaws.com publish${topic.masterKey ? '' : '; if it is encrypted, '
      + 'import it with its \'keyArn\' (fromTopicAttributes), or rules may not use its key'}`);
  }
  return topic ?? new NotificationTopic(scope, 'Topic', props).topic;
}
