import { attachCustomSynthesis } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Does work when the tree is complete, all references between stacks are known, and the stack of the construct is not written
 * yet: what the work adds to the construct, to its stack's order, or to the messages of the stack is in the assembly.
 *
 * A validation comes at that time too, but only reports, and is left out where an app is synthesized with `skipValidation`.
 *
 * @see ../../docs/adr/0012-work-at-synthesis.md
 */
export function atSynthesis(construct: Construct, work: () => void): void {
  const existing = construct.node.tryFindChild(ID);
  const child = existing instanceof AtSynthesis ? existing : new AtSynthesis(construct, ID);
  child.work.push(work);
}

const ID = 'AtSynthesis';

/**
 * A child, and not the construct itself: a construct takes one custom synthesis, which a subclass in an app may want for itself,
 * and that of a stack is never asked for.
 */
class AtSynthesis extends Construct {
  public readonly work: (() => void)[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    attachCustomSynthesis(this, { onSynthesize: () => this.work.forEach((each) => each()) });
  }
}
