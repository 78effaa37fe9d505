import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { logAccess } from './access-logs';
import { checkBucketAttributes, checkBucketProps } from './bucket-checks';
import { withoutTransitions } from './bucket-lifecycle';
import { BucketParts } from './bucket-parts';
import { LOG_SETTINGS } from './bucket-writer';
import type { LogSettings, BucketWriter } from './bucket-writer';
import { BUCKETS } from './buckets-in-app';
import { ReplicatedBucketBase } from './replicated-bucket-base';
import type { ReplicatedBucketAttributes, ReplicatedBucketProps } from './replicated-bucket-props';
import type { IReplicatedBucket } from './replicated-bucket-ref';
import { Replication, REPLICATION_RULE_ID } from './replication';
import { bucketArn } from '../private/arns';
import { Environment } from '../private/environment';
import { whilePresent } from '../private/ordering';
import { stableBucketName, stableName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { regionStack } from '../private/region-stack';
import { Registry, uncheckedPolicy } from '../private/registry';

/**
 * A bucket with a replica in another region of its account.
 *
 * Versioned, private, without ACLs, over TLS 1.2 only, encrypted with customer keys, retained. S3 replicates every
 * object, what is encrypted included, within 15 minutes, and encrypts it with a key of the replica's region. The replica
 * is a bucket like it, in a support stack that is deployed first, since S3 wants it to exist.
 *
 * S3 does not replicate what was there before: that is for S3 Batch Replication.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 *
 * @example
 * new ReplicatedBucket(stack, 'Uploads', { replicaRegion: 'eu-west-1' });
 */
export class ReplicatedBucket extends ReplicatedBucketBase {
  /**
   * Imports a bucket that another app or team defines.
   *
   * @throws if an attribute can't be that of a bucket; all problems at once
   */
  public static fromReplicatedBucketAttributes(scope: Construct, id: string, attrs: ReplicatedBucketAttributes): IReplicatedBucket {
    checkBucketAttributes(scope, id, attrs);
    const { account, region, replicaRegion } = attrs;
    const replicaName = replicaRegion === undefined ? undefined : attrs.replicaBucketName;
    class Import extends ReplicatedBucketBase {
      public readonly bucketName = attrs.bucketName;
      public readonly bucketArn = bucketArn(scope, new Environment(account, region), attrs.bucketName);
      public readonly account = account;
      public readonly region = region;
      public readonly replicaBucketName = replicaName;
      public readonly replicaBucketArn = replicaName && bucketArn(scope, new Environment(account, replicaRegion!), replicaName);
      public readonly replicaRegion = replicaRegion;
      public readonly bucket = s3.Bucket.fromBucketAttributes(this, 'Bucket', { bucketArn: this.bucketArn, account, region });
      public readonly replica = this.replicaBucketArn === undefined ? undefined
        : s3.Bucket.fromBucketAttributes(this, 'Replica', { bucketArn: this.replicaBucketArn, account, region: replicaRegion });
      public readonly encryptionKey = undefined;
      public readonly replicaEncryptionKey = undefined;
      public readonly replicationRole = undefined;
      public readonly replicationRuleId = attrs.replicationRuleId ?? REPLICATION_RULE_ID;
    }
    return new Import(scope, id);
  }

  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly account: string;
  public readonly region: string;
  public readonly replicaBucketName?: string;
  public readonly replicaBucketArn?: string;
  public readonly replicaRegion?: string;
  public readonly bucket: s3.IBucket;
  public readonly replica?: s3.IBucket;
  public readonly encryptionKey?: kms.IKey;
  public readonly replicaEncryptionKey?: kms.IKey;
  public readonly replicationRole?: iam.IRole;
  public readonly replicationRuleId = REPLICATION_RULE_ID;

  /**
   * Defines a bucket and, with `replicaRegion` or `replicaScope`, its replica.
   *
   * @throws if S3 would refuse a property, or an objective can't be kept; all problems at once
   */
  constructor(scope: Construct, id: string, props: ReplicatedBucketProps = {}) {
    super(scope, id);
    const { writer, problems } = (props as { [LOG_SETTINGS]?: LogSettings })[LOG_SETTINGS] ?? {};
    const home = Environment.of(this);
    const away = awayOf(props, home);
    const { bucketName = stableBucketName(this, home, writer?.bucketNamePrefix) } = props;
    const replicaBucketName = props.replicaBucketName
      ?? (props.bucketName === undefined ? stableBucketName(this, away ?? home, writer?.bucketNamePrefix) : `${bucketName}-replica`);
    const errors = new PropsErrors(writer ? 'ReplicatedLogBucketProps' : 'ReplicatedBucketProps', this);
    errors.add(...problems ?? []);
    checkBucketProps(this, errors, { props, home, away, bucketName, replicaBucketName, writer });
    errors.throwIfAny();

    this.account = home.account;
    this.region = home.region;
    this.bucketName = bucketName;
    this.bucketArn = bucketArn(this, home, bucketName);
    const common = {
      hasCustomerKey: writer?.customerKeyProblem === undefined,
      transitionDefaultMinimumObjectSize: props.transitionDefaultMinimumObjectSize,
      removalPolicy: props.removalPolicy,
    };
    const { lifecycleRules = [], objectLock } = props;
    const parts = new BucketParts(this, {
      ...common, bucketName, encryptionKey: props.encryptionKey, objectLock, lifecycleRules,
    });
    this.bucket = parts.bucket;
    this.encryptionKey = parts.key;
    if (away) {
      const replicaScope = props.replicaScope ?? regionStack(this, 'replicaRegion', props.replicaRegion!);
      const replicaParts = new BucketParts(new Construct(replicaScope, stableName(80, this)), {
        ...common,
        bucketName: replicaBucketName,
        encryptionKey: props.replicaEncryptionKey,
        objectLock: props.replicaObjectLock ?? objectLock,
        lifecycleRules: props.replicaLifecycleRules ?? withoutTransitions(lifecycleRules),
      });
      this.replicaBucketName = replicaBucketName;
      this.replicaBucketArn = bucketArn(this, away, replicaBucketName);
      this.replicaRegion = away.region;
      this.replica = replicaParts.bucket;
      this.replicaEncryptionKey = replicaParts.key;
      this.replicationRole = this.replicate(parts, replicaParts, props, away);
    }

    if (writer) {
      this.admit(writer, parts);
    }
    Registry.of(this).register(BUCKETS, {
      bucket: this, objectives: props.objectives ?? [], isAccessLogOf: (arn) => writer?.isAccessLogOf?.(arn) ?? false,
    });
    this.logAccesses(props, parts, writer?.isSelfLogging ?? false);
  }

  private replicate(parts: BucketParts, replicaParts: BucketParts, props: ReplicatedBucketProps, away: Environment): iam.IRole {
    const home = Environment.of(this);
    const partition = home.partitionIn(this);
    const key = replicaParts.literalKeyArn((alias) => `arn:${partition}:kms:${away.region}:${away.account}:${alias}`);
    const replication = new Replication(this, 'Replication', {
      roleName: `${stableName(63 - home.region.length, this, 'Replication')}-${home.region}`, // roles are of the account, whatever the region
      source: { bucketArn: this.bucketArn, environment: home, keyArn: parts.key?.keyArn },
      destination: {
        bucketArn: this.replicaBucketArn!,
        environment: away,
        storageClass: (props.replicaStorageClass ?? s3.StorageClass.INFREQUENT_ACCESS).value,
        keyArn: key?.keyArn,
        keyAliasName: key?.aliasName,
      },
      partition,
      isLocked: props.objectLock !== undefined,
      hasTimeControl: props.replicationTimeControl ?? true,
      hasDeleteMarkers: props.deleteMarkerReplication ?? false,
      removalPolicy: props.removalPolicy,
    });
    parts.resource.replicationConfiguration = replication.render();
    parts.resource.node.addDependency(whilePresent(this, replicaParts.bucket)); // S3 wants the replica to exist
    this.allow(parts.key, replication.keyPolicyStatement(true));
    this.allow(replicaParts.key, replication.keyPolicyStatement(false));
    return replication.role;
  }

  /** Lets the writer of a log deliver. */
  private admit(writer: BucketWriter, { bucket, key }: BucketParts): void {
    const context = { partition: Environment.of(this).partitionIn(this), account: this.account, bucketArn: this.bucketArn };
    for (const statement of writer.bucketStatements(context)) {
      bucket.addToResourcePolicy(statement);
    }
    for (const statement of writer.keyStatements(context)) {
      this.allow(key, statement);
    }
  }

  private allow(key: kms.IKey | undefined, statement: iam.PolicyStatement): void {
    statement.sid = `${statement.sid}${stableName(60, this).replaceAll('-', '')}`; // two buckets may have one key
    if (key && !key.addToResourcePolicy(statement, true).statementAdded) {
      uncheckedPolicy(this, `key '${key.node.path}'`, statement);
    }
  }

  private logAccesses(props: ReplicatedBucketProps, { resource }: BucketParts, isSelfLogging: boolean): void {
    const { serverAccessLogsBucket, replicaServerAccessLogsBucket } = props;
    if (isSelfLogging) {
      resource.loggingConfiguration = { destinationBucketName: this.bucketName, logFilePrefix: `${this.bucketName}/` };
    } else if (serverAccessLogsBucket) {
      logAccess(this, resource, { name: this.bucketName, arn: this.bucketArn, account: this.account }, serverAccessLogsBucket);
    }
    if (replicaServerAccessLogsBucket && this.replica) {
      logAccess(this, this.replica.node.defaultChild as s3.CfnBucket, {
        name: this.replicaBucketName!, arn: this.replicaBucketArn!, account: this.account,
      }, replicaServerAccessLogsBucket);
    }
  }
}

function awayOf({ replicaRegion, replicaScope }: ReplicatedBucketProps, home: Environment): Environment | undefined {
  if (replicaScope) {
    return Environment.of(replicaScope);
  }
  return replicaRegion === undefined ? undefined : new Environment(home.account, replicaRegion);
}
