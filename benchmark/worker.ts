import { mkdtempSync, rmSync } from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import { performance } from 'perf_hooks';

/**
 * One measurement in a process of its own: `synth <library|l1> <tables>` or `load <module>...`.
 */
const [what, ...args] = process.argv.slice(2);
void (what === 'load' ? load(args) : synth(args[0] as 'library' | 'l1', Number(args[1]))).then((result) => console.log(JSON.stringify(result)));

async function load(modules: string[]): Promise<object> {
  const started = performance.now();
  for (const module of modules) {
    createRequire(__filename)(module);
  }
  return { milliseconds: performance.now() - started };
}

async function synth(variant: 'library' | 'l1', tables: number): Promise<object> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'benchmark-'));
  process.env.CDK_OUTDIR = outdir;
  const { define } = await import('./apps.js');
  try {
    const started = performance.now();
    const { stacks } = define(variant, tables).synth();
    const milliseconds = performance.now() - started;
    const types: Record<string, number> = {};
    for (const { Type } of stacks.flatMap(({ template }) => Object.values<{ Type: string }>(template.Resources))) {
      types[Type] = (types[Type] ?? 0) + 1;
    }
    return { milliseconds, megabytes: process.resourceUsage().maxRSS / 1024, types };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
    process.removeAllListeners('beforeExit'); // the app would synthesize once more
  }
}
