import type { TypeScriptProject } from 'projen/lib/typescript';

/** The command that runs a script of ours. */
export function tsNode(project: TypeScriptProject, script: string): string {
  return `ts-node --transpile-only --project ${project.tsconfigDev.fileName} ${script}`;
}
