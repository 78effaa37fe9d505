import { execFileSync } from 'child_process';
import { existsSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { buildSync } from 'esbuild';

/**
 * Synthesis time and peak memory against the same resources written as L1, in turn and in the same run, and how long the
 * package takes to load. Prints a table and writes `benchmark/results.json`.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SIZES = [1, 10, 100, 1000];
const BUILD = path.join(__dirname, '..', '.benchmark'); // as deep as the sources, for their paths
const ROOT = path.join(__dirname, '..');

interface Measurement {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly types: Record<string, number>;
}

function main(): void {
  if (!existsSync(path.join(ROOT, 'lib', 'index.js'))) {
    throw new Error('compile first: npx projen compile');
  }
  buildSync({ entryPoints: ['apps.ts', 'worker.ts'].map((file) => path.join(__dirname, file)), outdir: BUILD, format: 'cjs', platform: 'node' });
  console.log(`${os.cpus().length} × ${os.cpus()[0].model}, Node ${process.version}, ${ROUNDS} rounds, median (min to max)\n`);
  const results = { synthesis: SIZES.map(synthesis), load: load() };
  writeFileSync(path.join(__dirname, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
}

function measure<T>(...args: string[]): T {
  return JSON.parse(execFileSync(process.execPath, [path.join(BUILD, 'worker.js'), ...args], { cwd: BUILD, encoding: 'utf8' })) as T;
}

function synthesis(tables: number): object {
  const pairs = Array.from({ length: ROUNDS + 1 }, () => ({
    library: measure<Measurement>('synth', 'library', String(tables)),
    l1: measure<Measurement>('synth', 'l1', String(tables)),
  })).slice(1); // the first round warms the caches of the machine
  const [{ library, l1 }] = pairs;
  if (JSON.stringify(Object.entries(library.types).sort()) !== JSON.stringify(Object.entries(l1.types).sort())) {
    throw new Error(`not the same resources: ${JSON.stringify(library.types)} and ${JSON.stringify(l1.types)}`);
  }
  const time = spread(pairs.map((pair) => pair.library.milliseconds / pair.l1.milliseconds));
  const memory = spread(pairs.map((pair) => pair.library.megabytes / pair.l1.megabytes));
  const milliseconds = spread(pairs.map((pair) => pair.library.milliseconds));
  const megabytes = spread(pairs.map((pair) => pair.library.megabytes));
  console.log(`${String(tables).padStart(5)} tables  ${say(milliseconds, 0)} ms  ${say(time, 2)} × L1   ${say(megabytes, 0)} MB  ${say(memory, 2)} × L1`);
  return { tables, milliseconds, timeAgainstL1: time, megabytes, memoryAgainstL1: memory };
}

function load(): object {
  const modules = ['aws-cdk-lib', 'constructs'];
  const pairs = Array.from({ length: ROUNDS + 1 }, () => ({
    own: measure<Measurement>('load', ...modules, ROOT).milliseconds,
    cdk: measure<Measurement>('load', ...modules).milliseconds,
  })).slice(1);
  const cdk = spread(pairs.map((pair) => pair.cdk));
  const beyond = spread(pairs.map((pair) => pair.own - pair.cdk));
  console.log(`\nload: aws-cdk-lib ${say(cdk, 0)} ms, this package ${say(beyond, 0)} ms more`);
  return { cdk, beyond };
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted[sorted.length - 1] };
}

function say({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

main();
