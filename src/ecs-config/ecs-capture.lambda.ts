import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListNamespacesCommand, ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clusterOfEvent } from './ecs-change-events.lambda-shared';
import { readClusterNames } from './ecs-cluster-reads.lambda-shared';
import { captureCluster, SCHEMA_VERSION } from './ecs-document.lambda-shared';
import { ECS_RATES } from './ecs-rates.lambda-shared';
import { rawJson } from '../capture/aws-call.lambda-shared';
import type { Connection } from '../capture/capture-run.lambda-shared';
import { captureHandler } from '../capture/capture-run.lambda-shared';
import type { CaptureSettings } from '../capture/capture.contract';

export const handler = captureHandler({
  schemaVersion: SCHEMA_VERSION, rates: ECS_RATES, targets: readClusterNames, targetOf: clusterOfEvent, capture: captureCluster,
}, connect);

function connect({ bucket }: CaptureSettings): Connection {
  const ecs = new ECSClient({});
  const scaling = new ApplicationAutoScalingClient({});
  const ecr = new ECRClient({});
  const events = new EventBridgeClient({});
  const discovery = new ServiceDiscoveryClient({});
  const scheduler = new SchedulerClient({});
  const balancing = new ElasticLoadBalancingV2Client({});
  const ec2 = new EC2Client({});
  const s3 = new S3Client({ region: bucket.region });
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false }); // the queue is in the region of the function

  /** Any operation of a JSON 1.1 API goes in the envelope of a command that there has always been. */
  const json: Record<string, (operation: string, input: object) => Promise<any>> = {
    'ecs': (operation, input) => rawJson(ecs, new ListClustersCommand({}), operation, input),
    'application-autoscaling': (operation, input) => rawJson(scaling, new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }), operation, input),
    'ecr': (operation, input) => rawJson(ecr, new DescribeRepositoriesCommand({}), operation, input),
    'events': (operation, input) => rawJson(events, new ListEventBusesCommand({}), operation, input),
    'servicediscovery': (operation, input) => rawJson(discovery, new ListNamespacesCommand({}), operation, input),
  };
  const others: Record<string, (input: any) => Promise<any>> = {
    'scheduler:ListSchedules': (input) => rawJson(scheduler, new ListSchedulesCommand(input)),
    'scheduler:GetSchedule': (input) => rawJson(scheduler, new GetScheduleCommand(input)),
    'elasticloadbalancing:DescribeTargetGroups': (input) => balancing.send(new DescribeTargetGroupsCommand(input)),
    'ec2:DescribeSubnets': (input) => ec2.send(new DescribeSubnetsCommand(input)),
    'ec2:DescribeSecurityGroups': (input) => ec2.send(new DescribeSecurityGroupsCommand(input)),
    's3:ListObjectsV2': (input) => s3.send(new ListObjectsV2Command(input)),
    's3:PutObject': (input) => s3.send(new PutObjectCommand(input)),
    'sqs:SendMessageBatch': (input) => sqs.send(new SendMessageBatchCommand(input)),
  };
  return {
    call: (service, operation, input) => json[service] ? json[service](operation, input) : others[`${service}:${operation}`](input),
    sdkVersion: async () => (await ecs.config.defaultUserAgentProvider()).find(([name]) => name === 'aws-sdk-js')?.[1] ?? 'unknown',
  };
}
