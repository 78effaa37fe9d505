import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, GetScheduleCommand, GetScheduleGroupCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListServicesCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListNamespacesCommand, ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ECS_RESTORE } from './ecs-restore-steps.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import { rawJson } from '../capture/aws-call.lambda-shared';
import { runbookHandler } from '../execution/runbook-handler.lambda-shared';
import type { RunbookSettings } from '../execution/runbook.contract';

export const handler = runbookHandler(ECS_RESTORE, connect);

function connect({ bucket }: RunbookSettings): Call {
  const ecs = new ECSClient({});
  const scaling = new ApplicationAutoScalingClient({});
  const ecr = new ECRClient({});
  const events = new EventBridgeClient({});
  const discovery = new ServiceDiscoveryClient({});
  const scheduler = new SchedulerClient({});
  const balancing = new ElasticLoadBalancingV2Client({});
  const ec2 = new EC2Client({});
  const iam = new IAMClient({});
  const logs = new CloudWatchLogsClient({});
  const quotas = new ServiceQuotasClient({});
  const secrets = new SecretsManagerClient({});
  const ssm = new SSMClient({});
  const s3 = new S3Client({ region: bucket.region });

  /** Any operation of a JSON 1.1 API goes in the envelope of a command that there has always been. */
  const json: Record<string, (operation: string, input: object) => Promise<any>> = {
    'ecs': (operation, input) => rawJson(ecs, new ListClustersCommand({}), operation, input),
    'application-autoscaling': (operation, input) => rawJson(scaling, new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }), operation, input),
    'ecr': (operation, input) => rawJson(ecr, new DescribeRepositoriesCommand({}), operation, input),
    'events': (operation, input) => rawJson(events, new ListEventBusesCommand({}), operation, input),
    'servicediscovery': (operation, input) => rawJson(discovery, new ListNamespacesCommand({}), operation, input),
    'logs': (operation, input) => rawJson(logs, new DescribeLogGroupsCommand({}), operation, input),
    'servicequotas': (operation, input) => rawJson(quotas, new ListServicesCommand({}), operation, input),
    'secretsmanager': (operation, input) => rawJson(secrets, new ListSecretsCommand({}), operation, input),
    'ssm': (operation, input) => rawJson(ssm, new DescribeParametersCommand({}), operation, input),
  };
  const others: Record<string, (input: any) => Promise<any>> = {
    'scheduler:GetSchedule': (input) => rawJson(scheduler, new GetScheduleCommand(input)),
    'scheduler:GetScheduleGroup': (input) => rawJson(scheduler, new GetScheduleGroupCommand(input)),
    'scheduler:CreateSchedule': (input) => rawJson(scheduler, new CreateScheduleCommand(named(input)), 'CreateSchedule', input),
    'scheduler:UpdateSchedule': (input) => rawJson(scheduler, new UpdateScheduleCommand(named(input)), 'UpdateSchedule', input),
    'elasticloadbalancing:DescribeTargetGroups': (input) => balancing.send(new DescribeTargetGroupsCommand(input)),
    'elasticloadbalancing:DescribeTargetHealth': (input) => balancing.send(new DescribeTargetHealthCommand(input)),
    'ec2:DescribeSubnets': (input) => ec2.send(new DescribeSubnetsCommand(input)),
    'ec2:DescribeSecurityGroups': (input) => ec2.send(new DescribeSecurityGroupsCommand(input)),
    'iam:GetRole': (input) => iam.send(new GetRoleCommand(input)),
    's3:ListObjectsV2': (input) => s3.send(new ListObjectsV2Command(input)),
    's3:PutObject': (input) => s3.send(new PutObjectCommand(input)),
    's3:GetObject': async (input) => {
      const { Body, ...answer } = await s3.send(new GetObjectCommand(input));
      return { ...answer, Body: await Body?.transformToByteArray() };
    },
  };
  return (service, operation, input) => json[service] ? json[service](operation, input) : others[`${service}:${operation}`](input);
}

/** What a client needs of a schedule to write the address of the call. The body is written apart, with all members. */
function named({ Name }: { Name: string }) {
  return { Name, ScheduleExpression: '', Target: { Arn: '', RoleArn: '' }, FlexibleTimeWindow: { Mode: 'OFF' as const } };
}
