import { seconds } from './run';
import { compileSuite, newestCdkSuites, suites } from './suites';
import type { Suite } from './suites';

/**
 * Runs every suite there is and ends with one line over all of them.
 *
 * With `--compile` it compiles first; the build has done that already. With `--newest-cdk` there are those that a CDK can break.
 */
async function main(): Promise<void> {
  const toRun = asked('--newest-cdk') ? newestCdkSuites : [...asked('--compile') ? [compileSuite] : [], ...suites];
  const total = { passed: 0, failed: 0 };
  for (const [index, suite] of toRun.entries()) {
    const { passed, failed } = await runSuite(suite, `${index + 1}/${toRun.length}`);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0 && suite.isNeededByAll) {
      break;
    }
  }
  process.exitCode = total.failed > 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failed} failed`);
}

function asked(option: string): boolean {
  return process.argv.includes(option);
}

async function runSuite(suite: Suite, position: string): Promise<{ passed: number; failed: number }> {
  const started = Date.now();
  console.log(`▶ ${position} ${suite.name}`);
  try {
    const { passed, failed, output } = await suite.run();
    if (failed > 0) {
      console.log(output);
    }
    console.log(`  ${passed} passed, ${failed} failed in ${seconds(started)}`);
    return { passed, failed };
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    console.log(`  0 passed, 1 failed in ${seconds(started)}`);
    return { passed: 0, failed: 1 };
  }
}

void main();
