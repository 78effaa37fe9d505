import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PropsErrors } from '../../src/private/props-errors';

test('a problem that is found twice is said once', () => {
  const errors = new PropsErrors('Props');
  errors.add("'name' is wrong", "'name' is wrong");

  expect(() => errors.throwIfAny()).toThrow(/^invalid Props:\n- 'name' is wrong$/);
});

test('nothing is thrown where nothing is wrong', () => {
  const errors = new PropsErrors('VaultProps');
  errors.when(false, () => 'no');
  errors.when(undefined, () => 'no');
  errors.add();

  expect(errors.all).toEqual([]);
  expect(() => errors.throwIfAny()).not.toThrow();
});

test('all messages are in one error, in their order', () => {
  const errors = new PropsErrors('VaultProps');
  errors.when(true, () => 'one');
  errors.when(false, () => 'no');
  errors.add('two', 'three');
  errors.when(true, () => 'four');

  expect(errors.all).toEqual(['one', 'two', 'three', 'four']);
  expect(() => errors.throwIfAny()).toThrow(new Error('invalid VaultProps:\n- one\n- two\n- three\n- four'));
});

test('the error says where the construct is', () => {
  const errors = new PropsErrors('VaultProps', new Construct(new Stack(new App(), 'Backups'), 'Vault'));
  errors.add('one');

  expect(() => errors.throwIfAny()).toThrow(new Error("invalid VaultProps at 'Backups/Vault':\n- one"));
});

test('a message is only built where its condition holds', () => {
  const message = jest.fn(() => 'never');

  new PropsErrors('VaultProps').when(false, message);

  expect(message).not.toHaveBeenCalled();
});

test('the error is a plain one, since that is what other languages see', () => {
  const errors = new PropsErrors('VaultProps');
  errors.add('one');

  let thrown: unknown;
  try {
    errors.throwIfAny();
  } catch (error) {
    thrown = error;
  }

  expect(Object.getPrototypeOf(thrown)).toBe(Error.prototype);
});
