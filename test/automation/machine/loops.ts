import { holds } from './conditions';
import type { Condition, DocumentStep } from '../document';
import { innerSteps } from '../document';
import type { ParentStepDetails, StepExecution } from '../executions';

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html */
export const MOST_ITERATIONS = 100;

/** A loop that runs: which round it is in. */
export class Loop {
  iteration = 0;
  private readonly values?: unknown[];
  private readonly most: number;

  constructor(readonly step: DocumentStep, readonly record: StepExecution, substitute: (value: unknown) => unknown) {
    const { Iterators, LoopCondition, MaxIterations = MOST_ITERATIONS } = step.inputs;
    if ((Iterators === undefined) === (LoopCondition === undefined)) {
      throw new Error('aws:loop takes either Iterators or a LoopCondition');
    }
    if (innerSteps(step).length === 0) {
      throw new Error('aws:loop needs Steps');
    }
    this.most = Number(substitute(MaxIterations));
    if (!Number.isInteger(this.most) || this.most < 1 || this.most > MOST_ITERATIONS) {
      throw new Error(`MaxIterations is 1 to ${MOST_ITERATIONS}: ${this.most}`);
    }
    if (Iterators !== undefined) {
      this.values = [substitute(Iterators)].flat();
    }
  }

  /**
   * Whether another round begins: the condition is asked after a round, and holds; or there is another value. At its maximum a loop stops, and has
   * succeeded, "even if the LoopCondition is still true".
   */
  another(substitute: (value: unknown) => unknown): boolean {
    const more = this.iteration < this.most && (this.values
      ? this.iteration < this.values.length
      : this.iteration === 0 || holds(substitute(this.step.inputs.LoopCondition) as Condition));
    this.iteration += more ? 1 : 0;
    return more;
  }

  /** What the steps of the loop can refer to by its name. */
  get outputs(): Record<string, unknown> {
    return { CurrentIteration: this.iteration, ...this.values && { CurrentIteratorValue: this.values[this.iteration - 1] } };
  }

  get details(): ParentStepDetails {
    const { StepExecutionId, StepName, Action } = this.record;
    const value = this.values?.[this.iteration - 1];
    return { StepExecutionId, StepName, Action, Iteration: this.iteration, ...value !== undefined && { IteratorValue: String(value) } };
  }
}
