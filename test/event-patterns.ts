import { execFileSync } from 'child_process';
import * as path from 'path';

const BUILT = path.join(__dirname, 'event-patterns', 'target');
const CLASS_PATH = [path.join(BUILT, 'classes'), path.join(BUILT, 'dependency', '*')].join(path.delimiter);
// It runs for less than a second: what pays off later only delays the start.
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** An event, and the pattern of a rule that it may match. */
export interface EventCase {
  readonly name: string;
  readonly pattern: Record<string, unknown>;
  readonly event: Record<string, unknown>;
}

/** `matches` or `differs`, in order; `invalid` and why where there can be no decision. */
export function match(cases: EventCase[]): string[] {
  const all = cases.map(({ name, pattern, event }) => ({ name, pattern, event }));
  const output = execFileSync('java', [...JVM, '-cp', CLASS_PATH, 'eventpatterns.Matcher'], {
    input: JSON.stringify(all), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(output) as { result: string; error?: string }[]).map(({ result, error }) => error === undefined ? result : `${result}: ${error}`);
}
