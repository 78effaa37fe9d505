import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import { Duration } from 'aws-cdk-lib';
import { ALARM_CATALOGUE, memberOf } from '../../src/alarms/alarm-catalogue';
import type { AlarmName } from '../../src/alarms/alarm-catalogue';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { problemsOf } from '../problems';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const RUNBOOKS = path.join(__dirname, '..', '..', 'docs', 'runbooks');
const NAMES = Object.keys(ALARM_CATALOGUE) as AlarmName[];
const pageOf = (file: string) => readFileSync(path.join(RUNBOOKS, file), 'utf8');
const headingsOf = (page: string) => [...page.replace(/^ *```sh[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
const overview = pageOf('README.md');

/** Pages that the pages of several alarms refer to. */
const SHARED = ['ecs-service-gone.md', 'in-an-attack.md', 'putting-back.md'];
const PAGES = [...NAMES.map((name) => `${name}.md`), ...SHARED];

test('every alarm of the catalogue has a page, and every page an alarm or other pages that refer to it', () => {
  expect(readdirSync(RUNBOOKS).sort()).toEqual(['README.md', ...PAGES].sort());
  expect(SHARED.filter((shared) => !NAMES.some((name) => pageOf(`${name}.md`).includes(`](${shared}`)))).toEqual([]);
});

test('the overview has every alarm once, with its severity', () => {
  expect([...overview.matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| (\w+) \|/gm)].map(([, name, page, severity]) => `${name} ${page} ${severity}`).sort())
    .toEqual(NAMES.map((name) => `${name} ${name} ${ALARM_CATALOGUE[name].severity}`).sort());
});

const OF_CONFIGURATION: AlarmName[] = ['config-capture-failed', 'no-good-config-snapshot', 'plaintext-secret-found', 'image-not-kept'];
const OF_RECOVERY: AlarmName[] = ['recovery-slower-than-objective'];

describe('the overview has the names that overrides go by', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  const overrides: object = { none: {} };

  /** As the error about a name that no alarm has lists them. */
  function namesOf(define: () => unknown): AlarmName[] {
    return /'overrides' must use the names of alarms \((.*?)\)/.exec(problemsOf(define).join('\n'))![1].split(', ').map((member) => NAMES.find((name) => memberOf(name) === member)!).sort();
  }

  /** The names in the row of a construct. */
  function rowOf(construct: string): string {
    return new RegExp(`^\\| \`${construct}\` \\| (.*) \\|$`, 'm').exec(overview)![1];
  }

  test('of BackupAlarms', () => {
    expect(rowOf('BackupAlarms')).toBe('all but `backup-health`, the four of replication, the four of configuration and `recovery-slower-than-objective`');
    expect(namesOf(() => new BackupAlarms(stack, 'Alarms', { vaults: [], overrides })))
      .toEqual(NAMES.filter((name) => name !== 'backup-health' && !name.startsWith('replication-') && ![...OF_CONFIGURATION, ...OF_RECOVERY].includes(name)).sort());
  });

  test('of ReplicationAlarms', () => {
    expect(rowOf('ReplicationAlarms')).toBe('the four of replication');
    expect(namesOf(() => new ReplicationAlarms(stack, 'Replication', { buckets: [], overrides }))).toEqual(NAMES.filter((name) => name.startsWith('replication-')).sort());
  });

  test('of EcsConfigBackup', () => {
    const schedules = [BackupTier.daily({ deleteAfter: Duration.days(35) })];
    const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules });
    const clusters = [EcsClusterTarget.all()];

    expect(rowOf('EcsConfigBackup')).toBe('the four of configuration and `event-not-delivered`');
    expect(namesOf(() => new EcsConfigBackup(stack, 'Ecs', { clusters, bucket, schedules, overrides }))).toEqual([...OF_CONFIGURATION, 'event-not-delivered'].sort());
  });

  test('of CentralMonitoring', () => {
    expect([...rowOf('CentralMonitoring').matchAll(/`([a-z]+-[a-z-]+)`/g)].map(([, name]) => name).sort())
      .toEqual(namesOf(() => new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', overrides })));
  });
});

test.each(NAMES)('the page of %s says what it means, how to investigate, how to act and when not to, and its details after that', (name) => {
  const page = pageOf(`${name}.md`);

  expect(headingsOf(page)).toEqual([name, 'How to investigate', 'How to act', 'When not to act', 'Details']);
  expect(page.split('\n')[4]).toBe(`**${ALARM_CATALOGUE[name].severity}**: ${ALARM_CATALOGUE[name].happened} ${ALARM_CATALOGUE[name].means}`);
  expect(page).toMatch(/```sh\n\s*aws /);
});

test.each(NAMES)('the first line of the page of %s says whether the alarm can wait until morning, and how to know', (name) => {
  expect(pageOf(`${name}.md`).split('\n')[2]).toMatch(/^\*\*Can it wait until morning\?\*\* (Yes|No|It depends)\b.{30,}/);
});

test.each(PAGES)('%s has at most 400 words outside of code before its details', (file) => {
  const [main] = pageOf(file).split('\n## Details\n');
  const prose = main.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '``');

  expect(prose.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(400);
});

test.each(PAGES)('what is to be filled in in %s is in one block of variables before the first command', (file) => {
  const page = pageOf(file);
  const [block, ...others] = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, code]) => code);
  const lines = block.trimEnd().split('\n');

  expect(lines[0]).toMatch(/^export AWS_PROFILE='<[a-z-]+>' AWS_REGION='<[a-z-]+>'/);
  expect(lines.filter((line) => !/^(export )?[A-Z_]+='<[a-z-]+>'( [A-Z_]+='<[a-z-]+>')*( +#.*)?$/.test(line))).toEqual([]);
  expect(others.filter((code) => /^[A-Z_]+=/m.test(code))).toEqual([]);
  expect(page.replace(block, '').match(/<[a-z][\w -]*>/g)).toBeNull();
});

test.each(['README.md', ...PAGES])('the links of %s to other pages lead to headings that are there', (file) => {
  const links = [...pageOf(file).matchAll(/\]\(([\w-]+\.md)?(?:#([\w-]+))?\)/g)].filter(([, page, anchor]) => page ?? anchor);
  const broken = links.filter(([, page = file, anchor]) => !readdirSync(RUNBOOKS).includes(page)
    || (anchor !== undefined && !headingsOf(pageOf(page)).map((heading) => heading.toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-')).includes(anchor)));

  expect(broken.map(([link]) => link)).toEqual([]);
});
