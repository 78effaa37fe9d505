import { Asked, attempt, Done, FailedWithOutputs, timeoutSeconds, Until } from './actions';
import type { FunctionErrors, Outcome } from './actions';
import { Approval } from './approval';
import type { Decision } from './approval';
import { Course } from './course';
import type { LoopOutputs } from './course';
import type { AutomationDocument, DocumentStep } from '../document';
import type { AutomationExecution, Status, StepExecution } from '../executions';
import { hasEnded } from '../executions';
import { Loop } from './loops';
import { Records } from './records';
import type { RecordsAround } from './records';
import { Refusal } from '../refusals';
import { listed, written } from './step-records';
import { Values } from './values';

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#automation-common "onCancel": two minutes at most */
const CANCELLATION_SECONDS = 120;

export interface RunAround extends RecordsAround {
  readonly functionErrors: FunctionErrors;
  readonly loopOutputs: LoopOutputs;
  /** Is told of every answer that comes later. */
  readonly awaitAnswer: (answer: Promise<void>) => void;
}

/** The step that runs. */
interface Active {
  readonly step: DocumentStep;
  readonly record: StepExecution;
  attempts: number;
  deadline?: Date;
  /** `undefined` before an attempt; a new object for each, by which an answer knows whether it is still waited for. */
  waiting?: Outcome;
  cancelled?: boolean;
}

/** One execution of a document: goes on until it waits for time, an approval, or the answer of a port. */
export class Run {
  private readonly records: Records;
  private readonly values: Values;
  private readonly course: Course;
  private active?: Active;
  private completing = false;
  private cancellationDeadline?: Date;

  constructor(
    private readonly around: RunAround, private readonly document: AutomationDocument, readonly execution: AutomationExecution,
    parameters: Record<string, unknown>, private readonly role: string | undefined,
  ) {
    this.records = new Records(around, execution, document.mainSteps);
    const { region, accountId, clock } = around;
    this.values = new Values({ id: execution.AutomationExecutionId, region, accountId }, parameters, () => clock.now());
    this.course = new Course(document.mainSteps, this.records, this.values, around.loopOutputs);
  }

  get ended(): boolean {
    return hasEnded(this.execution.AutomationExecutionStatus);
  }

  goOn(): void {
    while (!this.ended && this.proceed()) {
      // one thing after the other
    }
  }

