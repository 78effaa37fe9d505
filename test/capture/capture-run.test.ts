import { receive } from '../ecs-config/captures';
import { FakeAwsApis } from '../ecs-config/fake-aws-apis';
import { accountWith } from '../ecs-config/fake-cluster';
import { CHANGE, DAILY, handlerFor, SETTINGS } from '../ecs-config/invocations';
import { DEPLOYMENT_EVENT } from '../ecs-config/recorded';

const SCHEDULE = { schedule: 'daily', scheduledFor: '2026-11-29T05:00:00Z' };

let aws: FakeAwsApis;

beforeEach(() => {
  aws = new FakeAwsApis(accountWith('prod', { services: 1 }));
});

describe('the message of a schedule', () => {
  test('is answered with one message for each target', async () => {
    const targets = Array.from({ length: 12 }, (_, index) => `cluster-${index}`);

    await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets } });

    expect(aws.messages).toEqual(targets.map((target) => ({ tier: 'daily', trigger: 'schedule', target, since: '2026-11-29T05:00:00Z' })));
    expect(aws.calls.map(({ name, input }) => [name, input.Entries.length])).toEqual([['sqs:SendMessageBatch', 10], ['sqs:SendMessageBatch', 2]]);
  });

  test('is answered for all that there is, on all pages, if no target is named', async () => {
    const [cluster] = aws.state.clusters;
    aws.state.clusters = Array.from({ length: 101 }, (_, index) => ({ ...cluster, cluster: { ...cluster.cluster, clusterArn: `arn:aws:ecs:eu-west-2:111122223333:cluster/c${index}` } }));

    await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets: undefined } });

    expect(aws.messages).toHaveLength(101);
    expect(aws.messages[0].target).toBe('c0');
  });

  test('counts as captured if there is nothing, so that the alarm on missing snapshots stays off', async () => {
    aws.state.clusters = [];

    const { metrics } = await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets: undefined } });

    expect(metrics).toMatchObject({ Captured: 1, Failed: 0, Target: '*', tier: 'daily' });
    expect(aws.messages).toEqual([]);
  });

  test('of a schedule that there is not is refused, and reported with the last attempt', async () => {
    const { error, metrics } = await receive(aws, { ...SCHEDULE, schedule: 'hourly' }, { attempt: 3 });

    expect(String(error)).toBe('CaptureError: *: CaptureError: there is no schedule hourly');
    expect(metrics).toMatchObject({ Failed: 1, Target: '*', tier: 'hourly' });
  });

  test('is not done if the queue does not take a message', async () => {
    const call = async () => ({ Failed: [{ Id: '0' }] });

    const { error } = await receive({ ...aws, clock: aws.clock, call } as never, SCHEDULE);

    expect(String(error)).toBe('CaptureError: *: CaptureError: Amazon SQS did not take 1 of 1 messages');
  });
});

describe('an event', () => {
  const EVENT = { ...DEPLOYMENT_EVENT, time: '2026-11-29T04:58:03Z', resources: ['arn:aws:ecs:eu-west-2:111122223333:service/prod/web'] };

  test('of a target is answered with a message to capture it', async () => {
    await receive(aws, EVENT);

    expect(aws.messages).toEqual([{ tier: 'change', trigger: 'change', target: 'prod', since: '2026-11-29T04:58:03Z', eventId: DEPLOYMENT_EVENT.id }]);
  });

  test('of another target, or of none, is ignored', async () => {
    await receive(aws, { ...EVENT, resources: ['arn:aws:ecs:eu-west-2:111122223333:service/dev/web'] });
    await receive(aws, { ...EVENT, resources: [] });

    expect(aws.calls).toEqual([]);
  });

  test('of whatever there is is of a target, if none is named', async () => {
    await receive(aws, { ...EVENT, resources: ['arn:aws:ecs:eu-west-2:111122223333:service/dev/web'] }, { settings: { ...SETTINGS, targets: undefined } });

    expect(aws.messages).toEqual([expect.objectContaining({ target: 'dev' })]);
  });

  test('that a document covers, since it began later, is ignored', async () => {
    await receive(aws, DAILY);

    await receive(aws, EVENT);

    expect(aws.messages).toEqual([]);
  });

  test('is answered once in the end: what is captured first covers the messages behind it', async () => {
    await receive(aws, EVENT);
    await receive(aws, { ...EVENT, id: '36eb8523-97d0-4518-b33d-ee3579ff19f0' });
    const [first, second] = aws.messages;
    await receive(aws, first);
    const { lines } = await receive(aws, second);

    expect(lines).toEqual([]);
    expect(aws.objects.size).toBe(1);
  });
});

