import { Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DAILY, Setup } from './setup';
import { suppressWildcards } from '../../src/private/nag-suppressions';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { admitCapture, admitRecords, captureStatements, recordStatements } from '../../src/snapshots/snapshot-writers';
import { nagFindings } from '../nag-findings';
import { Rendered } from '../policies';
import { problemsAtSynthesis } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');

/** The ids of the statements of the policies of a bucket and its key that allow something to a writer. */
function sidsOf(stack: Stack, bucketName = 'snapshots'): string[] {
  const rendered = Rendered.of(stack);
  const documents = [rendered.bucketPolicy(bucketName), rendered.keyPolicyOfBucket(bucketName)] as { Statement: { Sid?: string }[] }[];
  return documents.flatMap(({ Statement }) => Statement.flatMap(({ Sid }) => Sid ?? [])).filter((sid) => /^(Put|List|Encrypt)/.test(sid));
}

test('the policies name the accounts as principals, and the roles in a condition', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  setup.capture(bucket);
  setup.capture(bucket, setup.other);
  const { Statement } = Rendered.of(setup.stack).bucketPolicy('snapshots') as { Statement: Record<string, unknown>[] };

  expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
    {
      Sid: 'PutEcs',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::444444444444:root'] },
      Action: 's3:PutObject',
      Resource: ['daily', 'weekly', 'change'].map((tier) => `arn:aws:s3:::snapshots/${tier}/ecs/\${aws:PrincipalAccount}/*`),
      Condition: { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/capture', 'arn:aws:iam::444444444444:role/capture'] } },
    },
    {
      Sid: 'ListEcs',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::444444444444:root'] },
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::snapshots',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/capture', 'arn:aws:iam::444444444444:role/capture'] },
        StringLike: { 's3:prefix': ['daily', 'weekly', 'change'].map((tier) => `${tier}/ecs/\${aws:PrincipalAccount}/*`) },
      },
    },
  ]);
});

test('whoever captures leaves the replica to Amazon S3, and records open both buckets', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  const role = setup.capture(bucket);

  expect([sidsOf(setup.stack), sidsOf(setup.away, 'snapshots-replica')]).toEqual([['PutEcs', 'ListEcs', 'EncryptEcsArchiveConfiguration036ca4ae'], []]);
  const recorded = new Setup();
  admitRecords(recorded.bucket(), { by: recorded.workload, role, account: INFRASTRUCTURE });

  expect([sidsOf(recorded.stack), sidsOf(recorded.away, 'snapshots-replica')].map((sids) => sids.map((sid) => sid.replace(/Archive.*/, ''))))
    .toEqual([['PutRecords', 'EncryptRecords'], ['PutRecords', 'EncryptRecords']]);
});

test('a capture that is removed closes the bucket and its key behind it', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  setup.capture(bucket);
  setup.capture(bucket, setup.other);
  setup.app.node.tryRemoveChild('Workload');
  const policies = JSON.stringify([Rendered.of(setup.stack).bucketPolicy('snapshots'), Rendered.of(setup.stack).keyPolicyOfBucket('snapshots')]);

  expect(policies).not.toContain('222222222222');
  expect(policies.match(/role\/capture/g)).toHaveLength(3);
});

test('when the last one is removed, no statement is left', () => {
  const setup = new Setup();
  setup.capture(setup.bucket());
  setup.app.node.tryRemoveChild('Workload');

  expect(sidsOf(setup.stack)).toEqual([]);
});

