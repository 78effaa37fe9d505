import { CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { encryptionOf } from '../../src/targets/encryption';
import { TemplateProperties } from '../../src/targets/template-properties';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const KEY = 'arn:aws:kms:eu-west-2:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ALIAS = 'arn:aws:kms:eu-west-2:222222222222:alias/aws/rds';

function encryption(type: string, properties: (stack: Stack) => object): string {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  return encryptionOf(type, new TemplateProperties(new CfnResource(stack, 'Resource', { type, properties: { ...properties(stack) } })));
}

test.each([
  ['AWS::RDS::DBInstance', { StorageEncrypted: false }, 'none'],
  ['AWS::RDS::DBInstance', { StorageEncrypted: 'false' }, 'none'],
  ['AWS::RDS::DBInstance', {}, 'unknown'],
  ['AWS::RDS::DBInstance', { StorageEncrypted: true }, 'aws'],
  ['AWS::RDS::DBInstance', { StorageEncrypted: true, KmsKeyId: KEY }, 'customer'],
  ['AWS::RDS::DBInstance', { KmsKeyId: 'alias/aws/rds' }, 'aws'],
  ['AWS::RDS::DBInstance', { KmsKeyId: ALIAS }, 'aws'],
  ['AWS::RDS::DBInstance', { KmsKeyId: 'alias/backups' }, 'customer'],
  ['AWS::RDS::DBInstance', { DBSnapshotIdentifier: 'nightly', StorageEncrypted: false }, 'unknown'],
  ['AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'main', StorageEncrypted: true }, 'unknown'],
  ['AWS::RDS::DBInstance', { SourceDbiResourceId: 'db-1' }, 'unknown'],
  ['AWS::RDS::DBInstance', { StorageEncrypted: { Ref: 'Encrypted' } }, 'unknown'],
  ['AWS::RDS::DBCluster', {}, 'unknown'],
  ['AWS::RDS::DBCluster', { StorageEncrypted: true }, 'aws'],
  ['AWS::RDS::DBCluster', { SnapshotIdentifier: 'nightly', StorageEncrypted: true }, 'unknown'],
  ['AWS::RDS::DBCluster', { ReplicationSourceIdentifier: 'arn', StorageEncrypted: true }, 'unknown'],
  ['AWS::RDS::DBCluster', { GlobalClusterIdentifier: 'global', StorageEncrypted: false }, 'unknown'],
  ['AWS::DocDB::DBCluster', { StorageEncrypted: false }, 'none'],
  ['AWS::DocDB::DBCluster', { SourceDBClusterIdentifier: 'main', StorageEncrypted: false }, 'unknown'],
  ['AWS::Neptune::DBCluster', { StorageEncrypted: true }, 'aws'],
  ['AWS::Neptune::DBCluster', { KmsKeyId: 'alias/aws/rds' }, 'aws'],
  ['AWS::FSx::FileSystem', {}, 'aws'],
  ['AWS::FSx::FileSystem', { KmsKeyId: KEY }, 'customer'],
  ['AWS::FSx::FileSystem', { KmsKeyId: 'alias/aws/fsx' }, 'aws'],
  ['AWS::FSx::FileSystem', { BackupId: 'backup-1' }, 'unknown'],
  ['AWS::EC2::Volume', { Encrypted: false }, 'none'],
  ['AWS::EC2::Volume', {}, 'unknown'],
  ['AWS::EC2::Volume', { Encrypted: true }, 'unknown'],
  ['AWS::EC2::Volume', { Encrypted: true, KmsKeyId: 'alias/aws/ebs' }, 'aws'],
  ['AWS::EC2::Volume', { Encrypted: false, SnapshotId: 'snap-1' }, 'unknown'],
  ['AWS::EC2::Instance', {}, 'unknown'],
  ['AWS::EC2::Instance', { BlockDeviceMappings: [{ Ebs: { KmsKeyId: KEY } }, { Ebs: { KmsKeyId: 'alias/aws/ebs' } }] }, 'aws'],
  ['AWS::EC2::Instance', { BlockDeviceMappings: [{ Ebs: { KmsKeyId: KEY } }] }, 'unknown'],
  ['AWS::EC2::Instance', { BlockDeviceMappings: [{ DeviceName: '/dev/sda1' }, { Ebs: {} }] }, 'unknown'],
])('the encryption of %s with %j is %s', (type, properties, expected) => {
  expect(encryption(type, () => properties)).toBe(expected);
});

test('an imported alias of AWS is one, however its ARN is made', () => {
  expect(encryption('AWS::RDS::DBInstance', (stack) => ({ KmsKeyId: kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/rds').keyArn }))).toBe('aws');
});

test('a key of the app is one of the customer', () => {
  expect(encryption('AWS::RDS::DBInstance', (stack) => ({ KmsKeyId: new kms.Key(stack, 'Key').keyArn }))).toBe('customer');
});

test('a key that a condition chooses is unknown where one of them is of AWS', () => {
  expect(encryption('AWS::RDS::DBInstance', (stack) => ({ KmsKeyId: Fn.conditionIf(new CfnCondition(stack, 'IsProd').logicalId, KEY, 'alias/aws/rds') }))).toBe('unknown');
});
