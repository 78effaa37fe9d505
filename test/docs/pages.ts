import { existsSync, readdirSync, readFileSync } from 'fs';
import * as path from 'path';

export const ROOT = path.join(__dirname, '..', '..');

/** A page, by its path from the root of the repository. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** A block of code in a page. */
export interface Block {
  readonly file: string;
  /** Line of the page that the code begins at. */
  readonly line: number;
  /** What stands behind the backticks, such as `ts nofixture`. */
  readonly language: string;
  readonly code: string;
}

export function pageOf(file: string): Page {
  return { file, text: readFileSync(path.join(ROOT, file), 'utf8') };
}

/** All pages below a folder, without those of dependencies. */
export function pagesBelow(folder: string): Page[] {
  const isGenerated = (name: string) => name === 'node_modules' || name === 'cdk.out' || name.startsWith('.');
  if (!existsSync(path.join(ROOT, folder))) {
    return [];
  }
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      return isGenerated(entry.name) ? [] : pagesBelow(file);
    }
    return entry.name.endsWith('.md') ? [pageOf(file)] : [];
  });
}

export function blocksOf({ file, text }: Page): Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    file, language: match[1], code: match[2], line: text.slice(0, match.index).split('\n').length + 1,
  }));
}

/** The words of a page, without its code. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```.*\n[\s\S]*?^```$/gm, (code) => code.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, '``');
}

/** As GitHub makes it of a heading. */
export function anchorsOf(page: Page): string[] {
  const headings = [...page.text.replace(/^```.*\n[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  const plain = headings.map((heading) => heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').replace(/ /g, '-'));
  return plain.map((anchor, index) => {
    const before = plain.slice(0, index).filter((other) => other === anchor).length;
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}
