import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep, PARAMETERS } from './runs';
import { AccountWithRuns } from './whole-runs';
import { failure, TEXT_OF_AWS } from '../ecs-config/fake-aws-apis';
import { accountWith, digestOf, imageOf } from '../ecs-config/fake-cluster';

const NAME = 'service-0000';
const DEFINITION = 'arn:aws:ecs:eu-west-2:111122223333:task-definition/service-0000';

let aws: FakeEcs;

beforeEach(async () => {
  aws = new FakeEcs(accountWith('prod', { services: 3 }));
  keep(aws, await contentOf(aws));
});

const lose = (...names: string[]) => names.forEach((name) => aws.deleteService(aws.state.clusters[0], name));
const serviceNamed = (name: string) => aws.state.clusters[0].services.find(({ serviceName }) => serviceName === name);
const inputOf = (operation: string) => aws.calls.filter(({ name }) => name === `ecs:${operation}`).map(({ input }) => input);
const run = (parameters: Partial<typeof PARAMETERS> = {}, id?: string) => new Execution(aws, parameters, id);

test('a cluster that was deleted comes back with its services, and what starts tasks in it', async () => {
  aws.deleteCluster(aws.state.clusters[0]);

  const { objects } = await run().restore();

  expect(objects.map(({ what, name, state }) => [what, name, state])).toEqual([
    ['cluster', 'prod', 'DONE'], ['service', 'service-0000', 'DONE'], ['service', 'service-0001', 'DONE'], ['service', 'service-0002', 'DONE'],
    ['rule', 'orders/on-order', 'DONE'], ['schedule', 'nightly', 'DONE'],
  ]);
});

describe('the plan', () => {
  test('says of each object whether it is missing, the same or different, and changes nothing', async () => {
    lose(NAME);
    await aws.clock.sleep(100_000);
    serviceNamed('service-0001').healthCheckGracePeriodSeconds = 5;

    const { objects } = await run().end('plan');

    expect(objects.map(({ name, state, why }) => `${name} ${state} ${why}`)).toEqual([
      'prod SKIPPED It exists and matches the snapshot.',
      'service-0000 PENDING To be created. The task definition service-0000:7 is still ACTIVE.',
      'service-0001 SKIPPED It exists and differs: healthCheckGracePeriodSeconds. It was not changed.',
      'service-0002 SKIPPED It exists and matches the snapshot.',
      'orders/on-order SKIPPED It exists and matches the snapshot.',
      'nightly SKIPPED It exists and matches the snapshot.',
    ]);
    expect([...aws.changes.keys()]).toEqual([]);
  });

  test('names a variable that differs, and not its value', async () => {
    aws.state.taskDefinitions[`${DEFINITION}:8`] = JSON.parse(JSON.stringify(aws.state.taskDefinitions[`${DEFINITION}:7`]));
    const { taskDefinition } = aws.state.taskDefinitions[`${DEFINITION}:8`];
    Object.assign(taskDefinition, { taskDefinitionArn: `${DEFINITION}:8`, revision: 8 });
    taskDefinition.containerDefinitions[0].environment[1].value = 'changed';
    serviceNamed(NAME).taskDefinition = `${DEFINITION}:8`;

    const { objects } = await run({ Services: NAME }).end('plan');

    expect(objects[1].differences).toEqual(['taskDefinition.containerDefinitions.web.environment.SETTING_1.value']);
  });
});

describe('a service that is here', () => {
  test('and differs is left alone, and the run is done', async () => {
    serviceNamed(NAME).healthCheckGracePeriodSeconds = 5;

    const { objects } = await run({ Services: NAME }).restore();

    expect(objects[1]).toMatchObject({ state: 'SKIPPED', differences: ['healthCheckGracePeriodSeconds'] });
    expect([...aws.changes.keys()]).toEqual([]);
  });

  test('is updated if told, by the members that differ alone', async () => {
    serviceNamed(NAME).healthCheckGracePeriodSeconds = 5;

    const { objects } = await run({ Services: NAME, Existing: 'UPDATE' }).restore();

    expect(inputOf('UpdateService')).toEqual([{ cluster: 'prod', service: NAME, healthCheckGracePeriodSeconds: 60 }]);
    expect(objects[1].state).toBe('DONE');
  });

  test('is not stopped by a run that updates: that is refused', async () => {
    await expect(run({ Existing: 'UPDATE', DesiredCount: 'Zero' }).end('plan')).rejects.toThrow('Existing UPDATE with DesiredCount Zero would stop services that run');
  });

  test('and about to go is waited for', async () => {
    lose(NAME);
    const execution = run({ Services: NAME });
    await execution.end('plan');

    expect(await execution.ask('work')).toMatchObject({ outcome: 'ASK_AGAIN', isWaiting: true });
    expect(inputOf('CreateService')).toEqual([]);
    expect((await execution.end('work')).objects[1].state).toBe('DONE');
  });
});

