import type { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SnapshotAccess } from './snapshot-access';
import { noOverwrite, retentionLimits } from './snapshot-policies';
import { defaultChangeRetention, defaultLock, defaultRecordRetention, limitsOf, retentionProblems, retentionRules, retentionsOf } from './snapshot-retention';
import { sidesOf } from './written-bucket';
import { checkBucketAttributes } from '../buckets/bucket-checks';
import type { BucketDesign } from '../buckets/bucket-pair';
import { ImportedBucket } from '../buckets/imported-bucket';
import { ReplicatedBucket } from '../buckets/replicated-bucket';
import type { ReplicatedBucketAttributes, ReplicatedBucketOptions } from '../buckets/replicated-bucket-props';
import type { IReplicatedBucket } from '../buckets/replicated-bucket-ref';
import type { BackupTier } from '../objectives/backup-tier';
import { PropsErrors } from '../private/props-errors';

/**
 * A bucket for snapshots of configuration, defined in this app or imported.
 */
export interface IConfigurationBucket extends IReplicatedBucket {
  /**
   * The schedules of the snapshots. A snapshot is below the name of its tier, and is kept for `deleteAfter`.
   */
  readonly schedules: BackupTier[];

  /**
   * How long a snapshot is kept that is taken because something changed. It is below `change/`.
   */
  readonly changeRetention: Duration;

  /**
   * How long records of measured recoveries are kept. They are below `records/`.
   */
  readonly recordRetention: Duration;

  /**
   * The mode in which each snapshot is locked until the end of its retention.
   *
   * @default - snapshots are not locked
   */
  readonly objectLockMode?: s3.ObjectLockMode;
}

/**
 * Properties of a bucket for snapshots of configuration.
 */
export interface ConfigurationBucketProps extends ReplicatedBucketOptions {
  /**
   * The schedules of everything that is captured into the bucket, with their retentions. Of a tier, the bucket uses the name, which is
   * the prefix of its snapshots, and `deleteAfter`.
   */
  readonly schedules: BackupTier[];

  /**
   * How long a snapshot is kept that is taken because something changed, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly changeRetention?: Duration;

  /**
   * How long records of measured recoveries are kept, in whole days.
   *
   * @default Duration.days(400)
   */
  readonly recordRetention?: Duration;

  /**
   * Locks each snapshot until the end of its retention, in the bucket and in the replica. Object Lock can't be turned off again.
   *
   * The default retention of the bucket is the shortest of all. Whoever captures asks for the retention of the tier, and the policies of
   * both buckets deny more than the longest of all.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   *
   * @default - snapshots are not locked
   */
  readonly objectLockMode?: s3.ObjectLockMode;
}

/**
 * Attributes of a bucket for snapshots of configuration that another app or team defines.
 */
export interface ConfigurationBucketAttributes extends ReplicatedBucketAttributes {
  /**
   * The schedules of the bucket, with the names and retentions that it was defined with.
   */
  readonly schedules: BackupTier[];

  /**
   * How long a snapshot is kept that is taken because something changed, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly changeRetention?: Duration;

  /**
   * How long records of measured recoveries are kept, in whole days.
   *
   * @default Duration.days(400)
   */
  readonly recordRetention?: Duration;

  /**
   * The mode in which each snapshot is locked until the end of its retention.
   *
   * @default - snapshots are not locked
   */
  readonly objectLockMode?: s3.ObjectLockMode;
}

/**
 * A replicated bucket for snapshots of configuration, which are kept as long as their schedule says and then deleted, with all of their
 * versions. Define it in another account than what is captured.
 *
 * Whoever captures, such as `EcsConfigBackup`, adds its role to the policies of the bucket and its key. That role can put snapshots below the
 * prefixes of its account, and can neither read nor delete them. Nobody overwrites a snapshot: the policies of both buckets deny a `PutObject`
 * without `If-None-Match`.
 *
 * Without `objectLockMode`, a snapshot that is deleted in the bucket is gone from there after a day, and the replica still has it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 *
 * @example
 * new ConfigurationBucket(stack, 'Configuration', {
 *   schedules: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
 *   objectLockMode: s3.ObjectLockMode.GOVERNANCE,
 *   replicaRegion: 'eu-west-1',
 * });
 */
export class ConfigurationBucket extends ReplicatedBucket implements IConfigurationBucket {
  /**
   * Imports a bucket for snapshots that another app or team defines.
   *
   * @throws if an attribute is not valid for such a bucket; the error lists all problems
   */
  public static fromConfigurationBucketAttributes(scope: Construct, id: string, attrs: ConfigurationBucketAttributes): IConfigurationBucket {
    const errors = new PropsErrors(`ConfigurationBucketAttributes of '${id}'`, scope);
    errors.add(...retentionProblems(attrs));
    checkBucketAttributes(errors, attrs);
    class Import extends ImportedBucket implements IConfigurationBucket {
      public readonly schedules = attrs.schedules;
      public readonly changeRetention = attrs.changeRetention ?? defaultChangeRetention();
      public readonly recordRetention = attrs.recordRetention ?? defaultRecordRetention();
      public readonly objectLockMode = attrs.objectLockMode;
    }
    return new Import(scope, id, attrs);
  }

  public readonly schedules: BackupTier[];
  public readonly changeRetention: Duration;
  public readonly recordRetention: Duration;
  public readonly objectLockMode?: s3.ObjectLockMode;

  /** @internal Who may write into the bucket, and into its replica if it has one. */
  public readonly _accesses: SnapshotAccess[];

  /**
   * Defines a bucket and, with `replicaRegion` or `replicaScope`, its replica.
   *
   * @throws if S3 would reject a property, a retention can't be kept, or an objective can't be met; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: ConfigurationBucketProps) {
    super(scope, id, props);
    this.schedules = props.schedules;
    this.changeRetention = props.changeRetention ?? defaultChangeRetention();
    this.recordRetention = props.recordRetention ?? defaultRecordRetention();
    this.objectLockMode = props.objectLockMode;

    const { longest } = limitsOf(retentionsOf(props));
    this._accesses = sidesOf(this).map((side) => {
      const limits = side.isLocked ? retentionLimits(side.bucketArn, longest) : [];
      [noOverwrite(side.bucketArn), ...limits].forEach((statement) => side.bucket.addToResourcePolicy(statement));
      return new SnapshotAccess(side);
    });
  }

  /**
   * A bucket whose objects expire at the end of their retention, and are locked until then.
   *
   * @internal
   */
  protected override _design(props: ConfigurationBucketProps): BucketDesign {
    const problems = [...retentionProblems(props)];
    // If a retention itself has a problem, the other checks are not made against it.
    if (problems.length > 0) {
      return { subject: SUBJECT, props, problems };
    }
    const { lifecycleRules = [], replicaLifecycleRules, objectLockMode } = props;
    const retentions = retentionsOf(props);
    const rules = retentionRules(retentions);
    return {
      subject: SUBJECT,
      props: {
        ...props,
        lifecycleRules: [...lifecycleRules, ...rules],
        replicaLifecycleRules: replicaLifecycleRules && [...replicaLifecycleRules, ...rules],
        objectLock: objectLockMode && defaultLock(objectLockMode, retentions),
      },
      problems,
    };
  }
}

const SUBJECT = 'ConfigurationBucketProps';
