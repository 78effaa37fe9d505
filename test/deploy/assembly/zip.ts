import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { zipSync } from 'fflate';

const SAME_TIME = new Date('1980-01-02T00:00:00Z'); // so that the same files make the same archive

/** The archive of all files below a folder. */
export function zipOf(folder: string): Uint8Array {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return zipSync(Object.fromEntries(files.map((file) => [
    path.relative(folder, file).split(path.sep).join('/'), new Uint8Array(readFileSync(file)),
  ])), { mtime: SAME_TIME });
}
