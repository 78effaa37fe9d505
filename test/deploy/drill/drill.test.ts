import { disagreements } from './decisions';
import { drill } from './drill';
import type { DrillResult } from './drill';
import { promisesOf } from './promises';
import { lineOf, summaryOf, tableOf } from './report';
import { comparableOf, pinnedIn } from './restored';
import { nextRun } from './schedule';
import { differences } from './snapshots';
import { stepsFor, storyOf } from './story';
import { assemblyOf, STAGES } from '../../../scripts/steps';
import { readAssembly } from '../assembly/assembly';
import { LocalAws } from '../local-aws/local-aws';

beforeAll(() => jest.requireActual<() => Promise<void>>('../../policy-evaluator/install.cjs')());

const prod = promisesOf(readAssembly(assemblyOf('prod')));
const dev = promisesOf(readAssembly(assemblyOf('dev')));

describe.each(STAGES)('the drill of the stage %s', (stage) => {
  let aws: LocalAws;
  let result: DrillResult;

  beforeAll(async () => {
    aws = await LocalAws.start();
    result = await drill(aws, { promised: readAssembly(assemblyOf(stage)) });
  });
  afterAll(() => aws.stop());

  test('sees everything that the templates promise', () => {
    expect(result.steps.filter(({ outcome }) => outcome !== 'held').map(({ id, seen }) => `${id}: ${seen}`)).toEqual([]);
    expect(result.hasHeld).toBe(true);
    expect(result.steps.length).toBeGreaterThan(15);
  });

  test('names the statement that each refusal of AWS Backup rests on', () => {
    const refusals = result.steps.filter(({ id }) => /^(refuse:(?!delete-table|.*-snapshot)|lock-is-final)/.test(id)).map(({ id, seen }) => [id, seen]);

    expect(refusals.length).toBeGreaterThan(3);
    expect(refusals.filter(([, seen]) => !seen.split('; ').every((words) => /\[B-\d+\]$/.test(words)))).toEqual([]);
  });

  test('delivers every event', async () => {
    expect(await aws.undelivered()).toEqual([]);
  });

  test('decides by policies as an evaluator of its own does', async () => {
    const decisions = await aws.decisions();

    expect(decisions.length).toBeGreaterThan(50);
    expect(disagreements(decisions)).toEqual([]);
  });
});

describe('decisions by policies', () => {
  const asked = { kind: 'identity', principal: 'arn:aws:iam::222222222222:role/backup', action: 'dynamodb:StartAwsBackupJob', context: {} } as const;
  const resource = 'arn:aws:dynamodb:eu-west-2:222222222222:table/orders';
  const policies = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:StartAwsBackupJob', Resource: resource }] }];

  test('that another evaluator makes as well are no disagreement', () => {
    const elsewhere = resource.replace('orders', 'others');

    expect(disagreements([{ ...asked, resource, policies, verdict: 'Allow' }, { ...asked, resource: elsewhere, policies, verdict: 'NoMatch' }])).toEqual([]);
  });

  test('that another evaluator makes otherwise are named', () => {
    expect(disagreements([{ ...asked, resource, policies, verdict: 'NoMatch' }])).toEqual([
      'identity arn:aws:iam::222222222222:role/backup dynamodb:StartAwsBackupJob arn:aws:dynamodb:eu-west-2:222222222222:table/orders {}: NoMatch here, Allowed there',
    ]);
  });
});

