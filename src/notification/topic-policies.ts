import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct, IDependable } from 'constructs';
import { Environment } from '../private/environment';
import { uncheckedPolicy } from '../private/registry';

/**
 * A service that publishes to a topic.
 */
export interface Publisher {
  readonly sid?: string;
  readonly service: string;
  /** Conditions on the source in the policy of the topic. */
  readonly conditions: iam.Conditions;
  /** Conditions in the key policy. AWS documents none for most services, and a wrong condition stops every message. */
  readonly keyConditions?: iam.Conditions;
}

/** The alarms of an account and region, the only ones that publish to a topic. */
export function alarmsOf(scope: IConstruct, environment: Environment, sid = 'CloudWatchPublishes'): Publisher {
  const { account, region } = environment;
  const conditions = fromAccount(account, `arn:${environment.partitionIn(scope)}:cloudwatch:${region}:${account}:alarm:*`);
  return { sid, service: 'cloudwatch.amazonaws.com', conditions, keyConditions: conditions };
}

/** Conditions that prevent others from making a service publish for them. */
export function fromAccount(account: string, sourceArn: string): iam.Conditions {
  return { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } };
}

/**
 * Allows a service to publish to a topic, and reports if the policy is not managed here.
 *
 * @returns the policy of the topic, to wait for
 */
export function addPublisher(scope: IConstruct, topic: sns.ITopic, { sid, service, conditions }: Publisher): IDependable | undefined {
  return letPrincipalPublish(scope, topic, { sid, principals: [new iam.ServicePrincipal(service)], conditions });
}

/** The same for any principal. */
export function letPrincipalPublish(scope: IConstruct, topic: sns.ITopic, who: Pick<iam.PolicyStatementProps, 'sid' | 'principals' | 'conditions'>): IDependable | undefined {
  const statement = new iam.PolicyStatement({ ...who, actions: ['sns:Publish'], resources: [topic.topicArn] });
  const { statementAdded, policyDependable } = topic.addToResourcePolicy(statement);
  if (!statementAdded) {
    uncheckedPolicy(scope, 'topicPolicy', `topic '${topic.node.path}'`, statement);
  }
  return policyDependable;
}

/** Allows services to use the key of a topic, and reports if its policy is not managed here. */
export function letUseKey(scope: IConstruct, key: kms.IKey, services: string[], conditions?: iam.Conditions, sid?: string): void {
  letPrincipalUseKey(scope, key, keyStatement(services.map((service) => new iam.ServicePrincipal(service)), conditions, sid));
}

/** The same by a statement for any principal. */
export function letPrincipalUseKey(scope: IConstruct, key: kms.IKey, statement: iam.PolicyStatement): void {
  if (!key.addToResourcePolicy(statement, true).statementAdded) {
    uncheckedPolicy(scope, 'topicKeyPolicy', `key '${key.node.path}'`, statement);
  }
}

/** Statement of a key policy for a publisher. */
export function keyStatement(principals: iam.IPrincipal[], conditions?: iam.Conditions, sid?: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions });
}

/** A topic has one policy. Of two, the one that is deployed last applies, and publishers of the other one are silent. */
export function topicPolicyProblems(topic: sns.ITopic): string[] {
  const stack = Stack.of(topic);
  const topicArn = JSON.stringify(stack.resolve(topic.topicArn));
  const [, ...others] = stack.node.findAll().filter((node): node is sns.CfnTopicPolicy => CfnResource.isCfnResource(node)
    && node.cfnResourceType === 'AWS::SNS::TopicPolicy' && node.stack === stack // its support stacks are below it
    && JSON.stringify(stack.resolve((node as sns.CfnTopicPolicy).topics)).includes(topicArn));
  return others.length === 0 ? [] : [
    `topic '${topic.node.path}' must have one policy, which allows alarms to publish, got another one at '${others.at(-1)!.node.path}': `
    + "add its statements by 'addToResourcePolicy' of the topic",
  ];
}
