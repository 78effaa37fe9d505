import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import * as path from 'path';
import { run } from './run';

/**
 * A unified diff of all templates below two folders, whatever the order of their keys; nothing where they are the same.
 *
 * @param work An empty folder, for the templates as they are compared
 */
export async function templateDiff(base: string, head: string, work: string): Promise<string> {
  writeSorted(base, path.join(work, 'base'));
  writeSorted(head, path.join(work, 'head'));
  const attributes = path.join(work, 'attributes');
  writeFileSync(attributes, '*.template.json diff=template\n');
  const { code, output } = await run('git', [
    '-c', `core.attributesFile=${attributes}`,
    '-c', 'diff.template.xfuncname=^    "([^"]+)": [{]$', // each hunk begins with the logical id of its resource
    'diff', '--no-index', '--no-renames', '--no-color', '--no-ext-diff', '--src-prefix=a/', '--dst-prefix=b/', 'base', 'head',
  ], { cwd: work });
  if (code > 1) {
    throw new Error(output);
  }
  return output;
}

/** Writes the templates below a folder in a form that has one line for each value. */
function writeSorted(from: string, to: string): void {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json'));
  if (files.length === 0) {
    throw new Error(`no template below ${from}: was the app synthesized?`);
  }
  for (const file of files) {
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    writeFileSync(path.join(to, file), `${JSON.stringify(sorted(JSON.parse(readFileSync(path.join(from, file), 'utf8'))), null, 2)}\n`);
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1).map(([key, each]) => [key, sorted(each)]))
    : value;
}

/** GitHub takes 1 MiB for each step. */
const SUMMARY_LIMIT = 900_000;

/**
 * A diff for the page of a workflow, in Markdown.
 */
export function summaryOf(diff: string, limit = SUMMARY_LIMIT): string {
  const templates = diff.split(/^diff --git /m).slice(1);
  if (templates.length === 0) {
    return '### Templates of the reference app\n\nNo template changes.\n';
  }
  const count = (template: string, sign: string) => template.split('\n').filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length;
  const rows = templates.map((template) => `| ${/^a\/(?:base|head)\/(\S+)/.exec(template)![1]} | ${count(template, '+')} | ${count(template, '-')} |`);
  const shown = Buffer.byteLength(diff) > limit ? 'The diff is too long for this page: see the artifact.' : `\`\`\`\`diff\n${diff}\`\`\`\``;
  return `### Templates of the reference app\n\n| template | lines added | lines removed |\n|---|---|---|\n${rows.join('\n')}\n\n${shown}\n`;
}
