import { existsSync, readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import * as path from 'path';
import { buildSync } from 'esbuild';

/** Where all files of the package are one; as deep as each of them is, so that paths from there to the assets hold. */
const BUNDLE = 'bundled/index.js';

/**
 * Rewrites the compiled index, so that a name runs the file that declares it when an app first uses it, and puts all files into
 * one, since Node.js takes longer to find and open a file than to read it.
 *
 * As the compiler writes it, the index loads every file, and with them each module of `aws-cdk-lib` that any of them
 * needs. The declarations, which `jsii` and the editors read, stay as they are.
 */
export function makeLazy(lib: string): void {
  const files = [...exportsOf(path.join(lib, 'index'))].map(([name, file]) => [name, slashed(path.relative(lib, file))] as const);
  bundle(lib, [...new Set(files.map(([, file]) => file))]);
  writeFileSync(path.join(lib, 'index.js'), lazyIndex(files));
}

/** A file runs when it is first asked for: it is a function in the bundle, as Node.js would make one of it. */
function bundle(lib: string, files: string[]): void {
  buildSync({
    stdin: { contents: files.map((file) => `exports[${JSON.stringify(file)}] = () => require(${JSON.stringify(`./${file}`)});\n`).join(''), resolveDir: lib },
    outfile: path.join(lib, BUNDLE),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    keepNames: true, // a class that refers to itself would be called _Class
    banner: { js: '// Written by scripts/lazy-index.ts: all files of this package.' },
  });
}

/**
 * The names that a barrel exports, each with the file that declares it, without its extension.
 *
 * The barrels are read as declarations, since only those say which files are exported for their types alone; the names in a
 * file are those that it has once it is loaded.
 *
 * @throws if two files export the same name, or a barrel has anything but `export * from` and `export type * from`
 */
export function exportsOf(barrel: string): Map<string, string> {
  const load = createRequire(__filename);
  const files = new Map<string, string>();
  for (const file of filesOf(barrel)) {
    for (const name of Object.keys(load(file) as object)) {
      if (files.has(name)) {
        throw new Error(`'${name}' is exported by ${files.get(name)} and by ${file}: the index can have only one of them`);
      }
      files.set(name, file);
    }
  }
  return files;
}

function filesOf(barrel: string): string[] {
  return readFileSync(`${barrel}.d.ts`, 'utf8').split('\n').filter((line) => line !== '').flatMap((line) => {
    const [, type, relative] = /^export (type )?\* from '(\.\/[\w./-]+)';$/.exec(line) ?? [];
    if (relative === undefined) {
      throw new Error(`${barrel}.d.ts: the lazy index knows only "export * from './file'" and "export type * from './file'", got: ${line}`);
    }
    if (type) {
      return [];
    }
    const target = path.join(path.dirname(barrel), relative);
    return existsSync(`${target}.js`) ? [target] : filesOf(path.join(target, 'index'));
  });
}

/**
 * The names are assigned once in a form that Node.js finds without running the file: otherwise an ECMAScript module could
 * not import them. A getter gives way to what it got, so that only the first use of a name costs anything.
 */
function lazyIndex(files: (readonly [name: string, file: string])[]): string {
  return [
    '"use strict";',
    '// Written by scripts/lazy-index.ts: a name runs the file that declares it when it is first used.',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    `${files.map(([name]) => `exports.${name} = `).join('')}void 0;`,
    'function lazy(name, load) {',
    '    Object.defineProperty(exports, name, {',
    '        configurable: true, enumerable: true, get: () => {',
    '            const value = load();',
    '            Object.defineProperty(exports, name, { configurable: true, enumerable: true, value });',
    '            return value;',
    '        },',
    '    });',
    '}',
    ...files.map(([name, file]) => `lazy("${name}", () => require("./${BUNDLE}")["${file}"]().${name});`),
    '',
  ].join('\n');
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}

if (require.main === module) {
  makeLazy(path.resolve(__dirname, '..', 'lib'));
}
