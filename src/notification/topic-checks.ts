import { Stack, Stage, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { differ, Environment } from '../private/environment';
import { describeValue } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

/**
 * The required place of a topic.
 */
export interface TopicPlace {
  /** What the topic is for: `the vault`, `the metrics`. */
  readonly of: string;
  readonly environment: Environment;
  /** A construct of the Stage. */
  readonly scope: IConstruct;
  /** Whether only alarms publish to it, which can do so across accounts. */
  readonly isForAlarms?: boolean;
  /** Whether rules publish to it too, across accounts: their role needs the key, not an alias. */
  readonly isForRules?: boolean;
}

/**
 * Adds problems of a topic of the user.
 *
 * @param publisher The service that publishes: `AWS Backup`, `CloudWatch`
 */
export function checkTopic(
  errors: PropsErrors, property: string, topic: sns.ITopic | undefined, publisher: string, place: TopicPlace,
): void {
  if (!topic || !checkTopicKind(errors, property, topic, publisher)) {
    return;
  }
  const { of, environment, scope, isForAlarms = false, isForRules = false } = place;
  const { masterKey } = topic;
  errors.when(isForRules && masterKey && !isKeyOfAws(masterKey) && ('aliasName' in masterKey || /:alias\//.test(masterKey.keyArn)),
    () => `'${property}' must have the key itself, not an alias, because permissions refer to the key, got '${topic.node.path}' with '${masterKey!.node.path}'`);
  const where = new Environment(topic.env.account, topic.env.region);
  const mayBeOfAnotherAccount = isForAlarms || isForRules;
  const isElsewhere = mayBeOfAnotherAccount ? differ(where.region, environment.region) : where.differsFrom(environment);
  errors.when(isElsewhere, () => `'${property}' must be in the ${mayBeOfAnotherAccount ? '' : 'account and '}region of ${of} (${environment}), got ${where}`);
  errors.when(!isElsewhere && Token.isUnresolved(topic.topicArn) && Stage.of(topic) !== Stage.of(scope),
    () => `'${property}' must be in the Stage of ${of}, got '${topic.node.path}' in another Stage: define a topic there, or import this one`);
  if (!isElsewhere && differ(where.account, environment.account)) {
    checkNames(errors, property, topic, place);
  }
}

/** A resource that another account refers to needs a name before it is created. */
function checkNames(errors: PropsErrors, property: string, topic: sns.ITopic, { of, environment, scope, isForRules }: TopicPlace): void {
  const where = `because the topic is in another account than ${of} (${environment})`;
  errors.when(!hasName(scope, topic.topicArn), () => `'${property}' must have a 'topicName', ${where}, got '${topic.node.path}' without one: set it, `
    + 'or import the topic by its ARN (Topic.fromTopicArn)');
  const isDefinedThere = (key: kms.IKey) => key.node.defaultChild !== undefined && differ(key.env.account, environment.account);
  errors.when(isForRules && topic.masterKey && isDefinedThere(topic.masterKey), // a key has no name that could be chosen
    () => `'${property}' must have a key whose ARN is known, ${where}, got '${topic.node.path}' with '${topic.masterKey!.node.path}': `
      + "import the topic by 'Topic.fromTopicAttributes' with its 'topicArn' and 'keyArn'");
}

/** The CDK refuses to render what has none for another environment. */
function hasName(scope: IConstruct, arn: string): boolean {
  try {
    Stack.of(scope).resolve(arn);
    return true;
  } catch {
    return false;
  }
}

/**
 * Adds problems of a topic in any place.
 *
 * @returns whether it is a topic at all
 */
export function checkTopicKind(errors: PropsErrors, property: string, topic: sns.ITopic, publisher: string): boolean {
  if (topic.topicArn === undefined) { // untyped languages can pass another type
    errors.add(`'${property}' must be a topic: specify the 'topic' of a NotificationTopic${typeof topic === 'string' ? `, and Topic.fromTopicArn(…) for an ARN, got ${describeValue(topic)}` : ''}`);
    return false;
  }
  const { masterKey, node: { path } } = topic;
  errors.when(topic.fifo, () => `'${property}' must be a standard topic, because ${publisher} does not publish to FIFO topics, got '${path}'`);
  errors.when(masterKey && isKeyOfAws(masterKey),
    () => `'${property}' must be encrypted with a customer managed key, because ${publisher} can't use alias/aws/sns, got '${path}'`);
  return true;
}

function isKeyOfAws({ keyArn }: kms.IKey): boolean {
  return keyArn.endsWith('alias/aws/sns');
}
