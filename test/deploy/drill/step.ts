import type { Context } from './context';

/** What came of a step. */
export type Outcome = 'held' | 'broken' | 'not tried';

/** One sentence of the story: what is promised, and how it is seen. */
export interface Step {
  /** A short name, by which `--only` and the sabotages know it. */
  readonly id: string;
  /** What the templates promise, as a sentence. */
  readonly promise: string;
  /** The steps without which it can't be tried. */
  readonly needs: string[];
  /**
   * Tries it.
   *
   * @returns what was seen
   * @throws Broken if it is not what was promised
   */
  readonly run: (context: Context) => Promise<string>;
}

/** What was seen is not what was promised. */
export class Broken extends Error {
  constructor(seen: string) {
    super(seen);
    this.name = 'Broken';
  }
}

/** Throws what was seen unless it is as promised. */
export function hold(isAsPromised: boolean, seen: string | (() => string)): void {
  if (!isAsPromised) {
    throw new Broken(typeof seen === 'string' ? seen : seen());
  }
}

/** `3 tables`, `1 table`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
