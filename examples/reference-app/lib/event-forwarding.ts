import { BackupEventForwarding } from 'cdk-backup-dr';
import type { IReplicatedBackupVault, Notify } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import { eventBusArn } from './naming';
import type { StageConfig } from '../config';

/**
 * Puts the events of an account, from both of its regions, on the bus of the log archive account.
 */
export function forwardEvents(scope: Construct, vault: IReplicatedBackupVault, notify: Notify[], config: StageConfig): void {
  const { primaryRegion, accounts, monitoring } = config;
  const { sinkArns = {} } = vault.account === accounts.logArchive ? {} : monitoring; // whose metrics are where the sinks are
  new BackupEventForwarding(scope, 'EventForwarding', {
    eventBusArn: eventBusArn(config),
    vaults: [vault],
    notify,
    sinkArn: sinkArns[primaryRegion],
    replicaSinkArn: vault.replicaRegion && sinkArns[vault.replicaRegion],
  });
}
