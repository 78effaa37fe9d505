import { EXECUTION, FakeAccount } from './fake-account';
import { ask, DONE, run, workOf } from './requests';
import { isOutOfTime } from '../../src/execution/aws-reasons.lambda-shared';
import { RunFailed } from '../../src/execution/recovery-work.lambda-shared';
import type { ReportedObject, Run, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { Outcome } from '../../src/execution/runbook.contract';

const WEB: ReportedObject = { what: 'service', name: 'web', state: 'PENDING', why: 'is draining' };
const WAITING: StepResult = { outcome: Outcome.ASK_AGAIN, isWaiting: true, summary: 'A service is draining.', objects: [WEB] };
const KEY = `records/111122223333/ecs-restore/2026-11-29T05-00-03Z-${EXECUTION}`;

let aws: FakeAccount;

beforeEach(() => {
  aws = new FakeAccount();
});

test('a run whose steps are done leaves one record, that it is completed', async () => {
  const seen = await run(aws, workOf(), aws.start());

  expect(seen.map(({ answer }) => answer?.outcome)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  expect(aws.records).toEqual([expect.objectContaining({ status: 'COMPLETED', problems: [] })]);
});

describe('a step', () => {
  test('sees the settings, the place, the parameters and the execution', async () => {
    const preflight = jest.fn().mockResolvedValue(DONE);

    await ask(aws, workOf({ preflight }), aws.start());

    expect(preflight.mock.lastCall[0]).toMatchObject({
      place: { partition: 'aws', region: 'eu-west-2', account: '111122223333' },
      execution: EXECUTION,
      parameters: { DryRun: 'false', Reason: 'a test', DetectedAt: '', Cluster: 'shop' },
      settings: { runbook: 'ecs-restore', libraryVersion: '0.9.0' },
    });
  });

  test('that only waits says so, and one that has more to do does not', async () => {
    const request = { ...aws.start(), step: 'work' as const };

    expect((await ask(aws, workOf({ work: async () => WAITING }), request)).answer).toEqual({
      outcome: 'ASK_AGAIN',
      next: 'WAITING',
      summary: 'A service is draining.',
      lines: ['to do: service web: is draining'],
      report: expect.stringMatching(`^s3://config-of-prod/${KEY}/work-2026-11-29T05-00-03-\\d{3}Z.json$`),
    });
    expect((await ask(aws, workOf({ work: async () => ({ ...WAITING, isWaiting: false }) }), request)).answer).not.toHaveProperty('next');
  });

  test('is not done again when only its last result is asked for, which is that of the last round', async () => {
    const request = { ...aws.start(), step: 'work' as const };
    await ask(aws, workOf({ work: async () => WAITING }), request);
    const last = await ask(aws, workOf({ work: async () => ({ ...DONE, objects: [WEB] }) }), request);
    const work = jest.fn();

    expect((await ask(aws, workOf({ work }), { ...request, only: 'RESULT' })).answer).toEqual(last.answer);
    expect(work).not.toHaveBeenCalled();
  });

  test('that has failed, or was never done, fails when only its result is asked for, with its problems', async () => {
    const request = { ...aws.start(), step: 'work' as const, only: 'RESULT' as const };
    const never = await ask(aws, workOf(), request);
    await ask(aws, workOf({ work: () => Promise.reject(new RunFailed(['the cluster is gone'])) }), { ...request, only: undefined });

    expect([never, await ask(aws, workOf(), request)].map(({ error }) => error?.message)).toEqual([
      expect.stringContaining('work has no result'), expect.stringContaining('the cluster is gone'),
    ]);
  });

  test('that is done does not wait', async () => {
    expect((await ask(aws, workOf({ plan: async () => ({ ...DONE, isWaiting: true }) }), { ...aws.start(), step: 'plan' })).answer).not.toHaveProperty('next');
  });

  test('keeps what it found, but nothing if it found the same as the time before', async () => {
    const request = { ...aws.start(), step: 'work' as const };
    const first = await ask(aws, workOf({ work: async () => WAITING }), request);
    const second = await ask(aws, workOf({ work: async () => WAITING }), request);

    expect(aws.puts.map(({ Key }) => Key)).toEqual([expect.stringContaining(`${KEY}/work-`)]);
    expect(aws.json(aws.puts[0].Key)).toEqual(WAITING);
    expect(second.answer).toEqual(first.answer);

    await ask(aws, workOf({ work: async () => DONE }), request);
    expect(aws.puts).toHaveLength(2);
  });

  test('sees the newest result of each step of its own run, and of no other', async () => {
    const request = aws.start();
    const other = aws.start({ execution: '4d3c0f6e-5f0a-4a51-9b5c-2f1d5a3c9e10', targets: ['ecs/other'] });
    const work = (objects: ReportedObject[]) => workOf({ work: async () => ({ ...WAITING, objects }) });
    for (let round = 0; round < 5; round++) {
      await ask(aws, work([{ ...WEB, why: `round ${round}` }]), { ...request, step: 'work' });
    }
    await ask(aws, work([{ ...WEB, why: 'of another run' }]), { ...other, step: 'work' });

    const seen: unknown[] = [];
    const verify = async ({ previous }: Run) => {
      seen.push(await previous('work'), await previous('plan'));
      return DONE;
    };
    await ask(aws, workOf({ verify }), { ...request, step: 'verify' });

    expect(seen).toEqual([{ ...WAITING, objects: [{ ...WEB, why: 'round 4' }] }, undefined]);
  });

  test('calls at half of the rate that AWS sustains', async () => {
    const begunAt = aws.clock.now();
    const times: number[] = [];
    const work = async ({ call }: Run) => {
      await Promise.all(Array.from({ length: 11 }, async () => {
        await call('ecs', 'RegisterTaskDefinition', {});
        times.push(aws.clock.now());
      }));
      return DONE;
    };

    await ask(aws, workOf({ rates: { 'ecs:RegisterTaskDefinition': 1 }, work }), { ...aws.start(), step: 'work' });

    expect(Math.round((times.at(-1)! - begunAt) / 1000)).toBe(20);
  });

  test('waits out a throttle', async () => {
    const request = aws.start();
    aws.fault = { at: 1, kind: 'throttle' };
    const preflight = async ({ call }: Run) => {
      await call('ecs', 'DescribeClusters', {});
      return DONE;
    };

    expect((await ask(aws, workOf({ preflight }), request)).answer).toMatchObject({ outcome: 'DONE' });
  });

  test('makes no call after 240 seconds, and is asked again if it lets the error through', async () => {
    const request = { ...aws.start(), step: 'work' as const };
    const begunAt = aws.clock.now();
    let error: unknown;
    const work = async ({ call, deadline }: Run) => {
      expect(deadline).toBe(begunAt + 240_000);
      for (;;) {
        await call('ecs', 'CreateService', {}).catch((thrown) => {
          error = thrown;
          throw thrown;
        });
      }
    };

    const { answer } = await ask(aws, workOf({ rates: { ecs: 1 }, work }), request);

    expect(isOutOfTime(error)).toBe(true);
    expect(answer).toEqual({ outcome: 'ASK_AGAIN', summary: 'work is not complete yet and continues.', lines: [] });
    expect(aws.clock.now() - begunAt).toBeLessThanOrEqual(240_500);
    expect(aws.puts).toEqual([]);
  });

  test.each(['Cancelling', 'Cancelled'])('changes nothing more some seconds after its run is %s', async (status) => {
    const request = { ...aws.start(), step: 'work' as const };
    const created: number[] = [];
    const begun = aws.clock.now();
    const work = async ({ call, clock }: Run): Promise<StepResult> => {
      for (;;) {
        try {
          await call('ecs', 'CreateService', {});
        } catch (error) {
          return { ...WAITING, isWaiting: false, summary: String(isOutOfTime(error)) };
        }
        created.push(clock.now());
        if (created.length === 20) {
          aws.executions.get(EXECUTION).AutomationExecutionStatus = status;
        }
        await clock.sleep(500);
      }
    };

    const { answer } = await ask(aws, workOf({ work }), request);

    expect(created.at(-1)! - created[19]).toBeLessThan(6_000);
    expect(aws.clock.now() - begun).toBeLessThan(20_000);
    expect(answer).toMatchObject({ outcome: 'ASK_AGAIN', summary: 'true' });
  });

  test('goes on if AWS does not say whether its run was stopped', async () => {
    const request = { ...aws.start(), step: 'work' as const };
    const work = async ({ call }: Run) => {
      aws.denied = ['ssm:GetAutomationExecution'];
      await call('ecs', 'CreateService', {});
      return DONE;
    };

    expect((await ask(aws, workOf({ work }), request)).answer?.outcome).toBe('DONE');
  });

  test('leaves time for its answer if AWS Lambda gives it less', async () => {
    const begunAt = aws.clock.now();
    const preflight = jest.fn().mockResolvedValue(DONE);

    await ask(aws, workOf({ preflight }), aws.start(), { seconds: 100 });

    expect(preflight.mock.lastCall[0].deadline).toBe(begunAt + 70_000);
  });

  test('calls nothing any more once it has answered', async () => {
    let call: Run['call'];
    const preflight = async (given: Run) => {
      call = given.call;
      return DONE;
    };

    await ask(aws, workOf({ preflight }), aws.start());

    await expect(call!('ecs', 'CreateService', {})).rejects.toMatchObject({ name: 'OutOfTime' });
  });
});

describe('a step that fails', () => {
  const failing = (error: unknown) => workOf({ work: () => Promise.reject(error) });
  const work = () => ({ ...aws.start(), step: 'work' as const });

  test('says all problems and where they are, and keeps them with its objects', async () => {
    const { error } = await ask(aws, failing(new RunFailed(['the role shop can\'t be passed', 'the secret db is missing'], [WEB])), work());

    expect(String(error)).toBe('StepFailed: work found 2 problems. Fix the following, then start the runbook again: the role shop can\'t be passed; '
      + `the secret db is missing. Full report: s3://config-of-prod/${aws.puts[0].Key}`);
    expect(aws.json(aws.puts[0].Key)).toEqual({
      outcome: 'FAILED', summary: 'work failed.', objects: [WEB], problems: ['the role shop can\'t be passed', 'the secret db is missing'],
    });
  });

  test('answers so with its problems, which ends its loop, and fails only if its result is asked for', async () => {
    const { answer } = await ask(aws, failing(new RunFailed(['the secret db is missing'], [WEB])), work());

    expect(answer).toEqual({
      outcome: 'FAILED',
      summary: 'work failed.',
      report: `s3://config-of-prod/${aws.puts[0].Key}`,
      lines: ['problem: the secret db is missing', expect.stringContaining('service web')],
    });
  });

  test('keeps the objects that it had, and is no previous result', async () => {
    const request = work();
    await ask(aws, workOf({ work: async () => ({ ...WAITING, dataFrom: '2026-11-29T04:00:00Z' }) }), request);
    await ask(aws, failing(new RunFailed(['no'])), request);
    const previous: unknown[] = [];

    await ask(aws, workOf({
      verify: async (given) => {
        previous.push(await given.previous('work'));
        return DONE;
      },
    }), { ...request, step: 'verify' });

    expect(aws.json(aws.puts[1].Key)).toMatchObject({ outcome: 'FAILED', objects: [WEB], dataFrom: '2026-11-29T04:00:00Z' });
    expect(previous).toEqual([undefined]);
  });

  test('says what AWS says', async () => {
    const call = async ({ call: send }: Run) => {
      await send('ecs', 'CreateService', { cluster: 'shop', serviceName: 'web' });
      return DONE;
    };
    aws.denied = ['ecs:CreateService'];

    const { error } = await ask(aws, workOf({ work: call }), work());

    expect(error!.message).toContain('AccessDeniedException: User is not authorized to perform ecs:CreateService (ecs:CreateService of web)');
  });

  test('says no message of a program, but logs where it was', async () => {
    const { error, lines } = await ask(aws, failing(new TypeError('canary is not a function')), work());

    expect(error!.message).toContain('TypeError in the function of the runbook: report it with the log of the function');
    expect(JSON.parse(lines[0])).toEqual({ error: 'TypeError', frames: expect.arrayContaining([expect.stringMatching(/^at .*runbook-handler\.test\.ts:\d+:\d+\)?$/)]) });
    expect(JSON.stringify([lines, String(error), error!.stack, aws.json(aws.puts[0].Key)])).not.toContain('canary');
  });

  test('fails with its own reason if it can\'t be kept', async () => {
    aws.denied = ['s3:PutObject'];

    expect((await ask(aws, failing(new RunFailed(['no'])), work())).error!.message).toBe(
      'work found a problem. Fix the following, then start the runbook again: no');
  });

  test('fails if its result can\'t be kept, which the record would lack', async () => {
    aws.denied = ['s3:PutObject'];

    expect((await ask(aws, workOf(), work())).error!.message).toContain('AccessDeniedException: User is not authorized to perform s3:PutObject');
  });

  test('fails if AWS does not know the execution', async () => {
    aws.denied = ['ssm:GetAutomationExecution'];

    expect((await ask(aws, workOf(), work())).error!.message).toContain('User is not authorized to perform ssm:GetAutomationExecution');
  });
});

describe('the preflight', () => {
  test.each([
    ['2026-11-29T06:00:00Z', 'which is not in the past'],
    ['2026-13-29T06:00:00Z', 'which is not a valid time'],
  ])('refuses that a loss was detected at %s, together with all other problems', async (DetectedAt, what) => {
    const preflight = () => Promise.reject(new RunFailed(['the cluster is missing'], [WEB]));

    const { error } = await ask(aws, workOf({ preflight }), aws.start({ parameters: { DetectedAt } }));

    expect(error!.message).toContain(
      `2 problems. Fix the following, then start the runbook again: DetectedAt is ${DetectedAt}, ${what}: write when the loss was detected, `
      + 'such as 2026-11-29T05:00:00Z; the cluster is missing');
    expect(aws.json(aws.puts[0].Key).objects).toEqual([WEB]);
  });

  test('refuses it also if there is no other problem', async () => {
    expect((await ask(aws, workOf(), aws.start({ parameters: { DetectedAt: '2027-01-01T00:00:00Z' } }))).error!.message).toContain('found a problem');
  });
});

test('an error of AWS in the record is thrown in the same words', async () => {
  aws.denied = ['ssm:DescribeAutomationStepExecutions'];

  const { error } = await ask(aws, workOf(), { ...aws.start(), step: 'record' });

  expect(error!.message).toContain('record found a problem');
  expect(error!.message).toContain('ssm:DescribeAutomationStepExecutions');
});
