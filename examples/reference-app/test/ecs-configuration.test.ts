import assert from 'node:assert/strict';
import { stages } from './assembly';
import { test } from './test';

const { dev, prod } = stages;

/** The properties of the bucket for configuration, or of its replica. */
function configurationBucket(stage: 'dev' | 'prod', stack: string): any {
  const assembly = stages[stage];
  const found = assembly.resources('AWS::S3::Bucket', [assembly.stack(stack)]).filter(({ Metadata }) => /[/-]Configuration[/-]/.test(`${Metadata['aws:cdk:path']}`));
  assert.equal(found.length, 1);
  return found[0].Properties;
}

/** How long objects are kept, by their prefix. */
const keptDays = ({ LifecycleConfiguration: { Rules } }: any) => Object.fromEntries(Rules.filter(({ ExpirationInDays }: any) => ExpirationInDays)
  .map(({ Prefix, ExpirationInDays }: any) => [Prefix, ExpirationInDays]));

/** What the function that captures is configured with. */
function settingsOf(stage: 'dev' | 'prod'): any {
  const functions = stages[stage].resources('AWS::Lambda::Function', [stages[stage].stack(`acme-${stage}-backup`)]);
  const [settings] = functions.flatMap(({ Properties }: any) => Properties.Environment?.Variables?.CAPTURE_SETTINGS ?? []);
  return JSON.parse(settings);
}

const schedulesOf = (stage: 'dev' | 'prod') => stages[stage].resources('AWS::Scheduler::Schedule')
  .map(({ Properties: { ScheduleExpression, ScheduleExpressionTimezone, Target } }: any) => [
    JSON.parse(Target.Input).schedule, ScheduleExpression, ScheduleExpressionTimezone, Target.RetryPolicy.MaximumEventAgeInSeconds,
  ]);

test('ECS cluster: task definitions and service configurations are captured daily at 5 AM UTC and weekly on Sunday at 6 AM UTC, in production at 5 PM UTC too', () => {
  const drawn = [['daily', 'cron(0 5 ? * * *)', 'UTC', 3600], ['weekly', 'cron(0 6 ? * SUN *)', 'UTC', 21_600]];
  assert.deepEqual(schedulesOf('dev'), drawn);
  assert.deepEqual(schedulesOf('prod'), [...drawn, ['evening', 'cron(0 17 ? * * *)', 'UTC', 3600]]);
});

