import { Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConfigurationBucket } from './configuration-bucket';
import { Environment } from '../private/environment';

/**
 * A configuration bucket or its replica, for the policies of who writes into it.
 */
export interface WrittenBucket {
  readonly bucket: s3.IBucket;
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly environment: Environment;
  readonly partition: string;
  /** Unknown if the bucket is imported. */
  readonly key?: kms.IKey;
  readonly isLocked: boolean;
}

/** The bucket, for those that write into it and leave the replica to S3. */
export function primaryOf({ primary, bucketName, bucketArn, account, region, encryptionKey, objectLockMode }: IConfigurationBucket): WrittenBucket {
  return {
    bucket: primary,
    bucketName,
    bucketArn,
    environment: new Environment(account, region),
    partition: partitionIn(bucketArn),
    key: encryptionKey,
    isLocked: objectLockMode !== undefined,
  };
}

/** The bucket, and its replica if it has one. */
export function sidesOf(bucket: IConfigurationBucket): WrittenBucket[] {
  const { replica, replicaBucketName, replicaBucketArn, replicaRegion, replicaEncryptionKey, account, objectLockMode } = bucket;
  return [
    primaryOf(bucket),
    ...replica === undefined ? [] : [{
      bucket: replica,
      bucketName: replicaBucketName!,
      bucketArn: replicaBucketArn!,
      environment: new Environment(account, replicaRegion!),
      partition: partitionIn(replicaBucketArn!),
      key: replicaEncryptionKey,
      isLocked: objectLockMode !== undefined,
    }],
  ];
}

/**
 * The bucket and its replica, or the one of them that is in a region.
 *
 * @param region Undefined for both
 */
export function sidesIn(bucket: IConfigurationBucket, region: string | undefined): WrittenBucket[] {
  return sidesOf(bucket).filter(({ environment }) => region === undefined || environment.region === region);
}

/** The ARN of the key if it is a literal, otherwise all keys of its account and region. */
export function keyArnOf({ key, partition, environment: { account, region } }: WrittenBucket): string {
  return key === undefined || Token.isUnresolved(key.keyArn) ? `arn:${partition}:kms:${region}:${account}:key/*` : key.keyArn;
}

function partitionIn(arn: string): string {
  return arn.split(':')[1];
}
