import type { IConfigurationBucket } from './configuration-bucket';
import { admit, ownStatements } from './snapshot-admission';
import type { AdmittedRole, OwnStatements } from './snapshot-admission';
import { captureArea, RECORD_AREA } from './snapshot-policies';
import type { SnapshotArea } from './snapshot-policies';
import { primaryOf, sidesIn } from './written-bucket';

/**
 * A role that records recoveries.
 */
export interface RecordWriter extends AdmittedRole {
  /** Region of the bucket or of its replica, if it writes into only one of them. */
  readonly region?: string;
}

/**
 * A role that captures.
 */
export interface CaptureWriter extends AdmittedRole {
  /** What it captures, lowercase letters: `ecs`. It is a part of the keys. */
  readonly kind: string;
}

/**
 * What the policy of a role must allow that captures into a bucket: to put and list below `<tier>/<kind>/<account>/`, and to encrypt. It can't read.
 */
export function captureStatements(bucket: IConfigurationBucket, kind: string, account: string): OwnStatements {
  return ownStatements(captureAreaOf(bucket, kind), [primaryOf(bucket)], account);
}

/**
 * What the policy of a role must allow that records measured recoveries in a bucket or in its replica, below `records/<account>/`.
 *
 * @param region Region of the bucket or of its replica, if it writes into only one of them
 */
export function recordStatements(bucket: IConfigurationBucket, account: string, region?: string): OwnStatements {
  return ownStatements(RECORD_AREA, sidesIn(bucket, region), account);
}

/**
 * Has a bucket and its key allow what `captureStatements` allows: the policies of both decide about a role of another account.
 *
 * For an imported bucket, the messages contain the statements that its policies need.
 *
 * @throws if the role can't be allowed
 */
export function admitCapture(bucket: IConfigurationBucket, writer: CaptureWriter): void {
  admit(bucket, captureAreaOf(bucket, writer.kind), [primaryOf(bucket)], writer);
}

/**
 * Has a bucket, its replica and their keys allow what `recordStatements` allows.
 *
 * @throws if the role can't be allowed
 */
export function admitRecords(bucket: IConfigurationBucket, writer: RecordWriter): void {
  admit(bucket, RECORD_AREA, sidesIn(bucket, writer.region), writer);
}

function captureAreaOf({ schedules }: IConfigurationBucket, kind: string): SnapshotArea {
  return captureArea(kind, schedules.map(({ name }) => name));
}
