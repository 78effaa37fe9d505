import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Candidate } from './candidate';
import { CONFIGURATION_CHECKS } from './configuration-checks';
import { referredWith } from './referred-resources';
import { TemplateProperties, UNKNOWN } from './template-properties';
import { ResourceType } from '../objectives/resource-type';
import { isSupportStack } from '../private/region-stack';

/**
 * Resources that AWS Backup backs up, by their CloudFormation type.
 */
interface Backupable {
  /** The type, or undefined for a resource that is backed up with another one. */
  readonly typeOf: (properties: TemplateProperties) => ResourceType | undefined;
  readonly arn: (resource: CfnResource) => string;
  /** The ARN pattern of all resources of the type, if it differs from that of their resource type. */
  readonly arnPattern?: string;
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
  'AWS::FSx::FileSystem': {
    typeOf: (properties) => properties.text('FileSystemType') === 'ONTAP' ? undefined : ResourceType.FSX,
    arn: attribute('ResourceARN'),
    arnPattern: ResourceType.FSX.capabilities.arnPattern,
  },
  'AWS::FSx::Volume': {
    typeOf: (properties) => properties.text('VolumeType') === 'OPENZFS' ? ResourceType.FSX : ResourceType.FSX_ONTAP,
    arn: attribute('ResourceARN'),
    arnPattern: ResourceType.FSX_ONTAP.capabilities.arnPattern,
  },
  'AWS::Neptune::DBCluster': { typeOf: always(ResourceType.NEPTUNE), arn: formatted('rds', 'cluster', ':') },
  'AWS::RDS::DBCluster': { typeOf: clusterTypeOf, arn: attribute('DBClusterArn'), arnPattern: ResourceType.AURORA.capabilities.arnPattern },
  // A member of a cluster is backed up with it.
  'AWS::RDS::DBInstance': {
    typeOf: (properties) => properties.get('DBClusterIdentifier') === undefined ? ResourceType.RDS : undefined,
    arn: attribute('DBInstanceArn'),
    arnPattern: ResourceType.RDS.capabilities.arnPattern,
  },
  'AWS::Redshift::Cluster': { typeOf: always(ResourceType.REDSHIFT), arn: formatted('redshift', 'cluster', ':') },
  'AWS::RedshiftServerless::Namespace': { typeOf: always(ResourceType.REDSHIFT_SERVERLESS), arn: attribute('Namespace.NamespaceArn') },
  'AWS::S3::Bucket': { typeOf: always(ResourceType.S3), arn: attribute('Arn') },
  'AWS::Timestream::Table': { typeOf: always(ResourceType.TIMESTREAM), arn: attribute('Arn') },
  'Custom::AWSCDK-EKS-Cluster': { typeOf: always(ResourceType.EKS), arn: attribute('Arn') },
};

/** Types with data or configuration that AWS Backup can't back up: ignoring one silently would leave a gap. */
const NOT_BACKUPABLE = new Set([
  'AWS::AmazonMQ::Broker', 'AWS::Cassandra::Table', 'AWS::CodeCommit::Repository', 'AWS::Cognito::UserPool', 'AWS::DocDBElastic::Cluster',
  'AWS::ECR::Repository', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache',
  'AWS::Elasticsearch::Domain', 'AWS::Kinesis::Stream', 'AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster', 'AWS::MemoryDB::Cluster',
  'AWS::NeptuneGraph::Graph', 'AWS::OpenSearchServerless::Collection', 'AWS::OpenSearchService::Domain', 'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::TableBucket', 'AWS::SecretsManager::Secret', 'AWS::Timestream::InfluxDBInstance',
]);

/** Text of errors about Amazon ECS. */
export const ECS_ADVICE = "AWS Backup can't back up Amazon ECS: use EcsConfigBackup, which captures its configuration";

/**
 * The stateful resources below a construct. The secret of a database is not included: its password is in the database.
 */
export function statefulResourcesBelow(scope: IConstruct): Candidate[] {
  return statefulOf(scope.node.findAll().flatMap((construct) => CfnResource.isCfnResource(construct) ? candidateOf(construct) ?? [] : []));
}

/** Those that are not the secret of a database. */
export function statefulOf(candidates: Candidate[]): Candidate[] {
  const secrets = candidates.filter(({ resource }) => resource!.cfnResourceType === 'AWS::SecretsManager::Secret');
  const stacks = new Set(secrets.map(({ resource }) => Stack.of(resource!)));
  const attached = new Set([...stacks].flatMap((stack) => [...referredWith(stack, 'AWS::SecretsManager::SecretTargetAttachment', 'SecretId')]));
  return attached.size === 0 ? candidates : candidates.filter(({ resource }) => !attached.has(resource!));
}

