import { Stage, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';

/**
 * Where a topic must be.
 */
export interface TopicPlace {
  /** Of what: `the vault`, `the metrics`. */
  readonly of: string;
  readonly environment: Environment;
  /** A construct of the Stage. */
  readonly scope: IConstruct;
  /** Whether rules publish to it: their role must name the key, and an alias is none. */
  readonly isForRules?: boolean;
}

/**
 * Adds what is wrong with a topic of the caller, if anything is: a topic that can't be published to is a silence.
 *
 * @param publisher Who publishes: `AWS Backup`, `CloudWatch`
 */
export function checkTopic(
  errors: PropsErrors, property: string, topic: sns.ITopic | undefined, publisher: string, { of, environment, scope, isForRules = false }: TopicPlace,
): void {
  if (!topic || !checkTopicKind(errors, property, topic, publisher)) {
    return;
  }
  const { masterKey } = topic;
  errors.when(isForRules && masterKey && !isKeyOfAws(masterKey) && ('aliasName' in masterKey || /:alias\//.test(masterKey.keyArn)),
    () => `'${property}' must name its key and not an alias, which permissions don't go by, got '${topic.node.path}' with '${masterKey!.node.path}'`);
  const where = new Environment(topic.env.account, topic.env.region);
  errors.when(where.differsFrom(environment), () => `'${property}' must be in the account and region of ${of} (${environment}), got ${where}`);
  errors.when(!where.differsFrom(environment) && Token.isUnresolved(topic.topicArn) && Stage.of(topic) !== Stage.of(scope),
    () => `'${property}' must be in the Stage of ${of}, got '${topic.node.path}' of another one: define a topic there, or import this one`);
}

/**
 * Adds what is wrong with a topic wherever it is.
 *
 * @returns whether it is a topic at all
 */
export function checkTopicKind(errors: PropsErrors, property: string, topic: sns.ITopic, publisher: string): boolean {
  if (topic.topicArn === undefined) { // as in Python, where no compiler says so
    errors.add(`'${property}' must be a topic: of a NotificationTopic give its 'topic'`);
    return false;
  }
  const { masterKey, node: { path } } = topic;
  errors.when(topic.fifo, () => `'${property}' must be a standard topic: ${publisher} publishes to no FIFO topic, got '${path}'`);
  errors.when(masterKey && isKeyOfAws(masterKey),
    () => `'${property}' must be encrypted with a customer key: ${publisher} may not use alias/aws/sns, got '${path}'`);
  return true;
}

function isKeyOfAws({ keyArn }: kms.IKey): boolean {
  return keyArn.endsWith('alias/aws/sns');
}
