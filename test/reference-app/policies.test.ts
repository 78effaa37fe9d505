import { archive, archiveAway, bucketLike, replicationOf, workload, workloadAway } from './cases';
import { accessLog, asksOf, CLOUD_TRAIL, CONFIG, FLOW_LOG, MANAGEMENT, ORGANIZATION, STRANGER, WEB_ACL } from '../logs/writers';
import type { Writer } from '../logs/writers';
import { decide } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE } from '../stacks';

/*
 * The policies of the reference app's production, as the CDK CLI synthesized them, decided for those who deliver and
 * replicate, and for strangers.
 */

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

  expect(own).toHaveLength(6);
  expect(decide([...own, accessLog(STRANGER, 'theirs', archive, target)])).toEqual([...own.map(() => 'Allowed'), 'ImplicitlyDenied']);
});

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
