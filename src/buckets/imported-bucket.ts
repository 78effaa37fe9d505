import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ReplicatedBucketBase } from './replicated-bucket-base';
import type { ReplicatedBucketAttributes } from './replicated-bucket-props';
import { REPLICATION_RULE_ID } from './replication';
import { bucketArn } from '../private/arns';
import { Environment, warnOfUnknownRegions } from '../private/environment';

/**
 * A bucket that another app or team defines.
 */
export class ImportedBucket extends ReplicatedBucketBase {
  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly account: string;
  public readonly region: string;
  public readonly replicaBucketName?: string;
  public readonly replicaBucketArn?: string;
  public readonly replicaRegion?: string;
  public readonly primary: s3.IBucket;
  public readonly replica?: s3.IBucket;
  public readonly encryptionKey = undefined;
  public readonly replicaEncryptionKey = undefined;
  public readonly replicationRole = undefined;
  public readonly replicationRuleId: string;

  /** @param attrs Attributes that are checked already */
  constructor(scope: Construct, id: string, attrs: ReplicatedBucketAttributes) {
    super(scope, id);
    const { account, region, replicaRegion } = attrs;
    this.bucketName = attrs.bucketName;
    this.bucketArn = bucketArn(scope, new Environment(account, region), attrs.bucketName);
    this.account = account;
    this.region = region;
    this.primary = s3.Bucket.fromBucketAttributes(this, 'Bucket', { bucketArn: this.bucketArn, account, region });
    this.replicationRuleId = attrs.replicationRuleId ?? REPLICATION_RULE_ID;
    if (replicaRegion !== undefined) {
      this.replicaRegion = replicaRegion;
      this.replicaBucketName = attrs.replicaBucketName!;
      this.replicaBucketArn = bucketArn(scope, new Environment(account, replicaRegion), this.replicaBucketName);
      this.replica = s3.Bucket.fromBucketAttributes(this, 'Replica', { bucketArn: this.replicaBucketArn, account, region: replicaRegion });
    }
    warnOfUnknownRegions(this, region, replicaRegion);
  }
}
