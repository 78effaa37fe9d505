import { CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import type { ResourceEnvironment } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as efs from 'aws-cdk-lib/aws-efs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { Candidate } from './candidate';
import { literalArnOf } from './literal-arns';
import { candidateOf, ECS_ADVICE, statefulResourcesBelow } from './stateful-resources';
import { ResourceType } from '../objectives/resource-type';
import { Environment, partitionOf } from '../private/environment';
import { outermostStack } from '../private/region-stack';

/**
 * Resources that a plan backs up: a resource, all resources of a type, or every stateful resource below a construct.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 *
 * @example
 * declare const orders: dynamodb.ITable;
 * const resources = [BackupTarget.fromDynamoDbTable(orders)];
 */
export class BackupTarget {
  /**
   * A DynamoDB table.
   *
   * @param table The table, a `Table` or a `TableV2`
   */
  public static fromDynamoDbTable(table: dynamodb.ITable): BackupTarget {
    return BackupTarget.resource(table, ResourceType.DYNAMODB, () => table.tableArn);
  }

  /**
   * An S3 bucket.
   *
   * @param bucket The bucket; it must be versioned
   */
  public static fromS3Bucket(bucket: s3.IBucket): BackupTarget {
    return BackupTarget.resource(bucket, ResourceType.S3, () => bucket.bucketArn);
  }

  /**
   * An EFS file system.
   *
   * @param fileSystem The file system
   */
  public static fromEfsFileSystem(fileSystem: efs.IFileSystem): BackupTarget {
    return BackupTarget.resource(fileSystem, ResourceType.EFS, () => fileSystem.fileSystemArn);
  }

  /**
   * An RDS instance.
   *
   * @param instance The instance; a member of a cluster is backed up with its cluster
   */
  public static fromRdsInstance(instance: rds.IDatabaseInstance): BackupTarget {
    return BackupTarget.resource(instance, ResourceType.RDS, () => instance.instanceArn);
  }

  /**
   * An Aurora cluster, or a Multi-AZ DB cluster, which can't be copied.
   *
   * @param cluster The cluster, with its members
   */
  public static fromRdsCluster(cluster: rds.IDatabaseCluster): BackupTarget {
    return BackupTarget.resource(cluster, ResourceType.AURORA, () => cluster.clusterArn);
  }

  /**
   * An EC2 instance.
   *
   * @param instance The instance, with its volumes
   */
  public static fromEc2Instance(instance: ec2.IInstance): BackupTarget {
    return BackupTarget.resource(instance, ResourceType.EC2, () => Stack.of(instance).formatArn({
      service: 'ec2', resource: 'instance', resourceName: instance.instanceId, account: instance.env.account, region: instance.env.region,
    }));
  }

  /**
   * Every resource in the account and region of the plan that AWS Backup supports, including future ones.
   *
   * AWS Backup backs up the resource types that the account is opted in to: see `BackupRegionSettings`. Limit the selection with
   * `tags` or `tagFilters`, and exclude types with `excludeTypes`.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
   */
  public static everything(): BackupTarget {
    return new BackupTarget(() => [{ arn: '*' }]);
  }

  /**
   * A resource by its ARN, or several resources by an ARN that ends with `*`.
   *
   * @param arn An ARN of a resource type that AWS Backup supports, which does not include Amazon ECS
   */
  public static fromArn(arn: string): BackupTarget {
    return new BackupTarget((scope) => [Token.isUnresolved(arn) ? { arn } : candidateOfArn(scope, arn)]);
  }

  /**
   * All resources of a type in the account and region of the plan, including future ones.
   *
   * @param resourceType The type, which must have an ARN pattern
   */
  public static allOf(resourceType: ResourceType): BackupTarget {
    if (typeof (resourceType as ResourceType | undefined)?.capabilities !== 'object') { // untyped languages can pass undefined
      throw new Error(`BackupTarget.allOf must be given a ResourceType such as ResourceType.DYNAMODB, got ${String(resourceType)}`);
    }
    const { arnPattern } = resourceType.capabilities;
    return new BackupTarget((scope) => [{
      arn: `arn:${Environment.of(scope).partitionIn(scope)}:${arnPattern}`,
      type: resourceType,
      problem: arnPattern ? undefined : `resource type '${resourceType}' has no ARN pattern: specify its resources one by one`,
    }]);
  }

  /**
   * Every stateful resource below a construct, including those that are defined later.
   *
   * A stateful resource that AWS Backup can't back up is an error: exclude it with `excludeResources` or `excludeTypes`. A secret
   * that is attached to a database is excluded automatically.
   *
   * A resource of another stack is selected by a literal ARN if its template specifies a physical name. Otherwise, its stack exports
   * the ARN, and a message explains how to avoid that.
   *
   * @param scope The construct, or a resource itself
   */
  public static fromConstruct(scope: IConstruct): BackupTarget {
    checkGiven('a construct', scope);
    return new BackupTarget((plan) => {
      const home = Stack.of(plan);
      const candidates = statefulResourcesBelow(scope).map((candidate) => {
        const stack = Stack.of(candidate.resource!);
        return stack === home ? candidate : inReach(plan, candidate, candidate.resource!.node.path, stack);
      });
      return candidates.length > 0 ? candidates : [{
        nothingBelow: scope.node.path,
        problem: `there is nothing below '${scope.node.path}' that AWS Backup backs up: leave it out, or specify another construct`,
      }];
    });
  }

  private static resource(construct: IConstruct & { readonly env: ResourceEnvironment }, type: ResourceType, arnOf: () => string): BackupTarget {
    checkGiven(`a resource of ${type}`, construct);
    return new BackupTarget((scope) => {
      const child = construct.node.defaultChild;
      const own = child && CfnResource.isCfnResource(child) ? candidateOf(child) : undefined;
      const arn = own?.arn ?? arnOf();
      if (!own && !Token.isUnresolved(arn)) {
        return [{ ...candidateOfArn(scope, arn), type }]; // imported, possibly from another account
      }
      return [inReach(scope, { arn, type, ...own }, construct.node.path, construct.env)];
    });
  }

  /**
   * The current resources of the target: a construct can still get more.
   *
   * @param scope The plan
   * @internal
   */
  public readonly _candidates: (scope: IConstruct) => Candidate[];

  private constructor(candidates: (scope: IConstruct) => Candidate[]) {
    this._candidates = candidates;
  }
}

/** Untyped languages can pass undefined. */
function checkGiven(what: string, construct: IConstruct | undefined): void {
  if (!Construct.isConstruct(construct)) {
    throw new Error(`a BackupTarget must be given ${what}, got ${Array.isArray(construct) ? 'a list: create a target for each item' : String(construct)}`);
  }
}

/** A plan can't refer to a resource in another account, region or Stage. */
function inReach(scope: IConstruct, candidate: Candidate, path: string, { account, region }: ResourceEnvironment): Candidate {
  const home = Environment.of(scope);
  const where = new Environment(account, region);
  if (where.differsFrom(home)) {
    return { ...candidate, isOutOfReach: true, problem: `a plan backs up its own account and region (${home}): define a separate plan for '${path}' (${where})` };
  }
  const { resource, properties } = candidate;
  if (!resource || outermostStack(resource) === outermostStack(scope)) {
    return candidate;
  }
  const arn = properties && literalArnOf(scope, resource, properties);
  if (arn !== undefined || candidate.arn === undefined) {
    return { ...candidate, arn };
  }
  return Stage.of(resource) === Stage.of(scope) ? { ...candidate, isExported: true } : {
    ...candidate,
    isOutOfReach: true,
    problem: `a plan can't refer to a resource of another Stage, because Stages are deployed separately: define a plan for '${path}' in its own Stage `
      + `('${Stage.of(resource)?.node.path || 'the App itself'}'), give the resource a literal physical name, or select it by tags`,
  };
}

function candidateOfArn(scope: IConstruct, arn: string): Candidate {
  if (typeof arn !== 'string') {
    return { problem: `an ARN must be a string such as 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders', got ${String(arn)}` };
  }
  const [prefix, partition, service, region, account, ...rest] = arn.split(':');
  if (arn === '*') {
    return { problem: "use 'BackupTarget.everything()' for every resource, got the ARN '*'" };
  }
  if (prefix !== 'arn' || rest.length === 0) {
    return { problem: `an ARN must have at least six parts, 'arn:partition:service:region:account:resource', got '${arn}'` };
  }
  if (service === 'ecs') {
    return { problem: `${ECS_ADVICE}; exclude it, got '${arn}'` };
  }
  const [type, ...others] = typesOfArn(service, rest.join(':'));
  if (!type) {
    return { problem: `AWS Backup does not back up resources with an ARN such as '${arn}': see 'ResourceType' for the supported types` };
  }
  const home = Environment.of(scope);
  if (!Token.isUnresolved(home.region) && partition !== partitionOf(home.region)) {
    return { problem: `an ARN must be in the partition ${partitionOf(home.region)}, got '${arn}'` };
  }
  const named = (value: string, own: string) => value === '' || value === '*' ? own : value; // those of S3 name neither
  const isOfSeveralTypes = others.some(({ resourceTypeName }) => resourceTypeName !== type.resourceTypeName);
  return inReach(scope, { arn, type, isOfSeveralTypes }, arn, { account: named(account, home.account), region: named(region, home.region) });
}

/** The ARNs of Aurora, DocumentDB and Neptune clusters look the same. Their capabilities are the same too, except for continuous backup. */
function typesOfArn(service: string, resource: string): ResourceType[] {
  return ResourceType.all().filter(({ capabilities: { arnPattern } }) => {
    const [patternService, , , ...patternRest] = arnPattern?.split(':') ?? [];
    const start = patternRest.join(':').replace(/\*$/, '');
    return patternService === service && (resource.startsWith(start) || resource === '*');
  });
}
