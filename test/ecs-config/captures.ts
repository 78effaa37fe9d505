import type { Context, SQSEvent } from 'aws-lambda';
import { ACCOUNT, FakeAwsApis, REGION } from './fake-aws-apis';
import { captureHandler } from '../../src/capture/capture-run.lambda-shared';
import { SETTINGS_VARIABLE } from '../../src/capture/capture.contract';
import type { CaptureSettings, TargetMessage } from '../../src/capture/capture.contract';
import { clusterOfEvent } from '../../src/ecs-config/ecs-change-events.lambda-shared';
import { readClusterNames } from '../../src/ecs-config/ecs-cluster-reads.lambda-shared';
import { captureCluster, SCHEMA_VERSION } from '../../src/ecs-config/ecs-document.lambda-shared';
import { ECS_RATES } from '../../src/ecs-config/ecs-rates.lambda-shared';

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

const MINUTES = 15;

/** The function as Lambda invokes it, with a message of a queue. What it printed is the result. */
export async function receive(aws: FakeAwsApis, message: object, { attempt = 1, settings = SETTINGS, minutes = MINUTES } = {}): Promise<string[]> {
  process.env[SETTINGS_VARIABLE] = JSON.stringify(settings);
  const end = aws.clock.now() + minutes * 60_000;
  const context = {
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:capture`, getRemainingTimeInMillis: () => end - aws.clock.now(),
  } as Context;
  const event = { Records: [{ body: JSON.stringify(message), attributes: { ApproximateReceiveCount: String(attempt) } }] } as SQSEvent;
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const kind = { schemaVersion: SCHEMA_VERSION, rates: ECS_RATES, targets: readClusterNames, targetOf: clusterOfEvent, capture: captureCluster };
  try {
    await captureHandler(kind, () => ({ call: aws.call, sdkVersion: async () => '3.1169.0' }), aws.clock)(event, context);
  } finally {
    write.mockRestore();
  }
  return printed;
}

/** The metrics among what was printed. */
export function metricsIn(printed: string[]): any {
  return printed.map((line) => JSON.parse(line)).find(({ _aws }) => _aws);
}

/** The reason that the function failed with. */
export function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'it did not fail', (error: Error) => `${error.name}: ${error.message}`);
}
