import type { AutomationDocument, Condition, DocumentParameter } from './document';
import { holds } from './machine/conditions';
import { durationSeconds, endOfSleep } from './machine/durations';
import { parameterValues } from './machine/parameters';
import { select } from './machine/selectors';
import { substitute, systemVariables } from './machine/substitution';
import { AutomationSimulation, OPERATOR } from './simulation';

const document = (parameters: Record<string, DocumentParameter>): AutomationDocument => ({
  schemaVersion: '0.3', parameters, mainSteps: [{ name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT1S' } }],
});
const refused = (parameters: Record<string, DocumentParameter>, given: Record<string, string[]>) => {
  try {
    parameterValues(document(parameters), given);
    return 'accepted';
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
};

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
describe('parameters of a start', () => {
  test.each<[string, Record<string, DocumentParameter>, Record<string, string[]>, string]>([
    ['one without a default is required', { Reason: { type: 'String' } }, {}, 'Parameter "Reason" is required.'],
    ['one that the document does not define', {}, { Reason: ['a'] }, 'Parameter "Reason" is not defined in the document.'],
    ['one outside of the allowed pattern', { At: { type: 'String', allowedPattern: '^\\d+$' } }, { At: ['noon'] }, '"noon" of parameter "At" does not match ^\\d+$.'],
    ['one that is not allowed', { Dry: { type: 'Boolean', allowedValues: [true, false] } }, { Dry: ['maybe'] }, '"maybe" is not an allowed value of parameter "Dry".'],
    ['each of a list', { Names: { type: 'StringList', allowedPattern: '^[a-z]+$' } }, { Names: ['a', 'B'] }, '"B" of parameter "Names" does not match ^[a-z]+$.'],
    ['more than one value', { Reason: { type: 'String' } }, { Reason: ['a', 'b'] }, 'Parameter "Reason" takes one value.'],
    ['more than 512 characters', { Reason: { type: 'String' } }, { Reason: ['x'.repeat(513)] }, 'A value of parameter "Reason" has 1 to 512 characters.'],
    ['another type', { Count: { type: 'Integer' } }, { Count: ['1.5'] }, '"1.5" of parameter "Count" is not of type Integer.'],
  ])('refused: %s', (_, parameters, given, message) => {
    expect(refused(parameters, given)).toContain(`InvalidAutomationExecutionParametersException: ${message}`);
  });

  test('all problems are in one refusal', () => {
    expect(refused({ One: { type: 'String' }, Two: { type: 'String' } }, {})).toContain('"One" is required. Parameter "Two" is required.');
  });

  test('values have the type of their parameter, and those that are not given their default', () => {
    expect(parameterValues(document({
      Dry: { type: 'Boolean' }, Count: { type: 'Integer' }, Names: { type: 'StringList' }, Map: { type: 'StringMap' }, Reason: { type: 'String', default: 'none' },
    }), { Dry: ['True'], Count: ['3'], Names: ['a'], Map: ['{"a":1}'] })).toEqual({ Dry: true, Count: 3, Names: ['a'], Map: { a: 1 }, Reason: 'none' });
  });

  test('one client token starts one execution, and another request with it is refused', () => {
    const { engine } = new AutomationSimulation();
    const start = (parameters: Record<string, string[]>) => engine.start({
      document: document({ Reason: { type: 'String' } }), documentName: 'Runbook', parameters, clientToken: '5b5f2b2c-0000-4000-8000-000000000000', executedBy: OPERATOR,
    });

    const id = start({ Reason: ['a'] });
    expect(id).toHaveLength(36);
    expect(start({ Reason: ['a'] })).toBe(id);
    expect(engine.list()).toHaveLength(1);
    expect(() => start({ Reason: ['b'] })).toThrow(expect.objectContaining({ code: 'IdempotentParameterMismatch' }));
  });
});

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
test.each<[Condition, boolean]>([
  [{ Variable: 'Linux', StringEquals: 'Linux' }, true],
  [{ Variable: 'Linux', StringEquals: 'linux' }, false],
  [{ Variable: 'Linux', EqualsIgnoreCase: 'linux' }, true],
  [{ Variable: 'Linux', StartsWith: 'Li' }, true],
  [{ Variable: 'Linux', EndsWith: 'ux' }, true],
  [{ Variable: '{"outcome":"ASK_AGAIN"}', Contains: 'ASK_AGAIN' }, true],
  [{ Variable: ['a', 'b'], Contains: 'b' }, true],
  [{ Variable: 3, NumericEquals: 3 }, true],
  [{ Variable: '10', NumericGreater: 9 }, true],
  [{ Variable: 3, NumericLesser: 3 }, false],
  [{ Variable: 3, NumericGreaterOrEquals: 3 }, true],
  [{ Variable: 3, NumericLesserOrEquals: 2 }, false],
  [{ Variable: true, BooleanEquals: true }, true],
  [{ Variable: 'false', BooleanEquals: true }, false],
  [{ And: [{ Variable: 'a', StringEquals: 'a' }, { Variable: 'b', StringEquals: 'a' }] }, false],
  [{ Or: [{ Variable: 'a', StringEquals: 'a' }, { Variable: 'b', StringEquals: 'a' }] }, true],
  [{ Not: { Variable: 'a', StringEquals: 'a' } }, false],
])('%j is %s', (condition, expected) => {
  expect(holds(condition)).toBe(expected);
});

test('a condition with an unknown operator is refused', () => {
  expect(() => holds({ Variable: 'a', StringLike: 'a' })).toThrow('one of the operators StringEquals');
});

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html
test('a value between braces keeps its type where it stands alone, and is text otherwise', () => {
  const lookup = (name: string) => ({ list: ['a', 'b'], flag: true, text: '{{ flag }}' })[name];

  expect(substitute({ alone: '{{list}}', in: ['{{ list }}', 'c'], text: 'x {{ list }} {{flag}}', again: '{{ text }}', number: 3 }, lookup))
    .toEqual({ alone: ['a', 'b'], in: ['a', 'b', 'c'], text: 'x ["a","b"] true', again: '{{ flag }}', number: 3 });
  expect(() => substitute('{{ missing }}', lookup)).toThrow('{{ missing }} has no value here');
});

test('the system variables are those of AWS, in its formats', () => {
  expect(systemVariables({ id: 'run', accountId: '111111111111', region: 'eu-west-1', now: new Date('2026-03-02T03:04:05Z') })).toEqual({
    'automation:EXECUTION_ID': 'run',
    'global:ACCOUNT_ID': '111111111111',
    'global:AWS_PARTITION': 'aws',
    'global:DATE': '2026-03-02',
    'global:DATE_TIME': '2026-03-02_03.04.05',
    'global:REGION': 'eu-west-1',
  });
});

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html
test.each([['PT10M', 600], ['PT3M30S', 210], ['P1DT1H', 90_000], ['P1W', 604_800]])('%s is %i seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each([[{ Duration: '-PT1M' }, 'ISO 8601'], [{ Duration: 'PT' }, 'ISO 8601'], [{ Duration: 'P8D' }, '604800 seconds at most'], [{}, 'needs a Duration'], [{ Timestamp: 'soon' }, 'ISO 8601']])(
  'a sleep of %j is refused', (inputs, message) => {
    expect(() => endOfSleep(inputs, new Date(0))).toThrow(message);
  });

// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-outputs-inputs.html
test.each<[string, unknown]>([
  ['$.Images[0].State', 'available'], ['$.Images..Id', ['one', 'two']], ['$.Images[*].State', ['available', 'pending']], ["$['Images'][1].Id", 'two'], ['$.Missing', undefined],
])('%s selects %j', (path, expected) => {
  expect(select(path, { Images: [{ State: 'available', Id: 'one' }, { State: 'pending', Id: 'two' }] })).toEqual(expected);
});

test('a path that the interpreter does not know is refused', () => {
  expect(() => select('$.Images[?(@.State)]', {})).toThrow('is not a JSONPath that the interpreter knows');
});
