import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ECS_PREFLIGHT_READS, ECS_RESTORE_DEPENDENT, ECS_RESTORE_READS, ECS_RESTORE_WRITES } from './ecs-restore-calls.contract';
import { clusterStatement } from '../ecs-config/ecs-permissions';
import type { EcsRead } from '../ecs-config/ecs-reads.contract';
import { Environment } from '../private/environment';

/** Who runs tasks, services, rules and schedules with the roles that are passed. */
const PASSED_TO = ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com', 'events.amazonaws.com', 'scheduler.amazonaws.com'];

/** Actions that share a statement. */
interface Group {
  readonly sid: string;
  readonly actions: EcsRead[];
  /** Of the wildcards in the statement. */
  readonly reason: string;
  readonly conditions?: Record<string, Record<string, string>>;
}

/**
 * What the function that restores may do, each statement with the reason for its wildcard: by the ARNs of the clusters wherever IAM
 * knows one. It may delete nothing, and passes only the roles that it was given.
 *
 * @param targets Names of clusters; undefined for all of the account and region
 * @param roleArns Of the roles that it may pass
 */
export function ecsRestoreStatements(
  scope: Construct, targets: readonly string[] | undefined, roleArns: readonly string[],
): Map<iam.PolicyStatement, string | undefined> {
  const statements = groups().map(({ sid, actions, reason, conditions }): [iam.PolicyStatement, string] => {
    const statement = clusterStatement(scope, sid, actions, targets);
    statement.addConditions(conditions ?? {});
    return [statement, reason];
  });
  return new Map<iam.PolicyStatement, string | undefined>([...statements, ...roleStatements(roleArns), environmentFiles(scope)]);
}

function groups(): Group[] {
  const reads = distinct([...ECS_RESTORE_READS, ...ECS_PREFLIGHT_READS, ...ECS_RESTORE_DEPENDENT.filter(({ resources }) => resources === undefined)]);
  const writes = distinct([...ECS_RESTORE_WRITES, ...ECS_RESTORE_DEPENDENT.filter(({ resources }) => resources !== undefined)]);
  const of = (service: string) => writes.filter(({ action, hasClusterCondition }) => action.startsWith(`${service}:`) && !hasClusterCondition);
  return [
    {
      sid: 'ReadEverywhere',
      actions: reads.filter(({ resources }) => !resources),
      reason: 'IAM knows no resource for these read actions.',
    },
    {
      sid: 'ReadServices',
      actions: reads.filter(({ resources, hasClusterCondition }) => resources && hasClusterCondition),
      reason: 'Services are not known at synthesis, and old ARNs have no cluster. Where clusters are named, a condition limits the actions to those.',
    },
    {
      sid: 'ReadResources',
      actions: reads.filter(({ resources, hasClusterCondition }) => resources && !hasClusterCondition),
      reason: 'What a snapshot refers to is not known at synthesis. The actions only read, and none of them reads a value of a secret or a parameter.',
    },
    {
      sid: 'ChangeClusters',
      actions: of('ecs'),
      reason: 'Which services and task definitions a snapshot has is not known at synthesis. A task definition belongs to no cluster.',
    },
    {
      sid: 'ChangeServices',
      actions: writes.filter(({ hasClusterCondition }) => hasClusterCondition),
      reason: 'Which services a snapshot has is not known at synthesis.',
    },
    {
      sid: 'ChangeScaling',
      actions: of('application-autoscaling'),
      reason: 'The ID of a scalable target is generated. A condition limits the actions to Amazon ECS.',
      conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } },
    },
    {
      sid: 'ChangeAlarmsOfScaling',
      actions: of('cloudwatch'),
      reason: 'Application Auto Scaling generates the names of the alarms of a service.',
    },
    {
      sid: 'ChangeRules',
      actions: of('events'),
      reason: 'Which rules run tasks in a cluster is not known at synthesis.',
    },
    {
      sid: 'ChangeSchedules',
      actions: of('scheduler'),
      reason: 'Which schedules run tasks in a cluster is not known at synthesis.',
    },
  ].filter(({ actions }) => actions.length > 0);
}

/** Each action once: several steps call some. */
function distinct(all: EcsRead[]): EcsRead[] {
  const actions = new Map<string, EcsRead>();
  for (const each of all) {
    const known = actions.get(each.action);
    const resources = known?.resources && each.resources ? [...new Set([...known.resources, ...each.resources])] : each.resources;
    actions.set(each.action, { ...each, resources });
  }
  return [...actions.values()];
}

function roleStatements(resources: readonly string[]): [iam.PolicyStatement, undefined][] {
  return resources.length === 0 ? [] : [
    [new iam.PolicyStatement({ sid: 'FindRoles', actions: ['iam:GetRole'], resources: [...resources] }), undefined],
    [new iam.PolicyStatement({
      sid: 'PassRoles',
      actions: ['iam:PassRole'],
      resources: [...resources],
      conditions: { StringEquals: { 'iam:PassedToService': PASSED_TO } },
    }), undefined],
  ];
}

/** To list shows the names of objects. To ask for one would take the permission to read it. */
function environmentFiles(scope: Construct): [iam.PolicyStatement, string] {
  const home = Environment.of(scope);
  return [new iam.PolicyStatement({
    sid: 'FindEnvironmentFiles',
    actions: ['s3:ListBucket'],
    resources: [`arn:${home.partitionIn(scope)}:s3:::*`],
    conditions: { StringEquals: { 's3:ResourceAccount': home.account } },
  }), 'Which buckets have the environment files of task definitions is not known at synthesis. A condition limits the action to those of the account.'];
}
