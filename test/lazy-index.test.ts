import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import { exportsOf, makeLazy } from '../scripts/lazy-index';

/** A compiled package, of files with their text. */
function compiled(files: Record<string, string>): string {
  const lib = mkdtempSync(path.join(os.tmpdir(), 'lib-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(lib, file)), { recursive: true });
    writeFileSync(path.join(lib, file), text);
  }
  return lib;
}

function exported(files: Record<string, string>): Record<string, string> {
  const lib = compiled(files);
  return Object.fromEntries([...exportsOf(path.join(lib, 'index'))].map(([name, file]) => [name, path.relative(lib, file)]));
}

const PLAN = {
  'index.d.ts': "export * from './plan';\nexport * from './week-day';\n",
  'plan/index.d.ts': "export * from './plan';\nexport type * from './plan-props';\n",
  'plan/plan.js': 'exports.Plan = class {}; exports.Order = { FIRST: 1 };',
  'plan/plan-props.js': 'exports.NOT_FOR_USERS = 1;',
  'week-day.js': 'exports.WeekDay = { SUNDAY: 1 };',
};

test('each name is found in the file that declares it', () => {
  expect(exported(PLAN)).toEqual({ Plan: 'plan/plan', Order: 'plan/plan', WeekDay: 'week-day' });
});

test('a name that two files export is refused', () => {
  expect(() => exported({ ...PLAN, 'week-day.js': 'exports.Order = {};' }))
    .toThrow(/^'Order' is exported by .*plan\/plan and by .*week-day: the index can have only one of them$/);
});

test.each([
  "export { Plan } from './plan';", "export * as plan from './plan';", "export * from 'constructs';", "export * from '../plan';", 'export declare const a = 1;',
])('a barrel with %s is refused', (line) => {
  expect(() => exported({ ...PLAN, 'plan/index.d.ts': `${line}\n` })).toThrow(`got: ${line}`);
});

test('a file that is not there is refused', () => {
  expect(() => exported({ ...PLAN, 'index.d.ts': "export * from './gone';\n" })).toThrow(/ENOENT.*gone/);
});

test('the index is the same when it is made again', () => {
  const lib = compiled(PLAN);
  makeLazy(lib);
  const first = readFileSync(path.join(lib, 'index.js'), 'utf8');
  makeLazy(lib);

  expect(readFileSync(path.join(lib, 'index.js'), 'utf8')).toBe(first);
});

test('a file runs when a name of it is first used, and once', () => {
  const lib = compiled({
    ...PLAN,
    'plan/plan.js': "globalThis.ran.push('plan'); const { WeekDay } = require('../week-day'); exports.Plan = class {}; exports.Order = WeekDay;",
    'week-day.js': "globalThis.ran.push('week day'); exports.WeekDay = { SUNDAY: 1 };",
  });
  const ran: string[] = [];
  Object.assign(globalThis, { ran });
  makeLazy(lib);
  ran.length = 0; // to know the names it runs the files
  const index = createRequire(__filename)(path.join(lib, 'index.js'));

  expect(ran).toEqual([]);
  expect([index.WeekDay.SUNDAY, ...ran]).toEqual([1, 'week day']);
  expect(index.Order).toBe(index.WeekDay);
  expect(index.Plan).toBe(index.Plan);
  expect(ran).toEqual(['week day', 'plan']);
});

test('the files are there without the ones that they were compiled to, and find what is beside the package from there', () => {
  const lib = compiled({ ...PLAN, 'week-day.js': "exports.WeekDay = require('path').join(__dirname, '../../assets');" });
  makeLazy(lib);
  ['plan/plan.js', 'week-day.js'].forEach((file) => rmSync(path.join(lib, file)));

  expect(createRequire(__filename)(path.join(lib, 'index.js')).WeekDay).toBe(path.join(lib, '..', 'assets'));
});

test('files that import each other run as Node.js would run them', () => {
  const lib = compiled({
    ...PLAN,
    'plan/plan.js': "const { named } = require('../week-day'); exports.Plan = class Plan {}; exports.Order = { name: () => named() };",
    'week-day.js': "const plan = require('./plan/plan'); exports.named = () => plan.Plan.name; exports.WeekDay = { SUNDAY: 1 };",
  });
  makeLazy(lib);
  const index = createRequire(__filename)(path.join(lib, 'index.js'));

  expect(index.Order.name()).toBe('Plan');
  expect(index.named()).toBe('Plan');
});

test('a text has the characters that it had, in a file of ASCII', () => {
  const lib = compiled({ ...PLAN, 'week-day.js': "/** Öffnet … */ exports.WeekDay = { SUNDAY: 'Söndag 🌞' };" });
  makeLazy(lib);

  expect(createRequire(__filename)(path.join(lib, 'index.js')).WeekDay.SUNDAY).toBe('Söndag 🌞');
  expect(readFileSync(path.join(lib, 'bundled', 'index.js'), 'latin1')).toMatch(/^[\x00-\x7f]*$/);
});

test('a file that nothing imports is loaded when an app is synthesized, and not before', () => {
  const lib = compiled({
    ...PLAN,
    'index.d.ts': "export * from './plan';\nexport * from './pages';\n",
    'pages/index.d.ts': "export * from './pages-at-synthesis';\n",
    'pages/pages-at-synthesis.js': "globalThis.late.push('pages');",
    'private/late-files.js': 'const loaders = []; exports.loadAtSynthesis = (load) => loaders.push(load); exports.loadLateFiles = () => loaders.forEach((load) => load());',
    'plan/plan.js': "const { loadLateFiles } = require('../private/late-files'); exports.Plan = class {}; exports.Order = { synthesize: loadLateFiles };",
  });
  const late: string[] = [];
  Object.assign(globalThis, { late });
  makeLazy(lib);
  late.length = 0; // to know the names it runs the files
  const { Order } = createRequire(__filename)(path.join(lib, 'index.js'));

  expect(late).toEqual([]);
  Order.synthesize();
  expect(late).toEqual(['pages']);
});

test('the command line is in the bundle, although no name of the index needs it', () => {
  const lib = compiled({ ...PLAN, 'pages/command-line.js': "exports.main = () => require('../week-day').WeekDay.SUNDAY;" });
  makeLazy(lib);
  rmSync(path.join(lib, 'pages'), { recursive: true });

  expect(createRequire(__filename)(path.join(lib, 'bundled', 'index.js')).load('pages/command-line').main()).toBe(1);
});
