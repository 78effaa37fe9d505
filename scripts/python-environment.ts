import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import * as path from 'path';
import { exclusively } from './exclusively';
import { ROOT, run } from './run';

const OLDEST = [3, 10] as const;
const NEWEST_MINOR = 15;

/**
 * A Python environment with exactly what a requirements file pins; made anew when the file changes.
 *
 * @returns the folder of its programs
 */
export async function pythonEnvironment(name: string, requirements: string): Promise<string> {
  const folder = path.join(ROOT, '.venv', name);
  const bin = path.join(folder, 'bin');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const marker = path.join(folder, 'requirements.sha256');
  const isMade = () => existsSync(marker) && readFileSync(marker, 'utf8') === hash;
  if (isMade()) {
    return bin;
  }
  mkdirSync(path.dirname(folder), { recursive: true });
  await exclusively(`${folder}.lock`, async () => {
    if (!isMade()) { // by somebody else, while we waited
      rmSync(folder, { recursive: true, force: true });
      await make(folder, requirements);
      writeFileSync(marker, hash);
    }
  });
  return bin;
}

async function make(folder: string, requirements: string): Promise<void> {
  const made = await run(await findPython(), ['-m', 'venv', folder]);
  if (made.code !== 0) {
    throw new Error(/ensurepip/.test(made.output)
      ? 'Python has no module "venv", which makes the environment for the tools in Python. On Debian and Ubuntu, install the package python3-venv.'
      : reasonOf(made.output, 'The Python environment can\'t be made'));
  }
  const pip = path.join(folder, 'bin', 'pip');
  const installed = await run(pip, ['install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements]);
  if (installed.code !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(reasonOf(installed.output, `The packages of ${path.relative(ROOT, requirements)} can't be installed`));
  }
}

/** The first Python of `PATH` that is new enough. */
export async function findPython(): Promise<string> {
  const minors = Array.from({ length: NEWEST_MINOR - OLDEST[1] + 1 }, (_, index) => NEWEST_MINOR - index);
  const found: string[] = [];
  for (const name of ['python3', ...minors.map((minor) => `python${OLDEST[0]}.${minor}`), 'python']) {
    const { code, output } = await run(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    const [, major, minor] = /^(\d+)\.(\d+)\s*$/.exec(output) ?? [];
    if (code !== 0 || major === undefined) {
      continue;
    }
    if (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]) {
      return name;
    }
    found.push(`${name} is ${major}.${minor}`);
  }
  throw new Error(`Python ${OLDEST.join('.')} or newer is needed, and PATH has ${found.length > 0 ? `only others: ${found.join(', ')}` : 'no Python'}.`);
}

/** One sentence for what a reader can do something about, else everything that was printed. */
function reasonOf(output: string, what: string): string {
  if (/No space left on device|ENOSPC|Errno 28/.test(output)) {
    return `${what}: no space left on the device.`;
  }
  if (/NewConnectionError|Temporary failure in name resolution|Name or service not known|ConnectTimeout|Network is unreachable|Max retries exceeded|ProxyError|Connection refused/.test(output)) {
    return `${what}: the package index can't be reached. Connect to the network once; afterwards no network is needed.`;
  }
  return `${what}:\n${output}`;
}
