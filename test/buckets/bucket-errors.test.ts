import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import type { ReplicatedBucketProps } from '../../src/buckets/replicated-bucket-props';
import { LogSource } from '../../src/logs/log-source';
import type { ReplicatedLogBucketProps } from '../../src/logs/replicated-log-bucket';
import { FailureScope, RecoveryObjective } from '../../src/objectives/recovery-objective';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { Setup } from '../logs/setup';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const LOCK = (days: number) => s3.ObjectLockRetention.compliance(Duration.days(days));

function refusals(props: ReplicatedBucketProps, setup = new Setup()): string[] {
  return setup.refusals(() => setup.replicated(props));
}

function logRefusals(props: Partial<ReplicatedLogBucketProps>, setup = new Setup()): string[] {
  return setup.refusals(() => setup.logs({ source: LogSource.vpcFlowLogs(), retention: Duration.days(30), ...props }));
}

function objective(survives: FailureScope, rpo = Duration.minutes(15)): RecoveryObjective {
  return new RecoveryObjective({ name: 'Logs', rto: Duration.hours(1), rpo, survives });
}

test('all problems of a log bucket are in one error, which names the construct', () => {
  const setup = new Setup();

  expect(() => setup.logs({ source: LogSource.config(), retention: Duration.hours(36), bucketName: 'Logs', objectLock: LOCK(1) })).toThrow([
    "invalid ReplicatedLogBucketProps at 'Logs/Bucket':",
    "- 'retention' must be a whole number of days from 1 to 36500, got 36 hours",
    "- 'bucketName' (bucket_name) must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got 'Logs' (4 characters)",
    "- 'objectLock' (object_lock) must be left out: AWS Config does not deliver to a bucket with Object Lock; lock only the replica, with 'replicaObjectLock' (replica_object_lock)",
  ].join('\n'));
});

test.each(['ab', 'a'.repeat(64), 'with.dots', '-begins', 'ends-', 'Capital'])('refuses the name %s', (bucketName) => {
  expect(refusals({ bucketName, replicaBucketName: 'replica' })).toEqual([
    `'bucketName' (bucket_name) must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got '${bucketName}' (${bucketName.length} characters)`,
  ]);
});

test('refuses the name of a replica that S3 does not take, where the bucket has the name that is made for it', () => {
  expect(refusals({ bucketName: undefined, replicaBucketName: 'Replica' })).toEqual([
    "'replicaBucketName' (replica_bucket_name) must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got 'Replica' (7 characters)",
  ]);
});

test('refuses a name that leaves no room for that of the replica', () => {
  expect(refusals({ bucketName: 'a'.repeat(60) })[0]).toMatch(/^'replicaBucketName' \(replica_bucket_name\) must be 3 to 63 .* \(68 characters\)$/);
});

test('refuses a name that is a token, and one that is AWS Control Tower\'s', () => {
  expect(refusals({ bucketName: Lazy.string({ produce: () => 'late' }), replicaBucketName: 'aws-controltower-logs' })).toEqual([
    "'bucketName' (bucket_name) must be a literal name, because templates of other regions contain its ARN, got a token",
    "'replicaBucketName' (replica_bucket_name) must not begin with 'aws-controltower', which is reserved for AWS Control Tower, got 'aws-controltower-logs'",
  ]);
});

test.each(['xn--name', 'sthree-name', 'name-s3alias', 'name--x-s3'])('refuses the name %s, which is S3\'s own', (bucketName) => {
  expect(refusals({ bucketName, replicaBucketName: 'replica' })).toEqual([
    `'bucketName' (bucket_name) must not begin or end with a reserved prefix or suffix of Amazon S3 (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, --x-s3, --table-s3), got '${bucketName}'`,
  ]);
});

test('refuses a name that another bucket of the app has', () => {
  const setup = new Setup();
  setup.replicated();

  expect(setup.refusals(() => setup.replicated({ replicaBucketName: 'others' }, 'Second')))
    .toEqual(["'bucketName' (bucket_name) must be a unique name, got 'uploads', which 'Logs/Uploads' already uses"]);
});

test('refuses one name for both buckets', () => {
  expect(refusals({ replicaBucketName: 'uploads' })).toEqual(["'replicaBucketName' (replica_bucket_name) must differ from the name of the bucket, got 'uploads'"]);
});

