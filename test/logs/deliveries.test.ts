import { Duration } from 'aws-cdk-lib';
import { Setup } from './setup';
import { accessLog, asksOf, CLOUD_TRAIL, CONFIG, FLOW_LOG, LOAD_BALANCER, MANAGEMENT, NOVELTY, ORGANIZATION, STRANGER, trail, WEB_ACL } from './writers';
import type { Writer } from './writers';
import { LogSource } from '../../src/logs/log-source';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE } from '../stacks';

/*
 * Deliveries, decided by the policies as they are rendered: all statements of the bucket's policy and of its key's.
 */

/** Everything that a delivery into a bucket for its source asks for, in the name of an account. */
function delivery({ writer, source }: { writer: Writer; source: LogSource }, account: string, more: Record<string, string> = {}): Case[] {
  const setup = new Setup();
  setup.logs({ bucketName: 'aws-waf-logs-all', source, retention: Duration.days(30) });
  return asksOf(writer, account, Rendered.of(setup.stack), 'aws-waf-logs-all', more);
}

const OPTIONS = { organizationId: ORGANIZATION };
const HIVE: Writer = { ...FLOW_LOG, key: (account) => `AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=eu-west-2/log.gz` };
const LOAD_BALANCERS = () => LogSource.custom({
  servicePrincipal: LOAD_BALANCER.principal, sourceArns: [`arn:aws:elasticloadbalancing:*:${LOG_ARCHIVE}:loadbalancer/*`],
});
const NOVELTIES = () => LogSource.custom({ servicePrincipal: NOVELTY.principal, supportsCustomerKeys: true });

