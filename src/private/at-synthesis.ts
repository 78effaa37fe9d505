import { attachCustomSynthesis, Stage } from 'aws-cdk-lib';
import type { ISynthesisSession } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { loadLateFiles } from './late-files';
import { isInTree } from './ordering';

/** Shared by every copy of this library in an app. */
const WORK = Symbol.for('cdk-backup-dr.at-synthesis');
const FIRST = Symbol.for('cdk-backup-dr.first-at-synthesis');
const LAST = Symbol.for('cdk-backup-dr.last-at-synthesis');

const ID = 'AtSynthesis';

type Works = (() => void)[];

/**
 * Does work when the tree is complete, all references between stacks are known, and the stack of the construct is not written
 * yet: what the work adds to the construct, to its stack's order, or to the messages of the stack is in the assembly.
 *
 * A validation runs at that time too, but only reports, and does not run if an app is synthesized with `skipValidation`.
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
  const stage: IConstruct & { [FIRST]?: Works } = stageOf(construct);
  return stage[FIRST] ??= [];
}

/**
 * Has a construct take part in the synthesis of its Stage: what is done last in a Stage is done as long as such a construct is in its tree.
 * While the Stage is synthesized there is one already, and no construct is added.
 */
export function takePartInSynthesis(construct: IConstruct): void {
  if (!isBeingSynthesized(construct)) {
    atSynthesis(construct as Construct, () => {});
  }
}

/** Whether the work of the construct's Stage is being done. */
export function isBeingSynthesized(construct: IConstruct): boolean {
  return lastOf(construct).left !== undefined;
}

const AFTER_ALL: ((stage: IConstruct, session: ISynthesisSession) => void)[] = [];

/** Does work after all other work in each Stage: it sees what the others did. */
export function afterAllInEachStage(work: (stage: IConstruct, session: ISynthesisSession) => void): void {
  AFTER_ALL.push(work);
}

/** Constructs that the last work in a Stage waits for. */
interface Last {
  readonly all: AtSynthesis[];
  /** The remaining ones, while the Stage is synthesized. */
  left?: Set<AtSynthesis>;
}

function lastOf(construct: IConstruct): Last {
  const stage: IConstruct & { [LAST]?: Last } = stageOf(construct);
  return stage[LAST] ??= { all: [] };
}

/** The Stage whose assembly contains the construct. */
export function stageOf(construct: IConstruct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}

/**
 * A child, not the construct itself: a construct supports one custom synthesis, which a subclass in an app might use, and that
 * of a stack is never called.
 */
class AtSynthesis extends Construct {
  public readonly [WORK]: Works = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const last = lastOf(this);
    last.all.push(this);
    attachCustomSynthesis(this, {
      onSynthesize: (session) => {
        if (!last.left?.has(this)) {
          last.left = new Set(last.all.filter(isInTree));
        }
        firstOf(this).splice(0).forEach((each) => each());
        this[WORK].forEach((each) => each());
        last.left.delete(this);
        if (last.left.size === 0) {
          last.left = undefined;
          loadLateFiles();
          AFTER_ALL.forEach((each) => each(stageOf(this), session));
        }
      },
    });
  }
}