test('refuses a bucket for AWS WAF that is not called so', () => {
  expect(logRefusals({ source: LogSource.waf(), bucketName: 'web' })).toEqual(["'bucketName' (bucket_name) must begin with 'aws-waf-logs-', otherwise the writer rejects it, got 'web'"]);
});

test('the default name of a bucket for AWS WAF begins as it must', () => {
  const setup = new Setup();

  expect(setup.logs({ source: LogSource.waf(), retention: Duration.days(30), bucketName: undefined }).bucketName).toBe('aws-waf-logs-logs-bucket-260ef855-333333333333-eu-west-2');
});

test.each([
  ['by default', undefined],
  ['where the bucket has one', 'aws-waf-logs-web'],
])('the name of a replica for AWS WAF begins as it must %s', (_, bucketName) => {
  const { replicaBucketName } = new Setup().logs({ source: LogSource.waf(), retention: Duration.days(30), bucketName, replicaRegion: IRELAND });

  expect(replicaBucketName).toMatch(bucketName === undefined ? /^aws-waf-logs-logs-bucket-[0-9a-f]{8}-333333333333-eu-west-1$/ : /^aws-waf-logs-web-replica$/);
});

test('refuses a replica for AWS WAF that is not called so', () => {
  expect(logRefusals({ source: LogSource.waf(), bucketName: 'aws-waf-logs-web', replicaRegion: IRELAND, replicaBucketName: 'web-replica' }))
    .toEqual(["'replicaBucketName' (replica_bucket_name) must begin with 'aws-waf-logs-', otherwise the writer rejects it, got 'web-replica'"]);
});

test('refuses what is of no use without a replica', () => {
  const setup = new Setup();

  expect(setup.refusals(() => new ReplicatedBucket(setup.stack, 'Uploads', { replicaBucketName: 'replica', replicaObjectLock: LOCK(1), replicationTimeControl: true }))).toEqual([
    "'replicaBucketName' (replica_bucket_name) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
    "'replicationTimeControl' (replication_time_control) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
    "'replicaObjectLock' (replica_object_lock) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
  ]);
});

test.each([
  [{ replicaRegion: LONDON }, "'replicaRegion' (replica_region) must differ from the region of the bucket, eu-west-2"],
  [{ replicaRegion: 'Ireland' }, "'replicaRegion' (replica_region) must be a region, such as 'eu-west-1', got 'Ireland'"],
  [{ replicaRegion: 'cn-north-1' }, "'replicaRegion' (replica_region) must be in the partition of the bucket, aws, because S3 replicates only within a partition, got cn-north-1"],
])('refuses a replica in %j', (props, problem) => {
  expect(refusals(props)).toEqual([problem]);
});

test('refuses a replica region that is a token', () => {
  expect(refusals({ replicaRegion: Lazy.string({ produce: () => IRELAND }) })).toEqual(["'replicaRegion' (replica_region) must be a literal region, such as 'eu-west-1', got a token"]);
});

test('refuses a replica in another account', () => {
  expect(refusals({ replicaRegion: undefined, replicaScope: stackIn('222222222222', IRELAND) }))
    .toEqual(["'replicaScope' (replica_scope) must be in the account of the bucket (333333333333), got account 222222222222, region eu-west-1"]);
});

test('refuses a scope in another region than the one that is named, and one without an environment', () => {
  expect(refusals({ replicaScope: stackIn(LOG_ARCHIVE, 'eu-central-1') })).toEqual(["'replicaScope' (replica_scope) must be in 'replicaRegion' (replica_region, eu-west-1), got account 333333333333, region eu-central-1"]);
  expect(refusals({ replicaScope: new Stack(undefined, 'Agnostic') }))
    .toEqual(["'replicaScope' (replica_scope) must be in a stack with a literal account and region: set its 'env', got an unknown account, an unknown region"]);
});

test('refuses a replica of a bucket whose stack has no environment', () => {
  const setup = new Setup();

  expect(setup.refusals(() => new ReplicatedBucket(new Stack(setup.app, 'Agnostic'), 'Uploads', { replicaRegion: IRELAND })))
    .toContain("a replica requires a literal account and region in the stack of the bucket: set its 'env', got an unknown account, an unknown region");
});

