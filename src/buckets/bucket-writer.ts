import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The destination of a writer.
 */
export interface DeliveryContext {
  readonly partition: string;
  readonly account: string;
  readonly bucketArn: string;
}

/**
 * The requirements and limits of a writer of logs.
 */
export interface BucketWriter {
  readonly bucketStatements: (context: DeliveryContext) => iam.PolicyStatement[];
  readonly keyStatements: (context: DeliveryContext) => iam.PolicyStatement[];
  /** The required prefix of the name of the bucket. */
  readonly bucketNamePrefix?: string;
  /** Why objects can be encrypted only with SSE-S3, if so. */
  readonly customerKeyProblem?: string;
  /** Why the bucket can't have Object Lock, if so. */
  readonly objectLockProblem?: string;
  /** Whether S3 may log the access to a bucket into this one. */
  readonly isAccessLogOf?: (bucketArn: string) => boolean;
  readonly isSelfLogging?: boolean;
}
