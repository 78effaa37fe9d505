import { Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { TemplateProperties } from './template-properties';
import type { ResourceType } from '../objectives/resource-type';

/**
 * What a target stands for: a resource, or several by a wildcard, or something that is wrong as a target.
 */
export interface Candidate {
  /** Left out where AWS Backup can't back it up. */
  readonly arn?: string;
  readonly type?: ResourceType;
  /** Whether it may be of other types too, which have ARNs that look the same. */
  readonly isOfSeveralTypes?: boolean;
  readonly resource?: CfnResource;
  /** What the template says of the resource. */
  readonly properties?: TemplateProperties;
  /** What is wrong with it as a target, if anything is. */
  readonly problem?: string;
  /** What may be wrong with it as a target: the template says it, and something else may have changed it since. */
  readonly warning?: string;
  /** What could not be checked of it, and why. */
  readonly unchecked?: string;
  /** Whether the plan must not refer to it, not even to leave it out. */
  readonly isOutOfReach?: boolean;
  /** Whether its stack exports the ARN for the plan. */
  readonly isExported?: boolean;
  /** The path of the construct, where there is nothing below it: then it excludes nothing. */
  readonly nothingBelow?: string;
}

/**
 * A candidate with nothing wrong.
 */
export interface Target extends Candidate {
  readonly arn: string;
}

export function isTarget(candidate: Candidate): candidate is Target {
  return candidate.arn !== undefined && candidate.problem === undefined;
}

/** What tells a candidate from another: two tokens for one ARN are not alike. */
export function keyOf({ resource, arn, problem }: Candidate): CfnResource | string {
  return resource ?? arn ?? problem ?? '';
}

/** Whether an ARN stands for several resources. */
export function isWildcard(arn: string): boolean {
  return !Token.isUnresolved(arn) && arn.includes('*');
}
