import { App, Duration, Lazy, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { LogSource } from '../../src/logs/log-source';
import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';
import { Setup } from './setup';
import { bucketOf } from '../buckets/setup';

const YEARS = Duration.days(3650);

function retentionOf(setup: Setup, name = 'logs'): any {
  return bucketOf(setup.stack, name).LifecycleConfiguration.Rules.find(({ Id }: { Id: string }) => Id === 'retention');
}

test('the retention is the expiry of current and of other versions', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.config(), retention: Duration.days(30) });

  expect(retentionOf(setup)).toEqual({ Id: 'retention', Status: 'Enabled', ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 30 } });
});

test('other versions may expire sooner', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.config(), retention: Duration.days(30), noncurrentVersionExpiration: Duration.days(7) });

  expect(retentionOf(setup)).toMatchObject({ ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 7 } });
});

test.each([
  ['AWS CloudTrail', LogSource.cloudTrail(), [['STANDARD_IA', 90], ['GLACIER', 365]]],
  ['AWS Config', LogSource.config(), [['STANDARD_IA', 90], ['GLACIER', 365]]],
  ['VPC flow logs', LogSource.vpcFlowLogs(), [['STANDARD_IA', 30]]],
  ['server access logs', LogSource.serverAccessLogs(), [['STANDARD_IA', 30]]],
])('the usual transitions of %s are made', (_, source, transitions) => {
  const setup = new Setup();
  setup.logs({ source, retention: YEARS });

  expect(retentionOf(setup).Transitions).toEqual(transitions.map(([StorageClass, TransitionInDays]) => ({ StorageClass, TransitionInDays })));
});

test('a writer of one\'s own has no usual transitions', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.custom({ servicePrincipal: 'logs.amazonaws.com' }), retention: YEARS });

  expect(retentionOf(setup).Transitions).toBeUndefined();
});

test('usual transitions that come with the end of the retention, or after it, are not made', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.cloudTrail(), retention: Duration.days(365) });

  expect(retentionOf(setup).Transitions).toEqual([{ StorageClass: 'STANDARD_IA', TransitionInDays: 90 }]);
});

test('transitions of one\'s own replace the usual ones', () => {
  const setup = new Setup();
  const transitions = [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(7) }];
  setup.logs({ source: LogSource.cloudTrail(), retention: YEARS, transitions });

  expect(retentionOf(setup).Transitions).toEqual([{ StorageClass: 'GLACIER_IR', TransitionInDays: 7 }]);
});

test('the replica is kept as long, without transitions', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.cloudTrail(), retention: YEARS, replicaRegion: IRELAND });

  expect(bucketOf(setup.away, 'logs-replica').LifecycleConfiguration.Rules).toEqual([
    { Id: 'abort-incomplete-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    { Id: 'retention', Status: 'Enabled', ExpirationInDays: 3650, NoncurrentVersionExpiration: { NoncurrentDays: 3650 } },
  ]);
});

test('rules of one\'s own stand beside that of the retention', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.config(), retention: Duration.days(30), lifecycleRules: [{ id: 'own', prefix: 'tmp/', expiration: Duration.days(60) }] });

  expect(bucketOf(setup.stack, 'logs').LifecycleConfiguration.Rules.map(({ Id }: { Id: string }) => Id)).toEqual(['abort-incomplete-uploads', 'own', 'retention']);
});

