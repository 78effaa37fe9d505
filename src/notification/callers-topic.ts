import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { addPublisher, alarmsOf, keyStatement, letPrincipalPublish, letPrincipalUseKey, topicPolicyProblems } from './topic-policies';
import type { Publisher } from './topic-policies';
import { PUBLISHERS } from './topics-in-app';
import { differ, Environment } from '../private/environment';
import { validate } from '../private/messages';
import { Registry, sayStatements, unchecked } from '../private/registry';

/**
 * Allows a service to publish to a topic with its key, unless it already may.
 *
 * @returns the policy of the topic, to wait for
 */
export function letPublish(scope: IConstruct, topic: sns.ITopic, publisher: Publisher): IDependable | undefined {
  const open = isOfAnotherAccount(scope, topic) ? undefined : policyOf(topic, publisher.service);
  if (open) {
    return open;
  }
  const ofKey = keyStatement([new iam.ServicePrincipal(publisher.service)], publisher.keyConditions);
  if (topic.masterKey) {
    letPrincipalUseKey(scope, topic.masterKey, ofKey);
  }
  const policy = addPublisher(scope, topic, publisher);
  if (!policy && !topic.masterKey) {
    uncheckedKey(scope, topic, ofKey);
  }
  return policy;
}

function policyOf(topic: sns.ITopic, service: string): IDependable | undefined {
  return Registry.of(topic).of(PUBLISHERS, topic).find((publisher) => publisher.service === service)?.policy;
}

function uncheckedKey(scope: IConstruct, topic: sns.ITopic, ofKey: iam.PolicyStatement): void {
  unchecked(scope, 'topicEncryption', `whether topic '${topic.node.path}' is encrypted: if it is, import it by 'Topic.fromTopicAttributes' with its 'keyArn', and its key policy must contain `
    + sayStatements(scope, [ofKey]));
}

/** Whether a topic is certainly in another account than a construct, so that its policies must allow the publisher. */
export function isOfAnotherAccount(scope: IConstruct, topic: sns.ITopic): boolean {
  return differ(topic.env.account, Stack.of(scope).account);
}

/**
 * Allows rules to publish with a role to a topic of another account, with its key. In the same account, the policy of the role is sufficient.
 *
 * The statement allows the account, because the name of the role is unknown before its creation, and the account decides which of its roles may.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 */
export function letRolesPublish(scope: IConstruct, topic: sns.ITopic): void {
  if (!isOfAnotherAccount(scope, topic)) {
    return;
  }
  const home = Environment.of(scope);
  const sid = `RulesOf${home.account}`;
  const principals = [new iam.ArnPrincipal(`arn:${home.partitionIn(scope)}:iam::${home.account}:root`)];
  const ofKey = keyStatement(principals, undefined, sid);
  if (topic.masterKey) {
    letPrincipalUseKey(scope, topic.masterKey, ofKey);
  }
  if (!letPrincipalPublish(scope, topic, { sid, principals }) && !topic.masterKey) {
    uncheckedKey(scope, topic, ofKey);
  }
}

/**
 * Allows the alarms of a construct to publish to a topic of the user, because an alarm without the permission is silent: the default
 * policy of a topic allows CloudWatch to publish, but is replaced as soon as anybody adds a policy.
 */
export function letAlarmsPublish(scope: Construct, topic: sns.ITopic): void {
  letPublish(scope, topic, alarmsFor(scope, topic));
  validate(scope, () => topicPolicyProblems(topic));
}

/** One of the two is literal wherever any is. Ids of statements are unique in a policy, which other accounts share. */
function alarmsFor(scope: Construct, { env }: sns.ITopic): Publisher {
  const home = Environment.of(scope);
  return differ(env.account, home.account) ? alarmsOf(scope, home, `CloudWatchOf${home.account}`) : alarmsOf(scope, new Environment(env.account, env.region));
}
