import * as cdk from 'aws-cdk-lib';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FactKind, Registry, unchecked, UNCHECKED } from '../../src/private/registry';

const NUMBERS = new FactKind<number>('numbers');
const WORDS = new FactKind<string>('words');

test('facts are kept by kind, in the order in which they were registered', () => {
  const registry = Registry.of(new App());

  registry.register(NUMBERS, 2);
  registry.register(WORDS, 'two');
  registry.register(NUMBERS, 1);

  expect(registry.all(NUMBERS)).toEqual([2, 1]);
  expect(registry.all(WORDS)).toEqual(['two']);
});

test('there are no facts of a kind that nobody registered', () => {
  expect(Registry.of(new App()).all(NUMBERS)).toEqual([]);
});

test('all constructs of an app see the same facts, over stacks and Stages', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const staged = new Construct(new Stack(new Stage(app, 'Stage'), 'Stack'), 'Construct');

  Registry.of(staged).register(NUMBERS, 1);

  expect(Registry.of(stack).all(NUMBERS)).toEqual([1]);
  expect(Registry.of(app)).toBe(Registry.of(staged));
});

test('two apps do not see the facts of each other', () => {
  const one = new App();
  const other = new App();

  Registry.of(one).register(NUMBERS, 1);

  expect(Registry.of(other).all(NUMBERS)).toEqual([]);
});

test('two copies of this library see the same facts', () => {
  const app = new App();
  Registry.of(app).register(NUMBERS, 1);

  jest.isolateModules(() => {
    jest.doMock('aws-cdk-lib', () => cdk);
    const copy = jest.requireActual<typeof import('../../src/private/registry')>('../../src/private/registry');

    expect(copy.Registry).not.toBe(Registry);
    copy.Registry.of(app).register(new copy.FactKind<number>('numbers'), 2);
  });

  expect(Registry.of(app).all(NUMBERS)).toEqual([1, 2]);
});

test('a check that could not be made is registered with the path of who wanted it', () => {
  const stack = new Stack(new App(), 'Backups');

  unchecked(new Construct(stack, 'Vault'), 'the lock: it is a token');

  expect(Registry.of(stack).all(UNCHECKED)).toEqual([{ path: 'Backups/Vault', reason: 'the lock: it is a token' }]);
});
