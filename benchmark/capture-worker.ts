import { gunzipSync } from 'zlib';
import { FakeAwsApis } from '../test/ecs-config/fake-aws-apis';
import { accountWith } from '../test/ecs-config/fake-cluster';
import { DAILY, invoke, SETTINGS } from '../test/ecs-config/invocations';

/**
 * One measurement in a process of its own: `cluster <services> <events of each>`, or `clusters <number> <services of each>`.
 */
const MINUTES = 60; // more than Lambda gives, so that it shows how long a capture would take

const [what, first, second] = process.argv.slice(2);
void (what === 'cluster' ? cluster(Number(first), Number(second)) : clusters(Number(first), Number(second))).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`));

async function cluster(services: number, eventsOfService: number): Promise<object> {
  const aws = new FakeAwsApis(accountWith('prod', { services, eventsOfService, variables: 20 }));
  const begun = { clock: aws.clock.now(), user: process.cpuUsage().user };
  await quietly(() => invoke(aws, DAILY, { minutes: MINUTES }));
  const [{ body }] = aws.objects.values();
  return {
    seconds: (aws.clock.now() - begun.clock) / 1000,
    calls: aws.calls.length,
    throttled: aws.throttled,
    cpuSeconds: (process.cpuUsage().user - begun.user) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    jsonMegabytes: gunzipSync(body).length / 1e6,
    objectMegabytes: body.length / 1e6,
  };
}

/** As the queue delivers their messages: never more than two captures at a time. */
async function clusters(number: number, services: number): Promise<object> {
  const accounts = Array.from({ length: number }, (_, index) => accountWith(`cluster-${index}`, { services, eventsOfService: 100, variables: 20 }));
  const aws = new FakeAwsApis(Object.assign({}, ...Object.keys(accounts[0]).map((list) => {
    const lists = accounts.map((account: any) => account[list]);
    return { [list]: Array.isArray(lists[0]) ? lists.flat() : Object.assign({}, ...lists) };
  })));
  aws.state.eventBuses = ['default', 'orders'];
  const settings = { ...SETTINGS, targets: undefined };
  const begun = aws.clock.now();
  const longest: number[] = [];
  await quietly(async () => {
    await invoke(aws, { schedule: 'daily', scheduledFor: DAILY.since }, { settings });
    const messages = [...aws.messages];
    const consume = async () => {
      for (let message = messages.shift(); message !== undefined; message = messages.shift()) {
        const started = aws.clock.now();
        await invoke(aws, message, { settings, minutes: MINUTES });
        longest.push((aws.clock.now() - started) / 1000);
      }
    };
    await Promise.all([consume(), consume()]);
  });
  return {
    documents: aws.objects.size,
    minutes: (aws.clock.now() - begun) / 60_000,
    longestSeconds: Math.max(...longest),
    calls: aws.calls.length,
    throttled: aws.throttled,
    objectMegabytes: [...aws.objects.values()].reduce((sum, { body }) => sum + body.length, 0) / 1e6,
  };
}

/** The function writes its metrics to the log. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  await work();
  process.stdout.write = write;
}
