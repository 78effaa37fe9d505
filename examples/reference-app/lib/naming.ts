import type { StageConfig } from '../config';

/**
 * A name that no other stage has: stages may share their accounts.
 */
export function nameOf({ project, stage }: StageConfig, what: string): string {
  return `${project}-${stage}-${what}`;
}

/**
 * Where the vaults have their replicas, if they have any.
 */
export function vaultReplicaRegion({ secondaryRegion, backup }: StageConfig): string | undefined {
  return backup.copyToSecondaryRegion ? secondaryRegion : undefined;
}

/**
 * Name of the role that backs up and copies. The vaults in the log archive account let in nobody else.
 */
export function backupRoleName(config: StageConfig): string {
  return nameOf(config, 'backup-role');
}

/**
 * Name of the role in the infrastructure account that AWS Backup restores with.
 */
export function restoreRoleName(config: StageConfig): string {
  return nameOf(config, 'restore-role');
}

/**
 * Name of the role in the log archive account that AWS Backup copies recovery points back with. The vaults of the infrastructure account
 * let in nobody else.
 */
export function copyBackRoleName(config: StageConfig): string {
  return nameOf(config, 'copy-back-role');
}

/**
 * Name of the cluster of the workload. It is captured by this name, and restored under it.
 */
export function clusterName(config: StageConfig): string {
  return nameOf(config, 'cluster');
}

/**
 * Name of the role in the infrastructure account that the configuration of Amazon ECS is captured with. The bucket in the log archive
 * account lets in nobody else.
 */
export function ecsCaptureRoleName(config: StageConfig): string {
  return nameOf(config, 'ecs-capture-role');
}

/**
 * Names of the roles of the workload, which whoever restores the service passes to Amazon ECS.
 */
export function taskRoleName(config: StageConfig): string {
  return nameOf(config, 'task-role');
}

export function executionRoleName(config: StageConfig): string {
  return nameOf(config, 'execution-role');
}

/**
 * Name of the runbook that restores the service, in each region that has it. Operators have it in their notes.
 */
export function ecsRestoreName(config: StageConfig): string {
  return nameOf(config, 'restore-ecs');
}

/**
 * ARNs of the vaults of the infrastructure account, as the log archive account writes them: what copies come back into.
 */
export function workloadVaultArns(config: StageConfig): string[] {
  const arn = (region: string, what: string) => `arn:aws:backup:${region}:${config.accounts.infrastructure}:backup-vault:${nameOf(config, what)}`;
  const replicaRegion = vaultReplicaRegion(config);
  return [arn(config.primaryRegion, 'local'), ...replicaRegion ? [arn(replicaRegion, 'landing')] : []];
}

/**
 * Name of the bus in the log archive account that all accounts put their events on.
 */
export function eventBusName(config: StageConfig): string {
  return nameOf(config, 'backup-events');
}

/**
 * Its ARN, as those write it who forward to it.
 */
export function eventBusArn(config: StageConfig): string {
  return `arn:aws:events:${config.primaryRegion}:${config.accounts.logArchive}:event-bus/${eventBusName(config)}`;
}

/**
 * Tags of every resource: the backup plan selects by them.
 */
export function selectionTags({ project, stage }: StageConfig): { [key: string]: string } {
  return { Environment: stage, Project: project };
}

/**
 * The roles that AWS CloudFormation deploys an account with, as `cdk bootstrap` calls them: what they change is expected.
 */
export function deploymentRoles({ primaryRegion, secondaryRegion }: StageConfig, ...accounts: string[]): string[] {
  const regions = [primaryRegion, ...secondaryRegion ? [secondaryRegion] : []];
  return accounts.flatMap((account) => regions.map((region) => `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`));
}
