import * as http from 'http';
import type { AddressInfo } from 'net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { customResource, pauses, retried } from '../../src/handlers/custom-resource.lambda-shared';

// The server of these tests speaks no TLS.
jest.mock('https', () => jest.requireActual('http'));

const base = {
  ServiceToken: 'arn:aws:lambda:eu-west-2:111111111111:function:handler',
  ResponseURL: 'https://cloudformation.example/answer?X-Amz-Signature=abc',
  StackId: 'arn:aws:cloudformation:eu-west-2:111111111111:stack/Backups/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Settings',
  ResourceType: 'Custom::Settings',
  ResourceProperties: { ServiceToken: 'arn:aws:lambda:eu-west-2:111111111111:function:handler' },
};
const creation: CloudFormationCustomResourceEvent = { ...base, RequestType: 'Create' };
const update: CloudFormationCustomResourceEvent = {
  ...base, RequestType: 'Update', PhysicalResourceId: 'settings', OldResourceProperties: base.ResourceProperties,
};
const deletion: CloudFormationCustomResourceEvent = { ...base, RequestType: 'Delete', PhysicalResourceId: 'settings' };

const failing = (error: unknown) => async () => { throw error; };

/** Takes the answer instead of CloudFormation. */
function recorder() {
  const answers: [string, any][] = [];
  return { answers, send: async (url: string, body: string) => { answers.push([url, JSON.parse(body)]); } };
}

let logged: jest.SpyInstance;
beforeEach(() => {
  logged = jest.spyOn(console, 'error').mockImplementation();
  pauses.unit = 0;
});
afterEach(() => {
  logged.mockRestore();
  pauses.unit = 250;
});

test('what was done is answered with the ids of the request', async () => {
  const { answers, send } = recorder();

  await customResource(async () => ({ physicalResourceId: 'settings', data: { Region: 'eu-west-2' } }), send)(creation);

  expect(answers).toEqual([['https://cloudformation.example/answer?X-Amz-Signature=abc', {
    Status: 'SUCCESS',
    PhysicalResourceId: 'settings',
    Data: { Region: 'eu-west-2' },
    StackId: 'arn:aws:cloudformation:eu-west-2:111111111111:stack/Backups/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Settings',
  }]]);
  expect(logged).not.toHaveBeenCalled();
});

test('an answer without data has none', async () => {
  const { answers, send } = recorder();

  await customResource(async () => ({ physicalResourceId: 'settings' }), send)(deletion);

  expect(answers[0][1]).not.toHaveProperty('Data');
  expect(answers[0][1]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'settings' });
});

test('the work gets the event', async () => {
  const work = jest.fn(async () => ({ physicalResourceId: 'settings' }));

  await customResource(work, recorder().send)(update);

  expect(work).toHaveBeenCalledWith(update);
});

test('a failed creation is answered with the id of the request, as there is no resource yet', async () => {
  const { answers, send } = recorder();
  const error = new TypeError('no such type');

  await customResource(failing(error), send)(creation);

  expect(answers).toEqual([['https://cloudformation.example/answer?X-Amz-Signature=abc', {
    Status: 'FAILED',
    PhysicalResourceId: 'request-1',
    Reason: 'TypeError: no such type',
    StackId: 'arn:aws:cloudformation:eu-west-2:111111111111:stack/Backups/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Settings',
  }]]);
  expect(logged).toHaveBeenCalledWith(error);
});

test.each([['update', update], ['deletion', deletion]])('a failed %s is answered with the id of the resource', async (_, event) => {
  const { answers, send } = recorder();

  await customResource(failing(new Error('throttled')), send)(event);

  expect(answers[0][1]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'settings', Reason: 'Error: throttled' });
});

test('whatever is thrown is a reason', async () => {
  const { answers, send } = recorder();

  await customResource(failing('out of order'), send)(creation);

  expect(answers[0][1]).toMatchObject({ Status: 'FAILED', Reason: 'out of order' });
});

test('work that fails at once, before it gives a promise, is answered too', async () => {
  const { answers, send } = recorder();

  await customResource(() => { throw new Error('at once'); }, send)(creation);

  expect(answers[0][1]).toMatchObject({ Status: 'FAILED', Reason: 'Error: at once' });
});

test.each([
  ['long', 'x'.repeat(10_000)],
  ['long, and not ASCII', 'ü'.repeat(3000)],
  ['long, and of what JSON escapes', '"\n'.repeat(3000)],
])('a reason that is %s is shortened, as CloudFormation takes no answer above 4,096 bytes', async (_, message) => {
  const bodies: string[] = [];

  await customResource(failing(new Error(message)), async (__, body) => { bodies.push(body); })(creation);

  expect(Buffer.byteLength(bodies[0])).toBeLessThanOrEqual(4096);
  expect(JSON.parse(bodies[0]).Reason.startsWith(`Error: ${message.slice(0, 100)}`)).toBe(true);
});

