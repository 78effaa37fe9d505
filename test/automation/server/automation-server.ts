/**
 * The interpreter as a process of its own, for the local AWS: JSON lines on standard input and output, one answer to each request.
 *
 * A request has the time and says what to do. The answer has the result or the refusal, what has happened (`events`), which calls the requester is to make
 * (`calls`, answered later by a request of their own), and when to ask again (`due`). Nothing happens between requests.
 */
import { createInterface } from 'readline';
import type { AutomationDocument } from '../document';
import { AutomationEngine } from '../engine';
import type { StartRequest } from '../engine';
import { schemaProblems } from '../lint/aws-schema';
import { Flow } from '../lint/flow';
import { referenceProblems } from '../lint/references';
import type { FunctionErrors } from '../machine/actions';
import type { AutomationEvent, InvocationAnswer } from '../ports';
import { Refusal } from '../refusals';

export interface ServerRequest {
  readonly operation: 'check' | 'start' | 'get' | 'list' | 'signal' | 'stop' | 'answer' | 'poll' | 'reset';
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly account?: string;
  readonly region?: string;
  readonly id?: string;
  readonly document?: AutomationDocument;
  readonly request?: StartRequest;
  readonly type?: string;
  readonly by?: string;
  readonly comment?: string;
  readonly call?: number;
  readonly result?: unknown;
  /** Why a call was refused. */
  readonly error?: string;
}

export interface ServerAnswer {
  readonly result?: unknown;
  readonly refused?: { code: string; message: string };
  readonly events: AutomationEvent[];
  readonly calls: Call[];
  readonly due?: number;
}

/** A call that the requester makes in the name of an execution. */
export interface Call {
  readonly call: number;
  readonly kind: 'invoke' | 'api' | 'publish';
  readonly details: unknown;
}

export class AutomationServer {
  private now = new Date(0);
  private readonly engines = new Map<string, AutomationEngine>();
  private readonly waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private events: AutomationEvent[] = [];
  private calls: Call[] = [];
  private made = 0;

  constructor(private readonly functionErrors: FunctionErrors) {}

  async answer(request: ServerRequest): Promise<ServerAnswer> {
    this.now = new Date(request.now);
    let said: Pick<ServerAnswer, 'result' | 'refused'>;
    try {
      said = { result: this.act(request) };
    } catch (error) {
      const { message } = error as Error;
      said = { refused: { code: error instanceof Refusal ? error.code : 'InternalServerError', message } };
    }
    await this.settle();
    const { events, calls } = this;
    this.events = [];
    this.calls = [];
    return { ...said, events, calls, due: this.due };
  }

  private act({ operation, account = '', region = '', id = '', document, request, type = '', by = '', comment, call, result, error }: ServerRequest): unknown {
    const engine = this.engine(account, region);
    switch (operation) {
      case 'check':
        return problemsOf(document!);
      case 'start':
        return engine.start(request!);
      case 'get':
        return onTheWire(engine.get(id));
      case 'list':
        return onTheWire(engine.list());
      case 'signal':
        return engine.signal(id, { type, by, comment });
      case 'stop':
        return engine.stop(id, type === 'Complete' ? 'Complete' : 'Cancel');
      case 'answer':
        return this.take(call!, result, error);
      case 'reset':
        return this.engines.clear();
      default:
        return undefined;
    }
  }

  private take(call: number, result: unknown, error: string | undefined): void {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    if (error === undefined) {
      waiting?.resolve(result as never);
    } else {
      waiting?.reject(new Error(error));
    }
  }

  private engine(account: string, region: string): AutomationEngine {
    const key = `${account} ${region}`;
    const engine = this.engines.get(key) ?? new AutomationEngine({
      accountId: account,
      region,
      functionErrors: this.functionErrors,
      clock: { now: () => new Date(this.now) },
      ports: {
        invoke: (details) => this.call('invoke', details) as Promise<InvocationAnswer>,
        callApi: (details) => this.call('api', details),
        publish: (details) => this.call('publish', details),
        emit: (event) => { this.events.push(event); },
      },
    });
    this.engines.set(key, engine);
    return engine;
  }

  private call(kind: Call['kind'], details: unknown): Promise<unknown> {
    const call = ++this.made;
    this.calls.push({ call, kind, details });
    return new Promise((resolve, reject) => { this.waiting.set(call, { resolve, reject }); });
  }

  /** What follows from an answer is done when the queue of promises is empty. */
  private async settle(): Promise<void> {
    await new Promise((resolve) => { setImmediate(resolve); });
    this.engines.forEach((engine) => engine.poll());
  }

  private get due(): number | undefined {
    const times = [...this.engines.values()].map((engine) => engine.nextDue()?.getTime()).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

/** What AWS refuses of a document. Our own rules are not AWS's. */
function problemsOf(document: AutomationDocument): string[] {
  const refused = schemaProblems(document);
  if (refused.length > 0) {
    return refused;
  }
  const flow = new Flow(document.mainSteps);
  return [...flow.problems(), ...referenceProblems(document, flow)];
}

/** Times as seconds since 1970, as AWS's JSON has them. */
function onTheWire(value: unknown): unknown {
  if (value instanceof Date) {
    return value.getTime() / 1000;
  }
  if (Array.isArray(value)) {
    return value.map(onTheWire);
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, onTheWire(member)])) : value;
}

/** Serves until standard input ends. */
async function serve(): Promise<void> {
  const server = new AutomationServer(process.argv[2] as FunctionErrors);
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await server.answer(JSON.parse(line)))}\n`);
  }
}

if (require.main === module) {
  void serve();
}
