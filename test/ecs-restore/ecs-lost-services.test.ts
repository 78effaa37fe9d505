import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import type { PARAMETERS } from './runs';
import { accountWith } from '../ecs-config/fake-cluster';

const NAME = 'service-0000';

let aws: FakeEcs;
let before: string;
let after: string;

/** A change is captured two minutes after it: the newest snapshot no longer contains what was deleted. */
beforeEach(async () => {
  aws = new FakeEcs(accountWith('prod', { services: 3 }));
  const content = await contentOf(aws);
  before = keep(aws, content, '2026-11-29T05-00-00Z');
  aws.deleteService(aws.state.clusters[0], NAME);
  await aws.clock.sleep(100_000);
  const services = content.services.filter(({ service }: any) => service.serviceName !== NAME);
  after = keep(aws, { ...content, services }, '2026-11-29T05-32-00Z', { tier: 'change' });
});

const execution = (parameters: Partial<typeof PARAMETERS>) => new Execution(aws, parameters);

test('all services but some are restored, and those that are left out are neither restored nor missed', async () => {
  const { objects, nextSteps = [] } = await execution({ Services: '*,!service-0001, !no-such', Snapshot: before }).restore();

  expect(objects.filter(({ what }) => what === 'service').map(({ name, state }) => [name, state])).toEqual([[NAME, 'DONE'], ['service-0002', 'SKIPPED']]);
  expect(nextSteps.join()).not.toContain('service-0001');
});

test('a service that is left out is not named as one of an older snapshot', async () => {
  const { nextSteps = [] } = await execution({ Services: '*,!service-0001' }).end('plan');

  expect(nextSteps.filter((sentence) => sentence.includes('service-0001'))).toEqual([]);
  expect(nextSteps.filter((sentence) => sentence.includes(NAME))).toHaveLength(1);
});

test('a service that is named is restored from the newest snapshot that has it, and the loss is counted from that', async () => {
  const { objects, nextSteps, dataFrom } = await execution({ Services: NAME }).restore();

  expect(objects[1]).toMatchObject({ name: NAME, state: 'DONE' });
  expect(nextSteps).toContain(`The service ${NAME} is no longer in the newest snapshot: it is restored from ${before}.`);
  expect(dataFrom).toBe('2026-11-29T05:00:00Z');
});

test('a run for all services says which ones an older snapshot has', async () => {
  const { objects, nextSteps } = await execution({ Services: '*' }).end('plan');

  expect(objects.some(({ name }) => name === NAME)).toBe(false);
  expect(nextSteps).toContain(`The snapshot ${after} does not contain ${NAME}, but ${before} does. To restore them too, `
    + 'name them in Services, or set NotAfter to a time before they were deleted.');
});

describe('the preflight', () => {
  const problems = async () => (await execution({ Services: NAME }).ask('preflight').catch((error) => error)).problems;

  test('checks what the services need that are restored, and nothing that the run leaves alone needs', async () => {
    Object.assign(aws.existing, { logGroups: [], secrets: [], roles: ['execution', 'task'] });

    expect(await problems()).toEqual([
      `The secret arn:aws:secretsmanager:eu-west-2:111122223333:secret:${NAME}/db-AbCdEf does not exist, and the service ${NAME} needs it: create it, or exclude what needs it.`,
      `The log group /ecs/${NAME} does not exist, and the service ${NAME} needs it: create it, or exclude what needs it.`,
    ]);
  });

  test('names the target group that is gone, for the service that is created alone, and changes nothing', async () => {
    aws.state.targetGroups = [];

    expect(await problems()).toEqual([
      expect.stringMatching(/^The service service-0000: The target group service-0000 \(arn:.*\) was not found, and no single target group matches its name or tags: create it\.$/),
      expect.stringMatching(/^The target group arn:.*\/service-0000\/[0-9a-f]+ does not exist, and the service service-0000 needs it: /),
    ]);
    expect([...aws.changes.keys()]).toEqual([]);
  });
});

