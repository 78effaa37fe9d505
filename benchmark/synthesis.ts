import { measure, rounds, say, spread } from './measure';
import type { Spread } from './measure';

interface Measurement {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly types: Record<string, number>;
}

export interface Comparison {
  readonly milliseconds: Spread;
  readonly timeRatio: Spread;
  readonly megabytes: Spread;
  readonly memoryRatio: Spread;
}

/**
 * Synthesis of one app and of another with the same resources, in turn.
 *
 * @param app Arguments of the app that is measured
 * @param other Arguments of what it is compared with
 */
export function compare(count: number, app: string[], other: string[], label: string, unit: string): Comparison {
  const pairs = rounds(count, () => ({ app: measure<Measurement>('synth', ...app), other: measure<Measurement>('synth', ...other) }));
  const [one] = pairs;
  if (JSON.stringify(Object.entries(one.app.types).sort()) !== JSON.stringify(Object.entries(one.other.types).sort())) {
    throw new Error(`not the same resources: ${JSON.stringify(one.app.types)} and ${JSON.stringify(one.other.types)}`);
  }
  const comparison = {
    milliseconds: spread(pairs.map((pair) => pair.app.milliseconds)),
    timeRatio: spread(pairs.map((pair) => pair.app.milliseconds / pair.other.milliseconds)),
    megabytes: spread(pairs.map((pair) => pair.app.megabytes)),
    memoryRatio: spread(pairs.map((pair) => pair.app.megabytes / pair.other.megabytes)),
  };
  const { milliseconds, timeRatio, megabytes, memoryRatio } = comparison;
  console.log(`${label}  ${say(milliseconds, 0)} ms  ${say(timeRatio, 2)} × ${unit}   ${say(megabytes, 0)} MB  ${say(memoryRatio, 2)} × ${unit}`);
  return comparison;
}
