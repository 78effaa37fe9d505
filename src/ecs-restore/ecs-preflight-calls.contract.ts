/**
 * A permission of the function that restores services, as the Service Authorization Reference has it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface EcsRestoreCall {
  readonly action: string;
  /**
   * What follows `arn:<partition>:<service>:<region>:<account>:`, where `{cluster}` is the name of a cluster. Left out if IAM has no
   * resource for the action, so that it can be allowed on `*` only.
   */
  readonly resources?: string[];
  /** Whether IAM knows the condition key `ecs:cluster` for the action: the ARN of the cluster. */
  readonly hasClusterCondition?: boolean;
}

/**
 * What the preflight of a restore calls. Roles and buckets are left out: the construct knows the roles, and a bucket has neither
 * account nor Region in its ARN.
 *
 * It reads metadata only: `DescribeParameters` instead of `GetParameters`, which answers values, and `s3:ListBucket` for
 * an environment file instead of `s3:GetObject`, which `HeadObject` requires.
 */
export const PREFLIGHT_CALLS: EcsRestoreCall[] = [
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
