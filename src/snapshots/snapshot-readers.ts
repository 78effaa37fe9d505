import type { IConfigurationBucket } from './configuration-bucket';
import { admit, ownStatements } from './snapshot-admission';
import type { AdmittedRole, OwnStatements } from './snapshot-admission';
import { restoreArea } from './snapshot-policies';
import type { SnapshotArea } from './snapshot-policies';
import { sidesIn } from './written-bucket';

/**
 * A role that restores.
 */
export interface SnapshotReader extends AdmittedRole {
  /** The kind of the snapshots: `ecs`. */
  readonly kind: string;
  /** Region of the bucket or of its replica, if it reads only one of them. */
  readonly region?: string;
}

/**
 * What the policy of a role must allow that restores from a bucket or from its replica: to read and list below `<tier>/<kind>/<account>/` and
 * `records/<account>/`, and to decrypt. It does not include writing records.
 *
 * @param region Region of the bucket or of its replica, if it reads only one of them
 */
export function restoreStatements(bucket: IConfigurationBucket, kind: string, account: string, region?: string): OwnStatements {
  return ownStatements(restoreAreaOf(bucket, kind), sidesIn(bucket, region), account);
}

/**
 * Has a bucket, its replica, or both, and their keys, allow what `restoreStatements` allows.
 *
 * For an imported bucket, the messages contain the statements that its policies need.
 *
 * @throws if the role can't be allowed
 */
export function admitRestore(bucket: IConfigurationBucket, reader: SnapshotReader): void {
  admit(bucket, restoreAreaOf(bucket, reader.kind), sidesIn(bucket, reader.region), reader);
}

function restoreAreaOf({ schedules }: IConfigurationBucket, kind: string): SnapshotArea {
  return restoreArea(kind, schedules.map(({ name }) => name));
}