describe('what is promised', () => {
  test('follows from the templates: every copy of the rule is in the story', () => {
    expect(prod.destinations.map(({ name, account, region }) => `${name} ${account}/${region}`)).toEqual([
      'acme-prod-central 333333333333/eu-west-2',
      'acme-prod-central-replica 333333333333/eu-west-1',
      'acme-prod-landing 222222222222/eu-west-1',
    ]);
    expect(storyOf(prod).map(({ id }) => id)).toEqual(expect.arrayContaining(prod.destinations.map(({ name }) => `copy:${name}`)));
  });

  test('is about the tables that the selection takes, of the stage alone', () => {
    expect(prod.tables.map(({ declared }) => declared.logicalId.replace(/[0-9A-F]{8}$/, ''))).toEqual(['Main', 'Denylist', 'Idempotency']);
    expect(prod.tables.every(({ declared }) => declared.stack.name === 'acme-prod-workload')).toBe(true);
  });

  test('is to come back in the other region if there are copies, else where it was', () => {
    expect([prod.wayBack.from.name, prod.wayBack.to.name]).toEqual(['acme-prod-central-replica', 'acme-prod-landing']);
    expect([dev.wayBack.from.name, dev.wayBack.to.name]).toEqual(['acme-dev-central', 'acme-dev-local']);
  });

  test('has no locks where there are none', () => {
    expect(storyOf(prod).map(({ id }) => id)).toEqual(expect.arrayContaining(['lock', 'lock-is-final']));
    expect(storyOf(dev).map(({ id }) => id)).not.toContain('lock');
  });

  test('has snapshots on each schedule of the stage, in another account and another region, locked in prod', () => {
    expect(prod.captures.schedules.map(({ name, windowMinutes }) => [name, windowMinutes])).toEqual([['daily', 360], ['evening', 360], ['weekly', 1080]]);
    expect(dev.captures.schedules.map(({ name }) => name)).toEqual(['daily', 'weekly']);
    expect([prod.captures.bucket, prod.captures.replica].map(({ account, region, lockMode }) => [account, region, lockMode])).toEqual([
      ['333333333333', 'eu-west-2', 'COMPLIANCE'],
      ['333333333333', 'eu-west-1', 'COMPLIANCE'],
    ]);
    expect(dev.captures.bucket.lockMode).toBeUndefined();
    expect(storyOf(dev).map(({ id }) => id)).not.toContain('refuse:delete-snapshot');
  });
});

describe('the runbook', () => {
  test('restores into the region of the captured cluster, with its records beside the snapshots', () => {
    expect([prod, dev].map(({ restores: { document, account, region, bucket } }) => [document, account, region, bucket.account])).toEqual([
      ['acme-prod-restore-ecs', '222222222222', 'eu-west-2', '333333333333'],
      ['acme-dev-restore-ecs', '222222222222', 'eu-west-2', '333333333333'],
    ]);
    expect([prod, dev].map(({ restores, captures }) => restores.bucket.name === captures.bucket.name)).toEqual([true, true]);
  });
});

describe('what was restored', () => {
  const tags = [{ key: 'team', value: 'shop' }, { key: 'aws:cloudformation:stack-name', value: 'shop' }];
  const captured = {
    services: [{ service: { serviceName: 'app', desiredCount: 2, createdAt: 1, taskDefinition: 'arn:aws:ecs:eu-west-2:1:task-definition/app:1', tags } }],
    taskDefinitions: { one: { revision: 1, containerDefinitions: [{ image: 'app:1.0' }] } },
    images: [{ image: 'app:1.0', digest: 'sha256:1' }],
  };
  const [{ service }] = captured.services;
  const restored = {
    services: [{
      service: {
        ...service,
        createdAt: 2,
        taskDefinition: 'arn:aws:ecs:eu-west-2:1:task-definition/app:2',
        tags: [...tags.slice(0, 1), { key: 'cdk-backup-dr:restored-by', value: 'run' }, { key: 'cdk-backup-dr:restore-state', value: 'DONE' }],
      },
    }],
    taskDefinitions: { two: { revision: 2, containerDefinitions: [{ image: 'app@sha256:1' }] } },
    images: [{ image: 'app@sha256:1', digest: 'sha256:1' }],
  };

  test('is the same without what AWS generates, by the digests of its images', () => {
    expect(differences(comparableOf(captured), comparableOf(restored, 'run'))).toEqual([]);
    expect(pinnedIn(restored)).toEqual(['app@sha256:1']);
    expect(pinnedIn(captured)).toEqual([]);
  });

  test.each([
    ['another count', { ...service, desiredCount: 1 }, ['services.0.service.desiredCount']],
    ['no tag', { ...service, tags: [] }, ['services.0.service.tags.0']],
  ])('differs by %s', (_, changed, paths) => {
    expect(differences(comparableOf(captured), comparableOf({ ...captured, services: [{ service: changed }] }))).toEqual(paths);
  });

  test('says which run restored it', () => {
    expect(() => comparableOf(restored, 'another run')).toThrow('app is DONE, restored by run');
  });
});

