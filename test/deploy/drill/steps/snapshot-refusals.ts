import { createHash } from 'crypto';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, PutObjectRetentionCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectLockMode, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { idOfCapture } from './configuration';
import { refused } from './refusals';
import type { SnapshotBucket } from '../captures';
import type { Context } from '../context';
import type { Promises } from '../promises';
import { objectsIn, prefixOf, snapshotsOf } from '../snapshots';
import type { Step } from '../step';

const DAY = 86_400_000;
const DENIED = /^AccessDenied: /;
const SESSION = 'drill';

/** What nobody can do with a snapshot, not even the root user of an account or whoever has taken over the role that captures. */
export function snapshotRefusals({ captures }: Promises): Step[] {
  const { account, bucket, replica, roleName, schedules } = captures;
  const [first] = schedules;
  // The role lets the drill in from here on, so all that it did by itself is behind it.
  const needs = [idOfCapture(first)];
  const locked = [bucket, replica].filter(({ lockMode }) => lockMode !== undefined);
  return [
    {
      id: 'refuse:read-snapshot',
      promise: `nobody of ${account} reads a snapshot, not even ${roleName}`,
      needs,
      run: async (context) => {
        const Key = await newest(context, first.name);
        return inTurn([bucket, replica].flatMap((each) => [
          async () => refused(context.aws.client(S3Client, account, each.region).send(new GetObjectCommand({ Bucket: each.name, Key })), DENIED),
          async () => refused((await asRole(context, each)).send(new GetObjectCommand({ Bucket: each.name, Key })), DENIED),
        ]));
      },
    },
    {
      id: 'refuse:write-snapshot',
      promise: `${roleName} writes below no other account's prefix${bucket.longestDays === undefined ? '' : `, for no longer than ${bucket.longestDays} days`}, and over no snapshot`,
      needs,
      run: async (context) => {
        const role = await asRole(context, bucket);
        const known = await newest(context, first.name);
        const own = `${prefixOf(context, first.name)}drill.json.gz`;
        const put = (Key: string, more: Partial<PutObjectCommandInput> = {}, client = role) => refused(client.send(new PutObjectCommand({
          ...objectOf(bucket), Key, IfNoneMatch: '*', ...more,
        })), DENIED);
        return inTurn([
          () => put(own.replace(account, bucket.account)),
          () => put(known, { IfNoneMatch: undefined }),
          () => put(own, {}, context.aws.client(S3Client, account, bucket.region)),
          ...bucket.longestDays === undefined ? [] : [async () => put(own, {
            ObjectLockMode: bucket.lockMode as ObjectLockMode,
            ObjectLockRetainUntilDate: new Date((await context.aws.clock.now()).getTime() + (bucket.longestDays! + 1) * DAY),
          })],
        ]);
      },
    },
    ...locked.length === 0 ? [] : [{
      id: 'refuse:delete-snapshot',
      promise: `nobody deletes a snapshot before its time, nor shortens it, not even the root user of ${bucket.account}`,
      needs: [...needs, 'capture:replica'],
      run: async (context: Context) => {
        const Key = await newest(context, first.name);
        return inTurn(locked.flatMap((each) => [
          async () => refused(objectsIn(context, each).send(new DeleteObjectCommand({
            ...await versionOf(context, each, Key), BypassGovernanceRetention: true,
          })), DENIED),
          async () => refused(objectsIn(context, each).send(new PutObjectRetentionCommand({
            ...await versionOf(context, each, Key),
            BypassGovernanceRetention: true,
            Retention: { Mode: each.lockMode as ObjectLockMode, RetainUntilDate: new Date((await context.aws.clock.now()).getTime() + DAY) },
          })), DENIED),
        ]));
      },
    }],
  ];
}

/** Whoever has taken over the account lets himself into the role. */
async function asRole(context: Context, { region }: SnapshotBucket): Promise<S3Client> {
  const { account, roleName } = context.promises.captures;
  const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root`, Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await context.aws.client(IAMClient, account, region).send(new UpdateAssumeRolePolicyCommand({
    RoleName: roleName, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  }));
  const { Credentials: made } = await context.aws.client(STSClient, account, region).send(new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${account}:role/${roleName}`, RoleSessionName: SESSION,
  }));
  return context.aws.client(S3Client, account, region, {
    accessKeyId: made!.AccessKeyId!, secretAccessKey: made!.SecretAccessKey!, sessionToken: made!.SessionToken,
  });
}

async function newest(context: Context, tier: string): Promise<string> {
  return (await snapshotsOf(context, tier)).at(-1)!;
}

async function versionOf(context: Context, bucket: SnapshotBucket, Key: string): Promise<{ Bucket: string; Key: string; VersionId: string }> {
  const { Versions = [] } = await objectsIn(context, bucket).send(new ListObjectVersionsCommand({ Bucket: bucket.name, Prefix: Key }));
  return { Bucket: bucket.name, Key, VersionId: Versions[0].VersionId! };
}

function objectOf({ name }: SnapshotBucket): { Bucket: string; Body: string; ChecksumSHA256: string } {
  const Body = 'drill';
  return { Bucket: name, Body, ChecksumSHA256: createHash('sha256').update(Body).digest('base64') };
}

async function inTurn(requests: (() => Promise<string>)[]): Promise<string> {
  const seen: string[] = [];
  for (const request of requests) {
    seen.push(await request());
  }
  return seen.join('; ');
}
