import type { AutomationDocument, DocumentStep } from './document';
import { ACCOUNT, AutomationSimulation, OPERATOR, stepsOf } from './simulation';

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StopAutomationExecution.html

const BOSS = `arn:aws:sts::${ACCOUNT}:assumed-role/Boss/at-night`;
const approve = (more: Partial<DocumentStep> = {}): DocumentStep => ({
  name: 'approve',
  action: 'aws:approve',
  onFailure: 'Abort',
  ...more,
  inputs: {
    Approvers: [`arn:aws:iam::${ACCOUNT}:role/on-call/Boss`, 'alice'],
    MinRequiredApprovals: 1,
    Message: 'see {{ automation:EXECUTION_ID }}',
    NotificationArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:AutomationApprovals`,
    ...more.inputs,
  },
});
const work: DocumentStep = { name: 'work', action: 'aws:invokeLambdaFunction', inputs: { FunctionName: 'work' } };
const document = (...mainSteps: DocumentStep[]): AutomationDocument => ({ schemaVersion: '0.3', mainSteps });
const simulate = () => new AutomationSimulation({ functions: { work: () => 'done' } });

async function waiting(simulation: AutomationSimulation, step = approve()): Promise<string> {
  const { AutomationExecutionId: id, AutomationExecutionStatus: status, StepExecutions } = await simulation.run(document(step, work));
  expect([status, StepExecutions[0].StepStatus, StepExecutions[0].Outputs.ApprovalStatus]).toEqual(['Waiting', 'Waiting', ['Waiting']]);
  return id;
}

test('an approval is asked for by a message, waited for, and lets the execution go on', async () => {
  const simulation = simulate();
  const id = await waiting(simulation);
  simulation.engine.signal(id, { type: 'Approve', by: BOSS, comment: 'go' });

  const execution = await simulation.finish(id);

  expect(simulation.published).toMatchObject([{ topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:AutomationApprovals`, message: `see ${id}` }]);
  expect(stepsOf(execution)).toEqual(['approve Success', 'work Success']);
  expect(execution.StepExecutions[0].Outputs.ApprovalStatus).toEqual(['Approved']);
  expect(JSON.parse(execution.StepExecutions[0].Outputs.ApproverDecisions[0])).toMatchObject([{ Approver: `arn:aws:iam::${ACCOUNT}:role/on-call/Boss`, Decision: 'Approve', Comment: 'go' }]);
});

test('a rejection fails the step', async () => {
  const simulation = simulate();
  const id = await waiting(simulation);
  simulation.engine.signal(id, { type: 'Reject', by: `arn:aws:iam::${ACCOUNT}:user/staff/alice` });

  const execution = await simulation.finish(id);

  expect(execution.AutomationExecutionStatus).toBe('Failed');
  expect(stepsOf(execution)).toEqual(['approve Failed', 'work Pending']);
});

test.each([OPERATOR, `arn:aws:sts::${ACCOUNT}:assumed-role/Bossy/x`, 'arn:aws:sts::222222222222:assumed-role/Boss/x', `arn:aws:iam::${ACCOUNT}:user/malice`])(
  'who is no approver is refused: %s', async (by) => {
    const simulation = simulate();
    const id = await waiting(simulation);

    expect(() => simulation.engine.signal(id, { type: 'Approve', by })).toThrow(expect.objectContaining({ code: 'InvalidAutomationSignalException' }));
  });

test('as many approvers as required have to approve, each once', async () => {
  const simulation = simulate();
  const id = await waiting(simulation, approve({ inputs: { MinRequiredApprovals: 2 } }));
  simulation.engine.signal(id, { type: 'Approve', by: BOSS });
  expect(() => simulation.engine.signal(id, { type: 'Approve', by: `${BOSS}-again` })).toThrow('has decided already');
  expect((await simulation.finish(id)).AutomationExecutionStatus).toBe('Waiting');

  simulation.engine.signal(id, { type: 'Approve', by: `arn:aws:iam::${ACCOUNT}:user/alice` });

  expect((await simulation.finish(id)).AutomationExecutionStatus).toBe('Success');
});

test.each([[undefined, 604_800], [3_600, 3_600], [9_999_999, 2_592_000]])('without an answer, the step and the execution time out (timeoutSeconds %s: after %s)', async (timeoutSeconds, seconds) => {
  const simulation = simulate();
  const id = await waiting(simulation, approve({ timeoutSeconds }));

  await simulation.forward(seconds - 1);
  expect(simulation.engine.get(id).AutomationExecutionStatus).toBe('Waiting');
  await simulation.forward(1);

  expect(simulation.engine.get(id)).toMatchObject({ AutomationExecutionStatus: 'TimedOut', StepExecutions: [{ StepStatus: 'TimedOut' }, { StepStatus: 'Pending' }] });
});

