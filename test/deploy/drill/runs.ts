import { readFileSync } from 'fs';
import * as path from 'path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetAutomationExecutionCommand, SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import type { AutomationExecution } from '@aws-sdk/client-ssm';
import Ajv from 'ajv';
import type { Context } from './context';
import type { Runbook } from './restores';
import type { Start } from './runbook-page';
import { contentOf, objectsIn } from './snapshots';
import type { Json } from './snapshots';
import { hold } from './step';
import { ROOT } from '../../../scripts/run';

const MAILBOX = 'drill-mailbox';
/** Longer than a run has ever to take here. */
const RUN_HOURS = 6;
const NOTIFICATION_HOURS = 0.5;
/** What a program that reads records goes by. */
const isRecord = new Ajv().compile(JSON.parse(readFileSync(path.join(ROOT, 'docs', 'schemas', 'recovery-record-1.json'), 'utf8')) as object);
const GOES_ON = ['Pending', 'InProgress', 'Waiting'];

/** A run that has ended. */
export interface Ended {
  readonly id: string;
  readonly status: string;
  readonly execution: AutomationExecution;
  /** What it left in the bucket. */
  readonly record: Json;
}

/** Starts a run as an operator does, and lets time pass until it has ended and its end was notified. */
export async function endOf(context: Context, start: Start, runbook: Runbook = context.promises.restores): Promise<Ended> {
  const { account, region } = runbook;
  await openMailbox(context, runbook);
  const client = context.aws.client(SSMClient, account, region);
  const { AutomationExecutionId: id } = await client.send(new StartAutomationExecutionCommand(start));
  const execution = await context.until(`the run ${id} ended`, RUN_HOURS, async () => {
    const { AutomationExecution: found } = await client.send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
    return GOES_ON.includes(found!.AutomationExecutionStatus!) ? undefined : found!;
  });
  const status = execution.AutomationExecutionStatus!;
  await notified(context, runbook, id!, status);
  const record = await recordOf(context, runbook, id!);
  if (record.recoverySeconds !== undefined) {
    context.records.push(record);
  }
  return { id: id!, status, execution, record };
}

/** The record of a run: the one object below `records/` that has its ID as its name. */
async function recordOf(context: Context, { account, document, bucket }: Runbook, id: string): Promise<Json> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: objectsIn(context, placed(bucket)) }, { Bucket: bucket.name, Prefix: `records/${account}/${document}/` })) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
  }
  const [key, ...others] = keys.filter((each) => each.endsWith(`-${id}.json`));
  hold(key !== undefined && others.length === 0, `the run ${id} has ${key === undefined ? 'no record' : 'several records'} in ${bucket.name}`);
  const record: Json = JSON.parse(Buffer.from(await contentOf(context, placed(bucket), key)).toString('utf8'));
  hold(isRecord(record), () => `${key} is not as its schema: ${JSON.stringify(isRecord.errors)}`);
  return record;
}

const placed = (bucket: Runbook['bucket']) => ({ ...bucket, days: {} });

/** How much a metric of a run had, if it has any data since a time. */
export async function metricOf(
  context: Context, MetricName: string, since: Date, { account, region, document }: Runbook = context.promises.restores,
): Promise<number | undefined> {
  const { Datapoints = [] } = await context.aws.client(CloudWatchClient, account, region).send(new GetMetricStatisticsCommand({
    Namespace: 'CdkBackupDr/Recovery',
    MetricName,
    Dimensions: [{ Name: 'Runbook', Value: document }],
    StartTime: new Date(Math.floor(since.getTime() / 60_000) * 60_000),
    EndTime: new Date((await context.aws.clock.now()).getTime() + 60_000),
    Period: 60,
    Statistics: ['Maximum'],
  }));
  return Datapoints.at(-1)?.Maximum;
}

/** The start and the end of a run were published to the topic. */
async function notified(context: Context, runbook: Runbook, id: string, status: string): Promise<void> {
  const messages: string[] = [];
  let missing: string[] = [];
  await context.until('both notifications', NOTIFICATION_HOURS, async () => {
    messages.push(...(await read(context, runbook)).filter((message) => message.includes(id)));
    missing = ['InProgress', status].filter((each) => !messages.some((message) => message.includes(`: ${each}, account`)));
    return missing.length === 0 ? true : undefined;
  }).catch((error: Error) => {
    hold(missing.length === 0, `the run ${id} is ${status}, and no notification says ${missing.join(', nor ')}`);
    throw error;
  });
}

/** A queue that is subscribed to the topic, as somebody's mailbox is. */
async function openMailbox(context: Context, runbook: Runbook): Promise<void> {
  const { account, region, topic } = runbook;
  if (context.mailboxes.has(region)) {
    return;
  }
  const topicArn = `arn:aws:sns:${region}:${account}:${topic}`;
  const queueArn = `arn:aws:sqs:${region}:${account}:${MAILBOX}`;
  const statement = {
    Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn, Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const { QueueUrl } = await queues(context, runbook).send(new CreateQueueCommand({
    QueueName: MAILBOX, Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
  }));
  await subscribe(context, runbook, topicArn, queueArn);
  context.mailboxes.set(region, QueueUrl!);
}

/** Here nobody checks the signature. */
async function subscribe(context: Context, { account, region }: Runbook, TopicArn: string, Endpoint: string): Promise<void> {
  const response = await fetch(context.aws.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Authorization': `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/sns/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: new URLSearchParams({ Action: 'Subscribe', Version: '2010-03-31', TopicArn, Protocol: 'sqs', Endpoint }).toString(),
  });
  if (!response.ok) {
    throw new Error(`Subscribe: ${await response.text()}`);
  }
}

async function read(context: Context, runbook: Runbook): Promise<string[]> {
  const QueueUrl = context.mailboxes.get(runbook.region)!;
  const messages: string[] = [];
  for (;;) {
    const { Messages = [] } = await queues(context, runbook).send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) {
      return messages;
    }
    for (const { Body, ReceiptHandle } of Messages) {
      messages.push(Body!);
      await queues(context, runbook).send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

function queues(context: Context, { account, region }: Runbook): SQSClient {
  return context.aws.client(SQSClient, account, region);
}
