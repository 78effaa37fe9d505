import { ObjectLockMode } from 'aws-cdk-lib/aws-s3';
import { Captured } from './captured';
import { receive } from './captures';
import { ACCOUNT, FakeAwsApis } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { DEPLOYMENT_EVENT } from './recorded';
import type { CaptureSettings } from '../../src/capture/capture.contract';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { decide, Rendered } from '../policies';
import type { Case, Document, Request } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON } from '../stacks';

const ROLE_NAME = 'captures-ecs';
const DAY = 24 * 60 * 60 * 1000;
const TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const CLUSTER = 'arn:aws:ecs:eu-west-2:222222222222:cluster/prod';

/** The owner of the bucket as the fake has it. */
const BUCKET_OWNER = '444455556666';

/** What the function does not call: AWS asks for it on its behalf, as the page says. */
const DEPENDENT: Record<string, string> = {
  'WriteLogs logs:CreateLogStream': 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  'WriteLogs logs:PutLogEvents': 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  'Receive sqs:DeleteMessage': 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  'Receive sqs:GetQueueAttributes': 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  'Receive sqs:ReceiveMessage': 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  'UseQueueKey kms:Decrypt': 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  'UseQueueKey kms:GenerateDataKey': 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  'EncryptEcs kms:GenerateDataKey': 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
};

