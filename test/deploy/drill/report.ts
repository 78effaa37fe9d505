import type { Recovery } from './context';
import type { DrillResult, StepResult } from './drill';
import type { Json } from './snapshots';
import type { Assumption } from '../local-aws/local-aws';

/** The file for programs that report on drills. */
export interface DrillFile {
  readonly version: 1;
  /** Nothing of this happened on AWS. */
  readonly simulated: true;
  readonly stage: string;
  readonly plan: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly hasHeld: boolean;
  readonly assumptions: Assumption[];
  readonly steps: StepResult[];
  /** What was recovered, which the recovery report takes as evidence. */
  readonly records: Json[];
  readonly recoveries: Recovery[];
}

/** One line about a step that has been tried. */
export function lineOf({ id, promise, seen, outcome, seconds, at }: StepResult, position: string): string {
  const verdict = outcome.toUpperCase().padEnd(9);
  return `${position.padStart(5)}  ${verdict}  ${seconds.toFixed(1).padStart(5)} s  ${at.slice(0, 16).replace('T', ' ')}  ${id}: ${oneLine(promise)} -- ${oneLine(seen)}`;
}

type Told = Omit<DrillResult, 'records' | 'recoveries'>;

/** A table of all steps. */
export function tableOf({ steps }: Told): string {
  const rows = steps.map(({ id, outcome, seconds, simulatedSeconds, at }) =>
    [id, outcome, `${seconds.toFixed(1)} s`, spanOf(simulatedSeconds), at.slice(0, 16).replace('T', ' ')]);
  const table = [['step', 'outcome', 'here', 'simulated', 'simulated time at its end'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}`).join('\n');
}

export function summaryOf({ steps, seconds, hasHeld }: Told): string {
  const count = (outcome: StepResult['outcome']) => steps.filter((step) => step.outcome === outcome).length;
  const words = [`${count('held')} of ${steps.length} steps held`];
  if (!hasHeld) {
    words.push(`${count('broken')} broken`, `${count('not tried')} not tried`);
  }
  return `${words.join(', ')}, in ${seconds.toFixed(0)} s.`;
}

export function assumptionsOf(assumptions: Assumption[]): string {
  return assumptions.map(({ name, value, range, source }) => `  ${name}: ${String(value)} (${range}; source: ${source})`).join('\n');
}

function spanOf(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) {
    return '-';
  }
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes % 1440 / 60)];
  return [days && `${days} d`, hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(' ');
}

/** No message that AWS would give has several lines, but a failure of ours may. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' | ').slice(0, 600);
}
