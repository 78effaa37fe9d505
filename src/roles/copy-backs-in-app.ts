import type * as iam from 'aws-cdk-lib/aws-iam';
import { FactKind } from '../private/registry';

/**
 * A role that copies recovery points back.
 */
export interface CopyBackFact {
  readonly role: iam.IRole;
  readonly account: string;
  readonly destinationBackupVaultArns: readonly string[];
}

/** The roles of the app that copy recovery points back: the vaults that they copy into must let them in. */
export const COPY_BACKS = new FactKind<CopyBackFact>('copy back');