test('server access logs have a key of S3, on both sides, and nothing in the rule is about keys', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.serverAccessLogs(), retention: Duration.days(30), replicaRegion: IRELAND });

  for (const [stack, name] of [[setup.stack, 'logs'], [setup.away, 'logs-replica']] as const) {
    expect(bucketOf(stack, name).BucketEncryption.ServerSideEncryptionConfiguration).toEqual([{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
  }
  const [rule] = bucketOf(setup.stack, 'logs').ReplicationConfiguration.Rules;
  expect([rule.SourceSelectionCriteria, rule.Destination.EncryptionConfiguration]).toEqual([undefined, undefined]);
  expect(JSON.stringify(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'))).not.toContain('kms:');
});

test('a retention is that which was given, and the source too', () => {
  const source = LogSource.config();
  const bucket = new Setup().logs({ source, retention: Duration.days(30) });

  expect([bucket.source, bucket.retention.toDays()]).toEqual([source, 30]);
});

test('access to a bucket is logged into one for access logs, whose policy is not made longer by it', () => {
  const setup = new Setup();
  const accessLogs = setup.logs({ source: LogSource.serverAccessLogs(), retention: Duration.days(90) });
  setup.replicated({ serverAccessLogsBucket: accessLogs.primary });

  expect(bucketOf(setup.stack, 'uploads').LoggingConfiguration).toEqual({ DestinationBucketName: { Ref: 'BucketD7FEB781' }, LogFilePrefix: 'uploads/' });
  const policy = Template.fromStack(setup.stack).findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: 'BucketD7FEB781' } } });
  expect(Object.values(policy)[0].Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toHaveLength(1);
});

test('the bucket waits for the policy of the one that its access logs go into', () => {
  const setup = new Setup();
  const accessLogs = setup.logs({ source: LogSource.serverAccessLogs(), retention: Duration.days(90) });
  setup.replicated({ serverAccessLogsBucket: accessLogs.primary });

  Template.fromStack(setup.stack).hasResource('AWS::S3::Bucket', { Properties: { BucketName: 'uploads' }, DependsOn: Match.arrayWith([Match.stringLikeRegexp('^BucketPolicy')]) });
});

test('a bucket may log access to itself, by its literal name: a reference to itself would be a circle', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.serverAccessLogs({ selfLogging: true }), retention: Duration.days(90) });

  expect(bucketOf(setup.stack, 'logs').LoggingConfiguration).toEqual({ DestinationBucketName: 'logs', LogFilePrefix: 'logs/' });
});

