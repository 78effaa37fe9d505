import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Whether a path is of the scope's own Stage, or of a Stage in that: Stages are deployed apart, so dev has nothing to tell
 * of prod. In the App itself every path is.
 */
export function isInStageOf(scope: IConstruct, path: string): boolean {
  const stage = Stage.of(scope)?.node.path ?? '';
  return stage === '' || path.startsWith(`${stage}/`);
}
