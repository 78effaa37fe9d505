import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Where a writer delivers to.
 */
export interface DeliveryContext {
  readonly partition: string;
  readonly account: string;
  readonly bucketArn: string;
}

/**
 * What a writer of logs needs of a bucket, and what it can't do with.
 */
export interface BucketWriter {
  readonly bucketStatements: (context: DeliveryContext) => iam.PolicyStatement[];
  readonly keyStatements: (context: DeliveryContext) => iam.PolicyStatement[];
  /** What the name of the bucket must begin with. */
  readonly bucketNamePrefix?: string;
  /** Why objects can be encrypted with keys of S3 only, if so. */
  readonly customerKeyProblem?: string;
  /** Why the bucket can't be locked, if so. */
  readonly objectLockProblem?: string;
  /** Whether S3 may log the access to a bucket here. */
  readonly isAccessLogOf?: (bucketArn: string) => boolean;
  readonly isSelfLogging?: boolean;
}
