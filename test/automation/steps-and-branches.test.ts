import type { AutomationDocument, DocumentStep } from './document';
import { AutomationSimulation, OPERATOR, stepsOf } from './simulation';

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html

const call = (name: string, more: Partial<DocumentStep> = {}): DocumentStep => ({
  name, action: 'aws:invokeLambdaFunction', inputs: { FunctionName: name, InputPayload: {} }, ...more,
});
const document = (mainSteps: DocumentStep[], more: Partial<AutomationDocument> = {}): AutomationDocument => ({ schemaVersion: '0.3', mainSteps, ...more });
const works = () => ({ outcome: 'DONE' });
const breaks = () => { throw new Error('broken'); };

test('steps run one after the other, and each says what it was given and what it returned', async () => {
  const simulation = new AutomationSimulation({ functions: { one: () => ({ found: 3 }), two: works } });

  const execution = await simulation.run(document([
    call('one', { inputs: { FunctionName: 'one', InputPayload: { Reason: '{{ Reason }}', Names: '{{ Names }}', Dry: '{{ Dry }}', Run: 'run {{automation:EXECUTION_ID}}' } } }),
    call('two', { inputs: { FunctionName: 'two', InputPayload: { before: '{{ one.Payload }}' } } }),
  ], { parameters: { Reason: { type: 'String' }, Names: { type: 'StringList' }, Dry: { type: 'Boolean', default: false } } }), { Reason: ['drill'], Names: ['a', 'b'] });

  expect(execution).toMatchObject({ AutomationExecutionStatus: 'Success', Parameters: { Reason: ['drill'], Names: ['a', 'b'] }, ExecutedBy: OPERATOR, Mode: 'Auto' });
  expect(simulation.invocations.map(({ payload }) => JSON.parse(payload))).toEqual([
    { Reason: 'drill', Names: ['a', 'b'], Dry: false, Run: `run ${execution.AutomationExecutionId}` },
    { before: '{"found":3}' },
  ]);
  expect(execution.StepExecutions[0]).toMatchObject({
    StepName: 'one',
    Action: 'aws:invokeLambdaFunction',
    StepStatus: 'Success',
    TimeoutSeconds: 300,
    OnFailure: 'Abort',
    MaxAttempts: 1,
    Inputs: { FunctionName: 'one', InputPayload: `{"Reason":"drill","Names":["a","b"],"Dry":false,"Run":"run ${execution.AutomationExecutionId}"}` },
    Outputs: { StatusCode: ['200'], Payload: ['{"found":3}'] },
    ValidNextSteps: ['two'],
  });
});

test('the step of nextStep follows, wherever it stands', async () => {
  const simulation = new AutomationSimulation({ functions: { one: works, three: works } });

  expect(stepsOf(await simulation.run(document([call('one', { nextStep: 'three' }), call('two'), call('three')])))).toEqual([
    'one Success', 'two Pending', 'three Success',
  ]);
});

test('a branch takes the first choice that holds, otherwise its default, and what it passes stays Pending', async () => {
  const steps = (found: string, more: object = {}) => document([
    { name: 'choose', action: 'aws:branch', inputs: { Choices: [{ NextStep: 'two', Variable: '{{ Found }}', StringEquals: 'yes' }], ...more } },
    call('one', { isEnd: true }),
    call('two', { isEnd: true }),
  ], { parameters: { Found: { type: 'String', default: found } } });
  const simulation = new AutomationSimulation({ functions: { one: works, two: works } });

  expect(stepsOf(await simulation.run(steps('yes')))).toEqual(['choose Success', 'one Pending', 'two Success']);
  expect(stepsOf(await simulation.run(steps('no')))).toEqual(['choose Success', 'one Success', 'two Pending']);
  expect(stepsOf(await simulation.run(steps('no', { Default: 'two' })))).toEqual(['choose Success', 'one Pending', 'two Success']);
});

