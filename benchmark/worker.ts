import { mkdtempSync, rmSync } from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import { performance } from 'perf_hooks';
import type { App } from 'aws-cdk-lib';

/**
 * One measurement in a process of its own: `synth <library|l1> <tables>`, `synth <two-tiers|four-tiers>` or
 * `load [<module> [<name>...]]`, where the name `*` is all of them.
 */
const [what, ...args] = process.argv.slice(2);
void (what === 'load' ? load(args) : synth(args)).then((result) => console.log(JSON.stringify(result)));

async function load([module, ...names]: string[]): Promise<object> {
  const require = createRequire(__filename);
  const started = performance.now();
  require('aws-cdk-lib');
  require('constructs');
  const loaded = performance.now();
  if (module) {
    const exported = require(module) as Record<string, unknown>;
    for (const name of names.includes('*') ? Object.keys(exported) : names) {
      if (exported[name] === undefined) {
        throw new Error(`${module} has no ${name}`);
      }
    }
  }
  return { cdk: loaded - started, beyond: performance.now() - loaded };
}

async function synth(app: string[]): Promise<object> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'benchmark-'));
  process.env.CDK_OUTDIR = outdir;
  const define = await definitionOf(app);
  try {
    const started = performance.now();
    const { stacks } = define().synth();
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

/** What defines the app. The whole library is loaded by then, whatever the app is made of: how long that takes is measured apart. */
async function definitionOf([variant, tables]: string[]): Promise<() => App> {
  Object.values(createRequire(__filename)('../lib') as object);
  if (variant === 'two-tiers' || variant === 'four-tiers') {
    const { define } = await import('./tiers.js');
    return () => define(variant);
  }
  const { define } = await import('./apps.js');
  return () => define(variant as 'library' | 'l1', Number(tables));
}
