import { existsSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { buildSync } from 'esbuild';
import { compareLoad } from './load';
import { BUILD, ROOT } from './measure';
import { compare } from './synthesis';

/**
 * Synthesis time and peak memory against the same resources written as L1, what two more tiers take, and how long the package
 * takes to load; all in turn and in the same run. Prints a table and writes `benchmark/results.json`.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SIZES = [1, 10, 100, 1000];

function main(): void {
  if (!existsSync(path.join(ROOT, 'lib', 'index.js'))) {
    throw new Error('compile first: npx projen compile');
  }
  // Not as one bundle: the package is loaded from where it is, as an app loads it.
  buildSync({
    entryPoints: ['apps.ts', 'tiers.ts', 'worker.ts'].map((file) => path.join(__dirname, file)), outdir: BUILD, format: 'cjs', platform: 'node',
  });
  console.log(`${os.cpus().length} × ${os.cpus()[0].model}, Node ${process.version}, ${ROUNDS} rounds, median (min to max)\n`);
  const synthesis = SIZES.map((tables) => ({
    tables, ...compare(ROUNDS, ['library', String(tables)], ['l1', String(tables)], `${String(tables).padStart(5)} tables`, 'L1'),
  }));
  console.log();
  const tiers = compare(ROUNDS, ['four-tiers'], ['two-tiers'], 'ten plans of four tiers', 'two tiers', 'types');
  writeFileSync(path.join(__dirname, 'results.json'), `${JSON.stringify({ synthesis, tiers, load: compareLoad() }, undefined, 2)}\n`);
}

main();
