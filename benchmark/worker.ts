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
  const before = process.cpuUsage();
  if (module) {
    const exported = require(module) as Record<string, unknown>;
    for (const name of names.includes('*') ? Object.keys(exported) : names) {
      if (exported[name] === undefined) {
        throw new Error(`${module} has no ${name}`);
      }
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { cdk: loaded - started, beyond: performance.now() - loaded, cpu: (user + system) / 1000 };
}

async function synth(app: string[]): Promise<object> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'benchmark-'));
  process.env.CDK_OUTDIR = outdir;
  const define = await definitionOf(app);
  try {
    const before = process.cpuUsage();
    const started = performance.now();
    const { stacks } = define().synth();
    const milliseconds = performance.now() - started;
    const user = process.cpuUsage(before).user / 1000;
    const megabytes = process.resourceUsage().maxRSS / 1024;
    const templates = stacks.map(({ template }) => template as Template);
    return {
      milliseconds,
      user,
      megabytes,
      types: countOf(templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type))),
      resources: countOf(templates.flatMap(resourcesOf)),
    };
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

interface Template {
  readonly Resources: Record<string, { readonly Type: string }>;
}

const FOR_PEOPLE = ['Description', 'reason'];

/** The resources of a template as texts, whatever the order of their keys, their logical ids, the hash in a name, and what only people read. */
function resourcesOf({ Resources }: Template): string[] {
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return Resources[value]?.Type ?? value.replace(/-[0-9a-f]{8}(?=-|$)/g, '');
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map(plain);
    }
    const entries = Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1);
    return Object.fromEntries(entries.map(([key, each]) => [key, FOR_PEOPLE.includes(key) ? key : plain(each)]));
  };
  return Object.values(Resources).map((resource) => JSON.stringify(plain(resource)));
}

function countOf(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}
