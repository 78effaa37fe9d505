import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { RecoveryObjective } from '../objectives/recovery-objective';

/**
 * Properties of a replicated bucket.
 */
export interface ReplicatedBucketProps {
  /**
   * Name of the bucket, 3 to 63 small letters, digits and hyphens, unique in all of AWS. A change replaces the bucket.
   *
   * @default - made of the name of the stack, the construct's path below it, its account and its region, the same at every synthesis
   */
  readonly bucketName?: string;

  /**
   * Key of the bucket, of its own account and region; the key itself, and not an alias.
   *
   * @default - a customer key, rotated every year; a key of S3 where the writer of a log allows nothing else
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Region of the replica, other than the bucket's own; a literal.
   *
   * @default - the region of `replicaScope`, and no replica without that
   */
  readonly replicaRegion?: string;

  /**
   * Where the replica is defined: a stack of the replica's region in the bucket's account, or a construct in it.
   *
   * Deploy it first if it is in another Stage: S3 wants the replica to exist. It must not be a stack whose own buckets
   * replicate into this one.
   *
   * @default - a support stack in `replicaRegion`, made for you, deployed before the bucket's stack
   */
  readonly replicaScope?: Construct;

  /**
   * Name of the replica, 3 to 63 small letters, digits and hyphens, unique in all of AWS. A change replaces the replica.
   *
   * @default - `bucketName` with `-replica` behind it; without one made of the name of the stack, the construct's path below it, its account and the
   * replica's region
   */
  readonly replicaBucketName?: string;

  /**
   * Key of the replica, of its own account and region; the key itself, and not an alias.
   *
   * @default - a customer key, rotated every year, if the bucket has one
   */
  readonly replicaEncryptionKey?: kms.IKey;

  /**
   * Storage class of what is replicated.
   *
   * @default - STANDARD_IA (`s3.StorageClass.INFREQUENT_ACCESS`)
   */
  readonly replicaStorageClass?: s3.StorageClass;

  /**
   * Whether S3 replicates 99.9 % of the objects within 15 minutes (replication time control). It is paid by the gigabyte.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
   *
   * @default true
   */
  readonly replicationTimeControl?: boolean;

  /**
   * Whether an object that is deleted in the bucket is deleted in the replica too. The versions stay there in any case.
   *
   * By default the replica still shows what was deleted in the bucket, by mistake or by an attacker.
   *
   * @default false
   */
  readonly deleteMarkerReplication?: boolean;

  /**
   * How long every object of the bucket is locked. Whoever may turn it on can't turn it off again.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   *
   * @default - objects are not locked
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * How long every object of the replica is locked. S3 keeps the lock that an object has in the bucket, so there is no other
   * one where `objectLock` is set.
   *
   * Alone, without `objectLock`, it makes an unlocked intake with a locked replica, for writers that can't deliver to a
   * locked bucket, such as AWS Config.
   *
   * @default - as long as in the bucket
   */
  readonly replicaObjectLock?: s3.ObjectLockRetention;

  /**
   * Lifecycle of the objects in the bucket. Replicas expire alike.
   *
   * @default - uploads that are not completed are removed after 7 days; objects stay for good
   */
  readonly lifecycleRules?: s3.LifecycleRule[];

  /**
   * Lifecycle of the objects in the replica: S3 does not replicate that of the bucket.
   *
   * @default - that of the bucket without its transitions: replicas are kept as long, and stay readable at once
   */
  readonly replicaLifecycleRules?: s3.LifecycleRule[];

  /**
   * Which objects are too small to move to another storage class.
   *
   * An object below 128 KB in STANDARD_IA or ONEZONE_IA is paid as if it had 128 KB.
   *
   * @default - objects below 128 KB stay in their storage class, whatever the rules say
   */
  readonly transitionDefaultMinimumObjectSize?: s3.TransitionDefaultMinimumObjectSize;

  /**
   * Bucket that S3 logs access to this one into, of its account and region, without a lock and without a customer key.
   *
   * Its policy is written here, if it can be.
   *
   * @default - access is not logged by S3; metadata for cdk-nag (`AwsSolutions-S1`) gives the reason
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * Bucket that S3 logs access to the replica into, of the replica's region.
   *
   * @default - access to the replica is not logged by S3
   */
  readonly replicaServerAccessLogsBucket?: s3.IBucket;

  /**
   * What is promised about the data. Only the replica serves, and only with `replicationTimeControl`: 15 minutes.
   *
   * @default - nothing is promised
   */
  readonly objectives?: RecoveryObjective[];

  /**
   * What becomes of the buckets, their keys and the role that replicates when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What is known of a replicated bucket that another app or team defines.
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
   * Name of the replica. It must be given with `replicaRegion`.
   *
   * @default - there is no replica
   */
  readonly replicaBucketName?: string;

  /**
   * Id of the rule that replicates, which metrics go by.
   *
   * @default - the id that this library gives its rules
   */
  readonly replicationRuleId?: string;
}
