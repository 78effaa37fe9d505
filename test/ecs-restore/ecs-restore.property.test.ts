import * as fc from 'fast-check';
import { comparable, comparableAsRegistered } from './comparable';
import { accountOf, configuration } from './configurations';
import { contentOf, Execution, keep } from './runs';

const RUNS = { numRuns: 60 };

test('any cluster that was deleted comes back member for member', async () => {
  await fc.assert(fc.asyncProperty(configuration, async (given) => {
    const aws = await accountOf(given);
    const before = await contentOf(aws);
    keep(aws, before);
    aws.deleteCluster(aws.state.clusters[0]);

    await new Execution(aws).restore();

    expect(comparable(await contentOf(aws))).toEqual(comparable(before));
  }), RUNS);
}, 120_000);

test('any cluster whose task definitions are gone too comes back member for member, with the images that it ran', async () => {
  await fc.assert(fc.asyncProperty(configuration, async (given) => {
    const aws = await accountOf(given);
    const before = await contentOf(aws);
    keep(aws, before);
    aws.deleteCluster(aws.state.clusters[0]);
    Object.values(aws.state.taskDefinitions).forEach(({ taskDefinition }) => Object.assign(taskDefinition, { status: 'INACTIVE' }));

    await new Execution(aws).restore();

    expect(comparableAsRegistered(await contentOf(aws))).toEqual(comparableAsRegistered(before));
  }), RUNS);
}, 120_000);
