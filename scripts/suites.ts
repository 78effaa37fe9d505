import { createHash } from 'crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { pythonEnvironment } from './python-environment';
import { mustRun, ROOT, run, tool } from './run';
import type { Run } from './run';
import { stacksOf } from './stacks';
import {
  assemblyOf, compile, EXAMPLE_ASSEMBLIES, EXAMPLES, EXAMPLES_FOLDER, installBrowser, installNewestCdk, installReferenceApp, packageJs, packagePython,
  REFERENCE_APP, STAGES, synthesize, synthesizeExample,
} from './steps';

export interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

export interface Suite {
  readonly name: string;
  readonly run: () => Promise<Result>;
  /** Whether nothing can be said of the others when this one fails. */
  readonly isNeededByAll?: boolean;
}

export const compileSuite: Suite = { name: 'compile, and compare the API with the last release', run: () => check(compile()), isNeededByAll: true };

const types: Suite = { name: 'types of tests, scripts and benchmark', run: () => checkRun(tool('tsc'), ['--noEmit', '-p', 'tsconfig.dev.json']) };
const packaged: Suite = { name: 'npm package, and nothing in it that is not for its users', run: npmPackage };
const installed: Suite = { name: 'reference app installs the package', run: () => check(installReferenceApp()) };
const appTypes: Suite = { name: 'reference app: types', run: () => checkRun(tool('tsc', REFERENCE_APP), ['--noEmit'], REFERENCE_APP) };

export const suites: Suite[] = [
  { name: 'generated files are as projen and the API say', run: generatedFiles },
  types,
  { name: 'unit tests', run: () => jest('--coverage=false') },
  { name: 'examples of README and docstrings compile', run: () => checkRun(tool('projen'), ['rosetta']) },
  { name: 'the compiled package: its index, and the names that messages know', run: () => jestOf('test/package') },
  packaged,
  installed,
  { name: 'commands of the runbooks, by the models of the AWS CLI', run: runbookCommands },
  { name: 'lint, import ranks included', run: () => checkRun(tool('eslint'), ['--ext', '.ts', '--max-warnings', '0', '.', '.projenrc.ts']) },
  { name: 'examples synthesize without a warning', run: examples },
  appTypes,
  { name: 'reference app: tests', run: referenceAppTests },
  { name: 'reference app: both stages synthesize without a warning', run: synthesizeStages },
  { name: 'pages of the recovery report in a browser', run: browserTests },
  { name: 'reference app: its policies, decided', run: () => jestOf('test/reference-app') },
  { name: 'reference app: cfn-lint', run: cfnLint },
  { name: 'Python apps make the same templates as the examples', run: python },
  { name: 'local AWS: the simulator', run: simulatorTests },
  { name: 'local AWS: its process, and deployments from the cloud assembly', run: () => jestOfDeploy('local-aws', 'assembly', 'deployment') },
  { name: 'local AWS: deployments by the CDK CLI', run: () => jestOfDeploy('cli') },
  { name: 'local AWS: the drill', run: () => jestOfDeploy('drill') },
  { name: 'local AWS: faults that the drill sees', run: () => jestOfDeploy('sabotage') },
];

/** What another version of the CDK can break. */
export const newestCdkSuites: Suite[] = [
  compileSuite,
  types,
  { name: 'unit tests, with their coverage', run: () => jest() }, // here, since it takes almost as much time as the tests
  packaged,
  installed,
  { name: 'reference app installs the newest CDK', run: () => check(installNewestCdk(REFERENCE_APP)), isNeededByAll: true },
  appTypes,
  // Whatever it warns of: of what the CDK uses of its own, and of what the app uses, which has another CDK in its lockfile.
  { name: 'reference app: both stages synthesize', run: () => check(Promise.all(STAGES.map(synthesize))) },
];

async function check(work: Promise<unknown>): Promise<Result> {
  await work;
  return { passed: 1, failed: 0, output: '' };
}

async function checkRun(command: string, args: string[], cwd?: string): Promise<Result> {
  return asOne(await run(command, args, { cwd, env: { CI: '1' } }));
}

function asOne({ code, output }: Run): Result {
  return code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}

