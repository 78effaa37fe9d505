import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../private/environment';
import { suppressWildcards } from '../private/nag-suppressions';
import { takeRoleName } from '../private/only-one';
import { PropsErrors } from '../private/props-errors';
import { literalRoleName } from '../roles/role-name';

/** The id of the rule is a dimension of metrics; without it, S3 would generate one. */
export const REPLICATION_RULE_ID = 'to-replica';

/**
 * Source and destination of the replication.
 */
export interface ReplicationProps {
  readonly roleName: string;
  readonly source: { readonly bucketArn: string; readonly environment: Environment; readonly keyArn?: string };
  readonly destination: {
    readonly bucketArn: string;
    readonly environment: Environment;
    readonly storageClass: string;
    readonly keyArn?: string;
    /** Set if the key is known only by its alias. */
    readonly keyAliasName?: string;
  };
  readonly partition: string;
  readonly isLocked: boolean;
  readonly hasTimeControl: boolean;
  readonly hasDeleteMarkers: boolean;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The replication role and the replication rule.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export class Replication extends Construct {
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string, private readonly props: ReplicationProps) {
    super(scope, id);
    const errors = new PropsErrors('ReplicatedBucketProps', scope);
    errors.add(...takeRoleName(this, props.roleName));
    errors.throwIfAny();
    const statements = [...this.objectStatements(), ...this.keyStatements()];
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      description: `Replication role of ${props.source.bucketArn}`,
      // No condition on the source: AWS documents none for replication, and a wrong one stops it without an error.
      assumedBy: new iam.ServicePrincipal('s3.amazonaws.com'),
      // Inline, so that the role has its permissions as soon as it exists.
      inlinePolicies: { replication: new iam.PolicyDocument({ statements }) },
    });
    suppressWildcards(this.role, new Map(statements.map((statement) => [statement, WILDCARD_REASONS[statement.sid!]])));
    this.role.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE); // a retained bucket continues to replicate
  }

  public render(): s3.CfnBucket.ReplicationConfigurationProperty {
    const { destination, hasTimeControl, hasDeleteMarkers } = this.props;
    const status = (isEnabled: boolean) => isEnabled ? 'Enabled' : 'Disabled';
    return {
      role: this.role.roleArn,
      rules: [{
        id: REPLICATION_RULE_ID,
        status: 'Enabled',
        priority: 1,
        filter: { prefix: '' },
        deleteMarkerReplication: { status: status(hasDeleteMarkers) },
        // Without it, S3 skips objects that are encrypted with AWS KMS, without an error.
        sourceSelectionCriteria: destination.keyArn === undefined ? undefined : { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: destination.bucketArn,
          storageClass: destination.storageClass,
          encryptionConfiguration: destination.keyArn === undefined ? undefined : { replicaKmsKeyId: destination.keyArn },
          metrics: hasTimeControl ? { status: 'Enabled', eventThreshold: { minutes: 15 } } : { status: 'Enabled' },
          replicationTime: hasTimeControl ? { status: 'Enabled', time: { minutes: 15 } } : undefined,
        },
      }],
    };
  }

  /**
   * Statement for the policy of a key, which a policy that does not delegate to IAM needs.
   *
   * The role might not exist yet, so the account is the principal and a condition contains the role.
   *
   * @param isSource Whether the key is that of the bucket or of the replica
   */
  public keyPolicyStatement(isSource: boolean): iam.PolicyStatement {
    const { source, destination, roleName, partition } = this.props;
    const { account } = source.environment;
    return new iam.PolicyStatement({
      sid: isSource ? 'ReplicationDecrypts' : 'ReplicationEncrypts',
      principals: [new iam.ArnPrincipal(`arn:${partition}:iam::${account}:root`)],
      actions: isSource ? ['kms:Decrypt'] : ENCRYPT,
      resources: ['*'],
      conditions: {
        ...this.throughS3(isSource ? source : destination),
        ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/${this.ownName(roleName)}` },
      },
    });
  }

  /** The name with its path in the template: an aspect can change both. */
  private ownName(roleName: string): string {
    return Lazy.uncachedString({ produce: () => literalRoleName(this.role) ?? roleName });
  }

  private objectStatements(): iam.PolicyStatement[] {
    const { source, destination, isLocked, hasDeleteMarkers } = this.props;
    return [
      new iam.PolicyStatement({ sid: 'ReadReplication', actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [source.bucketArn] }),
      new iam.PolicyStatement({
        sid: 'ReadObjects',
        actions: [
          's3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging',
          ...isLocked ? ['s3:GetObjectLegalHold', 's3:GetObjectRetention'] : [],
        ],
        resources: [`${source.bucketArn}/*`],
      }),
      new iam.PolicyStatement({
        sid: 'WriteReplicas',
        actions: [...hasDeleteMarkers ? ['s3:ReplicateDelete'] : [], 's3:ReplicateObject', 's3:ReplicateTags'],
        resources: [`${destination.bucketArn}/*`],
      }),
    ];
  }

  private keyStatements(): iam.PolicyStatement[] {
    const { source, destination, partition } = this.props;
    if (source.keyArn === undefined || destination.keyArn === undefined) {
      return [];
    }
    const { account, region } = destination.environment;
    return [
      new iam.PolicyStatement({ sid: 'DecryptObjects', actions: ['kms:Decrypt'], resources: [source.keyArn], conditions: this.throughS3(source) }),
      new iam.PolicyStatement({
        sid: 'EncryptReplicas',
        actions: ENCRYPT,
        resources: [destination.keyAliasName === undefined ? destination.keyArn : `arn:${partition}:kms:${region}:${account}:key/*`],
        conditions: {
          ...this.throughS3(destination),
          ...destination.keyAliasName === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': destination.keyAliasName } },
        },
      }),
    ];
  }

  /** With an S3 Bucket Key, the encryption context is the bucket, otherwise it is the object: the condition allows both. */
  private throughS3({ bucketArn, environment }: { bucketArn: string; environment: Environment }): iam.Conditions {
    const service = `s3.${environment.region}.amazonaws.com`;
    return {
      StringEquals: { 'kms:ViaService': this.props.partition === 'aws-cn' ? [service, `${service}.cn`] : service },
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] },
    };
  }
}

/** Reasons for wildcards, by the id of the statement. */
const WILDCARD_REASONS: Record<string, string | undefined> = {
  ReadObjects: 'Amazon S3 replicates every object of this one bucket.',
  WriteReplicas: 'Amazon S3 replicates into every object key of this one replica.',
  EncryptReplicas: 'The ID of the key in the Region of the replica is not known in advance. A condition limits the role to the key with the alias of the replica.',
};

/** With bucket keys, S3 also decrypts the key of the bucket. */
const ENCRYPT = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'];
