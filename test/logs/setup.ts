import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import type { ReplicatedLogBucketProps } from '../../src/logs/replicated-log-bucket';
import { Setup as Buckets } from '../buckets/setup';

/**
 * An app with a stack for buckets, those for logs among them.
 */
export class Setup extends Buckets {
  /** A log bucket called `logs`, without a replica. */
  public logs(props: ReplicatedLogBucketProps, id = 'Bucket'): ReplicatedLogBucket {
    return new ReplicatedLogBucket(this.stack, id, { bucketName: 'logs', ...props });
  }
}
