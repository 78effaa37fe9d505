import { Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { differ, Environment, partitionOf } from './environment';
import type { PropsErrors } from './props-errors';

/** What a region looks like; new ones come. */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Adds what is wrong with the literal name of a region, if anything is. */
export function checkRegion(errors: PropsErrors, property: string, region: string | undefined): void {
  errors.when(region !== undefined && !Token.isUnresolved(region) && !REGION.test(region),
    () => `'${property}' must be a region, such as 'eu-west-1', got '${region}'`);
}

/** Adds what is wrong with the literal id of an organization, if anything is. */
export function checkOrganizationId(errors: PropsErrors, organizationId: string | undefined): void {
  errors.when(organizationId !== undefined && !Token.isUnresolved(organizationId) && !/^o-[a-z0-9]{10,32}$/.test(organizationId),
    () => `'organizationId' must be 'o-' and 10 to 32 small letters and digits, got '${organizationId}'`);
}

/**
 * Where a replica is to be.
 */
export interface ReplicaPlace {
  /** What has the replica: `vault`, `bucket`. */
  readonly what: string;
  /** Who copies, and how: `AWS Backup copies`, `S3 replicates`. */
  readonly whoCopies: string;
  readonly replicaRegion?: string;
  readonly replicaScope?: IConstruct;
  readonly home: Environment;
  readonly away: Environment;
}

/** Everything that is wrong with the place of a replica. */
export function checkReplicaPlace(errors: PropsErrors, { what, whoCopies, replicaRegion, replicaScope, home, away }: ReplicaPlace): void {
  errors.when(replicaRegion !== undefined && Token.isUnresolved(replicaRegion),
    () => "'replicaRegion' must be a literal region, such as 'eu-west-1', got a token");
  checkRegion(errors, 'replicaRegion', replicaRegion);
  errors.when(!home.isLiteral,
    () => `a replica needs the account and the region of the ${what}'s own stack: set its 'env' to literal values, got ${home}`);
  errors.when(replicaScope && !away.isLiteral,
    () => `'replicaScope' must be in a stack with a literal account and region: set its 'env', got ${away}`);
  errors.when(replicaScope && replicaRegion !== undefined && differ(away.region, replicaRegion),
    () => `'replicaScope' must be in 'replicaRegion' (${replicaRegion}), got ${away}`);

  const property = replicaRegion === undefined ? 'replicaScope' : 'replicaRegion';
  errors.when(away.isLiteral && away.region === home.region, () => `'${property}' must be another region than the ${what}'s own, ${home.region}`);
  errors.when(away.isLiteral && home.isLiteral && REGION.test(away.region) && partitionOf(away.region) !== partitionOf(home.region),
    () => `'${property}' must be in the partition of the ${what}, ${partitionOf(home.region)}: ${whoCopies} into no other one, got ${away.region}`);
}

/**
 * Adds what is wrong with a key of the caller, if anything is.
 *
 * @param what What it encrypts: `vault`, `bucket`
 */
export function checkKey(errors: PropsErrors, property: string, key: kms.IKey | undefined, what: string, home: Environment): void {
  errors.when(key && ('aliasName' in key || /:alias\//.test(key.keyArn)),
    () => `'${property}' must be the key itself: permissions go by it and not by an alias, got '${key!.node.path}'`);
  const where = key && new Environment(key.env.account, key.env.region);
  errors.when(where?.differsFrom(home), () => `'${property}' must be a key in the environment of the ${what} (${home}), got ${where}`);
}
