import * as http from 'http';
import type { AddressInfo } from 'net';
import { RUNBOOK_SETTINGS } from './runs';
import { safely } from '../../src/capture/aws-call.lambda-shared';
import type { Call } from '../../src/capture/aws-call.lambda-shared';
import { ECS_PREFLIGHT_READS, ECS_RESTORE_READS, ECS_RESTORE_WRITES } from '../../src/ecs-restore/ecs-restore-calls.contract';
import * as restore from '../../src/ecs-restore/ecs-restore.lambda';
import { explanationOf } from '../../src/execution/aws-reasons.lambda-shared';
import type { RunbookSettings } from '../../src/execution/runbook.contract';

/** The handler is what it calls AWS with: what it does is in the tests of its steps. */
jest.mock('../../src/execution/runbook-handler.lambda-shared', () => ({ runbookHandler: (_: unknown, connect: unknown) => connect }));

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

const requests: { readonly line: string; readonly target?: string; readonly region?: string; readonly body: string }[] = [];
let answer: Answer;
let call: Call;

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { 'x-amz-target': target, authorization } = request.headers;
    requests.push({
      line: `${request.method} ${request.url}`, target: target as string | undefined, region: authorization?.split('/')[2], body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  });
  const connect = restore.handler as unknown as (settings: RunbookSettings) => Call;
  call = safely(connect(RUNBOOK_SETTINGS), explanationOf);
});

beforeEach(() => requests.splice(0));

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const json = (body: object): Answer => ({ headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) });
const xml = (body: string): Answer => ({ headers: { 'content-type': 'text/xml' }, body });

describe('a call of an API that takes JSON', () => {
  test.each<[service: string, operation: string, target: string]>([
    ['ecs', 'CreateService', 'AmazonEC2ContainerServiceV20141113.CreateService'],
    ['application-autoscaling', 'PutScalingPolicy', 'AnyScaleFrontendService.PutScalingPolicy'],
    ['ecr', 'BatchGetImage', 'AmazonEC2ContainerRegistry_V20150921.BatchGetImage'],
    ['events', 'PutTargets', 'AWSEvents.PutTargets'],
    ['servicediscovery', 'ListServices', 'Route53AutoNaming_v20170314.ListServices'],
    ['logs', 'DescribeLogGroups', 'Logs_20140328.DescribeLogGroups'],
    ['servicequotas', 'GetServiceQuota', 'ServiceQuotasV20190624.GetServiceQuota'],
    ['secretsmanager', 'DescribeSecret', 'secretsmanager.DescribeSecret'],
    ['ssm', 'DescribeAutomationStepExecutions', 'AmazonSSM.DescribeAutomationStepExecutions'],
  ])('has all members of the input and of the answer: %s:%s', async (service, operation, target) => {
    answer = json({ of: operation, memberOfTomorrow: { kept: 1 } });

    expect(await call(service, operation, { name: 'web', memberOfTomorrow: [2] })).toEqual({ of: operation, memberOfTomorrow: { kept: 1 } });
    expect(requests).toEqual([{ line: 'POST /', target, region: 'eu-west-1', body: '{"name":"web","memberOfTomorrow":[2]}' }]);
  });

  test.each<[service: string, operation: string, error: string]>([
    ['ecs', 'DescribeServices', 'ClusterNotFoundException'],
    ['ecs', 'UpdateService', 'ServiceNotActiveException'],
    ['ecs', 'UpdateCluster', 'UpdateInProgressException'],
    ['ecs', 'DescribeTaskDefinition', 'ClientException'],
    ['application-autoscaling', 'RegisterScalableTarget', 'ConcurrentUpdateException'],
    ['ecr', 'BatchGetImage', 'RepositoryNotFoundException'],
    ['events', 'DescribeRule', 'ResourceNotFoundException'],
    ['events', 'PutRule', 'ConcurrentModificationException'],
    ['secretsmanager', 'DescribeSecret', 'ResourceNotFoundException'],
    ['servicequotas', 'GetServiceQuota', 'NoSuchResourceException'],
    ['ssm', 'GetAutomationExecution', 'AutomationExecutionNotFoundException'],
    ['logs', 'DescribeLogGroups', 'AccessDeniedException'],
  ])('fails with the error that AWS names: %s:%s, %s', async (service, operation, error) => {
    answer = { ...json({ __type: `com.amazonaws.service#${error}`, message: 'as AWS says it' }), status: 400 };

    await expect(call(service, operation, { cluster: 'prod' })).rejects.toMatchObject({
      name: error, message: `${service}:${operation} of prod`, isPassing: false, explanation: 'as AWS says it',
    });
    expect(requests).toHaveLength(1);
  });

  test.each<[error: string, status: number]>([['ThrottlingException', 400], ['ServerException', 500]])('is tried again, and passes, after %s', async (error, status) => {
    answer = { ...json({ __type: error, message: 'as AWS says it' }), status };

    await expect(call('ecs', 'DescribeClusters', {})).rejects.toMatchObject({ name: error, isPassing: true });
    expect(requests).toHaveLength(3);
  });
});

