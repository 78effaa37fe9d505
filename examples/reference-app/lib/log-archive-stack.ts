import { Stack } from 'aws-cdk-lib';
import { BackupAlarms, CopySource, DrRole, Notify, ReplicatedBackupVault, ReplicationAlarms, ResourceType } from 'cdk-backup-dr';
import type { IConfigurationBucket, IReplicatedBackupVault } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { ConfiguredStackProps } from './configured-stack-props';
import { defineConfigurationBucket } from './ecs-configuration';
import { forwardEvents } from './event-forwarding';
import { defineLogBuckets } from './log-buckets';
import { backupRoleName, copyBackRoleName, deploymentRoles, nameOf, vaultReplicaRegion, workloadVaultArns } from './naming';
import { defineRegionSettings } from './region-settings';

/**
 * The copies of all backups, the snapshots of configuration and the logs of the organization, in the log archive account, and their
 * replicas in the secondary region.
 */
export class LogArchiveStack extends Stack {
  public readonly vault: IReplicatedBackupVault;
  public readonly configuration: IConfigurationBucket;

  constructor(scope: Construct, id: string, { config, ...props }: ConfiguredStackProps) {
    super(scope, id, props);

    this.vault = new ReplicatedBackupVault(this, 'Vault', {
      backupVaultName: nameOf(config, 'central'),
      replicaRegion: vaultReplicaRegion(config),
      vaultLock: config.backup.vaultLock,
      // Every account that copies, by name and from the start: once the lock is final, this policy may not be changeable any more. Not the
      // organization: any of its accounts could create a role of that name, and fill the vault with what nobody can delete.
      copySources: [CopySource.account(config.accounts.infrastructure, { roleNames: [backupRoleName(config)] })],
    });
    defineRegionSettings(this.vault);
    const { backupVaultArn, replicaVaultArn } = this.vault;
    DrRole.copyBack(this, 'CopyBackRole', {
      roleName: copyBackRoleName(config),
      resourceTypes: [ResourceType.DYNAMODB],
      sourceBackupVaultArns: [backupVaultArn, ...replicaVaultArn ? [replicaVaultArn] : []],
      destinationBackupVaultArns: workloadVaultArns(config),
    });
    const { accessLogs, replicated } = defineLogBuckets(this, config);
    this.configuration = defineConfigurationBucket(this, accessLogs.primary, config);

    const notify = [Notify.email(config.email)];
    new BackupAlarms(this, 'Alarms', {
      vaults: [this.vault],
      alarmSet: config.monitoring.alarmSet,
      deploymentRoles: deploymentRoles(config, config.accounts.logArchive),
      notify,
    });
    forwardEvents(this, this.vault, notify, config);
    if (config.secondaryRegion) {
      new ReplicationAlarms(this, 'ReplicationAlarms', { buckets: [...replicated, this.configuration], notify });
    }
  }
}
