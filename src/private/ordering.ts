import { Stage } from 'aws-cdk-lib';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';

/**
 * A construct of another stack, to depend on as long as it is in the tree and in the same Stage.
 *
 * Whoever takes the stack of a lost region out of the app still has an app that synthesizes.
 */
export function whilePresent(scope: IConstruct, construct: IConstruct): IDependable {
  return dependableIf(() => isInTree(construct) && Stage.of(scope) === Stage.of(construct), construct);
}

/** Something to depend on as long as a condition holds. */
export function dependableIf(condition: () => boolean, on: IDependable): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      return condition() ? Dependable.of(on).dependencyRoots : [];
    },
  });
  return dependable;
}

/** Constructs to depend on that may still be made: they are asked for when dependencies are resolved, after all aspects. */
export function dependableOn(all: () => IDependable[]): IDependable {
  const dependable: IDependable = {};
  Dependable.implement(dependable, {
    get dependencyRoots() {
      return all().flatMap((each) => Dependable.of(each).dependencyRoots);
    },
  });
  return dependable;
}

/** Whether nobody has taken it, or what it is in, out of the app. */
export function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || (node.scope.node.tryFindChild(node.id)?.node === node && isInTree(node.scope));
}

/**
 * Has a resource deployed after another one, also once the dependencies of constructs were turned into those of resources.
 *
 * The method has another name from AWS CDK 2.276 on, and the old one warns there.
 */
export function deployAfter(resource: CfnResource & { addResourceDependency?: (target: CfnResource) => void }, target: CfnResource): void {
  if (resource.addResourceDependency) {
    resource.addResourceDependency(target);
  } else {
    resource.addDependency(target);
  }
}

/**
 * Has a stack deployed after another one of the same Stage.
 *
 * The method has another name from AWS CDK 2.276 on, and the old one warns there.
 */
export function deployStackAfter(stack: Stack & { addStackDependency?: (target: Stack) => void }, target: Stack): void {
  if (stack.addStackDependency) {
    stack.addStackDependency(target);
  } else {
    stack.addDependency(target);
  }
}

/** Whether a stack is deployed after another one, by what is known of their order now. */
export function waitsFor(stack: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  seen.add(stack);
  return stack.dependencies.some((dependency) => dependency === other || (!seen.has(dependency) && waitsFor(dependency, other, seen)));
}

/**
 * Whether a path is of the scope's own Stage, or of a Stage in that: Stages are deployed apart, so dev has nothing to tell
 * of prod. In the App itself every path is.
 */
export function isInStageOf(scope: IConstruct, path: string): boolean {
  const stage = Stage.of(scope)?.node.path ?? '';
  return stage === '' || path.startsWith(`${stage}/`);
}
