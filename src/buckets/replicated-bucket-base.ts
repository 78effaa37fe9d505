import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ReplicatedBucketGrants } from './replicated-bucket-grants';
import type { IReplicatedBucket } from './replicated-bucket-ref';
import { forUsers } from '../private/messages';

/**
 * Common base of buckets that are defined in this app and imported buckets.
 *
 * @internal
 */
export abstract class ReplicatedBucketBase extends Construct implements IReplicatedBucket {
  public abstract readonly bucketName: string;
  public abstract readonly bucketArn: string;
  public abstract readonly account: string;
  public abstract readonly region: string;
  public abstract readonly replicaBucketName?: string;
  public abstract readonly replicaBucketArn?: string;
  public abstract readonly replicaRegion?: string;
  public abstract readonly primary: s3.IBucket;
  public abstract readonly replica?: s3.IBucket;
  public abstract readonly encryptionKey?: kms.IKey;
  public abstract readonly replicaEncryptionKey?: kms.IKey;
  public abstract readonly replicationRole?: iam.IRole;
  public abstract readonly replicationRuleId: string;

  public get grants(): ReplicatedBucketGrants {
    return ReplicatedBucketGrants.fromReplicatedBucket(this);
  }

  public metricReplicationLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ReplicationLatency', this.replicaRegion, cloudwatch.Stats.MAXIMUM, options);
  }

  public metricBytesPendingReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('BytesPendingReplication', this.replicaRegion, cloudwatch.Stats.MAXIMUM, options);
  }

  public metricOperationsPendingReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('OperationsPendingReplication', this.replicaRegion, cloudwatch.Stats.MAXIMUM, options);
  }

  public metricOperationsFailedReplication(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('OperationsFailedReplication', this.region, cloudwatch.Stats.SUM, options);
  }

  private metric(metricName: string, region: string | undefined, statistic: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (this.replicaBucketName === undefined) {
      throw new Error(forUsers(`bucket '${this.node.path}' has no replica: set 'replicaRegion', or leave out 'metric${metricName}'`));
    }
    return new cloudwatch.Metric({
      namespace: 'AWS/S3',
      metricName,
      dimensionsMap: { SourceBucket: this.bucketName, DestinationBucket: this.replicaBucketName, RuleId: this.replicationRuleId },
      statistic,
      account: this.account,
      region,
      ...options,
    });
  }
}
