import { CANARY, FakeAccount, failure } from './fake-account';
import { ask, DONE, run, SETTINGS, workOf } from './requests';
import { CallError, CaptureError, safely } from '../../src/capture/aws-call.lambda-shared';
import { explanationOf, reportOf } from '../../src/execution/aws-reasons.lambda-shared';
import type { Run } from '../../src/execution/recovery-work.lambda-shared';

const thrownBy = (error: unknown, operation: string, input: object) => safely(() => Promise.reject(error), explanationOf)('ecs', operation, input)
  .then(() => undefined, (thrown) => thrown);

test('an error of AWS is reported with its message, its operation and its subject', async () => {
  const error = await thrownBy(failure('InvalidParameterException', 'Creation of service was not idempotent.'), 'CreateService', {
    cluster: 'shop', serviceName: 'orders', taskDefinition: 'orders:7', desiredCount: 3,
  });

  expect(reportOf(error)).toBe('InvalidParameterException: Creation of service was not idempotent. (ecs:CreateService of orders)');
});

test('a long message is cut', () => {
  expect(explanationOf('x'.repeat(1_000), {})).toHaveLength(500);
});

test('no message is reported as none', async () => {
  expect(reportOf(await thrownBy(failure('ServerException', ''), 'CreateService', { serviceName: 'orders' }))).toBe('ServerException: ecs:CreateService of orders');
});

const DEFINITION = {
  family: 'orders', containerDefinitions: [{ name: 'web', cpu: -1, environment: [{ name: 'DB_PASSWORD', value: CANARY }], dockerLabels: { key: CANARY } }],
};

describe('of an input with values', () => {
  test.each([
    ['a message that has one', `Value '${CANARY}' is not valid`, 'ClientException: ecs:RegisterTaskDefinition of orders'],
    ['any other message', 'Too many containers.', 'ClientException: ecs:RegisterTaskDefinition of orders'],
    ['the member that AWS names',
      `2 validation errors detected: Value '${CANARY}' at 'containerDefinitions.1.member.environment.1.member.value' failed to satisfy constraint: ${CANARY}; `
      + 'Value \'-1\' at \'containerDefinitions.1.member.cpu\' failed to satisfy constraint',
      'ClientException: not as it must be: containerDefinitions.1.member.environment.1.member.value, containerDefinitions.1.member.cpu '
      + '(ecs:RegisterTaskDefinition of orders)'],
    ['no path that is in a value', `Value 'at '${CANARY.replace(/-/g, '')}' failed' at 'family' failed`, 'ClientException: not as it must be: family (ecs:RegisterTaskDefinition of orders)'],
  ])('%s is reported without values', async (_, message, report) => {
    expect(reportOf(await thrownBy(failure('ClientException', message), 'RegisterTaskDefinition', DEFINITION))).toBe(report);
  });

  test.each([
    ['CreateService', { serviceName: 'orders', serviceConnectConfiguration: { logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': CANARY } } } }],
    ['PutTargets', { Rule: 'nightly', Targets: [{ Id: '1', Input: `{"password":"${CANARY}"}` }] }],
    ['PutTargets', { Rule: 'nightly', Targets: [{ Id: '1', InputTransformer: { InputTemplate: `{"password":"${CANARY}"}` } }] }],
    ['PutTargets', { Rule: 'nightly', Targets: [{ Id: '1', HttpParameters: { HeaderParameters: { Authorization: CANARY } } }] }],
    ['CreateSchedule', { Name: 'nightly', Target: { Arn: 'arn', Input: CANARY } }],
    ['RunTask', { cluster: 'shop', overrides: { containerOverrides: [{ environment: [{ name: 'A', value: CANARY }] }] } }],
  ])('nothing of the message of %s is reported', async (operation, input) => {
    expect(reportOf(await thrownBy(failure('ValidationException', `${CANARY} is not valid`), operation, input))).not.toContain(CANARY);
  });
});

test('an error of the program, whose message may have what was read in it, is reported by its name', async () => {
  expect(reportOf(await thrownBy(Object.assign(new Error(CANARY), { name: 'SyntaxError' }), 'DescribeServices', {}))).toBe('SyntaxError: ecs:DescribeServices');
  expect(reportOf(new TypeError(CANARY))).toBe('TypeError in the function of the runbook: report it with the log of the function');
  expect(reportOf(CANARY)).toBe('an unknown error in the function of the runbook: report it with the log of the function');
  expect(reportOf(new CaptureError('a newer schema'))).toBe('CaptureError: a newer schema');
});

test('a capture has no message of AWS', async () => {
  const error: CallError = await safely(() => Promise.reject(failure('ClientException', CANARY)))('ecs', 'ListServices', {}).then(() => undefined as never, (thrown) => thrown);

  expect(error.explanation).toBeUndefined();
  expect(JSON.stringify(Object.getOwnPropertyDescriptors(error))).not.toContain(CANARY);
});

describe('a value of what is restored', () => {
  /** Registers a task definition with a secret in its environment, and fails in each way that there is. */
  const registering = (isCaught: boolean) => workOf({
    work: async ({ call }: Run) => {
      try {
        await call('ecs', 'RegisterTaskDefinition', DEFINITION);
      } catch (error) {
        if (!isCaught) {
          throw error;
        }
        return { ...DONE, objects: [{ what: 'task definition', name: 'orders', state: 'FAILED', why: reportOf(error) }] };
      }
      return DONE;
    },
  });

  test.each([
    ['AWS quotes it', failure('ClientException', `Value '${CANARY}' at 'containerDefinitions.1.member.environment.1.member.value' failed to satisfy constraint`)],
    ['the program does', new SyntaxError(`Unexpected token in ${CANARY}`)],
    ['something that is no error does', CANARY],
  ])('is in no answer, line, metric, error or object, if %s', async (_, error) => {
    for (const isCaught of [true, false]) {
      const aws = new FakeAccount();
      const send = aws.call;
      const failing = Object.assign(Object.create(aws), {
        call: (service: string, operation: string, input: object) =>
          operation === 'RegisterTaskDefinition' ? Promise.reject(error) : send(service, operation, input),
      }) as FakeAccount;
      const seen = await run(failing, registering(isCaught), aws.start(), { settings: SETTINGS });

      const objects = [...aws.objects].map(([key, body]) => [key, body.toString('utf8')]);
      const errors = seen.map(({ error: thrown }) => thrown && [String(thrown), thrown.stack, Object.getOwnPropertyDescriptors(thrown)]);
      const texts = JSON.stringify([seen, errors, objects]);
      expect(texts).toContain('ecs:RegisterTaskDefinition of orders');
      expect(texts).not.toContain(CANARY);
    }
  });

  test('is in nothing of a step that fails by itself', async () => {
    const aws = new FakeAccount();

    const { error, lines } = await ask(aws, workOf({ preflight: () => Promise.reject(new RangeError(`${CANARY}\n    at ${CANARY} (x.ts:1:1)`)) }), aws.start());

    expect(String(error)).toContain('RangeError');
    expect(JSON.stringify([String(error), error!.stack, lines])).not.toContain(CANARY);
    expect(JSON.parse(lines[0]).frames.length).toBeGreaterThan(0);
  });
});
