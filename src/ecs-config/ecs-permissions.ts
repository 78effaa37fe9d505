import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ECS_READS } from './ecs-reads.contract';
import type { EcsRead } from './ecs-reads.contract';
import { Environment } from '../private/environment';

/** Reads that share a statement. */
interface ReadGroup {
  readonly sid: string;
  readonly reads: EcsRead[];
  readonly reason: string;
}

/**
 * What the function may read, each statement with the reason for its wildcard: by the ARNs of the clusters wherever IAM knows one.
 *
 * @param targets Names of clusters; undefined for all of the account and region
 */
export function ecsReads(scope: Construct, targets: readonly string[] | undefined): Map<iam.PolicyStatement, string> {
  return new Map(groups(targets === undefined).map(({ sid, reads, reason }) => [clusterStatement(scope, sid, reads, targets), reason]));
}

/**
 * A statement that allows actions by the ARNs of clusters, or of what is in them.
 *
 * @param permissions IAM knows a resource for each of them, or for none; and a condition for each or for none
 * @param targets Names of clusters; undefined for all of the account and region
 */
export function clusterStatement(scope: Construct, sid: string, permissions: EcsRead[], targets: readonly string[] | undefined): iam.PolicyStatement {
  const { account, region } = Environment.of(scope);
  const partition = Environment.of(scope).partitionIn(scope);
  const arnOf = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const clusters = targets ?? ['*'];
  const clusterArns = clusters.map((name) => arnOf('ecs', `cluster/${name}`));
  return new iam.PolicyStatement({
    sid,
    actions: permissions.map(({ action }) => action),
    resources: [...new Set(permissions.flatMap(({ action, resources }) => (resources ?? []).flatMap((resource) => {
      const [service] = action.split(':');
      return resource.includes('{cluster}') ? clusters.map((name) => arnOf(service, resource.replace('{cluster}', name))) : arnOf(service, resource);
    })))].concat(permissions.every(({ resources }) => resources === undefined) ? ['*'] : []),
    conditions: targets !== undefined && permissions[0].hasClusterCondition ? { ArnEquals: { 'ecs:cluster': clusterArns } } : undefined,
  });
}

function groups(isForAll: boolean): ReadGroup[] {
  const all = ECS_READS.filter((read) => isForAll || !read.isForAllClusters);
  const isOfClusters = ({ hasClusterCondition }: EcsRead) => hasClusterCondition ?? false;
  return [
    {
      sid: 'ReadEverywhere',
      reads: all.filter((read) => !read.resources && !isOfClusters(read)),
      reason: 'IAM knows no resource for these read actions.',
    },
    {
      sid: 'ListOfClusters',
      reads: all.filter((read) => !read.resources && isOfClusters(read)),
      reason: 'IAM knows no resource for these read actions. Where clusters are named, a condition limits them to those.',
    },
    {
      sid: 'ReadServices',
      reads: all.filter((read) => read.resources && isOfClusters(read)),
      reason: 'Services are not known at synthesis, and old ARNs have no cluster. Where clusters are named, a condition limits the actions to those.',
    },
    {
      sid: 'ReadResources',
      reads: all.filter((read) => read.resources && !isOfClusters(read)),
      reason: 'Which capacity providers, rules, schedules and repositories the clusters use is not known at synthesis. The actions only read.',
    },
  ].filter(({ reads }) => reads.length > 0);
}
