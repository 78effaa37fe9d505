import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { keyProblems } from '../private/environment-checks';
import { validate } from '../private/messages';
import { charged } from '../private/registry';

/**
 * Properties of the parts of a bucket, primary or replica.
 */
export interface BucketPartsProps {
  readonly bucketName: string;
  readonly hasCustomerKey: boolean;
  /** The property of the user that sets `encryptionKey`. */
  readonly keyProperty: string;
  readonly encryptionKey?: kms.IKey;
  readonly objectLock?: s3.ObjectLockRetention;
  readonly lifecycleRules: s3.LifecycleRule[];
  readonly transitionDefaultMinimumObjectSize?: s3.TransitionDefaultMinimumObjectSize;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A bucket and its key.
 */
export class BucketParts {
  public readonly bucket: s3.Bucket;
  public readonly key?: kms.IKey;

  constructor(private readonly scope: Construct, private readonly props: BucketPartsProps) {
    const { bucketName, hasCustomerKey, objectLock, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    this.key = !hasCustomerKey ? undefined : props.encryptionKey ?? charged(new kms.Key(scope, 'Key', {
      description: `Encrypts the objects in bucket ${bucketName}`,
      enableKeyRotation: true,
      removalPolicy,
    }));
    this.bucket = new s3.Bucket(scope, 'Bucket', {
      bucketName,
      versioned: true,
      encryption: hasCustomerKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey: this.key,
      bucketKeyEnabled: hasCustomerKey ? true : undefined,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectLockEnabled: objectLock ? true : undefined,
      objectLockDefaultRetention: objectLock,
      lifecycleRules: [{ id: ABORT_UPLOADS, abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...props.lifecycleRules],
      transitionDefaultMinimumObjectSize: props.transitionDefaultMinimumObjectSize ?? s3.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      removalPolicy,
    });
    validate(this.bucket, () => keyProblems(props.keyProperty, props.encryptionKey, this.resource, 'bucket'));
    // A retained bucket without its policy would accept unencrypted requests.
    (this.bucket.policy?.node.defaultChild as s3.CfnBucketPolicy).applyRemovalPolicy(removalPolicy);
  }

  public get resource(): s3.CfnBucket {
    return this.bucket.node.defaultChild as s3.CfnBucket;
  }

  /**
   * An ARN of the key for templates of another region: its own if it is a literal, otherwise that of an alias.
   *
   * S3 resolves an alias in the account of the bucket, which is also that of the replica.
   */
  public literalKeyArn(keyArnOfAlias: (aliasName: string) => string): { readonly keyArn: string; readonly aliasName?: string } | undefined {
    if (!this.key) {
      return undefined;
    }
    if (!Token.isUnresolved(this.key.keyArn)) {
      return { keyArn: this.key.keyArn };
    }
    const aliasName = `alias/${this.props.bucketName}`;
    const alias = new kms.Alias(this.scope, 'Alias', { aliasName, targetKey: this.key });
    alias.applyRemovalPolicy(this.props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return { keyArn: keyArnOfAlias(aliasName), aliasName };
  }
}

/** Id of the lifecycle rule of every bucket. */
export const ABORT_UPLOADS = 'abort-incomplete-uploads';
