import { timeoutSeconds } from './actions';
import { plain } from './conditions';
import type { DocumentStep } from '../document';
import { isTrue, successors } from '../document';
import type { ParentStepDetails, StepExecution } from '../executions';

/** A step before it runs: `Pending`, without times. */
export function pendingStep(step: DocumentStep, following: string | undefined, id: string, parent?: ParentStepDetails): StepExecution {
  const configured = Number(step.timeoutSeconds);
  const seconds = timeoutSeconds(step, Number.isNaN(configured) ? undefined : configured);
  return {
    StepName: step.name,
    Action: step.action,
    StepExecutionId: id,
    StepStatus: 'Pending',
    ...seconds !== undefined && { TimeoutSeconds: seconds },
    OnFailure: step.onFailure ?? 'Abort',
    MaxAttempts: step.maxAttempts ?? 1,
    Inputs: {},
    Outputs: {},
    IsEnd: isTrue(step.isEnd),
    IsCritical: isCritical(step),
    ...step.nextStep !== undefined && { NextStep: step.nextStep },
    ValidNextSteps: [...new Set(successors(step, following))],
    ...parent && { ParentStepDetails: parent },
  };
}

/**
 * "If the onFailure property is set to Continue in a step, the value defaults to false. Otherwise, the default value for this option is true."
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#automation-common
 */
export function isCritical({ isCritical: given, onFailure }: DocumentStep): boolean {
  return given === undefined ? onFailure !== 'Continue' : isTrue(given);
}

/** Inputs are strings, and what is none is JSON. */
export const written = (inputs: Record<string, unknown>): Record<string, string> => mapped(inputs, plain);

/** Outputs are lists of strings. */
export const listed = (outputs: Record<string, unknown>): Record<string, string[]> => (
  mapped(outputs, (value) => (Array.isArray(value) ? value : [value]).map(plain)));

function mapped<T>(values: Record<string, unknown>, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
