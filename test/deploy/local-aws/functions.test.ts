import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LocalAws } from './local-aws';

const ACCOUNT = '222222222222';
const REGION = 'eu-west-2';

/** Answers the message of a schedule with two messages into its own queue, and each of them with one into another queue, after a while. */
const HANDLER = `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const sqs = new SQSClient({});
const send = (QueueUrl, body) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
exports.handler = async ({ Records: [{ body, attributes }] }) => {
  const { scheduledFor, target } = JSON.parse(body);
  if (!target) {
    await Promise.all(['one', 'two'].map((name) => send(process.env.CAPTURES, { scheduledFor, target: name })));
    return;
  }
  await new Promise((resolve) => { setTimeout(resolve, 400); });
  console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [['Target']], Metrics: [{ Name: 'Captured' }] }] },
    Target: target, Captured: 1,
  }));
  await send(process.env.RESULTS, { scheduledFor, target, attempt: attributes.ApproximateReceiveCount, at: new Date().toISOString() });
};`;

let aws: LocalAws;

beforeAll(async () => {
  aws = await LocalAws.start();
});
afterAll(() => aws.stop());

test('a schedule, a queue and a function behind it work together in simulated time', async () => {
  await deploy();
  const deployed = await aws.clock.now();

  await aws.clock.forward({ days: 2 });

  const results = await received();
  const times = [1, 2].map((days) => nextAtFive(deployed, days));
  expect(results.map(({ target, scheduledFor, attempt }) => [target, scheduledFor, attempt]).sort()).toEqual(
    times.flatMap((time) => [['one', time, '1'], ['two', time, '1']]).sort());
  // The function saw the simulated time, and had ended before the clock went on.
  results.forEach(({ at, scheduledFor }) => expect(Date.parse(at) - Date.parse(scheduledFor)).toBeLessThan(60_000));
  expect(await aws.undelivered()).toEqual([]);
});

test('what the function writes into its log is a metric that an alarm sees', async () => {
  const { MetricAlarms } = await aws.client(CloudWatchClient, ACCOUNT, REGION).send(new DescribeAlarmsCommand({ AlarmNames: ['captured'] }));

  expect(MetricAlarms?.[0].StateValue).toBe('OK');
});

async function deploy(): Promise<void> {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'functions', { env: { account: ACCOUNT, region: REGION } });
  const captures = new Queue(stack, 'Captures', {
    visibilityTimeout: Duration.minutes(6), deadLetterQueue: { queue: new Queue(stack, 'Dead'), maxReceiveCount: 3 },
  });
  const results = new Queue(stack, 'Results', { queueName: 'results' });
  const handler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(HANDLER),
    timeout: Duration.minutes(1),
    environment: { CAPTURES: captures.queueUrl, RESULTS: results.queueUrl },
  });
  captures.grantSendMessages(handler);
  results.grantSendMessages(handler);
  handler.addEventSource(new SqsEventSource(captures, { batchSize: 1, maxConcurrency: 2, reportBatchItemFailures: true }));
  new Schedule(stack, 'Daily', {
    schedule: ScheduleExpression.cron({ hour: '5', minute: '0' }),
    target: new SqsSendMessage(captures, { input: ScheduleTargetInput.fromObject({ scheduledFor: ContextAttribute.scheduledTime }) }),
  });
  new Alarm(stack, 'Captured', {
    alarmName: 'captured',
    metric: new Metric({ namespace: 'Test', metricName: 'Captured', dimensionsMap: { Target: 'two' }, period: Duration.days(1), statistic: 'Sum' }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.BREACHING,
  });
  const { template } = app.synth().getStackByName('functions');
  delete template.Rules; // the version of the bootstrap stack
  delete template.Parameters;
  const client = aws.client(CloudFormationClient, ACCOUNT, REGION);
  await client.send(new CreateStackCommand({ StackName: 'functions', TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM'] }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: 'functions' });
}

interface Result {
  readonly target: string;
  readonly scheduledFor: string;
  readonly attempt: string;
  readonly at: string;
}

async function received(): Promise<Result[]> {
  const client = aws.client(SQSClient, ACCOUNT, REGION);
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'results' }));
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body }) => JSON.parse(Body!));
}

/** The day's 05:00 that comes first after a moment, or a later one. */
function nextAtFive(after: Date, count: number): string {
  const day = new Date(after);
  day.setUTCHours(5, 0, 0, 0);
  const first = day > after ? 0 : 1;
  day.setUTCDate(day.getUTCDate() + first + count - 1);
  return day.toISOString().replace('.000Z', 'Z');
}
