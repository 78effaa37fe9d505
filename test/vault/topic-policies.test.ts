import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupVaultEvent } from '../../src/vault/backup-vault-event';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(LOG_ARCHIVE, LONDON, app, 'Archive');
});

/** What the key allows beyond the account's own principals. */

test('AWS Backup may publish to the topic of the vault, for that vault only, and the vault waits for it', () => {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'central', notificationTopic: new sns.Topic(stack, 'Topic') });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [{
        Sid: '0',
        Effect: 'Allow',
        Principal: { Service: 'backup.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: 'TopicBFC7AF6E' },
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central' },
          StringEquals: { 'aws:SourceAccount': '333333333333' },
        },
      }],
    },
  });
  template.hasResource('AWS::Backup::BackupVault', {
    Properties: {
      Notifications: {
        SNSTopicArn: { Ref: 'TopicBFC7AF6E' },
        BackupVaultEvents: [
          'BACKUP_JOB_COMPLETED', 'RESTORE_JOB_COMPLETED', 'COPY_JOB_FAILED', 'S3_BACKUP_OBJECT_FAILED', 'S3_RESTORE_OBJECT_FAILED',
          'CONTINUOUS_BACKUP_INTERRUPTED',
        ],
      },
    },
    DependsOn: ['TopicPolicyA1747468'],
  });
  expect(vault.replica).toBeUndefined();
});

test('AWS Backup may use the key of an encrypted topic', () => {
  new ReplicatedBackupVault(stack, 'Vault', {
    encryptionKey: new kms.Key(stack, 'VaultKey'),
    notificationTopic: new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'TopicKey', { description: 'topic' }) }),
    notificationEvents: [BackupVaultEvent.COPY_JOB_FAILED, BackupVaultEvent.of('SCAN_JOB_FAILED')],
  });

  const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key', { Properties: { Description: 'topic' } }));
  expect(KeyPolicy.Statement[1]).toEqual({
    Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Backup::BackupVault', {
    Notifications: { BackupVaultEvents: ['COPY_JOB_FAILED', 'SCAN_JOB_FAILED'] },
  });
});

test('the replica notifies nobody', () => {
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: IRELAND, notificationTopic: new sns.Topic(stack, 'Topic') });

  const [replica] = Object.values(Template.fromStack(supportStackOf(stack, IRELAND)).findResources('AWS::Backup::BackupVault'));
  expect(replica.Properties.Notifications).toBeUndefined();
});

test('a topic that is imported is reported as unchecked', () => {
  new ReplicatedBackupVault(stack, 'Vault', { notificationTopic: sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-2:333333333333:topic') });

  expect(Registry.of(app).all(UNCHECKED)).toEqual([{
    id: 'topicPolicy',
    path: 'Archive/Vault',
    reason: expect.stringMatching(/^the policy of topic 'Archive\/Topic', which is not managed here: it must contain .*"backup.amazonaws.com"/),
  }, {
    id: 'topicEncryption',
    path: 'Archive/Vault',
    reason: expect.stringMatching(/^whether topic 'Archive\/Topic' is encrypted: if it is, import it by 'Topic\.fromTopicAttributes' \(from_topic_attributes\) with its 'keyArn' \(key_arn\), and its key policy must contain .*"kms:GenerateDataKey".*"backup.amazonaws.com"/),
  }]);
});
