import { spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import { readFileSync, rmSync } from 'fs';
import { createInterface } from 'readline';
import { requester } from './request';
import type { Request } from './request';

export interface Program {
  /** The Python interpreter. */
  readonly python: string;
  /** The script that starts the server. */
  readonly script: string;
}

/** What the server says about itself when it is ready, in one line of JSON. */
interface Ready {
  readonly endpoint: string;
  readonly pid: number;
  readonly folder: string;
  readonly certificate: string | null;
}

export interface Server {
  readonly endpoint: string;
  /** The temporary folder of the server, and of its local Lambda functions. */
  readonly folder: string;
  readonly pid: number;
  readonly certificateFile?: string;
  readonly certificate?: string;
  readonly request: Request;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** How to end each of those that have been started. */
const running = new Set<() => Promise<void>>();

/** Ends every server of this process, one that is just starting too. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
}

const START_TIMEOUT = 60_000;
/** The server ends by itself after 5 s whatever it is doing. */
const END_TIMEOUT = 7_000;
/** What a process needs of its surroundings. No `AWS_*`: an empty endpoint there makes every local Lambda function hang. */
const KEPT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'TMPDIR'];

/**
 * Starts the server, and waits until it answers.
 *
 * It ends when nobody holds the other end of its standard input, so it does not outlive this process, even one that is killed.
 */
export async function startServer({ python, script }: Program, settings: Record<string, string>): Promise<Server> {
  const kept = KEPT.flatMap((name) => process.env[name] === undefined ? [] : [[name, process.env[name]]]);
  const child = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a process group of its own, with its Lambda functions: Ctrl-C in a terminal is for us alone
    env: { ...Object.fromEntries(kept), LOCAL_AWS_END_WITH_STDIN: '1', ...settings },
  });
  const logged: string[] = [];
  const log = () => logged.join('');
  child.stderr.on('data', (chunk) => logged.push(String(chunk)));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => { logged.push(error.message); resolve(127); });
    child.once('exit', (code) => resolve(code ?? 1));
  });
  let folder: string | undefined;
  const stop = async () => {
    await end(child, ended, folder);
    running.delete(stop);
  };
  running.add(stop);
  try {
    const { endpoint, pid, certificate, ...said } = await ready(child, ended, log);
    folder = said.folder;
    const trusted = certificate === null ? undefined : readFileSync(certificate, 'utf8');
    return {
      endpoint,
      pid,
      folder,
      log,
      stop,
      ...trusted !== undefined && { certificate: trusted, certificateFile: certificate! },
      request: requester(endpoint, trusted),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess, ended: Promise<number>, log: () => string): Promise<Ready> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the local AWS was not ready after ${START_TIMEOUT / 1000} s:\n${log()}`)), START_TIMEOUT);
  });
  const gone = ended.then((code) => { throw new Error(`the local AWS ended with ${code} before it was ready:\n${log()}`); });
  const lines = createInterface({ input: child.stdout! });
  const said = new Promise<Ready>((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith('{')) {
        resolve(JSON.parse(line) as Ready);
      }
    });
  });
  try {
    return await Promise.race([said, gone, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, ended: Promise<number>, folder?: string): Promise<void> {
  child.stdin!.destroy();
  const timer = setTimeout(() => killGroup(child), END_TIMEOUT);
  await ended;
  clearTimeout(timer);
  killGroup(child); // Lambda functions that outlived it
  if (folder) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
