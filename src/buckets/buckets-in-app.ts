import type { IConstruct } from 'constructs';
import type { IReplicatedBucket } from './replicated-bucket-ref';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { FactKind } from '../private/registry';

/**
 * A bucket that the app defines, with what is promised about it.
 */
export interface BucketFact {
  readonly bucket: IReplicatedBucket;
  readonly objectives: RecoveryObjective[];
  /** Whether the policy of the bucket lets S3 log the access to another one into it. */
  readonly isAccessLogOf: (bucketArn: string) => boolean;
}

export const BUCKETS = new FactKind<BucketFact>('bucket');

/**
 * The name of one bucket, the primary or the replica: it is taken as long as that is in the tree, each by itself.
 */
export interface BucketNameFact {
  readonly bucketName: string;
  readonly by: IConstruct;
}

export const BUCKET_NAMES = new FactKind<BucketNameFact>('bucket name');