describe('what is created', () => {
  beforeEach(async () => {
    lose(NAME);
    await aws.clock.sleep(100_000);
  });

  test('has the tags of its owner, those of the run, and no tags of AWS', async () => {
    serviceNamed(NAME).tags = [];
    await run({ Services: NAME }).restore();

    expect(inputOf('CreateService')[0].tags).toEqual([
      { key: 'cdk-backup-dr:restored-by', value: 'execution-1' }, { key: 'cdk-backup-dr:restore-state', value: 'IN_PROGRESS' },
    ]);
    expect(serviceNamed(NAME).tags).toContainEqual({ key: 'cdk-backup-dr:restore-state', value: 'DONE' });
  });

  test('has members that no model knows', async () => {
    await run({ Services: NAME }).restore();

    expect(inputOf('CreateService')[0].memberOfTomorrow).toEqual(['kept']);
  });

  test('runs no task with DesiredCount Zero, and nothing scales it out', async () => {
    const { objects } = await run({ Services: NAME, DesiredCount: 'Zero' }).restore();

    expect(objects[1].state).toBe('DONE');
    expect(serviceNamed(NAME).desiredCount).toBe(0);
    expect(aws.state.scalableTargets.find(({ ResourceId }) => ResourceId === `service/prod/${NAME}`)).toMatchObject({
      MinCapacity: 0,
      SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true },
    });
  });

  test('runs the captured image if the tag has moved since', async () => {
    const moved = `sha256:${'e'.repeat(64)}`;
    aws.movedTags.set(imageOf(NAME), moved);

    const { objects } = await run({ Services: NAME }).restore();

    expect(objects[1].state).toBe('DONE');
    const { taskDefinition } = aws.state.taskDefinitions[serviceNamed(NAME).taskDefinition];
    expect(taskDefinition).toMatchObject({ family: NAME, revision: 8 });
    expect(taskDefinition.containerDefinitions[0].image).toBe(`111122223333.dkr.ecr.eu-west-2.amazonaws.com/service-0000@${digestOf(NAME)}`);
  });

  test('says which stack owns it, and how that is proved', async () => {
    const { nextSteps } = await run({ Services: NAME }).restore();

    expect(nextSteps).toEqual(['The stack Workload owns service-0000. See what differs from its template: aws cloudformation create-change-set '
      + '--stack-name Workload --change-set-name after-restore --use-previous-template --deployment-mode REVERT_DRIFT --capabilities CAPABILITY_NAMED_IAM']);
  });
});

describe('what starts tasks', () => {
  beforeEach(() => aws.deleteCluster(aws.state.clusters[0]));

  test('is disabled unless told', async () => {
    const { nextSteps } = await run({ EnableSchedules: 'false' }).restore();

    expect(aws.state.rules[0].rule.State).toBe('DISABLED');
    expect(aws.state.schedules.find(({ Name }) => Name === 'nightly').State).toBe('DISABLED');
    expect(nextSteps).toContain('Enable when the services work: rule orders/on-order, schedule nightly.');
  });

  test('fails with the target that EventBridge refuses, and is finished by the next run', async () => {
    const all = aws.call;
    Object.assign(aws, {
      call: async (service: string, operation: string, input: object) => operation === 'PutTargets'
        ? { FailedEntryCount: 1, FailedEntries: [{ TargetId: 'task', ErrorCode: 'LimitExceededException', ErrorMessage: TEXT_OF_AWS }] }
        : all(service, operation, input),
    });

    await expect(run().restore()).rejects.toThrow('The rule orders/on-order is not restored. EventBridge refused the target task: LimitExceededException.');
    expect([...aws.ruleTags.values()]).toEqual([[
      { Key: 'cdk-backup-dr:restored-by', Value: 'execution-1' }, { Key: 'cdk-backup-dr:restore-state', Value: 'IN_PROGRESS' },
    ]]);

    Object.assign(aws, { call: all });
    const { objects } = await run({}, 'execution-2').restore();
    expect(objects.find(({ what }) => what === 'rule')).toMatchObject({ state: 'DONE' });
    expect(aws.state.rules[0].targets.map(({ Id }) => Id)).toEqual(['task']);
  });

  test('is restored with all services only', async () => {
    await run({ Services: 'service-0000,service-0001' }).restore();

    expect(aws.state.rules).toEqual([]);
    expect(aws.state.clusters[0].services.map(({ serviceName }) => serviceName)).toEqual(['service-0000', 'service-0001']);
  });
});

