import { Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { ResourceType } from '../objectives';

/**
 * A resource, or several by a wildcard.
 */
export interface ResolvedTarget {
  readonly arn: string;
  readonly type?: ResourceType;
  readonly resource?: CfnResource;
}

/**
 * What a target is, and what is wrong with it. One that is wrong is no target: a reference to it must not be made.
 */
export interface ResolvedTargets {
  readonly targets: ResolvedTarget[];
  readonly problems: string[];
}

/** Whether an ARN stands for several resources. */
export function isWildcard(arn: string): boolean {
  return !Token.isUnresolved(arn) && arn.includes('*');
}

/** What tells a target from another: two tokens for one ARN are not alike. */
export function keyOf({ resource, arn }: ResolvedTarget): CfnResource | string {
  return resource ?? arn;
}
