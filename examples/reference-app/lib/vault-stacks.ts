import { Stack } from 'aws-cdk-lib';
import type { IReplicatedBackupVault } from 'cdk-backup-dr';

/**
 * The stacks of a vault and of its replica, one for each region.
 */
export function stacksOf({ primary, replica }: IReplicatedBackupVault): Stack[] {
  return replica ? [Stack.of(primary), Stack.of(replica)] : [Stack.of(primary)];
}
