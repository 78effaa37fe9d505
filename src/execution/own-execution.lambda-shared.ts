import type { Execution } from './execution-reads.lambda-shared';
import type { RunbookSettings } from './runbook.contract';
import type { Place } from '../capture/document-store.lambda-shared';

/**
 * Why the function does nothing for an execution. Whoever may invoke it could name any execution, and ask for what its approvers did not see.
 *
 * @param asked The parameters of a step that is to be done
 */
export function problemsOfExecution(
  { runbook, defaults }: RunbookSettings, { partition, region, account }: Place, { id, document, endedAt, parameters }: Execution,
  asked?: Record<string, string>,
): string[] {
  const values: Record<string, string> = { ...defaults, ...parameters };
  const others = Object.keys({ ...asked && parameters, ...asked }).filter((name) => asked?.[name] !== values[name]);
  return [
    ...document === runbook || document === `arn:${partition}:ssm:${region}:${account}:document/${runbook}` ? [] : [`execution ${id} is of ${document}`],
    ...asked && endedAt ? [`execution ${id} has ended`] : [],
    ...others.length > 0 ? [`execution ${id} has other values of ${others.join(', ')}`] : [],
  ];
}
