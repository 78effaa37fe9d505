import { Token } from 'aws-cdk-lib';
import { LogSource } from '../../src/logs/log-source';

const TRAIL = 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/main';

test('all problems of a trail are in one error', () => {
  expect(() => LogSource.cloudTrail({ managementAccount: '1', organizationId: 'exampleorg', trailArns: ['main'], prefix: '/logs' })).toThrow([
    'invalid LogSource.cloudTrail:',
    "- 'managementAccount' (management_account) must be 12 digits, got '1'",
    "- 'organizationId' (organization_id) must be 'o-' and 10 to 32 lowercase letters and digits, got 'exampleorg'",
    "- 'prefix' must not be empty, begin or end with a slash, or contain a wildcard or 'AWSLogs', got '/logs'",
    "- 'trailArns' (trail_arns) must be ARNs of trails, got 'main'",
  ].join('\n'));
});

test('an organization trail needs the account that it is in', () => {
  expect(() => LogSource.cloudTrail({ organizationId: 'o-exampleorg12' }))
    .toThrow("the account of the trails must be known, because the keys of the objects contain it: set 'managementAccount' (management_account)");
  expect(() => LogSource.cloudTrail({ organizationId: 'o-exampleorg12', trailArns: [TRAIL] })).not.toThrow();
});

test('trails must be of the account that is named', () => {
  expect(() => LogSource.cloudTrail({ managementAccount: '222222222222', trailArns: [TRAIL] }))
    .toThrow(`'trailArns' (trail_arns) must be in 'managementAccount' (management_account, 222222222222), got '${TRAIL}'`);
});

test.each([
  ['config', () => LogSource.config({ accounts: [] })],
  ['vpcFlowLogs', () => LogSource.vpcFlowLogs({ accounts: [] })],
  ['waf', () => LogSource.waf({ accounts: [] })],
])('%s takes no empty list of accounts', (factory, define) => {
  expect(define).toThrow(`invalid LogSource.${factory}:\n- 'accounts' must contain at least one account, got none: leave it out for the account of the bucket`);
});

test('the account of a source has 12 digits', () => {
  expect(() => LogSource.config({ accounts: ['222222222222', '12'] })).toThrow("- 'accounts' must be 12 digits, got '12'");
});

test('access logs are those of buckets', () => {
  expect(() => LogSource.serverAccessLogs({ sourceBucketArns: ['uploads'] })).toThrow("invalid LogSource.serverAccessLogs:\n- 'sourceBucketArns' (source_bucket_arns) must be ARNs of buckets, got 'uploads'");
  expect(() => LogSource.serverAccessLogs({ sourceBucketArns: [] })).toThrow("'sourceBucketArns' (source_bucket_arns) must contain at least one bucket, got none: leave it out for every bucket of the account");
});

test('a writer of one\'s own is a service', () => {
  expect(() => LogSource.custom({ servicePrincipal: 'elb', sourceArns: [] })).toThrow([
    'invalid LogSource.custom:',
    "- 'servicePrincipal' (service_principal) must be a service principal, such as 'logdelivery.elasticloadbalancing.amazonaws.com', got 'elb'",
    "- 'sourceArns' (source_arns) must contain at least one ARN, got none: leave it out for everything in the accounts",
  ].join('\n'));
});

test.each(['foo', '*', 'arn:aws:logs:*::source'])('a writer of one\'s own delivers for no %s', (arn) => {
  expect(() => LogSource.custom({ servicePrincipal: 'logs.amazonaws.com', sourceArns: [arn] })).toThrow(`'sourceArns' (source_arns) must be ARNs that contain a service and an account, got '${arn}'`);
});

test('trails that are tokens need the account that they are in', () => {
  const trailArns = [Token.asString({ Ref: 'Trail' })];

  expect(() => LogSource.cloudTrail({ trailArns })).toThrow("the account of the trails must be known, because the keys of the objects contain it: set 'managementAccount' (management_account)");
  expect(() => LogSource.cloudTrail({ trailArns, managementAccount: '111111111111' })).not.toThrow();
});

test('an organization trail is of one account', () => {
  expect(() => LogSource.cloudTrail({ organizationId: 'o-exampleorg12', trailArns: [TRAIL, TRAIL.replace('111111111111', '222222222222')] }))
    .toThrow("'trailArns' (trail_arns) must be in one account if 'organizationId' (organization_id) is set: that of the organization trail");
});
