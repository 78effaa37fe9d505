import { BackupRegionSettings, ResourceType } from 'cdk-backup-dr';
import type { IReplicatedBackupVault } from 'cdk-backup-dr';
import { stacksOf } from './vault-stacks';

/**
 * Turns on AWS Backup where a vault and its replica are: without that, no table can be backed up, copied or restored there.
 */
export function defineRegionSettings(vault: IReplicatedBackupVault): void {
  for (const stack of stacksOf(vault)) {
    new BackupRegionSettings(stack, 'RegionSettings', { resourceTypes: [ResourceType.DYNAMODB] });
  }
}
