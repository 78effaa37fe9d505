import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import * as path from 'path';

/** Where all files of the package are one; as deep as each of them is, so that paths from there to the assets hold. */
const BUNDLE = 'bundled/index.js';

/** Files that add work to the synthesis of an app, and that nothing imports. */
const LATE = /-at-synthesis$/;

/** The files that commands of the package run: `bin` loads them from the bundle. */
const PROGRAMS = ['pages/command-line'];

/**
 * Rewrites the compiled index, so that a name runs the file that declares it when an app first uses it, and puts all files into
 * one, since Node.js takes longer to find and open a file than to read it.
 *
 * As the compiler writes it, the index loads every file, and with them each module of `aws-cdk-lib` that any of them
 * needs. The declarations, which `jsii` and the editors read, stay as they are.
 */
export function makeLazy(lib: string): void {
  const relative = (file: string) => slashed(path.relative(lib, file));
  const files = [...exportsOf(path.join(lib, 'index'))].map(([name, file]) => [name, relative(file)] as const);
  const named = [...new Set(files.map(([, file]) => file))];
  bundle(lib, named, filesOf(path.join(lib, 'index')).map(relative).filter((file) => LATE.test(file)));
  writeFileSync(path.join(lib, 'index.js'), lazyIndex(files));
}

/**
 * A file runs when it is first asked for: it is a function in the bundle, as Node.js would make one of it.
 *
 * The functions are in parentheses, because then V8 compiles them as it reads the bundle. Otherwise, it reads each of them twice: to skip
 * it, and to compile it when it is called. There is nothing but ASCII in the bundle, so that V8 stores its text in one byte for each character.
 *
 * @param late Files that are loaded when an app is synthesized
 */
function bundle(lib: string, files: string[], late: string[]): void {
  const texts = new Map<string, string>();
  const programs = PROGRAMS.filter((file) => existsSync(path.join(lib, `${file}.js`)));
  [...files, ...late, ...programs].forEach((file) => addWithImports(texts, lib, file));
  mkdirSync(path.dirname(path.join(lib, BUNDLE)), { recursive: true });
  writeFileSync(path.join(lib, BUNDLE), [
    '"use strict";',
    '// Written by scripts/lazy-index.ts: all files of this package.',
    'const files = {',
    ...[...texts].map(([file, text]) => `${JSON.stringify(file)}: (function (exports, require) {\n${text}\n}),`),
    '};',
    'const loaded = {};',
    'function load(file) {',
    '    if (!(file in files)) {',
    '        return require(file);',
    '    }',
    '    if (!(file in loaded)) {',
    '        loaded[file] = {}; // before the file runs, since files can import each other',
    '        files[file](loaded[file], load);',
    '    }',
    '    return loaded[file];',
    '}',
    'exports.load = load;',
    ...late.map((file) => `load("private/late-files").loadAtSynthesis(() => load("${file}"));`),
    '',
  ].join('\n'));
}

/** Adds the text of a file, in which other files are named by their path in the package, and the texts of those. */
function addWithImports(texts: Map<string, string>, lib: string, file: string): void {
  if (texts.has(file)) {
    return;
  }
  texts.set(file, '');
  const imports = new Set<string>();
  const text = readFileSync(path.join(lib, `${file}.js`), 'utf8')
    .replace(/^"use strict";\n/, '')
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')
    .replace(/[^\x00-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\brequire\((["'])(\.[^"']+)\1\)/g, (_, quote: string, relative: string) => {
      const imported = path.posix.join(path.posix.dirname(file), relative);
      imports.add(imported);
      return `require(${quote}${imported}${quote})`;
    });
  imports.forEach((each) => addWithImports(texts, lib, each));
  texts.set(file, text);
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
    ...files.map(([name, file]) => `lazy("${name}", () => require("./${BUNDLE}").load("${file}").${name});`),
    '',
  ].join('\n');
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}

if (require.main === module) {
  makeLazy(path.resolve(__dirname, '..', 'lib'));
}
