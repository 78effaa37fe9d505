import * as cdk from 'aws-cdk-lib';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FactKind, Registry, unchecked, UNCHECKED } from '../../src/private/registry';

const NUMBERS = new FactKind<number>('numbers');
const WORDS = new FactKind<string>('words');

test('facts are kept by kind, in the order in which they were registered', () => {
  const app = new App();
  const registry = Registry.of(app);

  registry.register(NUMBERS, app, 2);
  registry.register(WORDS, app, 'two');
  registry.register(NUMBERS, app, 1);

  expect(registry.all(NUMBERS)).toEqual([2, 1]);
  expect(registry.all(WORDS)).toEqual(['two']);
});

test('the first fact that meets a condition is found', () => {
  const app = new App();
  [1, 2, 3].forEach((number) => Registry.of(app).register(NUMBERS, new Construct(app, String(number)), number));

  expect(Registry.of(app).find(NUMBERS, (number) => number > 1)).toBe(2);
  expect(Registry.of(app).find(NUMBERS, (number) => number > 3)).toBeUndefined();
});

describe('what a construct registered that was removed from the tree', () => {
  function removed(remove: (app: App) => void): Registry {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    Registry.of(app).register(NUMBERS, new Construct(new Construct(stack, 'Parent'), 'Child'), 1);
    Registry.of(app).register(NUMBERS, new Construct(stack, 'Other'), 2);
    remove(app);
    return Registry.of(app);
  }

  test.each<[string, (app: App) => void, number[]]>([
    ['by itself', (app) => app.node.findChild('Stack').node.findChild('Parent').node.tryRemoveChild('Child'), [2]],
    ['with what it is in', (app) => app.node.findChild('Stack').node.tryRemoveChild('Parent'), [2]],
    ['with its stack', (app) => app.node.tryRemoveChild('Stack'), []],
  ])('%s, is not a fact any more', (_, remove, left) => {
    const registry = removed(remove);

    expect(registry.all(NUMBERS)).toEqual(left);
    expect(registry.find(NUMBERS, () => true)).toBe(left[0]);
  });

  test('is not a fact of what has its id now', () => {
    const app = new App();
    const first = new Construct(app, 'Construct');
    Registry.of(app).register(NUMBERS, first, 1);
    app.node.tryRemoveChild('Construct');
    const second = new Construct(app, 'Construct');
    Registry.of(app).register(NUMBERS, second, 2);

    expect(Registry.of(app).all(NUMBERS)).toEqual([2]);
    expect(Registry.of(app).of(NUMBERS, second)).toEqual([2]);
  });
});

test('there are no facts of a kind that nobody registered', () => {
  expect(Registry.of(new App()).all(NUMBERS)).toEqual([]);
});

test('all constructs of an app see the same facts, over stacks and Stages', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const staged = new Construct(new Stack(new Stage(app, 'Stage'), 'Stack'), 'Construct');

  Registry.of(staged).register(NUMBERS, staged, 1);

  expect(Registry.of(stack).all(NUMBERS)).toEqual([1]);
  expect(Registry.of(app)).toBe(Registry.of(staged));
});

test('two apps do not see the facts of each other', () => {
  const one = new App();
  const other = new App();

  Registry.of(one).register(NUMBERS, one, 1);

  expect(Registry.of(other).all(NUMBERS)).toEqual([]);
});

test('two copies of this library see the same facts', () => {
  const app = new App();
  Registry.of(app).register(NUMBERS, app, 1);

  jest.isolateModules(() => {
    jest.doMock('aws-cdk-lib', () => cdk);
    const copy = jest.requireActual<typeof import('../../src/private/registry')>('../../src/private/registry');

    expect(copy.Registry).not.toBe(Registry);
    copy.Registry.of(app).register(new copy.FactKind<number>('numbers'), app, 2);
  });

  expect(Registry.of(app).all(NUMBERS)).toEqual([1, 2]);
});

test('two versions of this library do not see the facts of each other, which may have other shapes, and that is reported once', () => {
  const app = new App();
  const stack = new Stack(app, 'Backups');
  Object.defineProperty(app, Symbol.for('cdk-backup-dr.registry/0'), { value: { facts: 'of another shape' } });
  Registry.of(stack).register(NUMBERS, stack, 1);
  Registry.of(new Construct(stack, 'Vault')).register(NUMBERS, stack, 2);

  expect(Registry.of(app).all(NUMBERS)).toEqual([1, 2]);
  expect(app.synth().getStackArtifact(stack.artifactId).messages.map(({ entry: { data } }) => data)).toEqual([
    'not checked: whether the constructs of two versions of cdk-backup-dr in one app fit together: install only one version [ack: cdk-backup-dr:severalVersions]',
  ]);
});

test('a check that could not be made is registered with the path of who wanted it', () => {
  const stack = new Stack(new App(), 'Backups');

  unchecked(new Construct(stack, 'Vault'), 'test', 'the lock: it is a token');

  expect(Registry.of(stack).all(UNCHECKED)).toEqual([{ id: 'test', path: 'Backups/Vault', reason: 'the lock: it is a token' }]);
});
