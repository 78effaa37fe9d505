import { execFileSync } from 'child_process';
import { writeFileSync } from 'fs';
import * as path from 'path';
import { buildSync } from 'esbuild';
import { BUILD } from './measure';

/**
 * Captures of clusters of Amazon ECS from APIs with the rates of AWS and a clock that is turned: how long they would take there, their
 * memory, and the size of their objects. Writes `benchmark/capture-results.json`.
 */
const EVENTS = 100; // AWS answers up to so many for a service

/** What Lambda gives: at most 15 minutes, and 512 MB as the function has them, of which Node.js gets this heap. */
const LONGEST = 15 * 60;
const MEMORY = 512;
const HEAP = 384;

/** More services than that don't fit, and are measured without a limit. */
const LARGEST = 3_000;

function main(): void {
  const worker = path.join(BUILD, 'capture-worker.js');
  buildSync({ entryPoints: [path.join(__dirname, 'capture-worker.ts')], outfile: worker, bundle: true, platform: 'node', external: ['@aws-sdk/*'] });
  const measure = (options: string[], ...args: (string | number)[]) => JSON.parse(
    execFileSync(process.execPath, [...options, worker, ...args.map(String)], { encoding: 'utf8' }));

  const sizes = [[100, EVENTS], [1_000, EVENTS], [1_000, 0], [LARGEST, EVENTS], [5_000, EVENTS], [5_000, 0]];
  const clusters = sizes.map(([services, events]) => {
    const result = measure(services <= LARGEST ? [`--max-old-space-size=${HEAP}`] : [], 'cluster', services, events);
    console.log(`${services} services, ${events} events of each: ${result.seconds.toFixed(0)} s of AWS, ${result.cpuSeconds.toFixed(1)} s of a processor, `
      + `${result.megabytes.toFixed(0)} MB of memory, ${result.calls} calls, ${result.throttled} throttled, `
      + `object ${result.objectMegabytes.toFixed(2)} MB, of ${result.jsonMegabytes.toFixed(1)} MB of JSON`);
    return { services, events, ...result };
  });
  const many = measure([], 'clusters', 100, 20);
  console.log(`100 clusters of 20 services: ${many.minutes.toFixed(0)} min of AWS for all, two at a time, ${many.longestSeconds.toFixed(0)} s at most for one, `
    + `${many.calls} calls, ${many.throttled} throttled, objects ${many.objectMegabytes.toFixed(1)} MB`);
  writeFileSync(path.join(__dirname, 'capture-results.json'), `${JSON.stringify({ clusters, many }, undefined, 2)}\n`);

  const isKept = clusters.filter(({ services }) => services <= LARGEST)
    .every(({ seconds, megabytes, throttled }) => seconds < LONGEST && megabytes < MEMORY && throttled === 0);
  process.exitCode = isKept && many.documents === 100 ? 0 : 1;
}

main();