test('refuses keys of another region', () => {
  const setup = new Setup();
  const keys = [LONDON, IRELAND].map((region) => new kms.Key(stackIn(LOG_ARCHIVE, region, setup.app, `Keys-${region}`), 'Key'));

  expect(refusals({ encryptionKey: keys[1], replicaEncryptionKey: keys[0] }, setup)).toEqual([
    "'replicaEncryptionKey' (replica_encryption_key) must be a key in the account and region of the replica (account 333333333333, region eu-west-1), got account 333333333333, region eu-west-2",
    "'encryptionKey' (encryption_key) must be a key in the account and region of the bucket (account 333333333333, region eu-west-2), got account 333333333333, region eu-west-1",
  ]);
});

test('refuses a customer key for server access logs', () => {
  const setup = new Setup();

  expect(logRefusals({ source: LogSource.serverAccessLogs(), encryptionKey: new kms.Key(setup.stack, 'Key') }, setup))
    .toEqual(["'encryptionKey' (encryption_key) must be left out: S3 does not deliver server access logs to a bucket with a customer managed key"]);
});

test.each([
  ['AWS Config', LogSource.config(), 'AWS Config does not deliver to a bucket with Object Lock'],
  ['server access logs', LogSource.serverAccessLogs(), 'Object Lock blocks the delivery of server access logs'],
  ['VPC flow logs', LogSource.vpcFlowLogs(), 'AWS does not document that it delivers these logs to a bucket with Object Lock'],
  ['a writer that does not say so', LogSource.custom({ servicePrincipal: 'logs.amazonaws.com' }), "logs.amazonaws.com must be able to deliver to a bucket with Object Lock ('supportsObjectLock' (supports_object_lock))"],
])('refuses a lock that %s can not deliver to', (_, source, problem) => {
  expect(logRefusals({ source, objectLock: LOCK(1) })).toEqual([`'objectLock' (object_lock) must be left out: ${problem}; lock only the replica, with 'replicaObjectLock' (replica_object_lock)`]);
});

test.each([
  ['AWS CloudTrail', LogSource.cloudTrail()],
  ['a writer that says so', LogSource.custom({ servicePrincipal: 'logs.amazonaws.com', supportsObjectLock: true })],
])('takes a lock that %s can deliver to', (_, source) => {
  expect(logRefusals({ source, objectLock: LOCK(30) })).toEqual([]);
});

test('refuses a lock that is longer than the retention, on either side', () => {
  expect(logRefusals({ source: LogSource.cloudTrail(), objectLock: LOCK(31) }))
    .toEqual(["'objectLock' (object_lock) must not be longer than 'retention' (30 days): S3 can't delete locked objects, got 31 days"]);
  expect(logRefusals({ replicaRegion: IRELAND, replicaObjectLock: LOCK(31) }))
    .toEqual(["'replicaObjectLock' (replica_object_lock) must not be longer than 'retention' (30 days): S3 can't delete locked objects, got 31 days"]);
});

test('refuses a lock that is longer than the expiration of a rule, on either side', () => {
  const lifecycleRules = [{ expiration: Duration.days(30) }];

  expect(refusals({ objectLock: LOCK(31), lifecycleRules }))
    .toEqual(["'objectLock' (object_lock) must not be longer than the 'expiration' of 'lifecycleRules[0]' (lifecycle_rules), 30 days: S3 can't delete locked objects, got 31 days"]);
  expect(refusals({ objectLock: LOCK(31), replicaLifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }] }))
    .toEqual(["'replicaObjectLock' (replica_object_lock) must not be longer than the 'noncurrentVersionExpiration' (noncurrent_version_expiration) of 'replicaLifecycleRules[0]' (replica_lifecycle_rules), 30 days: S3 can't delete locked objects, got 31 days"]);
});

test('refuses a lock of the replica that is longer than what the bucket\'s rules say of it', () => {
  expect(refusals({ replicaObjectLock: LOCK(31), lifecycleRules: [{ expiration: Duration.days(30) }] }))
    .toEqual(["'replicaObjectLock' (replica_object_lock) must not be longer than the 'expiration' of 'lifecycleRules[0]' (lifecycle_rules), 30 days: S3 can't delete locked objects, got 31 days"]);
});

