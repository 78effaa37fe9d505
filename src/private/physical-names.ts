import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isSupportStack, outermostStack } from './region-stack';

/** Length of the longest name of a region, with room for future regions. */
const MAX_REGION_LENGTH = 15;

/**
 * A name that is generated from the name of the stack of a construct and its path in it: the same at every synthesis, readable,
 * and unique in the account and region of the stack, like the name of the stack.
 *
 * Other constructs do not affect it. It is part of the API: a changed name would replace resources with data.
 *
 * @param id The id of the construct in the scope, for a name that is needed before the construct exists
 */
export function stableName(maxLength: number, scope: IConstruct, id?: string): string {
  const path = identityOf(scope, id);
  return nameOf(maxLength, path, path);
}

/**
 * A name for a resource of a construct in another region or account, where a stack with the same name can have one too: the
 * hash distinguishes the home regions and accounts.
 */
export function stableNameAbroad(maxLength: number, scope: IConstruct, id?: string): string {
  const path = identityOf(scope, id);
  return nameOf(maxLength, path, `${path}@${literalsOf(Stack.of(scope)).join('/')}`);
}

/** An id for a resource of a construct in another stack, unique even if stacks with the same name have resources there. */
export function stableIdIn(elsewhere: IConstruct, scope: IConstruct): string {
  const stack = Stack.of(elsewhere);
  const isOwn = isSupportStack(stack) && stack.node.scope === outermostStack(scope);
  return isOwn ? stableName(80, scope) : stableNameAbroad(80, scope);
}

/**
 * A name that is unique in the account across all regions, as for roles and dashboards.
 *
 * A region has at most 15 characters. They are also reserved if it is a token, so that a stack that gets a literal region keeps
 * its names.
 */
export function stableNameOfAccount(maxLength: number, scope: IConstruct, id?: string): string {
  return `${stableName(maxLength - MAX_REGION_LENGTH - 1, scope, id)}-${Stack.of(scope).region}`;
}

/**
 * A name for one of several resources of a construct, at most 64 characters. Names that begin with `stableNamePrefix` belong to
 * that construct.
 */
export function stableNameWithin(scope: IConstruct, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const readable = id.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `${stableNamePrefix(scope)}${shorten(readable, 64 - 25 - 1 - hash.length)}-${hash}`;
}

/** The unique prefix of the names of the resources of a construct, at most 25 characters. */
export function stableNamePrefix(scope: IConstruct): string {
  return `${stableName(24, scope)}-`;
}

/** Name of the stack and path in it, as in logical ids of AWS CloudFormation; only the path if there is no stack. */
function identityOf(scope: IConstruct, id?: string): string {
  const own = [...scope.node.scopes].reverse().find((each): each is Stack => Stack.isStack(each));
  const stack = own && outermostStack(own);
  const parts = stack ? [stack.stackName, scope.node.path.slice(stack.node.path.length + 1), id] : [scope.node.path, id];
  return parts.filter((part) => part).join('/');
}

function literalsOf({ account, region }: Stack): string[] {
  return [account, region].map((part) => Token.isUnresolved(part) ? '' : part);
}

function nameOf(maxLength: number, path: string, hashed: string): string {
  const hash = createHash('sha256').update(hashed).digest('hex').slice(0, 8);
  const readable = path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return readable === '' ? hash : `${shorten(readable, maxLength - hash.length - 1)}-${hash}`;
}

/** Shortens a path in the middle, because its beginning and its end are the most meaningful. */
function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) {
    return text;
  }
  const head = Math.ceil((maxLength - 1) / 2);
  const tail = maxLength - 1 - head;
  return `${text.slice(0, head).replace(/-$/, '')}-${text.slice(text.length - tail).replace(/^-/, '')}`;
}

/**
 * A name for a bucket: bucket names are global, so the account and the region are part of it.
 *
 * @param prefix The required prefix of the name
 */
export function stableBucketName(scope: IConstruct, where: BucketPlace, prefix = ''): string {
  return bucketNameOf(stableName(bucketPathLength(prefix), scope), where, prefix);
}

/** A name for the replica of a bucket. */
export function stableReplicaBucketName(scope: IConstruct, where: BucketPlace, prefix = ''): string {
  return bucketNameOf(stableNameAbroad(bucketPathLength(prefix), scope), where, prefix);
}

interface BucketPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * At most 63 characters, 12 of them for an account. The length is the same if account and region are tokens, so that a stack
 * that gets a literal account and region keeps its buckets.
 */
function bucketPathLength(prefix: string): number {
  return 63 - prefix.length - 12 - MAX_REGION_LENGTH - 2;
}

function bucketNameOf(name: string, { account, region }: BucketPlace, prefix: string): string {
  return `${prefix}${name.toLowerCase()}-${account}-${region}`;
}
