import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Setup } from './setup';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

const ROLE = 'Logs-Uploads-Replication-1d52f38a-eu-west-2';
const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const [SOURCE, REPLICA] = ['arn:aws:s3:::uploads', 'arn:aws:s3:::uploads-replica'];

/** What S3 asks for with the role, decided by all policies of both stacks. */
function asked(setup: Setup, side: 'home' | 'away', action: string, resource: string, context: Record<string, string | string[]> = OVER_TLS, role = ROLE): Case {
  const [home, away] = [Rendered.of(setup.stack), Rendered.of(setup.away)];
  const [rendered, name] = side === 'home' ? [home, 'uploads'] as const : [away, 'uploads-replica'] as const;
  return {
    name: action,
    request: { principal: `arn:aws:sts::${LOG_ARCHIVE}:assumed-role/${role}/s3`, action, resource, resourceAccount: LOG_ARCHIVE, context },
    identityPolicies: role === ROLE ? home.identityPolicies(ROLE) : [],
    resourcePolicy: action.startsWith('kms:') ? rendered.keyPolicyOfBucket(name) : rendered.bucketPolicy(name),
  };
}

function keyArn(setup: Setup, side: 'home' | 'away'): string {
  return side === 'home' ? Rendered.of(setup.stack).keyArnOfBucket('uploads') : Rendered.of(setup.away).keyArnOfBucket('uploads-replica');
}