describe('a snapshot', () => {
  const answered = { services: [{ service: { name: 'app', tags: ['a', 'b'] } }] };

  test('that has every member as it was answered is no different', () => {
    expect(differences(answered, structuredClone(answered))).toEqual([]);
  });

  test.each([
    [{ services: [{ service: { name: 'app' } }] }, ['services.0.service.tags']],
    [{ services: [{ service: { name: 'app', tags: ['a', 'c'] } }] }, ['services.0.service.tags.1']],
    [{ services: [{ service: { name: 'app', tags: ['a', 'b'], more: null } }] }, ['services.0.service.more']],
    [{ services: [] }, ['services.0']],
  ])('%j is different in %j', (snapshot, paths) => {
    expect(differences(answered, snapshot)).toEqual(paths);
  });
});

describe('some steps', () => {
  test('come with those that they need, in order', () => {
    expect(stepsFor(storyOf(dev), ['copy-back']).map(({ id }) => id)).toEqual(['deploy', 'items', 'backup', 'copy:acme-dev-central', 'lose', 'copy-back']);
  });

  test('that do not exist are refused with the names of those that do', () => {
    expect(() => stepsFor(storyOf(dev), ['restor'])).toThrow(/there is no step restor: the steps are deploy, items, image, backup/);
  });
});

describe('a schedule', () => {
  test.each([
    ['cron(0 5 ? * * *)', '2026-11-28T21:15:00Z', '2026-11-29T05:00:00Z'],
    ['cron(0 5 ? * * *)', '2026-11-29T05:00:00Z', '2026-11-30T05:00:00Z'],
    ['cron(0 6 ? * SUN *)', '2026-11-29T06:00:00Z', '2026-12-06T06:00:00Z'],
    ['cron(30 1 1 * ? *)', '2026-11-28T21:15:00Z', '2026-12-01T01:30:00Z'],
    ['cron(0 0/8 ? * MON-FRI *)', '2026-11-28T21:15:00Z', '2026-11-30T00:00:00Z'],
    ['cron(0 12 ? JAN,JUL 2 *)', '2026-11-28T21:15:00Z', '2027-01-04T12:00:00Z'],
  ])('%s after %s runs at %s', (expression, after, next) => {
    expect(nextRun(expression, new Date(after))).toEqual(new Date(next));
  });

  test.each(['rate(1 day)', 'cron(0 5 L * ? *)', 'cron(0 5 * * *)'])('%s is not understood', (expression) => {
    expect(() => nextRun(expression, new Date(0))).toThrow(/is not/);
  });
});

describe('the report', () => {
  const steps = [
    { id: 'backup', promise: '3 tables', seen: 'COMPLETED', outcome: 'held' as const, seconds: 0.32, at: '2026-11-29T05:02:10.123Z', simulatedSeconds: 26_700 },
    { id: 'restore', promise: 'a table', seen: 'FAILED\nno role', outcome: 'broken' as const, seconds: 12, at: '2026-11-29T07:00:00.000Z', simulatedSeconds: 0 },
    { id: 'compare', promise: 'items', seen: 'needs restore', outcome: 'not tried' as const, seconds: 0, at: '2026-11-29T07:00:00.000Z', simulatedSeconds: 0 },
  ];

  test('has one line a step, which says in words what came of it', () => {
    expect(lineOf(steps[0], '3/30')).toBe(' 3/30  HELD         0.3 s  2026-11-29 05:02  backup: 3 tables -- COMPLETED');
    expect(lineOf(steps[1], '29/30')).toBe('29/30  BROKEN      12.0 s  2026-11-29 07:00  restore: a table -- FAILED | no role');
  });

  test('has a table and a sentence at the end', () => {
    expect(tableOf({ steps, seconds: 12.3, hasHeld: false }).split('\n')).toEqual([
      '  step     outcome    here    simulated   simulated time at its end',
      '  backup   held       0.3 s   7 h 25 min  2026-11-29 05:02',
      '  restore  broken     12.0 s  -           2026-11-29 07:00',
      '  compare  not tried  0.0 s   -           2026-11-29 07:00',
    ]);
    expect(summaryOf({ steps, seconds: 12.3, hasHeld: false })).toBe('1 of 3 steps held, 1 broken, 1 not tried, in 12 s.');
    expect(summaryOf({ steps: steps.slice(0, 1), seconds: 12.3, hasHeld: true })).toBe('1 of 1 steps held, in 12 s.');
  });
});
