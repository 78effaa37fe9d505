import { Duration, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { bucketOf, Setup } from './setup';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const BUCKET = 'AWS::S3::Bucket';

test('a bucket alone makes no other stack and no replication', () => {
  const setup = new Setup();
  new ReplicatedBucket(setup.stack, 'Uploads');

  expect(setup.app.node.findAll().filter((each) => Stack.isStack(each))).toEqual([setup.stack]);
  Template.fromStack(setup.stack).hasResourceProperties(BUCKET, { ReplicationConfiguration: Match.absent() });
  Template.fromStack(setup.stack).resourceCountIs('AWS::IAM::Role', 0);
});

test.each([['the bucket', 'uploads'], ['its replica', 'uploads-replica']])('%s is versioned, private, without ACLs and encrypted with a customer key', (_, name) => {
  const setup = new Setup();
  setup.replicated();

  expect(bucketOf(name === 'uploads' ? setup.stack : setup.away, name)).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
  });
});

test.each([BUCKET, 'AWS::S3::BucketPolicy', 'AWS::KMS::Key'])('%s is retained when it leaves the stack, on both sides', (type) => {
  const setup = new Setup();
  setup.replicated();

  for (const stack of [setup.stack, setup.away]) {
    Template.fromStack(stack).allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  }
});

