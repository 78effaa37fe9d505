import { readdirSync } from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { pageOf, pagesBelow, proseOf, ROOT } from './pages';
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
  [/\bat once; all problems|all problems at once\b/i, 'the error lists all problems'],
  [/\b(be it|beforehand)\b/i, 'whether, in advance'],
  [/\bby (hand|itself alone)\b/i, 'manually'],
  [/\bwhat becomes of\b/i, 'what happens to'],
  [/\bof no use\b/i, 'has no effect'],
  [/\b(looks?|looking) back\b/i, 'evaluates'],
  [/\bin a row\b/i, 'consecutive'],
  [/\b(is|are|was|were) (let in|handed out|taken to be|taken for)\b/i, 'is allowed, is provided, is assumed to be'],
  [/\bas (AWS Backup|AWS|CloudFormation|bills) (has|have|writes?|names?|calls?|takes?) (it|them)\b/i, 'in the notation of'],
  [/\bif anything is\b/i, 'if there is one'],
  [/\bwhatever (its|the|their) (region|case|tags|account)\b/i, 'independent of'],
  [/\bnobody knows\b/i, 'it is unknown'],
];

const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/unverified.md'].map(pageOf),
  ...['docs/guides', 'docs/runbooks', 'examples'].flatMap(pagesBelow),
];

/** The comments and the texts of a file of `src`, each on its line. */
function textsOf({ file, text }: Page): Page {
  const scanner = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n').map(() => '');
  const add = (start: number, end: number) => text.slice(start, end).split('\n').forEach((part, index) => {
    lines[scanner.getLineAndCharacterOfPosition(start).line + index] += ` ${part}`;
  });
  const comments = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of [...ts.getLeadingCommentRanges(text, node.pos) ?? [], ...ts.getTrailingCommentRanges(text, node.end) ?? []]) {
      comments.set(pos, end);
    }
    const isText = ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead
      || node.kind === ts.SyntaxKind.TemplateMiddle || node.kind === ts.SyntaxKind.TemplateTail;
    if (isText && node.getText(scanner).includes(' ')) { // no ids, and no names of modules
      add(node.getStart(scanner), node.end);
    }
    node.getChildren(scanner).forEach(visit);
  };
  visit(scanner);
  comments.forEach((end, start) => add(start, end));
  return { file, text: lines.map((line) => line.replace(/@see \S+|https?:\/\/\S+/g, '')).join('\n') };
}

function sourcesBelow(folder: string): Page[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? sourcesBelow(file) : entry.name.endsWith('.ts') ? [pageOf(file)] : [];
  });
}

function problemsOf(page: Page): string[] {
  return proseOf(page).split('\n').flatMap((text, index) => WORDS.flatMap(([word, instead]) => {
    const found = word.exec(text);
    return found ? [`${page.file}:${index + 1}: '${found[0]}'; write: ${instead}`] : [];
  }));
}

test.each(pages.map((page) => [page.file, page] as const))('%s uses the words of AWS', (_, page) => {
  expect(problemsOf(page)).toEqual([]);
});

test('comments, docstrings, errors and messages of src use the words of AWS', () => {
  expect(sourcesBelow('src').map(textsOf).flatMap(problemsOf)).toEqual([]);
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
