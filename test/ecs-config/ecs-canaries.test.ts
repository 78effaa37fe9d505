import { gunzipSync } from 'zlib';
import { receive } from './captures';
import type { Invocation } from './captures';
import { FakeAwsApis, TEXT_OF_AWS } from './fake-aws-apis';
import type { FakeState } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { CHANGE, DAILY } from './invocations';

const CANARY = 'canary-7f3d91';

/** Secrets in all places that have one, with names that are found and with names that are not. */
function accountWithCanaries(): FakeState {
  const state = accountWith('prod', { services: 2, valueAt: (family, index) => `${CANARY}-${family}-${index}` });
  Object.values(state.taskDefinitions).forEach(({ taskDefinition: { containerDefinitions: [container] } }) => {
    container.environment.push({ name: 'DB_PASSWORD', value: `${CANARY}-password` }, { name: 'DB', value: `postgres://app:${CANARY}-url@db/app` });
    container.logConfiguration.options['splunk-token'] = `${CANARY}-token`;
    container.command = ['--url', `https://app:${CANARY}-command@host`];
    container.dockerLabels = { 'api.key': `${CANARY}-label` };
  });
  state.rules[0].targets[0].Input = JSON.stringify({ containerOverrides: [{ name: 'web', environment: [{ name: 'API_TOKEN', value: `${CANARY}-input` }] }] });
  return state;
}

/** All that leaves the function, but for the objects. */
function seenOf(aws: FakeAwsApis, { lines, error }: Invocation): string {
  const thrown = error && [String(error), error.stack, Object.getOwnPropertyDescriptors(error)];
  return JSON.stringify([lines, thrown, aws.events, aws.messages, [...aws.objects.keys()]]);
}

test('secrets are in the object, and in no log line, metric, event, message or key', async () => {
  const aws = new FakeAwsApis(accountWithCanaries());

  const invocation = await receive(aws, DAILY);

  const [{ body }] = aws.objects.values();
  expect(gunzipSync(body).toString('utf8').split(CANARY).length - 1).toBeGreaterThan(20);
  expect(seenOf(aws, invocation)).not.toContain(CANARY);
  expect(invocation.metrics.PlaintextSecrets).toBeGreaterThan(10);
});

test('the log says where they are, by the names of service, container and variable', async () => {
  const aws = new FakeAwsApis(accountWithCanaries());

  const { lines } = await receive(aws, DAILY);

  const found = lines.map((line) => JSON.parse(line).finding).filter((finding) => finding?.rule === 'plaintext-secret').map(({ where }) => where);
  expect(found).toEqual(['nightly', 'on-order', 'service-0000', 'service-0001'].flatMap((runner) => [
    ...runner === 'on-order' ? ['API_TOKEN'] : [], 'DB', 'DB_PASSWORD', 'api.key', 'command', 'splunk-token',
  ].map((name) => `${runner}/web/${name}`)));
});

test.each([['a schedule', DAILY], ['a change', CHANGE]])('for %s, nothing of them is in what a failure says, whatever call it is, nor what AWS says of it', async (_, message) => {
  const undisturbed = new FakeAwsApis(accountWithCanaries());
  await receive(undisturbed, message);

  for (let at = 0; at < undisturbed.calls.length; at++) {
    const aws = new FakeAwsApis(accountWithCanaries());
    aws.fault = { at, kind: 'deny' };
    const seen = seenOf(aws, await receive(aws, message, { attempt: 3 }));

    expect(seen).toContain('AccessDenied');
    expect({ at, isSeen: [CANARY, TEXT_OF_AWS].some((text) => seen.includes(text)) }).toEqual({ at, isSeen: false });
  }
}, 60_000);

test.each([
  ['is no list', (container: any) => {
    container.environment = { [CANARY]: CANARY };
  }],
  ['has no texts', (container: any) => {
    container.environment = [{ name: 'PASSWORD', value: { [CANARY]: CANARY } }];
  }],
  ['is nothing', (container: any) => {
    container.environment = [null];
  }],
])('nothing of them is in an error of the program itself: an environment that %s', async (_, change) => {
  const aws = new FakeAwsApis(accountWithCanaries());
  change(Object.values(aws.state.taskDefinitions)[0].taskDefinition.containerDefinitions[0]);

  expect(seenOf(aws, await receive(aws, DAILY, { attempt: 3 }))).not.toContain(CANARY);
});

test('an answer that is no JSON is not quoted', async () => {
  const aws = new FakeAwsApis(accountWithCanaries());
  const call = async () => JSON.parse(`{"${CANARY}`);

  const invocation = await receive({ ...aws, clock: aws.clock, call } as never, DAILY, { attempt: 3 });

  expect(String(invocation.error)).toBe('CaptureError: prod: SyntaxError: ecs:DescribeClusters');
  expect(seenOf(aws, invocation)).not.toContain(CANARY);
});