  /** When something will happen by itself. */
  get due(): Date | undefined {
    const { active, cancellationDeadline, course } = this;
    const times = [active?.waiting instanceof Until ? active.waiting.time : undefined, active?.deadline, cancellationDeadline, ...course.deadlines];
    return this.ended ? undefined : times.filter((time) => time !== undefined).sort((one, other) => one.getTime() - other.getTime())[0];
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendAutomationSignal.html */
  decide(by: string, decision: Decision, comment?: string): void {
    const { waiting, record } = this.active ?? {};
    if (!(waiting instanceof Approval)) {
      throw new Refusal('InvalidAutomationSignalException', 'The execution does not wait for an approval.');
    }
    waiting.decide(by, decision, this.now, comment);
    record!.Outputs = listed(waiting.outputs);
  }

  /**
   * `Cancel` ends the step that runs, `Complete` lets it end; nothing follows. AWS names the two types and says no more. A call that is under way can't be
   * taken back: until its answer, the step is `Cancelling`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StopAutomationExecution.html
   */
  stop(type: 'Cancel' | 'Complete'): void {
    if (this.ended || this.execution.AutomationExecutionStatus === 'Cancelling') {
      throw new Refusal('InvalidAutomationStatusUpdateException', `The execution is ${this.execution.AutomationExecutionStatus}.`);
    }
    if (type === 'Complete') {
      this.completing = true;
      return;
    }
    this.records.change('Cancelling');
    if (!this.active) {
      this.finish();
    } else if (this.active.waiting instanceof Asked) {
      this.active.cancelled = true;
      this.records.changeStep(this.active.record, 'Cancelling');
    } else {
      this.cancelStep(this.active);
    }
  }

  /** Does one thing; `false` where there is nothing to do now. */
  private proceed(): boolean {
    const { active, now, course } = this;
    if (this.execution.AutomationExecutionStatus === 'Pending') {
      this.records.change('InProgress');
    } else if (this.cancellationDeadline && now >= this.cancellationDeadline) {
      this.finish();
    } else if (course.deadlines.some((deadline) => now >= deadline)) {
      this.stopActive('TimedOut');
      course.timeOut(now);
    } else if (active) {
      return active.waiting ? this.look(active, active.waiting) : this.startAttempt(active);
    } else if (course.next === undefined || this.completing) {
      this.finish();
    } else {
      const { step, following, loop } = course.nextStep;
      this.active = { step, record: this.records.begin(step, following, loop), attempts: 0 };
    }
    return true;
  }

  /** Looks whether what a step waits for has come, or its time is over. */
  private look(active: Active, waiting: Outcome): boolean {
    if (waiting instanceof Until && this.now >= waiting.time && !(active.deadline && active.deadline < waiting.time)) {
      this.settle(active, waiting.then);
    } else if (waiting instanceof Approval && waiting.status !== 'Waiting') {
      this.records.change('InProgress');
      this.endStep(active, waiting.status === 'Approved' ? 'Success' : 'Failed', waiting.outputs, 'the approval was rejected');
    } else if (active.deadline && this.now >= active.deadline) {
      this.timeOut(active);
    } else {
      return false;
    }
    return true;
  }

  private startAttempt(active: Active): true {
    const { step, record } = active;
    active.attempts++;
    try {
      const configured = step.timeoutSeconds === undefined ? undefined : Number(this.values.substitute(step.timeoutSeconds));
      const seconds = timeoutSeconds(step, configured);
      record.TimeoutSeconds = seconds;
      active.deadline = seconds === undefined ? undefined : new Date(this.now.getTime() + seconds * 1000);
      const inputs = this.inputsOf(step);
      record.Inputs = written(inputs);
      if (step.action === 'aws:loop') {
        const loop = new Loop(step, record, this.values.substitute);
        this.active = undefined;
        this.course.enter(loop, active.deadline);
      } else {
        const { around: { ports, functionErrors }, values: { substitute } } = this;
        this.accept(active, attempt({ step, inputs, ports, functionErrors, substitute, now: () => this.now, caller: this.callerOf(step) }));
      }
    } catch (error) {
      this.failAttempt(active, error as Error);
    }
    return true;
  }

  /** What is looked at later, or not at all, is left as it is: the choices of a branch, the steps and the condition of a loop. */
  private inputsOf({ inputs }: DocumentStep): Record<string, unknown> {
    const later = ['Choices', 'Steps', 'LoopCondition'];
    return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, later.includes(name) ? value : this.values.substitute(value)]));
  }

  private callerOf({ name }: DocumentStep) {
    const { region, accountId } = this.around;
    const { AutomationExecutionId: executionId, ExecutedBy: executedBy } = this.execution;
    return { executionId, stepName: name, region, accountId, executedBy, ...this.role !== undefined && { role: this.role } };
  }

  private accept(active: Active, outcome: Outcome): void {
    active.waiting = outcome;
    if (outcome instanceof Done) {
      this.endStep(active, 'Success', outcome.outputs, undefined, outcome.next);
    } else if (outcome instanceof Asked) {
      this.ask(active, outcome);
    } else if (outcome instanceof Approval) {
      active.record.Outputs = listed(outcome.outputs);
      this.records.changeStep(active.record, 'Waiting');
      this.records.change('Waiting');
    }
  }

  private ask(active: Active, asked: Asked): void {
    const answer = asked.ask();
    if (!(answer instanceof Promise)) {
      this.accept(active, asked.then(answer as never));
      return;
    }
    this.around.awaitAnswer(answer.then(
      (value) => this.answered(active, asked, () => asked.then(value as never)),
      (error) => this.answered(active, asked, () => { throw error; }),
    ));
  }

  private answered(active: Active, asked: Asked, outcome: () => Outcome): void {
    if (this.active !== active || active.waiting !== asked) {
      return; // its time was over before
    }
    if (active.cancelled) {
      this.cancelStep(active);
    } else if (active.deadline && this.now > active.deadline) {
      this.timeOut(active);
    } else {
      this.settle(active, outcome);
    }
    this.goOn();
  }

  private settle(active: Active, outcome: () => Outcome): void {
    try {
      this.accept(active, outcome());
    } catch (error) {
      this.failAttempt(active, error as Error);
    }
  }

  private timeOut(active: Active): void {
    if (active.cancelled) {
      this.cancelStep(active);
    } else {
      this.records.change('InProgress');
      this.failAttempt(active, new Error(`no end after ${active.record.TimeoutSeconds} seconds`), 'TimedOut');
    }
  }

  /** "The step isn't considered to have failed until all retry attempts have failed", nor to have timed out. AWS does not say what is between them: nothing. */
  private failAttempt(active: Active, error: Error, status: 'Failed' | 'TimedOut' = 'Failed'): void {
    if (this.active !== active) {
      throw error; // of the interpreter: the attempt is over
    }
    if (active.attempts < (active.step.maxAttempts ?? 1)) {
      active.waiting = undefined;
    } else {
      this.endStep(active, status, error instanceof FailedWithOutputs ? error.outputs : {}, error.message);
    }
  }

  private endStep({ step, record }: Active, status: 'Success' | 'Failed' | 'TimedOut', outputs: Record<string, unknown>, message = '', chosen?: string): void {
    this.active = undefined;
    record.Outputs = listed(outputs);
    if (status === 'Success') {
      this.values.set(step.name, outputs);
      this.records.endStep(record, status);
      this.course.follow(step, chosen);
    } else {
      this.values.forget(step.name);
      this.records.endStep(record, status, message);
      this.course.fail(step, status, message);
    }
  }

  /** What `onCancel` names runs for two minutes at most. */
  private cancelStep({ step }: Active): void {
    this.stopActive('Cancelled');
    if (this.course.cancel(step)) {
      this.cancellationDeadline = new Date(this.now.getTime() + CANCELLATION_SECONDS * 1000);
    } else {
      this.finish();
    }
  }

  private stopActive(status: Status): void {
    if (this.active) {
      this.records.endStep(this.active.record, status);
      this.active = undefined;
    }
  }

  private finish(): void {
    this.stopActive('Cancelled');
    this.course.end();
    const outputs = (this.document.outputs ?? []).map((name) => [name, this.values.lookup(name)] as const).filter(([, value]) => value !== undefined);
    this.records.end(this.course.problem ?? 'Success', listed(Object.fromEntries(outputs)));
  }

  private get now(): Date {
    return this.around.clock.now();
  }
}
