import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ALL_SERVICES, NEWEST } from './ecs-restore-parameters.contract';
import type { EcsRestoreParameters } from './ecs-restore-parameters.contract';
import { ecsRestoreStatements } from './ecs-restore-permissions';
import type { EcsClusterTarget } from '../ecs-config/ecs-cluster-target';
import { differ, Environment, partitionOf } from '../private/environment';
import { checkRegion } from '../private/environment-checks';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { renderedResource } from '../private/rendered-resource';
import { Runbook } from '../recovery/recovery-runbook';
import { RUNBOOK_SHAPES } from '../recovery/runbook-checks';
import type { RunbookParameter } from '../recovery/runbook-design';
import type { RunbookGrants } from '../recovery/runbook-grants';
import { recoveryMetric } from '../recovery/runbook-metrics';
import type { RunbookProps } from '../recovery/runbook-props';
import type { IRunbook } from '../recovery/runbook-ref';
import { howToName, literalRoleName, partitionProblem } from '../roles/role-name';

/**
 * Properties of the runbook that restores Amazon ECS services.
 */
export interface EcsRestoreRunbookProps extends RunbookProps {
  /**
   * Clusters that can be restored, with all of their services: in the account of the stack, and in `sourceRegion`.
   */
  readonly clusters: EcsClusterTarget[];

  /**
   * Region in which the snapshots were captured. The runbook restores into the region of its stack.
   *
   * @default - the region of the stack
   */
  readonly sourceRegion?: string;

  /**
   * Roles that the runbook may pass to Amazon ECS, Amazon EventBridge and EventBridge Scheduler: the task roles and execution roles of task
   * definitions, and the roles of services, rules and schedules. Each has a literal name, because it must have the same name when it is
   * needed.
   *
   * A configuration with another role is refused by the preflight of a run, which names the role. Service-linked roles are not passed.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
   */
  readonly passableRoles: iam.IRole[];
}

/**
 * A runbook that restores Amazon ECS services from the snapshots of an `EcsConfigBackup`: the cluster, task definitions with their
 * images by digest, services with their scaling, rules and schedules. An operator starts it in AWS Systems Manager. By default, a run does
 * not change existing resources. It never deletes any.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-automation.html
 *
 * @example
 * const daily = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });
 * const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules: [daily], replicaRegion: 'eu-west-1' });
 * const restore = new EcsRestoreRunbook(stack, 'EcsRestore', {
 *   bucket,
 *   clusters: [EcsClusterTarget.fromName('shop')],
 *   passableRoles: [iam.Role.fromRoleName(stack, 'TaskRole', 'shop-task-role'), iam.Role.fromRoleName(stack, 'ExecutionRole', 'shop-execution-role')],
 * });
 * new CfnOutput(stack, 'StartCommand', { value: restore.startCommand });
 */
export class EcsRestoreRunbook extends Construct implements IRunbook {
  public readonly documentName: string;
  public readonly documentArn: string;
  public readonly role: iam.IRole;
  public readonly consoleUrl: string;
  public readonly startCommand: string;
  public readonly grants: RunbookGrants;

  /**
   * The function that restores.
   */
  public readonly handler: lambda.IFunction;

