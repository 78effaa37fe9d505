import { spawnSync } from 'child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { mustRun, ROOT, tool } from './run';
import { installNewestCdk } from './steps';

/**
 * Tests with the newest CDK that the peer dependencies allow: in a copy of the checkout, whose own dependencies stay as
 * the lockfile has them.
 */
async function main(): Promise<void> {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'cdk-backup-dr-newest-cdk-'));
  try {
    await copyCheckout(copy);
    await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: copy });
    await mustRun('npm', ['pkg', 'delete', 'overrides'], { cwd: copy }); // nobody who installs the library has ours
    console.log(await installNewestCdk(copy));
    const { status } = spawnSync(tool('ts-node', copy), ['--transpile-only', '--project', 'tsconfig.dev.json', 'scripts/test.ts', '--newest-cdk'], { cwd: copy, stdio: 'inherit' });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What is committed, and what could be. */
async function copyCheckout(to: string): Promise<void> {
  const listed = await mustRun('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const file of new Set(listed.split('\0').filter((each) => each && existsSync(path.join(ROOT, each))))) {
    cpSync(path.join(ROOT, file), path.join(to, file));
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
