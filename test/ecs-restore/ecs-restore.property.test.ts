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

test('whatever is gone that a cluster needs: a run is refused by its preflight and changes nothing, or brings back all', async () => {
  const outcomes = { refused: 0, restored: 0 };
  await fc.assert(fc.asyncProperty(configuration, fc.constantFrom('targetGroups', 'subnets', 'securityGroups', 'namespaces'), fc.nat(2), async (given, list, index) => {
    const aws = await accountOf(given);
    const before = await contentOf(aws);
    keep(aws, before);
    aws.deleteCluster(aws.state.clusters[0]);
    aws.changes.clear();
    aws.state[list].splice(index, 1);

    const execution = new Execution(aws);
    const refused = await execution.end('preflight').then(() => undefined, (error) => error);
    if (refused) {
      outcomes.refused++;
      expect(refused.problems.length).toBeGreaterThan(0);
      expect([...aws.changes.keys()]).toEqual([]);
    } else {
      outcomes.restored++;
      await execution.restore();
      const withoutReferences = ({ references, ...content }: any) => content; // they lack what nothing needed
      expect(withoutReferences(comparable(await contentOf(aws)))).toEqual(withoutReferences(comparable(before)));
    }
  }), RUNS);
  expect(Math.min(outcomes.refused, outcomes.restored)).toBeGreaterThan(0);
}, 120_000);
