import type { IConstruct } from 'constructs';
import type { IReplicatedBucket } from './replicated-bucket-ref';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { FactKind } from '../private/registry';

/**
 * A bucket that the app defines, with its objectives.
 */
export interface BucketFact {
  readonly bucket: IReplicatedBucket;
  readonly objectives: RecoveryObjective[];
  /** Whether S3 commits to a time for the replication. */
  readonly hasTimeControl: boolean;
  /** Whether the policy of the bucket allows S3 to log the access to another bucket into it. */
  readonly isAccessLogOf: (bucketArn: string) => boolean;
}

export const BUCKETS = new FactKind<BucketFact>('bucket');

/**
 * The name of one bucket, the primary or the replica. It is in use as long as that bucket is in the tree.
 */
export interface BucketNameFact {
  readonly bucketName: string;
  readonly by: IConstruct;
}

export const BUCKET_NAMES = new FactKind<BucketNameFact>('bucket name');
