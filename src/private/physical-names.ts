import { createHash } from 'crypto';
import type { IConstruct } from 'constructs';

/**
 * A name made of a construct's path: the same at every synthesis, readable, and unique in the app.
 *
 * The path decides alone, so nothing beside the construct changes it. It is part of the contract: a name that
 * changed would replace what holds data.
 *
 * @param id The construct's id in the scope, for a name that is wanted before the construct is there
 */
export function stableName(maxLength: number, scope: IConstruct, id?: string): string {
  const path = [scope.node.path, id].filter((part) => part).join('/');
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 8);
  const readable = path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return readable === '' ? hash : `${shorten(readable, maxLength - hash.length - 1)}-${hash}`;
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
export function stableBucketName(scope: IConstruct, { account, region }: { account: string; region: string }, prefix = ''): string {
  // 63 characters, of which an account takes 12 and a region 15 at the most: the same where they are tokens, so that a stack
  // which gets a literal account and region keeps its buckets.
  return `${prefix}${stableName(63 - prefix.length - 12 - 15 - 2, scope).toLowerCase()}-${account}-${region}`;
}