/**
 * A resource as a target, or `undefined` if there is nothing to back up in it.
 */
export function candidateOf(resource: CfnResource): Candidate | undefined {
  const { cfnResourceType } = resource;
  const backupable = BACKUPABLE[cfnResourceType];
  const isEcs = cfnResourceType.startsWith('AWS::ECS::');
  if ((!backupable && !isEcs && !NOT_BACKUPABLE.has(cfnResourceType)) || isSupportStack(Stack.of(resource))) {
    return undefined; // resources in a support stack are replicas
  }
  const leaveOut = () => `exclude it with 'excludeResources' or 'excludeTypes', got ${cfnResourceType} '${resource.node.path}'`;
  if (isEcs) {
    return { resource, problem: `${ECS_ADVICE}; ${leaveOut()}` };
  }
  if (!backupable) {
    return { resource, problem: `AWS Backup can't back up ${cfnResourceType}: protect it in another way and ${leaveOut()}` };
  }
  const properties = new TemplateProperties(resource);
  const type = backupable.typeOf(properties);
  return type && { resource, type, properties, arn: arnOf(resource, backupable), ...CONFIGURATION_CHECKS[cfnResourceType]?.(properties, resource) };
}

/** Whether targets support a CloudFormation type. */
export function isStateful(cfnResourceType: string): boolean {
  return cfnResourceType in BACKUPABLE || NOT_BACKUPABLE.has(cfnResourceType) || cfnResourceType.startsWith('AWS::ECS::');
}

/** The ARN pattern of a CloudFormation type, and the types that share it. */
export function arnPatternOf(cfnResourceType: string): { readonly arnPattern: string; readonly sharedWith: string[] } | undefined {
  const arnPattern = patternOf(cfnResourceType);
  return arnPattern === undefined ? undefined : {
    arnPattern,
    sharedWith: Object.keys(BACKUPABLE).filter((other) => other.startsWith('AWS::') && other !== cfnResourceType && patternOf(other) === arnPattern),
  };
}

/**
 * The ARN patterns of all that AWS Backup knows by the name of a type; nothing where some of it has none. Multi-AZ DB clusters of Amazon RDS have
 * that of other clusters.
 */
export function arnPatternsOf({ resourceTypeName }: ResourceType): string[] | undefined {
  const patterns = ResourceType.all().filter((type) => type.resourceTypeName === resourceTypeName)
    .map((type) => type === ResourceType.RDS_MULTI_AZ_CLUSTER ? patternOf('AWS::RDS::DBCluster') : type.capabilities.arnPattern);
  return patterns.every((pattern) => pattern !== undefined) ? patterns : undefined;
}

function patternOf(cfnResourceType: string): string | undefined {
  const backupable = BACKUPABLE[cfnResourceType];
  return backupable && (backupable.arnPattern ?? (backupable.typeOf as () => ResourceType)().capabilities.arnPattern);
}

const arns = new WeakMap<CfnResource, string>();

/** Cached, because a selection calls it often, and each created token stays in memory. */
function arnOf(resource: CfnResource, { arn }: Backupable): string {
  const known = arns.get(resource) ?? arn(resource);
  arns.set(resource, known);
  return known;
}

/** Multi-AZ DB clusters have the engines of Amazon RDS, Aurora clusters their own ones. */
function clusterTypeOf(properties: TemplateProperties): ResourceType {
  const engine = properties.text('Engine');
  return engine === 'mysql' || engine === 'postgres' ? ResourceType.RDS_MULTI_AZ_CLUSTER : ResourceType.AURORA;
}

/** Whether the table has point-in-time recovery: `undefined` if it is known only at deployment. */
export function hasPointInTimeRecovery(resource: CfnResource): boolean | undefined {
  if (!resource.cfnResourceType.startsWith('AWS::DynamoDB::')) {
    return false;
  }
  const properties = new TemplateProperties(resource);
  const replicas = resource.cfnResourceType === 'AWS::DynamoDB::GlobalTable' ? properties.get('Replicas') : [];
  const regions = Array.isArray(replicas) ? replicas.map((_, index) => properties.text('Replicas', String(index), 'Region')) : [];
  const own = regions.indexOf(Stack.of(resource).region);
  const path = own < 0 ? [] : ['Replicas', String(own)];
  const enabled = properties.flag(...path, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled');
  return enabled === UNKNOWN || replicas === UNKNOWN || (own < 0 && regions.includes(UNKNOWN)) ? undefined : enabled === true;
}
