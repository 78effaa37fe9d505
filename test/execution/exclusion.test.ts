import { EXECUTION, FakeAccount } from './fake-account';
import { ask, run, SETTINGS, workOf } from './requests';

const EARLIER = '11111111-2333-48db-b17e-a5e69c6f4d1c';
const LATER = 'ffffffff-2333-48db-b17e-a5e69c6f4d1c';

let aws: FakeAccount;

beforeEach(() => {
  aws = new FakeAccount();
});

/** What the preflight and the work of a run end with. */
async function errorsOf(request: ReturnType<FakeAccount['start']>): Promise<(string | undefined)[]> {
  const options = { settings: { ...SETTINGS, runbook: aws.executions.get(request.execution).DocumentName } };
  const seen = [await ask(aws, workOf(), { ...request, step: 'preflight' }, options), await ask(aws, workOf(), { ...request, step: 'work' }, options)];
  return seen.map(({ error }) => error?.message);
}

async function startTwo(first: Parameters<FakeAccount['start']>[0], second: Parameters<FakeAccount['start']>[0]) {
  const one = aws.start({ execution: EARLIER, ...first }, { document: 'table-restore' });
  await aws.clock.sleep(1000);
  return [one, aws.start({ execution: LATER, ...second })];
}

test('of two runs that touch the same, also of different documents, the later one names the first, says what to do and ends, and the first goes on', async () => {
  const [first, second] = await startTwo({}, {});

  const refused = expect.stringContaining(
    `execution ${EARLIER} of table-restore, which arn:aws:iam::111122223333:role/operator started at 2026-11-29T05:00:03.250Z, also changes ecs/shop: wait for its `
    + `end, or stop it with aws ssm stop-automation-execution --automation-execution-id ${EARLIER}, and start this runbook again`);
  expect(await errorsOf(second)).toEqual([refused, refused]);
  expect(await errorsOf(first)).toEqual([undefined, undefined]);
});

test('the later one is refused together with all problems of its preflight', async () => {
  const [, second] = await startTwo({}, { parameters: { DetectedAt: '2027-01-01T00:00:00Z' } });

  expect((await errorsOf(second))[0]).toContain('preflight found 2 problems');
});

test('where the steps of loops are not listed, the step after the loop shows the first one before the work', async () => {
  const [first, second] = await startTwo({}, {});
  for (const request of [first, second]) {
    aws.forget(request.execution);
    aws.step(request.execution, 'preflightResult', { Inputs: { InputPayload: JSON.stringify(request) } });
    await aws.clock.sleep(1000);
  }

  expect((await errorsOf(second))[1]).toContain(`execution ${EARLIER} of table-restore`);
  expect(await errorsOf(first)).toEqual([undefined, undefined]);
});

test('the later one does no work', async () => {
  const [, second] = await startTwo({}, {});
  const work = jest.fn();

  await ask(aws, workOf({ work }), { ...second, step: 'work' });

  expect(work).not.toHaveBeenCalled();
});

test('a run that was started earlier, and whose first step began later, is the later one', async () => {
  const slow = aws.start({ execution: EARLIER });
  aws.steps.set(EARLIER, []);
  await aws.clock.sleep(1000);
  const fast = aws.start({ execution: LATER });
  expect(await errorsOf(fast)).toEqual([undefined, undefined]);

  await aws.clock.sleep(1000);
  aws.enter(slow);

  expect((await errorsOf(slow))[0]).toContain(`execution ${LATER}`);
  expect(await errorsOf(fast)).toEqual([undefined, undefined]);
});

test('if both begin at once, their IDs decide', async () => {
  const [second, first] = [aws.start({ execution: LATER }), aws.start({ execution: EARLIER })];

  expect(await errorsOf(first)).toEqual([undefined, undefined]);
  expect((await errorsOf(second))[1]).toContain(EARLIER);
});

test('a run whose preflight is asked again has still come first', async () => {
  const [first, second] = await startTwo({}, {});
  aws.enter(first);

  expect(await errorsOf(first)).toEqual([undefined, undefined]);
  expect((await errorsOf(second))[0]).toContain(EARLIER);
});

test('a run whose own first step is not listed yet does not go on beside another one, though that came later', async () => {
  const [first, second] = await startTwo({}, {});
  aws.forget(EARLIER);

  expect((await errorsOf(first)).map((error) => error?.includes(`execution ${LATER} of ecs-restore`))).toEqual([true, true]);
  expect(await errorsOf(second)).toEqual([undefined, undefined]);
});

