import { FakeEcs } from './fake-ecs';
import { contentOf, keep, PARAMETERS, PLACE, RUNBOOK_SETTINGS } from './runs';
import { ECS_RESTORE } from '../../src/ecs-restore/ecs-restore-steps.lambda-shared';
import type { Run } from '../../src/execution/recovery-work.lambda-shared';
import { accountWith } from '../ecs-config/fake-cluster';

test('the preflight names the target group that is gone, for the service that is to be created alone', async () => {
  const aws = new FakeEcs(accountWith('prod', { services: 2 }));
  const source = keep(aws, await contentOf(aws));
  aws.deleteService(aws.state.clusters[0], 'service-0000');
  aws.state.targetGroups = [];
  const known = ['ecs', 's3', 'elasticloadbalancing', 'servicediscovery', 'ec2', 'application-autoscaling', 'events'];
  const run = {
    call: async (service: string, operation: string, input: object) => known.includes(service) || operation === 'GetSchedule'
      ? aws.call(service, operation, input)
      : { Quota: { Value: 6 }, logGroups: [] },
    clock: aws.clock,
    deadline: Infinity,
    place: PLACE,
    settings: { ...RUNBOOK_SETTINGS, passableRoles: [] },
    execution: 'execution-1',
    parameters: PARAMETERS,
    previous: async () => undefined,
  } as unknown as Run;

  const { problems } = await ECS_RESTORE.preflight(run).catch((error) => error);

  expect(source).toMatch(/^daily/);
  expect(problems.filter((problem: string) => problem.includes('its name and tags lead to none'))).toEqual([
    expect.stringMatching(/^The service service-0000: The target group service-0000 \(arn:.*\) is not here, .*: create it\.$/),
  ]);
  expect([...aws.changes.keys()]).toEqual([]);
});
