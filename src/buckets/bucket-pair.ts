import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { logAccess } from './access-logs';
import { checkBucketProps } from './bucket-checks';
import { withoutTransitions } from './bucket-lifecycle';
import { BucketParts } from './bucket-parts';
import type { BucketPartsProps } from './bucket-parts';
import type { BucketWriter } from './bucket-writer';
import { BUCKET_NAMES } from './buckets-in-app';
import type { ReplicatedBucketProps } from './replicated-bucket-props';
import { Replication } from './replication';
import { bucketArn } from '../private/arns';
import { Environment, warnOfUnknownRegions } from '../private/environment';
import { suppress } from '../private/nag-suppressions';
import { whilePresent } from '../private/ordering';
import { stableBucketName, stableIdIn, stableNameAbroad, stableNameOfAccount, stableReplicaBucketName } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { regionStack } from '../private/region-stack';
import { Registry, unchecked, uncheckedPolicy } from '../private/registry';

/**
 * Specification of a bucket.
 */
export interface BucketDesign {
  /** The name of the interface of the properties, for errors. */
  readonly subject: string;
  readonly props: ReplicatedBucketProps;
  /** The service that writes into the bucket, if it has specific requirements. */
  readonly writer?: BucketWriter;
  /** Problems of the properties that only such a bucket has. */
  readonly problems: string[];
}

/**
 * The replica of a bucket, and the replication into it.
 */
export interface BucketReplica {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly region: string;
  readonly parts: BucketParts;
  readonly role: iam.IRole;
}

/**
 * Checks and defines a bucket with its replica, and allows the writer to deliver into it.
 */
export class BucketPair {
  public readonly home: Environment;
  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly parts: BucketParts;
  public readonly replica?: BucketReplica;

  /** @throws if S3 or the writer would reject a property, or an objective can't be met; the error lists all problems */
  constructor(private readonly scope: Construct, private readonly design: BucketDesign) {
    const { props, writer } = design;
    const home = this.home = Environment.of(scope);
    const away = awayOf(props, home);
    const { bucketName = stableBucketName(scope, home, writer?.bucketNamePrefix) } = props;
    const replicaBucketName = props.replicaBucketName
      ?? (props.bucketName === undefined ? stableReplicaBucketName(scope, away ?? home, writer?.bucketNamePrefix) : `${bucketName}-replica`);
    const errors = new PropsErrors(design.subject, scope);
    errors.add(...design.problems);
    const notChecked = checkBucketProps(scope, errors, { props, home, away, bucketName, replicaBucketName, writer });
    errors.throwIfAny();
    notChecked.forEach((reason) => unchecked(scope, 'objectiveNotChecked', reason));
    warnOfUnknownRegions(scope, props.replicaRegion);

    this.bucketName = bucketName;
    this.bucketArn = bucketArn(scope, home, bucketName);
    this.parts = this.define(scope, bucketName, {
      keyProperty: 'encryptionKey', encryptionKey: props.encryptionKey, objectLock: props.objectLock, lifecycleRules: props.lifecycleRules ?? [],
    });
    this.replica = away && this.defineReplica(away, replicaBucketName);
    if (writer) {
      this.admit(writer);
    }
  }

  /** Whether S3 may log the access to another bucket into this one. */
  public isAccessLogOf(arn: string): boolean {
    return this.design.writer?.isAccessLogOf?.(arn) ?? false;
  }

  /** Configures server access logging of both buckets after the bucket is registered, because it can log into itself. */
  public logAccesses(): void {
    const { props: { serverAccessLogsBucket, replicaServerAccessLogsBucket }, writer } = this.design;
    const { account } = this.home;
    if (writer?.isSelfLogging) {
      this.parts.resource.loggingConfiguration = { destinationBucketName: this.bucketName, logFilePrefix: `${this.bucketName}/` };
    } else if (serverAccessLogsBucket) {
      logAccess(this.scope, this.parts.resource, { name: this.bucketName, arn: this.bucketArn, account }, serverAccessLogsBucket);
    } else if (writer?.isAccessLogOf) {
      suppress(this.parts.resource, { id: 'AwsSolutions-S1', reason: 'The bucket stores server access logs. Logging its own access would create more logs.' });
    } else {
      suppress(this.parts.resource, {
        id: 'AwsSolutions-S1',
        reason: "Amazon S3 delivers server access logs on a best-effort basis, into another bucket, and none was specified. 'serverAccessLogsBucket' turns them on.",
      });
    }
    if (!this.replica) {
      return;
    }
    const { bucketName: name, bucketArn: arn, parts } = this.replica;
    if (replicaServerAccessLogsBucket) {
      logAccess(this.scope, parts.resource, { name, arn, account }, replicaServerAccessLogsBucket);
    } else {
      suppress(parts.resource, {
        id: 'AwsSolutions-S1',
        reason: "Amazon S3 replication alone writes into this replica, which is for disaster recovery. 'replicaServerAccessLogsBucket' turns on its server access logs.",
      });
    }
  }

