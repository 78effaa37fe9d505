import { AutomationServer } from './automation-server';
import type { ServerRequest } from './automation-server';
import { OPERATOR } from '../simulation';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const NOW = Date.parse('2026-03-02T03:00:00Z');

/** A document that sleeps for a minute and calls a function then. */
const DOCUMENT = {
  schemaVersion: '0.3',
  mainSteps: [
    { name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT1M' } },
    { name: 'work', action: 'aws:invokeLambdaFunction', inputs: { FunctionName: 'f', InputPayload: { a: 1 } } },
  ],
};

const ask = (server: AutomationServer, request: Partial<ServerRequest> & Pick<ServerRequest, 'operation'>) =>
  server.answer({ now: NOW, account: ACCOUNT, region: REGION, ...request });
const start = { document: DOCUMENT, documentName: 'Runbook', executedBy: OPERATOR, executionId: '11111111-2222-4333-8444-555555555555' };

test('an answer says what has happened, what is to be called, and when to ask again', async () => {
  const server = new AutomationServer('FAIL_THE_STEP');

  const started = await ask(server, { operation: 'start', request: start });
  expect(started).toMatchObject({ result: start.executionId, calls: [], due: NOW + 60_000 });
  expect(started.events.map(({ detail }) => [detail.StepName, detail.Status])).toEqual([[undefined, 'InProgress'], ['rest', 'InProgress']]);

  const due = await ask(server, { operation: 'poll', now: NOW + 60_000 });
  expect(due.calls).toMatchObject([{ call: 1, kind: 'invoke', details: { functionName: 'f', payload: '{"a":1}', stepName: 'work' } }]);

  const answered = await ask(server, { operation: 'answer', now: NOW + 61_000, call: 1, result: { statusCode: 200, payload: '"done"' } });
  expect(answered.events.map(({ detail }) => [detail.StepName, detail.Status])).toEqual([['work', 'Success'], [undefined, 'Success']]);
  expect(answered.due).toBeUndefined();
  expect((await ask(server, { operation: 'get', id: start.executionId })).result).toMatchObject({
    AutomationExecutionStatus: 'Success', ExecutionStartTime: NOW / 1000, ExecutionEndTime: NOW / 1000 + 61,
  });
});

test('a call that was refused fails its step', async () => {
  const server = new AutomationServer('ARE_OUTPUTS');
  await ask(server, { operation: 'start', request: start });
  await ask(server, { operation: 'poll', now: NOW + 60_000 });
  await ask(server, { operation: 'answer', now: NOW + 60_000, call: 1, error: 'AccessDeniedException' });

  expect((await ask(server, { operation: 'list' })).result).toMatchObject([
    { AutomationExecutionStatus: 'Failed', StepExecutions: [{}, { StepStatus: 'Failed', FailureMessage: 'AccessDeniedException' }] },
  ]);
});

test('accounts and Regions have executions of their own, and a refusal has its code', async () => {
  const server = new AutomationServer('FAIL_THE_STEP');
  await ask(server, { operation: 'start', request: start });

  expect((await ask(server, { operation: 'list', region: 'eu-west-2' })).result).toEqual([]);
  expect((await ask(server, { operation: 'get', id: start.executionId, account: '222222222222' })).refused?.code).toBe('AutomationExecutionNotFoundException');
  await ask(server, { operation: 'reset' });
  expect((await ask(server, { operation: 'list' })).result).toEqual([]);
});

test('a document is checked by the rules of AWS, and not by ours', async () => {
  const server = new AutomationServer('FAIL_THE_STEP');
  const [rest, work] = DOCUMENT.mainSteps;

  expect((await ask(server, { operation: 'check', document: DOCUMENT })).result).toEqual([]);
  expect((await ask(server, { operation: 'check', document: { ...DOCUMENT, mainSteps: [{ ...rest, nextStep: 'nowhere' }, work] } })).result)
    .toEqual(['step rest: it leads to nowhere, which is no step of the document', 'step work: nothing leads to it']);
});
