import { readFileSync } from 'fs';
import * as path from 'path';

/** The version of this package, from its package.json. */
export function libraryVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8')) as { version: string };
  return version;
}