test('access may be logged into any bucket, whose policy is written', () => {
  const setup = new Setup();
  const target = new s3.Bucket(setup.stack, 'Target');
  setup.replicated({ serverAccessLogsBucket: target });

  Template.fromStack(setup.stack).hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: 'Target3191CF44' },
    PolicyDocument: {
      Statement: Match.arrayWith([{
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Target3191CF44', 'Arn'] }, '/*']] },
        Condition: { ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::uploads'] }, StringEquals: { 'aws:SourceAccount': '333333333333' } },
      }]),
    },
  });
});

test.each([true, false])('no bucket gets an ACL for access logs, with the feature flag of the CDK at %s', (flag) => {
  const app = new App({ context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': flag, '@aws-cdk/aws-s3:createDefaultLoggingPolicy': flag } });
  const stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Logs');
  const accessLogs = new ReplicatedLogBucket(stack, 'Access', { source: LogSource.serverAccessLogs({ selfLogging: true }), retention: Duration.days(90) });
  new ReplicatedBucket(stack, 'Uploads', { serverAccessLogsBucket: accessLogs.primary });
  new ReplicatedBucket(stack, 'Others', { serverAccessLogsBucket: new s3.Bucket(stack, 'Target') });

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('AccessControl');
});

test('access to the replica is logged in its own region', () => {
  const setup = new Setup();
  setup.replicated({ replicaServerAccessLogsBucket: new s3.Bucket(stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Ireland'), 'Target') });

  expect(bucketOf(setup.away, 'uploads-replica').LoggingConfiguration.LogFilePrefix).toBe('uploads-replica/');
});

test('the policy of an imported bucket for access logs is reported as unchecked', () => {
  const setup = new Setup();
  setup.replicated({ serverAccessLogsBucket: s3.Bucket.fromBucketName(setup.stack, 'Target', 'theirs') });

  expect(Registry.of(setup.app).all(UNCHECKED)).toEqual([{
    id: 'accessLogPolicy',
    path: 'Logs/Uploads',
    reason: expect.stringMatching(/^the policy of bucket 'Logs\/Target', which is not managed here: it must contain .*"logging.s3.amazonaws.com"/),
  }]);
});

test('refuses a bucket for access logs in another region', () => {
  const setup = new Setup();
  const refusals = (target: s3.Bucket) => setup.refusals(() => setup.replicated({ serverAccessLogsBucket: target }));

  expect(refusals(new s3.Bucket(stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Ireland'), 'Target'))).toEqual([
    "'serverAccessLogsBucket' (server_access_logs_bucket) must be in the account and region of its bucket (account 333333333333, region eu-west-2), got account 333333333333, region eu-west-1",
  ]);
});

test('refuses a bucket for access logs with a lock or a customer key', () => {
  const setup = new Setup();
  const target = new s3.Bucket(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'London'), 'Target', { objectLockEnabled: true, encryption: s3.BucketEncryption.KMS });

  expect(setup.refusals(() => setup.replicated({ serverAccessLogsBucket: target }))).toEqual([
    "'serverAccessLogsBucket' (server_access_logs_bucket) must not have Object Lock, which blocks the delivery of server access logs, got 'London/Target'",
    "'serverAccessLogsBucket' (server_access_logs_bucket) must use SSE-S3: server access logs can't be delivered to a bucket with a key of AWS KMS, got 'London/Target'",
  ]);
});

test('refuses a bucket for access logs where the bucket logs to itself', () => {
  const setup = new Setup();
  const source = LogSource.serverAccessLogs({ selfLogging: true });

  expect(setup.refusals(() => setup.logs({ source, retention: Duration.days(90), serverAccessLogsBucket: new s3.Bucket(setup.stack, 'Target') })))
    .toEqual(["'serverAccessLogsBucket' (server_access_logs_bucket) has no effect if the bucket logs to itself ('selfLogging' (self_logging)): leave one of them out"]);
});

test('refuses a bucket for access logs with a key of KMS that AWS manages', () => {
  const setup = new Setup();
  const target = new s3.Bucket(setup.stack, 'Target', { encryption: s3.BucketEncryption.KMS_MANAGED });

  expect(setup.refusals(() => setup.replicated({ serverAccessLogsBucket: target }))).toHaveLength(1);
});

test('a plain bucket for access logs has its policy before anything is logged into it', () => {
  const setup = new Setup();
  setup.replicated({ serverAccessLogsBucket: new s3.Bucket(setup.stack, 'Target') });

  Template.fromStack(setup.stack).hasResource('AWS::S3::Bucket', { Properties: { BucketName: 'uploads' }, DependsOn: Match.arrayWith(['TargetPolicyDC4F1B6B']) });
});

test('access may be logged into a bucket of another stack, or of another Stage, whose name is known', () => {
  const setup = new Setup();
  const source = LogSource.serverAccessLogs();
  const near = new ReplicatedLogBucket(stackIn(LOG_ARCHIVE, LONDON, setup.app, 'Near'), 'Access', { source, retention: Duration.days(90) });
  const far = new ReplicatedLogBucket(stackIn(LOG_ARCHIVE, LONDON, new Stage(setup.app, 'Far'), 'Stack'), 'Access', { bucketName: 'far', source, retention: Duration.days(90) });
  setup.replicated({ serverAccessLogsBucket: near.primary });
  setup.replicated({ bucketName: 'others', serverAccessLogsBucket: far.primary }, 'Others');
  setup.app.synth();

  expect(bucketOf(setup.stack, 'others').LoggingConfiguration.DestinationBucketName).toBe('far');
  expect(setup.stack.dependencies.map(({ node }) => node.path)).toContain('Near');
});

test('the retention may be a token', () => {
  const setup = new Setup();
  setup.logs({ source: LogSource.cloudTrail(), retention: Duration.days(Lazy.number({ produce: () => 400 })) });

  expect([retentionOf(setup).ExpirationInDays, retentionOf(setup).Transitions]).toEqual([400, undefined]);
});
