import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListNamespacesCommand, ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { rawJson } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';

/** How the APIs of AWS are called: JSON 1.1 APIs by the name of any operation, the others by `<service>:<operation>`. */
export interface Apis {
  readonly json: Record<string, (operation: string, input: object) => Promise<any>>;
  readonly others: Record<string, (input: any) => Promise<any>>;
}

/** Clients of the AWS SDK that are used in other calls too. */
export interface ClusterClients {
  readonly ecs: ECSClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly scheduler: SchedulerClient;
  readonly s3: S3Client;
}

/**
 * The APIs that captures and restores of clusters both call.
 *
 * @param bucketRegion The region of the bucket with the snapshots
 */
export function clusterApis(bucketRegion: string): Apis & { readonly clients: ClusterClients } {
  const ecs = new ECSClient({});
  const scaling = new ApplicationAutoScalingClient({});
  const ecr = new ECRClient({});
  const events = new EventBridgeClient({});
  const discovery = new ServiceDiscoveryClient({});
  const scheduler = new SchedulerClient({});
  const balancing = new ElasticLoadBalancingV2Client({});
  const ec2 = new EC2Client({});
  const s3 = new S3Client({ region: bucketRegion });
  return {
    clients: { ecs, balancing, scheduler, s3 },
    /** Any operation goes in the envelope of a command that there has always been. */
    json: {
      'ecs': (operation, input) => rawJson(ecs, new ListClustersCommand({}), operation, input),
      'application-autoscaling': (operation, input) => rawJson(scaling, new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }), operation, input),
      'ecr': (operation, input) => rawJson(ecr, new DescribeRepositoriesCommand({}), operation, input),
      'events': (operation, input) => rawJson(events, new ListEventBusesCommand({}), operation, input),
      'servicediscovery': (operation, input) => rawJson(discovery, new ListNamespacesCommand({}), operation, input),
    },
    others: {
      'scheduler:GetSchedule': (input) => rawJson(scheduler, new GetScheduleCommand(input)),
      'elasticloadbalancing:DescribeTargetGroups': (input) => balancing.send(new DescribeTargetGroupsCommand(input)),
      'ec2:DescribeSubnets': (input) => ec2.send(new DescribeSubnetsCommand(input)),
      'ec2:DescribeSecurityGroups': (input) => ec2.send(new DescribeSecurityGroupsCommand(input)),
      's3:ListObjectsV2': (input) => s3.send(new ListObjectsV2Command(input)),
      's3:PutObject': (input) => s3.send(new PutObjectCommand(input)),
    },
  };
}

/** A call of whatever is in one of the two. */
export function callOf({ json, others }: Apis): Call {
  return (service, operation, input) => json[service] ? json[service](operation, input) : others[`${service}:${operation}`](input);
}
