import { spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import * as path from 'path';

export const ROOT = path.resolve(__dirname, '..');

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Run {
  readonly code: number;
  readonly output: string;
}

const HEARTBEAT = 15_000;

/**
 * Runs a command and keeps what it prints; says every 15 seconds that it still runs.
 */
export function run(command: string, args: string[], { cwd = ROOT, env = {} }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const started = Date.now();
    const chunks: string[] = [];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...QUIET, ...env }, detached: true });
    running.add(child);
    const heartbeat = setInterval(() => console.log(`    ... ${command} ${args[0] ?? ''}, ${seconds(started)}`), HEARTBEAT);
    child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
    child.stderr.on('data', (chunk) => chunks.push(String(chunk)));
    const end = (code: number, more = '') => {
      clearInterval(heartbeat);
      running.delete(child);
      resolve({ code, output: chunks.join('') + more });
    };
    child.on('error', (error) => end(127, `${command}: ${error.message}\n`));
    child.on('close', (code) => end(code ?? 1));
  });
}

const running = new Set<ChildProcess>();

/** Ends every command that still runs, with all that it has started. */
export function endCommands(): void {
  for (const { pid } of running) {
    try {
      process.kill(-pid!, 'SIGTERM'); // each is the first of a process group
    } catch {
      // it has just ended
    }
  }
}

// They are no part of the group that a terminal interrupts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, function end() {
    endCommands();
    process.removeListener(signal, end);
    if (process.listenerCount(signal) === 0) {
      process.kill(process.pid, signal);
    }
  });
}

/** As `run`, for a step that everything after it needs. */
export async function mustRun(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
  }
  return output;
}

export function seconds(started: number): string {
  return `${Math.round((Date.now() - started) / 1000)} s`;
}

/** The path of a tool that npm installed. */
export function tool(name: string, project = ROOT): string {
  return path.join(project, 'node_modules', '.bin', name);
}

const QUIET: NodeJS.ProcessEnv = {
  ESLINT_USE_FLAT_CONFIG: 'false', // projen writes the configuration in the older form
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
  JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
  NODE_NO_WARNINGS: '1',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};
