import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { OVER_TLS } from '../logs/writers';
import { Rendered } from '../policies';
import type { Case } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

/*
 * The policies of the reference app's production, as the CDK CLI synthesized them.
 */

const ASSEMBLY = path.join(__dirname, '..', '..', 'examples', 'reference-app', 'cdk.out', 'prod');

function rendered(stack: string, account: string, region: string): Rendered {
  const [file] = readdirSync(ASSEMBLY).filter((name) => name.replace(/[A-F0-9]{8}\.template\.json$/, '').replace('.template.json', '') === stack);
  return new Rendered(JSON.parse(readFileSync(path.join(ASSEMBLY, file), 'utf8')).Resources, { account, region });
}

/** All stacks that are not of the management account, by their names. */
export const sides: Record<string, [rendered: Rendered, account: string, region: string]> = Object.fromEntries([
  ['acme-prod-log-archive', LOG_ARCHIVE, LONDON], ['acmeprodlogarchivesupporteuwest1', LOG_ARCHIVE, IRELAND],
  ['acme-prod-workload', INFRASTRUCTURE, LONDON], ['acmeprodworkloadsupporteuwest1', INFRASTRUCTURE, IRELAND],
  ['acme-prod-backup', INFRASTRUCTURE, LONDON], ['acmeprodbackupsupporteuwest1', INFRASTRUCTURE, IRELAND],
  ['acme-prod-monitoring', LOG_ARCHIVE, LONDON], ['acmeprodmonitoringsupporteuwest1', LOG_ARCHIVE, IRELAND],
].map(([stack, account, region]) => [stack, [rendered(stack, account, region), account, region]]));

export const archive = rendered('acme-prod-log-archive', LOG_ARCHIVE, LONDON);
export const workload = rendered('acme-prod-workload', INFRASTRUCTURE, LONDON);
export const backup = rendered('acme-prod-backup', INFRASTRUCTURE, LONDON);
export const backupAway = rendered('acmeprodbackupsupporteuwest1', INFRASTRUCTURE, IRELAND);
export const archiveAway = rendered('acmeprodlogarchivesupporteuwest1', LOG_ARCHIVE, IRELAND);
export const workloadAway = rendered('acmeprodworkloadsupporteuwest1', INFRASTRUCTURE, IRELAND);

export function bucketLike(text: string, side = archive): string {
  const found = side.bucketNames.filter((name) => name?.includes(text));
  if (found.length !== 1) {
    throw new Error(`expected one bucket like '${text}', got ${found.join(', ') || 'none'}`);
  }
  return found[0];
}

/** All that S3 asks for to replicate an object that is encrypted with the key of its bucket. */
export function replicationOf(home: Rendered, away: Rendered, name: string, account: string): Case[] {
  const { ReplicationConfiguration: { Role, Rules: [{ Destination }] } } = home.bucket(name);
  const role = Role.split('/').pop();
  const replica = Destination.Bucket.split(':::')[1];
  const ask = (side: Rendered, bucket: string, action: string, resource: string, context: Record<string, string | string[]> = OVER_TLS): Case => ({
    name: `${action} ${resource}`,
    request: { principal: `arn:aws:sts::${account}:assumed-role/${role}/s3`, action, resource, resourceAccount: account, context },
    identityPolicies: home.identityPolicies(role),
    resourcePolicy: action.startsWith('kms:') ? side.keyPolicyOfBucket(bucket) : side.bucketPolicy(bucket),
  });
  const withKey = (region: string, bucket: string) => ({
    'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${bucket}`, 'kms:ResourceAliases': [`alias/${bucket}`],
  });
  const reads = home.bucket(name).ObjectLockEnabled ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : [];
  return [
    ...['s3:GetReplicationConfiguration', 's3:ListBucket'].map((action) => ask(home, name, action, `arn:aws:s3:::${name}`)),
    ...['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging', ...reads]
      .map((action) => ask(home, name, action, `arn:aws:s3:::${name}/key`)),
    ...['s3:ReplicateObject', 's3:ReplicateTags'].map((action) => ask(away, replica, action, `arn:aws:s3:::${replica}/key`)),
    ask(home, name, 'kms:Decrypt', home.keyArnOfBucket(name), withKey(LONDON, name)),
    ...['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'].map((action) => ask(away, replica, action, away.keyArnOfBucket(replica), withKey(IRELAND, replica))),
  ];
}
