import { existsSync, readdirSync } from 'fs';
import * as path from 'path';
import { anchorsOf, pageOf, pagesBelow, proseOf, ROOT } from './pages';
import type { Page } from './pages';

const REPOSITORY = 'https://github.com/cdk-backup-dr/cdk-backup-dr';
const ON_MAIN = new RegExp(`^${REPOSITORY}/(?:blob|tree|raw)/main/`);
const IMAGES = 'https://raw.githubusercontent.com/cdk-backup-dr/cdk-backup-dr/main/';

const readme = pageOf('README.md');
const pages = [readme, ...['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'].map(pageOf), ...pagesBelow('docs'), ...pagesBelow('examples')];

function targetsOf(page: Page): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** Where a link leads in this repository. */
function inRepository(page: Page, target: string): { readonly file: string; readonly anchor?: string } | undefined {
  const local = target.startsWith(IMAGES) ? target.slice(IMAGES.length) : target.replace(ON_MAIN, '');
  if (/^[a-z]+:/.test(local)) {
    return undefined;
  }
  const [file, anchor] = local.split('#');
  const folder = local === target ? path.posix.dirname(page.file) : '.';
  return { file: file === '' ? page.file : path.posix.join(folder, file), anchor };
}

function problemOf(page: Page, target: string): string | undefined {
  const to = inRepository(page, target);
  if (!to) {
    return undefined;
  }
  if (!existsSync(path.join(ROOT, to.file))) {
    return `${target}: no such file`;
  }
  return to.anchor !== undefined && to.file.endsWith('.md') && !anchorsOf(pageOf(to.file)).includes(to.anchor) ? `${target}: no such heading` : undefined;
}

test.each(pages.map((page) => [page.file, page] as const))('the links of %s lead to files and headings that exist', (_, page) => {
  expect(targetsOf(page).map((target) => problemOf(page, target)).filter((problem) => problem !== undefined)).toEqual([]);
});

test('the index of decisions has each of them once, by its number and its title', () => {
  const decisions = readdirSync(path.join(ROOT, 'docs/adr')).filter((file) => /^\d/.test(file)).sort();
  const entries = decisions.map((file) => pageOf(`docs/adr/${file}`).text.split('\n')[0].replace(/^# (\d+\. )(.+)$/, `$1[$2](${file})`));

  expect(decisions.length).toBeGreaterThan(20);
  expect(pageOf('docs/adr/README.md').text.match(/^\d+\. .+$/gm)).toEqual(entries);
});

test('the links and images of the README are absolute, so that they work on npm and PyPI', () => {
  expect(targetsOf(readme).filter((target) => !target.startsWith('https://') && !target.startsWith('#'))).toEqual([]);
});
