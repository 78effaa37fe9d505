import { pages } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';

/** An execution of a document, as AWS Systems Manager describes it. Times are in milliseconds since 1970. */
export interface Execution {
  readonly id: string;
  /** Name or ARN. */
  readonly document: string;
  readonly begunAt: number;
  readonly endedAt?: number;
  readonly status: string;
  readonly startedBy: string;
  /** Those that it was started with, without defaults. */
  readonly parameters: Record<string, string>;
  readonly failure?: string;
}

/** A step of an execution, or a step within a loop. */
export interface ExecutedStep {
  readonly name: string;
  readonly action: string;
  readonly status: string;
  readonly begunAt: number;
  readonly endedAt?: number;
  readonly failure?: string;
  readonly isInLoop: boolean;
  readonly inputs: Record<string, string>;
}

/** At most 50, says AWS. */
const PAGE = 50;

export async function readExecution(call: Call, id: string): Promise<Execution> {
  const { AutomationExecution: execution } = await call('ssm', 'GetAutomationExecution', { AutomationExecutionId: id });
  return {
    id,
    document: execution.DocumentName,
    begunAt: timeOf(execution.ExecutionStartTime),
    ...execution.ExecutionEndTime === undefined ? {} : { endedAt: timeOf(execution.ExecutionEndTime) },
    status: execution.AutomationExecutionStatus,
    startedBy: execution.ExecutedBy ?? '',
    parameters: Object.fromEntries(Object.entries<string[]>(execution.Parameters ?? {}).map(([name, values]) => [name, values.join()])),
    failure: execution.FailureMessage,
  };
}

/** All steps that have begun, those within loops too, in their order. */
export async function readSteps(call: Call, id: string): Promise<ExecutedStep[]> {
  const steps = await pages(call, 'ssm', 'DescribeAutomationStepExecutions', { AutomationExecutionId: id, MaxResults: PAGE },
    { list: 'StepExecutions', token: 'NextToken' });
  return steps.filter(hasBegun).map(stepOf).sort((one, other) => one.begunAt - other.begunAt);
}

/** The first time that a step of one of these names began. */
export async function readFirst(call: Call, id: string, names: string[]): Promise<ExecutedStep | undefined> {
  const { StepExecutions: steps = [] } = await call('ssm', 'DescribeAutomationStepExecutions', {
    AutomationExecutionId: id, Filters: [{ Key: 'StepName', Values: names }], MaxResults: PAGE, ReverseOrder: false,
  });
  return steps.filter(hasBegun).map(stepOf).sort((one: ExecutedStep, other: ExecutedStep) => one.begunAt - other.begunAt)[0];
}

/** An input of a step as JSON: that of a map is its text, or the JSON of its text. */
export function inputOf(step: ExecutedStep | undefined, name: string): any {
  try {
    const value = JSON.parse(step?.inputs[name] ?? '');
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

/** JSON APIs have seconds since 1970, clients of the AWS SDK have dates. */
export function timeOf(time: number | string | Date): number {
  return typeof time === 'number' ? Math.round(time * 1000) : new Date(time).getTime();
}

function hasBegun(step: any): boolean {
  return step.ExecutionStartTime !== undefined && step.ExecutionStartTime !== null;
}

function stepOf(step: any): ExecutedStep {
  return {
    name: step.StepName,
    action: step.Action,
    status: step.StepStatus,
    begunAt: timeOf(step.ExecutionStartTime),
    ...step.ExecutionEndTime === undefined ? {} : { endedAt: timeOf(step.ExecutionEndTime) },
    failure: step.FailureMessage,
    isInLoop: step.ParentStepDetails !== undefined,
    inputs: step.Inputs ?? {},
  };
}