test.each([
  ['a trail of the bucket\'s own account', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail() }, LOG_ARCHIVE],
  ['a trail of another account', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail({ managementAccount: MANAGEMENT }) }, MANAGEMENT],
  ['a trail that is named', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail({ trailArns: [trail(MANAGEMENT)] }) }, MANAGEMENT],
  ['AWS Config of the bucket\'s own account', { writer: CONFIG, source: LogSource.config() }, LOG_ARCHIVE],
  ['AWS Config of an account that is named', { writer: CONFIG, source: LogSource.config({ accounts: [INFRASTRUCTURE, MANAGEMENT] }) }, INFRASTRUCTURE],
  ['AWS Config of an account of the organization', { writer: CONFIG, source: LogSource.config(OPTIONS) }, INFRASTRUCTURE],
  ['AWS Config of an account that is named beside the organization', { writer: CONFIG, source: LogSource.config({ ...OPTIONS, accounts: [STRANGER] }) }, STRANGER],
  ['a flow log of the bucket\'s own account', { writer: FLOW_LOG, source: LogSource.vpcFlowLogs() }, LOG_ARCHIVE],
  ['a flow log of an account that is named', { writer: FLOW_LOG, source: LogSource.vpcFlowLogs({ accounts: [INFRASTRUCTURE] }) }, INFRASTRUCTURE],
  ['a flow log of an account of the organization', { writer: FLOW_LOG, source: LogSource.vpcFlowLogs(OPTIONS) }, INFRASTRUCTURE],
  ['a web ACL of the bucket\'s own account', { writer: WEB_ACL, source: LogSource.waf() }, LOG_ARCHIVE],
  ['a web ACL of an account of the organization', { writer: WEB_ACL, source: LogSource.waf(OPTIONS) }, INFRASTRUCTURE],
  ['a flow log with keys for Apache Hive', { writer: HIVE, source: LogSource.vpcFlowLogs() }, LOG_ARCHIVE],
  ['a flow log with keys for Apache Hive of the organization', { writer: HIVE, source: LogSource.vpcFlowLogs(OPTIONS) }, INFRASTRUCTURE],
  ['a load balancer, by its ARN', { writer: LOAD_BALANCER, source: LOAD_BALANCERS() }, LOG_ARCHIVE],
  ['a load balancer of the organization', { writer: LOAD_BALANCER, source: LogSource.custom({ ...OPTIONS, servicePrincipal: LOAD_BALANCER.principal }) }, INFRASTRUCTURE],
  ['a writer of one\'s own', { writer: NOVELTY, source: NOVELTIES() }, LOG_ARCHIVE],
  ['trails of two accounts', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail({ trailArns: [trail(MANAGEMENT), trail(INFRASTRUCTURE)] }) }, INFRASTRUCTURE],
])('%s delivers', (_, from, account) => {
  const cases = delivery(from, account);

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test.each([
  ['a trail', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail() }],
  ['an organization trail', { writer: CLOUD_TRAIL, source: LogSource.cloudTrail({ ...OPTIONS, managementAccount: MANAGEMENT }) }],
  ['AWS Config', { writer: CONFIG, source: LogSource.config() }],
  ['AWS Config of an organization', { writer: CONFIG, source: LogSource.config(OPTIONS) }],
  ['a flow log', { writer: FLOW_LOG, source: LogSource.vpcFlowLogs() }],
  ['a flow log of an organization', { writer: FLOW_LOG, source: LogSource.vpcFlowLogs(OPTIONS) }],
  ['a web ACL', { writer: WEB_ACL, source: LogSource.waf() }],
  ['a web ACL of an organization', { writer: WEB_ACL, source: LogSource.waf(OPTIONS) }],
  ['a load balancer', { writer: LOAD_BALANCER, source: LOAD_BALANCERS() }],
  ['a writer of one\'s own', { writer: NOVELTY, source: NOVELTIES() }],
])('%s of a foreign account or organization is refused, by the bucket and by its key', (_, { writer, source }) => {
  // Wherever it wants its objects: in a place of its own, or among those of who may deliver.
  const cases = [STRANGER, LOG_ARCHIVE, MANAGEMENT, INFRASTRUCTURE]
    .flatMap((account) => delivery({ source, writer: { ...writer, key: () => writer.key(account) } }, STRANGER));

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('a web ACL does not deliver under keys for Apache Hive, which only flow logs have', () => {
  const writer: Writer = { ...WEB_ACL, key: (account) => `AWSLogs/aws-account-id=${account}/WAFLogs/eu-west-2/log.gz` };

  expect(decide(delivery({ writer, source: LogSource.waf() }, LOG_ARCHIVE))).toContain('ImplicitlyDenied');
});

test('an organization trail delivers the logs of its members, below the id of the organization', () => {
  const source = LogSource.cloudTrail({ ...OPTIONS, managementAccount: MANAGEMENT });
  const cases = delivery({ source, writer: { ...CLOUD_TRAIL, key: () => `AWSLogs/${ORGANIZATION}/${INFRASTRUCTURE}/CloudTrail/eu-west-2/log.json.gz` } }, MANAGEMENT);

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test('a trail may have the key of the bucket itself', () => {
  const kms = delivery({ writer: CLOUD_TRAIL, source: LogSource.cloudTrail() }, LOG_ARCHIVE).find(({ name }) => name === 'kms:GenerateDataKey')!;
  const asked = (account: string): Case => ({
    ...kms, request: { ...kms.request, context: { 'aws:SourceArn': trail(account), 'kms:EncryptionContext:aws:cloudtrail:arn': trail(account) } },
  });

  expect(decide([asked(LOG_ARCHIVE), asked(STRANGER)])).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test.each([
  ['in plain text', { 'aws:SecureTransport': 'false' }],
  ['over TLS 1.1', { 's3:TlsVersion': '1.1' }],
])('nobody delivers %s', (_, context) => {
  const [put] = delivery({ writer: FLOW_LOG, source: LogSource.vpcFlowLogs() }, LOG_ARCHIVE).filter(({ name }) => name === 's3:PutObject');

  expect(decide([{ ...put, request: { ...put.request, context: { ...put.request.context, ...context } } }])).toEqual(['ExplicitlyDenied']);
});

test('a service delivers below its own prefix only', () => {
  const source = LogSource.config({ prefix: 'central' });
  const at = (key: string): Case => delivery({ source, writer: { ...CONFIG, key: () => key } }, LOG_ARCHIVE).find(({ name }) => name === 's3:PutObject')!;

  expect(decide([
    at(`central/AWSLogs/${LOG_ARCHIVE}/Config/log`), at(`AWSLogs/${LOG_ARCHIVE}/Config/log`), at(`central/AWSLogs/${LOG_ARCHIVE}/CloudTrail/log`),
    at(`central/AWSLogs/${INFRASTRUCTURE}/Config/log`),
  ])).toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('one service does not deliver in the name of another', () => {
  const [put] = delivery({ writer: CONFIG, source: LogSource.config() }, LOG_ARCHIVE).filter(({ name }) => name === 's3:PutObject');

  expect(decide([{ ...put, request: { ...put.request, principal: 'cloudtrail.amazonaws.com' } }])).toEqual(['ImplicitlyDenied']);
});

test('a writer of one\'s own may be narrowed to the ARNs and the accounts that it delivers for', () => {
  const source = LogSource.custom({
    servicePrincipal: NOVELTY.principal, supportsCustomerKeys: true, accounts: [INFRASTRUCTURE], sourceArns: ['arn:aws:novelty:*:*:source/main'],
  });
  const asked = (account: string, name: string) => delivery({ writer: NOVELTY, source }, account, { 'aws:SourceArn': `arn:aws:novelty:eu-west-2:${account}:source/${name}` });

  expect(decide(asked(INFRASTRUCTURE, 'main'))).toEqual(['Allowed', 'Allowed', 'Allowed', 'Allowed']);
  expect(decide([...asked(INFRASTRUCTURE, 'other'), ...asked(MANAGEMENT, 'main')])).toEqual(Array(8).fill('ImplicitlyDenied'));
});

test('S3 delivers the access logs of the account\'s buckets, and of no other', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.serverAccessLogs(), retention: Duration.days(30) });
  const rendered = Rendered.of(setup.stack);

  expect(decide([accessLog(LOG_ARCHIVE, 'any', rendered, 'logs'), accessLog(STRANGER, 'any', rendered, 'logs')])).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test('S3 delivers the access logs of the buckets that are named, and of no other', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.serverAccessLogs({ sourceBucketArns: ['arn:aws:s3:::named'] }), retention: Duration.days(30) });
  const rendered = Rendered.of(setup.stack);

  expect(decide([accessLog(LOG_ARCHIVE, 'named', rendered, 'logs'), accessLog(LOG_ARCHIVE, 'other', rendered, 'logs')])).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test('a bucket that logs to itself lets S3 in for that, beside the buckets that are named', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.serverAccessLogs({ selfLogging: true, sourceBucketArns: ['arn:aws:s3:::named'] }), retention: Duration.days(30) });
  const rendered = Rendered.of(setup.stack);

  expect(decide(['logs', 'named', 'other'].map((name) => accessLog(LOG_ARCHIVE, name, rendered, 'logs')))).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied']);
});
