import { attachCustomSynthesis, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';

/** Known to every copy of this library in an app. */
const WORK = Symbol.for('cdk-backup-dr.at-synthesis');
const FIRST = Symbol.for('cdk-backup-dr.first-at-synthesis');

const ID = 'AtSynthesis';

type Works = (() => void)[];

/**
 * Does work when the tree is complete, all references between stacks are known, and the stack of the construct is not written
 * yet: what the work adds to the construct, to its stack's order, or to the messages of the stack is in the assembly.
 *
 * A validation comes at that time too, but only reports, and is left out where an app is synthesized with `skipValidation`.
 *
 * @see ../../docs/adr/0012-work-at-synthesis.md
 */
export function atSynthesis(construct: Construct, work: () => void): void {
  const existing = construct.node.tryFindChild(ID) as AtSynthesis | undefined;
  const child = existing && WORK in existing ? existing : new AtSynthesis(construct, ID);
  child[WORK].push(work);
}

/** Does work at synthesis before all other work in the Stage: what the others look at. */
export function firstAtSynthesis(construct: Construct, work: () => void): void {
  firstOf(construct).push(work);
  atSynthesis(construct, () => {});
}

function firstOf(construct: IConstruct): Works {
  const stage: IConstruct & { [FIRST]?: Works } = Stage.of(construct) ?? construct.node.root;
  return stage[FIRST] ??= [];
}

/**
 * A child, and not the construct itself: a construct takes one custom synthesis, which a subclass in an app may want for itself,
 * and that of a stack is never asked for.
 */
class AtSynthesis extends Construct {
  public readonly [WORK]: Works = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    attachCustomSynthesis(this, {
      onSynthesize: () => {
        firstOf(this).splice(0).forEach((each) => each());
        this[WORK].forEach((each) => each());
      },
    });
  }
}
