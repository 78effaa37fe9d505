import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import type { PARAMETERS } from './runs';
import { accountWith } from '../ecs-config/fake-cluster';

const NAME = 'service-0000';
const NO_SCALING = { targets: [], policies: [], scheduledActions: [] };

let aws: FakeEcs;
let content: any;

beforeEach(async () => {
  aws = new FakeEcs(accountWith('prod', { services: 1 }));
  content = await contentOf(aws);
});

const service = () => aws.state.clusters[0].services.find(({ serviceName }) => serviceName === NAME);
const inputsOf = (name: string) => aws.calls.filter((call) => call.name === name).map(({ input }) => input);
const restore = (parameters: Partial<typeof PARAMETERS> = {}) => new Execution(aws, { Services: NAME, ...parameters }).restore();

/** Keeps a snapshot in which the service has other members. */
function keepWith(members: object, scaling: object = content.services[0].scaling): void {
  const copy = JSON.parse(JSON.stringify(content));
  Object.assign(copy.services[0], { scaling });
  Object.assign(copy.services[0].service, members);
  keep(aws, copy);
}

async function lose(): Promise<void> {
  aws.deleteService(aws.state.clusters[0], NAME);
  await aws.clock.sleep(100_000);
}

describe('the tasks of a service that runs', () => {
  test('are not stopped by DesiredCount Zero, though an earlier run began to create the service and did not complete', async () => {
    keepWith({});
    service().tags.push({ key: 'cdk-backup-dr:restored-by', value: 'execution-0' }, { key: 'cdk-backup-dr:restore-state', value: 'IN_PROGRESS' });
    const { desiredCount } = service();

    const { objects } = await restore({ DesiredCount: 'Zero' });

    expect(desiredCount).toBeGreaterThan(0);
    expect(service().desiredCount).toBe(desiredCount);
    expect(aws.state.scalableTargets.some(({ SuspendedState }) => SuspendedState?.DynamicScalingOutSuspended)).toBe(false);
    expect(service().tags).toContainEqual({ key: 'cdk-backup-dr:restore-state', value: 'DONE' });
    expect(objects[1].state).toBe('DONE');
  });

  test('are not stopped by an update to a snapshot in which the service had none', async () => {
    keepWith({ desiredCount: 0, healthCheckGracePeriodSeconds: 5 }, NO_SCALING);
    Object.assign(aws.state, { scalableTargets: [], scalingPolicies: [], scheduledActions: [] });
    service().desiredCount = 4;

    await restore({ Existing: 'UPDATE' });

    expect(inputsOf('ecs:UpdateService')).toEqual([{ cluster: 'prod', service: NAME, healthCheckGracePeriodSeconds: 5 }]);
  });

  test('are not stopped by an update to scaling whose maximum was zero', async () => {
    const { targets, policies, scheduledActions } = content.services[0].scaling;
    expect(targets).toHaveLength(1);
    keepWith({}, { targets: targets.map((target: object) => ({ ...target, MinCapacity: 0, MaxCapacity: 0 })), policies, scheduledActions });

    await restore({ Existing: 'UPDATE' });

    expect(inputsOf('application-autoscaling:RegisterScalableTarget')).toEqual([]);
  });

  test('stay as many as scaling has made them, also if the service had no scaling when it was captured', async () => {
    keepWith({ desiredCount: 2 }, NO_SCALING);
    Object.assign(service(), { desiredCount: 40, runningCount: 40 });

    await restore({ Existing: 'UPDATE' });

    expect(service().desiredCount).toBe(40);
  });
});

test('a service of an external deployment controller is restored without tasks, and nobody waits for them', async () => {
  const { serviceArn, serviceName } = content.services[0].service;
  const external = { serviceArn, serviceName, status: 'ACTIVE', desiredCount: 2, tags: [], deploymentController: { type: 'EXTERNAL' } };
  keep(aws, { ...content, services: [{ service: external, rolloutState: 'COMPLETED', scaling: NO_SCALING }] });
  await lose();
  const execution = new Execution(aws, { Services: NAME });
  await execution.end('work');
  Object.assign(service(), { deployments: [], runningCount: 0, deployedAt: undefined });

  const { objects } = await execution.ask('verify');

  expect(objects[1]).toMatchObject({ state: 'DONE', why: 'It exists without tasks: start a deployment with its deployment controller.' });
});

test('a task definition that somebody registered like that of a restore, with one more container, is not run', async () => {
  const family = 'arn:aws:ecs:eu-west-2:111122223333:task-definition/service-0000';
  keep(aws, content);
  await lose();
  aws.state.taskDefinitions[`${family}:7`].taskDefinition.status = 'INACTIVE';
  await restore();
  const copy = JSON.parse(JSON.stringify(aws.state.taskDefinitions[`${family}:8`]));
  copy.taskDefinition.containerDefinitions.push({ name: 'other', image: 'other' });
  Object.assign(copy.taskDefinition, { revision: 9, taskDefinitionArn: `${family}:9` });
  aws.state.taskDefinitions[`${family}:9`] = copy;
  await lose();

  await new Execution(aws, { Services: NAME }, 'execution-2').restore();

  expect(service().taskDefinition).toBe(`${family}:8`);
});

describe('a service with many tags', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `tag-${index}`, value: 'x' }));

  test('comes back with all 49 of them, and the one of the run that says whether it is finished', async () => {
    keepWith({ tags: tags(49) });
    await lose();

    expect((await restore()).objects[1].state).toBe('DONE');
    expect(service().tags).toEqual([...tags(49), { key: 'cdk-backup-dr:restore-state', value: 'DONE' }]);
  });

  test('comes back without the last of 50, and the report names it', async () => {
    keepWith({ tags: tags(50) });
    await lose();

    await expect(restore()).rejects.toThrow('The service service-0000 is not restored. It differs from the snapshot: tags.tag-49.');
    expect(service().status).toBe('ACTIVE');
  });
});
