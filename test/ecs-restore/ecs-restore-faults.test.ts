import { comparableAsRegistered } from './comparable';
import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import type { Fault } from '../ecs-config/fake-aws-apis';
import { accountWith } from '../ecs-config/fake-cluster';

const NOT_OURS = 'arn:aws:ecs:eu-west-2:111122223333:service/prod/service-0002';

/** What was lost, of a cluster with three services. The task definition of one was deregistered. */
const LOSSES: Record<string, (aws: FakeEcs) => void> = {
  'two services': (aws) => ['service-0000', 'service-0001'].forEach((name) => aws.deleteService(aws.state.clusters[0], name)),
  'a cluster': (aws) => aws.deleteCluster(aws.state.clusters[0]),
};

async function accountAfter(loss: string): Promise<FakeEcs> {
  const aws = new FakeEcs(accountWith('prod', { services: 3 }));
  keep(aws, await contentOf(aws));
  LOSSES[loss](aws);
  aws.state.taskDefinitions['arn:aws:ecs:eu-west-2:111122223333:task-definition/service-0001:7'].taskDefinition.status = 'INACTIVE';
  aws.calls.splice(0);
  return aws;
}

/** All that a restore may leave: what a capture sees, and how many task definitions there are. */
async function endOf(aws: FakeEcs): Promise<object> {
  const { services, cluster } = aws.state.clusters[0];
  const states = [cluster, ...services].map(({ tags }: any) => tags.find(({ key }: any) => key === 'cdk-backup-dr:restore-state')?.value);
  const rules = [...aws.ruleTags.values()].map((tags) => tags.find(({ Key }) => Key === 'cdk-backup-dr:restore-state')?.Value);
  return { content: comparableAsRegistered(await contentOf(aws)), states, rules, taskDefinitions: Object.keys(aws.state.taskDefinitions).length };
}

describe.each(Object.keys(LOSSES))('after the loss of %s', (loss) => {
  test.each<Fault['kind']>(['throttle', 'deny', 'crash'])('%s at every call of a restore: a second run ends as if nothing had been', async (kind) => {
    const undisturbed = await accountAfter(loss);
    await new Execution(undisturbed).restore();
    const calls = undisturbed.calls.length;
    const expected = await endOf(undisturbed);
    expect(calls).toBeGreaterThan(60);

    for (let at = 0; at < calls; at++) {
      const aws = await accountAfter(loss);
      aws.fault = { at, kind };
      const failed = await new Execution(aws).restore().then(() => undefined, (error) => error);
      aws.revive();
      const second = failed && await new Execution(aws, {}, 'execution-2').restore().then(() => undefined, (error) => error);

      expect({ at, failed: kind === 'throttle' ? failed : undefined }).toEqual({ at, failed: undefined });
      expect({ at, second }).toEqual({ at, second: undefined });
      expect({ at, end: await endOf(aws) }).toEqual({ at, end: expected });
      expect({ at, untouched: loss === 'a cluster' ? 0 : aws.changes.get(NOT_OURS) ?? 0 }).toEqual({ at, untouched: 0 });
      expect(aws.calls.filter(({ name }) => /:(Delete|Deregister|Remove|Untag|Stop|UpdateService)/.test(name))).toEqual([]);
    }
  }, 240_000);
});
