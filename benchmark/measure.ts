import { execFileSync } from 'child_process';
import * as path from 'path';

export const ROOT = path.join(__dirname, '..');
export const BUILD = path.join(ROOT, '.benchmark'); // as deep as the sources, for their paths

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Measures in a process of its own. */
export function measure<T>(...args: string[]): T {
  return JSON.parse(execFileSync(process.execPath, [path.join(BUILD, 'worker.js'), ...args], { cwd: BUILD, encoding: 'utf8' })) as T;
}

/** What each round measures; the first one warms the caches of the machine, and doesn't count. */
export function rounds<T>(count: number, round: () => T): T[] {
  return Array.from({ length: count + 1 }, round).slice(1);
}

export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted[sorted.length - 1] };
}

export function say({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}
