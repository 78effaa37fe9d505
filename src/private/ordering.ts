import { Stage } from 'aws-cdk-lib';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';

/**
 * A construct of another stack, to depend on as long as it is in the tree and in the same Stage.
 *
 * If the stack of a lost region is removed from the app, the app still synthesizes.
 */
export function whilePresent(scope: IConstruct, construct: IConstruct): IDependable {
  return dependableIf(() => isInTree(construct) && Stage.of(scope) === Stage.of(construct), construct);
}

/** A dependable for as long as a condition is true. */
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

/** Whether neither the construct nor one of its scopes was removed from the app. */
export function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || (node.scope.node.tryFindChild(node.id)?.node === node && isInTree(node.scope));
}

/**
 * Deploys a resource after another one, even after the dependencies of constructs were converted into those of resources.
 *
 * The method has another name since AWS CDK 2.276, and the old name causes a warning.
 */
export function deployAfter(resource: CfnResource & { addResourceDependency?: (target: CfnResource) => void }, target: CfnResource): void {
  if (resource.addResourceDependency) {
    resource.addResourceDependency(target);
  } else {
    resource.addDependency(target);
  }
}

/**
 * Deploys a stack after another one of the same Stage.
 *
 * The method has another name since AWS CDK 2.276, and the old name causes a warning.
 */
export function deployStackAfter(stack: Stack & { addStackDependency?: (target: Stack) => void }, target: Stack): void {
  if (stack.addStackDependency) {
    stack.addStackDependency(target);
  } else {
    stack.addDependency(target);
  }
}

/** Whether a stack is deployed after another one, according to the current dependencies. */
export function waitsFor(stack: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  seen.add(stack);
  return stack.dependencies.some((dependency) => dependency === other || (!seen.has(dependency) && waitsFor(dependency, other, seen)));
}

/**
 * Whether a path is in the Stage of the scope, or in a nested Stage. Stages are deployed separately, so they do not report about
 * each other. In the App itself, this is true for every path.
 */
export function isInStageOf(scope: IConstruct, path: string): boolean {
  const stage = Stage.of(scope)?.node.path ?? '';
  return stage === '' || path.startsWith(`${stage}/`);
}
