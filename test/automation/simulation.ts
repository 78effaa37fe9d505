import type { AutomationDocument } from './document';
import { AutomationEngine } from './engine';
import type { EngineOptions } from './engine';
import type { AutomationExecution } from './executions';
import type { AutomationEvent, Invocation, InvocationAnswer, Ports, Publication } from './ports';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';
export const OPERATOR = `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/night-shift`;

/** A function: from its payload to what it returns. What it throws is a function error. */
export type LocalFunction = (payload: never, invocation: Invocation) => unknown;

export interface SimulationOptions extends Partial<Pick<EngineOptions, 'functionErrors' | 'loopOutputs'>> {
  readonly functions?: Record<string, LocalFunction>;
  readonly ports?: Partial<Ports>;
  /** @default 2026-03-02T03:00:00Z */
  readonly now?: string;
}

/** An engine with a clock of its own and local functions, which keeps what it was told. */
export class AutomationSimulation {
  now: Date;
  readonly engine: AutomationEngine;
  readonly invocations: Invocation[] = [];
  readonly events: AutomationEvent[] = [];
  readonly published: Publication[] = [];

  constructor({ functions = {}, ports, now = '2026-03-02T03:00:00Z', ...options }: SimulationOptions = {}) {
    this.now = new Date(now);
    this.engine = new AutomationEngine({
      ...options,
      region: REGION,
      accountId: ACCOUNT,
      clock: { now: () => new Date(this.now) },
      ports: {
        invoke: (invocation) => {
          this.invocations.push(invocation);
          return answer(functions[invocation.functionName], invocation);
        },
        publish: (publication) => { this.published.push(publication); },
        emit: (event) => { this.events.push(event); },
        ...ports,
      },
    });
  }

  start(document: AutomationDocument, parameters: Record<string, string[]> = {}, executedBy = OPERATOR): string {
    return this.engine.start({ document, documentName: 'Runbook', parameters, executedBy });
  }

  /** Starts a document, and runs it until it has ended or waits for an approval; waiting takes no time. */
  async run(document: AutomationDocument, parameters: Record<string, string[]> = {}): Promise<AutomationExecution> {
    return this.finish(this.start(document, parameters));
  }

  async finish(id: string): Promise<AutomationExecution> {
    return this.engine.finish(id, (to) => { this.now = to; });
  }

  async forward(seconds: number): Promise<void> {
    this.now = new Date(this.now.getTime() + seconds * 1000);
    await this.engine.advance();
  }
}

async function answer(handler: LocalFunction | undefined, invocation: Invocation): Promise<InvocationAnswer> {
  if (!handler) {
    throw new Error(`Function not found: ${invocation.functionName}`);
  }
  try {
    const returned = await handler(JSON.parse(invocation.payload || '{}') as never, invocation);
    return { statusCode: 200, payload: JSON.stringify(returned ?? null) };
  } catch (error) {
    const { name, message } = error as Error;
    return { statusCode: 200, functionError: 'Unhandled', payload: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }) };
  }
}

/** Each step with its status, and its round in a loop: `ask 2 Success`. */
export function stepsOf({ StepExecutions }: AutomationExecution): string[] {
  return StepExecutions.map(({ StepName, StepStatus, ParentStepDetails }) => [StepName, ParentStepDetails?.Iteration, StepStatus].filter((part) => part !== undefined).join(' '));
}
