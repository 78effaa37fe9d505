import { FakeEcs } from './fake-ecs';
import { PARAMETERS, RUNBOOK_SETTINGS } from './runs';
import { ECS_RESTORE } from '../../src/ecs-restore/ecs-restore-steps.lambda-shared';
import { Outcome, WAITING } from '../../src/execution/runbook.contract';
import type { RunbookSettings, StepName } from '../../src/execution/runbook.contract';
import type { FakeState } from '../ecs-config/fake-aws-apis';
import { FakeAccount } from '../execution/fake-account';
import { ask } from '../execution/requests';

const STEPS = ['preflight', 'plan', 'work', 'verify'] as const;

let accounts = 0;

/** An account with all that a run calls, from its first step to its record. */
export class AccountWithRuns extends FakeEcs {
  public readonly executions = new FakeAccount(this.clock);
  /** How long each request took, in milliseconds. */
  public readonly durations: number[] = [];
  private readonly settings: RunbookSettings;

  constructor(state: FakeState) {
    super(state);
    const ssm = (operation: string) => (_: FakeEcs, input: object) => this.executions.call('ssm', operation, input);
    Object.assign(this.operationsOfOthers, {
      'ssm:GetAutomationExecution': ssm('GetAutomationExecution'),
      'ssm:DescribeAutomationExecutions': ssm('DescribeAutomationExecutions'),
      'ssm:DescribeAutomationStepExecutions': ssm('DescribeAutomationStepExecutions'),
    });
    // Another bucket, so that the function has no document of another account in its memory.
    this.settings = { ...RUNBOOK_SETTINGS, bucket: { ...RUNBOOK_SETTINGS.bucket, name: `config-${accounts++}` } };
  }

  /** A run, as the document asks for its steps. After a step that failed, which may have ended the process, its failure is recorded. Answers why. */
  public async run(execution: string): Promise<string | undefined> {
    const request = this.executions.start({ execution, targets: ['ecs/prod'], parameters: PARAMETERS }, { document: this.settings.runbook });
    const error = await this.steps(request);
    if (error !== undefined) {
      this.revive();
      const { error: second } = await ask(this, ECS_RESTORE, { ...request, step: 'recordFailure' }, { settings: this.settings });
      expect(second).toBeUndefined();
    }
    this.executions.executions.get(execution).AutomationExecutionStatus = error === undefined ? 'Success' : 'Failed';
    return error?.message;
  }

  /** The records, and how often each was put. */
  public get records(): { readonly record: any; readonly versions: number }[] {
    return [...this.objects].filter(([key]) => /^records\/\d+\/[^/]+\/[^/]+\.json$/.test(key))
      .map(([, { body, versions }]) => ({ record: JSON.parse(body.toString('utf8')), versions }));
  }

  private async steps(request: ReturnType<FakeAccount['start']>): Promise<Error | undefined> {
    const once = async (step: StepName, only?: 'RESULT') => {
      const begunAt = this.clock.now();
      const { answer, error } = await ask(this, ECS_RESTORE, { ...request, step, only }, { settings: this.settings });
      this.durations.push(this.clock.now() - begunAt);
      await this.clock.sleep(answer?.next === WAITING ? 180_000 : 1_000);
      return { answer, error };
    };
    for (const step of STEPS) {
      for (let round = 0; ; round++) {
        const { answer, error } = await once(step);
        expect(round).toBeLessThan(100);
        if (error) {
          return error;
        }
        if (answer?.outcome !== Outcome.ASK_AGAIN) {
          break;
        }
      }
      const { error } = await once(step, 'RESULT');
      if (error) {
        return error;
      }
    }
    return (await once('record')).error;
  }
}
