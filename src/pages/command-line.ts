import { readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Command, CommanderError } from 'commander';
import { pageOf } from './html-page';
import { escaped, markdownOf } from './markdown';
import { changesBetween } from './report-diff';
import type { ChangeKind, ReportChange } from './report-diff';
import { evidenceOf } from '../report/evidence';
import type { EvidenceEntry, RecoveryReport } from '../report/report-model';

/** Exit codes. */
const [SAME, REGRESSION, WRONG] = [0, 1, 2];

/**
 * The command line of the package.
 *
 * @param args The arguments, without those of Node.js
 * @returns the exit code: 1 if something is worse, 2 if the arguments or the files are wrong
 */
export function main(args: readonly string[], write: (text: string) => void = (text) => process.stdout.write(text)): number {
  let code = SAME;
  const program = new Command('cdk-backup-dr').exitOverride().configureOutput({ writeOut: write, writeErr: write });
  program.command('diff <old> <new>')
    .description('compare two reports in Markdown; exits with 1 if something is worse')
    .action((before: string, after: string) => {
      const changes = changesBetween(readReport(before), readReport(after));
      write(diffText(changes));
      code = changes.some(({ kind }) => kind === 'worse') ? REGRESSION : SAME;
    });
  program.command('report <assembly>')
    .description('write the report of a cloud assembly, such as cdk.out, again')
    .option('--evidence <file...>', 'recovery records of runbooks, or the results of a drill')
    .option('--simulated', 'the records are from a local AWS')
    .action((assembly: string, { evidence = [], simulated = false }: { readonly evidence?: string[]; readonly simulated?: boolean }) => {
      const report = readReport(assembly);
      const added = evidence.flatMap((file) => evidenceOf(readJson(file), report, simulated));
      const all = newest({ ...report, evidence: [...report.evidence, ...added] });
      writeFileSync(join(assembly, 'recovery-report.json'), `${JSON.stringify(all, undefined, 2)}\n`);
      writeFileSync(join(assembly, 'recovery-report.md'), markdownOf(all));
      writeFileSync(join(assembly, 'recovery-report.html'), pageOf(all));
      write(`${join(assembly, 'recovery-report.html')}\n`);
    });
  try {
    program.parse(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? SAME : WRONG;
    }
    write(`${(error as Error).message}\n`);
    return WRONG;
  }
}

/** Each once, the newest first. */
function newest(report: RecoveryReport): RecoveryReport {
  const distinct = new Map(report.evidence.map((each): [string, EvidenceEntry] => [`${each.date} ${JSON.stringify(each)}`, each]));
  return { ...report, evidence: [...distinct].sort(([one], [other]) => one < other ? 1 : -1).map(([, each]) => each) };
}

/** @param file The JSON file of a report, or the folder that it is in */
function readReport(file: string): RecoveryReport {
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const report = readJson(isFolder ? join(file, 'recovery-report.json') : file) as RecoveryReport;
  if (report.version !== 1 || !Array.isArray(report.objectives)) {
    throw new Error(`'${file}' must be a recovery report of version 1, got ${report.version === undefined ? 'a file of another kind' : `version ${String(report.version)}`}`);
  }
  return report;
}

function readJson(file: string): object {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as object | null;
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    throw new Error(`'${file}' can't be read: ${(error as Error).message}`);
  }
}

const TITLES: Record<ChangeKind, string> = { worse: 'Worse', better: 'Better', other: 'Other changes' };

function diffText(changes: readonly ReportChange[]): string {
  const parts = (['worse', 'better', 'other'] as const).flatMap((kind) => {
    const those = changes.filter((each) => each.kind === kind);
    return those.length === 0 ? [] : [`## ${TITLES[kind]}`, '', ...those.map(({ of, text }) => `- ${escaped(of)}: ${escaped(text)}`), ''];
  });
  return ['# Recovery: what changes', '', ...parts.length === 0 ? ['No change to objectives, protection or checks.', ''] : parts].join('\n');
}