/** Of a locked bucket. */
const DEPENDENT_OF_LOCK = { 'PutEcs s3:PutObjectRetention': 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html' };

interface RecordedCall {
  readonly name: string;
  readonly input: any;
  readonly at: number;
}

type Asked = [action: string, resource: string, context?: Request['context']];

/** A construct as it is rendered, and captures with the settings that it gives its function. */
class Deployed {
  public readonly statements: any[];
  private readonly identityPolicies: Document[];
  private readonly bucketPolicy: Document;
  private readonly settings: CaptureSettings;

  constructor(cluster: EcsClusterTarget, objectLockMode?: ObjectLockMode) {
    const captured = new Captured({ objectLockMode });
    captured.define({ clusters: [cluster], roleName: ROLE_NAME });
    const rendered = Rendered.of(captured.stack);
    const { CAPTURE_SETTINGS, CAPTURE_QUEUE_URL } = rendered.only('AWS::Lambda::Function', ({ Environment }) => Environment?.Variables.CAPTURE_SETTINGS).Environment.Variables;
    const settings = JSON.parse(CAPTURE_SETTINGS);
    this.settings = { ...settings, bucket: { ...settings.bucket, account: BUCKET_OWNER }, queueUrl: CAPTURE_QUEUE_URL };
    this.identityPolicies = rendered.identityPolicies(ROLE_NAME);
    this.statements = this.identityPolicies.flatMap(({ Statement }) => Statement as any[]);
    this.bucketPolicy = Rendered.of(captured.archive).bucketPolicy(captured.bucket.bucketName);
  }

  /** What the function calls by a schedule and by a change, each with the message that it sends itself. */
  public async calls(): Promise<RecordedCall[]> {
    const aws = new FakeAwsApis(accountWith('prod', { services: 2 }));
    aws.state.clusters[0].daemons.push({ daemonArn: `arn:aws:ecs:${LONDON}:${ACCOUNT}:daemon/prod/agent` });
    aws.state.rules.push({
      rule: { Name: 'nightly', Arn: `arn:aws:events:${LONDON}:${ACCOUNT}:rule/nightly`, EventBusName: 'default', State: 'ENABLED', ScheduleExpression: 'rate(1 day)' },
      targets: aws.state.rules[0].targets,
    });
    const change = { ...DEPLOYMENT_EVENT, time: '2026-11-29T05:00:05Z', resources: [`arn:aws:ecs:${LONDON}:${ACCOUNT}:service/prod/service-0000`] };
    for (const message of [{ schedule: 'daily', scheduledFor: '2026-11-29T05:00:00Z' }, change]) {
      await this.receive(aws, message);
      await this.receive(aws, aws.messages.at(-1));
      aws.state.clusters[0].services[0].healthCheckGracePeriodSeconds = 30;
      await aws.clock.sleep(60_000);
    }
    expect([...aws.objects.keys()].map((key) => key.split('/')[0])).toEqual(['daily', 'change']);
    const calls = aws.calls.map(({ input: { Body, ...input }, ...call }) => ({ ...call, input }));
    return JSON.parse(JSON.stringify(calls).replaceAll(ACCOUNT, INFRASTRUCTURE));
  }

  public notAllowed(requests: Asked[]): string[] {
    const decisions = decide(requests.map((request) => this.caseOf(request)));
    return requests.flatMap(([action, resource], index) => decisions[index] === 'Allowed' ? [] : [`${decisions[index]} ${action} ${resource}`]);
  }

  private async receive(aws: FakeAwsApis, message: object): Promise<void> {
    const { error } = await receive(aws, message, { settings: this.settings });
    expect(error).toBeUndefined();
  }

  /** Whoever owns the bucket decides too, since it is another account. */
  private caseOf([action, resource, context = {}]: Asked): Case {
    const isInBucket = action.startsWith('s3:');
    return {
      name: `${action} ${resource}`,
      request: {
        principal: `arn:aws:iam::${INFRASTRUCTURE}:role/${ROLE_NAME}`, action, resource, context, resourceAccount: isInBucket ? LOG_ARCHIVE : INFRASTRUCTURE,
      },
      identityPolicies: this.identityPolicies,
      ...isInBucket && { resourcePolicy: this.bucketPolicy },
    };
  }
}

/** What IAM is asked for by a call of a capture. */
function askedBy({ name, input, at }: RecordedCall): Asked[] {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${LONDON}:${INFRASTRUCTURE}:${resource}`;
  const ruleArn = (rule: string) => arn('events', `rule/${input.EventBusName === 'default' ? '' : `${input.EventBusName}/`}${rule}`);
  const ofCluster = { 'ecs:cluster': CLUSTER };
  switch (name) {
    case 'ecs:DescribeClusters': return input.clusters.map((cluster: string) => [name, arn('ecs', `cluster/${cluster}`)]);
    case 'ecs:DescribeCapacityProviders': return input.capacityProviders.map((provider: string) => [name, arn('ecs', `capacity-provider/${provider}`)]);
    case 'ecs:ListServices': return [[name, '*', { 'ecs:cluster': arn('ecs', `cluster/${input.cluster}`) }]];
    case 'ecs:ListDaemons': return [[name, '*', { 'ecs:cluster': input.clusterArn }]];
    case 'ecs:DescribeServices': return input.services.map((service: string) => [name, service, ofCluster]);
    case 'ecs:DescribeServiceRevisions': return input.serviceRevisionArns.flatMap((revision: string) => [
      [name, revision, ofCluster], [name, revision.replace(/:service-revision(.*)\/[^/]+$/, ':service$1'), ofCluster],
    ]);
    case 'servicediscovery:GetService': return [[name, arn('servicediscovery', `service/${input.Id}`)]];
    case 'events:DescribeRule': return [[name, ruleArn(input.Name)]];
    case 'events:ListTargetsByRule': return [[name, ruleArn(input.Rule)]];
    case 'events:PutEvents': return [[name, arn('events', 'event-bus/default'), { 'events:source': input.Entries.map(({ Source }: any) => Source) }]];
    case 'scheduler:GetSchedule': return [[name, arn('scheduler', `schedule/${input.GroupName}/${input.Name}`)]];
    case 'ecr:DescribeRepositories': return input.repositoryNames.map((repository: string) => [name, arn('ecr', `repository/${repository}`)]);
    case 'ecr:DescribeImageReplicationStatus':
    case 'ecr:DescribeImages':
    case 'ecr:GetLifecyclePolicy': return [[name, arn('ecr', `repository/${input.repositoryName}`)]];
    case 'sqs:SendMessageBatch': return [['sqs:SendMessage', arn('sqs', input.QueueUrl.split('/').pop())]];
    case 's3:ListObjectsV2': return [['s3:ListBucket', `arn:aws:s3:::${input.Bucket}`, { ...TLS, 's3:prefix': input.Prefix }]];
    case 's3:PutObject': return askedByPut(`arn:aws:s3:::${input.Bucket}/${input.Key}`, input, at);
    default: return [[name, '*']]; // IAM has no resource for it
  }
}

function askedByPut(object: string, { IfNoneMatch, ObjectLockRetainUntilDate }: any, at: number): Asked[] {
  const fresh = { ...TLS, 's3:if-none-match': IfNoneMatch, 's3:ObjectCreationOperation': 'true' };
  if (ObjectLockRetainUntilDate === undefined) {
    return [['s3:PutObject', object, fresh]];
  }
  const days = { 's3:object-lock-remaining-retention-days': `${Math.ceil((Date.parse(ObjectLockRetainUntilDate) - at) / DAY)}` };
  return [['s3:PutObject', object, { ...fresh, ...days }], ['s3:PutObjectRetention', object, { ...TLS, ...days }]];
}

/** Actions and resources of statements that no request needs. */
function unusedOf(statements: any[], requests: Asked[]): string[] {
  const isLike = (pattern: string, resource: string) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`).test(resource);
  return statements.flatMap(({ Sid, Action, Resource }) => {
    const [actions, resources]: string[][] = [[Action].flat(), [Resource].flat()];
    const used = requests.filter(([action, resource]) => actions.includes(action) && resources.some((pattern) => isLike(pattern, resource)));
    return [
      ...actions.filter((action) => used.every(([one]) => one !== action)).map((action) => `${Sid} ${action}`),
      ...used.length === 0 ? [] : resources.filter((pattern) => !used.some(([, resource]) => isLike(pattern, resource))).map((pattern) => `${Sid} on ${pattern}`),
    ];
  });
}

describe.each<[string, EcsClusterTarget, ObjectLockMode | undefined]>([
  ['a named cluster', EcsClusterTarget.fromName('prod'), undefined],
  ['a named cluster into a locked bucket', EcsClusterTarget.fromName('prod'), ObjectLockMode.COMPLIANCE],
  ['all clusters', EcsClusterTarget.all(), undefined],
])('captures of %s by a schedule and by a change', (_, cluster, objectLockMode) => {
  let deployed: Deployed;
  let requests: Asked[];

  beforeAll(async () => {
    deployed = new Deployed(cluster, objectLockMode);
    const asked = (await deployed.calls()).flatMap(askedBy);
    requests = [...new Map(asked.map((request) => [JSON.stringify(request), request])).values()];
  });

  test('are allowed each call by the role', () => {
    expect(deployed.notAllowed(requests)).toEqual([]);
  });

  test('use each permission of the role, but what AWS asks for on their behalf', () => {
    const dependent = { ...DEPENDENT, ...objectLockMode && DEPENDENT_OF_LOCK };

    expect(unusedOf(deployed.statements, requests.filter(([action]) => action !== 's3:PutObjectRetention')).sort()).toEqual(Object.keys(dependent).sort());
  });
});
