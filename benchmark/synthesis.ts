import { measure, rounds, say, spread } from './measure';
import type { Spread } from './measure';

interface Measurement {
  readonly milliseconds: number;
  /** CPU time of the process in its own code, all threads together. */
  readonly user: number;
  readonly megabytes: number;
  /** How many resources there are of a type. */
  readonly types: Record<string, number>;
  /** How many resources of the same properties there are. */
  readonly resources: Record<string, number>;
}

export interface Comparison {
  readonly milliseconds: Spread;
  readonly timeRatio: Spread;
  readonly userRatio: Spread;
  readonly megabytes: Spread;
  readonly memoryRatio: Spread;
}

/**
 * Synthesis of one app and of another with the same resources, in turn.
 *
 * @param app Arguments of the app that is measured
 * @param other Arguments of what it is compared with
 * @param alike What must be the same of both
 */
export function compare(
  count: number, app: string[], other: string[], label: string, unit: string, alike: 'resources' | 'types' = 'resources',
): Comparison {
  const pairs = rounds(count, () => ({ app: measure<Measurement>('synth', ...app), other: measure<Measurement>('synth', ...other) }));
  const [one] = pairs;
  const differences = [one.app[alike], one.other[alike]].map((counts, index, both) =>
    Object.entries(counts).filter(([what, times]) => both[1 - index][what] !== times).map(([what, times]) => `  ${times} × ${what}\n`).join(''));
  if (differences.some((difference) => difference !== '')) {
    throw new Error(`not the same resources:\n${app.join(' ')}\n${differences[0]}${other.join(' ')}\n${differences[1]}`);
  }
  const comparison = {
    milliseconds: spread(pairs.map((pair) => pair.app.milliseconds)),
    timeRatio: spread(pairs.map((pair) => pair.app.milliseconds / pair.other.milliseconds)),
    userRatio: spread(pairs.map((pair) => pair.app.user / pair.other.user)),
    megabytes: spread(pairs.map((pair) => pair.app.megabytes)),
    memoryRatio: spread(pairs.map((pair) => pair.app.megabytes / pair.other.megabytes)),
  };
  const { milliseconds, timeRatio, userRatio, megabytes, memoryRatio } = comparison;
  console.log(`${label}  ${say(milliseconds, 0)} ms  ${say(timeRatio, 2)} × ${unit}, of its user CPU time ${say(userRatio, 2)}   ${say(megabytes, 0)} MB  ${say(memoryRatio, 2)} × ${unit}`);
  return comparison;
}
