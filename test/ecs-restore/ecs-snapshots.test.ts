import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep } from './runs';
import type { PARAMETERS } from './runs';
import { accountWith } from '../ecs-config/fake-cluster';

let aws: FakeEcs;
let content: any;

beforeEach(async () => {
  aws = new FakeEcs(accountWith('prod', { services: 1 }));
  content = await contentOf(aws);
});

const plan = (parameters: Partial<typeof PARAMETERS> = {}) => new Execution(aws, parameters).end('plan');
/** The same cluster with another count, so that the documents differ. */
const withCount = (desiredCount: number, rolloutState = 'COMPLETED') => {
  const copy = JSON.parse(JSON.stringify(content));
  Object.assign(copy.services[0], { rolloutState });
  Object.assign(copy.services[0].service, { desiredCount, memberOfTomorrow: [String(desiredCount)] });
  return copy;
};

describe('the newest snapshot', () => {
  test('is chosen over all tiers, with the time of its data', async () => {
    keep(aws, withCount(1), '2026-11-29T05-00-00Z');
    const newest = keep(aws, withCount(2), '2026-11-29T05-30-00Z', { tier: 'change' });

    expect(await plan()).toMatchObject({ source: newest, dataFrom: '2026-11-29T05:30:00Z' });
  });

  test('is that of a schedule if a change has the same time', async () => {
    keep(aws, withCount(1), '2026-11-29T05-00-00Z', { tier: 'change' });
    const scheduled = keep(aws, withCount(2), '2026-11-29T05-00-00Z');

    expect((await plan()).source).toBe(scheduled);
  });

  test('is not after NotAfter', async () => {
    const older = keep(aws, withCount(1), '2026-11-28T05-00-00Z');
    keep(aws, withCount(2), '2026-11-29T05-00-00Z');

    expect((await plan({ NotAfter: '2026-11-28T05:00:00Z' })).source).toBe(older);
  });

  test('stays the same for all steps of a run', async () => {
    const first = keep(aws, withCount(1), '2026-11-28T05-00-00Z');
    const execution = new Execution(aws);
    await execution.end('plan');
    keep(aws, withCount(2), '2026-11-29T05-00-00Z');

    expect((await execution.end('work')).source).toBe(first);
  });
});

describe('a service that was being deployed', () => {
  test('is restored from its last snapshot with a completed deployment', async () => {
    const completed = keep(aws, withCount(1), '2026-11-27T05-00-00Z');
    keep(aws, withCount(2, 'FAILED'), '2026-11-28T05-00-00Z');
    keep(aws, withCount(3, 'IN_PROGRESS'), '2026-11-29T05-00-00Z');
    aws.deleteCluster(aws.state.clusters[0]);

    const execution = new Execution(aws);
    const { nextSteps } = await execution.end('plan');
    await execution.end('work');

    expect(nextSteps).toContain(`The service service-0000 was being deployed or deleted when the newest snapshot was made: it is restored from ${completed}.`);
    expect(aws.state.clusters[0].services[0].memberOfTomorrow).toEqual(['1']);
  });

  test('is restored as it is in a snapshot that was chosen by its key', async () => {
    keep(aws, withCount(1), '2026-11-28T05-00-00Z');
    const Snapshot = keep(aws, withCount(3, 'IN_PROGRESS'), '2026-11-29T05-00-00Z');
    aws.deleteCluster(aws.state.clusters[0]);

    await new Execution(aws, { Snapshot }).end('work');

    expect(aws.state.clusters[0].services[0].memberOfTomorrow).toEqual(['3']);
  });
});

test('a service that was being deleted is restored from its last snapshot before that', async () => {
  keep(aws, withCount(1), '2026-11-28T05-00-00Z');
  const draining = withCount(0);
  Object.assign(draining.services[0].service, { status: 'DRAINING' });
  keep(aws, draining, '2026-11-29T05-00-00Z');
  aws.deleteCluster(aws.state.clusters[0]);

  await new Execution(aws).end('work');

  expect(aws.state.clusters[0].services[0].memberOfTomorrow).toEqual(['1']);
});

describe('a run is refused', () => {
  test('without a snapshot', async () => {
    await expect(plan()).rejects.toThrow('There is no snapshot of the cluster prod: correct Cluster, or NotAfter.');
  });

  test('with the snapshot of another cluster', async () => {
    await expect(plan({ Snapshot: 'daily/ecs/111122223333/eu-west-2/other/2026-11-29T05-00-00Z-0123456789ab.json.gz' })).rejects.toThrow('is not one of the cluster prod');
  });

  test('with a snapshot of a newer version', async () => {
    keep(aws, { ...content, schemaVersion: 2 });

    await expect(plan()).rejects.toThrow('is of version 2, and this runbook knows up to 1: deploy a newer version of the library, or choose an older snapshot.');
  });

  test('with a service that the snapshot has not', async () => {
    keep(aws, content);

    await expect(plan({ Services: 'service-0000, orders' })).rejects.toThrow('Services names orders, which is not in the snapshot');
  });
});
