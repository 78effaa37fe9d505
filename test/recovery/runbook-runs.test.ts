import { ALL, APPROVAL, Runs } from './runs';
import type { Answer } from './runs';
import { LOOPED_STEPS } from '../../src/recovery/runbook-design';
import { ACCOUNT, OPERATOR, stepsOf } from '../automation/simulation';

const BOSS = `arn:aws:sts::${ACCOUNT}:assumed-role/Approver/at-night`;
const READINGS = ['FAIL_THE_STEP', 'ARE_OUTPUTS'] as const;

/** What comes before a step, and that step. */
const upTo = (step: string) => ALL.slice(0, ALL.indexOf(step) + 1);

/** How many rounds of a loop there were, and how many of them waited. */
function rounds(runs: Runs, id: string, step: string): number[] {
  const all = stepsOf(runs.simulation.engine.get(id));
  return [`${step}Ask `, `${step}Wait `].map((name) => all.filter((each) => each.startsWith(name) && each.endsWith('Success')).length);
}

test('a run asks for each step until it is done, and ends with its record', async () => {
  const runs = new Runs({ work: ['ASK_AGAIN', 'ASK_AGAIN'], verify: ['WAITING'] });

  expect(await runs.run()).toBe('Success');
  expect(runs.asked).toEqual(['preflight', 'plan', 'work', 'work', 'work', 'verify', 'verify', 'record']);
});

test('the function gets the step, the execution, what it touches, and all parameters', async () => {
  const runs = new Runs();
  const id = runs.start({ DetectedAt: ['2026-11-29T05:00:00Z'], Services: ['web'] });
  await runs.simulation.finish(id);

  expect(JSON.parse(runs.simulation.invocations[4].payload)).toEqual({
    step: 'work',
    execution: id,
    targets: ['ecs/shop'],
    parameters: { DryRun: 'false', Reason: 'INC-1', DetectedAt: '2026-11-29T05:00:00Z', Cluster: 'shop', Services: 'web' },
  });
});

test('the function is asked again at once if there is more to do, and after 3 minutes if it only waits', async () => {
  const time = async (answer: Answer) => {
    const runs = new Runs({ work: Array(10).fill(answer) });
    const id = runs.start();
    const { ExecutionStartTime, ExecutionEndTime } = await runs.simulation.finish(id);
    expect(rounds(runs, id, 'work')).toEqual([11, answer === 'WAITING' ? 10 : 0]);
    return (ExecutionEndTime!.getTime() - ExecutionStartTime.getTime()) / 1000;
  };

  // A second for the end of each of 14 rounds, and one for the last step.
  expect(await time('ASK_AGAIN')).toBe(15);
  expect(await time('WAITING')).toBe(15 + 10 * 180);
});

test('a dry run ends after its plan, with its record', async () => {
  const runs = new Runs({}, {}, APPROVAL);

  expect(await runs.run({ DryRun: ['true'] })).toBe('Success');
  expect(runs.asked).toEqual(['preflight', 'plan', 'record']);
});

describe.each(READINGS)('where errors of functions %s', (functionErrors) => {
  test.each(LOOPED_STEPS)('a run whose step %s answers that it failed is Failed, after its record, and its loop has one round', async (step) => {
    const runs = new Runs({ [step]: ['FAILED'] }, { functionErrors });
    const id = runs.start();

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Failed');
    expect(runs.asked).toEqual([...upTo(step), 'recordFailure']);
    expect(rounds(runs, id, step)).toEqual([1, 0]);
  });

  test.each(LOOPED_STEPS)('so is one whose function ends with an error in step %s', async (step) => {
    const runs = new Runs({ [step]: ['ERROR'] }, { functionErrors });

    expect(await runs.run()).toBe('Failed');
    expect(runs.asked).toEqual([...upTo(step), 'recordFailure']);
  });

  test.each(LOOPED_STEPS)('it is Failed too if %s fails after some rounds', async (step) => {
    const runs = new Runs({ [step]: ['ASK_AGAIN', 'WAITING', 'ERROR'] }, { functionErrors });

    expect(await runs.run()).toBe('Failed');
    expect(runs.asked).toEqual([...upTo(step), step, step, 'recordFailure']);
  });

  test.each(LOOPED_STEPS)('a run whose step %s is not done after 100 rounds is Failed, although its loop succeeds', async (step) => {
    const runs = new Runs({ [step]: Array(200).fill('WAITING') }, { functionErrors });
    const id = runs.start();

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Failed');
    expect(stepsOf(runs.simulation.engine.get(id))).toContain(`${step} Success`);
    expect(runs.asked).toEqual([...upTo(step), ...Array(99).fill(step), 'recordFailure']);
  });

  test('a run whose record can\'t be written is Failed', async () => {
    expect(await new Runs({ record: ['ERROR'] }, { functionErrors }).run()).toBe('Failed');
  });

  test('a run that fails is Failed even if its record can\'t be written', async () => {
    const runs = new Runs({ work: ['ERROR'], recordFailure: ['ERROR'] }, { functionErrors });

    expect(await runs.run()).toBe('Failed');
    expect(runs.asked).toEqual([...upTo('work'), 'recordFailure']);
  });
});

describe.each(['SEEN_AFTER_THE_LOOP', 'SEEN_INSIDE_ONLY'] as const)('where what steps in a loop return is %s', (loopOutputs) => {
  test('a run succeeds', async () => {
    expect(await new Runs({ work: ['WAITING'] }, { loopOutputs }, undefined).run()).toBe('Success');
  });

  test('a run that is not done after 100 rounds is Failed', async () => {
    expect(await new Runs({ verify: Array(200).fill('WAITING') }, { loopOutputs }).run()).toBe('Failed');
  });
});

