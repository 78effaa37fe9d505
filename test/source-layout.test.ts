import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';

const SRC = path.join(__dirname, '..', 'src');
const LONGEST = 300;

/** What a change of a small file may have to test again. */
const SMALL = 12;
const FEW_TESTS = 20;

interface SourceFile {
  readonly folder: string;
  readonly name: string;
  readonly lines: number;
}

const files: SourceFile[] = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap(({ name: folder }) => readdirSync(path.join(SRC, folder)).map((name) => ({
    folder, name, lines: readFileSync(path.join(SRC, folder, name), 'utf8').trimEnd().split('\n').length,
  })));

test('no two source files have the same name, so that a name says which file it is', () => {
  const names = files.map(({ name }) => name).filter((name) => name !== 'index.ts');

  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('no folder has more than 15 files', () => {
  const folders = [...new Set(files.map(({ folder }) => folder))]
    .map((folder) => [folder, files.filter((file) => file.folder === folder).length] as const);

  expect(folders.filter(([, count]) => count > 15)).toEqual([]);
});

test('props and interfaces are apart from their class only where one file would have 300 lines or more', () => {
  const parts = files.flatMap((file) => {
    const [, owner] = /^(.+)-(?:props|options|ref)\.ts$/.exec(file.name) ?? [];
    return files.some(({ folder, name }) => folder === file.folder && name === `${owner}.ts`) ? [{ ...file, owner }] : [];
  });
  const owners = [...new Set(parts.map(({ folder, owner }) => `${folder}/${owner}`))];
  const together = owners.map((owner) => [owner, files
    .filter(({ folder, name }) => [owner, ...['props', 'options', 'ref'].map((part) => `${owner}-${part}`)].includes(`${folder}/${name.replace(/\.ts$/, '')}`))
    .reduce((sum, { lines }) => sum + lines, 0)] as const);

  expect(owners).toContain('vault/replicated-backup-vault');
  expect(together.filter(([, lines]) => lines < LONGEST)).toEqual([]);
});

test('a file that has its props or its interface in it has fewer than 300 lines', () => {
  const long = files.filter(({ folder, name, lines }) => lines >= LONGEST
    && /^export interface (I[A-Z]|\w+(Props|Options|Attributes)\b)/m.test(readFileSync(path.join(SRC, folder, name), 'utf8')));

  expect(long.map(({ folder, name }) => `${folder}/${name}`)).toEqual([]);
});

describe('a small file', () => {
  const tests = testsByFile();

  test('is a dependency of fewer than 20 test files, so that a change of it is tested at once', () => {
    const small = files.filter(({ lines }) => lines <= SMALL).map(({ folder, name }) => path.join(SRC, folder, name));

    expect(small.length).toBeGreaterThan(10);
    expect(small.map((file) => [path.relative(SRC, file), tests(file).length] as const).filter(([, count]) => count >= FEW_TESTS)).toEqual([]);
  });

  test('is looked for through the files between, and not where a test needs a type of it alone', () => {
    expect(tests(path.join(SRC, 'schedules', 'calendar.ts'))).toContain(path.join(__dirname, 'plan', 'tiered-backup-plan.test.ts'));
    expect(tests(path.join(SRC, 'settings', 'organization-settings.contract.ts'))).toEqual([]);
  });
});

/** The test files that depend on a file, as `jest --findRelatedTests` finds them: by imports other than of types. */
function testsByFile(): (file: string) => string[] {
  const all = [SRC, __dirname].flatMap(typeScriptBelow);
  const importers = new Map<string, string[]>();
  for (const file of all) {
    const imported = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\s)(?:[^'"]+\s+from\s+)?'(\.[^']+)'/gm);
    for (const [, relative] of imported) {
      const target = path.resolve(path.dirname(file), relative);
      for (const each of [`${target}.ts`, path.join(target, 'index.ts')]) {
        importers.set(each, [...importers.get(each) ?? [], file]);
      }
    }
  }
  return (file) => {
    const dependent = new Set([file]);
    for (const each of dependent) { // grows meanwhile
      importers.get(each)?.forEach((importer) => dependent.add(importer));
    }
    return [...dependent].filter((each) => each.endsWith('.test.ts'));
  };
}

function typeScriptBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules').flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? typeScriptBelow(file) : file.endsWith('.ts') ? [file] : [];
  });
}