test('a branch without a choice that holds ends the execution where it is the end', async () => {
  const simulation = new AutomationSimulation({ functions: { one: works } });

  const execution = await simulation.run(document([
    { name: 'choose', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'one', Variable: 'a', StringEquals: 'b' }] } },
    call('one'),
  ]));

  expect(execution.AutomationExecutionStatus).toBe('Success');
  expect(stepsOf(execution)).toEqual(['choose Success', 'one Pending']);
});

describe('a step that fails', () => {
  const simulation = new AutomationSimulation({ functions: { one: breaks, two: works, three: works } });

  test('ends the execution, which has failed', async () => {
    const execution = await simulation.run(document([call('one'), call('two')]));

    expect(execution).toMatchObject({ AutomationExecutionStatus: 'Failed', FailureMessage: expect.stringContaining('Step one has failed') });
    expect(stepsOf(execution)).toEqual(['one Failed', 'two Pending']);
    expect(execution.StepExecutions[0].Outputs).toMatchObject({ FunctionError: ['Unhandled'] });
  });

  test('goes to the step of its onFailure, and the execution has failed all the same, since it is critical', async () => {
    const execution = await simulation.run(document([call('one', { onFailure: 'step:three' }), call('two'), call('three')]));

    expect(stepsOf(execution)).toEqual(['one Failed', 'two Pending', 'three Success']);
    expect(execution.AutomationExecutionStatus).toBe('Failed');
  });

  test('leaves the execution successful where it is not critical', async () => {
    const execution = await simulation.run(document([call('one', { onFailure: 'step:three', isCritical: false }), call('two'), call('three')]));

    expect(execution.AutomationExecutionStatus).toBe('Success');
  });

  test('is not critical by default where the execution continues', async () => {
    const execution = await simulation.run(document([call('one', { onFailure: 'Continue' }), call('two')]));

    expect(stepsOf(execution)).toEqual(['one Failed', 'two Success']);
    expect(execution.AutomationExecutionStatus).toBe('Success');
  });

  test('ends the execution where it is the end, whatever its onFailure', async () => {
    const execution = await simulation.run(document([call('one', { isEnd: true, onFailure: 'step:two' }), call('two')]));

    expect(stepsOf(execution)).toEqual(['one Failed', 'two Pending']);
  });

  test('leaves no outputs that another step could use', async () => {
    const execution = await simulation.run(document([
      call('one', { onFailure: 'step:two' }),
      call('two', { inputs: { FunctionName: 'two', InputPayload: { error: '{{ one.Payload }}' } } }),
    ]));

    expect(execution.StepExecutions[1]).toMatchObject({ StepStatus: 'Failed', FailureMessage: '{{ one.Payload }} has no value here' });
  });
});

test('in the other reading, a function that failed is a step that succeeded, with the error as its output', async () => {
  const simulation = new AutomationSimulation({ functions: { one: breaks, two: works }, functionErrors: 'ARE_OUTPUTS' });

  const execution = await simulation.run(document([
    call('one'),
    { name: 'failed', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'two', Variable: '{{ one.Payload }}', Contains: 'errorMessage' }] } },
    call('two'),
  ]));

  expect(stepsOf(execution)).toEqual(['one Success', 'failed Success', 'two Success']);
  expect(execution.StepExecutions[0].Outputs).toMatchObject({ StatusCode: ['200'], FunctionError: ['Unhandled'], Payload: [expect.stringContaining('broken')] });
});

test('a step is tried as often as maxAttempts says, before it has failed', async () => {
  let tries = 0;
  const simulation = new AutomationSimulation({ functions: { one: () => (++tries < 3 ? breaks() : works()) } });

  expect((await simulation.run(document([call('one', { maxAttempts: 3 })]))).AutomationExecutionStatus).toBe('Success');
  tries = 0;
  expect((await simulation.run(document([call('one', { maxAttempts: 2 })]))).AutomationExecutionStatus).toBe('Failed');
});

test('a call that the port refuses fails the step, also where function errors are outputs', async () => {
  const simulation = new AutomationSimulation({ functionErrors: 'ARE_OUTPUTS' });

  expect((await simulation.run(document([call('missing')]))).StepExecutions[0]).toMatchObject({ StepStatus: 'Failed', FailureMessage: 'Function not found: missing' });
});

