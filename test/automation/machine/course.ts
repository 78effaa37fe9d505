import type { DocumentStep } from '../document';
import { innerSteps, isTrue, namedStep } from '../document';
import type { Status } from '../executions';
import type { Loop } from './loops';
import type { Records } from './records';
import { isCritical, listed } from './step-records';
import type { Values } from './values';

export type LoopOutputs = 'SEEN_AFTER_THE_LOOP' | 'SEEN_INSIDE_ONLY';

/** Steps that follow each other: those of the document, or of a loop. */
interface Sequence {
  readonly steps: DocumentStep[];
  readonly loop?: Loop;
  readonly deadline?: Date;
}

/** Which step follows which: after success, after failure, round after round. */
export class Course {
  /** The step that comes next, in the innermost sequence; `undefined`: the execution is over. */
  next: string | undefined;
  /** Why the execution will not succeed. */
  problem?: 'Failed' | 'TimedOut';
  private cancelling = false;
  private readonly sequences: Sequence[];

  constructor(steps: DocumentStep[], private readonly records: Records, private readonly values: Values, private readonly loopOutputs: LoopOutputs) {
    this.sequences = [{ steps }];
    this.next = steps[0].name;
  }

  /** The next step, with the name of that which stands after it. */
  get nextStep(): { step: DocumentStep; following?: string; loop?: Loop } {
    const { steps, loop } = this.sequence;
    const index = steps.findIndex(({ name }) => name === this.next);
    if (index < 0) {
      throw new Error(`there is no step ${this.next} here`);
    }
    return { step: steps[index], following: steps[index + 1]?.name, loop };
  }

  get deadlines(): Date[] {
    return this.sequences.flatMap(({ deadline }) => deadline ?? []);
  }

  enter(loop: Loop, deadline: Date | undefined): void {
    this.sequences.push({ steps: innerSteps(loop.step), loop, deadline });
    this.values.enter(loop);
    this.anotherRound(loop);
  }

  /** "If no Default value is specified, then the automation processes the next step in the runbook", and so after each other step, unless it ends there. */
  follow(step: DocumentStep, chosen?: string): void {
    const { steps, loop } = this.sequence;
    this.next = chosen ?? (isTrue(step.isEnd) ? undefined : step.nextStep ?? steps[steps.indexOf(step) + 1]?.name);
    if (this.next === undefined && loop && !this.cancelling) {
      this.anotherRound(loop);
    }
  }

  /**
   * A loop "inherits" the `onFailure` of the steps in it: one that aborts ends the loop. None of them names a step outside of it. A step without one leaves it to
   * the loop's. `Continue` follows `nextStep`, as success does; the page says so of success only. `isCritical: false` does not save an execution that aborts.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html
   */
  fail(step: DocumentStep, status: 'Failed' | 'TimedOut', message: string, rule = step.onFailure): void {
    const { steps, loop } = this.sequence;
    const named = namedStep(rule);
    const goesOn = rule === 'Continue' || steps.some(({ name }) => name === named);
    if (isCritical({ ...step, onFailure: rule }) || !goesOn && !loop) {
      this.problem = this.problem === 'Failed' ? 'Failed' : status;
      this.records.execution.FailureMessage ??= `Step ${step.name} has failed: ${message}`;
    }
    if (this.cancelling || isTrue(step.isEnd) && !loop) {
      this.next = undefined;
    } else if (rule === 'Continue') {
      this.follow(step);
    } else if (goesOn) {
      this.next = named;
    } else if (loop) {
      this.leave(loop, 'Failed', `step ${step.name} has failed: ${message}`);
      this.fail(loop.step, status, message, rule);
    } else {
      this.next = undefined;
    }
  }

  /** Ends the outermost loop whose time is over. AWS does not say what becomes of the steps in it. */
  timeOut(now: Date): void {
    const late = this.sequences.findIndex(({ deadline }) => deadline && now >= deadline);
    this.leaveDownTo(late + 1, 'TimedOut');
    const loop = this.sequence.loop!;
    const message = `no end after ${loop.record.TimeoutSeconds} seconds`;
    this.leave(loop, 'TimedOut', message);
    this.fail(loop.step, 'TimedOut', message);
  }

  /** Goes to what `onCancel` of a cancelled step names, if anything. */
  cancel({ onCancel }: DocumentStep): boolean {
    const named = namedStep(onCancel);
    const at = this.sequences.map(({ steps }) => steps.some(({ name }) => name === named)).lastIndexOf(true);
    this.cancelling = true;
    this.next = at < 0 ? undefined : named;
    this.leaveDownTo(Math.max(at, 0) + 1, 'Cancelled');
    return at >= 0;
  }

  /** Nothing follows: loops that run are cancelled. */
  end(): void {
    this.next = undefined;
    this.leaveDownTo(1, 'Cancelled');
  }

  private get sequence(): Sequence {
    return this.sequences.at(-1)!;
  }

  private anotherRound(loop: Loop): void {
    let another: boolean;
    try {
      another = loop.another(this.values.substitute);
    } catch (error) {
      const { message } = error as Error;
      this.leave(loop, 'Failed', message);
      this.fail(loop.step, 'Failed', message);
      return;
    }
    if (another) {
      this.next = this.sequence.steps[0].name;
    } else {
      this.leave(loop, 'Success');
      this.follow(loop.step);
    }
  }

  private leaveDownTo(length: number, status: Status): void {
    while (this.sequences.length > length) {
      this.leave(this.sequence.loop!, status);
    }
  }

  private leave(loop: Loop, status: Status, message?: string): void {
    this.sequences.pop();
    this.values.leave(loop);
    loop.record.Outputs = listed(loop.outputs);
    if (this.loopOutputs === 'SEEN_INSIDE_ONLY') {
      innerSteps(loop.step).forEach(({ name }) => this.values.forget(name));
    }
    this.records.endStep(loop.record, status, message);
  }
}
