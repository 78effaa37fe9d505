import { Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { BUCKETS } from './buckets-in-app';

import { Registry, sayStatements, unchecked } from '../private/registry';

/**
 * Configures server access logging of a bucket into another bucket, whose policy allows it; ACLs are not used.
 */
export function logAccess(scope: IConstruct, resource: CfnBucket, bucket: { name: string; arn: string; account: string }, target: IBucket): void {
  const known = Registry.of(scope).find(BUCKETS, (fact) => fact.bucket.primary === target);
  if (!known?.isAccessLogOf(bucket.arn)) {
    const statement = accessLogStatement(target.bucketArn, bucket.account, [bucket.arn]);
    if (!target.addToResourcePolicy(statement).statementAdded) {
      unchecked(scope, 'accessLogPolicy', `the policy of bucket '${target.node.path}', which is not managed here: it must contain ${sayStatements(scope, [statement])}`);
    }
  }
  const isNear = Stage.of(target) === Stage.of(resource);
  resource.loggingConfiguration = {
    destinationBucketName: known && !isNear ? known.bucket.bucketName : target.bucketName,
    logFilePrefix: `${bucket.name}/`,
  };
  if (target.policy && isNear) {
    resource.node.addDependency(target.policy); // S3 might reject a target that it can't deliver to
  }
}

/** Statement that allows S3 to log the access to buckets of an account. */
export function accessLogStatement(bucketArn: string, account: string, sourceArns: string[], sid?: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    conditions: { ArnLike: { 'aws:SourceArn': sourceArns }, StringEquals: { 'aws:SourceAccount': account } },
  });
}
