import { receive } from './captures';
import { FakeAwsApis, TEXT_OF_AWS } from './fake-aws-apis';
import type { Fault } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { CHANGE, DAILY } from './invocations';

const SIZE = { services: 2 };

/** How many calls a capture makes, and the hash of its document, if nothing is in its way. */
async function undisturbed(message: object): Promise<{ calls: number; contentHash: string }> {
  const aws = new FakeAwsApis(accountWith('prod', SIZE));
  await receive(aws, message);
  return { calls: aws.calls.length, contentHash: aws.documents[0].contentHash };
}

describe.each([['a schedule', DAILY], ['a change', CHANGE]])('for %s', (_, message) => {
  test.each<Fault['kind']>(['throttle', 'deny', 'crash'])('%s at every call: never half a document, and one whole document once it runs again', async (kind) => {
    const { calls, contentHash } = await undisturbed(message);
    expect(calls).toBeGreaterThan(35);

    for (let at = 0; at < calls; at++) {
      const aws = new FakeAwsApis(accountWith('prod', SIZE));
      aws.fault = { at, kind };
      const first = await receive(aws, message);
      const afterFirst = aws.documents.map((document) => document.contentHash);
      aws.revive();
      const second = first.error && await receive(aws, message, { attempt: 2 });

      expect({ at, failed: first.error !== undefined }).toEqual({ at, failed: kind !== 'throttle' });
      expect({ at, afterFirst }).toEqual({ at, afterFirst: afterFirst.length === 0 ? [] : [contentHash] });
      expect({ at, error: second?.error }).toEqual({ at, error: undefined });
      expect({ at, documents: aws.documents.map((document) => document.contentHash) }).toEqual({ at, documents: [contentHash] });
      expect({ at, versions: [...aws.objects.values()].map(({ versions }) => versions) }).toEqual({ at, versions: [1] });
    }
  }, 120_000);
});

describe('a capture that fails', () => {
  let aws: FakeAwsApis;

  beforeEach(() => {
    aws = new FakeAwsApis(accountWith('prod', SIZE));
    aws.fault = { at: 0, kind: 'deny' };
  });

  test('fails the function with the name of the error, its operation and its subject, and says no more', async () => {
    const { error, lines } = await receive(aws, DAILY);

    expect(String(error)).toBe('CaptureError: prod: AccessDeniedException: ecs:DescribeClusters');
    expect(lines).toEqual([]);
    expect(aws.events).toEqual([]);
  });

  test('is reported with the last attempt', async () => {
    const { error, metrics } = await receive(aws, DAILY, { attempt: 3 });

    expect(error).toBeDefined();
    expect(metrics).toMatchObject({ Target: 'prod', Captured: 0, Failed: 1, state: 'FAILED' });
    expect(JSON.parse(aws.events[0].Detail)).toMatchObject({
      state: 'FAILED', target: 'prod', tier: 'daily', scheduledFor: DAILY.since, reason: 'AccessDeniedException: ecs:DescribeClusters',
    });
  });

  test('has its own reason if the report fails too', async () => {
    aws.fault = { at: 0, kind: 'crash' };

    const { error, metrics } = await receive(aws, DAILY, { attempt: 3 });

    expect(String(error)).not.toContain('PutEvents');
    expect(String(error)).not.toContain(TEXT_OF_AWS);
    expect(metrics).toMatchObject({ Failed: 1 });
  });
});

test('a throttle that does not end is waited out until there is time to report only, and then the capture has failed', async () => {
  const aws = new FakeAwsApis(accountWith('prod', SIZE));
  const all = aws.call;
  const throttled = async (service: string, operation: string, input: object) => {
    if (operation === 'DescribeTaskDefinition') {
      throw Object.assign(new Error(TEXT_OF_AWS), { name: 'ThrottlingException' });
    }
    return all(service, operation, input);
  };
  const begun = aws.clock.now();

  const { error, metrics } = await receive({ ...aws, clock: aws.clock, call: throttled } as never, DAILY, { attempt: 3 });

  expect(String(error)).toBe('CaptureError: prod: OutOfTime: ecs:DescribeTaskDefinition');
  expect(metrics).toMatchObject({ Failed: 1 });
  expect(aws.clock.now() - begun).toBeGreaterThan(13 * 60_000);
  expect(aws.clock.now() - begun).toBeLessThan(15 * 60_000);
  expect(aws.objects.size).toBe(0);
});

test('once the function has failed, nothing that still waited calls on', async () => {
  const aws = new FakeAwsApis(accountWith('prod', { services: 60 }));
  const all = aws.call;
  const call = async (service: string, operation: string, input: any) => {
    if (operation === 'DescribeTaskDefinition' && input.taskDefinition.includes('service-0001')) {
      throw Object.assign(new Error(TEXT_OF_AWS), { name: 'AccessDeniedException' });
    }
    return all(service, operation, input);
  };

  const { error } = await receive({ ...aws, clock: aws.clock, call } as never, DAILY);
  const made = aws.calls.length;
  await aws.clock.sleep(600_000);

  expect(error).toBeDefined();
  expect(aws.calls.length - made).toBeLessThan(10); // those that were under way
});