for (const stage of ['dev', 'prod'] as const) {
  test(`${stage} captures the cluster of its workload, by the name that it has`, () => {
    const [cluster] = stages[stage].resources('AWS::ECS::Cluster');
    assert.deepEqual(settingsOf(stage).targets, [cluster.Properties.ClusterName]);
    assert.equal(cluster.Properties.ClusterName, `acme-${stage}-cluster`);
  });

  test(`${stage} keeps the service, its roles and its images under names that a restore can use`, () => {
    const names = ['AWS::ECS::Service', 'AWS::ECR::Repository'].flatMap((type) => stages[stage].resources(type)
      .map(({ Properties }: any) => Properties.ServiceName ?? Properties.RepositoryName));
    assert.deepEqual(names, [`acme-${stage}-app`, `acme-${stage}-app`]);
    const roles = stages[stage].resources('AWS::IAM::Role', [stages[stage].stack(`acme-${stage}-workload`)]).map(({ Properties }: any) => Properties.RoleName);
    assert.ok([`acme-${stage}-task-role`, `acme-${stage}-execution-role`].every((name) => roles.includes(name)));
  });

  test(`${stage} puts snapshots into the log archive account, where only the role that captures may write them, and only the runbook may read them`, () => {
    const bucket = configurationBucket(stage, `acme-${stage}-log-archive`);
    assert.equal(settingsOf(stage).bucket.name, bucket.BucketName);
    assert.equal(settingsOf(stage).bucket.account, '333333333333');
    const { Properties }: any = stages[stage].resources('AWS::S3::BucketPolicy', [stages[stage].stack(`acme-${stage}-log-archive`)])
      .find(({ Metadata }) => /\/Configuration\//.test(`${Metadata['aws:cdk:path']}`));
    const allowed = Properties.PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Allow');
    assert.ok(allowed.every(({ Principal }: any) => Principal.AWS === 'arn:aws:iam::222222222222:root'));
    // The names of the runbooks' roles are generated, with the region in them.
    const roleOf = (arn: string) => arn.replace(/^.*role\/(?:acme-(?:dev|prod)-)?/, '').replace(/^backup-.*(EcsRestore-Role)-\w{8}-/, '$1 ');
    const rolesOf = ({ Condition }: any) => Condition.ArnLike['aws:PrincipalArn'].map(roleOf).join(', ');
    const runbooks = 'EcsRestore-Role eu-west-2'; // that of the secondary region reads the replica
    assert.deepEqual(allowed.flatMap((statement: any) => [statement.Action].flat().map((action) => `${statement.Sid} ${action}: ${rolesOf(statement)}`)).sort(), [
      `GetEcsAndRecords s3:GetObject: ${runbooks}`,
      'ListEcs s3:ListBucket: ecs-capture-role',
      `ListEcsAndRecords s3:ListBucket: ${runbooks}`,
      'PutEcs s3:PutObject: ecs-capture-role',
      ...stage === 'prod' ? ['PutEcs s3:PutObjectRetention: ecs-capture-role'] : [],
      `PutRecords s3:PutObject: ${runbooks}`,
      ...stage === 'prod' ? [`PutRecords s3:PutObjectRetention: ${runbooks}`] : [],
    ]);
  });
}

test('production keeps snapshots as long as backups, and changes for 30 days, in the bucket and in its replica', () => {
  const expected = { 'daily/': 120, 'weekly/': 360, 'evening/': 7, 'change/': 30, 'records/': 400 };
  assert.deepEqual(keptDays(configurationBucket('prod', 'acme-prod-log-archive')), expected);
  assert.deepEqual(keptDays(configurationBucket('prod', 'acme-prod-log-archive-support-eu-west-1-for-eu-west-2')), expected);
});

test('development keeps snapshots as long as backups', () => {
  assert.deepEqual(keptDays(configurationBucket('dev', 'acme-dev-log-archive')), { 'daily/': 30, 'weekly/': 120, 'change/': 30, 'records/': 400 });
});

test('nobody can delete a snapshot in production before its time: the writer asks for its retention, and the bucket locks at least as long as the shortest', () => {
  const lock = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } };
  assert.deepEqual(configurationBucket('prod', 'acme-prod-log-archive').ObjectLockConfiguration, lock);
  assert.deepEqual(configurationBucket('prod', 'acme-prod-log-archive-support-eu-west-1-for-eu-west-2').ObjectLockConfiguration, lock);
  assert.equal(settingsOf('prod').bucket.lockMode, 'COMPLIANCE');
  assert.equal(settingsOf('dev').bucket.lockMode, undefined);
});

test('images of production are replicated into the secondary region, and what captures looks for them there', () => {
  const [{ Properties }]: any = prod.resources('AWS::ECR::ReplicationConfiguration');
  assert.deepEqual(Properties.ReplicationConfiguration.Rules, [{
    Destinations: [{ Region: 'eu-west-1', RegistryId: '222222222222' }], RepositoryFilters: [{ Filter: 'acme-prod-', FilterType: 'PREFIX_MATCH' }],
  }]);
  assert.deepEqual(settingsOf('prod').imageRegions, ['eu-west-1']);
});

test('development leaves the one setting of the registry to production, and looks for its images nowhere else', () => {
  assert.deepEqual(dev.resources('AWS::ECR::ReplicationConfiguration'), []);
  assert.deepEqual(settingsOf('dev').imageRegions, []);
});
