import * as fc from 'fast-check';
import { receive } from './captures';
import { ACCOUNT, FakeAwsApis, REGION } from './fake-aws-apis';
import type { FakeState } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { DAILY, SETTINGS } from './invocations';
import { safely } from '../../src/capture/aws-call.lambda-shared';
import { contentHash } from '../../src/capture/content-hash.lambda-shared';
import { captureCluster } from '../../src/ecs-config/ecs-document.lambda-shared';
import { VOLATILE_MEMBERS } from '../../src/ecs-config/ecs-volatile.contract';

const AT = 1764390000;

/** A cluster with every member that the list of volatile members names. One service is scaled, one is not, one is a daemon. */
function accountWithAllMembers(): FakeState {
  const state = accountWith('prod', { services: 3 });
  const [{ cluster, capacityProviders, services, revisions }] = state.clusters;
  cluster.attachments = [{ id: 'a', type: 'as_policy', status: 'CREATED', details: [] }];
  cluster.attachmentsStatus = 'UPDATE_COMPLETE';
  Object.assign(capacityProviders[0], { updateStatus: 'UPDATE_COMPLETE', updateStatusReason: 'none' });
  services[0].taskSets = [{
    id: 'ecs-svc/1',
    taskDefinition: services[0].taskDefinition,
    computedDesiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    stabilityStatus: 'STEADY_STATE',
    createdAt: AT,
    updatedAt: AT,
    stabilityStatusAt: AT,
    scale: { value: 100, unit: 'PERCENT' },
  }];
  services[2].schedulingStrategy = 'DAEMON';
  revisions[0].ecsManagedResources = { ingressPaths: [{ endpoint: 'https://x', updatedAt: AT }], autoScaling: { scalableTarget: { arn: 'a', updatedAt: AT } } };
  state.scalableTargets = state.scalableTargets.slice(0, 1).map((target) => ({ ...target, PredictedCapacity: 3 }));
  state.namespaces[0].services = undefined;
  return state;
}

async function captured(state: FakeState) {
  const { call } = new FakeAwsApis(state, undefined, 0);
  const { content, notCaptured, findings, volatile } = await captureCluster(safely(call), 'prod', { partition: 'aws', region: REGION, account: ACCOUNT }, SETTINGS);
  const head = {
    schemaVersion: 1,
    kind: 'ecs',
    partition: 'aws',
    region: REGION,
    account: ACCOUNT,
    tier: 'daily',
    trigger: 'schedule',
    scheduledFor: '2026-11-29T05:00:00Z',
    begunAt: '2026-11-29T05:00:03Z',
    endedAt: '2026-11-29T05:00:33Z',
    libraryVersion: '0.9.0',
    sdkVersion: '3.1169.0',
    contentHash: '',
  };
  // A finding and what is not captured, so that there is something to change.
  return { document: { ...head, ...content, notCaptured: [...notCaptured, { what: 'daemon' }], findings: [...findings, { rule: 'movable-tag' }] } as any, volatile };
}

interface Leaf {
  readonly path: string[];
  readonly change: () => void;
  readonly undo: () => void;
}

/** Every value of a document that is not made of others. */
function leavesOf(value: any, path: string[] = []): Leaf[] {
  return Object.entries(value).flatMap(([name, member]): Leaf[] => {
    const here = [...path, name];
    if (typeof member === 'object' && member !== null && Object.keys(member).length > 0) {
      return leavesOf(member, here);
    }
    const other = typeof member === 'number' ? member + 1 : typeof member === 'boolean' ? !member : typeof member === 'string' ? `${member}.` : { other: 1 };
    return [{ path: here, change: () => value[name] = other, undo: () => value[name] = member }];
  });
}

