import { App, Aws, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { validate, warn, withoutTokens } from '../../src/private/messages';
import { PropsErrors } from '../../src/private/props-errors';
import { Registry, unchecked, UNCHECKED } from '../../src/private/registry';
import { problemsAtSynthesis, problemsOf } from '../problems';

const text = Lazy.string({ produce: () => 'late' });
const list = Lazy.list({ produce: () => ['late'] });
const number = Lazy.number({ produce: () => 7 });

test.each([
  ['a token', `got '${text}'`, 'got a token'],
  ['a token in double quotes', `got "${text}"`, 'got a token'],
  ['a token within a text', `arn:${Aws.PARTITION}:kms:eu-west-2:${text}:key/1`, 'arn:<token>:kms:eu-west-2:<token>:key/1'],
  ['a token without quotes', `got ${text}`, 'got <token>'],
  ['a token in a list', `got ${list.join()}`, 'got <token>'],
  ['a number', `got ${number}, not 7`, 'got <token>, not 7'],
  ['no token', "got '${AWS::Region}' and -1.5e+20", "got '${AWS::Region}' and -1.5e+20"],
])('%s is called so', (_, message, expected) => {
  expect(withoutTokens(message)).toBe(expected);
});

test('a text without a token stays as it is', () => {
  fc.assert(fc.property(fc.string(), (any) => withoutTokens(any) === any));
});

test('a number that is a token is found whichever it is', () => {
  const numbers = Array.from({ length: 50 }, (_, index) => Token.asNumber({ resolve: () => index, creationStack: [] }));

  expect(new Set(numbers.map((each) => withoutTokens(`${each}`)))).toEqual(new Set(['<token>']));
});

describe('a token is not printed', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = new Stack(app, 'Stack');
  });

  test('in an error', () => {
    const errors = new PropsErrors(`Props of ${text}`, stack);
    errors.when(true, () => `got '${text}'`);
    errors.add(`got ${number}`);

    expect(errors.all).toEqual(['got a token', 'got <token>']);
    expect(() => errors.throwIfAny()).toThrow("invalid Props of <token> at 'Stack':\n- got a token\n- got <token>");
    expect(problemsOf(() => errors.throwIfAny())).toEqual(['got a token', 'got <token>']);
  });

  test('in what could not be checked', () => {
    unchecked(stack, 'test', `the key '${text}'`);
    unchecked(stack, 'test', `the key '${Aws.REGION}'`);

    expect(Registry.of(stack).all(UNCHECKED)).toEqual([{ id: 'test', path: 'Stack', reason: 'the key a token' }]);
    expect(stack.node.metadata.map(({ data }) => data)).toEqual(['not checked: the key a token [ack: cdk-backup-dr:test]']);
  });

  test('in a warning', () => {
    warn(stack, 'test', `got '${text}'`);

    expect(stack.node.metadata.map(({ data }) => data)).toEqual(['got a token [ack: cdk-backup-dr:test]']);
  });

  test('in what a validation says', () => {
    validate(stack, () => [`got '${text}'`]);

    expect(problemsAtSynthesis(app)).toContain('got a token');
  });
});