test('an answer that CloudFormation does not take is sent again, and the work is not done again', async () => {
  const work = jest.fn(async () => ({ physicalResourceId: 'settings' }));
  const send = jest.fn<Promise<void>, [string, string]>()
    .mockRejectedValueOnce(new Error('reset'))
    .mockRejectedValueOnce(new Error('reset'))
    .mockResolvedValueOnce();

  await customResource(work, send)(creation);

  expect(work).toHaveBeenCalledTimes(1);
  expect(send).toHaveBeenCalledTimes(3);
  expect(send.mock.calls[2]).toEqual(send.mock.calls[0]);
});

test('an answer that CloudFormation never takes fails the function after five times', async () => {
  const send = jest.fn().mockRejectedValue(new Error('reset'));

  await expect(customResource(async () => ({ physicalResourceId: 'settings' }), send)(creation)).rejects.toThrow('reset');

  expect(send).toHaveBeenCalledTimes(5);
});

test('what works is not tried again', async () => {
  const work = jest.fn().mockResolvedValue('done');

  await expect(retried(work)).resolves.toBe('done');

  expect(work).toHaveBeenCalledTimes(1);
});

test('what fails for good is not tried again', async () => {
  const work = jest.fn().mockRejectedValue(new TypeError('for good'));

  await expect(retried(work, (error) => error instanceof TypeError)).rejects.toThrow('for good');

  expect(work).toHaveBeenCalledTimes(1);
});

test('the pauses between the tries grow, with some chance', async () => {
  // GIVEN
  pauses.unit = 2;
  const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
  const timer = jest.spyOn(global, 'setTimeout');

  // WHEN
  await expect(retried(() => Promise.reject(new Error('again')))).rejects.toThrow('again');

  // THEN 2, 4, 8 and 16 units, and half of it more
  expect(timer.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([6, 12, 24, 48]);
  timer.mockRestore();
  random.mockRestore();
});

/** Takes the answers over HTTP, with one status after the other. */
async function withServer(statuses: number[], run: (url: string) => Promise<void>) {
  const requests: { method?: string; url?: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.statusCode = statuses[requests.length - 1];
      response.end('<Answer/>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?X-Amz-Signature=a%2Fb`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return requests;
}

test('the answer is put to the signed URL, with the empty content type that the signature covers', async () => {
  const handler = customResource(failing(new Error('für später')));

  const [request, ...more] = await withServer([200], (url) => handler({ ...creation, ResponseURL: url }));

  expect(more).toEqual([]);
  expect(request).toMatchObject({ method: 'PUT', url: '/answer?X-Amz-Signature=a%2Fb' });
  expect(request.headers['content-type']).toBe('');
  expect(request.headers['content-length']).toBe(String(Buffer.byteLength(request.body)));
  expect(request.headers['transfer-encoding']).toBeUndefined();
  expect(JSON.parse(request.body)).toMatchObject({ Status: 'FAILED', Reason: 'Error: für später' });
});

test('the answer is put again after a server error', async () => {
  const handler = customResource(async () => ({ physicalResourceId: 'settings' }));

  const requests = await withServer([503, 500, 204], (url) => handler({ ...creation, ResponseURL: url }));

  expect(requests.map(({ body }) => JSON.parse(body).Status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
});

test.each([300, 403])('status %i is no success', async (status) => {
  const handler = customResource(async () => ({ physicalResourceId: 'settings' }));

  const requests = await withServer(Array(5).fill(status), (url) => expect(handler({ ...creation, ResponseURL: url })).rejects
    .toThrow(`CloudFormation responded with status ${status}`));

  expect(requests).toHaveLength(5);
});

test('a server that is not there fails the function', async () => {
  let gone = '';
  await withServer([], async (url) => { gone = url; });

  await expect(customResource(async () => ({ physicalResourceId: 'settings' }))({ ...creation, ResponseURL: gone })).rejects.toThrow('ECONNREFUSED');
});

test('an answer that nobody takes within 10 seconds is sent again, and after five times the function fails for that reason', async () => {
  const attempts: (number | undefined)[] = [];
  const server = http.createServer(() => {}); // takes the request, and is silent
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const actual = jest.requireMock<typeof http>('https');
  const { request } = actual;
  const hurried = jest.spyOn(actual, 'request').mockImplementation(((url: string, options: http.RequestOptions, answered: () => void) => {
    attempts.push(options.timeout);
    return request(url, { ...options, timeout: 20 }, answered);
  }) as typeof http.request);

  const answer = customResource(async () => ({ physicalResourceId: 'settings' }))(
    { ...creation, ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer` });

  await expect(answer).rejects.toThrow('CloudFormation did not accept the response in time');
  expect(attempts).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
  hurried.mockRestore();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
