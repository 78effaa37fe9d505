import * as iam from 'aws-cdk-lib/aws-iam';
import type { IReplicatedBucket } from './replicated-bucket-ref';

/**
 * Permissions on a replicated bucket.
 */
export class ReplicatedBucketGrants {
  /**
   * Grants for a replicated bucket.
   *
   * @param bucket The bucket, defined in this app or imported
   */
  public static fromReplicatedBucket(bucket: IReplicatedBucket): ReplicatedBucketGrants {
    return new ReplicatedBucketGrants(bucket);
  }

  private constructor(private readonly bucket: IReplicatedBucket) {}

  /**
   * Allows reading from the bucket and from its replica, and decrypting the objects with any key.
   *
   * For a principal in the account of the bucket. A principal in another account also needs permissions in the policies of
   * both buckets and their keys.
   *
   * @param grantee The principal that reads
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    const { bucketArn, replicaBucketArn, account, region, replicaRegion } = this.bucket;
    const arns = replicaBucketArn === undefined ? [bucketArn] : [bucketArn, replicaBucketArn];
    const regions = replicaRegion === undefined ? [region] : [region, replicaRegion];
    const [, partition] = bucketArn.split(':');

    const objects = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetBucketLocation', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
      resourceArns: arns.flatMap((arn) => [arn, `${arn}/*`]),
    });
    const keys = iam.Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: regions.map((each) => `arn:${partition}:kms:${each}:${account}:key/*`),
      // The keys have no literal ARN, but the encrypted objects have.
      conditions: {
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': arns.flatMap((arn) => [arn, `${arn}/*`]) },
      },
    });
    return objects.combine(keys);
  }
}
