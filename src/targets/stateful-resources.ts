import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Candidate } from './candidate';
import { ResourceType } from '../objectives/resource-type';
import { isSupportStack } from '../private/region-stack';

/**
 * What AWS Backup backs up, by the type that CloudFormation knows.
 */
interface Backupable {
  /** The type, or nothing for a resource that is backed up with another one. */
  readonly typeOf: (resource: CfnResource) => ResourceType | undefined;
  readonly arn: (resource: CfnResource) => string;
}

const attribute = (name: string) => (resource: CfnResource) => Token.asString(resource.getAtt(name));
const formatted = (service: string, resourceName: string, separator: '/' | ':' = '/') => (resource: CfnResource) =>
  Stack.of(resource).formatArn({ service, resource: `${resourceName}${separator}${resource.ref}` });
const always = (type: ResourceType) => () => type;

const BACKUPABLE: Record<string, Backupable> = {
  'AWS::DSQL::Cluster': { typeOf: always(ResourceType.DSQL), arn: attribute('ResourceArn') },
  'AWS::DocDB::DBCluster': { typeOf: always(ResourceType.DOCUMENTDB), arn: formatted('rds', 'cluster', ':') },
  'AWS::DynamoDB::GlobalTable': { typeOf: always(ResourceType.DYNAMODB), arn: attribute('Arn') },
  'AWS::DynamoDB::Table': { typeOf: always(ResourceType.DYNAMODB), arn: attribute('Arn') },
  'AWS::EC2::Instance': { typeOf: always(ResourceType.EC2), arn: formatted('ec2', 'instance') },
  'AWS::EC2::Volume': { typeOf: always(ResourceType.EBS), arn: formatted('ec2', 'volume') },
  'AWS::EFS::FileSystem': { typeOf: always(ResourceType.EFS), arn: attribute('Arn') },
  'AWS::EKS::Cluster': { typeOf: always(ResourceType.EKS), arn: attribute('Arn') },
  // The volumes of an ONTAP file system are backed up, not the file system.
  'AWS::FSx::FileSystem': { typeOf: (resource) => textOf(resource, 'fileSystemType') === 'ONTAP' ? undefined : ResourceType.FSX, arn: attribute('ResourceARN') },
  'AWS::FSx::Volume': { typeOf: (resource) => textOf(resource, 'volumeType') === 'OPENZFS' ? ResourceType.FSX : ResourceType.FSX_ONTAP, arn: attribute('ResourceARN') },
  'AWS::Neptune::DBCluster': { typeOf: always(ResourceType.NEPTUNE), arn: formatted('rds', 'cluster', ':') },
  'AWS::RDS::DBCluster': { typeOf: clusterTypeOf, arn: attribute('DBClusterArn') },
  // A member of a cluster is backed up with it.
  'AWS::RDS::DBInstance': { typeOf: (resource) => textOf(resource, 'dbClusterIdentifier') === undefined ? ResourceType.RDS : undefined, arn: attribute('DBInstanceArn') },
  'AWS::Redshift::Cluster': { typeOf: always(ResourceType.REDSHIFT), arn: formatted('redshift', 'cluster', ':') },
  'AWS::RedshiftServerless::Namespace': { typeOf: always(ResourceType.REDSHIFT_SERVERLESS), arn: attribute('Namespace.NamespaceArn') },
  'AWS::S3::Bucket': { typeOf: always(ResourceType.S3), arn: attribute('Arn') },
  'AWS::Timestream::Table': { typeOf: always(ResourceType.TIMESTREAM), arn: attribute('Arn') },
  'Custom::AWSCDK-EKS-Cluster': { typeOf: always(ResourceType.EKS), arn: attribute('Arn') },
};

/** Types that hold data or configuration which AWS Backup can't back up: leaving one out in silence would be a gap. */
const NOT_BACKUPABLE = new Set([
  'AWS::AmazonMQ::Broker', 'AWS::Cassandra::Table', 'AWS::CodeCommit::Repository', 'AWS::Cognito::UserPool', 'AWS::DocDBElastic::Cluster',
  'AWS::ECR::Repository', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache',
  'AWS::Elasticsearch::Domain', 'AWS::Kinesis::Stream', 'AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster', 'AWS::MemoryDB::Cluster',
  'AWS::NeptuneGraph::Graph', 'AWS::OpenSearchServerless::Collection', 'AWS::OpenSearchService::Domain', 'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::TableBucket', 'AWS::SecretsManager::Secret', 'AWS::Timestream::InfluxDBInstance',
]);

/** How an error speaks of ECS, wherever one meets it. */
export const ECS_ADVICE = "AWS Backup can't back up Amazon ECS: 'EcsConfigBackup', of a later release, is for its configuration";

