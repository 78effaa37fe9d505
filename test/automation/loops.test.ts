import type { AutomationDocument, DocumentStep } from './document';
import { AutomationSimulation, stepsOf } from './simulation';
import type { SimulationOptions } from './simulation';

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html

const ask = (more: Partial<DocumentStep> = {}): DocumentStep => ({
  name: 'ask', action: 'aws:invokeLambdaFunction', inputs: { FunctionName: 'ask', InputPayload: { round: '{{ work.CurrentIteration }}' } }, ...more,
});
const rest: DocumentStep = { name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT3M' } };
const loop = (inputs: object = {}, more: Partial<DocumentStep> = {}): DocumentStep => ({
  name: 'work', action: 'aws:loop', inputs: { Steps: [ask(), rest], LoopCondition: { Variable: '{{ ask.Payload }}', Contains: 'ASK_AGAIN' }, MaxIterations: 4, ...inputs }, ...more,
});
const after: DocumentStep = { name: 'after', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'leftover', Variable: '{{ ask.Payload }}', Contains: 'ASK_AGAIN' }] } };
const leftover: DocumentStep = { name: 'leftover', action: 'aws:sleep', inputs: { Duration: 'PT0S' } };
const document = (...mainSteps: DocumentStep[]): AutomationDocument => ({ schemaVersion: '0.3', mainSteps });
const asks = (times: number, options: Partial<SimulationOptions> = {}) => {
  let asked = 0;
  return new AutomationSimulation({ functions: { ask: () => ({ outcome: ++asked < times ? 'ASK_AGAIN' : 'DONE' }) }, ...options });
};

test('the steps run again while the condition holds, which is asked after each round', async () => {
  const simulation = asks(3);

  const execution = await simulation.run(document(loop(), after, leftover));

  expect(stepsOf(execution)).toEqual([
    'work Success', 'ask 1 Success', 'rest 1 Success', 'ask 2 Success', 'rest 2 Success', 'ask 3 Success', 'rest 3 Success', 'after Success', 'leftover Pending',
  ]);
  expect(simulation.invocations.map(({ payload }) => payload)).toEqual(['{"round":1}', '{"round":2}', '{"round":3}']);
  expect(execution.StepExecutions[3].ParentStepDetails).toEqual({
    StepExecutionId: execution.StepExecutions[0].StepExecutionId, StepName: 'work', Action: 'aws:loop', Iteration: 2,
  });
  expect(execution.ExecutionEndTime).toEqual(new Date('2026-03-02T03:09:00Z'));
});

test('a loop succeeds at its maximum, and what is left over can be branched on', async () => {
  const execution = await asks(100).run(document(loop(), after, leftover));

  expect(execution.AutomationExecutionStatus).toBe('Success');
  expect(execution.StepExecutions.filter(({ StepName }) => StepName === 'ask')).toHaveLength(4);
  expect(stepsOf(execution).slice(-2)).toEqual(['after Success', 'leftover Success']);
});

test('in the other reading, nothing after a loop can use what its steps returned', async () => {
  const execution = await asks(1, { loopOutputs: 'SEEN_INSIDE_ONLY' }).run(document(loop(), after, leftover));

  expect(execution).toMatchObject({ AutomationExecutionStatus: 'Failed', FailureMessage: 'Step after has failed: {{ ask.Payload }} has no value here' });
});

test('a loop over values runs once for each', async () => {
  const simulation = asks(1);

  const execution = await simulation.run({
    ...document(loop({ LoopCondition: undefined, Iterators: '{{ Names }}', IteratorDataType: 'String', Steps: [ask({ inputs: { FunctionName: 'ask', InputPayload: { name: '{{ work.CurrentIteratorValue }}' } } })] })),
    parameters: { Names: { type: 'StringList', default: ['a', 'b', 'c', 'd', 'e'] } },
  });

  expect(simulation.invocations.map(({ payload }) => payload)).toEqual(['{"name":"a"}', '{"name":"b"}', '{"name":"c"}', '{"name":"d"}']);
  expect(execution.StepExecutions[2].ParentStepDetails).toMatchObject({ Iteration: 2, IteratorValue: 'b' });
});

