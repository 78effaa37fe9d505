import { Stack } from 'aws-cdk-lib';
import { BackupDashboard, CentralMonitoring, JobStateChange, Notify, ReplicationBudget } from 'cdk-backup-dr';
import type { IReplicatedBackupVault, TieredBackupPlan } from 'cdk-backup-dr';
import type { Construct } from 'constructs';
import type { ConfiguredStackProps } from './configured-stack-props';
import { deploymentRoles, eventBusName, nameOf } from './naming';

export interface MonitoringStackProps extends ConfiguredStackProps {
  /** The vaults that there are alarms for, of whatever account. */
  readonly vaults: IReplicatedBackupVault[];
  /** The plans that there are alarms for where nothing is told of any more. */
  readonly plans: TieredBackupPlan[];
}

/**
 * What happens to backups in all accounts, seen in the log archive account: from the events that the others forward, so
 * that nothing here goes when one of them is taken over.
 */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, { config, vaults, plans, ...props }: MonitoringStackProps) {
    super(scope, id, props);
    const { organizationId, email, accounts, primaryRegion, secondaryRegion, monitoring } = config;

    const centralMonitoring = new CentralMonitoring(this, 'Central', {
      organizationId,
      vaults,
      plans,
      eventBusName: eventBusName(config),
      deploymentRoles: deploymentRoles(config, accounts.infrastructure, accounts.logArchive),
      notifications: JobStateChange.all(), // as drawn: what started and what was completed too
      notify: [Notify.email(email)],
      observabilityRegions: monitoring.metricsOfOtherAccounts ? [primaryRegion, ...secondaryRegion ? [secondaryRegion] : []] : undefined,
    });
    new BackupDashboard(this, 'Dashboard', {
      dashboardName: nameOf(config, 'backups'), centralMonitoring, billingAccount: accounts.management,
    });
    if (secondaryRegion) {
      new ReplicationBudget(this, 'Budget', { monthlyLimit: monitoring.monthlyReplicationLimit.logArchive, notify: [Notify.email(email)] });
    }
  }
}