describe('all problems of the preflight are in one error', () => {
  const problems = async (parameters: object) => (await execution({ Existing: 'UPDATE', DesiredCount: 'Zero', ...parameters }).ask('preflight').catch((error) => error)).problems;

  test('parameters that contradict each other, a service that no snapshot has, and what the others need', async () => {
    aws.state.targetGroups = aws.state.targetGroups.filter(({ TargetGroupName }) => TargetGroupName !== NAME);

    expect(await problems({ Services: `${NAME},orders` })).toEqual([
      expect.stringContaining('Existing UPDATE with DesiredCount Zero would stop services that run'),
      expect.stringContaining('Services names orders, which is not in the snapshot'),
      expect.stringContaining(`The service ${NAME}: The target group ${NAME}`),
      expect.stringContaining(`the service ${NAME} needs it`),
    ]);
  });

  test('parameters that contradict each other, and that there is no snapshot', async () => {
    expect(await problems({ Services: '*', NotAfter: '2020-01-01T00:00:00Z' })).toEqual([
      expect.stringContaining('Existing UPDATE with DesiredCount Zero would stop services that run'), expect.stringContaining('There is no snapshot of the cluster prod'),
    ]);
  });
});

test('without tasks, a daemon service that is missing is refused, and one that is left alone is not', async () => {
  const content = JSON.parse(JSON.stringify(await contentOf(aws)));
  content.services.push({ ...content.services[0], service: { ...content.services[0].service, serviceName: NAME } });
  content.services.forEach(({ service }: any) => Object.assign(service, { schedulingStrategy: 'DAEMON' }));
  keep(aws, content, '2026-11-29T07-00-00Z');
  const daemons = async (Services: string) => {
    const { problems = [] } = await execution({ DesiredCount: 'Zero', Services }).ask('preflight').catch((error) => error);
    return problems.filter((problem: string) => problem.includes('daemon'));
  };

  expect(await daemons('service-0001')).toEqual([]);
  expect(await daemons(NAME)).toEqual([expect.stringContaining(`DesiredCount Zero has no effect on the daemon service ${NAME}: `)]);
  expect(await daemons('*')).toHaveLength(1);
});

test('a service that no snapshot has is refused', async () => {
  await expect(execution({ Services: `${NAME},orders` }).end('plan')).rejects.toThrow('Services names orders, which is not in the snapshot');
});

test('a service that a snapshot has not which was chosen by its key is refused', async () => {
  await expect(execution({ Services: NAME, Snapshot: after }).end('plan')).rejects.toThrow(`Services names ${NAME}, which is not in the snapshot ${after}`);
});

test('NotAfter leaves out a capture that began later than the time in its key', async () => {
  keep(aws, { ...await contentOf(aws), begunAt: '2026-11-29T06:20:00.000Z' }, '2026-11-29T05-35-00Z');

  expect((await execution({ Services: '*', NotAfter: '2026-11-29T06:00:00Z' }).end('plan')).source).toBe(after);
  expect((await execution({ Services: '*', NotAfter: '2026-11-29T06:30:00Z' }).end('plan')).source).toContain('2026-11-29T05-35-00Z');
});

test('NotAfter that is not a valid time is refused', async () => {
  await expect(execution({ NotAfter: '2026-13-45T05:00:00Z' }).end('plan')).rejects.toThrow('NotAfter is 2026-13-45T05:00:00Z, which is not a valid time');
});

test('NotAfter takes in a capture that began some seconds after its scheduled time', async () => {
  keep(aws, { ...await contentOf(aws), begunAt: '2026-11-29T05:40:02.113Z' }, '2026-11-29T05-40-00Z');

  expect((await execution({ Services: '*', NotAfter: '2026-11-29T05:40:00Z' }).end('plan')).source).toContain('2026-11-29T05-40-00Z');
});
