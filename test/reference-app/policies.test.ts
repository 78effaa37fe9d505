import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { accessLog, asksOf, CLOUD_TRAIL, CONFIG, FLOW_LOG, MANAGEMENT, ORGANIZATION, OVER_TLS, STRANGER, WEB_ACL } from '../logs/writers';
import type { Writer } from '../logs/writers';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

/*
 * The policies of the reference app's production, as the CDK CLI synthesized them, decided for those who deliver and
 * replicate, and for strangers.
 */

const ASSEMBLY = path.join(__dirname, '..', '..', 'examples', 'reference-app', 'cdk.out', 'prod');

function rendered(stack: string, account: string, region: string): Rendered {
  const [file] = readdirSync(ASSEMBLY).filter((name) => name.replace(/[A-F0-9]{8}\.template\.json$/, '').replace('.template.json', '') === stack);
  return new Rendered(JSON.parse(readFileSync(path.join(ASSEMBLY, file), 'utf8')).Resources, { account, region });
}

const archive = rendered('acme-prod-log-archive', LOG_ARCHIVE, LONDON);
const workload = rendered('acme-prod-workload', INFRASTRUCTURE, LONDON);
const archiveAway = rendered('acmeprodlogarchivesupporteuwest1', LOG_ARCHIVE, IRELAND);
const workloadAway = rendered('acmeprodworkloadsupporteuwest1', INFRASTRUCTURE, IRELAND);

function bucketLike(text: string, side = archive): string {
  const found = side.bucketNames.filter((name) => name?.includes(text));
  expect(found).toHaveLength(1);
  return found[0];
}

const member: Writer = { ...CLOUD_TRAIL, key: () => `AWSLogs/${ORGANIZATION}/${INFRASTRUCTURE}/CloudTrail/eu-west-2/log.json.gz` };

test.each<[string, Writer, string, string]>([
  ['the organization trail, for its own account', CLOUD_TRAIL, 'cloudtrail', MANAGEMENT],
  ['the organization trail, for a member', member, 'cloudtrail', MANAGEMENT],
  ['AWS Config of a member', CONFIG, 'config', INFRASTRUCTURE],
  ['AWS Config of the management account', CONFIG, 'config', MANAGEMENT],
  ['a flow log of a member', FLOW_LOG, 'vpcflowlogs', INFRASTRUCTURE],
  ['a web ACL of a member', WEB_ACL, 'waf', INFRASTRUCTURE],
])('%s delivers into its bucket, with the key of that', (_, writer, bucket, account) => {
  const cases = asksOf(writer, account, archive, bucketLike(bucket));

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test.each<[string, Writer, string]>([
  ['a trail', CLOUD_TRAIL, 'cloudtrail'],
  ['AWS Config', CONFIG, 'config'],
  ['a flow log', FLOW_LOG, 'vpcflowlogs'],
  ['a web ACL', WEB_ACL, 'waf'],
])('%s of a foreign organization is refused, wherever it wants its objects', (_, writer, bucket) => {
  const cases = [STRANGER, MANAGEMENT, INFRASTRUCTURE, LOG_ARCHIVE]
    .flatMap((account) => asksOf({ ...writer, key: () => writer.key(account) }, STRANGER, archive, bucketLike(bucket)));

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('a trail of a member that is not the management account is refused', () => {
  const cases = asksOf({ ...CLOUD_TRAIL, key: () => member.key(MANAGEMENT) }, INFRASTRUCTURE, archive, bucketLike('cloudtrail'));

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('S3 logs the access to every log bucket, and to no bucket of another account', () => {
  const target = bucketLike('accesslogs');
  const own = archive.bucketNames.map((name) => accessLog(LOG_ARCHIVE, name, archive, target));

  expect(own).toHaveLength(5);
  expect(decide([...own, accessLog(STRANGER, 'theirs', archive, target)])).toEqual([...own.map(() => 'Allowed'), 'ImplicitlyDenied']);
});

/** All that S3 asks for to replicate an object that is encrypted with the key of its bucket. */
function replicationOf(home: Rendered, away: Rendered, name: string, account: string): Case[] {
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

test.each([
  ['cloudtrail', archive, archiveAway, LOG_ARCHIVE],
  ['config', archive, archiveAway, LOG_ARCHIVE],
  ['vpcflowlogs', archive, archiveAway, LOG_ARCHIVE],
  ['waf', archive, archiveAway, LOG_ARCHIVE],
  ['frontend', workload, workloadAway, INFRASTRUCTURE],
])('S3 may replicate the bucket for %s, with the policies of both regions', (text, home, away, account) => {
  const cases = replicationOf(home, away, bucketLike(text, home), account);

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test('the role of one bucket replicates no other', () => {
  const [own, other] = ['cloudtrail', 'config'].map((text) => replicationOf(archive, archiveAway, bucketLike(text), LOG_ARCHIVE));
  const [{ request: { principal }, identityPolicies }] = own;
  const swapped = other.map((each) => ({ ...each, request: { ...each.request, principal }, identityPolicies }));

  expect(decide(swapped)).toEqual(swapped.map(() => 'ImplicitlyDenied'));
});