test('refuses a rule that shortens the retention of a log', () => {
  expect(logRefusals({ lifecycleRules: [{ prefix: 'AWSLogs/', expiration: Duration.days(29) }] }))
    .toEqual(["'expiration' of 'lifecycleRules[0]' (lifecycle_rules) must not be shorter than 'retention' (30 days), got 29 days"]);
});

test('refuses rules that shorten what is kept of a log, on either side', () => {
  const version = { noncurrentVersionExpiration: Duration.days(1) };

  expect(logRefusals({ lifecycleRules: [version] })).toEqual(["'noncurrentVersionExpiration' (noncurrent_version_expiration) of 'lifecycleRules[0]' (lifecycle_rules) must not be shorter than 'noncurrentVersionExpiration' (30 days), got 1 day"]);
  expect(logRefusals({ lifecycleRules: [version], noncurrentVersionExpiration: Duration.days(1) })).toEqual([]);
  expect(logRefusals({ replicaRegion: IRELAND, replicaLifecycleRules: [{ expiration: Duration.days(1), ...version }] })).toEqual([
    "'expiration' of 'replicaLifecycleRules[0]' (replica_lifecycle_rules) must not be shorter than 'retention' (30 days), got 1 day",
    "'noncurrentVersionExpiration' (noncurrent_version_expiration) of 'replicaLifecycleRules[0]' (replica_lifecycle_rules) must not be shorter than 'noncurrentVersionExpiration' (30 days), got 1 day",
  ]);
  expect(logRefusals({ lifecycleRules: [{ expirationDate: new Date('2027-01-01') }] })).toEqual(["'expirationDate' (expiration_date) of 'lifecycleRules[0]' (lifecycle_rules) must be left out: a date can't keep the 'retention'"]);
});

test('refuses a transition by date where a log expires by days', () => {
  expect(logRefusals({ transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionDate: new Date('2027-01-01') }] }))
    .toEqual(["'transitions' must all use 'transitionAfter' (transition_after) if the rule contains a number of days, got a 'transitionDate' (transition_date) to GLACIER"]);
});

test('refuses a rule with the id of the one that keeps a log', () => {
  expect(logRefusals({ lifecycleRules: [{ id: 'retention', expiration: Duration.days(60) }] }))
    .toEqual(["'id' of 'lifecycleRules[0]' (lifecycle_rules) must differ from 'retention', which this library uses"]);
});

test('refuses a lock of the replica that S3 would not keep, since the bucket has another one', () => {
  expect(refusals({ objectLock: s3.ObjectLockRetention.governance(Duration.days(1)), replicaObjectLock: LOCK(365) })).toEqual([
    "'replicaObjectLock' (replica_object_lock) must be left out if 'objectLock' (object_lock) differs from it: in the replica, S3 keeps the lock that an object has in the bucket, "
    + 'got COMPLIANCE for 365 days and GOVERNANCE for 1 day',
  ]);
  expect(refusals({ objectLock: LOCK(1), replicaObjectLock: LOCK(1) })).toEqual([]);
});

test('refuses an alias for a key: permissions would not go by it', () => {
  const setup = new Setup();
  const keys = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Keys');
  const problem = (property: string, path: string) => `${property} must be the key itself, not an alias, because permissions refer to the key, got '${path}'`;

  expect(refusals({ encryptionKey: kms.Alias.fromAliasName(setup.stack, 'Imported', 'alias/mine'), replicaEncryptionKey: new kms.Key(keys, 'Key').addAlias('mine') }, setup)).toEqual([
    problem("'replicaEncryptionKey' (replica_encryption_key)", 'Keys/Key/Alias'), problem("'encryptionKey' (encryption_key)", 'Logs/Imported'),
  ]);
});

test('refuses a key that is imported by the ARN of an alias', () => {
  const setup = new Setup();
  const encryptionKey = kms.Key.fromKeyArn(setup.stack, 'ByArn', 'arn:aws:kms:eu-west-2:333333333333:alias/mine');

  expect(refusals({ encryptionKey }, setup)).toEqual(["'encryptionKey' (encryption_key) must be the key itself, not an alias, because permissions refer to the key, got 'Logs/ByArn'"]);
});