describe('a schedule', () => {
  const input = { Name: 'nightly', GroupName: 'shop', ScheduleExpression: 'rate(1 day)', Target: { Arn: 'a', memberOfTomorrow: 1 } };
  const all = { GroupName: 'shop', ScheduleExpression: 'rate(1 day)', Target: { Arn: 'a', memberOfTomorrow: 1 }, FlexibleTimeWindow: { Mode: 'OFF' }, ClientToken: expect.any(String) };

  test.each<[operation: string, line: string]>([
    ['CreateSchedule', 'POST /schedules/nightly'], ['UpdateSchedule', 'PUT /schedules/nightly'],
  ])('is in the body and in the address of %s', async (operation, line) => {
    answer = json({ ScheduleArn: 'arn' });

    expect(await call('scheduler', operation, input)).toEqual({ ScheduleArn: 'arn' });
    expect(requests.map((each) => each.line)).toEqual([line]);
    expect(JSON.parse(requests[0].body)).toEqual(all);
  });

  test.each<[operation: string, members: object, line: string]>([
    ['GetSchedule', { Name: 'nightly', GroupName: 'shop' }, 'GET /schedules/nightly?groupName=shop'], ['GetScheduleGroup', { Name: 'shop' }, 'GET /schedule-groups/shop'],
  ])('is read with all members: %s', async (operation, members, line) => {
    answer = json({ Name: 'shop', memberOfTomorrow: 1 });

    expect(await call('scheduler', operation, members)).toEqual({ Name: 'shop', memberOfTomorrow: 1 });
    expect(requests.map((each) => each.line)).toEqual([line]);
  });

  test.each<[operation: string, status: number, error: string]>([
    ['GetSchedule', 404, 'ResourceNotFoundException'], ['CreateSchedule', 409, 'ConflictException'], ['UpdateSchedule', 400, 'ValidationException'],
  ])('fails with the error of the header: %s, %i', async (operation, status, error) => {
    answer = { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': `${error}:http://internal.amazon.com/coral/` }, body: '{"Message":"as AWS says it"}' };

    await expect(call('scheduler', operation, { Name: 'nightly' })).rejects.toMatchObject({ name: error, message: `scheduler:${operation} of nightly` });
  });
});

describe('a call of an API that answers XML', () => {
  const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef';

  test('reads the health of targets', async () => {
    answer = xml('<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>'
      + '<member><Target><Id>10.0.0.1</Id></Target><TargetHealth><State>healthy</State></TargetHealth></member>'
      + '<member><Target><Id>10.0.0.2</Id></Target><TargetHealth><State>draining</State></TargetHealth></member>'
      + '</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>');

    const { TargetHealthDescriptions } = await call('elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn: GROUP });

    expect(TargetHealthDescriptions.map(({ TargetHealth }: any) => TargetHealth.State)).toEqual(['healthy', 'draining']);
    expect(Object.fromEntries(new URLSearchParams(requests[0].body))).toMatchObject({ Action: 'DescribeTargetHealth', TargetGroupArn: GROUP });
  });

  test('reads a role with its trust policy', async () => {
    answer = xml('<GetRoleResponse><GetRoleResult><Role><RoleName>task</RoleName><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>');

    expect(await call('iam', 'GetRole', { RoleName: 'task' })).toMatchObject({ Role: { RoleName: 'task', AssumeRolePolicyDocument: '%7B%7D' } });
    expect(Object.fromEntries(new URLSearchParams(requests[0].body))).toMatchObject({ Action: 'GetRole', RoleName: 'task' });
  });

  test.each<[service: string, operation: string, input: object, body: string, error: string]>([
    ['iam', 'GetRole', { RoleName: 'task' }, '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error></ErrorResponse>', 'NoSuchEntityException'],
    ['iam', 'GetRole', { RoleName: 'task' }, '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>m</Message></Error></ErrorResponse>', 'AccessDenied'],
    ['elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn: GROUP },
      '<ErrorResponse><Error><Type>Sender</Type><Code>TargetGroupNotFound</Code><Message>m</Message></Error></ErrorResponse>', 'TargetGroupNotFoundException'],
    ['ec2', 'DescribeSubnets', {}, '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>m</Message></Error></Errors></Response>', 'UnauthorizedOperation'],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'k' }, '<Error><Code>NoSuchKey</Code><Message>m</Message></Error>', 'NoSuchKey'],
    ['s3', 'ListObjectsV2', { Bucket: 'b', Prefix: 'k' }, '<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>', 'NoSuchBucket'],
    ['s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: Buffer.from('{}') }, '<Error><Code>PreconditionFailed</Code><Message>m</Message></Error>', 'PreconditionFailed'],
  ])('fails with the error that AWS names: %s:%s', async (service, operation, input, body, error) => {
    answer = { ...xml(body), status: 400 };

    await expect(call(service, operation, input)).rejects.toMatchObject({ name: error, isPassing: false });
  });
});

test('an object is read from the Region of its bucket, as bytes', async () => {
  answer = { body: 'text', headers: { 'content-type': 'application/json' } };

  const { Body } = await call('s3', 'GetObject', { Bucket: 'config-of-prod', Key: 'records/1/a.json', ExpectedBucketOwner: '444455556666' });

  expect(Buffer.from(Body).toString()).toBe('text');
  expect(requests).toEqual([expect.objectContaining({ line: 'GET /config-of-prod/records/1/a.json?x-id=GetObject', region: 'eu-west-2' })]);
});

test.each([...new Set([...ECS_RESTORE_READS, ...ECS_PREFLIGHT_READS, ...ECS_RESTORE_WRITES].map(({ action }) => action)), 'iam:GetRole'])('%s is called', async (action) => {
  answer = { body: '' };
  const [service, operation] = action.split(':');

  await call(service, operation, { Name: 'nightly', RoleName: 'task', TargetGroupArn: 'arn' });

  expect(requests).toHaveLength(1);
  expect(`${requests[0].target} ${requests[0].body} ${requests[0].line}`).toContain(service === 'scheduler' ? '/schedule' : operation);
});