test('a signal that nothing waits for is refused', async () => {
  const simulation = simulate();
  const { AutomationExecutionId: id } = await simulation.run(document(work));

  expect(() => simulation.engine.signal(id, { type: 'Approve', by: BOSS })).toThrow(expect.objectContaining({ code: 'InvalidAutomationSignalException' }));
  expect(() => simulation.engine.signal(id, { type: 'StartStep', by: BOSS })).toThrow(expect.objectContaining({ code: 'InvalidAutomationSignalException' }));
  expect(() => simulation.engine.signal('nothing', { type: 'Approve', by: BOSS })).toThrow(expect.objectContaining({ code: 'AutomationExecutionNotFoundException' }));
});

describe('an execution that is stopped', () => {
  test('ends at once where it sleeps or waits for an approval', async () => {
    const simulation = simulate();
    const id = await waiting(simulation);

    simulation.engine.stop(id);

    expect(simulation.engine.get(id)).toMatchObject({ AutomationExecutionStatus: 'Cancelled', StepExecutions: [{ StepStatus: 'Cancelled' }, { StepStatus: 'Pending' }] });
    expect(() => simulation.engine.stop(id)).toThrow(expect.objectContaining({ code: 'InvalidAutomationStatusUpdateException' }));
  });

  test('waits for the call that is under way, and does nothing with its answer', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const simulation = new AutomationSimulation({ functions: { work: () => new Promise((resolve) => { answer = resolve; }) } });
    const id = simulation.start(document(work, { ...work, name: 'more' }));
    simulation.engine.poll();
    await Promise.resolve();

    simulation.engine.stop(id, 'Cancel');
    expect(simulation.engine.get(id)).toMatchObject({ AutomationExecutionStatus: 'Cancelling', StepExecutions: [{ StepStatus: 'Cancelling' }, {}] });
    answer('done');
    await simulation.engine.advance();

    expect(simulation.engine.get(id)).toMatchObject({ AutomationExecutionStatus: 'Cancelled', StepExecutions: [{ StepStatus: 'Cancelled' }, { StepStatus: 'Pending' }] });
  });

  test('lets its step end where it is to complete', async () => {
    const simulation = simulate();
    const id = simulation.start(document({ name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT1M' } }, work));
    await simulation.engine.advance();

    simulation.engine.stop(id, 'Complete');
    await simulation.forward(60);

    expect(stepsOf(simulation.engine.get(id))).toEqual(['rest Success', 'work Pending']);
    expect(simulation.engine.get(id).AutomationExecutionStatus).toBe('Success');
  });

  test('runs what onCancel names, for two minutes, and is Cancelled then', async () => {
    const simulation = simulate();
    const stop = async (clean: DocumentStep) => {
      const id = simulation.start(document(
        { name: 'loop', action: 'aws:loop', inputs: { LoopCondition: { Variable: 'a', StringEquals: 'a' }, Steps: [{ name: 'rest', action: 'aws:sleep', onCancel: 'step:clean', inputs: { Duration: 'PT1M' } }] } },
        work, clean,
      ));
      await simulation.engine.advance();
      simulation.engine.stop(id);
      await simulation.engine.advance();
      return id;
    };

    const id = await stop({ ...work, name: 'clean' });
    expect(stepsOf(simulation.engine.get(id))).toEqual(['loop Cancelled', 'rest 1 Cancelled', 'work Pending', 'clean Success']);
    expect(simulation.engine.get(id).AutomationExecutionStatus).toBe('Cancelled');

    const late = await stop({ name: 'clean', action: 'aws:sleep', inputs: { Duration: 'PT5M' } });
    expect(simulation.engine.get(late).AutomationExecutionStatus).toBe('Cancelling');
    await simulation.forward(120);
    expect(simulation.engine.get(late)).toMatchObject({ AutomationExecutionStatus: 'Cancelled', StepExecutions: [{}, {}, {}, { StepStatus: 'Cancelled' }] });

    const timedOut = await stop({ name: 'clean', action: 'aws:sleep', timeoutSeconds: 10, inputs: { Duration: 'PT5M' } });
    await simulation.forward(10);
    expect(simulation.engine.get(timedOut)).toMatchObject({ AutomationExecutionStatus: 'Cancelled', StepExecutions: [{}, {}, {}, { StepStatus: 'TimedOut' }] });
  });
});
