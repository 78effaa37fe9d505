import { contentHash } from '../../src/capture/content-hash.lambda-shared';

const DOCUMENT = { name: 'prod', events: ['a'], services: [{ service: { count: 2, size: 3 } }, { service: { count: 1, size: 4 } }] };

test('a hash is that of the canonical text, by SHA-256', () => {
  expect(contentHash({ b: 1, a: ['x', null, true] }, [])) // printf '{"a":["x",null,true],"b":1}' | sha256sum
    .toBe('sha256-8ceb0641e6e1c1616fb86a8f375f277d89652aabcd2e9d2637db215d1de40494');
});

test('the order of members does not matter', () => {
  expect(contentHash({ a: 1, b: { c: 2, d: 3 } }, [])).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }, []));
});

test.each([
  ['names', { list: [{ name: 'a', value: 1 }, { name: 'b', value: 2 }] }, { list: [{ name: 'b', value: 2 }, { name: 'a', value: 1 }] }],
  ['keys', { tags: [{ Key: 'a' }, { Key: 'b' }] }, { tags: [{ Key: 'b' }, { Key: 'a' }] }],
])('the order of things with %s does not matter', (_, one, other) => {
  expect(contentHash(one, [])).toBe(contentHash(other, []));
});

test('the order of anything else does', () => {
  expect(contentHash({ command: ['a', 'b'] }, [])).not.toBe(contentHash({ command: ['b', 'a'] }, []));
  expect(contentHash({ list: [{ type: 'spread' }, { type: 'binpack' }] }, [])).not.toBe(contentHash({ list: [{ type: 'binpack' }, { type: 'spread' }] }, []));
});

test('a member that is not defined is no member, as in JSON', () => {
  expect(contentHash({ a: 1, b: undefined }, [])).toBe(contentHash({ a: 1 }, []));
});

test('a value is told from a text of it', () => {
  expect(contentHash({ a: 1 }, [])).not.toBe(contentHash({ a: '1' }, []));
  expect(contentHash({ a: null }, [])).not.toBe(contentHash({}, []));
});

describe('a path that is left out', () => {
  const without = (paths: string[], change: (document: any) => void) => {
    const changed = structuredClone(DOCUMENT);
    change(changed);
    return contentHash(changed, paths) === contentHash(DOCUMENT, paths);
  };

  test.each<[string, (document: any) => void]>([
    ['events', (document) => document.events = ['b', 'c']],
    ['events', (document) => delete document.events],
    ['services.*.service.count', (document) => document.services[1].service.count = 9],
    ['services.0.service.count', (document) => document.services[0].service.count = 9],
    ['services.**.count', (document) => document.services[1].service.count = 9],
    ['**.count', (document) => document.services[1].service.count = 9],
  ])('%s changes nothing', (path, change) => {
    expect(without([path], change)).toBe(true);
  });

  test.each<[string, (document: any) => void]>([
    ['services.*.service.count', (document) => document.services[1].service.size = 9],
    ['services.0.service.count', (document) => document.services[1].service.count = 9],
    ['services.*.count', (document) => document.services[1].service.count = 9],
    ['service.count', (document) => document.services[1].service.count = 9],
    ['events', (document) => document.name = 'dev'],
  ])('%s leaves the others in', (path, change) => {
    expect(without([path], change)).toBe(false);
  });
});
