import { spawn } from 'child_process';
import type { ChildProcess } from 'child_process';
import { existsSync, mkdtempSync, readFileSync } from 'fs';
import { createServer } from 'net';
import { tmpdir } from 'os';
import * as path from 'path';
import { requester } from './request';
import type { Request } from './request';

export interface Program {
  /** The Python interpreter. */
  readonly python: string;
  /** The script that starts the server. */
  readonly script: string;
}

export interface ServerOptions {
  readonly program: Program;
  readonly tls: boolean;
  /** What the server's environment has besides `PATH` and the like; nothing else of the caller's environment gets there. */
  readonly env: (folder: string) => Record<string, string>;
  /** The path that answers as soon as the server is ready. */
  readonly readyAt: string;
}

export interface Server {
  readonly endpoint: string;
  readonly folder: string;
  readonly pid: number;
  /** The certificate of an endpoint with TLS. */
  readonly certificate?: string;
  readonly request: Request;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT = 60_000;
const POLL = 50;
const ATTEMPTS = 5;
/** What a process needs of its surroundings. No `AWS_*`: an empty endpoint there makes every local Lambda function hang. */
const KEPT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'SYSTEMROOT'];

/** Starts the server on a free port of the loopback interface; another program may take the port in between, so it tries again. */
export async function startServer(options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      if (attempt === ATTEMPTS || !/already in use/.test(String(error))) {
        throw error;
      }
    }
  }
}

async function startOn(port: number, { program, tls, env, readyAt }: ServerOptions): Promise<Server> {
  const folder = mkdtempSync(path.join(tmpdir(), 'local-aws-'));
  const log = path.join(folder, 'log');
  let logged = '';
  const supervisor = spawn(program.python, [path.join(__dirname, 'supervise.py'), folder, log, program.python, program.script], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // Ctrl-C in a terminal is for us alone: we end it
    env: {
      ...Object.fromEntries(KEPT.flatMap((name) => process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      BIND_HOST: HOST,
      GATEWAY_PORT: String(port),
      TMPDIR: folder,
      ...tls && { USE_SSL: '1' },
      ...env(folder),
    },
  });
  supervisor.stderr!.on('data', (chunk) => { logged += String(chunk); });
  const ended = new Promise<number>((resolve) => {
    supervisor.once('error', (error) => { logged += error.message; resolve(127); });
    supervisor.once('exit', (code) => resolve(code ?? 1));
  });
  const readLog = () => logged + (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const stop = () => end(supervisor, ended);
  try {
    const endpoint = `${tls ? 'https' : 'http'}://${HOST}:${port}`;
    const { request, certificate } = await ready({ endpoint, certificateFile: tls ? path.join(folder, 'ministack-tls', 'server.crt') : undefined, ended, readyAt, readLog });
    return { endpoint, folder, pid: supervisor.pid!, certificate, request, log: readLog, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Awaited {
  readonly endpoint: string;
  readonly certificateFile?: string;
  readonly ended: Promise<number>;
  readonly readyAt: string;
  readonly readLog: () => string;
}

async function ready({ endpoint, certificateFile, ended, readyAt, readLog }: Awaited): Promise<{ request: Request; certificate?: string }> {
  let code: number | undefined;
  let lastLog = '';
  void ended.then((value) => { code = value; });
  for (const until = Date.now() + START_TIMEOUT; Date.now() < until; await pause(POLL)) {
    if (code !== undefined) {
      throw new Error(`the local AWS ended with ${code} before it was ready:\n${lastLog || readLog()}`);
    }
    lastLog = readLog() || lastLog;
    if (certificateFile && !existsSync(certificateFile)) {
      continue;
    }
    const certificate = certificateFile && readFileSync(certificateFile, 'utf8');
    const request = requester(endpoint, certificate);
    if (await request('GET', readyAt).then(() => true, () => false)) {
      return { request, certificate };
    }
  }
  throw new Error(`the local AWS was not ready after ${START_TIMEOUT / 1000} s:\n${readLog()}`);
}

/** The supervisor ends when nobody holds its standard input, and the server with it. */
async function end(supervisor: ChildProcess, ended: Promise<number>): Promise<void> {
  supervisor.stdin!.destroy();
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