test('refuses transitions of a log after it expired, and of a rule', () => {
  const transitions = [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }];

  expect(logRefusals({ transitions })).toEqual(["'transitions' must move objects before they expire (30 days), got STANDARD_IA after 30 days"]);
  expect(refusals({ lifecycleRules: [{ transitions, expiration: Duration.days(30) }] }))
    .toEqual(["'lifecycleRules[0]' (lifecycle_rules): 'transitions' must move objects before they expire (30 days), got STANDARD_IA after 30 days"]);
});

test('refuses an objective without a replica, and one that survives the account', () => {
  const setup = new Setup();

  expect(setup.refusals(() => new ReplicatedBucket(setup.stack, 'Uploads', { objectives: [objective(FailureScope.REGION)] })))
    .toEqual(["objective 'Logs' (survives REGION): there is no replica to recover from: set 'replicaRegion' (replica_region)"]);
  expect(refusals({ objectives: [objective(FailureScope.ACCOUNT)] })).toEqual([
    "objective 'Logs' (survives ACCOUNT): the replica is in the account of the bucket, so nothing remains to recover from: back up the bucket into a vault of another account",
  ]);
});

test('an RPO of 15 minutes needs replication time control', () => {
  expect(refusals({ objectives: [objective(FailureScope.REGION)] })).toEqual([]);
  expect(refusals({ objectives: [objective(FailureScope.REGION)], replicationTimeControl: false })).toEqual([
    "objective 'Logs' (survives REGION): without 'replicationTimeControl' (replication_time_control), S3 does not commit to a replication time, and 'rpo' is 15 minutes: turn it on",
  ]);
});

test('refuses an RPO of 14 minutes', () => {
  expect(refusals({ objectives: [objective(FailureScope.RESOURCE, Duration.minutes(14))] }))
    .toEqual(["objective 'Logs' (survives RESOURCE): S3 replicates within 15 minutes, and 'rpo' is 14 minutes: set a longer 'rpo'"]);
});

test('an RPO that is a token is reported as unchecked', () => {
  const setup = new Setup();
  setup.replicated({ objectives: [objective(FailureScope.REGION, Duration.minutes(Lazy.number({ produce: () => 15 })))] });

  expect(Registry.of(setup.app).all(UNCHECKED)).toEqual([{ id: 'objectiveNotChecked', path: 'Logs/Uploads', reason: "objective 'Logs': its 'rpo' is a token" }]);
});

test('all problems of an imported bucket are in one error', () => {
  expect(() => ReplicatedBucket.fromReplicatedBucketAttributes(new Setup().stack, 'Imported', {
    bucketName: 'Theirs', account: '1', region: 'London', replicaBucketName: 'replica', replicationRuleId: 'rule',
  })).toThrow([
    "invalid ReplicatedBucketAttributes of 'Imported' at 'Logs':",
    "- 'bucketName' (bucket_name) must be 3 to 63 lowercase letters, digits and hyphens, and neither begin nor end with a hyphen, got 'Theirs' (6 characters)",
    "- 'account' must be 12 digits, got '1'",
    "- 'region' must be a region, such as 'eu-west-1', got 'London'",
    "- 'replicaBucketName' (replica_bucket_name) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
    "- 'replicationRuleId' (replication_rule_id) has no effect without a replica: set 'replicaRegion' (replica_region) too, or leave it out",
  ].join('\n'));
});

test('refuses an imported replica in the region of its bucket', () => {
  expect(() => ReplicatedBucket.fromReplicatedBucketAttributes(new Setup().stack, 'Imported', { bucketName: 'theirs', account: LOG_ARCHIVE, region: LONDON, replicaRegion: LONDON, replicaBucketName: 'replica' }))
    .toThrow("'replicaRegion' (replica_region) must differ from the region of the bucket, eu-west-2");
});

test('refuses an imported replica without a name', () => {
  expect(() => ReplicatedBucket.fromReplicatedBucketAttributes(new Setup().stack, 'Imported', { bucketName: 'theirs', account: LOG_ARCHIVE, region: LONDON, replicaRegion: IRELAND }))
    .toThrow("'replicaBucketName' (replica_bucket_name) is required with 'replicaRegion' (replica_region), because the name can't be derived");
});
