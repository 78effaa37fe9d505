import * as path from 'path';
import { ROOT, seconds } from './run';
import { stacksOf } from './stacks';
import { assemblyOf, compile, installReferenceApp, packageJs, STAGES, synthesize } from './steps';

/**
 * Builds the library, installs it into the reference app as a user would, and synthesizes both stages.
 */
async function main(): Promise<void> {
  await step('compile the library', compile);
  await step('make the npm package', packageJs);
  await step('install it into the reference app', installReferenceApp);
  for (const stage of STAGES) {
    await step(`synthesize the stage ${stage}`, () => synthesize(stage));
  }
  for (const stage of STAGES) {
    report(stage);
  }
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const started = Date.now();
  console.log(`▶ ${name}`);
  await work();
  console.log(`  done in ${seconds(started)}`);
}

function report(stage: typeof STAGES[number]): void {
  const rows = stacksOf(assemblyOf(stage)).map(({ name, account, region, template }) =>
    [name, account, region, String(Object.keys(template.Resources ?? {}).length)]);
  const table = [['stack', 'account', 'region', 'resources'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`\n${stage}: ${path.relative(ROOT, assemblyOf(stage))}`);
  for (const row of table) {
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
