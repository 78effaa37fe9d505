import * as fs from 'fs';
import * as path from 'path';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { rawJson } from '../../src/capture/aws-call.lambda-shared';

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
