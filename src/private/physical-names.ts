import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isSupportStack, outermostStack } from './region-stack';

/** Characters of the longest name of a region, with room for those to come. */
const MAX_REGION_LENGTH = 15;

/**
 * A name made of the name of a construct's stack and its path below that: the same at every synthesis, readable, and unique in
 * the account and region of the stack, as the stack's name is.
 *
 * Nothing beside the construct changes it. It is part of the contract: a name that changed would replace what holds data.
 *
 * @param id The construct's id in the scope, for a name that is wanted before the construct is there
 */
export function stableName(maxLength: number, scope: IConstruct, id?: string): string {
  const path = identityOf(scope, id);
  return nameOf(maxLength, path, path);
}

/**
 * A name for what a construct has in another region or account, where a stack of the same name may have something too: the
 * hash tells the home regions and accounts apart.
 */
export function stableNameAbroad(maxLength: number, scope: IConstruct, id?: string): string {
  const path = identityOf(scope, id);
  return nameOf(maxLength, path, `${path}@${literalsOf(Stack.of(scope)).join('/')}`);
}

/** An id for what a construct has in another stack: unique there, also beside what stacks of the same name have there. */
export function stableIdIn(elsewhere: IConstruct, scope: IConstruct): string {
  const stack = Stack.of(elsewhere);
  const isOwn = isSupportStack(stack) && stack.node.scope === outermostStack(scope);
  return isOwn ? stableName(80, scope) : stableNameAbroad(80, scope);
}

/**
 * A name that is unique in the account, whatever the region: names of roles and dashboards are.
 *
 * A region takes 15 characters at the most. The same are kept free where it is a token, so that a stack that gets a literal
 * region keeps its names.
 */
export function stableNameOfAccount(maxLength: number, scope: IConstruct, id?: string): string {
  return `${stableName(maxLength - MAX_REGION_LENGTH - 1, scope, id)}-${Stack.of(scope).region}`;
}

/**
 * A name for one of several things of a construct, 64 characters at the most: what begins like `stableNamePrefix` is of
 * that construct.
 */
export function stableNameWithin(scope: IConstruct, id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const readable = id.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `${stableNamePrefix(scope)}${shorten(readable, 64 - 25 - 1 - hash.length)}-${hash}`;
}

/** What the names of the things of a construct begin with, and of no other one: 25 characters at the most. */
export function stableNamePrefix(scope: IConstruct): string {
  return `${stableName(24, scope)}-`;
}

/** Name of the stack and path below it, as AWS CloudFormation makes logical ids; the path where there is no stack. */
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

/** What a path begins and ends with says the most: the middle gives way, with a hyphen for it. */
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
 * @param prefix What the name must begin with
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
 * 63 characters, of which an account takes 12: the same where account and region are tokens, so that a stack which gets a
 * literal account and region keeps its buckets.
 */
function bucketPathLength(prefix: string): number {
  return 63 - prefix.length - 12 - MAX_REGION_LENGTH - 2;
}

function bucketNameOf(name: string, { account, region }: BucketPlace, prefix: string): string {
  return `${prefix}${name.toLowerCase()}-${account}-${region}`;
}
