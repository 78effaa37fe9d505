import { spawn } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';

const DAY = 86_400;
let folder: string;
let clock: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clock-'));
  clock = path.join(folder, 'clock.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('dates are in simulated time, and stay dates', async () => {
  ahead(130 * DAY);

  const { line } = run('const d = new Date(); console.log(JSON.stringify([Date.now(), d.getTime(), d instanceof Date, new Date(0).toISOString(), typeof Date()]))');
  const [now, made, isDate, epoch, type] = JSON.parse(await line) as [number, number, boolean, string, string];

  expect(Math.abs(now - Date.now() - 130 * DAY * 1000)).toBeLessThan(60_000);
  expect(made - now).toBeLessThan(1000);
  expect([isDate, epoch, type]).toEqual([true, '1970-01-01T00:00:00.000Z', 'string']);
});

test('before the clock is moved, time is real', async () => {
  const { line } = run('console.log(Date.now())');

  expect(Math.abs(Number(await line) - Date.now())).toBeLessThan(60_000);
});

test.each([
  ['setTimeout', 'setTimeout(() => console.log("done"), 200_000)'],
  ['its promise', 'require("timers/promises").setTimeout(200_000).then(() => console.log("done"))'],
  ['its promisified form', 'require("util").promisify(setTimeout)(200_000).then(() => console.log("done"))'],
])('a wait of 200 s by %s ends when the clock is moved past it', async (_, script) => {
  ahead(0);
  const { line, child } = run(script);
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  expect(child.exitCode).toBeNull();

  ahead(201);

  expect(await line).toBe('done');
});

test('a wait that is cleared does not end', async () => {
  const { line } = run('const wait = setTimeout(() => console.log("not cleared"), 100); clearTimeout(wait); setTimeout(() => console.log("done"), 400)');

  expect(await line).toBe('done');
});

function ahead(offsetSeconds: number): void {
  writeFileSync(clock, JSON.stringify({ offsetSeconds }));
}

function run(script: string) {
  const child = spawn(process.execPath, [`--require=${path.join(__dirname, 'lambda-clock.cjs')}`, '--eval', script], {
    env: { ...process.env, LOCAL_AWS_CLOCK_FILE: clock },
  });
  let output = '';
  child.stdout.on('data', (chunk) => { output += String(chunk); });
  return { child, line: new Promise<string>((resolve) => child.once('close', () => resolve(output.trim()))) };
}
