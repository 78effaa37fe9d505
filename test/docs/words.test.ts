import { pageOf, pagesBelow, proseOf } from './pages';
import type { Page } from './pages';

/** Words that AWS's documentation does not use, and what to write instead. */
const WORDS: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\b(tells?|told|telling)\b/i, 'notify, report, publish or show'],
  [/\bcustomer keys?\b/i, 'customer managed key'],
  [/\bAWS keys?\b/, 'AWS managed key'],
  [/\bsmall letters?\b/i, 'lowercase letters'],
  [/\b(large|big|capital) letters?\b/i, 'uppercase letters'],
  [/\bat the (most|least|worst)\b/i, 'at most, at least, in the worst case'],
  [/\b(goes|go|going|went) by\b/i, 'uses, is based on'],
  [/\blet(s|ting)? in\b/i, 'allow'],
  [/\bput(s|ting)? right\b/i, 'fix'],
  [/\bwithout a word\b/i, 'without an error'],
  [/\be-mails?\b/i, 'email'],
  [/\bbeside\b/i, 'next to, in addition to'],
  [/\bstands? (in|for|beside|at)\b/i, 'is in, means'],
  [/\bis (said|called out)\b/i, 'is reported'],
  [/\bsays so\b/i, 'reports it'],
  [/\bkept for good\b/i, 'permanent'],
  [/\bof one's own\b/i, 'your own'],
  [/\bfor good\b/i, 'permanently'],
];

const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/unverified.md'].map(pageOf),
  ...['docs/guides', 'docs/runbooks', 'examples'].flatMap(pagesBelow),
];

function problemsOf(page: Page): string[] {
  return proseOf(page).split('\n').flatMap((text, index) => WORDS.flatMap(([word, instead]) => {
    const found = word.exec(text);
    return found ? [`${page.file}:${index + 1}: '${found[0]}'; write: ${instead}`] : [];
  }));
}

test.each(pages.map((page) => [page.file, page] as const))('%s uses the words of AWS', (_, page) => {
  expect(problemsOf(page)).toEqual([]);
});

test('the README has at most 900 words outside of its code', () => {
  const words = proseOf(pageOf('README.md')).split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

  expect(words.length).toBeLessThanOrEqual(900);
});

test.each([
  ['The operator is told of failures.', 'told'],
  ['Encrypt it with a customer key.', 'customer key'],
  ['It has 10 to 32 small letters.', 'small letters'],
])('a page that says "%s" is refused', (text, word) => {
  expect(problemsOf({ file: 'page.md', text })).toEqual([expect.stringContaining(`'${word}'`)]);
});
