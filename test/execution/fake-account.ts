import type { Call } from '../../src/capture/aws-call.lambda-shared';
import type { StepRequest } from '../../src/execution/runbook.contract';
import { FakeClock } from '../ecs-config/fake-clock';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-2';
export const EXECUTION = '333ba70b-2333-48db-b17e-a5e69c6f4d1c';

/** The interruption of a call: refused, or the process ends before or after AWS has done it. */
export interface Fault {
  readonly at: number;
  readonly kind: 'deny' | 'throttle' | 'crashBefore' | 'crashAfter';
}

/** What a message of AWS could say of values, and nobody may repeat. */
export const CANARY = 'canary-7f3d91';

/** Executions of AWS Systems Manager Automation and objects of Amazon S3, as their APIs answer. */
export class FakeAccount {
  public readonly calls: { readonly name: string; readonly input: any }[] = [];
  public readonly objects = new Map<string, Buffer>();
  public readonly puts: any[] = [];
  public readonly executions = new Map<string, any>();
  public readonly steps = new Map<string, any[]>();
  public fault?: Fault;
  /** Operations that are refused. */
  public denied: string[] = [];

  private isDead = false;

  constructor(public readonly clock = new FakeClock()) {}

  /** An execution that began now, with the first step of its document. */
  public start(request: Partial<StepRequest> = {}, { document = 'ecs-restore', startedBy = `arn:aws:iam::${ACCOUNT}:role/operator` } = {}): StepRequest {
    const whole: StepRequest = {
      step: 'preflight',
      execution: EXECUTION,
      targets: ['ecs/shop'],
      ...request,
      parameters: { DryRun: 'false', Reason: 'a test', DetectedAt: '', Cluster: 'shop', ...request.parameters },
    };
    this.executions.set(whole.execution, {
      AutomationExecutionId: whole.execution,
      DocumentName: document,
      AutomationExecutionStatus: 'InProgress',
      ExecutionStartTime: this.clock.now() / 1000,
      ExecutedBy: startedBy,
      Parameters: Object.fromEntries(Object.entries(whole.parameters).map(([name, value]) => [name, [value]])),
    });
    this.steps.set(whole.execution, []);
    this.enter(whole);
    return whole;
  }

  public enter(request: StepRequest): void {
    this.step(request.execution, 'preflightAsk', {
      Action: 'aws:invokeLambdaFunction', Inputs: { InputPayload: JSON.stringify(request) }, ParentStepDetails: { StepName: 'preflight' },
    });
  }

  /** Lists no steps of an execution any more. */
  public forget(execution: string): void {
    this.steps.set(execution, []);
  }

  /** A step that begins now. */
  public step(execution: string, StepName: string, members: object = {}): void {
    this.steps.get(execution)!.push({ StepName, StepStatus: 'InProgress', ExecutionStartTime: this.clock.now() / 1000, ...members });
  }

  public json(key: string): any {
    return JSON.parse(this.objects.get(key)!.toString('utf8'));
  }

  public get records(): any[] {
    return [...this.objects.keys()].filter((key) => /^records\/\d+\/[^/]+\/[^/]+\.json$/.test(key)).map((key) => this.json(key));
  }

  public revive(): void {
    this.isDead = false;
    this.fault = undefined;
  }

  public readonly call: Call = async (service, operation, input: any) => {
    const name = `${service}:${operation}`;
    const index = this.calls.length;
    this.calls.push({ name, input });
    await this.clock.sleep(40);
    const fault = this.fault?.at === index ? this.fault.kind : undefined;
    this.isDead ||= fault === 'crashBefore';
    if (this.isDead) {
      throw Object.assign(new Error(CANARY), { name: 'TypeError' });
    }
    if (fault === 'deny' || this.denied.includes(name)) {
      throw failure('AccessDeniedException', `User is not authorized to perform ${name}`);
    }
    if (fault === 'throttle') {
      this.fault = undefined;
      throw failure('ThrottlingException', 'Rate exceeded');
    }
    const answer = this.answer(name, input);
    if (fault === 'crashAfter') {
      this.isDead = true;
      throw Object.assign(new Error(CANARY), { name: 'TypeError' });
    }
    return answer;
  };

  private answer(name: string, input: any): any {
    switch (name) {
      case 's3:PutObject':
        if (this.objects.has(input.Key)) {
          throw failure('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
        }
        this.objects.set(input.Key, input.Body);
        this.puts.push(input);
        return {};
      case 's3:GetObject':
        if (!this.objects.has(input.Key)) {
          throw failure('NoSuchKey', 'The specified key does not exist.');
        }
        return { Body: this.objects.get(input.Key) };
      case 's3:ListObjectsV2':
        return page([...this.objects.keys()].filter((key) => key.startsWith(input.Prefix)).sort().map((Key) => ({ Key })), 'Contents',
          input.ContinuationToken, 'NextContinuationToken', 3);
      case 'ssm:GetAutomationExecution':
        return { AutomationExecution: { ...this.executions.get(input.AutomationExecutionId), StepExecutionsTruncated: true } };
      case 'ssm:DescribeAutomationExecutions':
        return page([...this.executions.values()].filter(({ AutomationExecutionStatus: status }) => input.Filters[0].Values.includes(status)),
          'AutomationExecutionMetadataList', input.NextToken, 'NextToken', 2);
      case 'ssm:DescribeAutomationStepExecutions':
        return page(this.steps.get(input.AutomationExecutionId)!.filter(({ StepName }) => input.Filters?.[0].Values.includes(StepName) ?? true),
          'StepExecutions', input.NextToken, 'NextToken', input.MaxResults);
      default:
        return {};
    }
  }
}

export function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

function page(all: object[], list: string, token: string | undefined, next: string, size: number): object {
  const from = Number(token ?? 0);
  return { [list]: all.slice(from, from + size), ...from + size < all.length ? { [next]: String(from + size) } : {} };
}
