import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Candidate } from './candidate';
import { arnPatternOf } from './stateful-resources';
import { Environment } from '../private/environment';

/** The AWS CDK creates clusters with a custom resource. */
const ALIASES: Record<string, string> = { 'Custom::AWSCDK-EKS-Cluster': 'AWS::EKS::Cluster' };

/**
 * The CloudFormation types that a selection excludes.
 */
export class ExcludedTypes {
  private readonly types: Set<string>;

  constructor(private readonly scope: IConstruct, types: string[]) {
    this.types = new Set(types);
  }

  public get isEmpty(): boolean {
    return this.types.size === 0;
  }

  /** Whether a candidate is of one of the types, or includes all resources of it. */
  public has({ resource, arn }: Candidate): boolean {
    if (this.isEmpty) {
      return false;
    }
    return resource ? this.types.has(ALIASES[resource.cfnResourceType] ?? resource.cfnResourceType)
      : [...this.types].some((type) => arn === this.arnOf(arnPatternOf(type)?.arnPattern) && this.alsoNeeded(type).length === 0);
  }

  /** The patterns to exclude from what wildcards and tokens can select, and the types that can't be excluded in this way. */
  public among(candidates: Candidate[]): { patterns: string[]; problems: string[] } {
    const open = this.isEmpty ? [] : candidates.filter(({ resource, problem }) => !resource && !problem).flatMap(({ arn }) => arn ?? []);
    const patterns = new Set<string>();
    const problems: string[] = [];
    for (const type of this.types) {
      const pattern = arnPatternOf(type)?.arnPattern;
      if (pattern === undefined || !open.some((arn) => mayBeOf(arn, pattern))) {
        continue;
      }
      const others = this.alsoNeeded(type);
      if (others.length > 0) {
        problems.push(`'excludeTypes' can't exclude only ${type} from what wildcards, tags or tokens select, because its ARNs look like those of ${others.join(', ')}: `
          + "add these types too, or exclude single resources with 'excludeResources'");
      }
      patterns.add(this.arnOf(pattern)!);
    }
    return { patterns: [...patterns], problems };
  }

  /** Types with the same ARNs that are not excluded. */
  private alsoNeeded(type: string): string[] {
    return arnPatternOf(type)!.sharedWith.filter((other) => !this.types.has(other));
  }

  private arnOf(pattern: string | undefined): string | undefined {
    return pattern && `arn:${Environment.of(this.scope).partitionIn(this.scope)}:${pattern}`;
  }
}

/** Whether an ARN can match a resource with a pattern, by its service. */
function mayBeOf(arn: string, pattern: string): boolean {
  return arn === '*' || Token.isUnresolved(arn) || arn.split(':')[2] === pattern.split(':')[0];
}
