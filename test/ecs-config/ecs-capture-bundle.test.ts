import * as fs from 'fs';
import * as path from 'path';
import type { Context, SQSEvent } from 'aws-lambda';
import { serveOverHttp } from './aws-over-http';
import { receive } from './captures';
import { ACCOUNT, FakeAwsApis, REGION } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { DAILY, SETTINGS } from './invocations';
import { CLOCK } from '../../src/capture/pacing.lambda-shared';
import * as source from '../../src/ecs-config/ecs-capture.lambda';

const BUNDLE = path.join(__dirname, '../../assets/ecs-config/ecs-capture.lambda/index.js');

type Handler = (event: SQSEvent, context: Context) => Promise<void>;

let aws: FakeAwsApis;
let http: Awaited<ReturnType<typeof serveOverHttp>>;

beforeAll(async () => {
  http = await serveOverHttp(() => aws);
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: http.endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    CAPTURE_SETTINGS: JSON.stringify(SETTINGS),
  });
});

afterEach(() => jest.useRealTimers());

afterAll(() => http.close());

beforeEach(() => {
  // The handler reads the time of the process. Nothing else is replaced, so that requests take the time they take.
  jest.useFakeTimers({
    now: Date.parse('2026-11-29T05:00:03Z'),
    doNotFake: [
      'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout',
    ],
  });
  aws = new FakeAwsApis(accountWith('prod', { services: 2 }), CLOCK as never, 0);
});

async function invoke(handler: Handler, message: object): Promise<void> {
  const context = { invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:capture`, getRemainingTimeInMillis: () => 60_000 } as Context;
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await handler({ Records: [{ body: JSON.stringify(message), attributes: { ApproximateReceiveCount: '1' } }] } as SQSEvent, context);
  } finally {
    write.mockRestore();
  }
}

describe('the bundle', () => {
  const text = fs.readFileSync(BUNDLE, 'utf8');

  test('takes the AWS SDK and Node.js from the runtime, and nothing else', () => {
    const required = [...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name);

    expect([...new Set(required)].sort()).toEqual([
      '@aws-sdk/client-application-auto-scaling', '@aws-sdk/client-ec2', '@aws-sdk/client-ecr', '@aws-sdk/client-ecs',
      '@aws-sdk/client-elastic-load-balancing-v2', '@aws-sdk/client-eventbridge', '@aws-sdk/client-s3', '@aws-sdk/client-scheduler',
      '@aws-sdk/client-servicediscovery', '@aws-sdk/client-sqs', 'crypto', 'util', 'zlib',
    ]);
  });

  test('contains no code of others, and has at most 100 KB', () => {
    const files = [...text.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map(([, file]) => file);

    expect(files.filter((file) => !/^src\/(capture|ecs-config)\/[\w-]+\.(lambda|lambda-shared|contract)\.ts$/.test(file))).toEqual([]);
    expect(text.length).toBeLessThan(100_000);
  });
});

describe.each<[string, Handler]>([
  ['the handler', source.handler], ['the bundled handler', jest.requireActual(BUNDLE).handler],
])('%s, with the clients of the AWS SDK', (_, handler) => {
  test('writes the document that it writes without them', async () => {
    await invoke(handler, DAILY);

    const direct = new FakeAwsApis(accountWith('prod', { services: 2 }));
    await receive(direct, DAILY);
    const [{ sdkVersion, endedAt, begunAt, ...written }] = aws.documents;
    expect(written).toEqual({ ...direct.documents[0], sdkVersion: undefined, endedAt: undefined, begunAt: undefined });
    expect(sdkVersion).toMatch(/^3\.\d+\.\d+$/);
    expect(JSON.parse(aws.events[0].Detail)).toMatchObject({ state: 'COMPLETED' });
  });

  test('answers a schedule', async () => {
    await invoke(handler, { schedule: 'daily', scheduledFor: DAILY.since });

    expect(aws.messages).toEqual([DAILY]);
  });

  test('answers a change after its last capture', async () => {
    await invoke(handler, {
      'detail-type': 'ECS Deployment State Change', 'time': '2026-11-29T05:00:04Z', 'resources': ['arn:aws:ecs:eu-west-2:111122223333:service/prod/web'],
    });

    expect(aws.messages).toEqual([{ tier: 'change', trigger: 'change', target: 'prod', since: '2026-11-29T05:00:04Z' }]);
  });
});