/** Written without the code that it tests. */
function expressionOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('.').map((part) => ({ '*': '[^ ]+', '**': '.+' })[part] ?? part).join(' ')}( |$)`);
}

const EXPRESSIONS = VOLATILE_MEMBERS.map(expressionOf);

/** Scaling sets that of the first service, and the third has a task on each container instance. */
const COUNTS_OF_OTHERS = /^services [02] service desiredCount$/;

let leaves: Leaf[];
let hash: () => string;
let before: string;

beforeAll(async () => {
  const { document, volatile } = await captured(accountWithAllMembers());
  leaves = leavesOf(document);
  hash = () => contentHash(document, volatile);
  before = hash();
});

function isVolatile({ path }: Leaf): boolean {
  const text = path.join(' ');
  return COUNTS_OF_OTHERS.test(text) || EXPRESSIONS.some((expression) => expression.test(text));
}

function hashWith({ change, undo }: Leaf): string {
  change();
  const changed = hash();
  undo();
  return changed;
}

test.each(VOLATILE_MEMBERS)('%s changes nothing', (pattern) => {
  const expression = expressionOf(pattern);
  const named = leaves.filter(({ path }) => expression.test(path.join(' ')));

  expect(named).not.toEqual([]);
  expect(named.filter((leaf) => hashWith(leaf) !== before).map(({ path }) => path.join('.'))).toEqual([]);
});

test('any other member changes the hash, and no member of the list does, alone or together', () => {
  fc.assert(fc.property(fc.infiniteStream(fc.nat({ max: leaves.length - 1 })), fc.integer({ min: 1, max: 4 }), (indices, count) => {
    const chosen = [...new Set([...indices.take(count)])].map((index) => leaves[index]);
    chosen.forEach(({ change }) => change());
    const changed = hash() !== before;
    chosen.forEach(({ undo }) => undo());
    expect({ paths: chosen.map(({ path }) => path.join('.')), changed })
      .toEqual({ paths: expect.anything(), changed: chosen.some((leaf) => !isVolatile(leaf)) });
  }), { numRuns: 300 });
});

test('every single member is one or the other', () => {
  const wrong = leaves.filter((leaf) => (hashWith(leaf) !== before) === isVolatile(leaf)).map(({ path }) => path.join('.'));

  expect(leaves.length).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});

test('the count of a service that nothing scales is configuration', () => {
  const [count] = leaves.filter(({ path }) => path.join('.') === 'services.1.service.desiredCount');

  expect(hashWith(count)).not.toBe(before);
});

test('the order in which AWS lists services, variables, tags and rules changes nothing', async () => {
  const state = accountWithAllMembers();
  state.clusters[0].services.reverse();
  state.clusters[0].services.forEach(({ tags }) => tags.reverse());
  state.clusters[0].capacityProviders.reverse();
  Object.values(state.taskDefinitions).forEach(({ taskDefinition }) => taskDefinition.containerDefinitions[0].environment.reverse());
  [state.scalingPolicies, state.targetGroups, state.subnets, state.eventBuses].forEach((list) => list.reverse());
  const { document, volatile } = await captured(state);

  expect(contentHash(document, volatile)).toBe(before);
});

test('whatever members AWS adds are in the document', async () => {
  await fc.assert(fc.asyncProperty(fc.dictionary(fc.stringMatching(/^x[A-Za-z]{1,8}$/), fc.jsonValue(), { minKeys: 1, maxKeys: 3 }), async (added) => {
    const kept = JSON.parse(JSON.stringify(added));
    const aws = new FakeAwsApis(accountWith('prod', { services: 1 }), undefined, 0);
    const { clusters: [{ cluster, services, revisions }], taskDefinitions, scalableTargets, scalingPolicies, rules, schedules } = aws.state;
    const [definition] = Object.values(taskDefinitions);
    const { containerDefinitions: [container] } = definition.taskDefinition;
    const places = [
      cluster, services[0], services[0].deployments[0], revisions[0], definition, definition.taskDefinition, container, scalableTargets[0],
      scalingPolicies[0], rules[0].rule, rules[0].targets[0], schedules[0],
    ];
    places.forEach((place) => Object.assign(place, kept));

    await receive(aws, DAILY);

    const [document] = aws.documents;
    const [service] = document.services;
    const [taskDefinition] = Object.values<any>(document.taskDefinitions).filter(({ family }) => family === 'service-0000');
    for (const place of [
      document.cluster, service.service, service.service.deployments[0], service.revision, taskDefinition, taskDefinition.containerDefinitions[0],
      service.scaling.targets[0], service.scaling.policies[0], document.rules[0].rule, document.rules[0].targets[0], document.schedules[0],
    ]) {
      expect(Object.fromEntries(Object.keys(kept).map((name) => [name, place[name]]))).toEqual(kept);
    }
  }), { numRuns: 30 });
});