/**
 * The resources that hold something, below a construct.
 */
export function statefulResourcesBelow(scope: IConstruct): Candidate[] {
  return scope.node.findAll().flatMap((construct) => CfnResource.isCfnResource(construct) ? candidateOf(construct) ?? [] : []);
}

/**
 * A resource as a target, or `undefined` where there is nothing in it to back up.
 */
export function candidateOf(resource: CfnResource): Candidate | undefined {
  const { cfnResourceType } = resource;
  const backupable = BACKUPABLE[cfnResourceType];
  const isEcs = cfnResourceType.startsWith('AWS::ECS::');
  if ((!backupable && !isEcs && !NOT_BACKUPABLE.has(cfnResourceType)) || isSupportStack(Stack.of(resource))) {
    return undefined; // what is in a support stack is a replica
  }
  const leaveOut = () => `leave it out with 'excludeResources', got ${cfnResourceType} '${resource.node.path}'`;
  if (isEcs) {
    return { resource, problem: `${ECS_ADVICE}; ${leaveOut()}` };
  }
  if (!backupable) {
    return { resource, problem: `AWS Backup can't back up ${cfnResourceType}: protect it in another way and ${leaveOut()}` };
  }
  const type = backupable.typeOf(resource);
  if (!type) {
    return undefined;
  }
  const isUnversioned = type === ResourceType.S3 && !isVersioned(resource);
  const problem = isUnversioned ? `AWS Backup backs up versioned buckets only: turn on versioning for '${resource.node.path}', or leave it out` : undefined;
  return { resource, type, problem, arn: arnOf(resource, backupable) };
}

const arns = new WeakMap<CfnResource, string>();

/** A selection asks often, and each token that is made is kept for good. */
function arnOf(resource: CfnResource, { arn }: Backupable): string {
  const known = arns.get(resource) ?? arn(resource);
  arns.set(resource, known);
  return known;
}

/** Multi-AZ DB clusters have the engines of Amazon RDS, Aurora clusters those of their own. */
function clusterTypeOf(cluster: CfnResource): ResourceType {
  return ['mysql', 'postgres'].includes(textOf(cluster, 'engine') ?? '') ? ResourceType.RDS_MULTI_AZ_CLUSTER : ResourceType.AURORA;
}

/** Whether the table has point-in-time recovery, as far as the template says. */
export function hasPointInTimeRecovery(resource: CfnResource): boolean {
  const { region } = Stack.of(resource);
  const { replicas, ...table } = resolved<Table & { readonly replicas?: (Table & { readonly region: string })[] }>(resource,
    ['pointInTimeRecoverySpecification', 'replicas']);
  const own = replicas?.find((replica) => replica.region === region) ?? table;
  return own.pointInTimeRecoverySpecification?.pointInTimeRecoveryEnabled === true;
}

interface Table {
  readonly pointInTimeRecoverySpecification?: { readonly pointInTimeRecoveryEnabled?: boolean };
}

function isVersioned(bucket: CfnResource): boolean {
  return resolved<{ versioningConfiguration?: { status?: string } }>(bucket, ['versioningConfiguration']).versioningConfiguration?.status === 'Enabled';
}

/**
 * With which key a resource is encrypted, as far as the template says: one of the customer's, one of AWS's, or none.
 */
export function encryptionOf(resource: CfnResource): 'customer' | 'aws' | 'none' | undefined {
  const names = ENCRYPTED[resource.cfnResourceType];
  if (!names) {
    return undefined;
  }
  const { kmsKeyId, ...rest } = resolved<Record<string, unknown>>(resource, ['kmsKeyId', ...names]);
  if (kmsKeyId !== undefined) {
    return 'customer';
  }
  return names.length === 0 || names.some((name) => rest[name] === true) ? 'aws' : 'none';
}

/** What says that a resource is encrypted; one of no such property always is. */
const ENCRYPTED: Record<string, string[]> = {
  'AWS::DocDB::DBCluster': ['storageEncrypted'],
  'AWS::EC2::Volume': ['encrypted'],
  'AWS::FSx::FileSystem': [],
  'AWS::Neptune::DBCluster': ['storageEncrypted'],
  'AWS::RDS::DBCluster': ['storageEncrypted'],
  'AWS::RDS::DBInstance': ['storageEncrypted'],
};

function textOf(resource: CfnResource, name: string): string | undefined {
  const value = (resource as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Properties of a resource of any type, by the names that the L1 construct has for them. */
function resolved<T>(resource: CfnResource, names: string[]): T {
  const properties = resource as unknown as Record<string, unknown>;
  const set = names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]] as const);
  return set.length === 0 ? {} as T : Stack.of(resource).resolve(Object.fromEntries(set));
}