describe('captures of a target are one message group, so that they run one after the other', () => {
  const groups = () => aws.calls.flatMap(({ input }) => input.Entries ?? []).map(({ MessageGroupId }: any) => MessageGroupId);
  const EVENT = { ...DEPLOYMENT_EVENT, time: '2026-11-29T04:58:03Z', resources: ['arn:aws:ecs:eu-west-2:111122223333:service/prod/web'] };
  const PROD = '6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77'; // echo -n prod | sha256sum

  test('whatever schedule or change they are for', async () => {
    await receive(aws, SCHEDULE);
    await receive(aws, { ...SCHEDULE, schedule: 'weekly' });
    await receive(aws, EVENT);

    expect(groups()).toEqual([PROD, PROD, PROD]);
  });

  test('and those of another target are another', async () => {
    await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets: ['prod', 'Prod'] } });

    expect(groups()).toEqual([PROD, expect.stringMatching(/^(?!6754af96)[0-9a-f]{64}$/)]);
  });

  test('with at most 128 characters, although the name of a cluster can have 255', async () => {
    await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets: ['c'.repeat(129), 'c'.repeat(255)] } });

    expect(groups()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(new Set(groups()).size).toBe(2);
  });
});

describe('the queue drops a message with the same text within five minutes', () => {
  const EVENT = { ...DEPLOYMENT_EVENT, time: '2026-11-29T04:58:03Z', resources: ['arn:aws:ecs:eu-west-2:111122223333:service/prod/web'] };
  const texts = () => aws.calls.flatMap(({ input }) => input.Entries ?? []).map(({ MessageBody }: any) => MessageBody);

  test('which two attempts of the same have', async () => {
    await receive(aws, SCHEDULE);
    await receive(aws, SCHEDULE, { attempt: 2 });
    await receive(aws, EVENT);
    await receive(aws, EVENT, { attempt: 2 });

    expect(texts().map((text: string) => texts().indexOf(text))).toEqual([0, 0, 2, 2]);
  });

  test('which two changes of a target in one second, two schedules at the same time, and two targets do not have', async () => {
    await receive(aws, EVENT);
    await receive(aws, { ...EVENT, id: '36eb8523-97d0-4518-b33d-ee3579ff19f0' });
    await receive(aws, { ...EVENT, time: '2026-11-29T04:58:04Z' });
    await receive(aws, SCHEDULE, { settings: { ...SETTINGS, targets: ['prod', 'dev'] } });
    await receive(aws, { ...SCHEDULE, schedule: 'weekly' });
    await receive(aws, { ...SCHEDULE, scheduledFor: '2026-11-30T05:00:00Z' });

    expect(new Set(texts()).size).toBe(7);
  });
});

test('a capture that had nothing to write covers the changes before it too, as long as Lambda keeps the function', async () => {
  const handler = handlerFor(aws);
  await receive(aws, DAILY);
  await aws.clock.sleep(60 * 60_000);
  const change = { ...CHANGE, since: new Date(aws.clock.now() - 60_000).toISOString() };
  await receive(aws, change, { handler });
  const before = aws.calls.length;

  const { lines } = await receive(aws, change, { handler });

  expect(lines).toEqual([]);
  expect(aws.calls).toHaveLength(before);
  expect(aws.objects.size).toBe(1);
});

test('a capture does not cover a change that happens after it began', async () => {
  const handler = handlerFor(aws);
  await receive(aws, DAILY);
  await aws.clock.sleep(60 * 60_000);
  await receive(aws, { ...CHANGE, since: new Date(aws.clock.now() - 60_000).toISOString() }, { handler });
  const before = aws.calls.length;
  await aws.clock.sleep(60_000);

  await receive(aws, { ...CHANGE, since: new Date(aws.clock.now() - 1_000).toISOString() }, { handler });

  expect(aws.calls.length).toBeGreaterThan(before + 5);
});

