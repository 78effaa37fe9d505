import assert from 'node:assert/strict';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stages } from './assembly';
import { test } from './test';

/** A resource of the workload stack, by its id there. */
const resource = (stage: keyof typeof stages, id: string) => {
  const { template } = stages[stage].stack(`acme-${stage}-workload`);
  const found = Object.values<any>(template.Resources).find(({ Metadata }) => Metadata['aws:cdk:path'] === `acme-${stage}-workload/${id}/Resource`);
  return Template.fromJSON({ Resources: { Found: found } });
};

for (const stage of ['dev', 'prod'] as const) {
  for (const table of ['Main', 'Denylist', 'Idempotency']) {
    test(`${stage}'s ${table} table has the tags that the plan selects by, and a customer key`, () => {
      resource(stage, table).hasResourceProperties('AWS::DynamoDB::Table', {
        Tags: Match.arrayWith([{ Key: 'Environment', Value: stage }, { Key: 'Project', Value: 'acme' }]),
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
      });
    });
  }

  test(`${stage}'s main table alone has a stream, its idempotency table alone a time to live`, () => {
    const stream = { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } };
    const timeToLive = { TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true } };
    const neither = { StreamSpecification: Match.absent(), TimeToLiveSpecification: Match.absent() };
    resource(stage, 'Main').hasResourceProperties('AWS::DynamoDB::Table', { ...neither, ...stream });
    resource(stage, 'Denylist').hasResourceProperties('AWS::DynamoDB::Table', neither);
    resource(stage, 'Idempotency').hasResourceProperties('AWS::DynamoDB::Table', { ...neither, ...timeToLive });
  });

  for (const [bucket, name] of [['Frontend/Bucket', 'frontend'], ['Artifacts', 'artifacts']]) {
    test(`${stage}'s ${name} bucket is private, versioned, encrypted, logged and reached by TLS only`, () => {
      resource(stage, bucket).hasResourceProperties('AWS::S3::Bucket', {
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) })] },
        LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^AccessLogs') }, LogFilePrefix: Match.stringLikeRegexp(`${name}.*/$`) },
      });
      resource(stage, `${bucket}/Policy`).hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
      });
    });
  }

  for (const bucket of ['Frontend/Bucket', 'Artifacts', 'AccessLogs']) {
    test(`${stage}'s bucket ${bucket} has versions, of which old ones go after 30 days, and takes TLS 1.2 at least`, () => {
      resource(stage, bucket).hasResourceProperties('AWS::S3::Bucket', {
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' })]) },
      });
      resource(stage, bucket).hasResourceProperties('AWS::S3::Bucket', {
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' })]) },
      });
      resource(stage, `${bucket}/Policy`).hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } })]) },
      });
    });
  }

  test(`${stage}'s repository keeps every image that has a tag, and so every one that may be running`, () => {
    const [{ Properties }] = stages[stage].resources('AWS::ECR::Repository');
    const { rules } = JSON.parse((Properties.LifecyclePolicy as any).LifecyclePolicyText);
    assert.deepEqual(rules.map(({ selection, action }: any) => [selection, action]), [
      [{ tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' }, { type: 'expire' }],
    ]);
  });

  test(`${stage}'s task does not run as root`, () => {
    resource(stage, 'Task').hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Match.objectLike({ User: '1000:1000' })] });
  });

  test(`${stage}'s images have versioned tags that never move`, () => {
    resource(stage, 'Repository').hasResourceProperties('AWS::ECR::Repository', {
      ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true },
    });
    resource(stage, 'Task').hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Image: { 'Fn::Join': ['', Match.arrayWith([':1.0.0'])] } })],
    });
  });

  test(`${stage}'s service scales with its CPU`, () => {
    const [min, max] = { dev: [1, 2], prod: [2, 10] }[stage];
    resource(stage, 'Service/TaskCount/Target').hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: min, MaxCapacity: max });
    resource(stage, 'Service/TaskCount/Target/Cpu').hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' } },
    });
  });
}

test('production alone has point-in-time recovery, of the main table alone', () => {
  const withRecovery = (stage: keyof typeof stages) => stages[stage].resources('AWS::DynamoDB::Table')
    .filter(({ Properties }) => (Properties.PointInTimeRecoverySpecification as any)?.PointInTimeRecoveryEnabled)
    .map(({ Metadata }) => Metadata['aws:cdk:path']);
  assert.deepEqual(withRecovery('prod'), ['acme-prod-workload/Main/Resource']);
  assert.deepEqual(withRecovery('dev'), []);
});

test('production refuses to delete tables and stacks', () => {
  assert.deepEqual(stages.prod.resources('AWS::DynamoDB::Table').map(({ Properties }) => Properties.DeletionProtectionEnabled), [true, true, true]);
  assert.deepEqual(stages.prod.stacks.filter(({ terminationProtection }) => !terminationProtection), []);
});