test.each([
  [['ecs/shop'], ['ecs/shop'], true],
  [['ecs/shop'], ['ecs/shop/orders'], true],
  [['ecs/shop/orders'], ['ecs/shop'], true],
  [['dynamodb/a', 'dynamodb/b'], ['dynamodb/b'], true],
  [['ecs/shop'], ['ecs/shop-2'], false],
  [['ecs/shop'], ['ecs/other'], false],
  [['dynamodb/shop'], ['ecs/shop'], false],
])('a run that touches %j, and one that touches %j, exclude each other: %s', async (one, other, isExcluded) => {
  const [, second] = await startTwo({ targets: one }, { targets: other });

  expect((await errorsOf(second)).map((error) => error !== undefined)).toEqual([isExcluded, isExcluded]);
});

test.each([[{ DryRun: 'true' }, {}], [{}, { DryRun: 'true' }]])('a dry run excludes nobody, and nobody excludes it: %j, %j', async (one, other) => {
  const [, second] = await startTwo({ parameters: one as never }, { parameters: other as never });

  expect(await errorsOf(second)).toEqual([undefined, undefined]);
});

test.each(['Success', 'Failed', 'Cancelled', 'TimedOut'])('a run that is %s excludes nobody', async (status) => {
  const [, second] = await startTwo({}, {});
  aws.executions.get(EARLIER).AutomationExecutionStatus = status;

  expect(await errorsOf(second)).toEqual([undefined, undefined]);
});

test.each(['Pending', 'InProgress', 'Waiting', 'Cancelling'])('a run that is %s excludes others', async (status) => {
  const [, second] = await startTwo({}, {});
  aws.executions.get(EARLIER).AutomationExecutionStatus = status;

  expect((await errorsOf(second))[0]).toContain(EARLIER);
});

test('a run is found among many, and executions of other documents are no runs', async () => {
  for (let other = 0; other < 7; other++) {
    const execution = `2222222${other}-2333-48db-b17e-a5e69c6f4d1c`;
    aws.start({ execution }, { document: other % 2 ? 'AWS-RunPatchBaseline' : 'our-own' });
    aws.steps.set(execution, []);
  }
  const [first, second] = await startTwo({}, {});

  expect((await errorsOf(second))[0]).toContain('found a problem');
  expect(await errorsOf(first)).toEqual([undefined, undefined]);
  const asked = aws.calls.filter(({ name }) => name === 'ssm:DescribeAutomationStepExecutions').map(({ input }) => input.AutomationExecutionId);
  expect(asked).not.toContain('22222221-2333-48db-b17e-a5e69c6f4d1c');
});

test.each([
  ['JSON of a JSON text', (input: object) => JSON.stringify(JSON.stringify(input)), 'ecs/other', undefined],
  ['JSON of a JSON text', (input: object) => JSON.stringify(JSON.stringify(input)), 'ecs/shop', 'also changes ecs/shop'],
  ['no JSON', () => '{step=preflight}', 'ecs/other', 'does not report what it changes'],
])('the inputs of another run may be %s', async (_, written, target, problem) => {
  const [first, second] = await startTwo({ targets: [target] }, {});
  aws.steps.get(EARLIER)![0].Inputs = { InputPayload: written(first) };

  const [error] = await errorsOf(second);

  expect(error ?? '').toContain(problem ?? '');
  expect(error === undefined).toBe(problem === undefined);
});

test('a second run sees the first while the first waits for its approval, and once that has ended it does its work', async () => {
  const [first, second] = await startTwo({}, {});
  await ask(aws, workOf(), { ...first, step: 'preflight' });
  aws.executions.get(EARLIER).AutomationExecutionStatus = 'Waiting';
  expect((await run(aws, workOf(), second)).map(({ error }) => error === undefined)).toEqual([false, true]);
  expect(aws.records).toEqual([expect.objectContaining({ execution: LATER, status: 'FAILED', problems: [expect.stringContaining(EARLIER)] })]);

  aws.executions.get(EARLIER).AutomationExecutionStatus = 'Failed';
  const third = aws.start({ execution: EXECUTION });
  aws.executions.get(LATER).AutomationExecutionStatus = 'Failed';

  expect((await run(aws, workOf(), third)).every(({ error }) => error === undefined)).toBe(true);
});

test('a run alone asks once, and no more', async () => {
  await ask(aws, workOf(), aws.start({ execution: EXECUTION }));

  expect(aws.calls.filter(({ name }) => name.startsWith('ssm:')).map(({ name }) => name)).toEqual(['ssm:GetAutomationExecution', 'ssm:DescribeAutomationExecutions']);
});

test('if AWS does not say which runs there are, nothing is touched', async () => {
  const request = aws.start();
  aws.denied = ['ssm:DescribeAutomationExecutions'];
  const work = jest.fn();

  const { error } = await ask(aws, workOf({ work }), { ...request, step: 'work' });

  expect(work).not.toHaveBeenCalled();
  expect(error!.message).toContain('ssm:DescribeAutomationExecutions');
});
