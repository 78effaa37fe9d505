import { App, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { BackupArchive } from '../../src/bundles/backup-archive';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import { EcsRestoreRunbook } from '../../src/ecs-restore/ecs-restore-runbook';
import { Notify } from '../../src/notification/notify';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';
import { System } from './system';

const STATEFUL: Record<string, string | undefined> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name', // other accounts forward to it
  'AWS::KMS::Key': undefined,
  'AWS::IAM::Role': 'RoleName', // AWS Backup expires recovery points with it
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName', // people have confirmed their subscriptions
};

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, string>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What would be replaced, and lose its data or its use, if it changed. */
function identities(before?: (stack: Stack) => void): string[] {
  const app = new App();
  new System(app, before);
  return identitiesIn(app);
}

function identitiesIn(app: App): string[] {
  return app.synth().stacks.flatMap(({ stackName, template }) => Object.entries<Resource>(template.Resources)
    .filter(([, { Type, DeletionPolicy }]) => Type in STATEFUL && (Type === 'AWS::Events::EventBus' || /^Retain/.test(DeletionPolicy ?? '')))
    .map(([logicalId, { Type, Properties }]) => [stackName, Type, logicalId, Properties[STATEFUL[Type] ?? ''] ?? '-'].join(' '))).sort();
}

test('logical ids and names of what holds data are pinned: a change here is a breaking change', () => {
  expect(identities()).toEqual([
    'Archive AWS::Backup::BackupVault CentralPrimaryB165DA60 Archive-Central-10eecb17',
    'Archive AWS::Events::EventBus MonitoringBus371F41D4 Archive-Monitoring-a35fb20c',
    'Archive AWS::IAM::Role ConfigurationReplicationRole07F671CC Archive-Configuration-Replication-85486d36-eu-west-2',
    'Archive AWS::IAM::Role TrailsReplicationRoleEF91B325 Archive-Trails-Replication-bb4a8c79-eu-west-2',
    'Archive AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Archive AWS::KMS::Key CentralKey837EB0BF -',
    'Archive AWS::KMS::Key ConfigurationKey64546AE7 -',
    'Archive AWS::KMS::Key TrailsKeyC372E1C0 -',
    'Archive AWS::Logs::LogGroup MonitoringEvents01C4C535 /aws/events/Archive-Monitoring-a35fb20c',
    'Archive AWS::S3::Bucket ConfigurationBucket4C9EE6EF archive-configuration-ea4ae5c5-333333333333-eu-west-2',
    'Archive AWS::S3::Bucket TrailsBucketB3BCDCA1 archive-trails-643da047-333333333333-eu-west-2',
    'Archive AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Archive-BackupDrNotifications-4653efef',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::Backup::BackupVault ArchiveCentral10eecb17VaultA916E815 Archive-Central-10eecb17-replica',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key ArchiveCentral10eecb17KeyC7A74095 -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key ArchiveConfigurationea4ae5c5Key9D8AF894 -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key ArchiveTrails643da047KeyF226A3F5 -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::S3::Bucket ArchiveConfigurationea4ae5c5Bucket2AD32922 archive-configuration-036ca4ae-333333333333-eu-west-1',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::S3::Bucket ArchiveTrails643da047Bucket1F2BDDA4 archive-trails-c36bd325-333333333333-eu-west-1',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Archive-support-eu-west-1-for-eu-west-2-BackupDrNotifications-58a2e8e0',
    'Infrastructure AWS::Backup::BackupVault LocalPrimary5BFE0170 Infrastructure-Local-f1260d4e',
    'Infrastructure AWS::DynamoDB::Table WorkloadOrders6FAE2F6D -',
    'Infrastructure AWS::IAM::Role PlanRole1332F679 Infrastructure-Plan-Role-887156c0-eu-west-2',
    'Infrastructure AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Infrastructure AWS::KMS::Key LocalKey384F6437 -',
    'Infrastructure AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Infrastructure-BackupDrNotifications-5ba381d3',
    'Infrastructure-support-eu-west-1-for-eu-west-2 AWS::Backup::BackupVault InfrastructureLocalf1260d4eVault10041F79 Infrastructure-Local-f1260d4e-replica',
    'Infrastructure-support-eu-west-1-for-eu-west-2 AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Infrastructure-support-eu-west-1-for-eu-west-2 AWS::KMS::Key InfrastructureLocalf1260d4eKey335D28A2 -',
    'Infrastructure-support-eu-west-1-for-eu-west-2 AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Infrastructure-support-eu-west-1-for-eu-west-2-BackupDrNotifications-381bf20d',
  ]);
});

/** A workload and its archive, with the constructs that have all parts in one; and what else a stack has, defined before them. */
function bundled(before: (stack: Stack) => void = () => {}): string[] {
  const app = new App();
  const [archiveStack, stack] = [stackIn(LOG_ARCHIVE, LONDON, app, 'Archive'), stackIn(INFRASTRUCTURE, LONDON, app, 'Backups')];
  before(archiveStack);
  before(stack);
  const notify = [Notify.email('operations@example.com')];
  const archive = new BackupArchive(archiveStack, 'Archive', {
    accounts: [INFRASTRUCTURE],
    replicaRegion: IRELAND,
    vaultLock: VaultLock.governance({ minRetention: Duration.days(35), maxRetention: Duration.days(365) }),
    notify,
  });
  new WorkloadBackup(stack, 'Backup', { tags: { backup: 'true' }, replicaRegion: IRELAND, archive, notify });
  return identitiesIn(app);
}

