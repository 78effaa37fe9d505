import { receive } from './captures';
import { FakeAwsApis } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { DAILY } from './invocations';

/** What AWS sustains a second, of which a capture takes a quarter. */
const SUSTAINED: Record<string, number> = { 'ecs:ListServices': 1, 'ecs:DescribeServices': 20, 'ecs:DescribeServiceRevisions': 20, 'ecs:DescribeTaskDefinition': 20 };

describe('a cluster of 1,000 services, each with an image and a task definition of its own', () => {
  let aws: FakeAwsApis;
  let metrics: any;

  beforeAll(async () => {
    aws = new FakeAwsApis(accountWith('prod', { services: 1_000, eventsOfService: 100, variables: 20 }));
    ({ metrics } = await receive(aws, DAILY));
  }, 60_000);

  test('is captured in one run, in less than 15 minutes of the time of AWS', () => {
    const [[, { body }]] = aws.objects;
    console.info(`1,000 services: ${metrics.Seconds} s, ${aws.calls.length} calls, object of ${(body.length / 1e6).toFixed(1)} MB`);
    expect(metrics).toMatchObject({ Captured: 1, Services: 1_000 });
    expect(metrics.Seconds).toBeLessThan(15 * 60);
  });

  test('takes no more than a quarter of what AWS sustains, so that nobody is throttled', () => {
    expect(aws.throttled).toBe(0);
    for (const [operation, sustained] of Object.entries(SUSTAINED)) {
      const times = aws.calls.filter(({ name }) => name === operation).map(({ at }) => at);
      const seconds = (times.at(-1)! - times[0]) / 1000;
      expect(times.length).toBeGreaterThan(9);
      expect({ operation, isKept: times.length <= seconds * sustained / 4 + Math.max(1, sustained / 4) }).toEqual({ operation, isKept: true });
    }
  });
});
