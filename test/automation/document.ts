/**
 * An Automation document, schema version 0.3.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export interface AutomationDocument {
  readonly schemaVersion: string;
  readonly description?: string;
  readonly assumeRole?: string;
  readonly parameters?: Record<string, DocumentParameter>;
  readonly mainSteps: DocumentStep[];
  readonly outputs?: string[];
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export interface DocumentParameter {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly allowedValues?: unknown[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#automation-common */
export interface DocumentStep {
  readonly name: string;
  readonly action: string;
  readonly description?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs?: StepOutput[];
  readonly maxAttempts?: number;
  readonly timeoutSeconds?: number | string;
  readonly onFailure?: string;
  readonly onCancel?: string;
  readonly nextStep?: string;
  readonly isEnd?: boolean | string;
  readonly isCritical?: boolean | string;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-outputs-inputs.html */
export interface StepOutput {
  readonly Name: string;
  readonly Selector: string;
  readonly Type?: string;
}

/** A choice of `aws:branch`, or the condition of a loop: one variable with one operator, or several joined by `And`, `Or`, `Not`. */
export interface Condition {
  readonly And?: Condition[];
  readonly Or?: Condition[];
  readonly Not?: Condition;
  readonly Variable?: unknown;
  readonly [operator: string]: unknown;
}

export interface Choice extends Condition {
  readonly NextStep: string;
}

/** The steps inside of a loop; no others have any. */
export function innerSteps({ action, inputs }: DocumentStep): DocumentStep[] {
  return action === 'aws:loop' ? inputs.Steps as DocumentStep[] ?? [] : [];
}

/** All steps, those in loops after their loop. */
export function allSteps(steps: DocumentStep[]): DocumentStep[] {
  return steps.flatMap((step) => [step, ...allSteps(innerSteps(step))]);
}

/** The step that `step:<name>` names, of `onFailure` or `onCancel`. */
export function namedStep(rule: string | undefined): string | undefined {
  return /^step:\s*(\w+)$/.exec(rule ?? '')?.[1];
}

/** Steps in loops whose `onFailure` names a step outside of their loop. AWS documents that a loop inherits it, and not that it may lead out. */
export function leadingOut(steps: DocumentStep[]): string[] {
  return steps.map(innerSteps).flatMap((inner) => [
    ...inner.filter(({ onFailure }) => ![undefined, ...inner.map(({ name }) => name)].includes(namedStep(onFailure))).map(({ name }) => name),
    ...leadingOut(inner),
  ]);
}

/** Flags and numbers may be strings in a document. */
export const isTrue = (flag: boolean | string | undefined): boolean => String(flag) === 'true';

/** Where the steps can lead, by each way: success, choices, failure, the order in the document. */
export function successors(step: DocumentStep, following: string | undefined): string[] {
  const { action, inputs, nextStep, onFailure, onCancel, isEnd } = step;
  const choices = action === 'aws:branch' ? [...(inputs.Choices as Choice[] ?? []).map(({ NextStep }) => NextStep), inputs.Default as string | undefined] : [];
  const branchesAway = action === 'aws:branch' && inputs.Default !== undefined;
  const next = isTrue(isEnd) || branchesAway ? undefined : nextStep ?? following;
  return [...choices, next, isTrue(isEnd) ? undefined : namedStep(onFailure), namedStep(onCancel)].filter((name) => name !== undefined);
}