describe('verify', () => {
  const healthIs = (...states: string[]) => Object.assign(aws.operationsOfOthers, {
    'elasticloadbalancing:DescribeTargetHealth': () => ({ TargetHealthDescriptions: states.map((State) => ({ TargetHealth: { State } })) }),
  });

  beforeEach(async () => {
    lose(NAME);
    await aws.clock.sleep(100_000);
  });

  test('waits for a deployment, and for healthy targets', async () => {
    const execution = run({ Services: NAME });
    await execution.end('work');

    expect(await execution.ask('verify')).toMatchObject({ outcome: 'ASK_AGAIN', isWaiting: true, objects: [{}, { why: 'Its deployment is in progress.' }] });

    await aws.clock.sleep(100_000);
    healthIs('initial');
    expect((await execution.ask('verify')).objects[1].why).toBe('Not all targets of service-0000 are healthy.');
    healthIs('healthy');
    expect((await execution.ask('verify')).outcome).toBe('DONE');
  });

  test.each<[states: string[], isHealthy: boolean]>([
    [['healthy', 'draining'], true], [['draining'], false], [['healthy', 'unhealthy'], false], [['healthy', 'unused'], false], [[], false],
  ])('of a service whose targets are %j: it works: %s', async (states, isHealthy) => {
    const execution = run({ Services: NAME });
    await execution.end('work');
    await aws.clock.sleep(100_000);
    healthIs(...states);

    expect((await execution.ask('verify')).outcome).toBe(isHealthy ? 'DONE' : 'ASK_AGAIN');
  });

  test('fails with a deployment that failed, and says why', async () => {
    aws.stuck.set(NAME, 'FAILED');

    await expect(run({ Services: NAME }).restore()).rejects.toThrow('The service service-0000 is not restored. Its deployment failed: tasks failed to start.');
  });

  test('fails with a member that is not as in the snapshot', async () => {
    const execution = run({ Services: NAME });
    await execution.end('work');
    serviceNamed(NAME).enableExecuteCommand = true;

    await expect(execution.end('verify')).rejects.toThrow('The service service-0000 is not restored. It differs from the snapshot: enableExecuteCommand.');
  });
});

test('999 services come back though one can not', async () => {
  aws = new FakeEcs(accountWith('prod', { services: 1000 }));
  const content = await contentOf(aws);
  keep(aws, content, '2026-11-29T06-00-00Z');
  aws.deleteCluster(aws.state.clusters[0]);
  const all = aws.call;
  Object.assign(aws, {
    call: async (service: string, operation: string, input: any) => {
      if (operation === 'CreateService' && input.serviceName === 'service-0500') {
        throw failure('InvalidParameterException');
      }
      return all(service, operation, input);
    },
  });
  const begun = aws.clock.now();
  const execution = run();

  await execution.end('plan');
  await execution.end('work');
  const error = await execution.end('verify').catch((thrown) => thrown);

  expect(error.problems).toEqual(['The service service-0500 is not restored. InvalidParameterException: canary-in-a-message-of-aws (ecs:CreateService of service-0500).']);
  expect(aws.state.clusters[0].services).toHaveLength(999);
  console.info(`1,000 services: ${Math.round((aws.clock.now() - begun) / 60_000)} min in ${execution.rounds} rounds, ${aws.calls.length} calls`);
}, 120_000);

test('each request of a run ends within 240 seconds, though AWS takes 5 minutes to register all task definitions', async () => {
  const account = new AccountWithRuns(accountWith('prod', { services: 300 }));
  keep(account, await contentOf(account));
  account.deleteCluster(account.state.clusters[0]);
  account.state.taskDefinitions = {};
  account.durations.splice(0);

  expect(await account.run('execution-1')).toBeUndefined();

  const longest = Math.max(...account.durations);
  expect(longest).toBeGreaterThan(200_000);
  expect(longest).toBeLessThanOrEqual(240_000);
}, 60_000);
