import type { StageConfig } from '../config';

/**
 * A name that no other stage has: stages may share their accounts.
 */
export function nameOf({ project, stage }: StageConfig, what: string): string {
  return `${project}-${stage}-${what}`;
}

/**
 * Name of the role that backs up and copies. The vaults in the log archive account let in nobody else.
 */
export function backupRoleName(config: StageConfig): string {
  return nameOf(config, 'backup-role');
}

/**
 * Tags of every resource: the backup plan selects by them.
 */
export function selectionTags({ project, stage }: StageConfig): { [key: string]: string } {
  return { Environment: stage, Project: project };
}
