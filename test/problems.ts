import type { Stage } from 'aws-cdk-lib';

/**
 * What some work refuses, a line for each problem; none if it is done. An error of another kind is no list of problems, and is
 * handed back as it is, so that it can't pass for none.
 */
export function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    const [first, ...problems] = (error as Error).message.split('\n');
    return problems.length === 0 ? [first] : problems.map((line) => line.trim().replace(/^- /, ''));
  }
  return [];
}

/** What synthesis of an app, or of a Stage, refuses, a line for each problem, without the path of the construct. */
export function problemsAtSynthesis(app: Stage): string[] {
  return problemsOf(() => app.synth()).map((line) => line.replace(/^\[[^\]]*\] /, ''));
}
