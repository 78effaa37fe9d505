import { readFileSync } from 'fs';
import * as path from 'path';

let known: string | undefined;

/** The version of this package, from its package.json, which is read once however many constructs ask. */
export function libraryVersion(): string {
  known ??= read();
  return known;
}

function read(): string {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  return version;
}
