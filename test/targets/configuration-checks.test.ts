import { App, CfnParameter, CfnResource } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { Setup } from '../plan/setup';

function select(type: string, properties: object, setup = new Setup()): { setup: Setup; problems: string[] } {
  setup.selecting([BackupTarget.fromConstruct(new CfnResource(setup.stack, 'Data', { type, properties: { ...properties } }))]);
  return { setup, problems: setup.problems() };
}

function reasons({ app }: Setup): string[] {
  return Registry.of(app).all(UNCHECKED).map(({ reason }) => reason);
}

const LUSTRE = "selection 'Selection': AWS Backup backs up only persistent FSx for Lustre file systems that are not linked to a data repository: ";

test.each([
  ['SCRATCH_1', { DeploymentType: 'SCRATCH_1' }],
  ['SCRATCH_2', { DeploymentType: 'SCRATCH_2' }],
  ['SCRATCH_1', {}],
])('refuses a file system of FSx for Lustre for scratch data: %s from %j', (type, LustreConfiguration) => {
  expect(select('AWS::FSx::FileSystem', { FileSystemType: 'LUSTRE', LustreConfiguration }).problems)
    .toEqual([`${LUSTRE}set a persistent 'deploymentType' (deployment_type) for 'Backup/Data' or exclude it, got ${type}`]);
});

test.each(['ImportPath', 'ExportPath'])('refuses a file system of FSx for Lustre that is linked to Amazon S3 by its %s', (name) => {
  expect(select('AWS::FSx::FileSystem', { FileSystemType: 'LUSTRE', LustreConfiguration: { DeploymentType: 'PERSISTENT_1', [name]: 's3://data' } }).problems)
    .toEqual([`${LUSTRE}exclude 'Backup/Data', whose data is in the linked data repository`]);
});

test('refuses a file system of FSx for Lustre with a data repository association', () => {
  const setup = new Setup();
  const fileSystem = new fsx.CfnFileSystem(setup.stack, 'Data', {
    fileSystemType: 'LUSTRE', subnetIds: ['subnet-1'], lustreConfiguration: { deploymentType: 'PERSISTENT_2' },
  });
  new fsx.CfnDataRepositoryAssociation(setup.stack, 'Link', { fileSystemId: fileSystem.ref, fileSystemPath: '/', dataRepositoryPath: 's3://data' });
  setup.selecting([BackupTarget.fromConstruct(fileSystem)]);

  expect(setup.problems()).toEqual([`${LUSTRE}exclude 'Backup/Data', whose data is in the linked data repository`]);
});

test.each([
  ['AWS::FSx::FileSystem', { FileSystemType: 'LUSTRE', LustreConfiguration: { DeploymentType: 'PERSISTENT_2' } }],
  ['AWS::FSx::FileSystem', { FileSystemType: 'LUSTRE', BackupId: 'backup-1' }],
  ['AWS::FSx::FileSystem', { FileSystemType: 'WINDOWS' }],
  ['AWS::EKS::Cluster', { AccessConfig: { AuthenticationMode: 'API' } }],
  ['Custom::AWSCDK-EKS-Cluster', { Config: { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } } }],
  ['AWS::RDS::DBInstance', { Engine: 'custom-sqlserver-se' }],
  ['AWS::RDS::DBInstance', { Engine: 'postgres', BackupTarget: 'region' }],
])('%s with %j is backed up', (type, properties) => {
  const { setup, problems } = select(type, properties);

  expect(problems).toEqual([]);
  Annotations.fromStack(setup.stack).hasNoWarning('*', Match.anyValue());
});

const ADVICE = "set its authentication mode to 'API_AND_CONFIG_MAP' or 'API'";

test.each([
  ['AWS::EKS::Cluster', { AccessConfig: { AuthenticationMode: 'CONFIG_MAP' } }],
  ['Custom::AWSCDK-EKS-Cluster', { Config: { accessConfig: { authenticationMode: 'CONFIG_MAP' } } }],
])('refuses an EKS cluster without access entries: %s', (type, properties) => {
  expect(select(type, properties).problems)
    .toEqual([`selection 'Selection': AWS Backup requires an access entry in EKS cluster 'Backup/Data', and its authentication mode CONFIG_MAP does not support them: ${ADVICE}, or exclude it`]);
});

