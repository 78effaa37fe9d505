import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callOf, clusterApis } from './ecs-apis.lambda-shared';
import { clusterOfEvent } from './ecs-change-events.lambda-shared';
import { readClusterNames } from './ecs-cluster-reads.lambda-shared';
import { captureCluster, SCHEMA_VERSION } from './ecs-document.lambda-shared';
import { ECS_RATES } from './ecs-reads.contract';
import { rawJson } from '../capture/aws-call.lambda-shared';
import { captureHandler } from '../capture/capture-run.lambda-shared';
import type { Connection } from '../capture/capture-run.lambda-shared';
import type { CaptureSettings } from '../capture/capture.contract';

export const handler = captureHandler({
  schemaVersion: SCHEMA_VERSION, rates: ECS_RATES, targets: readClusterNames, targetOf: clusterOfEvent, capture: captureCluster,
}, connect);

function connect({ bucket }: CaptureSettings): Connection {
  const { json, others, clients: { ecs, scheduler } } = clusterApis(bucket.region);
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false }); // the queue is in the region of the function
  return {
    call: callOf({
      json,
      others: {
        ...others,
        'scheduler:ListSchedules': (input) => rawJson(scheduler, new ListSchedulesCommand(input)),
        'sqs:SendMessageBatch': (input) => sqs.send(new SendMessageBatchCommand(input)),
      },
    }),
    sdkVersion: async () => (await ecs.config.defaultUserAgentProvider()).find(([name]) => name === 'aws-sdk-js')?.[1] ?? 'unknown',
  };
}
