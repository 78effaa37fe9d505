import type { AssemblyStack } from '../assembly/assembly';
import { drill, storyOfStacks } from '../drill/drill';
import type { DrillResult } from '../drill/drill';
import { nextRun } from '../drill/schedule';
import { LocalAws } from '../local-aws/local-aws';

/** A fault that is put into the templates, and the steps of the drill that see it. */
export interface Sabotage {
  /** The fault, as a sentence. */
  readonly fault: string;
  /** The templates with it. */
  readonly put: (stacks: readonly AssemblyStack[]) => AssemblyStack[];
  /** The ids of the steps that it breaks. All others hold, or need one of these. */
  readonly breaks: readonly string[];
}

/**
 * When the templates are deployed. How many hours are left until the first backup decides which alarms are on after it. On a Friday, the
 * weekly capture is not far off.
 */
const START = 'cron(0 3 ? * FRI *)';

/** Months pass in them: they are tried only for faults that they are to see. */
const LATE = ['expire', 'lock-is-final'];

/** Deploys templates with a fault, and tries what those without it promise. */
export async function drillWith({ put, breaks }: Sabotage, stacks: readonly AssemblyStack[]): Promise<DrillResult> {
  const deployed = put(stacks);
  if (JSON.stringify(deployed) === JSON.stringify(stacks)) {
    throw new Error('the sabotage changes nothing: the templates have no such resource any more');
  }
  const only = storyOfStacks(stacks).story.map(({ id }) => id).filter((id) => breaks.includes(id) || !LATE.includes(id));
  const aws = await LocalAws.start();
  try {
    await aws.clock.forwardTo(nextRun(START, await aws.clock.now()));
    return await drill(aws, { promised: stacks, deployed, only });
  } finally {
    await aws.stop();
  }
}
