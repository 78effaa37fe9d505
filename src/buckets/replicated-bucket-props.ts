import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { RecoveryObjective } from '../objectives/recovery-objective';

/**
 * Options of every kind of replicated bucket.
 */
export interface ReplicatedBucketOptions {
  /**
   * Name of the bucket, 3 to 63 lowercase letters, digits and hyphens, globally unique. A change replaces the bucket.
   *
   * @default - generated from the name of the stack, the construct's path in it, its account and its region, the same at every synthesis
   */
  readonly bucketName?: string;

  /**
   * Key of the bucket, in the same account and region. It must be the key itself, not an alias.
   *
   * @default - a customer managed key, rotated every year; SSE-S3 if the writer of a log supports nothing else
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Region of the replica, a literal that differs from the region of the bucket.
   *
   * @default - the region of `replicaScope`; without it, there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Where the replica is defined: a stack in the region of the replica and the account of the bucket, or a construct in it.
   *
   * If it is in another Stage, deploy it first, because S3 requires an existing replica. It must not be a stack whose own
   * buckets replicate into this one.
   *
   * @default - a support stack in `replicaRegion`, which is created for you and deployed before the stack of the bucket
   */
  readonly replicaScope?: Construct;

  /**
   * Name of the replica, 3 to 63 lowercase letters, digits and hyphens, globally unique. A change replaces the replica.
   *
   * @default - `bucketName` followed by `-replica`; without `bucketName`, generated from the name of the stack, the construct's path in it, its account
   * and the region of the replica
   */
  readonly replicaBucketName?: string;

  /**
   * Key of the replica, in the same account and region. It must be the key itself, not an alias.
   *
   * @default - a customer managed key, rotated every year, if the bucket has one
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Storage class of the replicated objects.
   *
   * @default - STANDARD_IA (`s3.StorageClass.INFREQUENT_ACCESS`)
   */
  readonly replicaStorageClass?: s3.StorageClass;

  /**
   * Whether S3 replicates 99.9 % of the objects within 15 minutes (S3 Replication Time Control), which is charged per gigabyte.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
   *
   * @default true
   */
  readonly replicationTimeControl?: boolean;

  /**
   * Whether an object that is deleted in the bucket is also deleted in the replica. Its versions remain in any case.
   *
   * By default, the replica still shows objects that were deleted in the bucket by mistake or by an attacker.
   *
   * @default false
   */
  readonly deleteMarkerReplication?: boolean;

  /**
   * Lifecycle of the objects in the bucket. Replicas expire in the same way.
   *
   * @default - incomplete uploads are removed after 7 days; objects do not expire
   */
  readonly lifecycleRules?: s3.LifecycleRule[];

  /**
   * Lifecycle of the objects in the replica. S3 does not replicate the lifecycle of the bucket.
   *
   * @default - the lifecycle of the bucket without its transitions: replicas are kept for the same time, and stay immediately readable
   */
  readonly replicaLifecycleRules?: s3.LifecycleRule[];

  /**
   * Which objects are too small to move to another storage class.
   *
   * An object below 128 KB in STANDARD_IA or ONEZONE_IA is charged as 128 KB.
   *
   * @default - objects below 128 KB stay in their storage class, whatever the rules say
   */
  readonly transitionDefaultMinimumObjectSize?: s3.TransitionDefaultMinimumObjectSize;

  /**
   * Bucket for the server access logs of this one, in the same account and region, without Object Lock and with SSE-S3.
   *
   * The construct adds the required statement to its policy, if possible.
   *
   * @default - no server access logs; metadata for cdk-nag (`AwsSolutions-S1`) gives the reason
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * Bucket for the server access logs of the replica, in the region of the replica.
   *
   * @default - no server access logs for the replica
   */
  readonly replicaServerAccessLogsBucket?: s3.IBucket;

  /**
   * Objectives of the data. The replica meets them only with `replicationTimeControl`: 15 minutes.
   *
   * @default - no objectives
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * What happens to the buckets, their keys and the replication role when they are removed from the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of a replicated bucket.
 */
export interface ReplicatedBucketProps extends ReplicatedBucketOptions {
  /**
   * How long every object of the bucket is locked. Object Lock can't be turned off again.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   *
   * @default - objects are not locked
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * How long every object of the replica is locked. S3 keeps the lock that an object has in the bucket, so this can't differ
   * from `objectLock`.
   *
   * Without `objectLock`, only the replica is locked. Use this for writers that can't deliver to a bucket with Object Lock,
   * such as AWS Config.
   *
   * @default - as long as in the bucket
   */
  readonly replicaObjectLock?: s3.ObjectLockRetention;
}

/**
 * Attributes of a replicated bucket that another app or team defines.
 */
export interface ReplicatedBucketAttributes {
  /**
   * Name of the bucket.
   */
  readonly bucketName: string;

  /**
   * Account of the bucket and of its replica.
   */
  readonly account: string;

  /**
   * Region of the bucket.
   */
  readonly region: string;

  /**
   * Region of the replica.
   *
   * @default - there is no replica
   */
  readonly replicaRegion?: string;

  /**
   * Name of the replica. Required with `replicaRegion`.
   *
   * @default - there is no replica
   */
  readonly replicaBucketName?: string;

  /**
   * Id of the replication rule, which is a dimension of the metrics.
   *
   * @default - the id that this library gives its rules
   */
  readonly replicationRuleId?: string;
}