/** With a bucket key S3 names the bucket, without one the object. */
function throughS3(region: string, arn: string): Record<string, string | string[]> {
  return { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': arn, 'kms:ResourceAliases': ['alias/uploads-replica'] };
}

test('the role may do all that S3 replicates with', () => {
  const setup = new Setup();
  setup.replicated({ objectLock: s3.ObjectLockRetention.governance(Duration.days(1)), deleteMarkerReplication: true });
  const [own, theirs] = [keyArn(setup, 'home'), keyArn(setup, 'away')];
  const cases = [
    ...['s3:GetReplicationConfiguration', 's3:ListBucket'].map((action) => asked(setup, 'home', action, SOURCE)),
    ...['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging', 's3:GetObjectRetention', 's3:GetObjectLegalHold']
      .map((action) => asked(setup, 'home', action, `${SOURCE}/key`)),
    ...['s3:ReplicateObject', 's3:ReplicateTags', 's3:ReplicateDelete'].map((action) => asked(setup, 'away', action, `${REPLICA}/key`)),
    ...[SOURCE, `${SOURCE}/key`].map((arn) => asked(setup, 'home', 'kms:Decrypt', own, throughS3(LONDON, arn))),
    ...[REPLICA, `${REPLICA}/key`].flatMap((arn) => ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']
      .map((action) => asked(setup, 'away', action, theirs, throughS3(IRELAND, arn)))),
  ];

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test('the role may do nothing else with objects', () => {
  const setup = new Setup();
  setup.replicated();
  const cases = [
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObjectRetention'].map((action) => asked(setup, 'home', action, `${SOURCE}/key`)),
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete', 's3:ObjectOwnerOverrideToBucketOwner']
      .map((action) => asked(setup, 'away', action, `${REPLICA}/key`)),
    asked(setup, 'away', 's3:ReplicateObject', 'arn:aws:s3:::other/key'),
  ];

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('the role uses keys through S3, for its two buckets only', () => {
  const setup = new Setup();
  setup.replicated();
  const [own, theirs] = [keyArn(setup, 'home'), keyArn(setup, 'away')];
  const cases = [
    asked(setup, 'home', 'kms:Decrypt', own, throughS3(LONDON, 'arn:aws:s3:::other')),
    asked(setup, 'home', 'kms:Decrypt', own, { ...throughS3(LONDON, SOURCE), 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' }),
    asked(setup, 'home', 'kms:Encrypt', own, throughS3(LONDON, SOURCE)),
    asked(setup, 'home', 'kms:Decrypt', own, {}),
  ];

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
  expect(decide([
    asked(setup, 'away', 'kms:Encrypt', theirs, throughS3(IRELAND, 'arn:aws:s3:::other')),
    asked(setup, 'away', 'kms:Encrypt', theirs, { ...throughS3(IRELAND, REPLICA), 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' }),
  ])).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
});

test('of the keys in the region of the replica, the role uses the one with the alias', () => {
  const setup = new Setup();
  setup.replicated();
  const context = { ...throughS3(IRELAND, REPLICA), 'kms:ResourceAliases': ['alias/other'] };
  const encrypt = asked(setup, 'away', 'kms:Encrypt', keyArn(setup, 'away'), context);
  const [root] = encrypt.resourcePolicy!.Statement as object[];

  // Of a key that leaves everything to IAM, as most do.
  expect(decide([{ ...encrypt, resourcePolicy: { ...encrypt.resourcePolicy, Statement: [root] } }])).toEqual(['ImplicitlyDenied']);
});

test('two buckets may have one key, whose statements have ids of their own', () => {
  const setup = new Setup();
  const encryptionKey = new kms.Key(setup.stack, 'Key');
  setup.replicated({ encryptionKey });
  setup.replicated({ encryptionKey, bucketName: 'others' }, 'Others');
  const [key] = Object.values(Template.fromStack(setup.stack).findResources('AWS::KMS::Key'));
  const sids = key.Properties.KeyPolicy.Statement.flatMap(({ Sid }: { Sid?: string }) => Sid ?? []);

  expect(sids).toEqual(['ReplicationDecryptsLogsUploads70d59bc9', 'ReplicationDecryptsLogsOthersa5468a31']);
});

test('the keys let the role in by themselves, where they leave nothing to IAM', () => {
  const setup = new Setup();
  setup.replicated();
  const withoutDelegation = (each: Case): Case => ({
    ...each, resourcePolicy: { ...each.resourcePolicy, Statement: (each.resourcePolicy!.Statement as { Sid?: string }[]).filter(({ Sid }) => Sid?.startsWith('Replication')) },
  });
  const decrypt = asked(setup, 'home', 'kms:Decrypt', keyArn(setup, 'home'), throughS3(LONDON, SOURCE));
  const encrypt = asked(setup, 'away', 'kms:Encrypt', keyArn(setup, 'away'), throughS3(IRELAND, REPLICA));
  const other = asked(setup, 'home', 'kms:Decrypt', keyArn(setup, 'home'), throughS3(LONDON, SOURCE), 'other');

  expect(decide([decrypt, encrypt, { ...other, identityPolicies: decrypt.identityPolicies }].map(withoutDelegation))).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied']);
});

test('only S3 assumes the role', () => {
  const setup = new Setup();
  const { replicationRole } = setup.replicated();

  expect(setup.stack.resolve((replicationRole as iam.Role).assumeRolePolicy).Statement).toEqual([
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
  ]);
});

test('roles of two buckets have two names', () => {
  const setup = new Setup();
  const [one, other] = [new ReplicatedBucket(setup.stack, 'One', { replicaRegion: IRELAND }), new ReplicatedBucket(setup.stack, 'Two', { replicaRegion: IRELAND })];
  const nameOf = (role?: iam.IRole) => (role!.node.defaultChild as iam.CfnRole).roleName;

  expect([nameOf(one.replicationRole), nameOf(other.replicationRole)]).toEqual(['Logs-One-Replication-433713ea-eu-west-2', 'Logs-Two-Replication-ba17bf24-eu-west-2']);
});

test('a reader may read from both buckets, and decrypt what is in them', () => {
  const setup = new Setup();
  const bucket = setup.replicated();
  const reader = new iam.Role(setup.stack, 'Reader', { roleName: 'reader', assumedBy: new iam.AccountRootPrincipal() });
  bucket.grants.read(reader);
  const policy = setup.stack.resolve((reader.node.findChild('DefaultPolicy') as iam.Policy).document.toJSON());
  const ask = (side: 'home' | 'away', action: string, resource: string, context?: Record<string, string | string[]>): Case => {
    const { name, request, resourcePolicy } = asked(setup, side, action, resource, context, 'reader');
    return { name, request, resourcePolicy, identityPolicies: [policy] };
  };
  const [own, theirs] = [keyArn(setup, 'home'), keyArn(setup, 'away')];
  const reads = [
    ask('home', 's3:ListBucket', SOURCE), ask('home', 's3:GetObject', `${SOURCE}/key`), ask('home', 'kms:Decrypt', own, throughS3(LONDON, SOURCE)),
    ask('away', 's3:ListBucket', REPLICA), ask('away', 's3:GetObjectVersion', `${REPLICA}/key`), ask('away', 'kms:Decrypt', theirs, throughS3(IRELAND, REPLICA)),
  ];
  const others = [
    ask('home', 's3:PutObject', `${SOURCE}/key`), ask('away', 's3:DeleteObject', `${REPLICA}/key`), ask('home', 'kms:Encrypt', own, throughS3(LONDON, SOURCE)),
    ask('home', 'kms:Decrypt', own, throughS3(LONDON, 'arn:aws:s3:::other')),
  ];

  expect(decide(reads)).toEqual(reads.map(() => 'Allowed'));
  expect(decide(others)).toEqual(others.map(() => 'ImplicitlyDenied'));
});
