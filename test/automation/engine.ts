/**
 * An interpreter of SSM Automation: documents of schema version 0.3, as a small machine without a clock or threads of its own.
 *
 * `start` takes a document; `advance` runs all executions until each waits for time or an approval, and all answers of the ports are there; `signal` and
 * `stop` are the operator's; `get` and `list` answer what AWS's API does. Move the clock that you gave it, and advance again: `nextDue` tells when something
 * will happen by itself, and `finish` does both for one execution. `poll` does what can be done without waiting for the answers of ports.
 *
 * Each rule names AWS's page. Where that says nothing, the comment says so, and docs/unverified.md lists what matters.
 */
import type { AutomationDocument } from './document';
import { allSteps, leadingOut } from './document';
import { copied } from './executions';
import type { AutomationExecution } from './executions';
import { isKnown } from './machine/actions';
import type { FunctionErrors } from './machine/actions';
import type { LoopOutputs } from './machine/course';
import { parameterValues } from './machine/parameters';
import { Run } from './machine/run';
import { substitute } from './machine/substitution';
import type { Clock, Ports } from './ports';
import { Refusal } from './refusals';

export interface EngineOptions {
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly ports: Ports;
  /** @default FAIL_THE_STEP */
  readonly functionErrors?: FunctionErrors;
  /**
   * Whether a step after a loop can use the outputs of the loop's last round. AWS does not say.
   *
   * @default SEEN_AFTER_THE_LOOP
   */
  readonly loopOutputs?: LoopOutputs;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html */
export interface StartRequest {
  readonly document: AutomationDocument;
  readonly documentName: string;
  /** @default 1 */
  readonly documentVersion?: string;
  readonly parameters?: Record<string, string[]>;
  readonly clientToken?: string;
  /** The ARN of whoever starts it. */
  readonly executedBy: string;
  /** @default - the next one */
  readonly executionId?: string;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendAutomationSignal.html */
export interface Signal {
  readonly type: string;
  /** The ARN of whoever sends it. */
  readonly by: string;
  readonly comment?: string;
}

export class AutomationEngine {
  private readonly runs = new Map<string, Run>();
  private readonly tokens = new Map<string, { request: string; id: string }>();
  private readonly answers = new Set<Promise<void>>();
  private ids = 0;

  constructor(private readonly options: EngineOptions) {}

  /** Starts an execution, which is `Pending` until the machine advances. */
  start(request: StartRequest): string {
    const { document, documentName, documentVersion = '1', parameters = {}, clientToken } = request;
    const known = this.tokens.get(clientToken ?? '');
    const sent = JSON.stringify([documentName, documentVersion, parameters]);
    if (known) {
      if (known.request !== sent) {
        throw new Refusal('IdempotentParameterMismatch', 'The client token was used for another request.');
      }
      return known.id;
    }
    const values = parameterValues(document, parameters);
    const unknown = allSteps(document.mainSteps).map(({ action }) => action).filter((action) => !isKnown(action, this.options.ports));
    if (unknown.length > 0) {
      throw new Error(`the interpreter doesn't have ${[...new Set(unknown)].join(', ')}: supply it as a port`);
    }
    const outward = leadingOut(document.mainSteps);
    if (outward.length > 0) {
      throw new Refusal('InvalidDocument', `onFailure of ${outward.join(', ')} names a step outside of its loop, which AWS does not document`);
    }
    const execution = this.newExecution({ ...request, documentVersion, parameters });
    const role = substitute(document.assumeRole ?? '', (name) => values[name]) as string;
    const run = new Run({
      ...this.options,
      functionErrors: this.options.functionErrors ?? 'FAIL_THE_STEP',
      loopOutputs: this.options.loopOutputs ?? 'SEEN_AFTER_THE_LOOP',
      newId: () => this.newId(),
      awaitAnswer: (answer) => this.awaitAnswer(answer),
    }, document, execution, values, role === '' ? undefined : role);
    const id = execution.AutomationExecutionId;
    this.runs.set(id, run);
    if (clientToken !== undefined) {
      this.tokens.set(clientToken, { request: sent, id });
    }
    return id;
  }

  /** As the API answers it: a copy, which does not change. */
  get(id: string): AutomationExecution {
    return copied(this.run(id).execution);
  }

  /** The newest first. */
  list(): AutomationExecution[] {
    return [...this.runs.keys()].reverse().map((id) => this.get(id));
  }

  /** Signals other than of approvals are for actions and modes that the interpreter doesn't have. */
  signal(id: string, { type, by, comment }: Signal): void {
    if (type !== 'Approve' && type !== 'Reject') {
      throw new Refusal('InvalidAutomationSignalException', `The signal ${type} is not valid for this execution.`);
    }
    this.run(id).decide(by, type, comment);
  }

  stop(id: string, type: 'Cancel' | 'Complete' = 'Cancel'): void {
    this.run(id).stop(type);
  }

  /** Does what can be done now, without waiting for ports. */
  poll(): void {
    this.runs.forEach((run) => run.goOn());
  }

  /** Does what can be done now, and what follows from the answers of ports. */
  async advance(): Promise<void> {
    this.poll();
    while (this.answers.size > 0) {
      await Promise.race(this.answers);
      this.poll();
    }
  }

  /** When the first execution goes on by itself. */
  nextDue(): Date | undefined {
    return [...this.runs.values()].map(({ due }) => due).filter((due) => due !== undefined).sort((one, other) => one.getTime() - other.getTime())[0];
  }

  /** Advances, and moves the clock to whatever is due next, until an execution has ended or waits for an approval. */
  async finish(id: string, moveClock: (to: Date) => void): Promise<AutomationExecution> {
    for (;;) {
      await this.advance();
      const { execution, ended, due } = this.run(id);
      if (ended || execution.AutomationExecutionStatus === 'Waiting' || due === undefined) {
        return this.get(id);
      }
      moveClock(this.nextDue()!);
    }
  }

  private run(id: string): Run {
    const run = this.runs.get(id);
    if (!run) {
      throw new Refusal('AutomationExecutionNotFoundException', `There is no automation execution ${id}.`);
    }
    return run;
  }

  private awaitAnswer(answer: Promise<void>): void {
    const done = answer.finally(() => this.answers.delete(done));
    this.answers.add(done);
  }

  private newExecution(request: StartRequest & { documentVersion: string; parameters: Record<string, string[]> }): AutomationExecution {
    const { documentName, documentVersion, parameters, executedBy, executionId = this.newId() } = request;
    return {
      AutomationExecutionId: executionId,
      DocumentName: documentName,
      DocumentVersion: documentVersion,
      ExecutionStartTime: this.options.clock.now(),
      AutomationExecutionStatus: 'Pending',
      StepExecutions: [],
      StepExecutionsTruncated: false,
      Parameters: parameters,
      Outputs: {},
      Mode: 'Auto',
      ExecutedBy: executedBy,
    };
  }

  /** As long as AWS's, and the same in each run. */
  private newId(): string {
    this.ids++;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }
}