  /**
   * The alarms.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Defines the runbook.
   *
   * @throws if a cluster can't be restored here, a role can't be passed, or a property of the runbook is not valid; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: EcsRestoreRunbookProps) {
    super(scope, id);
    checkShapes(this, 'EcsRestoreRunbookProps', props, PROPS);
    const errors = new PropsErrors('EcsRestoreRunbookProps', this);
    const { clusters, passableRoles } = props;
    const home = Environment.of(this);
    const sourceRegion = props.sourceRegion ?? home.region;
    checkSourceRegion(errors, props.sourceRegion, home);
    checkClusters(this, errors, clusters, new Environment(home.account, sourceRegion));
    checkRoles(errors, passableRoles, home);
    const names = clusters.some(({ clusterName }) => clusterName === undefined) ? undefined : clusters.map((cluster) => nameOf(cluster)!);
    const roleArns = passableRoles.map((role) => `arn:${home.partitionIn(this)}:iam::${home.account}:role/${literalRoleName(role)}`);

    const runbook = new Runbook(this, errors, {
      kind: 'ecs-restore',
      description: 'Restores Amazon ECS services from a snapshot of their cluster. Existing resources change only if Existing is UPDATE. Nothing is deleted.',
      snapshots: 'ecs',
      bundle: 'ecs-restore/ecs-restore.lambda',
      sourceRegion,
      parameters: ecsRestoreParameters(names),
      targets: ['ecs/{{ Cluster }}'],
      steps: {
        preflight: 'Checks the snapshot and whether the roles, secrets, images and other resources that the services need exist. It changes nothing, and lists all problems together.',
        plan: 'Compares the snapshot with what exists: which services are missing, the same, or different. It changes nothing.',
        work: 'Creates the cluster, task definitions, services and scaling, and rules and schedules last.',
        verify: 'Waits until the services run and their targets are healthy, and compares them with the snapshot. It changes nothing.',
      },
      statements: ecsRestoreStatements(this, names, roleArns),
      settings: { passableRoles: roleArns },
    }, props);
    this.documentName = runbook.documentName;
    this.documentArn = runbook.documentArn;
    this.role = runbook.role;
    this.consoleUrl = runbook.consoleUrl;
    this.startCommand = runbook.startCommand;
    this.grants = runbook.grants;
    this.handler = runbook.handler;
    this.alarms = runbook.alarms;
  }

  /**
   * How long a run took from the detection of the loss to the end of its verification, in seconds. Runs that failed, dry runs
   * and runs that recovered nothing are left out.
   *
   * @default - maximum over 5 minutes
   */
  public metricRecoveryTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return recoveryMetric(this.documentName, 'RecoveryTime', options);
  }

  /**
   * How old the restored snapshot was when the loss was detected, in seconds. Runs that failed, dry runs and runs that recovered
   * nothing are left out.
   *
   * @default - maximum over 5 minutes
   */
  public metricDataLoss(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return recoveryMetric(this.documentName, 'DataLoss', options);
  }
}

/** What Amazon ECS takes for the name of a cluster or a service. */
const NAME = '[a-zA-Z0-9_-]{1,255}';

const PROPS = {
  ...RUNBOOK_SHAPES,
  clusters: { what: 'clusters (EcsClusterTarget)', is: isTarget, isList: true, isRequired: true },
  sourceRegion: SHAPES.text,
  passableRoles: { what: 'roles', is: hasAll('node', 'env', 'roleArn'), isList: true, isRequired: true },
};

/** A cluster itself has a name as well. The class is not checked, because an app can have two versions of it. */
function isTarget(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_cluster' in value;
}

/** The name of a cluster as its template has it: that of the construct is a token, also where it is given. */
function nameOf({ clusterName, _cluster: cluster }: EcsClusterTarget): string | undefined {
  const name: unknown = renderedResource(cluster?.node.defaultChild)?.Properties.ClusterName;
  return typeof name === 'string' ? name : clusterName;
}

function checkSourceRegion(errors: PropsErrors, sourceRegion: string | undefined, home: Environment): void {
  errors.when(sourceRegion !== undefined && Token.isUnresolved(sourceRegion), () => "'sourceRegion' must be a literal region, such as 'eu-west-1', got a token");
  checkRegion(errors, 'sourceRegion', sourceRegion);
  const isKnown = sourceRegion !== undefined && !Token.isUnresolved(sourceRegion) && !Token.isUnresolved(home.region);
  errors.when(isKnown && partitionOf(sourceRegion) !== partitionOf(home.region),
    () => `'sourceRegion' must be in the partition of the runbook, ${partitionOf(home.region)}, got '${sourceRegion}'`);
}

