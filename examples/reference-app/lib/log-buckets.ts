import { Duration } from 'aws-cdk-lib';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { LogSource, ReplicatedLogBucket } from 'cdk-backup-dr';
import type { IReplicatedBucket } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';

/**
 * How long a log stays that has expired or was deleted. By default it is as long as the retention, and a log with a
 * retention of 10 years would be stored for 20.
 */
const noncurrentVersionExpiration = Duration.days(30);

export interface LogBuckets {
  /** It has no replica. */
  readonly accessLogs: IReplicatedBucket;
  readonly replicated: IReplicatedBucket[];
}

/**
 * The buckets that the accounts of the organization deliver their logs into. Objects move to other storage classes when
 * it is usual for their writer.
 */
export function defineLogBuckets(scope: Construct, { organizationId, accounts, secondaryRegion, logs }: StageConfig): LogBuckets {
  const { retention, immutable, objectives } = logs;
  const lock = (duration: Duration) => immutable ? ObjectLockRetention.compliance(duration) : undefined;

  const accessLogs = new ReplicatedLogBucket(scope, 'AccessLogs', {
    source: LogSource.serverAccessLogs({ selfLogging: true }),
    retention: retention.accessLogs,
    noncurrentVersionExpiration,
  });
  const everyBucket = {
    noncurrentVersionExpiration,
    replicaRegion: secondaryRegion,
    serverAccessLogsBucket: accessLogs.primary,
    objectives,
  };
  const cloudTrail = new ReplicatedLogBucket(scope, 'CloudTrail', {
    ...everyBucket,
    source: LogSource.cloudTrail({ organizationId, managementAccount: accounts.management }),
    retention: retention.cloudTrail,
    objectLock: lock(retention.cloudTrail),
  });
  const config = new ReplicatedLogBucket(scope, 'Config', {
    ...everyBucket,
    source: LogSource.config({ organizationId }),
    retention: retention.config,
    replicaObjectLock: lock(retention.config), // the replica alone: AWS Config does not deliver into a bucket with a lock
  });
  const vpcFlowLogs = new ReplicatedLogBucket(scope, 'VpcFlowLogs', {
    ...everyBucket,
    source: LogSource.vpcFlowLogs({ organizationId }),
    retention: retention.vpcFlowLogs,
  });
  const waf = new ReplicatedLogBucket(scope, 'Waf', {
    ...everyBucket,
    source: LogSource.waf({ organizationId }),
    retention: retention.waf,
  });
  return { accessLogs, replicated: [cloudTrail, config, vpcFlowLogs, waf] };
}
