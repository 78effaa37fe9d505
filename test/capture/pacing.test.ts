import { CallError } from '../../src/capture/aws-call.lambda-shared';
import type { Call } from '../../src/capture/aws-call.lambda-shared';
import { CLOCK, paced } from '../../src/capture/pacing.lambda-shared';
import { FakeClock } from '../ecs-config/fake-clock';

let clock: FakeClock;
let begun: number;

beforeEach(() => {
  clock = new FakeClock();
  begun = clock.now();
});

/** When each of the calls went out, in milliseconds. */
async function timesOf(count: number, rates: Record<string, number>, name = 'DescribeServices'): Promise<number[]> {
  const times: number[] = [];
  const call = paced(async () => times.push(clock.now() - begun), rates, clock, { at: Infinity });
  await Promise.all(Array.from({ length: count }, () => call('ecs', name, {})));
  return times;
}

test('calls go out at a quarter of the rate that AWS sustains, after as many at once as come in a second', async () => {
  expect(await timesOf(8, { ecs: 20 })).toEqual([0, 0, 0, 0, 0, 200, 400, 600]);
});

test('a rate below four a second lets one call through at once', async () => {
  expect(await timesOf(4, { 'ecs:ListServices': 1, 'ecs': 20 }, 'ListServices')).toEqual([0, 4000, 8000, 12000]);
});

test('what has no rate does not wait', async () => {
  expect(await timesOf(30, {})).toEqual(Array(30).fill(0));
});

test('each operation has its own rate', async () => {
  const times: number[] = [];
  const call = paced(async () => times.push(clock.now() - begun), { ecs: 4 }, clock, { at: Infinity });

  await Promise.all([call('ecs', 'DescribeServices', {}), call('ecs', 'DescribeTaskDefinition', {}), call('ecs', 'DescribeServices', {})]);

  expect(times).toEqual([0, 0, 1000]);
});

test('what comes late does not save up more than a second', async () => {
  const times: number[] = [];
  const call = paced(async () => times.push(clock.now() - begun), { ecs: 8 }, clock, { at: Infinity });
  await call('ecs', 'DescribeServices', {});
  await clock.sleep(3_600_000);

  await Promise.all([1, 2, 3].map(() => call('ecs', 'DescribeServices', {})));

  expect(times).toEqual([0, 3_600_000, 3_600_000, 3_600_500]);
});

describe('a call that is throttled', () => {
  const throttling = (times: number, then: unknown = 'answer'): Call => {
    let left = times;
    return async () => {
      if (left-- > 0) {
        throw new CallError('ThrottlingException', 'ecs:ListServices', '', true);
      }
      return then;
    };
  };

  test('waits for longer and longer, and calls again', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);

    expect(await paced(throttling(7), {}, clock, { at: Infinity })('ecs', 'ListServices', {})).toBe('answer');
    expect(clock.now() - begun).toBe((1 + 2 + 4 + 8 + 16 + 30 + 30) * 1000);
  });

  test('waits for a random time, so that two captures do not call together for ever', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);

    await paced(throttling(1), {}, clock, { at: Infinity })('ecs', 'ListServices', {});

    expect(clock.now() - begun).toBe(500);
  });

  test('fails when it is too late to wait', async () => {
    const failed = paced(throttling(1000), {}, clock, { at: begun + 60_000 })('ecs', 'ListServices', {});

    await expect(failed).rejects.toMatchObject({ name: 'OutOfTime', message: 'ecs:ListServices' });
    expect(clock.now() - begun).toBeLessThanOrEqual(60_000);
  });
});

test('a call that fails otherwise is not repeated', async () => {
  const call = jest.fn().mockRejectedValue(new CallError('AccessDeniedException', 'ecs:ListServices'));

  await expect(paced(call, {}, clock, { at: Infinity })('ecs', 'ListServices', {})).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(call).toHaveBeenCalledTimes(1);
});

describe('a call that AWS does not answer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('is given up 2 seconds after the deadline, also if it began right before it', async () => {
    const began = CLOCK.now();
    let ended: number | undefined;
    const call = paced(() => new Promise(() => undefined), {}, CLOCK, { at: began + 60_000 });
    await jest.advanceTimersByTimeAsync(59_999);

    const error = call('ecs', 'CreateService', {}).catch((thrown) => {
      ended = CLOCK.now() - began;
      return thrown;
    });
    await jest.advanceTimersByTimeAsync(10_000);

    expect(await error).toMatchObject({ name: 'OutOfTime', message: 'ecs:CreateService' });
    expect(ended).toBe(62_000);
  });

  test('leaves no timer once it is answered', async () => {
    await paced(async () => 'answer', {}, CLOCK, { at: CLOCK.now() + 60_000 })('ecs', 'ListServices', {});

    expect(jest.getTimerCount()).toBe(0);
  });
});

test('outside tests, the time is the time', async () => {
  const before = Date.now();
  await CLOCK.sleep(20);

  expect(CLOCK.now() - before).toBeGreaterThanOrEqual(19);
});