function checkClusters(scope: Construct, errors: PropsErrors, clusters: EcsClusterTarget[], source: Environment): void {
  errors.whenEmpty('clusters', clusters, 'cluster');
  const names = clusters.map(nameOf);
  errors.when(names.includes(undefined) && clusters.length > 1, () => "'clusters' must be EcsClusterTarget.all() alone, or name clusters, got both: leave one of them out");
  for (const twice of new Set(names.filter((name, index) => name !== undefined && names.indexOf(name) !== index))) {
    errors.add(`'clusters' must name each cluster once, got '${twice}' several times`);
  }
  for (const target of clusters) {
    const { _cluster: cluster } = target;
    if (!cluster) {
      continue;
    }
    const where = new Environment(cluster.env.account, cluster.env.region);
    errors.when(where.differsFrom(source), () => `'clusters' must be in the account of the runbook and in the region that it restores (${source}), got '${cluster.node.path}' in ${where}: `
      + (differ(where.account, source.account) ? 'define an EcsRestoreRunbook in a stack of that account' : "set 'sourceRegion' to that region"));
    errors.when(Token.isUnresolved(nameOf(target)) && Stack.of(cluster) !== Stack.of(scope),
      () => `'clusters' must have literal names, or be in the stack of the construct, got '${cluster.node.path}', whose name AWS CloudFormation generates: set its 'clusterName'`);
  }
}

function checkRoles(errors: PropsErrors, roles: iam.IRole[], home: Environment): void {
  for (const role of roles) {
    const { env: { account }, node } = role;
    const name = literalRoleName(role);
    errors.when(name === undefined, () => `'passableRoles' must have literal names, because a restore finds a role by its name, got '${node.path}' without one: ${howToName(role)}`);
    errors.when(name?.startsWith('aws-service-role/'), () => `'passableRoles' must not contain service-linked roles, which AWS passes to itself, got '${node.path}': leave it out`);
    errors.when(differ(account, home.account), () => `'passableRoles' must be in the account of the runbook, ${home.account}, got '${node.path}' in account ${account}`);
    const problem = partitionProblem("'passableRoles'", role, home.region);
    errors.when(problem !== undefined, () => problem!);
  }
  const names = roles.map(literalRoleName);
  for (const twice of new Set(names.filter((name, index) => name !== undefined && names.indexOf(name) !== index))) {
    errors.add(`'passableRoles' must contain each role once, got '${twice}' several times`);
  }
}

/**
 * The parameters of the document.
 *
 * @param clusters Names; undefined for all of the account and region
 */
function ecsRestoreParameters(clusters: string[] | undefined): (RunbookParameter & { readonly name: keyof EcsRestoreParameters })[] {
  return [
    {
      name: 'Cluster',
      description: 'The name of the cluster whose services are restored.',
      ...clusters === undefined ? { allowedPattern: `^${NAME}$` } : { allowedValues: clusters },
      ...clusters?.length === 1 ? { defaultValue: clusters[0] } : {},
    },
    {
      name: 'Services',
      description: 'The services to restore: * for all of the snapshot, all but some such as *,!orders, or names with commas between them, at most 512 characters. A name that is not in the newest snapshot is looked for in older ones.',
      defaultValue: ALL_SERVICES,
      allowedPattern: `^[*](, ?!${NAME})*$|^${NAME}(, ?${NAME})*$`,
    },
    {
      name: 'Snapshot',
      description: 'Newest, or the key of a snapshot in the bucket, such as daily/ecs/222222222222/eu-west-2/shop/2026-11-29T05-00-00Z-3f1c9a0b72de.json.gz.',
      defaultValue: NEWEST,
      allowedPattern: `^${NEWEST}$|^[a-zA-Z0-9_./-]{1,500}[.]json[.]gz$`,
    },
    {
      name: 'NotAfter',
      description: 'Only snapshots of this time or before, in UTC, such as 2026-11-29T05:00:00Z: the last moment at which the services were good. Leave it out for the newest.',
      defaultValue: '',
      allowedPattern: '^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
    },
    {
      name: 'Existing',
      description: 'What to do with services that exist: SKIP does not change them, UPDATE changes them to match the snapshot.',
      defaultValue: 'SKIP',
      allowedValues: ['SKIP', 'UPDATE'],
    },
    {
      name: 'DesiredCount',
      description: 'How many tasks services start with: AsCaptured, or Zero to start none. Zero is refused together with Existing UPDATE.',
      defaultValue: 'AsCaptured',
      allowedValues: ['AsCaptured', 'Zero'],
    },
    {
      name: 'EnableSchedules',
      description: 'true: rules and schedules that are restored start tasks again, if they did when they were captured. false: they are disabled.',
      defaultValue: 'false',
      allowedValues: ['true', 'false'],
    },
  ];
}
