import type { Rates } from '../capture/pacing.lambda-shared';

/**
 * A permission of the function that captures clusters, as the Service Authorization Reference has it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface EcsRead {
  readonly action: string;
  /**
   * What follows `arn:<partition>:<service>:<region>:<account>:`, where `{cluster}` is the name of a cluster. Left out if IAM has no
   * resource for the action, so that it can be allowed on `*` only.
   */
  readonly resources?: string[];
  /** Whether IAM knows the condition key `ecs:cluster` for the action: the ARN of the cluster. */
  readonly hasClusterCondition?: boolean;
  /** Whether it is only needed if all clusters of the account and region are captured. */
  readonly isForAllClusters?: boolean;
}

/**
 * All that a capture reads. Services from before ARNs had the name of the cluster in them are `service/<name>`, so that what limits
 * them to the cluster is the condition.
 */
export const ECS_READS: EcsRead[] = [
  { action: 'ecs:ListClusters', isForAllClusters: true },
  { action: 'ecs:DescribeClusters', resources: ['cluster/{cluster}'] },
  { action: 'ecs:DescribeCapacityProviders', resources: ['capacity-provider/*'] },
  { action: 'ecs:ListServices', hasClusterCondition: true },
  { action: 'ecs:ListDaemons', hasClusterCondition: true },
  { action: 'ecs:DescribeServices', resources: ['service/*'], hasClusterCondition: true },
  { action: 'ecs:DescribeServiceRevisions', resources: ['service/*', 'service-revision/{cluster}/*/*'], hasClusterCondition: true },
  { action: 'ecs:DescribeTaskDefinition' },
  { action: 'application-autoscaling:DescribeScalableTargets' },
  { action: 'application-autoscaling:DescribeScalingPolicies' },
  { action: 'application-autoscaling:DescribeScheduledActions' },
  { action: 'elasticloadbalancing:DescribeTargetGroups' },
  { action: 'servicediscovery:ListNamespaces' },
  { action: 'servicediscovery:GetService', resources: ['service/*'] },
  { action: 'events:ListEventBuses' },
  { action: 'events:ListRuleNamesByTarget' },
  { action: 'events:DescribeRule', resources: ['rule/*'] },
  { action: 'events:ListTargetsByRule', resources: ['rule/*'] },
  { action: 'scheduler:ListSchedules' },
  { action: 'scheduler:GetSchedule', resources: ['schedule/*/*'] },
  { action: 'ec2:DescribeSubnets' },
  { action: 'ec2:DescribeSecurityGroups' },
  { action: 'ecr:DescribeRepositories', resources: ['repository/*'] },
  { action: 'ecr:DescribeImageReplicationStatus', resources: ['repository/*'] },
  { action: 'ecr:GetLifecyclePolicy', resources: ['repository/*'] },
  { action: 'ecr:DescribeImages', resources: ['repository/*'] },
];

/**
 * Calls a second that AWS sustains for an account in a region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
 */
export const ECS_RATES: Rates = {
  'ecs:ListServices': 1,
  'ecs': 20,
  // AWS does not document these: they are low enough for any account.
  'application-autoscaling': 10,
  'elasticloadbalancing': 10,
  'servicediscovery': 20,
  'events': 20,
  'scheduler': 20,
  'ec2': 20,
  'ecr': 20,
};
