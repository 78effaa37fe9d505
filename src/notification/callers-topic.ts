import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { NotificationTopic } from './notification-topic';
import type { NotificationTopicProps } from './notification-topic';
import { addPublisher, alarmsOf, letUseKey, topicPolicyProblems } from './topic-policies';
import type { Publisher } from './topic-policies';
import { Environment } from '../private/environment';
import { unchecked } from '../private/registry';

/**
 * Lets a service publish to a topic with its key, unless it may.
 *
 * @returns the policy of the topic, to wait for
 */
export function letPublish(scope: IConstruct, topic: sns.ITopic, publisher: Publisher): IDependable | undefined {
  const open = topic.node.scope instanceof NotificationTopic ? topic.node.scope._policyFor(publisher.service) : undefined;
  if (open) {
    return open;
  }
  if (topic.masterKey) {
    letUseKey(scope, topic.masterKey, [publisher.service], publisher.keyConditions);
  }
  const policy = addPublisher(scope, topic, publisher);
  if (!policy && !topic.masterKey) {
    unchecked(scope, `whether topic '${topic.node.path}' is encrypted: if it is, import it with its 'keyArn' (fromTopicAttributes), or nobody is let use its key`);
  }
  return policy;
}

/**
 * The caller's topic, or one that is made. The caller's gets what it lacks, since an alarm that may not publish is silent:
 * the policy that SNS gives a topic lets CloudWatch publish, and goes as soon as anybody adds one.
 */
export function topicFor(scope: Construct, topic: sns.ITopic | undefined, props: NotificationTopicProps): sns.ITopic {
  if (topic) {
    letPublish(scope, topic, alarmsOf(scope, new Environment(topic.env.account, topic.env.region)));
    scope.node.addValidation({ validate: () => topicPolicyProblems(topic) });
  }
  return topic ?? new NotificationTopic(scope, 'Topic', props).topic;
}
