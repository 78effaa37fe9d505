import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { ALARM_CATALOGUE, runbookUrl } from '../../src/alarms/alarm-catalogue';
import type { AlarmName } from '../../src/alarms/alarm-catalogue';

const RUNBOOKS = path.join(__dirname, '..', '..', 'docs', 'runbooks');
const NAMES = Object.keys(ALARM_CATALOGUE) as AlarmName[];

test('every alarm of the catalogue has a page, and every page an alarm', () => {
  expect(readdirSync(RUNBOOKS).sort()).toEqual(['README.md', ...NAMES.map((name) => `${name}.md`)].sort());
});

test.each(NAMES)('the page of %s says what it means, how to investigate, how to act and when not to', (name) => {
  const page = readFileSync(path.join(RUNBOOKS, `${name}.md`), 'utf8');

  expect([...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading))
    .toEqual([name, 'What it means', 'How to investigate', 'How to act', 'When not to act', 'Afterwards']);
  expect(page.split('\n')[2]).toBe(`**${ALARM_CATALOGUE[name].severity}**: ${ALARM_CATALOGUE[name].happened} ${ALARM_CATALOGUE[name].means}`);
  expect(page).toMatch(/```sh\n\s*aws /);
});

test('the page of an alarm is where its description says', () => {
  expect(runbookUrl('backup-job-failed')).toBe('https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/backup-job-failed.md');
});
