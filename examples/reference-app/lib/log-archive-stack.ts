import { Stack } from 'aws-cdk-lib';
import { CopySource, ReplicatedBackupVault } from 'cdk-backup-dr';
import type { IReplicatedBackupVault } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { ConfiguredStackProps } from './configured-stack-props';
import { defineLogBuckets } from './log-buckets';
import { backupRoleName, nameOf } from './naming';
import { defineRegionSettings } from './region-settings';

/**
 * The copies of all backups and the logs of the organization, in the log archive account, and their replicas in the
 * secondary region.
 */
export class LogArchiveStack extends Stack {
  public readonly vault: IReplicatedBackupVault;

  constructor(scope: Construct, id: string, { config, ...props }: ConfiguredStackProps) {
    super(scope, id, props);

    this.vault = new ReplicatedBackupVault(this, 'Vault', {
      backupVaultName: nameOf(config, 'central'),
      replicaRegion: config.secondaryRegion,
      vaultLock: config.backup.vaultLock,
      // Not by account: once the lock is final, the policy that says this may not be changeable any more.
      copySources: [CopySource.organization(config.organizationId, { roleNames: [backupRoleName(config)] })],
    });
    defineRegionSettings(this.vault);
    defineLogBuckets(this, config);
  }
}
