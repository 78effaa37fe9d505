import type { EcsRead } from '../ecs-config/ecs-reads.contract';

/**
 * A permission that a call of the function needs in addition to its own.
 */
export interface EcsDependentAction extends EcsRead {
  /** The call, as an action. */
  readonly neededBy: string;
  /** The page of AWS that documents it. */
  readonly page: string;
}

/**
 * What a restore reads in its steps `plan`, `work` and `verify`, without the snapshot itself. Members as of `ECS_READS`.
 */
export const ECS_RESTORE_READS: EcsRead[] = [
  { action: 'ecs:DescribeClusters', resources: ['cluster/{cluster}'] },
  { action: 'ecs:DescribeServices', resources: ['service/*'], hasClusterCondition: true },
  { action: 'ecs:DescribeServiceRevisions', resources: ['service/*', 'service-revision/{cluster}/*/*'], hasClusterCondition: true },
  { action: 'ecs:DescribeTaskDefinition' },
  { action: 'ecs:ListTaskDefinitions' },
  { action: 'application-autoscaling:DescribeScalableTargets' },
  { action: 'application-autoscaling:DescribeScalingPolicies' },
  { action: 'application-autoscaling:DescribeScheduledActions' },
  { action: 'elasticloadbalancing:DescribeTargetGroups' },
  { action: 'elasticloadbalancing:DescribeTargetHealth' },
  { action: 'servicediscovery:ListNamespaces' },
  { action: 'servicediscovery:ListServices' },
  { action: 'events:DescribeRule', resources: ['rule/*'] },
  { action: 'events:ListTargetsByRule', resources: ['rule/*'] },
  { action: 'events:ListTagsForResource', resources: ['rule/*'] },
  { action: 'scheduler:GetSchedule', resources: ['schedule/*/*'] },
  { action: 'ec2:DescribeSubnets' },
  { action: 'ec2:DescribeSecurityGroups' },
  { action: 'ecr:BatchGetImage', resources: ['repository/*'] },
];

/**
 * What the step `preflight` reads. Roles and buckets are left out: the construct knows the roles, and a bucket has neither
 * account nor Region in its ARN.
 *
 * It reads metadata only: `DescribeParameters` instead of `GetParameters`, which answers values, and `s3:ListBucket` for
 * an environment file instead of `s3:GetObject`, which `HeadObject` requires.
 */
export const ECS_PREFLIGHT_READS: EcsRead[] = [
  { action: 'secretsmanager:DescribeSecret', resources: ['secret:*'] },
  { action: 'ssm:DescribeParameters' },
  { action: 'logs:DescribeLogGroups' },
  { action: 'elasticloadbalancing:DescribeTargetGroups' },
  { action: 'servicediscovery:ListNamespaces' },
  { action: 'servicediscovery:ListServices' },
  { action: 'ec2:DescribeSubnets' },
  { action: 'ec2:DescribeSecurityGroups' },
  { action: 'ecs:DescribeCapacityProviders', resources: ['capacity-provider/*'] },
  { action: 'events:ListEventBuses' },
  { action: 'scheduler:GetScheduleGroup', resources: ['schedule-group/*'] },
  { action: 'ecr:BatchGetImage', resources: ['repository/*'] },
  { action: 'servicequotas:GetServiceQuota', resources: ['fargate/L-3032A538'] },
];

/** What the step `work` changes. No other step changes anything, and nothing is ever deleted. */
export const ECS_RESTORE_WRITES: EcsRead[] = [
  { action: 'ecs:CreateCluster', resources: ['cluster/{cluster}'] },
  { action: 'ecs:UpdateCluster', resources: ['cluster/{cluster}'] },
  { action: 'ecs:PutClusterCapacityProviders', resources: ['cluster/{cluster}'] },
  { action: 'ecs:RegisterTaskDefinition', resources: ['task-definition/*:*'] },
  { action: 'ecs:CreateService', resources: ['service/{cluster}/*'], hasClusterCondition: true },
  { action: 'ecs:UpdateService', resources: ['service/{cluster}/*'], hasClusterCondition: true },
  { action: 'ecs:TagResource', resources: ['cluster/{cluster}', 'service/{cluster}/*', 'task-definition/*:*'] },
  { action: 'application-autoscaling:RegisterScalableTarget', resources: ['scalable-target/*'] },
  { action: 'application-autoscaling:PutScalingPolicy', resources: ['scalable-target/*'] },
  { action: 'application-autoscaling:PutScheduledAction', resources: ['scalable-target/*'] },
  { action: 'events:PutRule', resources: ['rule/*'] },
  { action: 'events:PutTargets', resources: ['rule/*'] },
  { action: 'events:TagResource', resources: ['rule/*'] },
  { action: 'scheduler:CreateSchedule', resources: ['schedule/*/*'] },
  { action: 'scheduler:UpdateSchedule', resources: ['schedule/*/*'] },
];

/** What AWS checks in addition when the function calls. `iam:PassRole` is not among it: it is for the roles that the runbook was given. */
export const ECS_RESTORE_DEPENDENT: EcsDependentAction[] = [
  {
    action: 'cloudwatch:PutMetricAlarm',
    resources: ['alarm:TargetTracking-service/{cluster}/*'],
    neededBy: 'application-autoscaling:PutScalingPolicy',
    page: 'https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html',
  },
  {
    action: 'cloudwatch:DescribeAlarms',
    neededBy: 'application-autoscaling:PutScalingPolicy',
    page: 'https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html',
  },
];

/**
 * Calls a second that AWS sustains, of which a run takes half. Of registrations it takes all: there are no others while services are gone.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
 */
export const ECS_RESTORE_RATES: Record<string, number> = {
  'ecs:RegisterTaskDefinition': 2,
  'ecs:CreateService': 5,
  'ecs:UpdateService': 5,
  'ecs:CreateCluster': 1,
  'ecs:UpdateCluster': 1,
  'ecs:PutClusterCapacityProviders': 1,
  'ecs:TagResource': 10,
  'ecs': 20,
  // AWS does not document these: they are low enough for any account.
  'application-autoscaling': 10,
  'elasticloadbalancing': 10,
  'servicediscovery': 20,
  'events': 5,
  'scheduler': 20,
  'ec2': 20,
  'ecr': 20,
};
