import { existsSync } from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { exclusively } from './exclusively';
import { mustRun, ROOT, seconds, tool } from './run';
import { assemblyOf, compile, installReferenceApp, packageJs, REFERENCE_APP, STAGES, synthesize } from './steps';
import type { StageName } from './steps';
import { readAssembly } from '../test/deploy/assembly/assembly';
import type { AssemblyStack } from '../test/deploy/assembly/assembly';
import { storyOfStacks } from '../test/deploy/drill/drill';
import { stepsFor } from '../test/deploy/drill/story';
import { invitationOf, tell } from '../test/deploy/drill/tell';
import { LocalAws } from '../test/deploy/local-aws/local-aws';

const USAGE = `npm run demo -- [--stage prod|dev] [--list] [--only <step>[,<step>...]] [--keep] [--as-synthesized]

  --stage           the stage that is deployed; prod by default
  --list            print the steps with what they promise, and try none
  --only            try these steps, and those that they need
  --keep            leave the local AWS up afterwards, and say how to look at it
  --as-synthesized  take the templates that are in examples/reference-app/cdk.out
`;

/**
 * Builds the library, installs it into the reference app as a user would, synthesizes both stages, and deploys one of them into a local AWS,
 * where backups are made, copied, lost and restored.
 */
async function main(): Promise<void> {
  const { stage, list, only, keep, synthesized } = readArguments();
  endWhenInterrupted();
  const stacks = await exclusively(path.join(ROOT, '.demo.lock'), () => synthesizedStacks(stage, synthesized));
  const { promises, story } = storyOfStacks(stacks);
  const steps = only ? stepsFor(story, only) : story;
  if (list) {
    console.log(steps.map(({ id, promise }) => `${id}: ${promise}`).join('\n'));
    return;
  }
  process.exitCode = 1;
  const aws = await LocalAws.start();
  try {
    const file = path.join(ROOT, 'drill.json');
    const hasHeld = await tell(aws, { stage, stacks, only, file });
    process.exitCode = hasHeld ? 0 : 1;
    const written = await mustRun(tool('cdk-backup-dr', REFERENCE_APP), ['report', assemblyOf(stage), '--evidence', file]);
    console.log(`The recovery report of this stage, with what was recovered here: ${written.trim()}`);
    if (keep) {
      console.log(invitationOf(aws, promises));
      await new Promise(() => { setInterval(() => undefined, 2 ** 30); }); // until it is interrupted
    }
  } finally {
    await aws.stop();
  }
}

interface Arguments {
  readonly stage: StageName;
  readonly list: boolean;
  readonly only?: string[];
  readonly keep: boolean;
  readonly synthesized: boolean;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        'stage': { type: 'string', default: 'prod' },
        'list': { type: 'boolean', default: false },
        'only': { type: 'string' },
        'keep': { type: 'boolean', default: false },
        'as-synthesized': { type: 'boolean', default: false },
      },
    });
    const stage = STAGES.find((name) => name === values.stage);
    if (stage === undefined) {
      throw new Error(`'--stage' must be ${STAGES.join(' or ')}, got ${values.stage}`);
    }
    return { stage, list: values.list, only: values.only?.split(','), keep: values.keep, synthesized: values['as-synthesized'] };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`);
  }
}

let isEnding = false;

/** Whatever was started is ended first, and that is said. */
function endWhenInterrupted(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!isEnding) {
        isEnding = true;
        console.log(`\nInterrupted by ${signal}: cleaning up ...`);
        void LocalAws.stopAll().finally(() => {
          console.log('Cleaned up: nothing runs any more, and no temporary file is left.');
          process.exit(130);
        });
      }
    });
  }
}

async function synthesizedStacks(stage: StageName, synthesized: boolean): Promise<AssemblyStack[]> {
  if (!synthesized || !existsSync(assemblyOf(stage))) {
    await step('compile the library', compile);
    await step('make the npm package', packageJs);
    await step('install it into the reference app', installReferenceApp);
    for (const name of STAGES) {
      await step(`synthesize the stage ${name}`, () => synthesize(name));
    }
  }
  const stacks = readAssembly(assemblyOf(stage));
  report(stage, stacks);
  return stacks;
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = Date.now();
  console.log(`▶ ${name}`);
  await work();
  console.log(`  done in ${seconds(started)}`);
}

function report(stage: StageName, stacks: readonly AssemblyStack[]): void {
  const rows = stacks.map(({ name, account, region, template }) => [name, account, region, String(Object.keys(template.Resources).length)]);
  const table = [['stack', 'account', 'region', 'resources'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`\n${stage}: ${path.relative(ROOT, assemblyOf(stage))}`);
  for (const row of table) {
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}`);
  }
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'; // it would be printed in the middle of the story
main().then(() => process.exit(), (error: Error) => {
  if (!isEnding) { // what is ended fails
    console.error(error.message);
    process.exit(1);
  }
});