async function generatedFiles(): Promise<Result> {
  const { files } = JSON.parse(readFileSync(path.join(ROOT, '.projen', 'files.json'), 'utf8')) as { files: string[] };
  const all = [...files, 'package.json', 'package-lock.json', 'API.md'];
  const hashes = () => all.map((file) => existsSync(path.join(ROOT, file)) ? createHash('sha256').update(readFileSync(path.join(ROOT, file))).digest('hex') : 'none');
  const before = hashes();
  await mustRun(tool('projen'), ['default']);
  await mustRun(tool('projen'), ['docgen']);
  const after = hashes();
  const changed = all.filter((_, index) => before[index] !== after[index]);
  return changed.length === 0
    ? { passed: 1, failed: 0, output: '' }
    : { passed: 0, failed: 1, output: `these files were not as they are generated; commit them as they are now: ${changed.join(', ')}` };
}

async function jest(...args: string[]): Promise<Result> {
  const file = path.join(os.tmpdir(), `cdk-backup-dr-jest-${process.pid}.json`);
  const { code, output } = await run(tool('jest'), ['--ci', '--json', `--outputFile=${file}`, ...args], { env: { CI: '1' } });
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, output };
  }
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  const failed = Math.max(numFailedTests, numFailedTestSuites);
  // A coverage below the threshold fails the run, not a test.
  return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed, output };
}

/** The tests that the unit tests leave out, since they want more than sources. */
function jestOf(folder: string): Promise<Result> {
  return jest(folder, '--coverage=false', '--testPathIgnorePatterns=/node_modules/');
}

/** Those that run on a local AWS, by folders below test/deploy. */
function jestOfDeploy(...folders: string[]): Promise<Result> {
  return jest('-c', 'test/deploy/jest.config.cjs', '--coverage=false', ...folders.map((folder) => `test/deploy/${folder}/`));
}

/** Types first: they are in no other suite, since they want the browser's. */
async function browserTests(): Promise<Result> {
  const folder = path.join(ROOT, 'test', 'browser');
  await installBrowser(folder);
  const typed = await run(tool('tsc'), ['--noEmit', '-p', folder]);
  return typed.code === 0 ? jest('-c', 'test/browser/jest.config.cjs', '--coverage=false') : asOne(typed);
}

async function simulatorTests(): Promise<Result> {
  const simulator = path.join(ROOT, 'test', 'deploy', 'local-aws', 'simulator');
  const bin = await pythonEnvironment('local-aws', path.join(simulator, 'requirements.txt'));
  const { code, output } = await run(path.join(bin, 'python'), ['-m', 'pytest', '-q', '--color=no'], { cwd: simulator });
  const count = (what: string) => [...output.matchAll(new RegExp(`(\\d+) ${what}`, 'g'))].reduce((sum, [, number]) => sum + Number(number), 0);
  const failed = count('failed') + count('errors?\\b');
  return { passed: count('passed'), failed: code !== 0 && failed === 0 ? 1 : failed, output };
}

async function referenceAppTests(): Promise<Result> {
  const { code, output } = await run('npm', ['test', '--silent'], { cwd: REFERENCE_APP, env: { CI: '1' } });
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return { passed: count('pass'), failed: code !== 0 && failed === 0 ? 1 : failed, output };
}

async function synthesizeStages(): Promise<Result> {
  let output = '';
  for (const stage of STAGES) {
    const printed = await synthesize(stage);
    output += warningsOf(assemblyOf(stage), printed).map((warning) => `${stage}: ${warning}\n`).join('');
  }
  return output === '' ? { passed: STAGES.length, failed: 0, output } : { passed: 0, failed: 1, output };
}

/** Those of the stacks, and those that were printed. */
function warningsOf(assembly: string, printed: string): string[] {
  const messages = stacksOf(assembly).flatMap((stack) => stack.messages.map((message) => `${stack.name}: ${message}`));
  return [...messages, ...printed.split('\n').filter((line) => /warning/i.test(line) && !/^npm /.test(line))];
}