  private define(scope: Construct, bucketName: string, own: Pick<BucketPartsProps, 'keyProperty' | 'encryptionKey' | 'objectLock' | 'lifecycleRules'>): BucketParts {
    const { props, writer } = this.design;
    Registry.of(scope).register(BUCKET_NAMES, scope, { bucketName, by: this.scope });
    return new BucketParts(scope, {
      ...own,
      bucketName,
      hasCustomerKey: writer?.customerKeyProblem === undefined,
      transitionDefaultMinimumObjectSize: props.transitionDefaultMinimumObjectSize,
      removalPolicy: props.removalPolicy,
    });
  }

  private defineReplica(away: Environment, bucketName: string): BucketReplica {
    const { scope, design: { props } } = this;
    const replicaScope = props.replicaScope ?? regionStack(scope, 'replicaRegion', props.replicaRegion!);
    const parts = this.define(new Construct(replicaScope, stableIdIn(replicaScope, scope)), bucketName, {
      keyProperty: 'replicaEncryptionKey',
      encryptionKey: props.replicaEncryptionKey,
      objectLock: props.replicaObjectLock ?? props.objectLock,
      lifecycleRules: props.replicaLifecycleRules ?? withoutTransitions(props.lifecycleRules ?? []),
    });
    const arn = bucketArn(scope, away, bucketName);
    return { bucketName, bucketArn: arn, region: away.region, parts, role: this.replicate(parts, arn, away) };
  }

  private replicate(replicaParts: BucketParts, replicaBucketArn: string, away: Environment): iam.IRole {
    const { scope, home, parts, design: { props } } = this;
    const partition = home.partitionIn(scope);
    const key = replicaParts.literalKeyArn((alias) => `arn:${partition}:kms:${away.region}:${away.account}:${alias}`);
    const replication = new Replication(scope, 'Replication', {
      roleName: stableNameOfAccount(64, scope, 'Replication'),
      source: { bucketArn: this.bucketArn, environment: home, keyArn: parts.key?.keyArn },
      destination: {
        bucketArn: replicaBucketArn,
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
    parts.resource.node.addDependency(whilePresent(scope, replicaParts.bucket)); // S3 requires an existing replica
    this.allow(parts.key, replication.keyPolicyStatement(true));
    this.allow(replicaParts.key, replication.keyPolicyStatement(false));
    return replication.role;
  }

  /** Allows the writer to deliver. */
  private admit(writer: BucketWriter): void {
    const { bucket, key } = this.parts;
    const context = { partition: this.home.partitionIn(this.scope), account: this.home.account, bucketArn: this.bucketArn };
    for (const statement of writer.bucketStatements(context)) {
      bucket.addToResourcePolicy(statement);
    }
    for (const statement of writer.keyStatements(context)) {
      this.allow(key, statement);
    }
  }

  private allow(key: kms.IKey | undefined, statement: iam.PolicyStatement): void {
    statement.sid = `${statement.sid}${stableNameAbroad(60, this.scope).replaceAll('-', '')}`; // two buckets can have the same key
    if (key && !key.addToResourcePolicy(statement, true).statementAdded) {
      uncheckedPolicy(this.scope, 'bucketKeyPolicy', `key '${key.node.path}'`, statement);
    }
  }
}

function awayOf({ replicaRegion, replicaScope }: ReplicatedBucketProps, home: Environment): Environment | undefined {
  if (replicaScope) {
    return Environment.of(replicaScope);
  }
  return replicaRegion === undefined ? undefined : new Environment(home.account, replicaRegion);
}
