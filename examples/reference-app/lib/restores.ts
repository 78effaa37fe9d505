import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { DrRole, ResourceType } from 'cdk-backup-dr';
import type { IReplicatedBackupVault } from 'cdk-backup-dr';
import { nameOf, restoreRoleName, vaultReplicaRegion } from './naming';
import type { StageConfig } from '../config';

/**
 * What restores of tables need, wherever there are recovery points of them: the role that AWS Backup restores with, of all regions, and a
 * key in the secondary region, since the key of the tables is in the primary one and a restore in another region has to name a key.
 */
export function defineRestores(stack: Stack, vault: IReplicatedBackupVault, config: StageConfig): void {
  const replicaRegion = vaultReplicaRegion(config);
  // Whoever starts a restore needs iam:PassRole for this role. It restores into new tables only; no role of the workload may assume it.
  DrRole.restore(stack, 'RestoreRole', {
    roleName: restoreRoleName(config),
    resourceTypes: [ResourceType.DYNAMODB],
    regions: [vault.region, ...replicaRegion ? [replicaRegion] : []],
  });
  if (vault.replica) {
    new kms.Key(Stack.of(vault.replica), 'RestoredTablesKey', {
      alias: nameOf(config, 'restored-tables'),
      description: 'Encrypts the tables that are restored in the secondary region',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