test('the role is retained, so that a retained bucket replicates on', () => {
  const setup = new Setup();
  setup.replicated();

  Template.fromStack(setup.stack).hasResource('AWS::IAM::Role', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
});

test('another removal policy holds for buckets, keys and the alias', () => {
  const setup = new Setup();
  setup.replicated({ removalPolicy: RemovalPolicy.DESTROY });

  for (const type of [BUCKET, 'AWS::KMS::Key', 'AWS::KMS::Alias']) {
    Template.fromStack(setup.away).allResources(type, { DeletionPolicy: 'Delete' });
  }
});

test('every object is replicated within 15 minutes, what a key of KMS encrypts included, and metrics are on', () => {
  const setup = new Setup();
  setup.replicated();

  Template.fromStack(setup.stack).hasResourceProperties(BUCKET, {
    ReplicationConfiguration: {
      Role: { 'Fn::GetAtt': ['UploadsReplicationRole63D43E19', 'Arn'] },
      Rules: [{
        Id: 'to-replica',
        Status: 'Enabled',
        Priority: 1,
        Filter: { Prefix: '' },
        DeleteMarkerReplication: { Status: 'Disabled' },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        Destination: {
          Bucket: 'arn:aws:s3:::uploads-replica',
          StorageClass: 'STANDARD_IA',
          EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-1:333333333333:alias/uploads-replica' },
          Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
          ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
        },
      }],
    },
  });
});

test('without time control there are metrics still', () => {
  const setup = new Setup();
  setup.replicated({ replicationTimeControl: false });

  const [{ Destination }] = bucketOf(setup.stack, 'uploads').ReplicationConfiguration.Rules;
  expect([Destination.Metrics, Destination.ReplicationTime]).toEqual([{ Status: 'Enabled' }, undefined]);
});

test('storage class and delete markers may be chosen', () => {
  const setup = new Setup();
  setup.replicated({ replicaStorageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, deleteMarkerReplication: true });

  expect(bucketOf(setup.stack, 'uploads').ReplicationConfiguration.Rules[0]).toMatchObject({
    DeleteMarkerReplication: { Status: 'Enabled' }, Destination: { StorageClass: 'GLACIER_IR' },
  });
});

test('the alias of the replica\'s key is in the stack of the replica', () => {
  const setup = new Setup();
  setup.replicated();

  Template.fromStack(setup.away).hasResource('AWS::KMS::Alias', {
    Properties: { AliasName: 'alias/uploads-replica', TargetKeyId: { 'Fn::GetAtt': ['LogsUploads8d5f2b4dKey77BDD514', 'Arn'] } },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
});

test('the stack of the replica is deployed first, and nothing is exported between the two', () => {
  const setup = new Setup();
  setup.replicated();
  const { stacks } = setup.app.synth();

  expect([setup.stack.dependencies, setup.away.dependencies]).toEqual([[setup.away], []]);
  expect(JSON.stringify(stacks.map(({ template }) => template))).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|Custom::CrossRegion/);
});

test('names follow from path, account and region, and are literal on both sides', () => {
  const setup = new Setup();
  const { bucketName, bucketArn, replicaBucketName, replicaBucketArn, replicaRegion } = new ReplicatedBucket(setup.stack, 'Uploads', { replicaRegion: IRELAND });

  expect({ bucketName, bucketArn, replicaBucketName, replicaBucketArn, replicaRegion }).toEqual({
    bucketName: 'logs-uploads-8d5f2b4d-333333333333-eu-west-2',
    bucketArn: 'arn:aws:s3:::logs-uploads-8d5f2b4d-333333333333-eu-west-2',
    replicaBucketName: 'logs-uploads-70d59bc9-333333333333-eu-west-1',
    replicaBucketArn: 'arn:aws:s3:::logs-uploads-70d59bc9-333333333333-eu-west-1',
    replicaRegion: 'eu-west-1',
  });
});

test('a bucket in China has ARNs of China', () => {
  const stack = stackIn(LOG_ARCHIVE, 'cn-north-1');
  const { bucketArn, replicaBucketArn } = new ReplicatedBucket(stack, 'Uploads', { bucketName: 'uploads', replicaRegion: 'cn-northwest-1' });

  expect([bucketArn, replicaBucketArn]).toEqual(['arn:aws-cn:s3:::uploads', 'arn:aws-cn:s3:::uploads-replica']);
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const decrypt = role.Properties.Policies[0].PolicyDocument.Statement.find(({ Sid }: { Sid: string }) => Sid === 'DecryptObjects');
  expect(decrypt.Condition.StringEquals['kms:ViaService']).toEqual(['s3.cn-north-1.amazonaws.com', 's3.cn-north-1.amazonaws.com.cn']);
});

test('a stack without an account and region may have a bucket, as long as it has no replica', () => {
  const stack = new Stack(undefined, 'Agnostic');
  new ReplicatedBucket(stack, 'Uploads');

  Template.fromStack(stack).hasResourceProperties(BUCKET, {
    BucketName: { 'Fn::Join': ['', ['agnostic-uploads-0d46c1aa-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
  });
});

test('two nested stacks of one parent share the support stack, and their buckets do not collide', () => {
  const setup = new Setup();
  for (const id of ['One', 'Two']) {
    new ReplicatedBucket(new NestedStack(setup.stack, id), 'Uploads', { replicaRegion: IRELAND });
  }
  setup.app.synth();

  Template.fromStack(setup.away).resourceCountIs(BUCKET, 2);
  expect(setup.stack.dependencies).toContain(setup.away);
});

test('the replica may be in a stack of one\'s own, in another Stage', () => {
  const setup = new Setup();
  const elsewhere = stackIn(LOG_ARCHIVE, IRELAND, new Stage(setup.app, 'Away'), 'Replicas');
  setup.replicated({ replicaRegion: undefined, replicaScope: elsewhere });
  setup.app.synth();

  expect(bucketOf(elsewhere, 'uploads-replica').VersioningConfiguration).toEqual({ Status: 'Enabled' });
  expect(setup.stack.dependencies).toEqual([]);
});

test('keys of the caller are used on both sides, and an alias is made for one that has no literal ARN', () => {
  const setup = new Setup();
  const keys = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Keys');
  setup.replicated({ encryptionKey: new kms.Key(setup.stack, 'Key'), replicaEncryptionKey: new kms.Key(keys, 'Key') });

  Template.fromStack(setup.stack).resourceCountIs('AWS::KMS::Key', 1);
  Template.fromStack(setup.away).resourceCountIs('AWS::KMS::Key', 0);
  Template.fromStack(setup.away).hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/uploads-replica' });
});

test('a key with a literal ARN needs no alias, and its policy is reported as unchecked', () => {
  const setup = new Setup();
  const arn = 'arn:aws:kms:eu-west-1:333333333333:key/1234';
  setup.replicated({ replicaEncryptionKey: kms.Key.fromKeyArn(stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Keys'), 'Key', arn) });

  expect(bucketOf(setup.stack, 'uploads').ReplicationConfiguration.Rules[0].Destination.EncryptionConfiguration).toEqual({ ReplicaKmsKeyID: arn });
  expect(setup.away.node.findAll().filter((each) => each instanceof kms.Alias)).toEqual([]);
  expect(Registry.of(setup.app).all(UNCHECKED)).toEqual([{
    id: 'bucketKeyPolicy',
    path: 'Logs/Uploads',
    reason: expect.stringMatching(/^the policy of key 'Keys\/Key', which is not managed here: it must contain \{.*"Sid":"ReplicationEncryptsLogsUploads70d59bc9"\}$/),
  }]);
});

test('a lock holds on both sides, and the role may read it', () => {
  const setup = new Setup();
  setup.replicated({ objectLock: s3.ObjectLockRetention.compliance(Duration.days(30)) });

  for (const bucket of [bucketOf(setup.stack, 'uploads'), bucketOf(setup.away, 'uploads-replica')]) {
    expect(bucket).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
    });
  }
  expect(JSON.stringify(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'))).toMatch(/s3:GetObjectLegalHold","s3:GetObjectRetention/);
});

test('an unlocked intake may have a locked replica', () => {
  const setup = new Setup();
  setup.replicated({ replicaObjectLock: s3.ObjectLockRetention.governance(Duration.days(30)) });

  expect(bucketOf(setup.stack, 'uploads').ObjectLockEnabled).toBeUndefined();
  expect(bucketOf(setup.away, 'uploads-replica').ObjectLockConfiguration.Rule).toEqual({ DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } });
  expect(JSON.stringify(Template.fromStack(setup.stack).findResources('AWS::IAM::Role'))).not.toContain('s3:GetObjectRetention');
});

test('uploads that are not completed are removed, and small objects stay where they are', () => {
  const setup = new Setup();
  setup.replicated();

  expect(bucketOf(setup.stack, 'uploads').LifecycleConfiguration).toEqual({
    Rules: [{ Id: 'abort-incomplete-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
    TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
  });
});

test('the replica keeps objects as long as the bucket, and where they are', () => {
  const setup = new Setup();
  setup.replicated({
    lifecycleRules: [
      { id: 'keep', expiration: Duration.days(90), transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }] },
      { id: 'move', transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(30) }] },
    ],
  });

  expect(bucketOf(setup.stack, 'uploads').LifecycleConfiguration.Rules).toHaveLength(3);
  expect(bucketOf(setup.away, 'uploads-replica').LifecycleConfiguration.Rules.slice(1)).toEqual([{ Id: 'keep', Status: 'Enabled', ExpirationInDays: 90 }]);
});

test('the lifecycle of the replica may be another one', () => {
  const setup = new Setup();
  setup.replicated({ replicaLifecycleRules: [{ id: 'own', expiration: Duration.days(400) }] });

  expect(bucketOf(setup.away, 'uploads-replica').LifecycleConfiguration.Rules.slice(1)).toEqual([{ Id: 'own', Status: 'Enabled', ExpirationInDays: 400 }]);
});

test('each metric is that of the region that publishes it', () => {
  const setup = new Setup();
  const bucket = setup.replicated();
  const dimensions = { SourceBucket: 'uploads', DestinationBucket: 'uploads-replica', RuleId: 'to-replica' };
  const metric = (metricName: string, region: string, statistic: string) => ({ namespace: 'AWS/S3', metricName, region, account: LOG_ARCHIVE, statistic, dimensions });

  expect([
    bucket.metricReplicationLatency(),
    bucket.metricBytesPendingReplication(),
    bucket.metricOperationsPendingReplication(),
    bucket.metricOperationsFailedReplication(),
  ]).toMatchObject([
    metric('ReplicationLatency', IRELAND, 'Maximum'),
    metric('BytesPendingReplication', IRELAND, 'Maximum'),
    metric('OperationsPendingReplication', IRELAND, 'Maximum'),
    metric('OperationsFailedReplication', LONDON, 'Sum'),
  ]);
});

test('a bucket without a replica has no metrics of one', () => {
  const bucket = new ReplicatedBucket(new Setup().stack, 'Uploads');

  expect(() => bucket.metricReplicationLatency()).toThrow("bucket 'Logs/Uploads' has no replica: set 'replicaRegion' (replica_region), or leave out 'metricReplicationLatency'");
});

test('an imported bucket has literal names and ARNs, and metrics', () => {
  const setup = new Setup();
  const bucket = ReplicatedBucket.fromReplicatedBucketAttributes(setup.stack, 'Imported', {
    bucketName: 'theirs', account: '222222222222', region: LONDON, replicaRegion: IRELAND, replicaBucketName: 'theirs.replica', replicationRuleId: 'their-rule',
  });

  expect([bucket.bucketArn, bucket.replicaBucketArn, bucket.primary.bucketName, bucket.replica?.bucketName]).toEqual([
    'arn:aws:s3:::theirs', 'arn:aws:s3:::theirs.replica', 'theirs', 'theirs.replica',
  ]);
  expect(bucket.metricReplicationLatency().dimensions).toEqual({ SourceBucket: 'theirs', DestinationBucket: 'theirs.replica', RuleId: 'their-rule' });
});

test('an imported bucket may have no replica', () => {
  const attributes = { bucketName: 'theirs', account: '222222222222', region: LONDON };
  const { replicaBucketName, replicaBucketArn, replica, replicaRegion } = ReplicatedBucket.fromReplicatedBucketAttributes(new Setup().stack, 'Imported', attributes);

  expect([replicaBucketName, replicaBucketArn, replica, replicaRegion]).toEqual([undefined, undefined, undefined, undefined]);
});

test('imports add nothing to the template', () => {
  const setup = new Setup();
  ReplicatedBucket.fromReplicatedBucketAttributes(setup.stack, 'Imported', {
    bucketName: 'theirs', account: '222222222222', region: LONDON, replicaRegion: IRELAND, replicaBucketName: 'replica',
  });

  expect(Template.fromStack(setup.stack).toJSON().Resources).toBeUndefined();
});
