import * as iam from 'aws-cdk-lib/aws-iam';
import type { CloudTrailLogSourceOptions, CustomLogSourceOptions, LogSourceAccountsOptions, ServerAccessLogsSourceOptions } from './log-writer-options';
import { accessLogStatement } from '../buckets/access-logs';
import type { DeliveryContext, BucketWriter } from '../buckets/bucket-writer';

/*
 * The statements have the ids that AWS documents: some services look for their statement and, if it is missing, overwrite
 * the policy.
 */

const ACL = { 's3:x-amz-acl': 'bucket-owner-full-control' };

export function cloudTrailWriter({ organizationId, managementAccount, trailArns, prefix }: CloudTrailLogSourceOptions): BucketWriter {
  const accounts = ({ account }: DeliveryContext) => managementAccount !== undefined ? [managementAccount]
    : trailArns ? [...new Set(trailArns.map((arn) => arn.split(':')[4]))] : [account];
  const trails = (context: DeliveryContext) =>
    trailArns ?? accounts(context).map((account) => `arn:${context.partition}:cloudtrail:*:${account}:trail/*`);
  const service = new iam.ServicePrincipal('cloudtrail.amazonaws.com');
  return {
    bucketStatements: (context) => [
      new iam.PolicyStatement({
        sid: 'AWSCloudTrailAclCheck20150319',
        principals: [service],
        actions: ['s3:GetBucketAcl'],
        resources: [context.bucketArn],
        conditions: { ArnLike: { 'aws:SourceArn': trails(context) } },
      }),
      new iam.PolicyStatement({
        sid: 'AWSCloudTrailWrite20150319',
        principals: [service],
        actions: ['s3:PutObject'],
        resources: [...accounts(context), ...organizationId === undefined ? [] : [organizationId]].map((id) => objects(context, prefix, `AWSLogs/${id}/*`)),
        conditions: { ArnLike: { 'aws:SourceArn': trails(context) }, StringEquals: ACL },
      }),
    ],
    keyStatements: (context) => [
      new iam.PolicyStatement({
        sid: 'CloudTrailEncryptsForTrail', // for a trail that specifies this key
        principals: [service],
        actions: ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'aws:SourceArn': trails(context) },
          StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': trails(context) },
        },
      }),
      new iam.PolicyStatement({
        sid: 'CloudTrailEncryptsForBucket', // for a trail without a key: S3 encrypts by default
        principals: [service],
        actions: ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'aws:SourceArn': trails(context) },
          StringLike: { 'kms:EncryptionContext:aws:s3:arn': [context.bucketArn, `${context.bucketArn}/*`] },
        },
      }),
      new iam.PolicyStatement({
        sid: 'CloudTrailChecksKey', // to create a trail with the key if the bucket has an S3 Bucket Key: without an encryption context
        principals: [service],
        actions: ['kms:Decrypt', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: { ArnLike: { 'aws:SourceArn': trails(context) } },
      }),
    ],
  };
}

export function configWriter(options: LogSourceAccountsOptions): BucketWriter {
  const service = new iam.ServicePrincipal('config.amazonaws.com');
  return {
    objectLockProblem: 'AWS Config does not deliver to a bucket with Object Lock',
    bucketStatements: (context) => parties(options, context).flatMap(({ suffix, conditions, paths }) => [
      new iam.PolicyStatement({
        sid: `AWSConfigBucketPermissionsCheck${suffix}`, principals: [service], actions: ['s3:GetBucketAcl'], resources: [context.bucketArn], conditions,
      }),
      new iam.PolicyStatement({
        sid: `AWSConfigBucketExistenceCheck${suffix}`, principals: [service], actions: ['s3:ListBucket'], resources: [context.bucketArn], conditions,
      }),
      new iam.PolicyStatement({
        sid: `AWSConfigBucketDelivery${suffix}`,
        principals: [service],
        actions: ['s3:PutObject'],
        resources: paths.map((path) => `${path}/Config/*`),
        conditions: { StringEquals: { ...conditions.StringEquals, ...ACL } },
      }),
    ]),
    keyStatements: (context) => parties(options, context).map(({ suffix, conditions }) => new iam.PolicyStatement({
      sid: `ConfigEncrypts${suffix}`, principals: [service], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions,
    })),
  };
}

/**
 * Logs that CloudWatch Logs delivers for other services: Amazon VPC, AWS WAF.
 *
 * There is no condition on the ACL, because reports differ on whether a delivery specifies one if the bucket has no ACLs.
 *
 * @param hivePaths Whether the keys can be Hive-compatible
 */
