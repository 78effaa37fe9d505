import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { ReplicatedBucketGrants } from './replicated-bucket-grants';

/**
 * A bucket and, if it has one, its replica in another region: defined in this app or imported.
 *
 * Names, ARNs, account and region are literal strings if the account and region of its stack are: passing the bucket to a
 * stack of another account or region creates no reference between the two.
 */
export interface IReplicatedBucket extends IConstruct {
  /**
   * Name of the bucket.
   *
   * @attribute
   */
  readonly bucketName: string;

  /**
   * ARN of the bucket.
   *
   * @attribute
   */
  readonly bucketArn: string;

  /**
   * Account of the bucket and of its replica.
   */
  readonly account: string;

  /**
   * Region of the bucket.
   */
  readonly region: string;

  /**
   * Name of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaBucketName?: string;

  /**
   * ARN of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaBucketArn?: string;

  /**
   * Region of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * The bucket, for use in its own account and region only.
   */
  readonly primary: s3.IBucket;

  /**
   * The replica, for use in its own account and region only.
   *
   * @default - there is no replica
   */
  readonly replica?: s3.IBucket;

  /**
   * Key of the bucket.
   *
   * @default - the bucket uses SSE-S3, or is imported
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Key of the replica.
   *
   * @default - there is no replica, it uses SSE-S3, or the bucket is imported
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Replication role of S3.
   *
   * @default - there is no replica, or the bucket is imported
   */
  readonly replicationRole?: iam.IRole;

  /**
   * Id of the replication rule, which is a dimension of the metrics.
   */
  readonly replicationRuleId: string;

  /**
   * Permissions on the bucket and its replica.
   */
  readonly grants: ReplicatedBucketGrants;

  /**
   * Replication latency, in seconds. S3 publishes it in the region of the replica.
   *
   * @default - maximum over 5 minutes
   * @throws if there is no replica
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
   */
  metricReplicationLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of bytes pending replication. S3 publishes it in the region of the replica.
   *
   * @default - maximum over 5 minutes
   * @throws if there is no replica
   */
  metricBytesPendingReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of operations pending replication. S3 publishes it in the region of the replica.
   *
   * @default - maximum over 5 minutes
   * @throws if there is no replica
   */
  metricOperationsPendingReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of operations that failed replication. S3 publishes it in the region of the bucket, and only while it replicates.
   *
   * @default - sum over 5 minutes
   * @throws if there is no replica
   */
  metricOperationsFailedReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}
