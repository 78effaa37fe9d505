import type { AssemblyStack } from '../assembly/assembly';
import { drill, storyOfStacks } from '../drill/drill';
import type { DrillResult } from '../drill/drill';
import { nextRun } from '../drill/schedule';
import { LocalAws } from '../local-aws/local-aws';
import type { LocalAwsOptions } from '../local-aws/local-aws';

/** A fault that is put into the templates, and the steps of the drill that see it. */
export interface Sabotage {
  /** The fault, as a sentence. */
  readonly fault: string;
  /** The templates with it. */
  readonly put: (stacks: readonly AssemblyStack[]) => AssemblyStack[];
  /** The ids of the steps that it breaks. All others hold, or need one of these. */
  readonly breaks: readonly string[];
  /** What an error of a function is in an automation; it fails its step by default. */
  readonly functionErrors?: LocalAwsOptions['functionErrors'];
}

/**
 * When the templates are deployed. How many hours are left until the first backup decides which alarms are on after it. On a Friday, the
 * weekly capture is not far off.
 */
const START = 'cron(0 3 ? * FRI *)';

/** Months pass in the first, and nothing but faults of the runbook is in the others: they are tried only for faults that they are to see. */
const RARE = /^(expire|lock-is-final|ecs:.+)$/;

/**
 * Deploys templates with a fault, and tries what those without it promise.
 *
 * @param steps The ids of the steps to try, besides those that they need; all but rare ones by default
 */
export async function drillWith(
  { put, breaks, functionErrors }: Sabotage, stacks: readonly AssemblyStack[], steps?: readonly string[],
): Promise<DrillResult> {
  const deployed = put(stacks);
  if (JSON.stringify(deployed) === JSON.stringify(stacks)) {
    throw new Error('the sabotage changes nothing: the templates have no such resource any more');
  }
  const usual = () => storyOfStacks(stacks).story.map(({ id }) => id).filter((id) => breaks.includes(id) || !RARE.test(id));
  const only = steps ? [...steps] : usual();
  const aws = await LocalAws.start({ functionErrors });
  try {
    await aws.clock.forwardTo(nextRun(START, await aws.clock.now()));
    return await drill(aws, { promised: stacks, deployed, only });
  } finally {
    await aws.stop();
  }
}
