import { EXECUTION, FakeAccount } from './fake-account';
import { ask, DONE, SETTINGS, workOf } from './requests';
import type { StepRequest } from '../../src/execution/runbook.contract';

let aws: FakeAccount;
let request: StepRequest;

beforeEach(() => {
  aws = new FakeAccount();
  request = { ...aws.start(), step: 'work' };
});

/** What a call of the function does, and whether it did any work or wrote anything. */
async function call(changes: Partial<StepRequest> = {}, settings: Partial<typeof SETTINGS> = {}) {
  const work = jest.fn().mockResolvedValue(DONE);
  const { answer, error } = await ask(aws, workOf({ preflight: work, work }), { ...request, ...changes }, { settings: { ...SETTINGS, ...settings } });
  return { outcome: answer?.outcome, error: error?.message, isDone: work.mock.calls.length > 0, puts: aws.puts.length };
}

const refused = (text: string) => ({ outcome: undefined, error: expect.stringContaining(text), isDone: false, puts: 0 });

test.each(['ecs-restore', 'arn:aws:ssm:eu-west-2:111122223333:document/ecs-restore'])('a step is done for an execution of its own document, which is %s', async (DocumentName) => {
  aws.executions.get(EXECUTION).DocumentName = DocumentName;

  expect(await call()).toMatchObject({ outcome: 'DONE', isDone: true });
});

test.each(['other', 'arn:aws:ssm:eu-west-2:999999999999:document/ecs-restore'])('neither a step nor a record is for an execution of the document %s', async (DocumentName) => {
  aws.executions.get(EXECUTION).DocumentName = DocumentName;

  expect(await call()).toEqual(refused(`execution ${EXECUTION} is of ${DocumentName}`));
  expect(await call({ step: 'recordFailure' })).toEqual(refused(`execution ${EXECUTION} is of ${DocumentName}`));
});

test('no step is done for an execution that has ended', async () => {
  Object.assign(aws.executions.get(EXECUTION), { AutomationExecutionStatus: 'Success', ExecutionEndTime: aws.clock.now() / 1000 });

  expect(await call()).toEqual(refused(`execution ${EXECUTION} has ended`));
});

test.each<[string, Record<string, string>]>([
  ['Cluster', { Cluster: 'payments' }], ['DryRun', { DryRun: 'true' }], ['Existing', { Existing: 'UPDATE' }],
])('no step is done with another value of %s than the execution was started with', async (name, changed) => {
  expect(await call({ parameters: { ...request.parameters, ...changed } })).toEqual(refused(`execution ${EXECUTION} has other values of ${name}`));
  expect(await call({ parameters: { ...request.parameters, ...changed }, step: 'preflight' })).toEqual(refused(name));
});

test('no step is done without a parameter that the execution was started with', async () => {
  const { Cluster, ...others } = request.parameters;

  expect(await call({ parameters: others })).toEqual(refused(`execution ${EXECUTION} has other values of Cluster`));
});

test('a parameter that the execution was started without has its default', async () => {
  delete aws.executions.get(EXECUTION).Parameters.DryRun;

  expect(await call()).toMatchObject({ isDone: true });
  expect(await call({ parameters: { ...request.parameters, DryRun: 'true' } })).toMatchObject({ error: expect.stringContaining('has other values of DryRun'), isDone: false });
});

describe('with approvers', () => {
  test.each([[undefined], ['Waiting'], ['Failed'], ['TimedOut']])('the work is not done while the step that waits for approval is %s', async (StepStatus) => {
    if (StepStatus !== undefined) {
      aws.step(EXECUTION, 'approve', { Action: 'aws:approve', StepStatus });
    }

    expect(await call({}, { isApproved: true })).toEqual({ outcome: 'ASK_AGAIN', error: undefined, isDone: false, puts: 0 });
  });

  test('it is done once the plan is approved', async () => {
    aws.step(EXECUTION, 'approve', { Action: 'aws:approve', StepStatus: 'Success' });

    expect(await call({}, { isApproved: true })).toMatchObject({ outcome: 'DONE', isDone: true });
  });

  test('the preflight needs no approval', async () => {
    expect(await call({ step: 'preflight' }, { isApproved: true })).toMatchObject({ outcome: 'DONE', isDone: true });
  });
});
