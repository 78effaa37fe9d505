import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import * as path from 'path';

/*
 * The index of the package as it is compiled, in programs of their own: what a program has loaded is what it asks about.
 */

const ROOT = path.join(__dirname, '..', '..');

interface Assembly {
  readonly types: Record<string, { readonly name: string; readonly kind: string; readonly locationInModule: { readonly filename: string } }>;
}

const { types } = JSON.parse(readFileSync(path.join(ROOT, '.jsii'), 'utf8')) as Assembly;
const declared = Object.values(types).filter(({ kind }) => kind !== 'interface')
  .map(({ name, locationInModule }) => ({ name, file: `./${locationInModule.filename.replace(/^src\//, 'lib/').replace(/\.ts$/, '')}` }))
  .sort((a, b) => a.name < b.name ? -1 : 1);
const names = declared.map(({ name }) => name);

/** What an expression is in a new program, and the files of ours, and modules of the CDK, that were loaded for it. */
function evaluate<T>(expression: string): { value: T; loaded: string[] } {
  const script = `const value = ${expression}; console.log(JSON.stringify({ value, loaded: Object.keys(require.cache) }))`;
  const { value, loaded } = JSON.parse(execFileSync(process.execPath, ['--eval', script], { cwd: ROOT, encoding: 'utf8' })) as { value: T; loaded: string[] };
  return { value, loaded: loaded.map((file) => path.relative(ROOT, file)) };
}

function importing(script: string): unknown {
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT, encoding: 'utf8' }));
}

test('the classes and enums that the assembly lists are exported, and nothing else', () => {
  expect(names).toContain('ReplicatedBackupVault');
  expect(evaluate<string[]>("Object.keys(require('./lib'))").value.sort()).toEqual(names);
});

test('each name is what the file that declares it exports', () => {
  const { value } = evaluate(`${JSON.stringify(declared)}.filter(({ name, file }) => {
    const source = (value) => typeof value === 'function' ? value.name : JSON.stringify(value);
    return !require('./lib')[name] || source(require('./lib')[name]) !== source(require(file)[name]);
  })`);

  expect(value).toEqual([]);
});

test('a name stays enumerable and what it is once it has been used', () => {
  const { value } = evaluate(`${JSON.stringify(names)}.filter((name) => {
    const index = require('./lib');
    const first = index[name];
    return first !== index[name] || Object.getOwnPropertyDescriptor(index, name).value !== first || !Object.keys(index).includes(name);
  })`);

  expect(value).toEqual([]);
});

test('loading the package loads its index, and no other file of it nor a module of the CDK', () => {
  expect(evaluate("Object.keys(require('./lib')).length").loaded).toEqual(['lib/index.js']);
});

test('the use of all names runs nothing of the CDK that needs its table of deprecations, which takes longer to load than the package', () => {
  expect(evaluate("Object.values(require('./lib')).length").loaded.filter((file) => file.includes('warnings.jsii'))).toEqual([]);
  expect(evaluate("require('aws-cdk-lib').Duration.days(1).toDays()").loaded).toContain('node_modules/aws-cdk-lib/.warnings.jsii.js');
});

test('the first use of a name runs the file that declares it, and not the others', () => {
  expect(evaluate("require('./lib').WeekDay.SUNDAY")).toEqual({ value: 'SUN', loaded: ['lib/index.js', 'lib/bundled/index.js'] });
});

test('the package is its index, one file with all others, and their declarations', () => {
  const { files } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };

  expect(files.filter((file) => file.endsWith('.js'))).toEqual(['lib/index.js', 'lib/bundled/index.js']);
});

test('the handlers of custom resources are found from there', () => {
  const { value } = evaluate<string[]>(`(() => {
    const { App, Stack } = require('aws-cdk-lib');
    const { BackupRegionSettings, ResourceType } = require('./lib');
    const app = new App({ outdir: require('fs').mkdtempSync(require('path').join(require('os').tmpdir(), 'package-')) });
    const stack = new Stack(app, 'Settings', { env: { account: '111111111111', region: 'eu-west-1' } });
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
    const { directory } = app.synth();
    return require('fs').readdirSync(directory, { recursive: true }).filter((file) => file.startsWith('asset.'));
  })()`);

  expect(value).toEqual([expect.stringMatching(/^asset\.\w+\.lambda$/), expect.stringMatching(/^asset\.\w+\.lambda\/index\.js$/)]);
});

test('the index says that it comes from an ECMAScript module, so that importing all of it does not copy it', () => {
  expect(evaluate("require('./lib').__esModule").value).toBe(true);
});

test('an ECMAScript module can import each name', () => {
  expect(importing(`import { ${names.join(', ')} } from './lib/index.js';
    console.log(JSON.stringify([${names.join(', ')}].map((each) => typeof each).filter((type) => type !== 'function' && type !== 'object')));`)).toEqual([]);
});

test('an ECMAScript module that imports all of it sees each name', () => {
  expect(importing(`import * as all from './lib/index.js';
    console.log(JSON.stringify(${JSON.stringify(names)}.filter((name) => all[name] === undefined)));`)).toEqual([]);
});