/** A test for each example, its types included. */
async function examples(): Promise<Result> {
  const checked = run(tool('tsc'), ['-p', EXAMPLES_FOLDER]);
  const problems = await Promise.all(EXAMPLES.map(async (name) => {
    const { code, output } = await synthesizeExample(name);
    const found = code === 0 ? warningsOf(path.join(EXAMPLE_ASSEMBLIES, name), output) : [output];
    const mistyped = (await checked).output.split('\n').filter((line) => line.startsWith(`examples/${name}/`));
    return [...mistyped, ...found].map((problem) => `${name}: ${problem}\n`).join('');
  }));
  const failed = problems.filter((problem) => problem !== '').length;
  return (await checked).code !== 0 && failed === 0
    ? { passed: 0, failed: 1, output: (await checked).output }
    : { passed: EXAMPLES.length - failed, failed, output: problems.join('') };
}

/** Bundles of the functions of this library. */
const HANDLERS = 4;

async function npmPackage(): Promise<Result> {
  await packageJs();
  const listed = await mustRun('tar', ['-tzf', path.join(REFERENCE_APP, '.library', 'cdk-backup-dr.tgz')]);
  const files = listed.trim().split('\n').map((file) => file.replace(/^package\//, ''));
  const isForUsers = /^(\.jsii|API\.md|LICENSE|README\.md|SECURITY\.md|package\.json|bin\/cdk-backup-dr|node_modules\/commander\/.+|assets\/[\w-]+\/[\w-]+\.lambda\/index\.js|docs\/runbooks\/[\w-]+\.md|docs\/schemas\/[\w-]+\.json|lib\/(bundled\/)?index\.js|lib\/.*\.d\.ts)$/;
  const stray = files.filter((file) => !isForUsers.test(file) || /\.lambda(-shared)?\.(js|d\.ts)$/.test(file));
  const handlers = files.filter((file) => file.startsWith('assets/')).length;
  return stray.length === 0 && handlers === HANDLERS
    ? { passed: 1, failed: 0, output: '' }
    : { passed: 0, failed: 1, output: `of no use in the package: ${stray.join(', ') || 'nothing'}; bundled handlers in it: ${handlers}` };
}

async function cfnLint(): Promise<Result> {
  const bin = await pythonEnvironment('cfn-lint', path.join(ROOT, 'scripts', 'python', 'cfn-lint.txt'));
  const stacks = STAGES.flatMap((stage) => stacksOf(assemblyOf(stage)));
  const results = await Promise.all(regionsOf(stacks.map((stack) => stack.region)).map((region) => run(path.join(bin, 'cfn-lint'), [
    '--regions', region, '--', ...stacks.filter((stack) => stack.region === region).map((stack) => stack.templateFile),
  ])));
  const failed = results.filter(({ code }) => code !== 0);
  return failed.length === 0
    ? { passed: stacks.length, failed: 0, output: '' }
    : { passed: 0, failed: failed.length, output: failed.map(({ output }) => output).join('\n') };
}

/** A test for each page. */
async function runbookCommands(): Promise<Result> {
  const scripts = path.join(ROOT, 'scripts', 'python');
  const runbooks = path.join(ROOT, 'docs', 'runbooks');
  const pages = readdirSync(runbooks).filter((file) => file.endsWith('.md'));
  const bin = await pythonEnvironment('runbooks', path.join(scripts, 'runbooks.txt'));
  const { code, output } = await run(path.join(bin, 'python'), [path.join(scripts, 'runbook_commands.py'), ...pages.map((page) => path.join(runbooks, page))]);
  const wrong = pages.filter((page) => output.split('\n').some((line) => line.startsWith(`${page}: `)));
  const failed = code !== 0 && wrong.length === 0 ? pages.length : wrong.length;
  return { passed: pages.length - failed, failed, output };
}

function regionsOf(regions: string[]): string[] {
  return [...new Set(regions)];
}

async function python(): Promise<Result> {
  const example = path.join(EXAMPLES_FOLDER, 'python');
  const wheel = await packagePython();
  const bin = await pythonEnvironment('python-example', path.join(example, 'requirements.txt'));
  await mustRun(path.join(bin, 'pip'), ['install', '--quiet', '--force-reinstall', '--no-deps', wheel]);
  await Promise.all(['single-account', 'two-accounts'].map(synthesizeExample));
  const { code, output } = await run(path.join(bin, 'python'), ['-m', 'unittest', '-v'], { cwd: example, env: { EXAMPLE_ASSEMBLIES } });
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const bad = [...output.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  const failed = code !== 0 && bad === 0 ? 1 : bad;
  return { passed: Math.max(0, ran - bad), failed, output };
}
