import { Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { TemplateProperties } from './template-properties';
import type { ResourceType } from '../objectives/resource-type';

/**
 * A resource of a target, several resources with a wildcard, or a problem of the target.
 */
export interface Candidate {
  /** Undefined if AWS Backup can't back it up. */
  readonly arn?: string;
  readonly type?: ResourceType;
  /** Whether it can also be of other types, whose ARNs look the same. */
  readonly isOfSeveralTypes?: boolean;
  readonly resource?: CfnResource;
  /** What the template says of the resource. */
  readonly properties?: TemplateProperties;
  /** The problem of the target, if there is one. */
  readonly problem?: string;
  /** A possible problem of the target, according to its template, which something else might have changed since. */
  readonly warning?: string;
  /** What could not be checked, and why. */
  readonly unchecked?: string;
  /** Whether the plan must not refer to it, not even to exclude it. */
  readonly isOutOfReach?: boolean;
  /** Whether its stack exports the ARN for the plan. */
  readonly isExported?: boolean;
  /** The path of the construct if there is nothing below it, so that it excludes nothing. */
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

/** Identifies a candidate: two tokens for the same ARN differ. */
export function keyOf({ resource, arn, problem }: Candidate): CfnResource | string {
  return resource ?? arn ?? problem ?? '';
}

/** Whether an ARN matches several resources. */
export function isWildcard(arn: string): boolean {
  return !Token.isUnresolved(arn) && arn.includes('*');
}
