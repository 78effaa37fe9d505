import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { findPython, pythonEnvironment } from '../../../scripts/python-environment';
import { ROOT } from '../../../scripts/run';

const BASH = '/bin/bash';
let folder: string;
let before: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'python-'));
  before = process.env.PATH;
  process.env.PATH = folder;
});
afterEach(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
  rmSync(path.join(ROOT, '.venv', 'broken'), { recursive: true, force: true });
});

test('a Python that is new enough is found under another name, too', async () => {
  python('python3', 'echo 3.8');
  python('python3.12', 'echo 3.12');

  expect(await findPython()).toBe('python3.12');
});

test('without any Python, that is said', async () => {
  await expect(findPython()).rejects.toThrow('Python 3.10 or newer is needed, and PATH has no Python.');
});

test('what is too old is named', async () => {
  python('python3', 'echo 3.9');

  await expect(findPython()).rejects.toThrow('Python 3.10 or newer is needed, and PATH has only others: python3 is 3.9.');
});

test('a Python without its module for environments says which package has it', async () => {
  python('python3', '[ "$1" = -c ] && echo 3.11 || { echo "ensurepip is not available"; exit 1; }');

  await expect(environment()).rejects.toThrow(/^Python has no module "venv".* install the package python3-venv\.$/);
});

test.each([
  ['no network', 'NewConnectionError: Failed to establish a new connection', /can't be installed: the package index can't be reached/],
  ['no space', 'OSError: [Errno 28] No space left on device', /can't be installed: no space left on the device\.$/],
])('with %s, one sentence says so, and nothing half-made is left', async (_, printed, sentence) => {
  const pip = `#!${BASH}\necho "${printed}"; exit 1\n`;
  python('python3', `[ "$1" = -c ] && echo 3.11 || { /bin/mkdir -p "$3/bin"; printf '%s' '${pip}' > "$3/bin/pip"; /bin/chmod +x "$3/bin/pip"; }`);

  await expect(environment()).rejects.toThrow(sentence);
  expect(existsSync(path.join(ROOT, '.venv', 'broken'))).toBe(false);
  expect(existsSync(path.join(ROOT, '.venv', 'broken.lock'))).toBe(false);
});

function python(name: string, script: string): void {
  writeFileSync(path.join(folder, name), `#!${BASH}\n${script}\n`, { mode: 0o755 });
}

function environment(): Promise<string> {
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, 'nothing==1.0\n');
  return pythonEnvironment('broken', requirements);
}
