import assert from 'node:assert/strict';
import { environmentOf, stages } from './assembly';
import type { Resource } from './assembly';
import { test } from './test';

const { dev, prod } = stages;
const DEV_REPLICAS = 'acme-dev-log-archive-support-eu-west-1-for-eu-west-2';
const ARCHIVE = 'acme-prod-log-archive';
const REPLICAS = 'acme-prod-log-archive-support-eu-west-1-for-eu-west-2';

/** The one bucket of a stack with such a path. */
function bucketOf(stack: string, path: RegExp): Bucket {
  const assembly = stack.startsWith('acme-dev') ? dev : prod;
  const found = assembly.resources('AWS::S3::Bucket', [assembly.stack(stack)]).filter(({ Metadata }) => path.test(`${Metadata['aws:cdk:path']}`));
  assert.equal(found.length, 1, `${stack} has ${found.length} buckets at ${path}`);
  return new Bucket(found[0]);
}

/** A bucket in the words of the architecture. */
class Bucket {
  private readonly props: any;

  constructor({ Properties }: Resource) {
    this.props = Properties;
  }

  public get name(): string {
    return this.props.BucketName;
  }

  /** What happens to the logs, such as `30d → STANDARD_IA, 90d → deleted`. */
  public get lifecycle(): string {
    const { Transitions = [], ExpirationInDays } = this.rule('retention');
    const steps: string[] = Transitions.map(({ TransitionInDays, StorageClass }: any) => `${TransitionInDays}d → ${StorageClass}`);
    return [...steps, `${ExpirationInDays}d → deleted`].join(', ');
  }

  public get lock(): unknown {
    const { ObjectLockEnabled = false, ObjectLockConfiguration } = this.props;
    return ObjectLockEnabled ? ObjectLockConfiguration.Rule.DefaultRetention : undefined;
  }

  public get logsAccessTo(): unknown {
    return this.props.LoggingConfiguration?.DestinationBucketName;
  }

  /** Days for which a log can be brought back that was deleted, or has expired. */
  public get deletedStayFor(): number {
    return this.rule('retention').NoncurrentVersionExpiration.NoncurrentDays;
  }

  /** Below it, objects move to no other storage class. */
  public get minimumSize(): string {
    return this.props.LifecycleConfiguration.TransitionDefaultMinimumObjectSize;
  }

  public get replication(): any {
    const rules = this.props.ReplicationConfiguration?.Rules ?? [];
    assert.ok(rules.length <= 1);
    return rules[0];
  }

  private rule(id: string): any {
    return this.props.LifecycleConfiguration.Rules.find(({ Id, Status }: any) => Id === id && Status === 'Enabled');
  }
}

/** The bucket for the configuration of Amazon ECS has tests of its own. */
function isOfLogs({ Metadata }: Resource): boolean {
  return !/[/-]Configuration[/-]/.test(`${Metadata['aws:cdk:path']}`);
}

/** Within 15 minutes, in STANDARD_IA, into the bucket of that name in the secondary region, with the key of that alias there. */
const replicatesInto = (account: string, name: string) => ({
  Id: 'to-replica',
  Status: 'Enabled',
  Priority: 1,
  Filter: { Prefix: '' },
  DeleteMarkerReplication: { Status: 'Disabled' },
  SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
  Destination: {
    Bucket: `arn:aws:s3:::${name}`,
    StorageClass: 'STANDARD_IA',
    EncryptionConfiguration: { ReplicaKmsKeyID: `arn:aws:kms:eu-west-1:${account}:alias/${name}` },
    Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
    ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
  },
});

