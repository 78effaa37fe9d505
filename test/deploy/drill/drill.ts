import { Context } from './context';
import type { Recovery } from './context';
import { promisesOf } from './promises';
import type { Promises } from './promises';
import type { Json } from './snapshots';
import { Broken } from './step';
import type { Outcome, Step } from './step';
import { stepsFor, storyOf } from './story';
import type { AssemblyStack } from '../assembly/assembly';
import { Deployment } from '../deployment/deployment';
import type { LocalAws } from '../local-aws/local-aws';

/** What came of a step, and when. */
export interface StepResult {
  readonly id: string;
  readonly promise: string;
  readonly seen: string;
  readonly outcome: Outcome;
  /** How long it took here. */
  readonly seconds: number;
  /** The simulated time at its end. */
  readonly at: string;
  /** How much simulated time it took. */
  readonly simulatedSeconds: number;
}

export interface DrillResult {
  readonly steps: StepResult[];
  readonly seconds: number;
  readonly hasHeld: boolean;
  /** The records of runbooks that recovered something. */
  readonly records: Json[];
  readonly recoveries: Recovery[];
}

export interface DrillOptions {
  /** The stacks whose templates make the promises. */
  readonly promised: readonly AssemblyStack[];
  /**
   * The stacks that are deployed.
   *
   * @default - those that are promised
   */
  readonly deployed?: readonly AssemblyStack[];
  /**
   * The ids of the steps to try, besides those that they need.
   *
   * @default - all
   */
  readonly only?: string[];
  /** Is told of each step before and after it. */
  readonly onStep?: (step: Step, result: StepResult | undefined, position: string) => void;
}

/** Tells the story: tries each step whose needs have held. */
export async function drill(aws: LocalAws, { promised, deployed = promised, only, onStep = () => undefined }: DrillOptions): Promise<DrillResult> {
  const started = Date.now();
  const promises = promisesOf(promised);
  const story = storyOf(promises);
  const steps = only ? stepsFor(story, only) : story;
  const context = new Context(aws, new Deployment(aws, deployed), promises);
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    const position = `${index + 1}/${steps.length}`;
    onStep(step, undefined, position);
    const missing = step.needs.filter((id) => results.find((result) => result.id === id)?.outcome !== 'held');
    const result = missing.length > 0
      ? await untried(context, step, missing)
      : await tried(context, step);
    results.push(result);
    onStep(step, result, position);
  }
  return { steps: results, seconds: (Date.now() - started) / 1000, hasHeld: results.every(({ outcome }) => outcome === 'held'), records: context.records, recoveries: context.recoveries };
}

/** The steps of a stage, without trying them. */
export function storyOfStacks(stacks: readonly AssemblyStack[]): { readonly promises: Promises; readonly story: Step[] } {
  const promises = promisesOf(stacks);
  return { promises, story: storyOf(promises) };
}

async function tried(context: Context, step: Step): Promise<StepResult> {
  const started = Date.now();
  const before = await context.aws.clock.now();
  const [outcome, seen] = await step.run(context).then((words) => ['held', words] as const, (error: Error) => ['broken', wordsOf(error)] as const);
  const after = await context.aws.clock.now();
  return {
    id: step.id,
    promise: step.promise,
    seen,
    outcome,
    seconds: (Date.now() - started) / 1000,
    at: after.toISOString(),
    simulatedSeconds: (after.getTime() - before.getTime()) / 1000,
  };
}

async function untried(context: Context, { id, promise }: Step, missing: string[]): Promise<StepResult> {
  return { id, promise, seen: `needs ${missing.join(', ')}`, outcome: 'not tried', seconds: 0, at: (await context.aws.clock.now()).toISOString(), simulatedSeconds: 0 };
}

function wordsOf(error: Error): string {
  return error instanceof Broken ? error.message : `${error.name}: ${error.message}`;
}
