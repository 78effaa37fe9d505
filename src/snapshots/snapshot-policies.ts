import * as iam from 'aws-cdk-lib/aws-iam';
import { CHANGES, RECORDS } from './snapshot-retention';
import type { WrittenBucket } from './written-bucket';

/**
 * Where in a bucket somebody writes or reads: below each prefix and the account of whoever does.
 *
 * Prefixes contain the names of the tiers: with a wildcard in their place, a writer could put an object into the path of another account.
 */
export interface SnapshotArea {
  /** Distinguishes the statements: letters and digits. */
  readonly name: string;
  /** Without the slash. */
  readonly prefixes: string[];
  /** Whether the names of the objects are listed. */
  readonly isListed: boolean;
  /** Whether the objects are read. Otherwise they are written. */
  readonly isRead: boolean;
}

/** The snapshots of a kind, for whoever captures. */
export function captureArea(kind: string, tiers: string[]): SnapshotArea {
  return { name: nameOfKind(kind), prefixes: snapshotPrefixes(kind, tiers), isListed: true, isRead: false };
}

/** The snapshots of a kind and the records of recoveries, for whoever restores. */
export function restoreArea(kind: string, tiers: string[]): SnapshotArea {
  return { name: `${nameOfKind(kind)}AndRecords`, prefixes: [...snapshotPrefixes(kind, tiers), RECORDS], isListed: true, isRead: true };
}

/** The records of measured recoveries, for whoever recovers. */
export const RECORD_AREA: SnapshotArea = { name: 'Records', prefixes: [RECORDS], isListed: false, isRead: false };

function nameOfKind(kind: string): string {
  return `${kind[0].toUpperCase()}${kind.slice(1)}`;
}

function snapshotPrefixes(kind: string, tiers: string[]): string[] {
  return [...tiers, CHANGES].map((tier) => `${tier}/${kind}`);
}

/**
 * Who a statement is about: in the policy of a bucket or a key, its principals; in that of a role, nobody.
 */
export interface Party {
  readonly principals?: iam.IPrincipal[];
  readonly conditions?: iam.Conditions;
}

/**
 * Statements that allow writing into an area of a bucket, or reading from it.
 *
 * @param account The account of whoever does, which the keys contain
 */
export function bucketStatements(
  area: SnapshotArea, { bucketArn, isLocked }: WrittenBucket, account: string, { principals, conditions = {} }: Party = {},
): iam.PolicyStatement[] {
  const keys = area.prefixes.map((prefix) => `${prefix}/${account}/*`);
  return [
    new iam.PolicyStatement({
      sid: `${area.isRead ? 'Get' : 'Put'}${area.name}`,
      principals,
      actions: area.isRead ? ['s3:GetObject'] : ['s3:PutObject', ...isLocked ? ['s3:PutObjectRetention'] : []],
      resources: keys.map((key) => `${bucketArn}/${key}`),
      conditions,
    }),
    ...area.isListed ? [new iam.PolicyStatement({
      sid: `List${area.name}`, principals, actions: ['s3:ListBucket'], resources: [bucketArn], conditions: { ...conditions, StringLike: { 's3:prefix': keys } },
    })] : [],
  ];
}

/**
 * Statement that allows encrypting objects in an area of a bucket, or decrypting them, only through S3. With an S3 Bucket Key, the encryption
 * context is the bucket, otherwise it is the object.
 *
 * @param keyArn The key, or a pattern
 */
export function keyStatement(
  area: SnapshotArea, bucket: WrittenBucket, account: string, keyArn: string, { principals, conditions = {} }: Party = {},
): iam.PolicyStatement {
  const { bucketArn, environment: { region }, partition } = bucket;
  const service = `s3.${region}.amazonaws.com`;
  return new iam.PolicyStatement({
    sid: `${area.isRead ? 'Decrypt' : 'Encrypt'}${area.name}`,
    principals,
    actions: [area.isRead ? 'kms:Decrypt' : 'kms:GenerateDataKey'],
    resources: [keyArn],
    conditions: {
      ...conditions,
      StringEquals: { 'kms:ViaService': partition === 'aws-cn' ? [service, `${service}.cn`] : service },
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, ...area.prefixes.map((prefix) => `${bucketArn}/${prefix}/${account}/*`)] },
    },
  });
}

/**
 * Statement that denies everybody to put an object where there is one already: the new version would be kept, and the old one deleted a day later.
 * Parts of an upload in parts are no objects, and can't have the header.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function noOverwrite(bucketArn: string): iam.PolicyStatement {
  return denial('DenyOverwrites', bucketArn, ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } });
}

/**
 * Statements that deny everybody a lock beyond the longest retention, or one with an event hold, which has no end. They do not concern a request
 * without a lock of its own: a condition on a missing key is not met.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-retention-limits
 */
export function retentionLimits(bucketArn: string, days: number): iam.PolicyStatement[] {
  const actions = ['s3:PutObject', 's3:PutObjectRetention'];
  return [
    denial('LimitRetention', bucketArn, actions, { NumericGreaterThan: { 's3:object-lock-remaining-retention-days': `${days}` } }),
    denial('DenyEventHolds', bucketArn, actions, { StringEquals: { 's3:object-lock-event-hold': 'ON' } }),
  ];
}

function denial(sid: string, bucketArn: string, actions: string[], conditions: iam.Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid, effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions, resources: [`${bucketArn}/*`], conditions,
  });
}
