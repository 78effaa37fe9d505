import type { IConstruct } from 'constructs';
import type { Candidate } from './candidate';
import { inform, warn } from '../private/messages';
import { unchecked, uncheckedVital } from '../private/registry';

/**
 * Messages of synthesis about valid targets.
 */
export interface TargetMessage {
  /** The id for acknowledging the message. */
  readonly id: string;
  /** Whether it is an info. */
  readonly isInfo?: boolean;
  /** Whether it reports something that is not checked: a warning if that is vital, otherwise an info. */
  readonly isUnchecked?: boolean | 'vital';
  readonly text: string;
}

/**
 * @param exclusions Exclusions that match nothing that is selected
 */
export function targetMessages(selected: Candidate[], exclusions: Candidate[]): TargetMessage[] {
  const messages: TargetMessage[] = selected.filter(({ problem }) => problem === undefined).flatMap(({ warning, unchecked: notChecked }) => [
    ...warning ? [{ id: 'mayNotBeBackedUp', text: warning }] : [],
    ...notChecked ? [{ id: 'configurationNotChecked', isUnchecked: true, text: notChecked }] : [],
  ]);
  const exported = selected.filter(({ isExported, problem }) => isExported && problem === undefined)
    .map(({ resource }) => resource!.node.path);
  if (exported.length > 0) {
    messages.push({
      id: 'exportedArn',
      isInfo: true,
      text: `the stack of ${some(exported)} exports ARNs for the plan, and an export in use can be neither removed nor changed: before you remove such a resource, `
        + 'deploy the plan without it; to avoid exports, specify literal physical names for the resources, select them by tags, or define the plan in their stack',
    });
  }
  const isClosed = selected.length > 0 && selected.every(({ resource }) => resource);
  const useless = exclusions.filter(({ nothingBelow, resource, isOutOfReach }) =>
    nothingBelow !== undefined || (isClosed && resource && !isOutOfReach));
  if (useless.length > 0) {
    messages.push({
      id: 'exclusionWithoutEffect',
      isInfo: true,
      text: `'excludeResources' contains ${some(useless.map(({ nothingBelow, resource }) => nothingBelow ?? resource!.node.path))}, which is not selected`,
    });
  }
  return messages;
}

/** The first few of many. */
export function some(paths: string[]): string {
  const quoted = paths.slice(0, 3).map((path) => `'${path}'`).join(', ');
  return paths.length > 3 ? `${quoted} and ${paths.length - 3} more` : quoted;
}

/** Adds a message to a construct. */
export function say(scope: IConstruct, { id, text, isInfo, isUnchecked }: TargetMessage): void {
  if (isUnchecked === 'vital') {
    uncheckedVital(scope, id, text);
  } else if (isUnchecked) {
    unchecked(scope, id, text);
  } else if (isInfo) {
    inform(scope, id, text);
  } else {
    warn(scope, id, text);
  }
}
