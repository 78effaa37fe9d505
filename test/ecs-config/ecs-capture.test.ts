import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { receive } from './captures';
import { FakeAwsApis } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { CHANGE, DAILY, SETTINGS } from './invocations';
import { ECS_READS } from '../../src/ecs-config/ecs-reads.contract';

const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path.join(__dirname, '../../docs/schemas/ecs-configuration-1.json'), 'utf8')));

let aws: FakeAwsApis;

beforeEach(() => {
  aws = new FakeAwsApis(accountWith('prod', { services: 12 }));
});

function detailsOfEvents(): any[] {
  return aws.events.map(({ Detail }) => JSON.parse(Detail));
}

describe('a schedule', () => {
  test('writes the whole cluster, as the schema says, below its own prefix', async () => {
    const { metrics, error } = await receive(aws, DAILY);

    const [document] = aws.documents;
    expect(error).toBeUndefined();
    expect([...aws.objects.keys()]).toEqual([
      `daily/ecs/111122223333/eu-west-2/prod/2026-11-29T05-00-00Z-${document.contentHash.slice('sha256-'.length).slice(0, 12)}.json.gz`,
    ]);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(metrics).toMatchObject({ Kind: 'ecs', Backup: 'prod-EcsConfigBackup', Target: 'prod', Captured: 1, Failed: 0, Services: 12, NotCaptured: 0 });
  });

  test('has an event on the default bus that says so', async () => {
    await receive(aws, DAILY);

    expect(aws.events.map(({ Source, DetailType }) => [Source, DetailType])).toEqual([['cdk-backup-dr', 'Configuration Capture State Change']]);
    expect(detailsOfEvents()).toEqual([{
      kind: 'ecs',
      backup: 'prod-EcsConfigBackup',
      target: 'prod',
      tier: 'daily',
      trigger: 'schedule',
      state: 'COMPLETED',
      scheduledFor: '2026-11-29T05:00:00Z',
      begunAt: '2026-11-29T05:00:03.250Z',
      endedAt: expect.stringMatching(/^2026-11-29T05:00:/),
      bucketName: 'config-of-prod',
      key: [...aws.objects.keys()][0],
    }]);
  });

  test('writes again what did not change, under its own time', async () => {
    await receive(aws, DAILY);
    await receive(aws, { ...DAILY, since: '2026-11-30T05:00:00Z' });

    const [first, second] = [...aws.objects.keys()].map((key) => key.slice(key.lastIndexOf('/') + 1));
    expect(first).toMatch(/^2026-11-29T05-00-00Z-/);
    expect(second).toBe(first.replace('29T', '30T'));
  });
});

