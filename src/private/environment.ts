import { region_info, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { warn } from './messages';

/** The pattern of the regions of the partition `aws`, as in the SDKs. */
const COMMERCIAL = /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/;

const PARTITIONS: Record<string, string> = {
  'cn': 'aws-cn', 'us-gov': 'aws-us-gov', 'us-iso': 'aws-iso', 'us-isob': 'aws-iso-b', 'eu-isoe': 'aws-iso-e', 'us-isof': 'aws-iso-f', 'eusc': 'aws-eusc',
};

/** The regions that every supported AWS CDK knows, so that its table does not have to be loaded for them. */
export const KNOWN_REGIONS = new Set((
  'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 '
  + 'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 '
  + 'eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 '
  + 'me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 '
  + 'us-isob-west-1 us-isof-east-1 us-isof-south-1 us-west-1 us-west-2'
).split(' '));

/** Warns about regions that this AWS CDK does not know, which can be new or misspelled. */
export function warnOfUnknownRegions(scope: IConstruct, ...regions: (string | undefined)[]): void {
  for (const region of new Set(regions)) {
    const isUnusual = region !== undefined && !Token.isUnresolved(region) && !KNOWN_REGIONS.has(region);
    if (isUnusual && region_info.RegionInfo.get(region).partition === undefined) {
      warn(scope, 'unknownRegion',
        `this version of AWS CDK does not know the region '${region}'. If it is spelled correctly and new, acknowledge this warning: `
        + `the library assumes that the region is in the partition ${partitionOf(region)}`);
    }
  }
}

/**
 * The partition of a region, as a literal.
 *
 * `Stack.partition` is a token unless a feature flag is on, and a token is resolved in the account that uses it. The table of
 * regions of the AWS CDK is used only if the name is not sufficient: it takes longer to load than this library.
 */
export function partitionOf(region: string): string {
  if (COMMERCIAL.test(region)) {
    return 'aws';
  }
  const [, prefix] = /^(cn|us-gov|us-iso[bf]?|eu-isoe|eusc)-/.exec(region) ?? [];
  return PARTITIONS[prefix] ?? region_info.RegionInfo.get(region).partition ?? 'aws';
}

/** The domain of the console in the partition of a region. The name of the region comes before it. */
export function consoleDomain(region: string): string {
  const partition = Token.isUnresolved(region) ? 'aws' : partitionOf(region);
  return { 'aws-cn': 'console.amazonaws.cn', 'aws-us-gov': 'console.amazonaws-us-gov.com' }[partition] ?? 'console.aws.amazon.com';
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

  /** The partition: a literal if the region is, otherwise that of the stack of the scope. */
  public partitionIn(scope: IConstruct): string {
    return Token.isUnresolved(this.region) ? Stack.of(scope).partition : partitionOf(this.region);
  }

  public get isLiteral(): boolean {
    return !Token.isUnresolved(this.account) && !Token.isUnresolved(this.region);
  }

  /** Whether the other one is certainly another account or region: a token can be any. */
  public differsFrom(other: Environment): boolean {
    return differ(this.account, other.account) || differ(this.region, other.region);
  }

  public toString(): string {
    const part = (value: string, what: string) => Token.isUnresolved(value) ? `an unknown ${what}` : `${what} ${value}`;
    return `${part(this.account, 'account')}, ${part(this.region, 'region')}`;
  }
}

/** Whether two values are certainly different. */
export function differ(one: string, other: string): boolean {
  return !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}

/** An account and a region for a file: `unknown` for a token. */
export function placeOf({ account, region }: Pick<Environment, 'account' | 'region'>): { readonly account: string; readonly region: string } {
  const known = (value: string) => Token.isUnresolved(value) ? 'unknown' : value;
  return { account: known(account), region: known(region) };
}
