import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import type { ReplicatedBucketProps } from '../../src/buckets/replicated-bucket-props';
import { problemsOf } from '../problems';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

/**
 * An app with a stack for buckets.
 */
export class Setup {
  public readonly app = new App();
  public readonly stack: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Logs');

  /** A bucket called `uploads`, with a replica called `uploads-replica`. */
  public replicated(props: ReplicatedBucketProps = {}, id = 'Uploads'): ReplicatedBucket {
    return new ReplicatedBucket(this.stack, id, { bucketName: 'uploads', replicaRegion: IRELAND, ...props });
  }

  public get away(): Stack {
    return supportStackOf(this.stack, IRELAND);
  }

  /** What construction refuses, a line for each problem. */
  public refusals(define: () => unknown): string[] {
    return problemsOf(define);
  }
}

/** The properties of the bucket of a name. */
export function bucketOf(stack: Stack, name: string): any {
  return Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket', { Properties: { BucketName: name } }))[0].Properties;
}
