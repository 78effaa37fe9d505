import * as http from 'http';
import type { AddressInfo } from 'net';
import { DescribeServicesCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CallError, pages, parts, rawJson, reasonOf, safely } from '../../src/capture/aws-call.lambda-shared';

interface Received {
  readonly target?: string;
  readonly authorization: string;
  readonly length: number;
  readonly body: string;
}

const CREDENTIALS = { accessKeyId: 'none', secretAccessKey: 'none' };

let received: Received[];
/** Answers in turn; the last one stays. */
let answers: { status?: number; body: object }[];
let endpoint: string;

const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => body += chunk);
  request.on('end', () => {
    const { headers } = request;
    received.push({ target: headers['x-amz-target'] as string, authorization: headers.authorization!, length: Number(headers['content-length']), body });
    const { status = 200, body: answer } = answers.length > 1 ? answers.shift()! : answers[0];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  received = [];
  jest.spyOn(Math, 'random').mockReturnValue(0); // the AWS SDK pauses for a random time
});

afterEach(() => jest.restoreAllMocks());

function ecs(): ECSClient {
  return new ECSClient({ region: 'eu-west-2', credentials: CREDENTIALS, endpoint });
}

describe('members that the AWS SDK does not know', () => {
  const answer = { services: [{ serviceName: 'web', memberOfTomorrow: { kept: true } }], memberOfTomorrow: 1, failures: [] };
  const input = { cluster: 'prod', services: ['web'], memberOfTomorrow: ['kept'] };

  beforeEach(() => {
    answers = [{ body: answer }];
  });

  test('are dropped by its client, either way', async () => {
    const { services } = await ecs().send(new DescribeServicesCommand(input as never));

    expect(services).toEqual([{ serviceName: 'web' }]);
    expect(JSON.parse(received[0].body)).toEqual({ cluster: 'prod', services: ['web'] });
  });

  test('are kept by a raw call, either way', async () => {
    expect(await rawJson(ecs(), new DescribeServicesCommand(input as never))).toEqual(answer);
    expect(JSON.parse(received[0].body)).toEqual(input);
    expect(received[0].target).toBe('AmazonEC2ContainerServiceV20141113.DescribeServices');
  });

  test('are in the answer of a REST-JSON API too', async () => {
    answers = [{ body: { Schedules: [{ Name: 'nightly', memberOfTomorrow: 1 }] } }];
    const scheduler = new SchedulerClient({ region: 'eu-west-2', credentials: CREDENTIALS, endpoint });

    expect(await rawJson(scheduler, new ListSchedulesCommand({}))).toEqual({ Schedules: [{ Name: 'nightly', memberOfTomorrow: 1 }] });
  });
});

describe('a raw call', () => {
  test('is of an operation that the AWS SDK need not have, and signed with the length that its body has', async () => {
    answers = [{ body: { kept: true } }];

    expect(await rawJson(ecs(), new ListClustersCommand({}), 'DescribeThingsOfTomorrow', { name: 'ö' })).toEqual({ kept: true });

    expect(received[0]).toMatchObject({ target: 'AmazonEC2ContainerServiceV20141113.DescribeThingsOfTomorrow', body: '{"name":"ö"}', length: 13 });
    expect(received[0].authorization).toMatch(/^AWS4-HMAC-SHA256 .*x-amz-target/);
  });

  test('is repeated by the AWS SDK after an error of the server', async () => {
    answers = [{ status: 500, body: { __type: 'ServerException' } }, { body: { clusterArns: [] } }];

    expect(await rawJson(ecs(), new ListClustersCommand({}))).toEqual({ clusterArns: [] });
    expect(received).toHaveLength(2);
  });

  test('fails with the name that the error has', async () => {
    answers = [{ status: 400, body: { __type: 'ClusterNotFoundException', message: 'Cluster not found.' } }];

    await expect(rawJson(ecs(), new ListClustersCommand({}), 'ListServices', { cluster: 'prod' })).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  });
});

describe('an error that is reported', () => {
  const failing = (error: unknown) => safely(() => Promise.reject(error));

  test('names the operation and its subject, and has no message of AWS', async () => {
    const error = await failing(Object.assign(new Error('canary'), { name: 'AccessDeniedException' }))(
      'ecs', 'DescribeTaskDefinition', { taskDefinition: 'web:7' }).catch((thrown) => thrown);

    expect(reasonOf(error)).toBe('AccessDeniedException: ecs:DescribeTaskDefinition of web:7');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
  });

  test('of a program is its name alone, since its message may have what was read in it', () => {
    expect(reasonOf(new SyntaxError('Unexpected token in canary'))).toBe('SyntaxError');
    expect(reasonOf('canary')).toBe('an unknown error');
  });

  test.each([
    [{ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }, true],
    [{ name: 'ServerException', $metadata: { httpStatusCode: 500 } }, true],
    [{ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }, false],
    [{}, false],
  ])('says whether it passes: %j', async (error, isPassing) => {
    await expect(failing(error)('ecs', 'ListClusters', {})).rejects.toMatchObject({ isPassing });
  });

  test('has the name that AWS gave it', async () => {
    await expect(failing({})('ecs', 'ListClusters', {})).rejects.toBeInstanceOf(CallError);
  });
});

test('pages are read to the end, and an empty token is the end', async () => {
  const inputs: object[] = [];
  const call = async (_service: string, _operation: string, input: object) => {
    inputs.push(input);
    return inputs.length === 1 ? { list: [1, 2], next: 'more' } : inputs.length === 2 ? { next: 'evenMore' } : { list: [3], next: '' };
  };

  expect(await pages(call, 's3', 'List', { Bucket: 'b' }, { list: 'list', token: 'next', inputToken: 'from' })).toEqual([1, 2, 3]);
  expect(inputs).toEqual([{ Bucket: 'b' }, { Bucket: 'b', from: 'more' }, { Bucket: 'b', from: 'evenMore' }]);
});

test('a list is cut into parts, and an empty one into none', () => {
  expect(parts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(parts([], 2)).toEqual([]);
});