test('a loop without a maximum has 100 rounds, and none has more', async () => {
  const execution = await asks(1000).run(document(loop({ MaxIterations: undefined, Steps: [ask()] })));

  expect(execution.StepExecutions).toHaveLength(101);
  expect((await asks(1).run(document(loop({ MaxIterations: 101 })))).StepExecutions[0]).toMatchObject({ StepStatus: 'Failed', FailureMessage: 'MaxIterations is 1 to 100: 101' });
});

describe('a step that fails in a loop', () => {
  const failing = () => new AutomationSimulation({ functions: { ask: () => { throw new Error('broken'); } } });

  test('is not followed by a step outside of it: such a document is refused', () => {
    expect(() => failing().start(document(loop({ Steps: [ask({ onFailure: 'step:leftover' })] }), after, leftover))).toThrow('onFailure of ask names a step outside of its loop');
  });

  test('ends the loop and the run, where it aborts', async () => {
    const execution = await failing().run(document(loop({ Steps: [ask({ onFailure: 'Abort' })] }, { onFailure: 'step:leftover' }), after, leftover));

    expect(stepsOf(execution)).toEqual(['work Failed', 'ask 1 Failed', 'after Pending', 'leftover Pending']);
    expect(execution.AutomationExecutionStatus).toBe('Failed');
  });

  test('leaves it to the loop what follows, where it says nothing itself', async () => {
    const execution = await failing().run(document(loop({}, { onFailure: 'step:leftover' }), after, leftover));

    expect(stepsOf(execution)).toEqual(['work Failed', 'ask 1 Failed', 'after Pending', 'leftover Success']);
  });

  test('takes back what it returned in the round before', async () => {
    let round = 0;
    const simulation = new AutomationSimulation({ functions: { ask: () => { if (++round > 1) { throw new Error('broken'); } return 'ASK_AGAIN'; } } });

    const execution = await simulation.run(document(loop({ Steps: [ask({ onFailure: 'Continue' })] })));

    expect(execution.StepExecutions[0]).toMatchObject({ StepStatus: 'Failed', FailureMessage: '{{ ask.Payload }} has no value here' });
  });

  test('is followed by the next step of the round, where it continues', async () => {
    const execution = await failing().run(document(loop({ Steps: [ask({ onFailure: 'Continue' }), rest], LoopCondition: { Variable: '{{ work.CurrentIteration }}', NumericLesser: 2 } })));

    expect(stepsOf(execution)).toEqual(['work Success', 'ask 1 Failed', 'rest 1 Success', 'ask 2 Failed', 'rest 2 Success']);
    expect(execution.AutomationExecutionStatus).toBe('Success');
  });
});

test('a branch in a loop chooses between the steps of the round', async () => {
  const execution = await asks(2).run(document(loop({
    Steps: [
      ask(),
      { name: 'again', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'rest', Variable: '{{ ask.Payload }}', Contains: 'ASK_AGAIN' }] } },
      rest,
    ],
  })));

  expect(stepsOf(execution)).toEqual(['work Success', 'ask 1 Success', 'again 1 Success', 'rest 1 Success', 'ask 2 Success', 'again 2 Success']);
});

test('a loop whose time is over ends with the step that runs in it', async () => {
  const execution = await asks(100).run(document(loop({}, { timeoutSeconds: 400, onFailure: 'step:leftover' }), after, leftover));

  expect(stepsOf(execution).slice(0, 7)).toEqual(['work TimedOut', 'ask 1 Success', 'rest 1 Success', 'ask 2 Success', 'rest 2 Success', 'ask 3 Success', 'rest 3 TimedOut']);
  expect(execution.AutomationExecutionStatus).toBe('TimedOut');
});
