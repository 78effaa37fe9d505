import { spawn } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { ROOT, tool } from '../../../scripts/run';

/** As many moments as LOCAL_AWS_INTERRUPTS says: 30 of them took 4 minutes, and npm test has a few. */
const MOMENTS = Number(process.env.LOCAL_AWS_INTERRUPTS ?? 4);
/** The whole demo takes about as long from the templates on. */
const SPAN = 14_000;
const END_TIMEOUT = 15_000;

test.each(Array.from({ length: MOMENTS }, (_, index) => Math.round(SPAN * (index + Math.random()) / MOMENTS)))(
  'interrupted after %i ms, the demo says that it has cleaned up, and nothing of it is left', async (moment) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'interrupt-'));
    const demo = spawn(tool('ts-node'), ['--transpile-only', '--project', 'tsconfig.dev.json', 'scripts/demo.ts', '--as-synthesized', '--only', 'compare'], {
      cwd: ROOT, env: { ...process.env, TMPDIR: folder },
    });
    let output = '';
    demo.stdout.on('data', (chunk) => { output += String(chunk); });
    demo.stderr.on('data', (chunk) => { output += String(chunk); });
    const ended = new Promise<number | null>((resolve) => demo.once('exit', (code) => resolve(code)));
    await Promise.race([ended, pause(moment)]);

    demo.kill('SIGINT');
    const late = setTimeout(() => demo.kill('SIGKILL'), END_TIMEOUT);
    const code = await ended;
    clearTimeout(late);

    expect([0, 130, null]).toContain(code); // null: before it could listen
    expect(demo.signalCode).not.toBe('SIGKILL');
    if (code === 130) {
      expect(output).toMatch(/Interrupted by SIGINT: cleaning up \.\.\.\n(.*\n)*Cleaned up: /);
    }
    await eventually(() => processesIn(folder).length === 0 && ownFilesIn(folder).length === 0);
    expect([processesIn(folder), ownFilesIn(folder)]).toEqual([[], []]);
    expect(existsSync(path.join(ROOT, '.demo.lock'))).toBe(false);
    rmSync(folder, { recursive: true });
  });

/** Processes that have the folder in their environment: the local AWS, and its Lambda functions. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`TMPDIR=${folder}`));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // it has ended, or is somebody else's
  }
}

/** Node.js keeps compiled code there. */
function ownFilesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !/^(node-compile-cache|ts-node|v8-compile-cache)/.test(name));
}

async function eventually(isSo: () => boolean): Promise<void> {
  for (const until = Date.now() + END_TIMEOUT; !isSo() && Date.now() < until;) {
    await pause(50);
  }
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => { setTimeout(() => resolve(undefined), milliseconds); });
}
