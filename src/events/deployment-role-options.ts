/**
 * Options for calls of deployments.
 */
export interface DeploymentRoleOptions {
  /**
   * Exact ARNs of the roles that deploy vaults, their keys and plans, such as the `cfn-exec-role` of the bootstrap stack of the AWS CDK, which AWS CloudFormation uses
   * instead of the role of your pipeline. Separate alarms and messages report their changes as WARNING instead of CRITICAL: policies, notifications and approval teams of
   * vaults, policies and grants of keys, access points, vaults and plans that they remove. The events of AWS Backup itself about a changed vault or plan are a WARNING too,
   * because they do not contain the caller, and the call that AWS CloudTrail logs does.
   *
   * Changes of locks, disabled or deleted keys, and recovery points are always CRITICAL. So is everything that somebody else does, including the root user and IAM
   * users.
   *
   * @default - all changes are reported in the same way, so your deployments can trigger critical alarms
   */
  readonly deploymentRoles?: string[];
}