describe('the document', () => {
  test('has the members of AWS that nobody knows', async () => {
    await receive(aws, DAILY);

    const [{ cluster, services, taskDefinitions }] = aws.documents;
    expect(cluster.memberOfTomorrow).toEqual({ kept: true });
    expect(services[0].service.memberOfTomorrow).toEqual(['kept']);
    expect(services[0].revision.monitoring).toEqual({ metricConfigurations: [{ name: 'kept' }] });
    expect(taskDefinitions['arn:aws:ecs:eu-west-2:111122223333:task-definition/service-0000:7'].memberOfTomorrow).toEqual({ kept: 1 });
  });

  test('has a service with its revision, its stack and its scaling', async () => {
    await receive(aws, DAILY);

    const [{ services: [service] }] = aws.documents;
    const { clusters: [{ services, revisions }], scalableTargets, scalingPolicies, scheduledActions } = aws.state;
    expect(service).toEqual({
      service: services[0],
      revision: revisions[0],
      rolloutState: 'COMPLETED',
      stack: { name: 'Workload', logicalId: 'Servicef322ac37' },
      scaling: { targets: [scalableTargets[0]], policies: [scalingPolicies[0]], scheduledActions },
    });
  });

  test('has the task definitions with their tags, that of a family without a revision too', async () => {
    await receive(aws, DAILY);

    const [{ taskDefinitions }] = aws.documents;
    const nightly = 'arn:aws:ecs:eu-west-2:111122223333:task-definition/nightly';
    expect(Object.keys(taskDefinitions)).toHaveLength(14);
    expect(taskDefinitions[`${nightly}:7`]).toEqual(taskDefinitions[nightly]);
    expect(taskDefinitions[nightly].tags).toEqual([{ key: 'commit', value: '4d1c2b3a' }]);
  });

  test('has the rules and schedules that run tasks in the cluster, on whatever bus', async () => {
    await receive(aws, DAILY);

    const [{ rules, schedules }] = aws.documents;
    expect(rules).toEqual(aws.state.rules);
    expect(schedules).toEqual([aws.state.schedules[0]]);
  });

  test('has what the configuration names, with names and tags', async () => {
    await receive(aws, DAILY);

    const [{ references }] = aws.documents;
    expect(references.subnets[0]).toEqual({
      SubnetId: 'subnet-0aaa', VpcId: 'vpc-0ddd', AvailabilityZone: 'eu-west-2a', CidrBlock: '10.0.0.0/24', Tags: [{ Key: 'Name', Value: 'private' }],
    });
    expect(references.securityGroups).toEqual([{ GroupId: 'sg-0ccc', GroupName: 'tasks', Description: 'Tasks', VpcId: 'vpc-0ddd', Tags: [] }]);
    expect(references.targetGroups).toHaveLength(12);
    expect(references.namespaces).toEqual([expect.objectContaining({ Name: 'internal', services: expect.any(Array) })]);
    expect(references.namespaces[0].services.map(({ Name }: any) => Name)).toHaveLength(12);
    expect(references.logGroups.slice(0, 3)).toEqual(['/ecs/exec', '/ecs/nightly', '/ecs/service-0000']);
    expect(references.secretNames[0]).toBe('arn:aws:secretsmanager:eu-west-2:111122223333:secret:nightly/db-AbCdEf');
    expect(references.images).toHaveLength(13);
    expect(references.images[1]).toEqual({
      image: '111122223333.dkr.ecr.eu-west-2.amazonaws.com/service-0000:1.4.2',
      digest: 'sha256:f322ac371f9a20a34fca2ef3d51855b4dd3eaee4b623de8179886494e503bd23',
      registry: { account: '111122223333', region: 'eu-west-2' },
      repository: aws.state.repositories[0].repository,
      isFound: true,
      replication: [{ region: 'eu-west-1', registryId: '111122223333', status: 'COMPLETE' }],
    });
  });

  test('of a service that is deployed meanwhile says so, with the newest revision and the task definitions of both', async () => {
    const [{ services: [service], revisions }] = aws.state.clusters;
    const old = 'arn:aws:ecs:eu-west-2:111122223333:task-definition/nightly:7';
    const newer = { ...revisions[0], serviceRevisionArn: `${revisions[0].serviceRevisionArn}1`, createdAt: revisions[0].createdAt + 60 };
    revisions.push(newer);
    service.currentServiceRevisions.push({ arn: newer.serviceRevisionArn });
    service.deployments = [{ ...service.deployments[0], rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE', taskDefinition: old }];
    aws.state.rules = [];
    aws.state.schedules = [];

    await receive(aws, DAILY);

    const [{ services: [captured], taskDefinitions }] = aws.documents;
    expect(captured).toMatchObject({ rolloutState: 'IN_PROGRESS', revision: newer });
    expect(Object.keys(taskDefinitions)).toContain(old);
  });

  test('of an empty cluster has no services, and asks for none', async () => {
    aws = new FakeAwsApis(accountWith('prod', { services: 0 }));

    const { error } = await receive(aws, DAILY);

    expect(error).toBeUndefined();
    expect(aws.documents[0].services).toEqual([]);
    expect(aws.operations).not.toContain('ecs:DescribeServices');
  });
});

describe('a change', () => {
  test('is written if something changed since the newest document of whatever tier', async () => {
    await receive(aws, { ...DAILY, since: '2026-11-28T05:00:00Z' });
    aws.state.clusters[0].services[3].healthCheckGracePeriodSeconds = 30;

    const { metrics } = await receive(aws, CHANGE);

    expect([...aws.objects.keys()].filter((key) => key.startsWith('change/ecs/111122223333/eu-west-2/prod/2026-11-29T05-00-'))).toHaveLength(1);
    expect(aws.documents[1]).not.toHaveProperty('scheduledFor');
    expect(metrics).toMatchObject({ Captured: 1, Failed: 0 });
  });

  test('is not written if nothing did, but what was found is reported', async () => {
    await receive(aws, { ...DAILY, since: '2026-11-28T05:00:00Z' });
    aws.state.clusters[0].services[3].runningCount = 1;

    const { metrics } = await receive(aws, CHANGE);

    expect(aws.objects.size).toBe(1);
    expect(metrics).toMatchObject({ Captured: 0, Failed: 0, Services: 12, PlaintextSecrets: 0 });
    expect(detailsOfEvents()[1]).toMatchObject({ state: 'UNCHANGED', trigger: 'change' });
    expect(detailsOfEvents()[1]).not.toHaveProperty('key');
  });

  test('is covered by a document that began after it: nothing is done', async () => {
    await receive(aws, DAILY);
    const before = aws.calls.length;

    const { lines } = await receive(aws, { ...CHANGE, since: '2026-11-29T04:59:59Z' });

    expect(lines).toEqual([]);
    expect(aws.calls.slice(before).map(({ name }) => name)).toEqual(['s3:ListObjectsV2', 's3:ListObjectsV2', 's3:ListObjectsV2']);
  });

  test('is not covered by a document of the same second', async () => {
    await receive(aws, DAILY);

    const { lines } = await receive(aws, { ...CHANGE, since: '2026-11-29T05:00:00Z' });

    expect(lines).not.toEqual([]);
  });
});

test('all tags of an image are in the document where a lifecycle policy depends on them', async () => {
  await receive(aws, DAILY);

  const [{ references: { images } }] = aws.documents;
  expect(images.flatMap(({ image, tags }: any) => tags === undefined ? [] : [[image.split('/')[1], tags]])).toEqual([['nightly:1.4.2', ['1.4.2']]]);
  expect(aws.calls.filter(({ name }) => name === 'ecr:DescribeImages').map(({ input }) => input)).toEqual([{ repositoryName: 'nightly', imageIds: [{ imageTag: '1.4.2' }] }]);
});

test('the calls are those that the role has permissions for, and there is no other', async () => {
  await receive(aws, { schedule: 'daily', scheduledFor: '2026-11-29T05:00:00Z' }, { settings: { ...SETTINGS, targets: undefined } });
  await receive(aws, aws.messages[0]);
  await receive(aws, CHANGE);

  const others = ['events:PutEvents', 's3:ListObjectsV2', 's3:PutObject', 'sqs:SendMessageBatch'];
  expect(aws.operations).toEqual([...ECS_READS.map(({ action }) => action), ...others].sort());
});

test.each([
  ['is gone', (state: FakeAwsApis['state']) => state.clusters.splice(0, 1), 'CaptureError: prod: CaptureError: the cluster prod can\'t be described: MISSING'],
  ['was deleted', (state: FakeAwsApis['state']) => {
    state.clusters[0].cluster.status = 'INACTIVE';
  }, 'CaptureError: prod: CaptureError: the cluster prod can\'t be described: it is inactive'],
])('a cluster that %s has no document, and the function fails', async (_, change, expected) => {
  change(aws.state);

  const { error } = await receive(aws, DAILY);

  expect(String(error)).toBe(expected);
  expect(aws.objects.size).toBe(0);
});

test('a service that is deleted while it is captured is left out', async () => {
  const { services } = aws.state.clusters[0];
  const listed = aws.call;
  jest.spyOn(aws, 'call' as never).mockImplementation((async (service: string, operation: string, input: object) => {
    const answer = await listed(service, operation, input);
    if (operation === 'ListServices') {
      services.splice(2, 1);
    }
    return answer;
  }) as never);

  await receive(aws, DAILY);

  expect(aws.documents[0].services).toHaveLength(11);
});

test('where there are no daemons yet, there are none', async () => {
  const all = aws.call;
  const call = (service: string, operation: string, input: object) => all(service, operation === 'ListDaemons' ? 'OfTomorrow' : operation, input);

  const { error } = await receive({ ...aws, clock: aws.clock, call } as never, DAILY);

  expect(error).toBeUndefined();
});

test('a task definition, a repository or an image that is gone is said to be', async () => {
  const [arn] = Object.keys(aws.state.taskDefinitions);
  delete aws.state.taskDefinitions[arn];
  aws.state.repositories.splice(1, 1);
  aws.state.repositories[1].images = [];

  const { metrics, error } = await receive(aws, DAILY);

  const [document] = aws.documents;
  expect(error).toBeUndefined();
  expect(document.notCaptured).toEqual([{ what: 'task definition', name: arn, why: 'AWS has none of this ARN any more' }]);
  expect(document.findings.filter(({ rule }: any) => rule === 'image-not-found').map(({ where }: any) => where)).toEqual(['service-0001/web', 'service-0002/web']);
  expect(metrics).toMatchObject({ NotCaptured: 1, ImagesNotKept: 2 });
});

test.each([['DescribeServices'], ['DescribeServiceRevisions']])('what %s refuses for another reason than that it is gone fails the capture', async (operation) => {
  const all = aws.call;
  const call = async (service: string, called: string, input: object) => {
    const answer = await all(service, called, input);
    return called === operation ? { ...answer, failures: [{ arn: 'arn:x', reason: 'ACCESS_DENIED', detail: 'canary' }] } : answer;
  };

  const { error } = await receive({ ...aws, clock: aws.clock, call } as never, DAILY);

  expect(String(error)).toMatch(/^CaptureError: prod: CaptureError: a service( revision)? can't be described: ACCESS_DENIED: arn:x$/);
  expect(aws.objects.size).toBe(0);
});
