import type { Unused } from '../privileges';

const NO_BALANCER = 'the service has no load balancer';
const NO_NAMESPACE = 'the service is in no namespace, and has no registry';
const NO_RULE = 'no rule runs tasks in the cluster';
const NO_SCHEDULE = 'no schedule runs tasks in the cluster';
const NO_SECRET = 'the tasks have neither secrets nor parameters';
const LOGS = 'AWS Lambda writes the log with the role; here it is written without a call';

/** Permissions of the role that restores, of which nothing is seen in the drill. */
export const UNUSED: Record<string, Unused> = {
  's3:PutObjectRetention': {
    why: 'PutObject with a retention depends on it (E-152): it is no call of its own',
    see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html',
  },
  'logs:CreateLogStream': { why: LOGS, see: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html' },
  'logs:PutLogEvents': { why: LOGS, see: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html' },
  'ecs:UpdateCluster': {
    why: 'the cluster is made again, and then it is as it was',
    see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateCluster.html',
  },
  'ecs:UpdateService': {
    why: 'the service is made again, and nobody asks for UPDATE of one that exists',
    see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html',
  },
  'ecs:PutClusterCapacityProviders': {
    why: 'the cluster has no capacity providers',
    see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html',
  },
  'ecs:DescribeCapacityProviders': {
    why: 'the cluster has no capacity providers',
    see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html',
  },
  'application-autoscaling:PutScheduledAction': {
    why: 'nothing scales the service at a time',
    see: 'https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html',
  },
  'elasticloadbalancing:DescribeTargetGroups': {
    why: NO_BALANCER, see: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html',
  },
  'elasticloadbalancing:DescribeTargetHealth': {
    why: NO_BALANCER, see: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html',
  },
  'servicediscovery:ListNamespaces': { why: NO_NAMESPACE, see: 'https://docs.aws.amazon.com/cloud-map/latest/api/API_ListNamespaces.html' },
  'servicediscovery:ListServices': { why: NO_NAMESPACE, see: 'https://docs.aws.amazon.com/cloud-map/latest/api/API_ListServices.html' },
  'events:DescribeRule': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html' },
  'events:ListEventBuses': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html' },
  'events:ListTagsForResource': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTagsForResource.html' },
  'events:ListTargetsByRule': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html' },
  'events:PutRule': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html' },
  'events:PutTargets': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html' },
  'events:TagResource': { why: NO_RULE, see: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html' },
  'scheduler:CreateSchedule': { why: NO_SCHEDULE, see: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html' },
  'scheduler:GetSchedule': { why: NO_SCHEDULE, see: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html' },
  'scheduler:GetScheduleGroup': { why: NO_SCHEDULE, see: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html' },
  'scheduler:UpdateSchedule': { why: NO_SCHEDULE, see: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html' },
  'secretsmanager:DescribeSecret': { why: NO_SECRET, see: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html' },
  'ssm:DescribeParameters': { why: NO_SECRET, see: 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html' },
};
