import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { main } from '../../src/pages/command-line';
import { newApp, protectedStack } from '../report/apps';
import '../../src/pages/report-at-synthesis';

const app = newApp();
protectedStack(app);
const { directory: assembly } = app.synth();
const folder = mkdtempSync(path.join(os.tmpdir(), 'command-'));

function run(...args: string[]): { readonly code: number; readonly text: string } {
  const texts: string[] = [];
  return { code: main(args, (text) => texts.push(text)), text: texts.join('') };
}

function file(name: string, content: object): string {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, name);
}

const report = () => JSON.parse(readFileSync(path.join(assembly, 'recovery-report.json'), 'utf8'));

test('a comparison of equal reports says so, and ends with 0', () => {
  expect(run('diff', assembly, path.join(assembly, 'recovery-report.json'))).toEqual({
    code: 0, text: '# Recovery: what changes\n\nNo change to objectives, protection or checks.\n',
  });
});

test('a comparison with a regression lists it in Markdown, and ends with 1', () => {
  const { code, text } = run('diff', assembly, file('worse.json', { ...report(), objectives: [] }));

  expect(code).toBe(1);
  expect(text).toContain('## Worse\n\n- Orders/Plan: objective Failover (loss of the region) is removed\n');
});

test.each([
  ['a file that is not there', ['diff', assembly, '/nowhere.json'], "'/nowhere.json' can't be read"],
  ['a report of another version', ['diff', assembly, file('newer.json', { version: 2 })], 'must be a recovery report of version 1, got version 2'],
  ['something else', ['diff', assembly, file('other.json', {})], 'got a file of another kind'],
  ['a missing argument', ['diff', assembly], "missing required argument 'new'"],
  ['an unknown command', ['compare'], "unknown command 'compare'"],
  ['evidence that is no record', ['report', assembly, '--evidence', file('no-record.json', {})], 'evidence must be records of runbooks, of version 1, or the results of a drill'],
])('%s ends with 2', (_, args, text) => {
  const done = run(...args);

  expect(done.code).toBe(2);
  expect(done.text).toContain(text);
});

test('the help ends with 0', () => {
  expect(run('--help')).toMatchObject({ code: 0, text: expect.stringContaining('diff <old> <new>') });
});

test('a report that is written again has the evidence of records: completed runs, simulated or measured', () => {
  const record = {
    schemaVersion: 1,
    runbook: 'restore-orders',
    status: 'COMPLETED',
    isDryRun: false,
    endedAt: '2026-11-29T11:30:00Z',
    dataLossSeconds: 1800,
  };
  const verdicts = [{ objective: 'Orders', survives: 'RESOURCE', rtoSeconds: 5400, rpoSeconds: 3600, isRtoMet: true, isRpoMet: true }];
  const before = readFileSync(path.join(assembly, 'recovery-report.json'), 'utf8');
  const files = [file('record.json', { ...record, recoverySeconds: 5400, verdicts }), file('failed.json', { ...record, status: 'FAILED', verdicts: [] })];
  const done = run('report', assembly, '--simulated', '--evidence', ...files);
  const { evidence } = report();
  const page = readFileSync(path.join(assembly, 'recovery-report.html'), 'utf8');
  writeFileSync(path.join(assembly, 'recovery-report.json'), before);

  expect(done).toEqual({ code: 0, text: `${path.join(assembly, 'recovery-report.html')}\n` });
  expect(evidence).toEqual([{
    kind: 'simulated', date: '2026-11-29T11:30:00Z', objective: 'Orders', survives: 'RESOURCE', what: 'runbook restore-orders', recoveryTimeMinutes: 90, dataLossMinutes: 30,
  }]);
  expect(page.replace(/<[^>]+>/g, '').replace(/\u00a0/g, ' ')).toContain('simulated2026-11-29 11:30:00Zrunbook restore-orders1 hour 30 minutes30 minutes');
});

test('a report that is written again with the results of a drill has them beside the objectives that they are about', () => {
  const before = readFileSync(path.join(assembly, 'recovery-report.json'), 'utf8');
  const [{ name: plan }] = report().plans;
  run('report', assembly, '--evidence', file('drill.json', {
    version: 1, simulated: true, startedAt: '2026-11-29T13:09:05.610Z', recoveries: [{ plan, survives: 'REGION', what: 'a table, item by item', recoverySeconds: 1380 }],
  }));
  const markdown = readFileSync(path.join(assembly, 'recovery-report.md'), 'utf8');
  writeFileSync(path.join(assembly, 'recovery-report.json'), before);

  const rows = markdown.split('\n').filter((line) => /^\| (Failover|Orders) /.test(line)).map((line) => line.split(' | ').pop());
  expect(rows).toEqual(['simulated 2026-11-29 13:09:05.610Z: 23 minutes |', 'none |']);
  expect(markdown).toContain('Objectives with evidence: 1 of 2.');
});
