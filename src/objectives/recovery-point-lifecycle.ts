import { Duration } from 'aws-cdk-lib';
import type { PropsErrors } from '../private/props-errors';
import { describe, inDays, wholeDaysProblem } from '../private/spans';

/** AWS Backup keeps a recovery point for at least 90 days once it is in cold storage. */
const COLD_STORAGE_MINIMUM = 90;

/**
 * How long a recovery point is kept, and when it moves to cold storage.
 */
export interface Lifecycle {
  readonly deleteAfter: Duration;
  readonly moveToColdStorageAfter?: Duration;
}

/**
 * Checks of the lifecycle of a rule or a copy.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
 */
export function checkLifecycle(errors: PropsErrors, { deleteAfter, moveToColdStorageAfter }: Lifecycle): void {
  const problems = [
    wholeDaysProblem('deleteAfter', deleteAfter, 1, 36_500),
    wholeDaysProblem('moveToColdStorageAfter', moveToColdStorageAfter, 1, 36_500 - COLD_STORAGE_MINIMUM),
  ].filter((problem) => problem !== undefined);
  errors.add(...problems);

  const cold = inDays(moveToColdStorageAfter);
  const kept = inDays(deleteAfter);
  errors.when(problems.length === 0 && cold !== undefined && kept !== undefined && kept < cold + COLD_STORAGE_MINIMUM,
    () => `'deleteAfter' must be at least ${COLD_STORAGE_MINIMUM} days longer than 'moveToColdStorageAfter' (${describe(moveToColdStorageAfter!)}), `
      + `so at least ${cold! + COLD_STORAGE_MINIMUM} days, got ${describe(deleteAfter)}`);
}

/**
 * The lifecycle for a shorter or longer retention: in cold storage only if its minimum of 90 days still fits.
 */
export function keptFor(lifecycle: Lifecycle, deleteAfter: Duration): Lifecycle {
  const cold = inDays(lifecycle.moveToColdStorageAfter);
  const kept = inDays(deleteAfter);
  const fits = cold === undefined || kept === undefined || kept >= cold + COLD_STORAGE_MINIMUM;
  return { deleteAfter, moveToColdStorageAfter: fits ? lifecycle.moveToColdStorageAfter : undefined };
}

/** How long a recovery point stays in warm storage, from where alone it can be copied; `undefined` where it can't be compared. */
export function warmDays({ deleteAfter, moveToColdStorageAfter }: Lifecycle): number | undefined {
  return inDays(moveToColdStorageAfter ?? deleteAfter);
}
