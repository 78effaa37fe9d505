import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { checkBucketAttributes } from './bucket-checks';
import { BucketPair } from './bucket-pair';
import type { BucketDesign } from './bucket-pair';
import { BUCKETS } from './buckets-in-app';
import { ImportedBucket } from './imported-bucket';
import { ReplicatedBucketBase } from './replicated-bucket-base';
import type { ReplicatedBucketAttributes, ReplicatedBucketProps } from './replicated-bucket-props';
import type { IReplicatedBucket } from './replicated-bucket-ref';
import { REPLICATION_RULE_ID } from './replication';
import { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';

/**
 * A bucket with a replica in another region of its account.
 *
 * The bucket is versioned, private, without ACLs, accessible only with TLS 1.2 or later, encrypted with a customer managed
 * key, and retained. S3 replicates every object, including encrypted ones, within 15 minutes, and encrypts it with a key in
 * the region of the replica. The replica is such a bucket too, in a support stack that is deployed first, because S3
 * requires an existing replica.
 *
 * S3 does not replicate existing objects: use S3 Batch Replication for them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 *
 * @example
 * new ReplicatedBucket(stack, 'Uploads', { replicaRegion: 'eu-west-1' });
 */
export class ReplicatedBucket extends ReplicatedBucketBase {
  /**
   * Imports a bucket that another app or team defines.
   *
   * @throws if an attribute is not valid for a bucket; the error lists all problems
   */
  public static fromReplicatedBucketAttributes(scope: Construct, id: string, attrs: ReplicatedBucketAttributes): IReplicatedBucket {
    checkBucketAttributes(new PropsErrors(`ReplicatedBucketAttributes of '${id}'`, scope), attrs);
    return new ImportedBucket(scope, id, attrs);
  }

  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly account: string;
  public readonly region: string;
  public readonly replicaBucketName?: string;
  public readonly replicaBucketArn?: string;
  public readonly replicaRegion?: string;
  public readonly primary: s3.IBucket;
  public readonly replica?: s3.IBucket;
  public readonly encryptionKey?: kms.IKey;
  public readonly replicaEncryptionKey?: kms.IKey;
  public readonly replicationRole?: iam.IRole;
  public readonly replicationRuleId = REPLICATION_RULE_ID;

  /**
   * Defines a bucket and, with `replicaRegion` or `replicaScope`, its replica.
   *
   * @throws if S3 would reject a property, or an objective can't be met; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ReplicatedBucketProps = {}) {
    super(scope, id);
    const pair = new BucketPair(this, this._design(props));
    this.account = pair.home.account;
    this.region = pair.home.region;
    this.bucketName = pair.bucketName;
    this.bucketArn = pair.bucketArn;
    this.primary = pair.parts.bucket;
    this.encryptionKey = pair.parts.key;
    this.replicaBucketName = pair.replica?.bucketName;
    this.replicaBucketArn = pair.replica?.bucketArn;
    this.replicaRegion = pair.replica?.region;
    this.replica = pair.replica?.parts.bucket;
    this.replicaEncryptionKey = pair.replica?.parts.key;
    this.replicationRole = pair.replica?.role;
    Registry.of(this).register(BUCKETS, this, {
      bucket: this,
      objectives: props.objectives ?? [],
      hasTimeControl: props.replicationTimeControl ?? true,
      isAccessLogOf: (arn) => pair.isAccessLogOf(arn),
    });
    pair.logAccesses();
  }

  /**
   * The specification of the bucket. A bucket that a service writes into adds its writer.
   *
   * @internal
   */
  protected _design(props: ReplicatedBucketProps): BucketDesign {
    return { subject: 'ReplicatedBucketProps', props, problems: [] };
  }
}
