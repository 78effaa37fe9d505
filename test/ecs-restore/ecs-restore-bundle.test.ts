import * as fs from 'fs';
import { createServer } from 'http';
import type { AddressInfo } from 'net';
import * as path from 'path';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { rawJson, safely } from '../../src/capture/aws-call.lambda-shared';
import { CLOCK, paced } from '../../src/capture/pacing.lambda-shared';
import { iamClient } from '../../src/ecs-restore/ecs-restore.lambda';

const text = fs.readFileSync(path.join(__dirname, '../../assets/ecs-restore/ecs-restore.lambda/index.js'), 'utf8');

describe('the bundle', () => {
  test('takes the AWS SDK and Node.js from the runtime, and nothing else', () => {
    const required = [...new Set([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name))].sort();

    expect(required).toEqual([
      '@aws-sdk/client-application-auto-scaling', '@aws-sdk/client-cloudwatch-logs', '@aws-sdk/client-ec2', '@aws-sdk/client-ecr',
      '@aws-sdk/client-ecs', '@aws-sdk/client-elastic-load-balancing-v2', '@aws-sdk/client-eventbridge', '@aws-sdk/client-iam', '@aws-sdk/client-s3',
      '@aws-sdk/client-scheduler', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-service-quotas', '@aws-sdk/client-servicediscovery',
      '@aws-sdk/client-ssm', 'crypto', 'util', 'zlib',
    ]);
  });

  test('has at most 100 KB', () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100 * 1024);
  });

  test('loads, and has a handler', () => {
    expect(jest.requireActual('../../assets/ecs-restore/ecs-restore.lambda/index.js').handler).toBeInstanceOf(Function);
  });
});

test('a schedule is made with all members of the snapshot, also those that the AWS SDK does not know, and with its name in the address', async () => {
  const requests: any[] = [];
  const client = new SchedulerClient({
    region: 'eu-west-2',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: any) => {
        requests.push(request);
        throw new Error('nobody answers');
      },
    } as any,
  });
  const envelope = { Name: 'nightly', ScheduleExpression: '', Target: { Arn: '', RoleArn: '' }, FlexibleTimeWindow: { Mode: 'OFF' as const } };
  const target = { Arn: 'a', memberOfTomorrow: 1 };
  const input = { Name: 'nightly', GroupName: 'default', ScheduleExpression: 'rate(1 day)', EndDate: 1900000000, Target: target, memberOfTomorrow: 2 };

  await expect(rawJson(client, new CreateScheduleCommand(envelope), 'CreateSchedule', input)).rejects.toThrow('nobody answers');

  expect(requests[0].path).toBe('/schedules/nightly');
  expect(JSON.parse(requests[0].body)).toEqual({
    GroupName: 'default',
    ScheduleExpression: 'rate(1 day)',
    EndDate: 1900000000,
    Target: target,
    memberOfTomorrow: 2,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ClientToken: expect.any(String),
  });
  expect(requests[0].headers['content-length']).toBe(String(Buffer.byteLength(requests[0].body)));
});

test('where IAM accepts a call and does not answer, the call fails after two tries, and is not repeated', async () => {
  let calls = 0;
  const server = createServer(() => calls++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_IAM: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_REGION: 'eu-west-2', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none',
  });

  const client = iamClient(100);
  const call = paced(safely(() => client.send(new GetRoleCommand({ RoleName: 'orders' }))), {}, CLOCK, { at: CLOCK.now() + 60_000 });
  await expect(call('iam', 'GetRole', {})).rejects.toMatchObject({ name: 'TimeoutError' });
  server.closeAllConnections();
  server.close();

  expect(calls).toBe(2);
});
