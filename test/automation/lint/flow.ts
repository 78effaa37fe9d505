import type { Choice, DocumentStep } from '../document';
import { allSteps, innerSteps, isTrue, namedStep } from '../document';

/**
 * A step, or what happens in one: the outputs of a step are there after its success only, and the condition of a loop is asked after each round.
 */
interface Node {
  readonly name: string;
  readonly afterSuccess: string[];
  readonly afterFailure: string[];
}

/** Where a loop's condition is asked, as if it were a step. */
export const conditionOf = (loop: string): string => `${loop} (condition)`;

/** Which step can follow which, in all loops. */
export class Flow {
  private readonly nodes: Map<string, Node>;
  private readonly first: string;

  constructor(private readonly steps: DocumentStep[]) {
    this.nodes = new Map(nodesOf(steps, [], []).map((node) => [node.name, node]));
    this.first = steps[0].name;
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html */
  problems(): string[] {
    const missing = this.missing();
    return [
      ...missing,
      ...missing.length > 0 ? [] : this.circles(),
      ...allSteps(this.steps).filter(({ name }) => !this.reached([this.first]).has(name)).map(({ name }) => `step ${name}: nothing leads to it`),
    ];
  }

  /** Whether a step can have succeeded before another one begins. */
  canPrecede(step: string, other: string): boolean {
    return this.reached(this.nodes.get(step)?.afterSuccess ?? []).has(other);
  }

  private reached(from: string[]): Set<string> {
    const found = new Set<string>();
    for (const open = [...from]; open.length > 0;) {
      const name = open.pop()!;
      const node = this.nodes.get(name);
      if (node && !found.has(name)) {
        found.add(name);
        open.push(...node.afterSuccess, ...node.afterFailure);
      }
    }
    return found;
  }

  /** A step leads to steps of its own sequence, also if it fails: AWS does not document that an `onFailure` leads out of a loop. Only a cancellation does. */
  private missing(sequence = this.steps, outer: DocumentStep[] = []): string[] {
    const names = (steps: DocumentStep[]) => steps.map(({ name }) => name);
    return sequence.flatMap((step) => [
      ...[...choicesOf(step), step.nextStep].filter((name) => name !== undefined && !names(sequence).includes(name))
        .map((name) => `step ${step.name}: it leads to ${name}, which is no step ${outer.length > 0 ? 'of its loop' : 'of the document'}`),
      ...[namedStep(step.onFailure)].filter((name) => name !== undefined && !names(sequence).includes(name))
        .map((name) => `step ${step.name}: its onFailure names ${name}, which is no step ${outer.length > 0 ? 'of its loop' : 'of the document'}`),
      ...[namedStep(step.onCancel)].filter((name) => name !== undefined && !names([...sequence, ...outer]).includes(name))
        .map((name) => `step ${step.name}: its onCancel names ${name}, which is no step`),
      ...this.missing(innerSteps(step), [...outer, ...sequence]),
    ]);
  }

  /** "Before processing a runbook, the system verifies that the runbook doesn't create an infinite loop." Rounds of `aws:loop` are none. */
  private circles(): string[] {
    const again = new Set(allSteps(this.steps).flatMap((loop) => innerSteps(loop).slice(0, 1).map(({ name }) => `${conditionOf(loop.name)}>${name}`)));
    const done = new Set<string>();
    const visit = (name: string, way: string[]): string[] => {
      if (way.includes(name)) {
        return [`steps ${[...way.slice(way.indexOf(name)), name].join(' > ')} follow each other without an end`];
      }
      if (done.has(name)) {
        return [];
      }
      const { afterSuccess, afterFailure } = this.nodes.get(name)!;
      const found = [...new Set([...afterSuccess, ...afterFailure])].filter((next) => !again.has(`${name}>${next}`)).flatMap((next) => visit(next, [...way, name]));
      done.add(name);
      return found;
    };
    return visit(this.first, []);
  }
}

/**
 * @param after Where success of the last step leads.
 * @param afterFailure Where a failure leads that no step of the sequence takes.
 */
function nodesOf(steps: DocumentStep[], after: string[], afterFailure: string[]): Node[] {
  return steps.flatMap((step, index) => {
    const { name, nextStep, isEnd, onFailure, onCancel } = step;
    const chosen = choicesOf(step);
    const next = isTrue(isEnd) ? after : nextStep ? [nextStep] : index + 1 < steps.length ? [steps[index + 1].name] : after;
    const success = hasDefault(step) ? chosen : [...chosen, ...next];
    const failure = [
      ...onFailure === 'Continue' ? success : onFailure === undefined ? afterFailure : [namedStep(onFailure)],
      namedStep(onCancel),
    ].filter((target) => target !== undefined);
    const inner = innerSteps(step);
    const condition = conditionOf(name);
    return inner.length === 0
      ? [{ name, afterSuccess: success, afterFailure: failure }]
      : [
        { name, afterSuccess: [inner[0].name], afterFailure: failure },
        ...nodesOf(inner, [condition], failure),
        { name: condition, afterSuccess: [inner[0].name, ...success], afterFailure: failure },
      ];
  });
}

const hasDefault = ({ action, inputs }: DocumentStep): boolean => action === 'aws:branch' && inputs.Default !== undefined;

function choicesOf({ action, inputs }: DocumentStep): string[] {
  const { Choices = [], Default } = inputs as { Choices?: Choice[]; Default?: string };
  return action === 'aws:branch' ? [...Choices.map(({ NextStep }) => NextStep), ...Default === undefined ? [] : [Default]] : [];
}
