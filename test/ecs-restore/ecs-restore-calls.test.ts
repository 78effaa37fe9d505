import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import { ECS_RESTORE_READS, ECS_RESTORE_WRITES } from '../../src/ecs-restore/ecs-restore-calls.contract';
import { accountWith } from '../ecs-config/fake-cluster';

const actionsOf = (list: { readonly action: string }[]) => list.map(({ action }) => action).sort();

/** All calls of a plan, the work and the verification: of what is missing, of what is changed, and of a task definition that is gone. */
async function operationsOf(steps: ('plan' | 'work' | 'verify')[]): Promise<string[]> {
  const lost = new FakeEcs(accountWith('prod', { services: 2 }));
  keep(lost, await contentOf(lost));
  lost.deleteCluster(lost.state.clusters[0]);
  lost.state.taskDefinitions['arn:aws:ecs:eu-west-2:111122223333:task-definition/service-0001:7'].taskDefinition.status = 'INACTIVE';
  const changed = new FakeEcs(accountWith('prod', { services: 2 }));
  keep(changed, await contentOf(changed), '2026-11-28T05-00-00Z');
  changed.state.clusters[0].cluster.settings = [];
  changed.state.clusters[0].services[0].enableExecuteCommand = true;
  changed.state.schedules[0].State = 'DISABLED';
  [lost, changed].forEach((aws) => aws.calls.splice(0));
  for (const [aws, parameters] of [[lost, {}], [changed, { Existing: 'UPDATE' }]] as const) {
    const execution = new Execution(aws, parameters);
    for (const step of steps) {
      await execution.end(step);
    }
  }
  return [...new Set([...lost.operations, ...changed.operations])].filter((name) => !name.startsWith('s3:')).sort();
}

test('a restore makes the calls that its role allows, and each of them', async () => {
  expect(await operationsOf(['plan', 'work', 'verify'])).toEqual(actionsOf([...ECS_RESTORE_READS, ...ECS_RESTORE_WRITES]));
});

test('the plan only reads', async () => {
  const writes = actionsOf(ECS_RESTORE_WRITES);

  expect((await operationsOf(['plan'])).filter((name) => writes.includes(name))).toEqual([]);
});

test('nothing is ever deleted', () => {
  expect(actionsOf([...ECS_RESTORE_READS, ...ECS_RESTORE_WRITES]).filter((action) => /:(Delete|Deregister|Remove|Untag|Stop)/.test(action))).toEqual([]);
});

test('task definitions are registered once a second, which is half of what AWS sustains', async () => {
  const aws = new FakeEcs(accountWith('prod', { services: 30 }));
  keep(aws, await contentOf(aws));
  aws.deleteCluster(aws.state.clusters[0]);
  aws.state.taskDefinitions = {};

  await new Execution(aws).restore();

  const times = aws.calls.filter(({ name }) => name === 'ecs:RegisterTaskDefinition').map(({ at }) => at);
  expect(times).toHaveLength(31);
  expect(Math.min(...times.slice(1, 30).map((at, index) => at - times[index]))).toBe(1_000);
});