test('the name of a role that captures configuration is pinned: policies of buckets in other apps contain it', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Workload');
  const schedules = [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })];
  const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules });
  const { role } = new EcsConfigBackup(stack, 'EcsConfig', { clusters: [EcsClusterTarget.fromName('shop')], bucket, schedules });

  expect((role.node.defaultChild as iam.CfnRole).roleName).toBe('Workload-EcsConfig-Role-ed699a86-eu-west-2');
});

test('the names of a runbook and of its roles are pinned: operators start it by its name, and policies of buckets in other apps contain the role', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON, new App(), 'Workload');
  const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) })] });
  const { documentName, role } = new EcsRestoreRunbook(stack, 'EcsRestore', { clusters: [EcsClusterTarget.fromName('shop')], bucket, passableRoles: [] });
  const documents = stack.node.findAll().filter((construct): construct is ssm.CfnDocument => construct instanceof ssm.CfnDocument);

  expect(documentName).toBe('Recovery-Workload-EcsRestore-c2b876c2');
  expect((role.node.defaultChild as iam.CfnRole).roleName).toBe('Workload-EcsRestore-Role-f50c7500-eu-west-2');
  expect(documents.map((document) => stack.resolve(document.logicalId))).toEqual(['EcsRestoreDocument8B2EB52A']);
});

test('those of a workload and of its archive are pinned too', () => {
  expect(bundled()).toEqual([
    'Archive AWS::Backup::BackupVault ArchiveVaultPrimary4A5CE300 Archive-Archive-Vault-16de0e01',
    'Archive AWS::Events::EventBus ArchiveMonitoringBus1589F3A6 Archive-Archive-9930abca',
    'Archive AWS::KMS::Key ArchiveVaultKeyBE87E327 -',
    'Archive AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Archive AWS::Logs::LogGroup ArchiveMonitoringEvents138F9A47 /aws/events/Archive-Archive-9930abca',
    'Archive AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Archive-BackupDrNotifications-4653efef',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::Backup::BackupVault ArchiveArchiveVault16de0e01Vault716DE982 Archive-Archive-Vault-16de0e01-replica',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key ArchiveArchiveVault16de0e01Key7405F677 -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Archive-support-eu-west-1-for-eu-west-2 AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Archive-support-eu-west-1-for-eu-west-2-BackupDrNotifications-58a2e8e0',
    'Backups AWS::Backup::BackupVault BackupVaultPrimaryAD78066E Backups-Backup-Vault-c70f2777',
    'Backups AWS::IAM::Role BackupPlanRoleF76F0BCF Backups-Backup-Plan-Role-4dfb2e5c-eu-west-2',
    'Backups AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Backups AWS::KMS::Key BackupVaultKeyA286A54F -',
    'Backups AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Backups-BackupDrNotifications-2f41ed44',
    'Backups-support-eu-west-1-for-eu-west-2 AWS::Backup::BackupVault BackupsBackupVaultc70f2777Vault18A96102 Backups-Backup-Vault-c70f2777-replica',
    'Backups-support-eu-west-1-for-eu-west-2 AWS::KMS::Key BackupDrNotificationsKeyC43E7DFF -',
    'Backups-support-eu-west-1-for-eu-west-2 AWS::KMS::Key BackupsBackupVaultc70f2777Key17AD8410 -',
    'Backups-support-eu-west-1-for-eu-west-2 AWS::SNS::Topic BackupDrNotificationsTopic09CC4A13 Backups-support-eu-west-1-for-eu-west-2-BackupDrNotifications-7928fab3',
  ]);
});

test('what stands beside a workload and an archive changes none of theirs', () => {
  expect(bundled((stack) => {
    new sns.Topic(stack, 'Topic');
    new ReplicatedBackupVault(stack, 'Another', { replicaRegion: IRELAND, landingVault: true });
  })).toEqual(expect.arrayContaining(bundled()));
});

test('what stands beside them changes none of them', () => {
  const plain = identities();

  expect(identities((stack) => {
    new sns.Topic(stack, 'Topic');
    new dynamodb.Table(stack, 'Sessions', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    new ReplicatedBackupVault(stack, 'Another', { replicaRegion: IRELAND });
    new ReplicatedBucket(stack, 'Files', { replicaRegion: IRELAND });
  })).toEqual(expect.arrayContaining(plain));
});

test('everything that holds data is retained when it leaves its stack, or is replaced', () => {
  const app = new App();
  new System(app);
  const resources = app.synth().stacks.flatMap(({ template }) => Object.values<Resource>(template.Resources))
    .filter(({ Type, Properties }) => (Type === 'AWS::Logs::LogGroup' && Properties.LogGroupName !== undefined) || ['AWS::Backup::BackupVault', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::SNS::Topic'].includes(Type));

  expect(resources.length).toBe(30);
  for (const { DeletionPolicy, UpdateReplacePolicy } of resources) {
    expect(['Retain', 'RetainExceptOnCreate']).toContain(DeletionPolicy);
    expect(UpdateReplacePolicy).toBe('Retain');
  }
});
