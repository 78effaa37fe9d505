import type { Context, SQSEvent } from 'aws-lambda';
import type { FakeAwsApis } from './fake-aws-apis';
import { ACCOUNT, REGION } from './fake-aws-apis';
import { captureHandler } from '../../src/capture/capture-run.lambda-shared';
import { QUEUE_VARIABLE, SETTINGS_VARIABLE } from '../../src/capture/capture.contract';
import type { CaptureSettings, TargetMessage } from '../../src/capture/capture.contract';
import { clusterOfEvent } from '../../src/ecs-config/ecs-change-events.lambda-shared';
import { readClusterNames } from '../../src/ecs-config/ecs-cluster-reads.lambda-shared';
import { captureCluster, SCHEMA_VERSION } from '../../src/ecs-config/ecs-document.lambda-shared';
import { ECS_RATES } from '../../src/ecs-config/ecs-reads.contract';

export const SETTINGS: CaptureSettings = {
  kind: 'ecs',
  backup: 'prod-EcsConfigBackup',
  bucket: { name: 'config-of-prod', region: 'eu-west-2', account: '444455556666' },
  tiers: { daily: { keptDays: 35, windowMinutes: 120 }, weekly: { keptDays: 365, windowMinutes: 120 } },
  changeKeptDays: 30,
  targets: ['prod'],
  queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/captures`,
  libraryVersion: '0.9.0',
  imageRegions: ['eu-west-1'],
};

export const DAILY: TargetMessage = { tier: 'daily', trigger: 'schedule', target: 'prod', since: '2026-11-29T05:00:00Z' };

export const CHANGE: TargetMessage = { tier: 'change', trigger: 'change', target: 'prod', since: '2026-11-29T04:58:03Z' };

export interface InvocationOptions {
  /** How often the message was received. */
  readonly attempt?: number;
  readonly settings?: CaptureSettings;
  /** What Lambda gives the function. */
  readonly minutes?: number;
  /** The function that Lambda has kept; another one for each message by default. */
  readonly handler?: ReturnType<typeof handlerFor>;
}

const KIND = { schemaVersion: SCHEMA_VERSION, rates: ECS_RATES, targets: readClusterNames, targetOf: clusterOfEvent, capture: captureCluster };

/** A function as Lambda loads it. */
export function handlerFor(aws: FakeAwsApis) {
  return captureHandler(KIND, () => ({ call: aws.call, sdkVersion: async () => '3.1169.0' }), aws.clock);
}

/** The function as Lambda invokes it, with a message of a queue. */
export function invoke(
  aws: FakeAwsApis, message: object, { attempt = 1, settings = SETTINGS, minutes = 15, handler = handlerFor(aws) }: InvocationOptions = {},
): Promise<void> {
  process.env[SETTINGS_VARIABLE] = JSON.stringify(settings);
  process.env[QUEUE_VARIABLE] = settings.queueUrl;
  const end = aws.clock.now() + minutes * 60_000;
  const context = {
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:capture`, getRemainingTimeInMillis: () => end - aws.clock.now(),
  } as Context;
  const event = { Records: [{ body: JSON.stringify(message), attributes: { ApproximateReceiveCount: String(attempt) } }] } as SQSEvent;
  return handler(event, context);
}
