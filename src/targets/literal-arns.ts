import { Stack, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { arnPatternOf } from './stateful-resources';
import type { TemplateProperties } from './template-properties';
import { UNKNOWN } from './template-properties';
import { Environment } from '../private/environment';

interface Named {
  readonly names: string[];
  /** The ARN after the partition. */
  readonly arn: (place: string, ...names: string[]) => string;
}

const rds = (kind: string, name: string): Named => ({ names: [name], arn: (place, id) => `rds:${place}:${kind}:${id.toLowerCase()}` });

/** The resources whose ARN consists of their name. */
const NAMED: Record<string, Named> = {
  'AWS::DocDB::DBCluster': rds('cluster', 'DBClusterIdentifier'),
  'AWS::DynamoDB::GlobalTable': { names: ['TableName'], arn: (place, name) => `dynamodb:${place}:table/${name}` },
  'AWS::DynamoDB::Table': { names: ['TableName'], arn: (place, name) => `dynamodb:${place}:table/${name}` },
  'AWS::EKS::Cluster': { names: ['Name'], arn: (place, name) => `eks:${place}:cluster/${name}` },
  'AWS::Neptune::DBCluster': rds('cluster', 'DBClusterIdentifier'),
  'AWS::RDS::DBCluster': rds('cluster', 'DBClusterIdentifier'),
  'AWS::RDS::DBInstance': rds('db', 'DBInstanceIdentifier'),
  'AWS::Redshift::Cluster': { names: ['ClusterIdentifier'], arn: (place, name) => `redshift:${place}:cluster:${name.toLowerCase()}` },
  'AWS::S3::Bucket': { names: ['BucketName'], arn: (_, name) => `s3:::${name}` },
  'AWS::Timestream::Table': { names: ['DatabaseName', 'TableName'], arn: (place, database, table) => `timestream:${place}:database/${database}/table/${table}` },
};

/**
 * The ARN of a resource without a reference to it, if the template specifies its name. Then the stack of the resource exports
 * nothing. An export in use can be neither removed nor changed.
 *
 * @param scope The construct that uses the ARN, in the account and region of the resource
 */
export function literalArnOf(scope: IConstruct, resource: CfnResource, properties: TemplateProperties): string | undefined {
  const named = NAMED[resource.cfnResourceType];
  const names = named?.names.map((name) => properties.text(name));
  if (!names || names.some((name) => name === undefined || name === UNKNOWN || Token.isUnresolved(name))) {
    return undefined;
  }
  const own = Stack.of(resource);
  const home = Environment.of(scope);
  const environment = new Environment(
    Token.isUnresolved(own.account) ? home.account : own.account, Token.isUnresolved(own.region) ? home.region : own.region);
  return `arn:${environment.partitionIn(scope)}:${named.arn(`${environment.region}:${environment.account}`, ...names as string[])}`;
}

/**
 * Whether an ARN, which can have wildcards, is that of a resource: `undefined` if this is known only at deployment.
 *
 * @param scope The construct that uses the ARN, in the account and region of the resource
 */
export function matchesResource(scope: IConstruct, arn: string, resource: CfnResource, properties: TemplateProperties): boolean | undefined {
  if (arn === '*') {
    return true;
  }
  if (Token.isUnresolved(arn)) {
    return undefined;
  }
  const literal = literalArnOf(scope, resource, properties);
  if (literal !== undefined) {
    return matchesText(arn, literal);
  }
  const pattern = arnPatternOf(resource.cfnResourceType)?.arnPattern;
  if (pattern === undefined) {
    return undefined;
  }
  const all = `arn:${Environment.of(scope).partitionIn(scope)}:${pattern}`;
  const isOfService = arn.split(':')[2] === all.split(':')[2] || arn.split(':')[2]?.includes('*');
  return arn === all ? true : isOfService ? undefined : false;
}

/** Whether a text matches a pattern, in which `*` matches any characters. */
export function matchesText(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')}$`).test(text);
}
