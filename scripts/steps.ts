import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'fs';
import * as path from 'path';
import { mustRun, ROOT, run, tool } from './run';
import type { Run } from './run';

export const EXAMPLES_FOLDER = path.join(ROOT, 'examples');
export const REFERENCE_APP = path.join(EXAMPLES_FOLDER, 'reference-app');
/** Names of the examples that are one file, `app.ts`. */
export const EXAMPLES = readdirSync(EXAMPLES_FOLDER).filter((name) => existsSync(path.join(EXAMPLES_FOLDER, name, 'app.ts')));
/** Where each of them is synthesized, into a folder of its name. */
export const EXAMPLE_ASSEMBLIES = path.join(REFERENCE_APP, '.library', 'examples');
export const STAGES = ['dev', 'prod'] as const;
/** As those who install the library today have it. */
const NEWEST_CDK = ['aws-cdk-lib@^2', 'constructs@^10'];
export type StageName = typeof STAGES[number];

export function assemblyOf(stage: StageName): string {
  return path.join(REFERENCE_APP, 'cdk.out', stage);
}

/** From the sources to `lib`, `assets` and `.jsii`. */
export async function compile(): Promise<void> {
  await mustRun(tool('projen'), ['bundle']);
  await mustRun(tool('projen'), ['compile']);
}

/** Makes the npm package as it is published, and puts it where the reference app expects it. */
export async function packageJs(): Promise<void> {
  const dist = path.join(ROOT, 'dist', 'js');
  rmSync(dist, { recursive: true, force: true });
  await mustRun(tool('jsii-pacmak'), ['--target', 'js']);
  const library = path.join(REFERENCE_APP, '.library');
  mkdirSync(library, { recursive: true });
  cpSync(path.join(dist, only(dist, '.tgz')), path.join(library, 'cdk-backup-dr.tgz'));
}

/** Makes the Python package as it is published. */
export async function packagePython(): Promise<string> {
  const dist = path.join(ROOT, 'dist', 'python');
  rmSync(dist, { recursive: true, force: true });
  await mustRun(tool('jsii-pacmak'), ['--target', 'python']);
  return path.join(dist, only(dist, '.whl'));
}

/** Installs the reference app's own dependencies, and the package that was just made among them. */
export async function installReferenceApp(): Promise<void> {
  await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: REFERENCE_APP });
}

/** Installs the browser that opens the pages, which needs neither root nor a download of its own. */
export async function installBrowser(folder: string): Promise<void> {
  await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
}

/**
 * Installs the newest CDK that the peer dependencies allow over what the lockfile has, and writes that down nowhere.
 *
 * @returns what is installed now
 */
export async function installNewestCdk(project: string): Promise<string> {
  await mustRun('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...NEWEST_CDK], { cwd: project });
  const versionOf = (name: string) => JSON.parse(readFileSync(path.join(project, 'node_modules', name, 'package.json'), 'utf8')).version as string;
  return ['aws-cdk-lib', 'constructs'].map((name) => `${name} ${versionOf(name)}`).join(', ');
}

/** Synthesizes one stage with the CDK CLI, as a user does. */
export async function synthesize(stage: StageName): Promise<string> {
  rmSync(assemblyOf(stage), { recursive: true, force: true });
  return mustRun(tool('cdk', REFERENCE_APP), ['synth', '--quiet', '-c', `stage=${stage}`, '--output', path.relative(REFERENCE_APP, assemblyOf(stage))],
    { cwd: REFERENCE_APP });
}

/** Synthesizes an example against the package that the reference app has installed. */
export function synthesizeExample(name: string): Promise<Run> {
  const assembly = path.join(EXAMPLE_ASSEMBLIES, name);
  rmSync(assembly, { recursive: true, force: true });
  const source = readFileSync(path.join(EXAMPLES_FOLDER, name, 'app.ts'), 'utf8');
  return run(tool('tsx', REFERENCE_APP), ['--eval', source], { cwd: REFERENCE_APP, env: { CDK_OUTDIR: assembly } });
}

/** The one file of a kind in a folder. */
export function only(folder: string, suffix: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
  if (files.length !== 1) {
    throw new Error(`expected one ${suffix} file in ${path.relative(ROOT, folder)}, got ${files.join(', ') || 'none'}`);
  }
  return files[0];
}
