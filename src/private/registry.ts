import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema';
import type { IConstruct } from 'constructs';

const REGISTRY = Symbol.for('cdk-backup-dr.registry');

/**
 * Names a kind of fact; each folder declares the kinds that its constructs register.
 */
export class FactKind<T> {
  declare private readonly type: T;

  constructor(public readonly name: string) {}
}

/**
 * A check that could not be made at synthesis, for the report.
 */
export interface UncheckedFact {
  /** Path of the construct that wanted to check. */
  readonly path: string;
  /** What could not be checked, and why. */
  readonly reason: string;
}

export const UNCHECKED = new FactKind<UncheckedFact>('unchecked');

/**
 * What the constructs of one app know of each other, without references between them.
 *
 * It is kept on the root of the construct tree, so two apps in one process don't see each other.
 */
export class Registry {
  public static of(scope: IConstruct): Registry {
    const root = scope.node.root as IConstruct & { [REGISTRY]?: Registry };
    return root[REGISTRY] ??= new Registry();
  }

  private readonly facts = new Map<string, unknown[]>();

  public register<T>(kind: FactKind<T>, fact: T): void {
    const facts = this.facts.get(kind.name);
    if (facts) {
      facts.push(fact);
    } else {
      this.facts.set(kind.name, [fact]);
    }
  }

  public all<T>(kind: FactKind<T>): readonly T[] {
    return (this.facts.get(kind.name) ?? []) as T[];
  }
}

/** Registers that a check could not be made, and says so at synthesis. */
export function unchecked(scope: IConstruct, reason: string): void {
  const registry = Registry.of(scope);
  const { path } = scope.node;
  if (!registry.all(UNCHECKED).some((fact) => fact.path === path && fact.reason === reason)) {
    registry.register(UNCHECKED, { path, reason });
    // Not by `Annotations`: it takes a stack trace, which takes longer than the check itself.
    scope.node.addMetadata(ArtifactMetadataEntryType.INFO, `not checked: ${reason}`);
  }
}

/** Registers that a policy is not managed here, and what it must say. */
export function uncheckedPolicy(scope: IConstruct, what: string, statement: PolicyStatement): void {
  unchecked(scope, `the policy of ${what}, which is not managed here: it must have ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
}
