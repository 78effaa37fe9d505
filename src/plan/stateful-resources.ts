import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ResourceType } from '../objectives';
import { isSupportStack } from '../private/region-stack';

/**
 * What AWS Backup backs up, by the type that CloudFormation knows.
 */
interface Backupable {
  readonly type: ResourceType;
  readonly arn: (resource: CfnResource) => string;
}

const attribute = (name: string) => (resource: CfnResource) => Token.asString(resource.getAtt(name));
const formatted = (service: string, resourceName: string, separator: '/' | ':' = '/') => (resource: CfnResource) =>
  Stack.of(resource).formatArn({ service, resource: `${resourceName}${separator}${resource.ref}` });

const BACKUPABLE: Record<string, Backupable> = {
  'AWS::DSQL::Cluster': { type: ResourceType.DSQL, arn: attribute('ResourceArn') },
  'AWS::DocDB::DBCluster': { type: ResourceType.DOCUMENTDB, arn: formatted('rds', 'cluster', ':') },
  'AWS::DynamoDB::GlobalTable': { type: ResourceType.DYNAMODB, arn: attribute('Arn') },
  'AWS::DynamoDB::Table': { type: ResourceType.DYNAMODB, arn: attribute('Arn') },
  'AWS::EC2::Instance': { type: ResourceType.EC2, arn: formatted('ec2', 'instance') },
  'AWS::EC2::Volume': { type: ResourceType.EBS, arn: formatted('ec2', 'volume') },
  'AWS::EFS::FileSystem': { type: ResourceType.EFS, arn: attribute('Arn') },
  'AWS::EKS::Cluster': { type: ResourceType.EKS, arn: attribute('Arn') },
  'AWS::FSx::FileSystem': { type: ResourceType.FSX, arn: attribute('ResourceARN') },
  'AWS::FSx::Volume': { type: ResourceType.FSX_ONTAP, arn: attribute('ResourceARN') },
  'AWS::Neptune::DBCluster': { type: ResourceType.NEPTUNE, arn: formatted('rds', 'cluster', ':') },
  'AWS::RDS::DBCluster': { type: ResourceType.AURORA, arn: attribute('DBClusterArn') },
  'AWS::RDS::DBInstance': { type: ResourceType.RDS, arn: attribute('DBInstanceArn') },
  'AWS::Redshift::Cluster': { type: ResourceType.REDSHIFT, arn: formatted('redshift', 'cluster', ':') },
  'AWS::RedshiftServerless::Namespace': { type: ResourceType.REDSHIFT_SERVERLESS, arn: attribute('Namespace.NamespaceArn') },
  'AWS::S3::Bucket': { type: ResourceType.S3, arn: attribute('Arn') },
  'AWS::Timestream::Database': { type: ResourceType.TIMESTREAM, arn: attribute('Arn') },
};

/** Types that hold data or configuration which AWS Backup can't back up: leaving one out in silence would be a gap. */
const NOT_BACKUPABLE = new Set([
  'AWS::Cassandra::Table', 'AWS::Cognito::UserPool', 'AWS::ECR::Repository', 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache',
  'AWS::Elasticsearch::Domain', 'AWS::MemoryDB::Cluster', 'AWS::OpenSearchService::Domain', 'AWS::S3Express::DirectoryBucket', 'AWS::S3Tables::TableBucket',
]);

/** How an error speaks of ECS, wherever one meets it. */
export const ECS_ADVICE = "AWS Backup can't back up Amazon ECS: use 'EcsConfigBackup' for its configuration";

/**
 * A resource below a construct, as a target of a plan.
 */
export interface StatefulResource {
  readonly resource: CfnResource;
  readonly type: ResourceType;
  readonly arn: string;
}

/**
 * The resources that AWS Backup backs up, and what is wrong with the others, below a construct.
 */
export function statefulResourcesBelow(scope: IConstruct): { resources: StatefulResource[]; problems: string[] } {
  const resources: StatefulResource[] = [];
  const problems: string[] = [];
  for (const construct of scope.node.findAll()) {
    if (!CfnResource.isCfnResource(construct)) {
      continue;
    }
    const problem = problemOf(construct);
    const backupable = BACKUPABLE[construct.cfnResourceType];
    if ((!problem && !backupable) || isSupportStack(Stack.of(construct))) {
      continue; // what is in a support stack is a replica
    }
    if (problem) {
      problems.push(problem);
    } else if (!isPartOfCluster(construct)) {
      resources.push({ resource: construct, type: backupable.type, arn: backupable.arn(construct) });
    }
  }
  return { resources, problems };
}

/**
 * What is wrong with a resource as a target, if anything is.
 */
export function problemOf(resource: CfnResource): string | undefined {
  const { cfnResourceType } = resource;
  if (cfnResourceType.startsWith('AWS::ECS::')) {
    return `${ECS_ADVICE}, and name the other resources one by one, got ${cfnResourceType} '${resource.node.path}'`;
  }
  if (NOT_BACKUPABLE.has(cfnResourceType)) {
    return `AWS Backup can't back up ${cfnResourceType} '${resource.node.path}': protect it in another way, and name the other resources one by one`;
  }
  if (cfnResourceType === 'AWS::S3::Bucket' && !isVersioned(resource)) {
    return `AWS Backup backs up versioned buckets only: turn on versioning for '${resource.node.path}'`;
  }
  return undefined;
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

/** Properties of a resource of any type, by the names that the L1 construct has for them. */
function resolved<T>(resource: CfnResource, names: string[]): T {
  const properties = resource as unknown as Record<string, unknown>;
  const set = names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]] as const);
  return set.length === 0 ? {} as T : Stack.of(resource).resolve(Object.fromEntries(set));
}

/** A member of a cluster is backed up with it. */
function isPartOfCluster(resource: CfnResource): boolean {
  return (resource as { dbClusterIdentifier?: string }).dbClusterIdentifier !== undefined;
}
