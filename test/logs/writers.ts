import type { Case, Rendered } from '../policies';
import { LOG_ARCHIVE } from '../stacks';

/*
 * What the services ask for when they deliver, as AWS documents it.
 */

export const MANAGEMENT = '111111111111';
export const STRANGER = '999999999999';
export const ORGANIZATION = 'o-exampleorg12';
export const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** A service that writes logs, with what it says of itself in a request. */
export interface Writer {
  readonly principal: string;
  /** Where its objects go, for an account. */
  readonly key: (account: string) => string;
  readonly context: (account: string) => Record<string, string>;
  readonly kms: string[];
  readonly bucketActions: string[];
  readonly acl?: boolean;
}

export const trail = (account: string) => `arn:aws:cloudtrail:eu-west-2:${account}:trail/main`;
export const CLOUD_TRAIL: Writer = {
  principal: 'cloudtrail.amazonaws.com',
  key: (account) => `AWSLogs/${account}/CloudTrail/eu-west-2/2026/11/23/log.json.gz`,
  context: (account) => ({ 'aws:SourceArn': trail(account), 'aws:SourceAccount': account }),
  kms: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
  bucketActions: ['s3:GetBucketAcl'],
  acl: true,
};
export const CONFIG: Writer = {
  principal: 'config.amazonaws.com',
  key: (account) => `AWSLogs/${account}/Config/eu-west-2/2026/11/23/ConfigHistory/log.json.gz`,
  context: (account) => ({ 'aws:SourceAccount': account, 'aws:SourceOrgID': organizationOf(account) }),
  kms: ['kms:Decrypt', 'kms:GenerateDataKey'],
  bucketActions: ['s3:GetBucketAcl', 's3:ListBucket'],
  acl: true,
};
const vended = (service: string): Writer => ({
  principal: 'delivery.logs.amazonaws.com',
  key: (account) => `AWSLogs/${account}/${service}/eu-west-2/log.gz`,
  context: (account) => ({
    'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:logs:eu-west-2:${account}:delivery-source:main`, 'aws:SourceOrgID': organizationOf(account),
  }),
  kms: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  bucketActions: ['s3:GetBucketAcl', 's3:ListBucket'],
});
export const FLOW_LOG = vended('vpcflowlogs');
export const WEB_ACL = vended('WAFLogs');
/** Load balancers say an ARN and an organization, and take no customer key. */
export const LOAD_BALANCER: Writer = {
  principal: 'logdelivery.elasticloadbalancing.amazonaws.com',
  key: (account) => `AWSLogs/${account}/elasticloadbalancing/eu-west-2/log.gz`,
  context: (account) => ({ 'aws:SourceArn': `arn:aws:elasticloadbalancing:eu-west-2:${account}:loadbalancer/app/main/1`, 'aws:SourceOrgID': organizationOf(account) }),
  kms: [],
  bucketActions: [],
};
/** A service that says its account, and encrypts. */
export const NOVELTY: Writer = {
  principal: 'novelty.amazonaws.com',
  key: (account) => `AWSLogs/${account}/novelty/log.gz`,
  context: (account) => ({ 'aws:SourceAccount': account, 'aws:SourceOrgID': organizationOf(account) }),
  kms: ['kms:Decrypt', 'kms:GenerateDataKey'],
  bucketActions: ['s3:GetBucketAcl'],
};

function organizationOf(account: string): string {
  return account === STRANGER ? 'o-strangers00' : ORGANIZATION;
}

/** Everything that a delivery into a bucket asks for, in the name of an account. */
export function asksOf(
  { principal, key, context, kms, bucketActions, acl }: Writer, account: string, rendered: Rendered, name: string, more: Record<string, string> = {},
): Case[] {
  const bucket = `arn:aws:s3:::${name}`;
  const own = { ...context(account), ...more };
  const ask = (action: string, resource: string, resourcePolicy: Case['resourcePolicy'], extra: Record<string, string> = {}): Case => ({
    name: action, request: { principal, action, resource, resourceAccount: LOG_ARCHIVE, context: { ...own, ...extra } }, resourcePolicy,
  });
  return [
    ...bucketActions.map((action) => ask(action, bucket, rendered.bucketPolicy(name), OVER_TLS)),
    ask('s3:PutObject', `${bucket}/${key(account)}`, rendered.bucketPolicy(name), { ...OVER_TLS, ...acl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {} }),
    // DescribeKey encrypts nothing, so it has no encryption context.
    ...kms.map((action) => ask(action, rendered.keyArnOfBucket(name), rendered.keyPolicyOfBucket(name),
      action === 'kms:DescribeKey' ? {} : { 'kms:EncryptionContext:aws:s3:arn': bucket })),
  ];
}

/** What S3 asks for when it logs the access to a bucket into another one. */
export function accessLog(account: string, sourceBucket: string, rendered: Rendered, name: string, owner = LOG_ARCHIVE): Case {
  return {
    name: `${sourceBucket} of ${account}`,
    request: {
      principal: 'logging.s3.amazonaws.com',
      action: 's3:PutObject',
      resource: `arn:aws:s3:::${name}/${sourceBucket}/2026-11-23-00-00-00-0123456789ABCDEF`,
      resourceAccount: owner,
      context: { ...OVER_TLS, 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:s3:::${sourceBucket}` },
    },
    resourcePolicy: rendered.bucketPolicy(name),
  };
}
