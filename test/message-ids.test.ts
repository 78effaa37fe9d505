import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const SRC = path.join(ROOT, 'src');

/** How an id is given to a message, in all of the ways that the sources have. */
const USES = [
  /\b(?:warn|inform|informUnchecked|unchecked|uncheckedVital|uncheckedPolicy)\(\s*[\w.]+,\s*'(\w+)'/g,
  /\bnotes\('(\w+)'/g,
  /\bid: '([a-z]\w+)',(?=[^}]*\btext\b)/g,
];

/** Calls that hand on an id that they were given. */
const CALLS = /\b(?:warn|inform|informUnchecked|unchecked|uncheckedVital|uncheckedPolicy)\(\s*[\w.]+,\s*(?!')(\w+)/g;

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.split(path.sep).join('/'), text: readFileSync(path.join(SRC, name), 'utf8') }));
const page = readFileSync(path.join(ROOT, 'docs/guides/messages.md'), 'utf8');
const rows = page.split('\n').map((line) => /^\| `(\w+)` \| (warning|info|not checked) \| (.+)\. \| (.+)\. \| (.+)\. \|$/.exec(line)).filter((row) => row !== null);

function used(): string[] {
  return [...new Set(sources.flatMap(({ text }) => USES.flatMap((use) => [...text.matchAll(use)].map(([, id]) => id))))].sort();
}

test('the page has every id that a message has, once, and no other ones', () => {
  expect(used().length).toBeGreaterThan(60);
  expect(rows.map(([, id]) => id).sort()).toEqual(used());
});

test('each row of the page says what a message means, why it matters, and what to do', () => {
  const ids = page.split('\n').filter((line) => /^\| `/.test(line));

  expect(rows).toHaveLength(ids.length);
});

test('an id is a literal where it is given, so that it can be found', () => {
  const handedOn = sources.flatMap(({ name, text }) => [...text.matchAll(CALLS)].map(([, argument]) => `${name} ${argument}`));

  expect([...new Set(handedOn)].sort()).toEqual(['plan/tiered-backup-plan.ts noteId', 'private/registry.ts id', 'targets/target-messages.ts id']);
});