test('an aspect may rename the role, with its path', () => {
  const setup = new Setup();
  const role = setup.capture(setup.bucket());
  Aspects.of(role).add({
    visit: (node) => {
      if (node instanceof iam.CfnRole) {
        Object.assign(node, { roleName: 'renamed', path: '/dr/' });
      }
    },
  });
  const { Statement } = Rendered.of(setup.stack).bucketPolicy('snapshots') as { Statement: { Sid?: string; Condition: any }[] };

  expect(Statement.find(({ Sid }) => Sid === 'PutEcs')!.Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/dr/renamed'] } });
});

test('in one Stage, a role may be renamed until its template is written, also when that is done again', () => {
  const setup = new Setup();
  const role = setup.capture(setup.bucket());
  setup.app.synth();
  (role.node.defaultChild as iam.CfnRole).roleName = 'renamed';
  const { template } = setup.app.synth({ force: true }).getStackArtifact(setup.stack.artifactId);

  expect(JSON.stringify(template)).toContain('arn:aws:iam::222222222222:role/renamed');
});

test('a role of another account without a literal name is refused', () => {
  const setup = new Setup();
  const role = new iam.Role(setup.workload, 'Role', { assumedBy });

  expect(() => admitCapture(setup.bucket(), { by: role, kind: 'ecs', role, account: INFRASTRUCTURE }))
    .toThrow("bucket 'snapshots' can't allow the role 'Workload/Role' of another account without a literal name: set 'roleName' (role_name) on the role");
});

test('a role of the bucket\'s own account needs none', () => {
  const setup = new Setup();
  const role = new iam.Role(setup.stack, 'Role', { assumedBy });
  admitCapture(setup.bucket(), { by: role, kind: 'ecs', role, account: LOG_ARCHIVE });

  expect(sidsOf(setup.stack)).toEqual([]);
});

test('a role whose name an aspect takes away is refused at synthesis', () => {
  const setup = new Setup();
  const role = setup.capture(setup.bucket());
  Aspects.of(role).add({
    visit: (node) => {
      if (node instanceof iam.CfnRole) {
        node.roleName = undefined;
      }
    },
  });

  expect(problemsAtSynthesis(setup.app)).toContain("the role 'Workload/capture', which bucket 'snapshots' of another account allows by its name, has no literal name and path in its template: "
    + "an aspect or an override changed 'capture'; set 'roleName' (role_name) and 'path' to literals");
});

describe('with the bucket in a Stage of its own', () => {
  function archived(setup: Setup): { readonly stage: Stage; readonly bucket: ConfigurationBucket } {
    const stage = new Stage(setup.app, 'Early');
    return { stage, bucket: new ConfigurationBucket(stackIn(LOG_ARCHIVE, LONDON, stage, 'Archive'), 'Bucket', { bucketName: 'early', schedules: [DAILY] }) };
  }

  test('a capture that is defined after that Stage was synthesized is refused: its statements would be lost', () => {
    const setup = new Setup();
    const { stage, bucket } = archived(setup);
    stage.synth();

    expect(() => setup.capture(bucket)).toThrow("bucket 'early' is already synthesized, and now 'Workload/capture' requires that account 222222222222 writes into it: "
      + "define 'Workload/capture' before the Stage of the bucket is synthesized");
  });

  test('a capture of the bucket\'s own account may be defined later', () => {
    const setup = new Setup();
    const { stage, bucket } = archived(setup);
    stage.synth();

    expect(() => setup.capture(bucket, setup.stack)).not.toThrow();
  });

  test('a role that is renamed after that Stage was synthesized is refused', () => {
    const setup = new Setup();
    const { stage, bucket } = archived(setup);
    const role = setup.capture(bucket);
    stage.synth();
    (role.node.defaultChild as iam.CfnRole).roleName = 'renamed';

    expect(problemsAtSynthesis(setup.app)).toContain("the role 'Workload/capture', which bucket 'early' of another account allows by its name, is 'renamed' in its template, "
      + "but the bucket, whose Stage was synthesized before, allows 'capture': set 'roleName' (role_name) and 'path' where the role is defined, not in an aspect or an override");
  });

  test('a role that keeps its name is fine', () => {
    const setup = new Setup();
    const { stage, bucket } = archived(setup);
    setup.capture(bucket);
    stage.synth();

    expect(problemsAtSynthesis(setup.app)).toEqual([]);
  });
});

test('a replica in a Stage of its own gets its statements, too', () => {
  const setup = new Setup();
  const away = stackIn(LOG_ARCHIVE, IRELAND, new Stage(setup.app, 'Away'), 'Replicas');
  const role = new iam.Role(setup.workload, 'Role', { roleName: 'runbook', assumedBy });
  admitRecords(setup.bucket({ replicaRegion: undefined, replicaScope: away }), { by: role, role, account: INFRASTRUCTURE });

  expect(sidsOf(away, 'snapshots-replica')).toHaveLength(2);
});

test('what writes is deployed after the bucket', () => {
  const setup = new Setup();
  setup.capture(setup.bucket());
  setup.app.synth();

  expect(setup.workload.dependencies).toEqual([setup.stack]);
});

test('a bucket whose stack waits for that of the capture is not waited for', () => {
  const setup = new Setup();
  setup.capture(setup.bucket());
  setup.stack.addDependency(setup.workload);

  expect(problemsAtSynthesis(setup.app)).toEqual([]);
  expect(setup.workload.dependencies).toEqual([]);
});

test('two buckets may have one key, whose statements have ids of their own', () => {
  const setup = new Setup();
  const encryptionKey = new kms.Key(setup.stack, 'Key');
  const [one, two] = ['one', 'two'].map((bucketName) => setup.bucket({ bucketName, encryptionKey, replicaRegion: undefined }, bucketName));
  setup.capture(one);
  setup.capture(two, setup.other);
  const [key] = Object.values(Template.fromStack(setup.stack).findResources('AWS::KMS::Key'));
  const sids: string[] = key.Properties.KeyPolicy.Statement.flatMap(({ Sid }: { Sid?: string }) => Sid ?? []);

  expect([sids.length, new Set(sids).size]).toEqual([2, 2]);
});

test('the role uses the key by its ARN where that is a literal', () => {
  const setup = new Setup();
  const keyArn = `arn:aws:kms:eu-west-2:${LOG_ARCHIVE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const bucket = setup.bucket({ encryptionKey: kms.Key.fromKeyArn(setup.stack, 'Key', keyArn), replicaRegion: undefined });
  const resources = [...captureStatements(bucket, 'ecs', INFRASTRUCTURE).keys()].map((statement) => statement.resources);

  expect(resources[2]).toEqual([keyArn]);
});

test('nobody who uses AwsSolutions has anything to suppress', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  const statements = new Map([...captureStatements(bucket, 'ecs', INFRASTRUCTURE), ...recordStatements(bucket, INFRASTRUCTURE)]);
  const role = new iam.Role(setup.workload, 'Role', {
    roleName: 'writer', assumedBy, inlinePolicies: { writer: new iam.PolicyDocument({ statements: [...statements.keys()] }) },
  });
  suppressWildcards(role, statements);
  admitCapture(bucket, { by: role, kind: 'ecs', role, account: INFRASTRUCTURE });
  admitRecords(bucket, { by: role, role, account: INFRASTRUCTURE });
  const { open, declared, suppressed } = nagFindings(setup.app);

  expect(open).toEqual([]);
  expect(declared).toEqual(suppressed);
});

test('accounts of which one is known and the other is not are refused', () => {
  const setup = new Setup();
  const anywhere = new Stack(setup.app, 'Anywhere');
  const role = new iam.Role(anywhere, 'Role', { roleName: 'capture', assumedBy });

  expect(() => admitCapture(setup.bucket(), { by: role, kind: 'ecs', role, account: anywhere.account }))
    .toThrow("'Anywhere/Role' and the bucket 'snapshots' must both be in stacks with a literal account, or in the same one: set the 'env' of their stacks, got account <token> and 333333333333");
});

test('in a stack without an account, a capture of the same stack is of the account of the bucket', () => {
  const setup = new Setup();
  const anywhere = new Stack(setup.app, 'Anywhere');
  const bucket = new ConfigurationBucket(anywhere, 'Bucket', { schedules: [DAILY] });
  const role = new iam.Role(anywhere, 'Role', { roleName: 'capture', assumedBy });
  admitCapture(bucket, { by: role, kind: 'ecs', role, account: anywhere.account });
  const [policy] = Object.values(Template.fromStack(anywhere).findResources('AWS::S3::BucketPolicy'));

  expect(JSON.stringify(policy)).not.toContain('PutEcs');
});

test('more accounts than the policy of a bucket has room for are refused', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  const all = Array.from({ length: 120 }, (_, index) => `${100000000000 + index}`);
  for (const account of all) {
    setup.capture(bucket, stackIn(account, LONDON, setup.app, `Workload${account}`), `ecs-configuration-capture-of-${account}`);
  }

  expect(problemsAtSynthesis(setup.app)).toContainEqual(expect.stringMatching(/^the policy of bucket 'snapshots' is longer than the 20 KB that Amazon S3 accepts \(\d+ characters\): let fewer accounts write into it or read from it, and others use another bucket$/));
});
