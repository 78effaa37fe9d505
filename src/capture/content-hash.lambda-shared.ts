import { createHash } from 'crypto';

/**
 * The hash of a document without some of its members. Neither the order of members nor that of lists of things with a name matters:
 * AWS does not promise it.
 *
 * @param leftOut Paths to members that do not matter: their names, `*` for any one, `**` for any number of them
 */
export function contentHash(document: object, leftOut: string[]): string {
  const text = canonical(document, leftOut.map((path) => path.split('.')));
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}

function canonical(value: unknown, paths: string[][]): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value).flatMap(([name, member]) => {
    const below = paths.flatMap((path) => follow(path, name));
    return member === undefined || below.some((path) => path.length === 0)
      ? []
      : [isList ? canonical(member, below) : `${JSON.stringify(name)}:${canonical(member, below)}`];
  });
  return isList ? `[${(value.every(isNamed) ? entries.sort() : entries).join()}]` : `{${entries.sort().join()}}`;
}

/** What is left of a path below a member. */
function follow(path: string[], name: string): string[][] {
  const [first, ...rest] = path;
  if (first === '**') {
    return [path, ...follow(rest, name)];
  }
  return first === '*' || first === name ? [rest] : [];
}

function isNamed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ['name', 'key', 'Key'].some((member) => member in value);
}
