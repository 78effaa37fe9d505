import { Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { differ, Environment, partitionOf } from './environment';
import type { PropsErrors } from './props-errors';
import { renderedResource } from './rendered-resource';

/** Pattern of regions, including future ones. */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Adds the problem of the literal name of a region, if there is one. */
export function checkRegion(errors: PropsErrors, property: string, region: string | undefined): void {
  errors.when(region !== undefined && !Token.isUnresolved(region) && !REGION.test(region),
    () => `'${property}' must be a region, such as 'eu-west-1', got '${region}'`);
}

/** Adds the problem of the literal id of an organization, if there is one. */
export function checkOrganizationId(errors: PropsErrors, organizationId: string | undefined): void {
  errors.when(organizationId !== undefined && !Token.isUnresolved(organizationId) && !/^o-[a-z0-9]{10,32}$/.test(organizationId),
    () => `'organizationId' must be 'o-' and 10 to 32 lowercase letters and digits, got '${organizationId}'`);
}

/**
 * The place of a replica.
 */
export interface ReplicaPlace {
  /** What is replicated: `vault`, `bucket`. */
  readonly what: string;
  /** The service that copies: `AWS Backup copies`, `S3 replicates`. */
  readonly whoCopies: string;
  readonly replicaRegion?: string;
  readonly replicaScope?: IConstruct;
  readonly home: Environment;
  readonly away: Environment;
}

/** Adds all problems of the place of a replica. */
export function checkReplicaPlace(errors: PropsErrors, { what, whoCopies, replicaRegion, replicaScope, home, away }: ReplicaPlace): void {
  errors.when(replicaRegion !== undefined && Token.isUnresolved(replicaRegion),
    () => "'replicaRegion' must be a literal region, such as 'eu-west-1', got a token");
  checkRegion(errors, 'replicaRegion', replicaRegion);
  errors.when(!home.isLiteral,
    () => `a replica requires a literal account and region in the stack of the ${what}: set its 'env', got ${home}`);
  errors.when(replicaScope && !away.isLiteral,
    () => `'replicaScope' must be in a stack with a literal account and region: set its 'env', got ${away}`);
  errors.when(replicaScope && replicaRegion !== undefined && differ(away.region, replicaRegion),
    () => `'replicaScope' must be in 'replicaRegion' (${replicaRegion}), got ${away}`);

  const property = replicaRegion === undefined ? 'replicaScope' : 'replicaRegion';
  errors.when(away.isLiteral && away.region === home.region, () => `'${property}' must differ from the region of the ${what}, ${home.region}`);
  errors.when(away.isLiteral && home.isLiteral && REGION.test(away.region) && partitionOf(away.region) !== partitionOf(home.region),
    () => `'${property}' must be in the partition of the ${what}, ${partitionOf(home.region)}, because ${whoCopies} only within a partition, got ${away.region}`);
}

/**
 * Adds the problem of a key of the user, if there is one.
 *
 * @param what What it encrypts: `vault`, `bucket`
 */
export function checkKey(errors: PropsErrors, property: string, key: kms.IKey | undefined, what: string, home: Environment): void {
  errors.when(key && ('aliasName' in key || /:alias\//.test(key.keyArn)),
    () => `'${property}' must be the key itself, not an alias, because permissions refer to the key, got '${key!.node.path}'`);
  const where = key && new Environment(key.env.account, key.env.region);
  errors.when(where?.differsFrom(home), () => `'${property}' must be a key in the account and region of the ${what} (${home}), got ${where}`);
}

/**
 * The problems of a key of the user in its template, after all changes. A key of another app and a token are not checked.
 *
 * @param property The property that sets the key
 * @param encrypted The resource that it encrypts
 * @param what What that is: `vault`, `bucket`, `topic`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
 */
export function keyProblems(property: string, key: kms.IKey | undefined, encrypted: CfnResource, what: string): string[] {
  const rendered = key && (renderedResource(key.node.defaultChild) ?? renderedResource(key.node.scope));
  if (!rendered || !['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'].includes(rendered.Type)) {
    return [];
  }
  const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', Enabled = true } = rendered.Properties;
  const isOther = (value: unknown, expected: string) => typeof value === 'string' && value !== expected;
  const where = `'${property}' ('${key.node.path}')`;
  return [
    ...isOther(KeySpec, 'SYMMETRIC_DEFAULT') || isOther(KeyUsage, 'ENCRYPT_DECRYPT') ? [
      `${where} must be a symmetric key for encryption and decryption, which a ${what} requires: set its 'keySpec' to SYMMETRIC_DEFAULT `
        + `and its 'keyUsage' to ENCRYPT_DECRYPT, got ${said(KeySpec)} and ${said(KeyUsage)}`,
    ] : [],
    ...String(Enabled) === 'false' ? [`${where} must be enabled, because a disabled key can't encrypt or decrypt: set its 'enabled' to true`] : [],
    ...isRetained(encrypted) && isDeleted(rendered.DeletionPolicy) ? [
      `${where} must be retained, because the ${what} is, and its content can't be read without its key: set the 'removalPolicy' of the key to RETAIN, `
        + `got a 'DeletionPolicy' of ${rendered.DeletionPolicy ?? 'Delete (none is set)'}`,
    ] : [],
  ];
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : 'a token';
}

function isRetained(resource: CfnResource): boolean {
  const { DeletionPolicy } = renderedResource(resource)!;
  return typeof DeletionPolicy === 'string' && !isDeleted(DeletionPolicy);
}

/** A resource without a policy is deleted with its stack. */
function isDeleted(deletionPolicy: unknown): boolean {
  return deletionPolicy === undefined || deletionPolicy === 'Delete';
}
