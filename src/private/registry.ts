import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { takePartInSynthesis } from './at-synthesis';
import { forUsers, informUnchecked, warn } from './messages';
import { isInTree } from './ordering';

/**
 * Version of the shapes of all facts. Increase it when the shape of a fact changes: an app can have two copies of this package,
 * and a copy must not read facts that it does not understand.
 */
const VERSION = 5;

const FAMILY = 'cdk-backup-dr.registry/';
const REGISTRY = Symbol.for(`${FAMILY}${VERSION}`);

/**
 * A kind of fact; each folder declares the kinds that its constructs register.
 */
export class FactKind<T> {
  declare private readonly type: T;

  constructor(public readonly name: string) {}
}

/**
 * A check that could not be made at synthesis, for the report.
 */
export interface UncheckedFact {
  /** Id of the message about it, for acknowledging it. */
  readonly id: string;
  /** Path of the construct that could not check it. */
  readonly path: string;
  /** What could not be checked, and why. */
  readonly reason: string;
}

export const UNCHECKED = new FactKind<UncheckedFact>('unchecked');

/** The resources of this library that AWS charges by the month, however much data there is: keys, alarms and dashboards. */
export const CHARGED = new FactKind<IConstruct>('charged resource');

/**
 * Facts that the constructs of an app share without references between them.
 *
 * It is stored on the root of the construct tree, so two apps in one process are independent. It reflects the current tree: the
 * facts of a construct that was removed from the tree no longer exist.
 */
export class Registry {
  public static of(scope: IConstruct): Registry {
    const root = scope.node.root as IConstruct & { [REGISTRY]?: Registry };
    return root[REGISTRY] ?? Registry.createFor(scope, root);
  }

  private static createFor(scope: IConstruct, root: IConstruct & { [REGISTRY]?: Registry }): Registry {
    const others = Object.getOwnPropertySymbols(root).some(({ description }) => description?.startsWith(FAMILY));
    const registry = root[REGISTRY] = new Registry();
    takePartInSynthesis(root); // the report is in the assembly of the root, whatever else is in it
    if (others) {
      unchecked(scope, 'severalVersions', 'whether the constructs of two versions of cdk-backup-dr in one app fit together: install only one version');
    }
    return registry;
  }

  private readonly facts = new Map<string, Map<IConstruct, unknown[]>>();

  /** @param construct The construct that the fact is about: the fact exists as long as the construct is in the tree */
  public register<T>(kind: FactKind<T>, construct: IConstruct, fact: T): void {
    const byConstruct = this.facts.get(kind.name) ?? new Map<IConstruct, unknown[]>();
    this.facts.set(kind.name, byConstruct);
    byConstruct.set(construct, [...byConstruct.get(construct) ?? [], fact]);
  }

  /** The facts of the constructs in the tree. */
  public all<T>(kind: FactKind<T>): T[] {
    return [...this.entries(kind)].filter(([construct]) => isInTree(construct)).flatMap(([, facts]) => facts);
  }

  /** The facts of one construct. */
  public of<T>(kind: FactKind<T>, construct: IConstruct): readonly T[] {
    return (this.facts.get(kind.name)?.get(construct) ?? []) as T[];
  }

  /** The first fact that meets a condition; faster than `all` if only a few do. */
  public find<T>(kind: FactKind<T>, condition: (fact: T) => boolean): T | undefined {
    for (const [construct, facts] of this.entries(kind)) {
      const found = facts.find(condition);
      if (found !== undefined && isInTree(construct)) {
        return found;
      }
    }
    return undefined;
  }

  private entries<T>(kind: FactKind<T>): Iterable<[IConstruct, T[]]> {
    return (this.facts.get(kind.name) ?? []) as Iterable<[IConstruct, T[]]>;
  }
}

/**
 * Registers that a check could not be made, and reports it at synthesis.
 *
 * @param id Id of the message; `docs/guides/messages.md` explains it
 */
export function unchecked(scope: IConstruct, id: string, what: string): void {
  report(scope, id, what, informUnchecked);
}

/** The same as a warning, for conditions without which a backup or its alarms are worthless. Its text says what to do. */
export function uncheckedVital(scope: IConstruct, id: string, what: string): void {
  report(scope, id, what, warn);
}

function report(scope: IConstruct, id: string, what: string, say: typeof warn): void {
  const reason = forUsers(what, scope);
  const registry = Registry.of(scope);
  if (!registry.of(UNCHECKED, scope).some((fact) => fact.id === id && fact.reason === reason)) {
    registry.register(UNCHECKED, scope, { id, path: scope.node.path, reason });
    say(scope, id, reason);
  }
}

/** Warns about a policy that is not managed here and that must contain statements. */
export function uncheckedPolicy(scope: IConstruct, id: string, what: string, ...statements: PolicyStatement[]): void {
  uncheckedVital(scope, id, `the policy of ${what}, which is not managed here: it must contain ${sayStatements(scope, statements)}`);
}

/** Statements in the notation of a policy. */
export function sayStatements(scope: IConstruct, statements: PolicyStatement[]): string {
  return statements.map((statement) => JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))).join(', ');
}

/** Registers a resource that AWS charges by the month. */
export function charged<T extends IConstruct>(resource: T): T {
  Registry.of(resource).register(CHARGED, resource, resource);
  return resource;
}
