import { Annotations, App, Duration, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupArchive, BackupTarget, BackupTier, Notify, ReplicatedBackupVault, VaultLock, WeekDay, WorkloadBackup } from 'cdk-backup-dr';

const account = '222222222222';
const archiveAccount = '333333333333';
const region = 'eu-west-2';

const app = new App();
const stack = new Stack(app, 'Backups', { env: { account, region } });

// The vault keeps its recovery points, its key and its policies: it is imported, not created again.
const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
  backupVaultName: 'orders', account, region, replicaRegion: 'eu-west-1', replicaVaultName: 'orders-dr',
});

// AWS Backup deletes recovery points with the role that created them, so keep the role that your plans have used.
const role = Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`);

// The app of another team defines the archive.
const archive = BackupArchive.fromBackupArchiveAttributes(stack, 'Archive', {
  backupVaultName: 'central',
  account: archiveAccount,
  region,
  vaultLock: VaultLock.governance({ minRetention: Duration.days(35), maxRetention: Duration.days(365) }),
  eventBusArn: `arn:aws:events:${region}:${archiveAccount}:event-bus/backups`,
});

const incidents = Topic.fromTopicAttributes(stack, 'Incidents', {
  topicArn: `arn:aws:sns:${region}:${account}:incidents`,
  keyArn: `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`,
});

new WorkloadBackup(stack, 'Backup', {
  resources: [BackupTarget.fromArn(`arn:aws:dynamodb:${region}:${account}:table/orders`)],
  vault,
  role,
  archive,
  tiers: [
    BackupTier.daily({ hour: 1, deleteAfter: Duration.days(35) }),
    BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 8, deleteAfter: Duration.days(90) }),
  ],
  notify: [Notify.topic(incidents)],
});

// What other teams manage, this app can't see. Check each of them once, and say so: a warning that is new stays visible.
for (const id of ['importedVaultKeyPolicy', 'crossAccountBackup', 'dynamoDbAdvancedFeatures', 'topicPolicy', 'topicKeyPolicy']) {
  Annotations.of(app).acknowledgeWarning(`cdk-backup-dr:${id}`, 'checked in the accounts themselves');
}
