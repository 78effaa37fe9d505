import type { FakeAwsApis } from './fake-aws-apis';
import { invoke } from './invocations';
import type { InvocationOptions } from './invocations';

/** All that is seen of an invocation from outside. */
export interface Invocation {
  /** What was written to the log, by whatever means. */
  readonly lines: string[];
  /** The line with the metrics. */
  readonly metrics?: any;
  /** What the function failed with. */
  readonly error?: Error;
}

/** The function with a message of a queue. */
export async function receive(aws: FakeAwsApis, message: object, options?: InvocationOptions): Promise<Invocation> {
  const lines: string[] = [];
  const record = (...texts: unknown[]) => lines.push(texts.map(String).join(' ')) > 0;
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(record), jest.spyOn(process.stderr, 'write').mockImplementation(record),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => jest.spyOn(console, method).mockImplementation(record)),
  ];
  const error = await invoke(aws, message, options).then(() => undefined, (thrown) => thrown);
  spies.forEach((spy) => spy.mockRestore());
  return { lines, error, metrics: lines.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line))[0] };
}
