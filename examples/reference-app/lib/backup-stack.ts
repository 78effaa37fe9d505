import { Duration, Stack } from 'aws-cdk-lib';
import {
  BackupAlarms, BackupCopy, BackupTarget, CopySource, DrRole, Notify, ReplicatedBackupVault, ReplicationBudget, ResourceType, TieredBackupPlan,
} from 'cdk-backup-dr';
import type { IConfigurationBucket, IReplicatedBackupVault } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { ConfiguredStackProps } from './configured-stack-props';
import { captureEcs, defineEcsRestore } from './ecs-configuration';
import { forwardEvents } from './event-forwarding';
import { backupRoleName, copyBackRoleName, deploymentRoles, nameOf, selectionTags, vaultReplicaRegion } from './naming';
import { defineRegionSettings } from './region-settings';
import { defineRestores } from './restores';
import { backupTiers } from './tiers';
import type { StageConfig } from '../config';

export interface BackupStackProps extends ConfiguredStackProps {
  /** The vault in the log archive account that everything is copied into. */
  readonly centralVault: IReplicatedBackupVault;
  /** The bucket in the log archive account that the configuration of Amazon ECS is captured into. */
  readonly configuration: IConfigurationBucket;
}

/**
 * The backups of the workload. A plan backs up its own account only, so it is here and not beside the central vault.
 */
export class BackupStack extends Stack {
  public readonly vault: IReplicatedBackupVault;
  public readonly plan: TieredBackupPlan;

  constructor(scope: Construct, id: string, { config, centralVault, configuration, ...props }: BackupStackProps) {
    super(scope, id, props);

    const vault = this.vault = this.defineVault(config);
    // Each straight from here: AWS Backup makes no copies of copies.
    const copyTo = [
      BackupCopy.to(centralVault),
      ...centralVault.replica ? [BackupCopy.toReplicaOf(centralVault)] : [],
      // With the primary region lost, the newest recovery points are there already: one restore instead of a copy back and a restore.
      ...vault.replica ? [BackupCopy.toReplicaOf(vault, { tiers: landingTiers(config), deleteAfter: Duration.days(7) })] : [],
    ];

    const plan = this.plan = new TieredBackupPlan(this, 'Plan', {
      backupPlanName: nameOf(config, 'backup'),
      vault,
      tiers: backupTiers(config),
      copyTo,
      localRetention: config.backup.localRetention,
      role: DrRole.backup(this, 'Role', {
        roleName: backupRoleName(config),
        resourceTypes: [ResourceType.DYNAMODB],
        backupVaultArns: [vault.backupVaultArn, ...copyTo.map((copy) => copy.destinationBackupVaultArn)],
      }),
    });
    plan.addSelection('DynamoDB', {
      resources: [BackupTarget.allOf(ResourceType.DYNAMODB)],
      tags: selectionTags(config),
      objectives: config.backup.objectives,
    });
    defineRestores(this, vault, config);
    // Beside the jobs: AWS Backup publishes its metrics and its events in their account and region.
    const notify = [Notify.email(config.email)];
    new BackupAlarms(this, 'Alarms', {
      vaults: [vault],
      plans: [plan],
      alarmSet: config.monitoring.alarmSet,
      deploymentRoles: deploymentRoles(config, config.accounts.infrastructure),
      notify,
    });
    captureEcs(this, configuration, notify, config);
    defineEcsRestore(this, configuration, notify, config);
    if (vault.replica) {
      defineEcsRestore(Stack.of(vault.replica), configuration, notify, config, config.primaryRegion);
    }
    forwardEvents(this, vault, notify, config);
    if (config.secondaryRegion) {
      new ReplicationBudget(this, 'Budget', { monthlyLimit: config.monitoring.monthlyReplicationLimit.infrastructure, notify });
    }
  }

  /**
   * AWS Backup restores into the account of the vault only. So a copy must come back before the workload's account can
   * use it: into this vault, or, with the primary region lost, into the landing vault in the secondary one. That has the newest recovery
   * points anyway.
   */
  private defineVault(config: StageConfig): ReplicatedBackupVault {
    const replicaRegion = vaultReplicaRegion(config);
    const vault = new ReplicatedBackupVault(this, 'Vault', {
      backupVaultName: nameOf(config, 'local'),
      replicaRegion,
      replicaVaultName: replicaRegion && nameOf(config, 'landing'),
      copySources: [CopySource.account(config.accounts.logArchive, { roleNames: [copyBackRoleName(config)] })],
    });
    defineRegionSettings(vault);
    return vault;
  }
}

/** Those that run every day. */
function landingTiers({ backup }: StageConfig): string[] {
  return ['daily', ...backup.eveningRetention ? ['evening'] : []];
}
