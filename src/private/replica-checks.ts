import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { differ, partitionOf } from './environment';
import type { Environment } from './environment';
import type { PropsErrors } from './props-errors';

/** What a region looks like; new ones come. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** Adds what is wrong with the literal name of a region, if anything is. */
export function checkRegion(errors: PropsErrors, property: string, region: string | undefined): void {
  errors.when(region !== undefined && !Token.isUnresolved(region) && !REGION.test(region),
    () => `'${property}' must be a region, such as 'eu-west-1', got '${region}'`);
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
