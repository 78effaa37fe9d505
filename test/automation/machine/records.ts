import type { DocumentStep } from '../document';
import { executionEvent, stepEvent } from './events';
import type { AutomationExecution, Status, StepExecution } from '../executions';
import type { Loop } from './loops';
import type { Clock, Ports } from '../ports';
import { pendingStep } from './step-records';

export interface RecordsAround {
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly ports: Ports;
  readonly newId: () => string;
}

/** What can be seen of an execution: its statuses and those of its steps. Each change is an event. */
export class Records {
  constructor(private readonly around: RecordsAround, readonly execution: AutomationExecution, steps: DocumentStep[]) {
    execution.StepExecutions.push(...steps.map((step, index) => pendingStep(step, steps[index + 1]?.name, around.newId())));
  }

  /** Once it is `Cancelling`, it changes to `Cancelled` only. */
  change(status: Status): void {
    const { AutomationExecutionStatus: before } = this.execution;
    if (status !== before && (before !== 'Cancelling' || status === 'Cancelled')) {
      this.execution.AutomationExecutionStatus = status;
      this.around.ports.emit?.(executionEvent(this.around, this.execution, this.now));
    }
  }

  changeStep(record: StepExecution, status: Status): void {
    record.StepStatus = status;
    this.around.ports.emit?.(stepEvent(this.around, this.execution, record, this.now));
  }

  /** Begins a step of the document, or of a round of a loop. */
  begin(step: DocumentStep, following: string | undefined, loop: Loop | undefined): StepExecution {
    const record = loop ? this.recordInLoop(step, following, loop) : this.execution.StepExecutions.find(({ StepName }) => StepName === step.name)!;
    record.ExecutionStartTime = this.now;
    Object.assign(this.execution, { CurrentStepName: record.StepName, CurrentAction: record.Action });
    this.changeStep(record, 'InProgress');
    return record;
  }

  endStep(record: StepExecution, status: Status, message?: string): void {
    record.ExecutionEndTime = this.now;
    if (message !== undefined) {
      record.FailureMessage = message;
    }
    this.changeStep(record, status);
  }

  end(status: Status, outputs: Record<string, string[]>): void {
    const { execution } = this;
    execution.ExecutionEndTime = this.now;
    execution.Outputs = outputs;
    delete execution.CurrentStepName;
    delete execution.CurrentAction;
    this.change(execution.AutomationExecutionStatus === 'Cancelling' ? 'Cancelled' : status);
  }

  private get now(): Date {
    return this.around.clock.now();
  }

  /** Each round has records of its own, which follow that of the loop. */
  private recordInLoop(step: DocumentStep, following: string | undefined, loop: Loop): StepExecution {
    const record = pendingStep(step, following, this.around.newId(), loop.details);
    const records = this.execution.StepExecutions;
    const family = new Set([loop.record.StepExecutionId]);
    let end = records.indexOf(loop.record) + 1;
    for (; family.has(records[end]?.ParentStepDetails?.StepExecutionId ?? ''); end++) {
      family.add(records[end].StepExecutionId);
    }
    records.splice(end, 0, record);
    return record;
  }
}
