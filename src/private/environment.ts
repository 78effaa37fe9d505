import { region_info, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The regions of the partition `aws`, as the SDKs tell them from the others. */
const COMMERCIAL = /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/;

const PARTITIONS: Record<string, string> = {
  'cn': 'aws-cn', 'us-gov': 'aws-us-gov', 'us-iso': 'aws-iso', 'us-isob': 'aws-iso-b', 'eu-isoe': 'aws-iso-e', 'us-isof': 'aws-iso-f', 'eusc': 'aws-eusc',
};

/**
 * The partition of a region, as a literal.
 *
 * `Stack.partition` is a token unless a feature flag is on, and a token means another account's partition only by luck.
 * The CDK's table of regions is asked only where the name does not tell: it takes longer to load than all of this library.
 */
export function partitionOf(region: string): string {
  if (COMMERCIAL.test(region)) {
    return 'aws';
  }
  const [, prefix] = /^(cn|us-gov|us-iso[bf]?|eu-isoe|eusc)-/.exec(region) ?? [];
  return PARTITIONS[prefix] ?? region_info.RegionInfo.get(region).partition ?? 'aws';
}

/**
 * An account and a region, each literal or a token.
 */
export class Environment {
  public static of(scope: IConstruct): Environment {
    const { account, region } = Stack.of(scope);
    return new Environment(account, region);
  }

  constructor(public readonly account: string, public readonly region: string) {}

  /** The partition: a literal where the region is, or that of the scope's own stack. */
  public partitionIn(scope: IConstruct): string {
    return Token.isUnresolved(this.region) ? Stack.of(scope).partition : partitionOf(this.region);
  }

  public get isLiteral(): boolean {
    return !Token.isUnresolved(this.account) && !Token.isUnresolved(this.region);
  }

  /** Whether the other one is surely another account or region: a token may be anything. */
  public differsFrom(other: Environment): boolean {
    return differ(this.account, other.account) || differ(this.region, other.region);
  }

  public toString(): string {
    const part = (value: string, what: string) => Token.isUnresolved(value) ? `an unknown ${what}` : `${what} ${value}`;
    return `${part(this.account, 'account')}, ${part(this.region, 'region')}`;
  }
}

/** Whether two values are surely not the same. */
export function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
