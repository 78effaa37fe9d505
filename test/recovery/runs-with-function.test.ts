import { APPROVAL, APPROVER } from './runs';
import { DESIGN } from './setup';
import type { Clock } from '../../src/capture/pacing.lambda-shared';
import type { ReportedObject, RecoveryWork, Run, StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { RunFailed } from '../../src/execution/recovery-work.lambda-shared';
import { runbookHandler } from '../../src/execution/runbook-handler.lambda-shared';
import { Outcome, SETTINGS_VARIABLE, STATUS_DETAIL_TYPE } from '../../src/execution/runbook.contract';
import { documentOf } from '../../src/recovery/runbook-document';
import type { Approval } from '../../src/recovery/runbook-document';
import { allSteps } from '../automation/document';
import type { AutomationEvent } from '../automation/ports';
import { ACCOUNT, AutomationSimulation, OPERATOR, REGION } from '../automation/simulation';
import type { SimulationOptions } from '../automation/simulation';
import { FakeAccount } from '../execution/fake-account';
import { DONE, SETTINGS, workOf } from '../execution/requests';

const PARAMETERS = { Reason: ['INC-1'], Cluster: ['shop'] };
const WEB: ReportedObject = { what: 'service', name: 'DONE', state: 'PENDING', why: 'the old service is WAITING' };

/** The document of a runbook with the function that it is for, and the objects that it writes. */
class Runs {
  public readonly simulation: AutomationSimulation;
  public readonly aws: FakeAccount;
  /** The function, as the rule on the status of executions invokes it. */
  public readonly record: (event: any) => Promise<unknown>;
  public readonly document;
  /** When somebody stops the run. */
  public stop?: { readonly when: 'DURING' | 'AFTER'; readonly step: string };

  constructor(recovery: RecoveryWork, options: Partial<SimulationOptions> = {}, approval?: Approval) {
    process.env[SETTINGS_VARIABLE] = JSON.stringify({
      ...SETTINGS, runbook: 'Runbook', isApproved: approval !== undefined, defaults: { ...SETTINGS.defaults, Services: '*' },
    });
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const clock: Clock = { now: () => this.simulation.now.getTime(), sleep: async () => undefined };
    this.aws = new FakeAccount(clock as never);
    const handler = runbookHandler(recovery, () => async (service, operation, input: any) => {
      const { engine } = this.simulation;
      switch (`${service}:${operation}`) {
        case 'ssm:GetAutomationExecution':
          return { AutomationExecution: engine.get(input.AutomationExecutionId) };
        case 'ssm:DescribeAutomationExecutions':
          return { AutomationExecutionMetadataList: engine.list().filter((one) => input.Filters[0].Values.includes(one.AutomationExecutionStatus)) };
        case 'ssm:DescribeAutomationStepExecutions':
          return {
            StepExecutions: engine.get(input.AutomationExecutionId).StepExecutions
              .filter(({ StepName }) => input.Filters?.[0].Values.includes(StepName) ?? true),
          };
        default:
          return this.aws.call(service, operation, input);
      }
    }, clock);
    const invoke = (event: any) => handler(event, {
      invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:recover`, getRemainingTimeInMillis: () => 290_000,
    } as never);
    this.document = documentOf({ ...DESIGN, functionName: 'recover', assumeRole: `arn:aws:iam::${ACCOUNT}:role/Document`, approval });
    const ports = { callApi: async () => ({ Account: ACCOUNT }), emit: (event: AutomationEvent) => this.see(event) };
    this.simulation = new AutomationSimulation({ functions: { recover: invoke }, ...options, ports });
    this.record = invoke;
  }

  /** Stops a step while it waits or is being done, which is a moment after it began, or between two steps. */
  private see(event: AutomationEvent): void {
    this.simulation.events.push(event);
    const { StepName, Status, ExecutionId } = event.detail as Record<string, string>;
    const when = Status === 'InProgress' ? 'DURING' : ['Success', 'Failed'].includes(Status) ? 'AFTER' : undefined;
    if (StepName !== undefined && this.stop?.step === StepName && this.stop.when === when) {
      this.stop = undefined;
      const stop = () => this.simulation.engine.stop(ExecutionId);
      if (when === 'DURING') {
        queueMicrotask(stop);
      } else {
        stop();
      }
    }
  }

  public start(parameters: Record<string, string[]> = {}): string {
    return this.simulation.start(this.document, { ...PARAMETERS, ...parameters });
  }

  public async finish(id: string): Promise<string> {
    return (await this.simulation.finish(id)).AutomationExecutionStatus;
  }
}

/** Work of three rounds, about a service with the names of outcomes. */
function work() {
  return workOf({
    work: async ({ previous }): Promise<StepResult> => {
      const rounds = Number((await previous('work'))?.summary ?? 0) + 1;
      return rounds < 3 ? { outcome: Outcome.ASK_AGAIN, isWaiting: true, summary: String(rounds), objects: [WEB] } : { ...DONE, objects: [{ ...WEB, state: 'DONE', why: 'created' }] };
    },
  });
}

afterEach(() => jest.restoreAllMocks());

describe.each(['FAIL_THE_STEP', 'ARE_OUTPUTS'] as const)('where errors of functions %s', (functionErrors) => {
  test('a run is complete, and its record has the steps of the document and the time that it waited for AWS', async () => {
    const runs = new Runs(work(), { functionErrors });

    expect(await runs.finish(runs.start())).toBe('Success');

    const [record] = runs.aws.records;
    expect(record).toMatchObject({ status: 'COMPLETED', objects: [{ name: 'DONE', state: 'DONE', why: 'created' }], reason: 'INC-1', startedBy: OPERATOR });
    expect(record.steps.map(({ name }: any) => name)).toEqual([
      'preflight', 'preflightResult', 'preflightOutcome', 'plan', 'planResult', 'planOutcome', 'planOnly',
      'work', 'workResult', 'workOutcome', 'verify', 'verifyResult', 'verifyOutcome', 'record',
    ]);
    expect(record.times).toMatchObject({ aws: 2 * 180 + 6, approvers: 0 });
    expect(record.recoverySeconds).toBe(366);
  });

  test('a dry run is complete, and its record says what it would do', async () => {
    const runs = new Runs(workOf({ plan: async () => ({ ...DONE, objects: [WEB] }) }), { functionErrors });

    expect(await runs.finish(runs.start({ DryRun: ['true'] }))).toBe('Success');
    expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'PLANNED', objects: [WEB] })]);
  });

  test.each(['preflight', 'plan', 'work', 'verify'] as const)('a run whose %s fails is Failed, and its record has the problems', async (step) => {
    const runs = new Runs(workOf({ [step]: () => Promise.reject(new RunFailed(['DONE is missing'], [WEB])) }), { functionErrors });

    expect(await runs.finish(runs.start())).toBe('Failed');
    expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'FAILED', problems: ['DONE is missing'], objects: [WEB] })]);
  });

  test('a run in which an object failed is Failed, and its record has the object', async () => {
    const runs = new Runs(workOf({ work: async () => ({ ...DONE, objects: [{ ...WEB, state: 'FAILED', why: 'no' }] }) }), { functionErrors });

    expect(await runs.finish(runs.start())).toBe('Failed');
    expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'FAILED', problems: ['service DONE: no'] })]);
  });

  test('a run that has not ended after 100 rounds is Failed, and its record says which step', async () => {
    const endless = async (): Promise<StepResult> => ({ outcome: Outcome.ASK_AGAIN, isWaiting: true, summary: 'waits', objects: [WEB] });
    const runs = new Runs(workOf({ verify: endless }), { functionErrors });

    expect(await runs.finish(runs.start())).toBe('Failed');
    expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'FAILED', problems: ['verify did not complete within the maximum number of rounds'] })]);
    expect(runs.aws.records[0].times.aws).toBeGreaterThanOrEqual(100 * 180);
  });

  test('of two runs at once, the second is Failed and names the first, which is complete', async () => {
    const runs = new Runs(work(), { functionErrors });
    const first = runs.start();
    await runs.simulation.forward(1);
    const second = runs.start();

    expect(await runs.finish(second)).toBe('Failed');
    expect(await runs.finish(first)).toBe('Success');
    expect(runs.aws.records.map(({ execution, status, problems }) => [execution, status, problems])).toEqual([
      [second, 'FAILED', [expect.stringContaining(`execution ${first} of Runbook`)]], [first, 'COMPLETED', []],
    ]);
  });
});

test('what approvers read fits into a message, and a plan that they deny leaves a record that the run failed', async () => {
  const objects = Array.from({ length: 5_000 }, (_, index) => ({ ...WEB, name: `service-${index}`, why: '"quoted" \\ text' }));
  const runs = new Runs(workOf({ plan: async () => ({ ...DONE, objects }) }), {}, APPROVAL);
  const id = runs.start();
  await runs.simulation.finish(id);

  const { Message } = runs.simulation.engine.get(id).StepExecutions.find(({ StepName }) => StepName === 'approve')!.Inputs;
  expect(Message.length).toBeLessThanOrEqual(4_096);
  expect(Message).toContain('to do: service service-0');

  runs.simulation.engine.signal(id, { type: 'Reject', by: `arn:aws:sts::${ACCOUNT}:assumed-role/${APPROVER.split('/')[1]}/at-night` });
  expect(await runs.finish(id)).toBe('Failed');
  expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'FAILED', problems: [expect.stringMatching(/^approve ended as /)] })]);
});

test('a run that is stopped while it waits leaves a record that it was stopped, by the event', async () => {
  const runs = new Runs(work());
  const id = runs.start();
  for (let second = 0; second < 10; second++) {
    await runs.simulation.forward(1);
  }
  runs.simulation.engine.stop(id);
  await runs.simulation.forward(1);
  expect(runs.simulation.engine.get(id).AutomationExecutionStatus).toBe('Cancelled');

  for (const event of runs.simulation.events.filter((one) => one.detail.Status === 'Cancelled' && 'ExecutedBy' in one.detail)) {
    await runs.record(event);
  }

  expect(runs.aws.records).toEqual([expect.objectContaining({ status: 'STOPPED', objects: [WEB], problems: ['work ended as Cancelled'] })]);
});

describe('a run that is stopped leaves one record, and is Cancelled', () => {
  const ofLoop = (step: string) => [step, `${step}Ask`, `${step}Decide`, `${step}Wait`, `${step}Round`, `${step}Result`, `${step}Outcome`];
  const toApproval = [...ofLoop('preflight'), ...ofLoop('plan'), 'planOnly', 'approve'];
  const toRecord = [...toApproval, ...ofLoop('work'), ...ofLoop('verify')];
  const steps: [string, string][] = [
    ...toRecord.map((step): [string, string] => [step, 'STOPPED']),
    ['record', 'COMPLETED'], ['recordOutcome', 'COMPLETED'], ['finish', 'COMPLETED'], ['recordFailure', 'FAILED'], ['fail', 'FAILED'],
  ];

  /** Work of which each step waits once. */
  const waiting = (last: 'DONE' | 'FAILED') => {
    const wait = (step: 'preflight' | 'plan' | 'work' | 'verify') => async ({ previous }: Run): Promise<StepResult> => {
      if (await previous(step) === undefined) {
        return { outcome: Outcome.ASK_AGAIN, isWaiting: true, summary: 'waits', objects: [WEB] };
      }
      if (step === 'verify' && last === 'FAILED') {
        throw new RunFailed(['it is not there']);
      }
      return DONE;
    };
    return workOf({ preflight: wait('preflight'), plan: wait('plan'), work: wait('work'), verify: wait('verify') });
  };

  /** The rule of the runbook delivers the event, twice. */
  async function deliver(runs: Runs): Promise<void> {
    const ended = runs.simulation.events.filter((event) => event['detail-type'] === STATUS_DETAIL_TYPE && event.detail.Status === 'Cancelled');
    expect(ended).toHaveLength(1);
    await runs.record(ended[0]);
    await runs.record(ended[0]);
  }

  test('the steps are all that the document has', () => {
    const { document: { mainSteps } } = new Runs(work(), {}, APPROVAL);

    expect(allSteps(mainSteps).map(({ name }) => name).sort()).toEqual(steps.map(([name]) => name).sort());
  });

  /** A branch takes no time, so that nobody can stop it. */
  const isBranch = (step: string) => /(Decide|Outcome|planOnly)$/.test(step);

  describe.each(['DURING', 'AFTER'] as const)('%s', (when) => {
    test.each(steps.filter(([step]) => when === 'AFTER' || !isBranch(step)))('%s: a record of a run that is %s', async (step, status) => {
      const runs = new Runs(waiting(status === 'FAILED' ? 'FAILED' : 'DONE'), {}, APPROVAL);
      runs.stop = { when, step };
      const id = runs.start();
      if (await runs.finish(id) === 'Waiting') {
        runs.simulation.engine.signal(id, { type: 'Approve', by: `arn:aws:sts::${ACCOUNT}:assumed-role/${APPROVER.split('/')[1]}/at-night` });
        await runs.finish(id);
      }

      expect(runs.stop).toBeUndefined();
      expect(runs.simulation.engine.get(id).AutomationExecutionStatus).toBe('Cancelled');
      await deliver(runs);
      expect(runs.aws.records).toEqual([expect.objectContaining({ execution: id, status })]);
      expect(runs.aws.puts.filter(({ Key }) => Key.endsWith(`${id}.json`))).toHaveLength(1);
      const hasReached = (reached: string) => runs.simulation.invocations.some(({ payload }) => JSON.parse(payload).step === reached);
      expect(hasReached('work')).toBe(!toApproval.includes(step));
    });
  });

  test('also if its event comes while the function writes the record', async () => {
    const runs = new Runs(work());
    const id = runs.start();
    await runs.finish(id);
    const detail = { ExecutionId: id, Definition: 'Runbook', Status: 'Cancelled' };
    runs.aws.objects.delete(runs.aws.puts.at(-1).Key);

    await Promise.all([
      runs.record({ step: 'record', execution: id, targets: [], parameters: {} }), runs.record({ 'detail-type': STATUS_DETAIL_TYPE, detail }),
    ]);

    expect(runs.aws.records).toHaveLength(1);
  });
});
