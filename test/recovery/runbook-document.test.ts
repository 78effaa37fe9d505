import { APPROVAL, Runs } from './runs';
import { DESIGN } from './setup';
import { documentOf } from '../../src/recovery/runbook-document';
import type { Approval, AutomationDocument } from '../../src/recovery/runbook-document';
import { allSteps } from '../automation/document';
import { lintDocument } from '../automation/lint/lint';

const document = (approval?: Approval): AutomationDocument => documentOf({ ...DESIGN, functionName: 'recover', assumeRole: 'arn:aws:iam::222222222222:role/Document', approval });

test.each([['without approvers', undefined], ['with approvers', APPROVAL], ['with approvers and no topic', { ...APPROVAL, topicArn: undefined }]])('a document %s is one that AWS accepts', (_, approval) => {
  expect(lintDocument('Recovery-shop', JSON.parse(JSON.stringify(document(approval))))).toEqual([]);
});

test('each step and each parameter has a description', () => {
  const { mainSteps, parameters } = document(APPROVAL);

  expect(allSteps(mainSteps).filter(({ description }) => !/^[A-Z].{5,}\.$/.test(description ?? '')).map(({ name }) => name)).toEqual([]);
  expect(Object.entries(parameters).filter(([, { description }]) => !/\.$/.test(description)).map(([name]) => name)).toEqual([]);
});

test('the steps are in the same order for each runbook', () => {
  expect(document(APPROVAL).mainSteps.map(({ name }) => name)).toEqual([
    'preflight', 'preflightResult', 'preflightOutcome', 'plan', 'planResult', 'planOutcome', 'planOnly', 'approve',
    'work', 'workResult', 'workOutcome', 'verify', 'verifyResult', 'verifyOutcome',
    'record', 'recordOutcome', 'finish', 'recordFailure', 'fail',
  ]);
});

test('the last step of a run that failed decides on its status', () => {
  expect(document(APPROVAL).mainSteps.at(-1)).toMatchObject({ name: 'fail', isEnd: true, isCritical: true });
});

test('no output is selected, and no script is run', () => {
  const steps = allSteps(document(APPROVAL).mainSteps);

  expect(steps.filter((step) => 'outputs' in step)).toEqual([]);
  expect([...new Set(steps.map(({ action }) => action))].sort()).toEqual([
    'aws:approve', 'aws:assertAwsResourceProperty', 'aws:branch', 'aws:invokeLambdaFunction', 'aws:loop', 'aws:sleep',
  ]);
});

test('every step of a document can be reached', async () => {
  const reached = new Set<string>();
  const note = async (runs: Runs, parameters = {}) => {
    const id = runs.start(parameters);
    await runs.simulation.finish(id);
    if (runs.simulation.engine.get(id).AutomationExecutionStatus === 'Waiting') {
      runs.simulation.engine.signal(id, { type: 'Approve', by: APPROVAL.approvers[0].replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') + '/x' });
      await runs.simulation.finish(id);
    }
    runs.simulation.engine.get(id).StepExecutions.filter(({ StepStatus }) => StepStatus !== 'Pending').forEach(({ StepName }) => reached.add(StepName));
  };
  await note(new Runs({ preflight: ['WAITING'], plan: ['WAITING'], work: ['WAITING'], verify: ['WAITING'] }, {}, APPROVAL));
  await note(new Runs({ preflight: ['ERROR'] }, {}, APPROVAL));

  expect(allSteps(document(APPROVAL).mainSteps).map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
});
