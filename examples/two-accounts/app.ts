import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  BackupArchive, BackupTarget, FailureScope, Notify, OrganizationBackupSettings, RecoveryObjective, VaultLock, WorkloadBackup,
} from 'cdk-backup-dr';

const MANAGEMENT = '111111111111';
const WORKLOAD = '222222222222';
const ARCHIVE = '333333333333';
const region = 'eu-west-2';

const app = new App();
const notify = [Notify.email('operations@example.com')];

// Copies between accounts need a setting of the organization, which only its management account can turn on.
const organization = new Stack(app, 'Organization', { env: { account: MANAGEMENT, region } });
new OrganizationBackupSettings(organization, 'Settings', { crossAccountBackup: true });

// No workload runs in this account: nobody who gets into the account of the workload can delete these copies.
const archiveStack = new Stack(app, 'Archive', { env: { account: ARCHIVE, region } });
const archive = new BackupArchive(archiveStack, 'Archive', {
  accounts: [WORKLOAD],
  replicaRegion: 'eu-west-1',
  vaultLock: VaultLock.governance({ minRetention: Duration.days(35), maxRetention: Duration.days(365) }),
  notify,
});

const orders = new Stack(app, 'Orders', { env: { account: WORKLOAD, region } });
new Table(orders, 'Table', {
  tableName: 'orders', // a literal name: another stack selects the table without an export
  partitionKey: { name: 'id', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
});

const backups = new Stack(app, 'Backups', { env: { account: WORKLOAD, region } });
new WorkloadBackup(backups, 'Backup', {
  resources: [BackupTarget.fromConstruct(orders)],
  archive,
  objectives: [
    new RecoveryObjective({ name: 'Account lost', rto: Duration.hours(8), rpo: Duration.hours(36), survives: FailureScope.ACCOUNT }),
    new RecoveryObjective({ name: 'Region lost', rto: Duration.hours(8), rpo: Duration.hours(36), survives: FailureScope.REGION }),
  ],
  notify,
});
