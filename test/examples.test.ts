import { existsSync, readdirSync, readFileSync } from 'fs';
import * as path from 'path';

const EXAMPLES = path.join(__dirname, '..', 'examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(path.join(EXAMPLES, name, 'app.ts')));
const linesOf = (name: string) => readFileSync(path.join(EXAMPLES, name, 'app.ts'), 'utf8').trimEnd().split('\n');

test('the examples are those that users ask for first', () => {
  expect(names).toEqual(['existing-estate', 'pipeline', 'single-account', 'two-accounts']);
});

test.each(names)('the example %s has 60 lines at the most', (name) => {
  expect(linesOf(name).length).toBeLessThanOrEqual(60);
});

test('a first backup takes 10 lines at the most, and 3 names of the library', () => {
  const lines = linesOf('single-account');
  const imported = lines.flatMap((line) => /^import \{ (.*) \} from 'cdk-backup-dr';$/.exec(line)?.[1].split(', ') ?? []);

  expect(lines.filter((line) => line !== '').length).toBeLessThanOrEqual(10);
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.length).toBeLessThanOrEqual(3);
});

test('the README begins with it', () => {
  const readme = readFileSync(path.join(EXAMPLES, '..', 'README.md'), 'utf8');

  expect(/```ts[^\n]*\n([\s\S]*?)\n```/.exec(readme)?.[1].split('\n')).toEqual(linesOf('single-account'));
});

test('the pipeline deploys the archive before the workloads that copy into it, one after the other', () => {
  const stages = linesOf('pipeline').flatMap((line) => /^pipeline\.add(Stage|Wave)\((?:new )?(\w+)/.exec(line)?.slice(1, 3).join(' ') ?? []);

  expect(stages).toEqual(['Stage central', 'Stage WorkloadStage', 'Stage WorkloadStage']);
});

test('the list of examples has them all, those in Python too', () => {
  const list = readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
  const python = readdirSync(path.join(EXAMPLES, 'python')).filter((name) => name.endsWith('.py') && !name.startsWith('test_'));

  for (const file of [...names.map((name) => `${name}/app.ts`), ...python.map((name) => `python/${name}`)]) {
    expect(list).toContain(`(${file})`);
  }
});