test('CloudTrail Logs: 10 year retention (prod), immutable storage, cross-region replication, 90d → STANDARD_IA, 365d → GLACIER', () => {
  const bucket = bucketOf(ARCHIVE, /\/CloudTrail\/Bucket\//);
  assert.equal(bucket.lifecycle, '90d → STANDARD_IA, 365d → GLACIER, 3650d → deleted');
  assert.deepEqual(bucket.lock, { Mode: 'COMPLIANCE', Days: 3650 });
  assert.deepEqual(bucket.replication, replicatesInto('333333333333', bucketOf(REPLICAS, /-CloudTrail-/).name));
});

test('Config Logs: 7 year retention (prod), compliance storage (in the replica), 90d → STANDARD_IA, 365d → GLACIER', () => {
  const bucket = bucketOf(ARCHIVE, /\/Config\/Bucket\//);
  assert.equal(bucket.lifecycle, '90d → STANDARD_IA, 365d → GLACIER, 2555d → deleted');
  assert.equal(bucket.lock, undefined); // AWS Config could not deliver
  assert.deepEqual(bucket.replication, replicatesInto('333333333333', bucketOf(REPLICAS, /-Config-/).name));
});

test('VPC Flow Logs: 1 year retention (prod), 30d → STANDARD_IA', () => {
  const bucket = bucketOf(ARCHIVE, /\/VpcFlowLogs\/Bucket\//);
  assert.equal(bucket.lifecycle, '30d → STANDARD_IA, 365d → deleted');
  assert.equal(bucket.lock, undefined);
  assert.deepEqual(bucket.replication, replicatesInto('333333333333', bucketOf(REPLICAS, /-VpcFlowLogs-/).name));
});

test('WAF Logs: 1 year retention (prod), 30d → STANDARD_IA', () => {
  const bucket = bucketOf(ARCHIVE, /\/Waf\/Bucket\//);
  assert.match(bucket.name, /^aws-waf-logs-/); // AWS WAF takes no other name
  assert.equal(bucket.lifecycle, '30d → STANDARD_IA, 365d → deleted');
  assert.equal(bucket.lock, undefined);
  assert.deepEqual(bucket.replication, replicatesInto('333333333333', bucketOf(REPLICAS, /-Waf-/).name));
});

test('Access Logs: 90 day retention (prod), self-logging bucket, 30d → STANDARD_IA', () => {
  const bucket = bucketOf(ARCHIVE, /\/AccessLogs\/Bucket\//);
  assert.equal(bucket.lifecycle, '30d → STANDARD_IA, 90d → deleted');
  assert.equal(bucket.logsAccessTo, bucket.name);
  assert.equal(bucket.lock, undefined);
  assert.equal(bucket.replication, undefined);
});

const replicas = {
  'CloudTrail Replica': { path: /-CloudTrail-/, lifecycle: '3650d → deleted', lock: { Mode: 'COMPLIANCE', Days: 3650 } },
  'Config Replica': { path: /-Config-/, lifecycle: '2555d → deleted', lock: { Mode: 'COMPLIANCE', Days: 2555 } },
  'VPC Flow Replica': { path: /-VpcFlowLogs-/, lifecycle: '365d → deleted', lock: undefined },
  'WAF Logs Replica': { path: /-Waf-/, lifecycle: '365d → deleted', lock: undefined },
};
for (const [row, { path, lifecycle, lock }] of Object.entries(replicas)) {
  test(`${row}: STANDARD_IA storage, kept as long as the logs themselves${lock ? ', immutable' : ''}`, () => {
    assert.equal(environmentOf(prod.stack(REPLICAS)), '333333333333 eu-west-1');
    const replica = bucketOf(REPLICAS, path);
    assert.equal(replica.lifecycle, lifecycle);
    assert.deepEqual(replica.lock, lock);
    // The class is that of the rule which writes them: the bucket itself has none.
    const rules = prod.resources('AWS::S3::Bucket').map((resource) => new Bucket(resource).replication?.Destination);
    assert.deepEqual(rules.filter((rule) => rule?.Bucket === `arn:aws:s3:::${replica.name}`).map(({ StorageClass }) => StorageClass), ['STANDARD_IA']);
  });
}

test('S3 Frontend Bucket, S3 Frontend Replica: cross-region replication, STANDARD_IA storage', () => {
  const replica = bucketOf('acme-prod-workload-support-eu-west-1-for-eu-west-2', /-Frontend-/);
  assert.equal(environmentOf(prod.stack('acme-prod-workload-support-eu-west-1-for-eu-west-2')), '222222222222 eu-west-1');
  assert.deepEqual(bucketOf('acme-prod-workload', /\/Frontend\/Bucket\//).replication, replicatesInto('222222222222', replica.name));
});

for (const [stage, assembly] of Object.entries(stages)) {
  const archive = assembly.stack(`acme-${stage}-log-archive`);
  const logBuckets = assembly.resources('AWS::S3::Bucket', assembly.stacks.filter(({ stackName }) => stackName.includes('log-archive')))
    .filter(isOfLogs).map((resource) => new Bucket(resource));

  test(`${stage}'s log buckets log the access to them into the bucket for that`, () => {
    const [[id]] = Object.entries<Resource>(archive.template.Resources).filter(([, { Metadata }]) => `${Metadata['aws:cdk:path']}`.endsWith('/AccessLogs/Bucket/Resource'));
    const others = assembly.resources('AWS::S3::Bucket', [archive]).filter(isOfLogs)
      .filter(({ Metadata }) => !/\/AccessLogs\//.test(`${Metadata['aws:cdk:path']}`));
    assert.deepEqual(others.map((resource) => new Bucket(resource).logsAccessTo), [{ Ref: id }, { Ref: id }, { Ref: id }, { Ref: id }]);
  });

  test(`${stage} keeps no log longer than it says, but for the 30 days in which one that was deleted can be brought back`, () => {
    assert.deepEqual([...new Set(logBuckets.map(({ deletedStayFor }) => deletedStayFor))], [30]);
    assert.equal(logBuckets.length, 9);
  });

  test(`${stage} leaves logs below 128 KB in the storage class that they are in`, () => {
    assert.deepEqual([...new Set(logBuckets.map(({ minimumSize }) => minimumSize))], ['all_storage_classes_128K']);
  });

  test(`${stage}'s log buckets let in the organization only, and CloudTrail for the trails of the management account only`, () => {
    const allowed = assembly.resources('AWS::S3::BucketPolicy', [archive]).filter(isOfLogs)
      .flatMap(({ Properties }) => (Properties.PolicyDocument as any).Statement)
      .filter(({ Effect, Action }) => Effect === 'Allow' && Action === 's3:PutObject')
      .map(({ Principal: { Service }, Condition: { ArnLike, StringEquals } }) => [
        Service, ArnLike?.['aws:SourceArn'] ?? StringEquals['aws:SourceOrgID'], StringEquals?.['aws:SourceAccount'],
      ]);
    const vended = ['delivery.logs.amazonaws.com', 'o-exampleorg12', undefined];
    assert.deepEqual(allowed, [
      ['logging.s3.amazonaws.com', ['arn:aws:s3:::*'], '333333333333'],
      ['cloudtrail.amazonaws.com', ['arn:aws:cloudtrail:*:111111111111:trail/*'], undefined],
      ['config.amazonaws.com', 'o-exampleorg12', undefined],
      vended,
      vended,
    ]);
  });
}

test('development keeps logs for 30 to 90 days, without a lock', () => {
  const buckets = dev.resources('AWS::S3::Bucket', [dev.stack('acme-dev-log-archive')]).filter(isOfLogs);
  const lifecycles = buckets.map((resource) => [`${resource.Metadata['aws:cdk:path']}`.split('/')[1], new Bucket(resource).lifecycle]);
  assert.deepEqual(Object.fromEntries(lifecycles), {
    AccessLogs: '30d → deleted',
    CloudTrail: '90d → deleted',
    Config: '90d → deleted',
    VpcFlowLogs: '30d → deleted',
    Waf: '30d → deleted',
  });
  for (const { template: { Resources } } of dev.stacks) {
    assert.doesNotMatch(JSON.stringify(Resources), /"ObjectLock(Enabled|Configuration)"/);
  }
});

test('development replicates the same buckets as production, as drawn: only the copy of backups is for production only', () => {
  for (const id of ['CloudTrail', 'Config', 'VpcFlowLogs', 'Waf']) {
    const replica = bucketOf(DEV_REPLICAS, new RegExp(`-${id}-`));
    const bucket = bucketOf('acme-dev-log-archive', new RegExp(`/${id}/Bucket/`));
    assert.deepEqual(bucket.replication, replicatesInto('333333333333', replica.name));
    assert.equal(replica.lifecycle, bucket.lifecycle);
  }
  const frontend = bucketOf('acme-dev-workload-support-eu-west-1-for-eu-west-2', /-Frontend-/);
  assert.deepEqual(bucketOf('acme-dev-workload', /\/Frontend\/Bucket\//).replication, replicatesInto('222222222222', frontend.name));
  assert.equal(bucketOf('acme-dev-log-archive', /\/AccessLogs\/Bucket\//).replication, undefined);
});

test('production says the ARN of whatever is in another region literally, and it is there', () => {
  const secondary = prod.stacks.filter(({ environment }) => environment.region === 'eu-west-1');
  const there = [
    ...prod.resources('AWS::S3::Bucket', secondary).map(({ Properties }) => `arn:aws:s3:::${Properties.BucketName}`),
    ...secondary.flatMap((stack) => prod.resources('AWS::KMS::Alias', [stack])
      .map(({ Properties }) => `arn:aws:kms:eu-west-1:${stack.environment.account}:${Properties.AliasName}`))
      .filter((arn) => !arn.endsWith(':alias/acme-prod-restored-tables')), // for whoever restores
  ];
  const said: unknown[] = prod.resources('AWS::S3::Bucket')
    .flatMap((resource) => new Bucket(resource).replication?.Destination ?? [])
    .flatMap((destination) => [destination.Bucket, destination.EncryptionConfiguration.ReplicaKmsKeyID]);
  assert.deepEqual(said.filter((arn) => typeof arn !== 'string'), []);
  assert.deepEqual(said.sort(), there.sort());
  assert.equal(said.length, 12);
});

test('production makes no name or ARN of another region from parts that CloudFormation would have to find', () => {
  const otherRegion = { 'eu-west-1': /eu-west-2/, 'eu-west-2': /eu-west-1/ };
  for (const { template, environment: { region }, stackName } of prod.stacks) {
    const resources = Object.values<any>(template.Resources).filter(({ Type }) => Type !== 'AWS::CloudWatch::Dashboard'); // it shows all regions
    const made = intrinsics(resources).map((intrinsic) => JSON.stringify(intrinsic));
    assert.deepEqual(made.filter((json) => otherRegion[region as keyof typeof otherRegion].test(json)), [], stackName);
  }
});

/** Whatever CloudFormation is to work out in a template. */
function intrinsics(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const [key] = Object.keys(value);
  return /^(Ref|Fn::.*)$/.test(key ?? '') ? [value] : Object.values(value).flatMap(intrinsics);
}

for (const [name, replicaStack] of [[ARCHIVE, REPLICAS], ['acme-prod-workload', 'acme-prod-workload-support-eu-west-1-for-eu-west-2']]) {
  test(`production deploys the replicas in ${replicaStack} before the buckets in ${name}: S3 wants them to exist`, () => {
    assert.ok(prod.stack(name).dependencies.includes(prod.stack(replicaStack)));
  });
}
