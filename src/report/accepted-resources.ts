import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { FactKind } from '../private/registry';
import type { Registry } from '../private/registry';

/**
 * Resources that need no protection.
 */
export interface AcceptedFact {
  /** The resource, or what contains it. */
  readonly scope: IConstruct;
  readonly reason: string;
  /** Types in AWS CloudFormation; all of them without any. */
  readonly resourceTypes: readonly string[];
}

export const ACCEPTED = new FactKind<AcceptedFact>('accepted');

/** Which acceptance holds for a resource. */
export class AcceptedResources {
  private readonly byScope = new Map<IConstruct, AcceptedFact[]>();

  constructor(registry: Registry) {
    for (const fact of registry.all(ACCEPTED)) {
      this.byScope.set(fact.scope, [...this.byScope.get(fact.scope) ?? [], fact]);
    }
  }

  /** The nearest one, which knows most about the resource. */
  public of(resource: CfnResource): AcceptedFact | undefined {
    return this.byScope.size === 0 ? undefined : [...resource.node.scopes].reverse()
      .flatMap((scope) => this.byScope.get(scope) ?? [])
      .find(({ resourceTypes }) => resourceTypes.length === 0 || resourceTypes.includes(resource.cfnResourceType));
  }
}
