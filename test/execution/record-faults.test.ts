import type { Fault } from './fake-account';
import { EXECUTION, FakeAccount } from './fake-account';
import { ask, DONE, run, workOf } from './requests';
import { Outcome } from '../../src/execution/runbook.contract';

const STEPS = ['preflight', 'plan', 'work', 'verify', 'record'] as const;

const object = (state: 'PENDING' | 'DONE') => ({ what: 'service', name: 'web', state, why: state === 'DONE' ? 'created' : 'is draining' });

/** Work of two rounds. */
function work() {
  return workOf({
    preflight: async () => ({ ...DONE, dataFrom: '2026-11-29T04:00:00Z' }),
    plan: async () => ({ ...DONE, objects: [object('PENDING')] }),
    work: async ({ previous }) => await previous('work') === undefined
      ? { outcome: Outcome.ASK_AGAIN, isWaiting: true, summary: 'waits', objects: [object('PENDING')] } : { ...DONE, objects: [object('DONE')] },
  });
}

/** All that a record says but for when it was written. */
const known = ({ endedAt, recoverySeconds, times, ...record }: any) => record;

/** Steps as the document asks for them, until each is done; a step that fails is asked again. */
async function runAgain(aws: FakeAccount): Promise<{ failed: number; metrics: any[] }> {
  const request = aws.start();
  const metrics: any[] = [];
  let failed = 0;
  for (const step of STEPS) {
    for (let isDone = false; !isDone;) {
      const { answer, error, lines } = await ask(aws, work(), { ...request, step });
      metrics.push(...lines.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line)));
      failed += error ? 1 : 0;
      isDone = answer?.outcome === Outcome.DONE;
      if (error) {
        aws.revive();
      }
    }
  }
  return { failed, metrics };
}

test.each<Fault['kind']>(['throttle', 'deny', 'crashBefore', 'crashAfter'])('%s at every call of a run, and the step again: the same record, once', async (kind) => {
  const undisturbed = new FakeAccount();
  await runAgain(undisturbed);
  expect(undisturbed.calls.length).toBeGreaterThan(25);
  expect(undisturbed.records).toHaveLength(1);

  for (let at = 0; at < undisturbed.calls.length; at++) {
    const aws = new FakeAccount();
    aws.fault = { at, kind };
    const { failed, metrics } = await runAgain(aws);

    expect({ at, failed }).toEqual({ at, failed: kind === 'throttle' ? 0 : 1 });
    expect({ at, records: aws.records.map(known) }).toEqual({ at, records: undisturbed.records.map(known) });
    expect({ at, metrics: [...new Set(metrics.map(({ RecoveryTime }) => RecoveryTime))] }).toEqual({ at, metrics: [aws.records[0].recoverySeconds] });
  }
}, 60_000);

/** The calls of the first round of each step. */
const CALLS: [step: typeof STEPS[number], calls: string[]][] = [
  ['preflight', ['ssm:GetAutomationExecution', 'ssm:DescribeAutomationExecutions', 's3:ListObjectsV2', 's3:PutObject']],
  ['plan', ['ssm:GetAutomationExecution', 's3:ListObjectsV2', 's3:PutObject']],
  ['work', ['ssm:GetAutomationExecution', 'ssm:DescribeAutomationExecutions', 's3:ListObjectsV2', 's3:PutObject']],
  ['verify', ['ssm:GetAutomationExecution', 's3:ListObjectsV2', 's3:PutObject']],
  ['record', ['ssm:GetAutomationExecution', 'ssm:DescribeAutomationStepExecutions', ...Array(4).fill(['s3:ListObjectsV2', 's3:GetObject']).flat(), 's3:PutObject']],
];

test.each(CALLS)('%s refused by AWS at each of its calls: the record says so, and the run has failed', async (step, calls) => {
  const before = async () => {
    const aws = new FakeAccount();
    const request = aws.start();
    for (const each of STEPS.slice(0, STEPS.indexOf(step))) {
      while ((await ask(aws, work(), { ...request, step: each })).answer?.outcome !== Outcome.DONE);
    }
    return { aws, request: { ...request, step }, first: aws.calls.length };
  };
  const undisturbed = await before();
  expect((await ask(undisturbed.aws, work(), undisturbed.request)).error).toBeUndefined();
  expect(undisturbed.aws.calls.slice(undisturbed.first).map(({ name }) => name)).toEqual(calls);

  for (let at = 0; at < calls.length; at++) {
    const { aws, request, first } = await before();
    aws.fault = { at: first + at, kind: 'deny' };
    const { error } = await ask(aws, work(), request);
    expect({ at, message: error?.message }).toEqual({ at, message: expect.stringContaining(`AccessDeniedException: User is not authorized to perform ${calls[at]}`) });
    aws.revive();
    aws.step(EXECUTION, step, { StepStatus: 'Failed', FailureMessage: error!.message });
    const { answer } = await ask(aws, work(), { ...request, step: 'recordFailure' });

    expect({ at, outcome: answer?.outcome }).toEqual({ at, outcome: 'DONE' });
    expect({ at, records: aws.records.map(({ status, problems }) => [status, problems]) }).toEqual({ at, records: [['FAILED', [expect.stringContaining('AccessDenied')]]] });
  }
}, 60_000);

test('a run that fails because nothing can be written is recorded by the event of its end', async () => {
  const aws = new FakeAccount();
  aws.denied = ['s3:PutObject'];
  expect((await run(aws, work(), aws.start())).map(({ error }) => error === undefined)).toEqual([false, false]);
  expect(aws.records).toEqual([]);
  aws.denied = [];

  await ask(aws, work(), {
    'detail-type': 'EC2 Automation Execution Status-change Notification', 'detail': { ExecutionId: EXECUTION, Definition: 'ecs-restore', Status: 'Failed' },
  });

  expect(aws.records).toEqual([expect.objectContaining({ status: 'FAILED' })]);
});
