import type * as iam from 'aws-cdk-lib/aws-iam';
import type { SnapshotArea } from './snapshot-policies';
import { FactKind } from '../private/registry';

/**
 * A role that writes into a bucket or its replica or reads from it, for as long as the construct that registers it is in the tree.
 */
export interface SnapshotWriterFact {
  readonly bucketArn: string;
  readonly area: SnapshotArea;
  readonly account: string;
  readonly role: iam.IRole;
  /** The name when the role was admitted, with its path; undefined for a role of the bucket's own account that has none. */
  readonly roleName?: string;
}

export const SNAPSHOT_WRITERS = new FactKind<SnapshotWriterFact>('snapshot writer');
