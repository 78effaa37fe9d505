/**
 * What GetAutomationExecution answers, member by member.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AutomationExecution.html
 */
export interface AutomationExecution {
  AutomationExecutionId: string;
  DocumentName: string;
  DocumentVersion: string;
  ExecutionStartTime: Date;
  ExecutionEndTime?: Date;
  AutomationExecutionStatus: Status;
  StepExecutions: StepExecution[];
  StepExecutionsTruncated: boolean;
  /** What StartAutomationExecution was given, without the defaults. */
  Parameters: Record<string, string[]>;
  Outputs: Record<string, string[]>;
  FailureMessage?: string;
  Mode: 'Auto';
  ExecutedBy: string;
  CurrentStepName?: string;
  CurrentAction?: string;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StepExecution.html */
export interface StepExecution {
  StepName: string;
  Action: string;
  StepExecutionId: string;
  StepStatus: Status;
  TimeoutSeconds?: number;
  OnFailure: string;
  MaxAttempts: number;
  ExecutionStartTime?: Date;
  ExecutionEndTime?: Date;
  /** "Fully-resolved values passed into the step before execution", each as a string. */
  Inputs: Record<string, string>;
  Outputs: Record<string, string[]>;
  FailureMessage?: string;
  FailureDetails?: { FailureStage: string; FailureType: string; Details: Record<string, string[]> };
  IsEnd: boolean;
  IsCritical: boolean;
  NextStep?: string;
  ValidNextSteps: string[];
  /** Of a step that a loop runs. */
  ParentStepDetails?: ParentStepDetails;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParentStepDetails.html */
export interface ParentStepDetails {
  StepExecutionId: string;
  StepName: string;
  Action: string;
  Iteration: number;
  IteratorValue?: string;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-statuses.html */
export type Status = 'Pending' | 'InProgress' | 'Waiting' | 'Success' | 'TimedOut' | 'Cancelling' | 'Cancelled' | 'Failed';

const ENDED: Status[] = ['Success', 'TimedOut', 'Cancelled', 'Failed'];

/** Terminal, as AWS calls it. */
export const hasEnded = (status: Status): boolean => ENDED.includes(status);

/** A copy that does not change with the execution. (What `structuredClone` makes is of another realm in Jest, where no date of it is a `Date`.) */
export function copied<T>(value: T): T {
  if (value instanceof Date) {
    return new Date(value) as T;
  }
  if (Array.isArray(value)) {
    return value.map(copied) as T;
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) as T : value;
}
