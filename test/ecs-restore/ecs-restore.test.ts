import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import { accountWith } from '../ecs-config/fake-cluster';

test('a cluster that was deleted comes back with its services, and what starts tasks in it', async () => {
  const aws = new FakeEcs(accountWith('prod', { services: 3 }));
  keep(aws, await contentOf(aws));
  aws.deleteCluster(aws.state.clusters[0]);

  const { objects } = await new Execution(aws).restore();

  expect(objects.map(({ what, name, state }) => [what, name, state])).toEqual([
    ['cluster', 'prod', 'DONE'], ['service', 'service-0000', 'DONE'], ['service', 'service-0001', 'DONE'], ['service', 'service-0002', 'DONE'],
    ['rule', 'orders/on-order', 'DONE'], ['schedule', 'nightly', 'DONE'],
  ]);
});
