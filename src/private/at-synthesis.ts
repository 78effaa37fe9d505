import { attachCustomSynthesis } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const WORK = Symbol('at synthesis');

/**
 * Does work when the tree is complete, all references between stacks are known, and the stack of the construct is not written
 * yet: what the work adds to the construct, to its stack's order, or to the messages of the stack is in the assembly.
 *
 * A validation comes at that time too, but only reports, and is left out where an app is synthesized with `skipValidation`.
 *
 * @see ../../docs/adr/0012-work-at-synthesis.md
 */
export function atSynthesis(construct: Construct & { [WORK]?: (() => void)[] }, work: () => void): void {
  if (construct[WORK]) {
    construct[WORK].push(work);
    return;
  }
  const all = construct[WORK] = [work];
  attachCustomSynthesis(construct, { onSynthesize: () => all.forEach((each) => each()) });
}