test('warns of an EKS cluster whose template leaves the authentication mode to Amazon EKS', () => {
  const { setup, problems } = select('AWS::EKS::Cluster', {});

  expect(problems).toEqual([]);
  Annotations.fromStack(setup.stack).hasWarning('/Backup/Plan', Match.stringLikeRegexp("EKS cluster 'Backup/Data' has no authentication mode.*'CONFIG_MAP'"));
});

test.each([
  ['AWS::EKS::Cluster', { OutpostConfig: { OutpostArns: ['arn'] }, AccessConfig: { AuthenticationMode: 'API' } }, 'AWS Backup does not back up EKS clusters on AWS Outposts'],
  ['AWS::RDS::DBInstance', { Engine: 'custom-oracle-ee' }, 'AWS Backup does not back up RDS Custom for Oracle'],
  ['AWS::RDS::DBInstance', { Engine: 'postgres', BackupTarget: 'outposts' }, "AWS Backup backs up only RDS instances whose 'backupTarget' (backup_target) is 'region'"],
])('refuses what AWS Backup does not support: %s with %j', (type, properties, problem) => {
  const { problems } = select(type, properties);

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test.each([
  ['AWS::S3::Bucket', (value: string) => ({ VersioningConfiguration: { Status: value } }), "whether bucket 'Backup/Data' is versioned"],
  ['AWS::EKS::Cluster', (value: string) => ({ AccessConfig: { AuthenticationMode: value } }), "whether the authentication mode of EKS cluster 'Backup/Data' supports access entries"],
  ['AWS::FSx::FileSystem', (value: string) => ({ FileSystemType: 'LUSTRE', LustreConfiguration: { DeploymentType: value } }), "whether 'Backup/Data' is persistent"],
])('what a parameter decides of %s is not checked', (type, properties, reason) => {
  const setup = new Setup();
  const { problems } = select(type, properties(new CfnParameter(setup.stack, 'Parameter').valueAsString), setup);

  expect(problems).toEqual([]);
  expect(reasons(setup)).toEqual(expect.arrayContaining([expect.stringContaining(reason)]));
});

test('a bucket that an override versions is backed up, and one that an override suspends is refused', () => {
  const setup = new Setup();
  const [versioned, suspended] = [new s3.Bucket(setup.stack, 'Versioned'), new s3.Bucket(setup.stack, 'Suspended', { versioned: true })];
  (versioned.node.defaultChild as s3.CfnBucket).addPropertyOverride('VersioningConfiguration', { Status: 'Enabled' });
  (suspended.node.defaultChild as s3.CfnBucket).addPropertyOverride('VersioningConfiguration.Status', 'Suspended');
  setup.selecting([BackupTarget.fromS3Bucket(versioned), BackupTarget.fromConstruct(suspended)]);

  expect(setup.problems())
    .toEqual(["selection 'Selection': AWS Backup backs up only versioned buckets: turn on versioning for 'Backup/Suspended/Resource', or exclude it"]);
});

test('an override of a later aspect counts', () => {
  const setup = new Setup();
  const bucket = new s3.CfnBucket(setup.stack, 'Late');
  const plan = setup.selecting([BackupTarget.fromConstruct(bucket)]);
  expect(plan.node.path).toBe('Backup/Plan');
  bucket.addPropertyOverride('VersioningConfiguration.Status', 'Enabled');

  expect(setup.problems()).toEqual([]);
});

test('a member of a cluster that an override made one is backed up with its cluster', () => {
  const setup = new Setup();
  const member = new rds.CfnDBInstance(setup.stack, 'Member', { engine: 'aurora-postgresql' });
  member.addPropertyOverride('DBClusterIdentifier', 'orders');
  new eks.CfnCluster(setup.stack, 'Cluster', {
    roleArn: 'arn:aws:iam::222222222222:role/eks', resourcesVpcConfig: { subnetIds: [] }, accessConfig: { authenticationMode: 'API' },
  });
  setup.selecting([BackupTarget.fromConstruct(setup.stack)]);

  expect(setup.problems()).toEqual([]);
  const [selection] = Object.values((new App(), setup.app.synth().getStackByName('Backup').template.Resources as Record<string, any>))
    .filter(({ Type }) => Type === 'AWS::Backup::BackupSelection');
  expect(selection.Properties.BackupSelection.Resources).toEqual([{ 'Fn::GetAtt': ['Cluster', 'Arn'] }]);
});
