/** One call of an AWS API, by the names that its reference has. The answer has what AWS answered, also what the AWS SDK does not know. */
export type Call = (service: string, operation: string, input: object) => Promise<any>;

/** An error that says nothing of what was captured, so that it may be logged and reported. */
export class CaptureError extends Error {
  public override readonly name: string = 'CaptureError';
}

/** What is to be captured does not exist. */
export class TargetGone extends CaptureError {}

/**
 * A call that failed. The message of AWS is left out, because it may contain captured values.
 */
export class CallError extends CaptureError {
  /** As much of the message of AWS as a report may have. Captures have none of it. */
  public readonly explanation?: string;

  constructor(public override readonly name: string, operation: string, subject = '', public readonly isPassing = false, explanation?: string) {
    super(subject === '' ? operation : `${operation} of ${subject}`);
    this.explanation = explanation;
  }
}

/** What `error` says without any value that was captured. */
export function reasonOf(error: unknown): string {
  return error instanceof CaptureError ? `${error.name}: ${error.message}` : error instanceof Error ? error.name : 'an unknown error';
}

/** Members of an input that name what is asked for. */
const SUBJECTS = ['serviceName', 'service', 'family', 'taskDefinition', 'repositoryName', 'Rule', 'Name', 'cluster', 'Prefix', 'Key'];

/** Errors that pass: throttles, and a second put of the same key at the same time. */
const PASSING = [
  'ConditionalRequestConflict', 'ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'RequestThrottled', 'SlowDown',
  'LimitExceededException',
];

/** Errors of the program, such as of an answer that is no JSON: their messages are not of AWS. */
const PROGRAM_ERRORS = ['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError'];

/**
 * The errors of `send` as errors that may be reported.
 *
 * @param explain What of the message of AWS may be reported
 */
export function safely(send: Call, explain?: (message: string, input: object) => string | undefined): Call {
  return async (service, operation, input) => {
    try {
      return await send(service, operation, input);
    } catch (error) {
      const { name, message, $metadata, $retryable } = error as Partial<Error> & { $metadata?: { httpStatusCode?: number }; $retryable?: object };
      const isPassing = $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 || PASSING.includes(name ?? '');
      const explanation = PROGRAM_ERRORS.includes(name ?? '') ? undefined : explain?.(message ?? '', input);
      throw new CallError(name ?? 'UnknownError', `${service}:${operation}`, subjectOf(input), isPassing, explanation);
    }
  };
}

function subjectOf(input: object): string | undefined {
  const values = SUBJECTS.map((member) => (input as Record<string, unknown>)[member]);
  return values.find((value): value is string => typeof value === 'string');
}

/** As much of a client of the AWS SDK as is used here. */
interface Client {
  send(command: any): Promise<unknown>;
}

interface Arguments {
  readonly request: { body?: unknown; readonly headers: Record<string, string> };
}

type Next = (args: Arguments) => Promise<{ readonly response: { body?: unknown } }>;

interface Command {
  readonly input: object;
  readonly middlewareStack: { add(middleware: (next: Next) => Next, options: object): void };
}

/**
 * Calls an operation of a JSON API with the signing and the retries of the AWS SDK, and keeps all members of input and answer.
 * What a client of the AWS SDK does not know it drops, either way, without an error.
 *
 * @param command A command of the client. The protocol may be JSON 1.0, JSON 1.1 or REST-JSON
 * @param operation Another operation of a JSON 1.1 API that is called in place of the command's, with `input`: it need not be one
 * that this version of the AWS SDK has. Of a REST-JSON API, the operation of the command: its body gets all members of `input`
 */
export async function rawJson(client: Client, command: object, operation?: string, input: object = (command as Command).input): Promise<any> {
  let answer = '';
  const { middlewareStack } = command as Command;
  middlewareStack.add((next) => (args) => {
    const { headers } = args.request;
    if (headers['x-amz-target'] !== undefined) {
      args.request.body = JSON.stringify(input);
      headers['x-amz-target'] = operation === undefined ? headers['x-amz-target'] : headers['x-amz-target'].replace(/[^.]*$/, operation);
    } else if (operation !== undefined) {
      const { Name, ...members } = input as { Name?: string }; // the name is in the address
      const { body } = args.request;
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
      args.request.body = JSON.stringify({ ...JSON.parse(text), ...members });
    }
    return next(args);
  }, { step: 'build', priority: 'high', name: 'writeAllMembers' });
  middlewareStack.add((next) => async (args) => {
    const output = await next(args);
    const body = await read(output.response.body as AsyncIterable<Uint8Array>);
    answer = body.toString('utf8');
    output.response.body = body; // the client reads it as well
    return output;
  }, { step: 'deserialize', priority: 'low', name: 'readAllMembers' });
  await client.send(command);
  return answer === '' ? {} : JSON.parse(answer);
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Where the token of the next page is in an answer, and in the input that asks for it. */
export interface Paging {
  /** The member of an answer that has the list. */
  readonly list: string;
  readonly token: string;
  /** @default - as `token` */
  readonly inputToken?: string;
}

/** All pages of a list. */
export async function pages(
  call: Call, service: string, operation: string, input: object, { list, token, inputToken = token }: Paging,
): Promise<any[]> {
  const all: any[] = [];
  for (let next: string | undefined; ;) {
    const answer = await call(service, operation, next === undefined ? input : { ...input, [inputToken]: next });
    all.push(...answer[list] ?? []);
    next = answer[token] || undefined;
    if (next === undefined) {
      return all;
    }
  }
}

/** Parts of a list, since a call takes only so many. */
export function parts<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}
