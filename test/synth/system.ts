import { App, Duration, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { ReplicationBudget } from '../../src/costs/replication-budget';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { LogSource } from '../../src/logs/log-source';
import { ReplicatedLogBucket } from '../../src/logs/replicated-log-bucket';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { ReplicationAlarms } from '../../src/monitoring/replication-alarms';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupCopy } from '../../src/plan/backup-copy';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { WeekDay } from '../../src/schedules/week-day';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/**
 * Tables backed up in one account, copied into another one, in two regions; and logs and configuration there, replicated; with
 * all that is seen of it.
 */
export class System {
  public readonly archive: Stack;
  public readonly infrastructure: Stack;
  public readonly central: ReplicatedBackupVault;
  public readonly local: ReplicatedBackupVault;
  public readonly trails: ReplicatedLogBucket;
  public readonly table: dynamodb.Table;

  /** @param before What else a stack has, defined before the system's own */
  constructor(scope: App | Stage, before: (stack: Stack) => void = () => {}) {
    this.archive = stackIn(LOG_ARCHIVE, LONDON, scope, 'Archive');
    this.infrastructure = stackIn(INFRASTRUCTURE, LONDON, scope, 'Infrastructure');
    before(this.archive);
    before(this.infrastructure);

    this.central = new ReplicatedBackupVault(this.archive, 'Central', {
      replicaRegion: IRELAND,
      vaultLock: VaultLock.compliance({ minRetention: Duration.days(1), maxRetention: Duration.days(720), changeableFor: Duration.days(3) }),
    });
    this.trails = new ReplicatedLogBucket(this.archive, 'Trails', {
      source: LogSource.cloudTrail(), retention: Duration.days(365), replicaRegion: IRELAND,
    });
    new ConfigurationBucket(this.archive, 'Configuration', {
      schedules: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })],
      objectLockMode: s3.ObjectLockMode.COMPLIANCE,
      replicaRegion: IRELAND,
    });
    this.local = new ReplicatedBackupVault(this.infrastructure, 'Local', { replicaRegion: IRELAND });
    this.table = new dynamodb.Table(new Construct(this.infrastructure, 'Workload'), 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    new BackupRegionSettings(this.infrastructure, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });
    const plan = new TieredBackupPlan(this.infrastructure, 'Plan', {
      vault: this.local,
      localRetention: Duration.days(30),
      copyTo: [BackupCopy.to(this.central), BackupCopy.toReplicaOf(this.central)],
      tiers: [
        BackupTier.daily({ hour: 5, deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) }),
        BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(360), moveToColdStorageAfter: Duration.days(30) }),
      ],
    });
    plan.addSelection('Orders', { resources: [BackupTarget.fromDynamoDbTable(this.table)] });
    this.watch(plan);
  }

  private watch(plan: TieredBackupPlan): void {
    const centralMonitoring = new CentralMonitoring(this.archive, 'Monitoring', { organizationId: 'o-exampleorg12', vaults: [this.local, this.central] });
    const { eventBusArn } = centralMonitoring;
    new BackupDashboard(this.archive, 'Dashboard', { centralMonitoring });
    new ReplicationBudget(this.archive, 'Budget', { monthlyLimit: 100, notify: [Notify.email('operations@example.com')] });
    new ReplicationAlarms(this.archive, 'ReplicationAlarms', { buckets: [this.trails] });
    new BackupAlarms(this.archive, 'BackupAlarms', { vaults: [this.central] });
    new BackupEventForwarding(this.archive, 'Forwarding', { eventBusArn, vaults: [this.central] });
    new BackupAlarms(this.infrastructure, 'BackupAlarms', { vaults: [this.local], plans: [plan] });
    new BackupNotifications(this.infrastructure, 'Notifications', { vaults: [this.local] });
    new BackupEventForwarding(this.infrastructure, 'Forwarding', { eventBusArn, vaults: [this.local] });
  }
}
