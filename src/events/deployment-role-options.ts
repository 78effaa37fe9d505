/**
 * Options for calls of deployments.
 */
export interface DeploymentRoleOptions {
  /**
   * Exact ARNs of the roles that deploy vaults, their keys and plans, such as the `cfn-exec-role` of the CDK's bootstrap stack: AWS CloudFormation calls with that,
   * not with the role of your pipeline. What they change is told as a WARNING instead of as CRITICAL, by alarms and messages of its own: policies, notifications and
   * approval teams of vaults, policies and grants of keys, access points, vaults and plans that they remove. Also what AWS Backup itself says of a vault or plan that was
   * changed is a WARNING then: it does not say who did it, and the call, as AWS CloudTrail logs it, does.
   *
   * Changes of locks, disabled or deleted keys, and recovery points are always CRITICAL. So is everything that somebody else does, including the root user and IAM
   * users.
   *
   * @default - all changes are reported in the same way, so your deployments can trigger critical alarms
   */
  readonly deploymentRoles?: string[];
}
