import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import * as path from 'path';
import { assemblyOf } from '../scripts/steps';
import { readAssembly } from '../test/deploy/assembly/assembly';
import { drill } from '../test/deploy/drill/drill';
import { LocalAws } from '../test/deploy/local-aws/local-aws';

/**
 * The drill of the stage prod, again and again: how long it takes, how much memory the local AWS and its Lambda functions take, and whether
 * a step is ever broken without a fault. Writes `benchmark/drill-results.json`.
 */
const RUNS = Number(process.env.DRILLS ?? 20);
const SAMPLE = 500;
const PAGE = 4096;

async function main(): Promise<void> {
  if (!existsSync(assemblyOf('prod'))) {
    throw new Error('synthesize first: npm run demo');
  }
  const stacks = readAssembly(assemblyOf('prod'));
  const seconds: number[] = [];
  const megabytes: number[] = [];
  const broken: string[] = [];
  for (let run = 1; run <= RUNS; run++) {
    const aws = await LocalAws.start();
    let peak = 0;
    const sampler = setInterval(() => { peak = Math.max(peak, memoryOf(aws.pid)); }, SAMPLE);
    try {
      const result = await drill(aws, { promised: stacks });
      seconds.push(result.seconds);
      megabytes.push(peak / 1e6);
      broken.push(...result.steps.filter(({ outcome }) => outcome !== 'held').map(({ id, seen }) => `run ${run}, ${id}: ${seen}`));
      console.log(`drill ${run}/${RUNS}: ${result.seconds.toFixed(1)} s, ${(peak / 1e6).toFixed(0)} MB`);
    } finally {
      clearInterval(sampler);
      await aws.stop();
    }
  }
  console.log(`${RUNS} drills: ${spread(seconds)} s, ${spread(megabytes)} MB, ${broken.length} steps broken\n${broken.join('\n')}`);
  writeFileSync(path.join(__dirname, 'drill-results.json'), `${JSON.stringify({ seconds, megabytes, broken }, undefined, 2)}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

/** The median, and from the least to the most. */
function spread(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(0)} (${sorted[0].toFixed(0)} to ${sorted.at(-1)!.toFixed(0)})`;
}

/** What the process group of the local AWS has in memory, in bytes. */
function memoryOf(group: number): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
      return Number(fields[2]) === group ? sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE : sum;
    } catch {
      return sum; // it has just ended
    }
  }, 0);
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
void main();