test('a capture does not cover a change of the second in which it began, since events have whole seconds', async () => {
  const handler = handlerFor(aws);
  await receive(aws, DAILY);
  await aws.clock.sleep(60 * 60_000);
  await receive(aws, { ...CHANGE, since: new Date(aws.clock.now() - 60_000).toISOString() }, { handler });
  const { state, begunAt } = JSON.parse(aws.events.at(-1).Detail);
  expect([state, begunAt]).toEqual(['UNCHANGED', expect.stringMatching(/^2026-11-29T06:00:\d\d\.[1-9]/)]);
  const { clusters: [{ services: [service] }] } = aws.state;
  service.healthCheckGracePeriodSeconds = 30;

  await receive(aws, { ...CHANGE, since: begunAt.replace(/\.\d+Z$/, 'Z') }, { handler });

  expect(aws.documents.map(({ trigger }) => trigger)).toEqual(['schedule', 'change']);
});

test.each<[string, string[] | undefined, boolean]>([
  ['is no failure where all clusters are captured', undefined, false], ['is a failure where it is named', ['gone'], true],
])('a cluster that does not exist any more %s', async (_, targets, isFailure) => {
  const { error, metrics } = await receive(aws, { ...DAILY, target: 'gone' }, { attempt: 3, settings: { ...SETTINGS, targets } });

  expect(error !== undefined).toBe(isFailure);
  expect(metrics?.Failed).toBe(isFailure ? 1 : undefined);
});

describe('a capture that ends after its window', () => {
  const settings = { ...SETTINGS, tiers: { daily: { keptDays: 35, windowMinutes: 60 } } };

  test('has failed even if it wrote, and does not run again', async () => {
    await aws.clock.sleep(60 * 60_000);

    const { error, metrics } = await receive(aws, DAILY, { settings });

    expect(error).toBeUndefined();
    expect(metrics).toMatchObject({ Captured: 1, Failed: 1, state: 'FAILED' });
    expect(JSON.parse(aws.events[0].Detail)).toMatchObject({
      state: 'FAILED', key: [...aws.objects.keys()][0], reason: 'OutOfWindow: the capture ended after its start window and completion window',
    });
  });

  test('has not failed at its end', async () => {
    await aws.clock.sleep(59 * 60_000);

    expect((await receive(aws, DAILY, { settings })).metrics).toMatchObject({ Captured: 1, Failed: 0, state: 'COMPLETED' });
  });
});

test('an event that the bus does not take fails the capture, whose document stays', async () => {
  const all = aws.call;
  const call = async (service: string, operation: string, input: object) => operation === 'PutEvents' ? { FailedEntryCount: 1 } : all(service, operation, input);

  const { error, metrics } = await receive({ ...aws, clock: aws.clock, call } as never, DAILY);

  expect(String(error)).toBe('CaptureError: prod: CaptureError: Amazon EventBridge did not take the event');
  expect(metrics).toMatchObject({ Captured: 1, Failed: 0 }); // a second attempt might have nothing left to count
  expect(aws.objects.size).toBe(1);
});

test('metrics are in the embedded format, for all targets together and for each', async () => {
  const { metrics } = await receive(aws, DAILY);

  expect(metrics._aws).toEqual({
    Timestamp: Date.parse('2026-11-29T05:00:03.250Z') + Math.round(metrics.Seconds * 1000),
    CloudWatchMetrics: [{
      Namespace: 'CdkBackupDr/Configuration',
      Dimensions: [['Kind', 'Backup'], ['Kind', 'Backup', 'Target']],
      Metrics: [
        ...['Captured', 'Failed', 'NotCaptured', 'Services', 'PlaintextSecrets', 'ImagesNotKept'].map((Name) => ({ Name, Unit: 'Count' })),
        { Name: 'Seconds', Unit: 'Seconds' },
      ],
    }],
  });
});

test.each([[{}], [{ other: 1 }]])('a message that is none of captures is refused: %j', async (message) => {
  const { error } = await receive(aws, message);

  expect(String(error)).toBe('CaptureError: *: CaptureError: neither a schedule, nor a target, nor an event');
});