export function vendedLogsWriter(options: LogSourceAccountsOptions, hivePaths = false): BucketWriter {
  const service = new iam.ServicePrincipal('delivery.logs.amazonaws.com');
  const withArn = ({ conditions, accounts }: Party, { partition }: DeliveryContext): iam.Conditions => accounts === undefined ? conditions
    : { ...conditions, ArnLike: { 'aws:SourceArn': accounts.map((account) => `arn:${partition}:logs:*:${account}:*`) } };
  return {
    objectLockProblem: 'AWS does not document that it delivers these logs to a bucket with Object Lock',
    bucketStatements: (context) => parties(options, context).flatMap((party) => [
      new iam.PolicyStatement({
        sid: `AWSLogDeliveryAclCheck${party.suffix}`,
        principals: [service],
        actions: ['s3:GetBucketAcl', 's3:ListBucket'],
        resources: [context.bucketArn],
        conditions: withArn(party, context),
      }),
      new iam.PolicyStatement({
        sid: `AWSLogDeliveryWrite${party.suffix}`,
        principals: [service],
        actions: ['s3:PutObject'],
        resources: [
          ...party.paths.map((path) => `${path}/*`),
          ...hivePaths ? (party.accounts ?? []).map((account) => objects(context, options.prefix, `AWSLogs/aws-account-id=${account}/*`)) : [],
        ],
        conditions: withArn(party, context),
      }),
    ]),
    keyStatements: (context) => parties(options, context).map((party) => new iam.PolicyStatement({
      sid: `LogDeliveryEncrypts${party.suffix}`,
      principals: [service],
      actions: [
        'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ],
      resources: ['*'],
      conditions: withArn(party, context),
    })),
  };
}

export function serverAccessLogsWriter({ sourceBucketArns, selfLogging }: ServerAccessLogsSourceOptions): BucketWriter {
  return {
    customerKeyProblem: 'S3 does not deliver server access logs to a bucket with a customer managed key',
    objectLockProblem: 'Object Lock blocks the delivery of server access logs',
    isAccessLogOf: (arn) => sourceBucketArns === undefined || sourceBucketArns.includes(arn),
    isSelfLogging: selfLogging,
    bucketStatements: ({ bucketArn, account, partition }) => {
      const arns = sourceBucketArns ? [...sourceBucketArns, ...selfLogging ? [bucketArn] : []] : [`arn:${partition}:s3:::*`];
      return [accessLogStatement(bucketArn, account, arns, 'S3ServerAccessLogsPolicy')];
    },
    keyStatements: () => [],
  };
}

export function customWriter(options: CustomLogSourceOptions): BucketWriter {
  const { servicePrincipal, sourceArns, supportsCustomerKeys = false, supportsObjectLock = false } = options;
  const service = new iam.ServicePrincipal(servicePrincipal);
  const isNarrowed = options.accounts !== undefined || options.organizationId !== undefined;
  // Not every service sends its account: with ARNs, the account is optional.
  const withArns = (conditions: iam.Conditions): iam.Conditions => sourceArns === undefined ? conditions
    : { ...isNarrowed ? conditions : {}, ArnLike: { 'aws:SourceArn': sourceArns } };
  return {
    customerKeyProblem: supportsCustomerKeys ? undefined : `${servicePrincipal} must be able to deliver to a bucket with a customer managed key ('supportsCustomerKeys')`,
    objectLockProblem: supportsObjectLock ? undefined : `${servicePrincipal} must be able to deliver to a bucket with Object Lock ('supportsObjectLock')`,
    bucketStatements: (context) => parties(options, context).flatMap(({ suffix, conditions, paths }) => [
      new iam.PolicyStatement({
        sid: `LogAclCheck${suffix}`, principals: [service], actions: ['s3:GetBucketAcl'], resources: [context.bucketArn], conditions: withArns(conditions),
      }),
      new iam.PolicyStatement({
        sid: `LogDelivery${suffix}`, principals: [service], actions: ['s3:PutObject'], resources: paths.map((path) => `${path}/*`), conditions: withArns(conditions),
      }),
    ]),
    keyStatements: (context) => parties(options, context).map(({ suffix, conditions }) => new iam.PolicyStatement({
      sid: `LogDeliveryEncrypts${suffix}`, principals: [service], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: withArns(conditions),
    })),
  };
}

interface Party {
  /** Distinguishes the statements of two parties. */
  readonly suffix: string;
  readonly conditions: { readonly StringEquals: Record<string, string | string[]> };
  /** Prefixes of the objects of the party, without a trailing slash. */
  readonly paths: string[];
  /** Undefined for an organization, whose accounts are unknown. */
  readonly accounts?: string[];
}

/** The parties that a service may deliver for: accounts, an organization, or the account of the bucket. */
function parties({ accounts, organizationId, prefix }: LogSourceAccountsOptions, context: DeliveryContext): Party[] {
  const own = accounts ?? (organizationId === undefined ? [context.account] : []);
  return [
    ...own.length === 0 ? [] : [{
      suffix: '',
      conditions: { StringEquals: { 'aws:SourceAccount': own } },
      paths: own.map((account) => objects(context, prefix, `AWSLogs/${account}`)),
      accounts: own,
    }],
    ...organizationId === undefined ? [] : [{
      suffix: own.length === 0 ? '' : 'Organization',
      conditions: { StringEquals: { 'aws:SourceOrgID': organizationId } },
      paths: [objects(context, prefix, 'AWSLogs/*')],
    }],
  ];
}

function objects({ bucketArn }: DeliveryContext, prefix: string | undefined, path: string): string {
  return `${bucketArn}/${prefix === undefined ? '' : `${prefix}/`}${path}`;
}
