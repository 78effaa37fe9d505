import { appendFileSync, mkdtempSync, rmSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { summaryOf, templateDiff } from './templates';

/**
 * Prints what differs between the templates of two folders: one assembly each, or the assemblies of all stages. In a
 * workflow of GitHub, its page says so too.
 *
 * Usage: template-diff <base> <head>
 */
async function main([base, head]: string[]): Promise<void> {
  if (!base || !head) {
    throw new Error('usage: template-diff <base> <head>, each a folder with templates in it');
  }
  const work = mkdtempSync(path.join(os.tmpdir(), 'cdk-backup-dr-template-diff-'));
  try {
    const diff = await templateDiff(base, head, work);
    process.stdout.write(diff);
    if (process.env.GITHUB_STEP_SUMMARY) {
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, summaryOf(diff));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