test('a function that does not answer times out after 300 seconds, or after fewer, and what it answers later is ignored', async () => {
  let answer: (value: unknown) => void = () => undefined;
  const simulation = new AutomationSimulation({ functions: { one: () => new Promise((resolve) => { answer = resolve; }) } });
  const id = simulation.start(document([call('one', { timeoutSeconds: 600 })]));
  simulation.engine.poll();
  await Promise.resolve();

  simulation.now = new Date('2026-03-02T03:04:59Z');
  simulation.engine.poll();
  expect(simulation.engine.get(id).AutomationExecutionStatus).toBe('InProgress');
  simulation.now = new Date('2026-03-02T03:05:00Z');
  simulation.engine.poll();
  answer(works());
  await simulation.engine.advance();

  expect(simulation.engine.get(id)).toMatchObject({ AutomationExecutionStatus: 'TimedOut', StepExecutions: [{ StepStatus: 'TimedOut', TimeoutSeconds: 300 }] });
});

test('what the first attempt answers after its time is not the answer of the second', async () => {
  const answers: ((value: unknown) => void)[] = [];
  const simulation = new AutomationSimulation({ functions: { one: () => new Promise((resolve) => { answers.push(resolve); }) } });
  const id = simulation.start(document([call('one', { timeoutSeconds: 60, maxAttempts: 2 })]));
  const poll = async () => { simulation.engine.poll(); await Promise.resolve(); };
  await poll();
  simulation.now = new Date('2026-03-02T03:01:00Z');
  await poll();

  answers[0]('late');
  answers[1]('in time');
  await simulation.engine.advance();

  expect(simulation.engine.get(id).StepExecutions[0]).toMatchObject({ StepStatus: 'Success', Outputs: { Payload: ['"in time"'] } });
});

test('a sleep takes its time by the given clock, and a timestamp that has passed takes none', async () => {
  const simulation = new AutomationSimulation();

  const execution = await simulation.run(document([
    { name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT3M' } },
    { name: 'until', action: 'aws:sleep', inputs: { Timestamp: '2020-01-01T01:00:00Z' } },
  ]));

  expect(execution.StepExecutions.map(({ ExecutionEndTime }) => ExecutionEndTime?.toISOString())).toEqual(['2026-03-02T03:03:00.000Z', '2026-03-02T03:03:00.000Z']);
});

test('outputs of the document are those that it names, of the steps that have run', async () => {
  const simulation = new AutomationSimulation({ functions: { one: works } });

  const execution = await simulation.run(document([call('one'), call('two', { onFailure: 'Continue' })], { outputs: ['one.Payload', 'two.Payload'] }));

  expect(execution.Outputs).toEqual({ 'one.Payload': ['{"outcome":"DONE"}'] });
});

test.each([
  ['$.Retry', 'as the page of loops has it'],
  ['$.Payload.Retry', 'as the page of functions lists its outputs'],
])('an output can be selected from what a function returned by %s, %s', async (Selector) => {
  const simulation = new AutomationSimulation({ functions: { one: () => ({ Retry: true }), two: works } });

  const execution = await simulation.run(document([
    call('one', { outputs: [{ Name: 'ShouldRetry', Selector, Type: 'Boolean' }] }),
    { name: 'retry', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'two', Variable: '{{ one.ShouldRetry }}', BooleanEquals: true }] } },
    call('two'),
  ]));

  expect(stepsOf(execution)).toEqual(['one Success', 'retry Success', 'two Success']);
});

test('AWS has one role for a document, literal or from a parameter, and the caller of each step has it', async () => {
  const simulation = new AutomationSimulation({ functions: { one: works } });
  const role = 'arn:aws:iam::111111111111:role/Automation';

  await simulation.run(document([call('one')], { assumeRole: role }));
  await simulation.run(document([call('one')], { assumeRole: '{{ Role }}', parameters: { Role: { type: 'String', default: '' } } }));

  expect(simulation.invocations.map((invocation) => invocation.role)).toEqual([role, undefined]);
});
