import { ResourceType } from '../../src/objectives/resource-type';
import type { ResourceTypeCapabilities } from '../../src/objectives/resource-type';

const name = (type: ResourceType) => type.resourceTypeName;
const typesWith = (capability: keyof ResourceTypeCapabilities) => ResourceType.all().filter((type) => type.capabilities[capability]).map(name).sort();

test('the types are those that AWS Backup supports, under the names of its API', () => {
  expect([...new Set(ResourceType.all().map(name))].sort()).toEqual([
    'Aurora',
    'CloudFormation',
    'DSQL',
    'DocumentDB',
    'DynamoDB',
    'EBS',
    'EC2',
    'EFS',
    'EKS',
    'FSx',
    'Neptune',
    'RDS',
    'Redshift',
    'Redshift Serverless',
    'S3',
    'SAP HANA on Amazon EC2',
    'Storage Gateway',
    'Timestream',
    'VirtualMachine',
  ]);
});

test('Amazon ECS is none of them', () => {
  expect(ResourceType.all().filter((type) => /ecs/i.test(`${type} ${type.capabilities.arnPattern}`))).toEqual([]);
});

test('the types with cold storage are those of the developer guide', () => {
  expect(typesWith('coldStorage')).toEqual([
    'CloudFormation', 'DSQL', 'DynamoDB', 'EFS', 'SAP HANA on Amazon EC2', 'Timestream', 'VirtualMachine',
  ]);
});

test('AWS Backup makes continuous backups of four types, and not of DynamoDB', () => {
  expect(typesWith('continuousBackup')).toEqual(['Aurora', 'RDS', 'S3', 'SAP HANA on Amazon EC2']);
});

test('restore testing knows the types that its API lists', () => {
  expect([...new Set(typesWith('restoreTesting'))]).toEqual([
    'Aurora', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'Neptune', 'RDS', 'S3',
  ]);
});

const copied = ['crossAccountCopy', 'crossRegionCopy'];

test.each([
  ['DocumentDB', ResourceType.DOCUMENTDB, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['DSQL', ResourceType.DSQL, ['coldStorage', ...copied, 'fullManagement', 'logicallyAirGappedVault']],
  ['DynamoDB', ResourceType.DYNAMODB, ['coldStorage', ...copied, 'fullManagement', 'logicallyAirGappedVault', 'restoreTesting']],
  ['S3', ResourceType.S3, ['continuousBackup', ...copied, 'fullManagement', 'logicallyAirGappedVault', 'restoreTesting']],
  ['EBS', ResourceType.EBS, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['EC2', ResourceType.EC2, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['EFS', ResourceType.EFS, ['coldStorage', ...copied, 'fullManagement', 'logicallyAirGappedVault', 'restoreTesting']],
  ['RDS', ResourceType.RDS, ['continuousBackup', ...copied, 'restoreTesting']],
  ['Aurora', ResourceType.AURORA, ['continuousBackup', ...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['EKS', ResourceType.EKS, [...copied, 'fullManagement', 'logicallyAirGappedVault']],
  ['CloudFormation', ResourceType.CLOUDFORMATION, ['coldStorage', 'crossRegionCopy', 'fullManagement']],
  ['FSx', ResourceType.FSX, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['Neptune', ResourceType.NEPTUNE, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['SAP HANA', ResourceType.SAP_HANA, ['coldStorage', 'continuousBackup', ...copied, 'fullManagement']],
  ['Storage Gateway', ResourceType.STORAGE_GATEWAY, [...copied, 'logicallyAirGappedVault']],
  ['Timestream', ResourceType.TIMESTREAM, ['coldStorage', ...copied, 'fullManagement', 'logicallyAirGappedVault']],
  ['virtual machines', ResourceType.VIRTUAL_MACHINE, ['coldStorage', ...copied, 'fullManagement', 'logicallyAirGappedVault']],
  ['Multi-AZ DB clusters', ResourceType.RDS_MULTI_AZ_CLUSTER, ['restoreTesting']],
  ['FSx for ONTAP', ResourceType.FSX_ONTAP, [...copied, 'logicallyAirGappedVault', 'restoreTesting']],
  ['Redshift', ResourceType.REDSHIFT, []],
  ['Redshift Serverless', ResourceType.REDSHIFT_SERVERLESS, []],
])('AWS Backup can do with %s what its feature table says', (_, type, capabilities) => {
  expect(Object.entries(type.capabilities).filter(([, value]) => value === true).map(([key]) => key).sort()).toEqual(capabilities);
});

test.each([
  [ResourceType.AURORA, 'rds:*:*:cluster:*'],
  [ResourceType.CLOUDFORMATION, 'cloudformation:*:*:stack/*'],
  [ResourceType.DOCUMENTDB, 'rds:*:*:cluster:*'],
  [ResourceType.DSQL, 'dsql:*:*:cluster/*'],
  [ResourceType.DYNAMODB, 'dynamodb:*:*:table/*'],
  [ResourceType.EBS, 'ec2:*:*:volume/*'],
  [ResourceType.EC2, 'ec2:*:*:instance/*'],
  [ResourceType.EFS, 'elasticfilesystem:*:*:file-system/*'],
  [ResourceType.EKS, 'eks:*:*:cluster/*'],
  [ResourceType.FSX, 'fsx:*:*:file-system/*'],
  [ResourceType.FSX_ONTAP, 'fsx:*:*:volume/*'],
  [ResourceType.NEPTUNE, 'rds:*:*:cluster:*'],
  [ResourceType.RDS, 'rds:*:*:db:*'],
  [ResourceType.REDSHIFT, 'redshift:*:*:cluster:*'],
  [ResourceType.REDSHIFT_SERVERLESS, 'redshift-serverless:*:*:namespace/*'],
  [ResourceType.S3, 's3:::*'],
  [ResourceType.SAP_HANA, 'ssm-sap:*:*:HANA/*'],
  [ResourceType.STORAGE_GATEWAY, 'storagegateway:*:*:gateway/*'],
  [ResourceType.TIMESTREAM, 'timestream:*:*:database/*'],
  [ResourceType.VIRTUAL_MACHINE, 'backup-gateway:*:*:vm/*'],
])('the ARNs of %s are those of the developer guide', (type, arnPattern) => {
  expect(type.capabilities.arnPattern).toBe(arnPattern);
});

test('every type that the class names is among all of them, once', () => {
  expect(ResourceType.all()).toHaveLength(21);
  expect(new Set(ResourceType.all()).size).toBe(21);
});

test('a type that the library does not know can do what its maker says', () => {
  const type = ResourceType.of('Ledger', { arnPattern: 'qldb:*:*:ledger/*', crossRegionCopy: true });

  expect(type.resourceTypeName).toBe('Ledger');
  expect(type.toString()).toBe('Ledger');
  expect(type.capabilities).toEqual({ arnPattern: 'qldb:*:*:ledger/*', crossRegionCopy: true });
});