test('after a loop, the function is asked for the last result of the step, and not to do it', async () => {
  const runs = new Runs();
  await runs.run();

  expect(runs.simulation.invocations.map(({ payload }) => JSON.parse(payload)).map(({ step, only }) => [step, only])).toEqual([
    ['preflight', undefined], ['preflight', 'RESULT'], ['plan', undefined], ['plan', 'RESULT'], ['work', undefined], ['work', 'RESULT'],
    ['verify', undefined], ['verify', 'RESULT'], ['record', undefined],
  ]);
});

describe('a run with approvers', () => {
  async function waiting(required = 1): Promise<[Runs, string]> {
    const runs = new Runs({}, {}, { ...APPROVAL, approvers: [...APPROVAL.approvers, `arn:aws:iam::${ACCOUNT}:user/alice`], minRequiredApprovals: required });
    const id = runs.start();
    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Waiting');
    return [runs, id];
  }

  test('shows them its plan, and changes nothing before', async () => {
    const [runs] = await waiting();

    expect(runs.asked).toEqual(['preflight', 'plan']);
    expect(runs.simulation.published).toEqual([expect.objectContaining({
      topicArn: APPROVAL.topicArn, message: 'Approve this plan: {"outcome":"DONE","summary":"plan of shop","lines":[]}',
    })]);
  });

  test('goes on when it is approved', async () => {
    const [runs, id] = await waiting();
    runs.simulation.engine.signal(id, { type: 'Approve', by: BOSS });

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Success');
    expect(runs.asked).toEqual(ALL);
  });

  test('waits for as many of them as required', async () => {
    const [runs, id] = await waiting(2);
    runs.simulation.engine.signal(id, { type: 'Approve', by: BOSS });
    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Waiting');
    runs.simulation.engine.signal(id, { type: 'Approve', by: `arn:aws:iam::${ACCOUNT}:user/alice` });

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Success');
  });

  test('can\'t be approved by whoever started it', async () => {
    const [runs, id] = await waiting();

    expect(() => runs.simulation.engine.signal(id, { type: 'Approve', by: OPERATOR })).toThrow('is not an approver');
  });

  test('is Failed when it is denied, with its record, and changes nothing', async () => {
    const [runs, id] = await waiting();
    runs.simulation.engine.signal(id, { type: 'Reject', by: BOSS });

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Failed');
    expect(runs.asked).toEqual(['preflight', 'plan', 'recordFailure']);
  });

  test('ends after 7 days without an approval, and changes nothing', async () => {
    const [runs, id] = await waiting();
    await runs.simulation.forward(7 * 86_400 - 1);
    expect(runs.simulation.engine.get(id).AutomationExecutionStatus).toBe('Waiting');
    await runs.simulation.forward(1);

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Failed');
    expect(runs.asked).toEqual(['preflight', 'plan', 'recordFailure']);
  });
});

describe('a run that is stopped', () => {
  test.each(LOOPED_STEPS)('while %s waits for AWS asks for nothing more, and its event has the function write the record', async (step) => {
    const runs = new Runs({ [step]: Array(5).fill('WAITING') });
    const id = runs.start();
    await runs.simulation.engine.advance();
    for (let second = 0; !runs.simulation.engine.get(id).StepExecutions.some(({ StepName, StepStatus }) => StepName === `${step}Wait` && StepStatus === 'InProgress'); second++) {
      expect(second).toBeLessThan(10);
      await runs.simulation.forward(1);
    }
    const asked = [...runs.asked];
    runs.simulation.engine.stop(id);

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Cancelled');
    expect(runs.asked).toEqual(asked);
    expect(runs.simulation.events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Automation Execution Status-change Notification', 'detail': { ExecutionId: id, Status: 'Cancelled' },
    });
  });

  test('while it waits for approval changes nothing', async () => {
    const runs = new Runs({}, {}, APPROVAL);
    const id = runs.start();
    await runs.simulation.finish(id);
    runs.simulation.engine.stop(id);

    expect((await runs.simulation.finish(id)).AutomationExecutionStatus).toBe('Cancelled');
    expect(runs.asked).toEqual(['preflight', 'plan']);
  });
});

test.each([
  ['no reason', { Reason: [] }], ['a reason of two characters', { Reason: ['no'] }], ['a reason with a quote', { Reason: ['the "shop"'] }],
  ['a reason that refers to a parameter', { Reason: ['{{ Cluster }}'] }], ['a reason of 257 characters', { Reason: ['x'.repeat(257)] }],
  ['a reason of two lines', { Reason: ['one\ntwo'] }], ['a reason with a tab', { Reason: ['one\ttwo'] }], ['a time without a date', { DetectedAt: ['05:00'] }], ['a local time', { DetectedAt: ['2026-11-29T05:00:00'] }],
  ['another dry run', { DryRun: ['yes'] }], ['another cluster', { Cluster: ['payments'] }],
])('a run with %s does not start', (_, parameters) => {
  expect(() => new Runs().start(parameters as Record<string, string[]>)).toThrow();
});

test.each([['a reason of 256 characters', { Reason: ['x'.repeat(256)] }], ['a reason with an apostrophe-free sentence', { Reason: ['INC-1: the shop is gone, 3 of 4 services (see chat).'] }]])('a run with %s starts', (_, parameters) => {
  expect(() => new Runs().start(parameters)).not.toThrow();
});
