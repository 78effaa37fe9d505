import { CallError, CaptureError, pages, parts, TargetGone } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';

/** A service with what belongs to it. What AWS answered is as AWS answered it. */
export interface CapturedService {
  readonly service: any;
  /** Left out for services that were deployed before there were revisions. */
  readonly revision?: any;
  readonly rolloutState: string;
  readonly stack?: { readonly name: string; readonly logicalId: string };
  readonly scaling: { readonly targets: any[]; readonly policies: any[]; readonly scheduledActions: any[] };
}

const CLUSTER_INCLUDES = ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'];

const TOKEN = { token: 'nextToken' };

const SCALING_TOKEN = { token: 'NextToken' };

const ECS = { ServiceNamespace: 'ecs' };

/** The names of all clusters. */
export async function readClusterNames(call: Call): Promise<string[]> {
  const arns: string[] = await pages(call, 'ecs', 'ListClusters', {}, { list: 'clusterArns', ...TOKEN });
  return arns.map(nameIn).sort();
}

export async function readCluster(call: Call, name: string): Promise<any> {
  const { clusters = [], failures = [] } = await call('ecs', 'DescribeClusters', { clusters: [name], include: CLUSTER_INCLUDES });
  const [cluster] = clusters;
  if (cluster === undefined || cluster.status === 'INACTIVE') {
    throw new TargetGone(`the cluster ${name} can't be described: ${failures[0]?.reason ?? 'it is inactive'}`);
  }
  return cluster;
}

export async function readCapacityProviders(call: Call, { capacityProviders = [] }: any): Promise<any[]> {
  const described = await Promise.all(parts<string>(capacityProviders, 100).map((names) => pages(
    call, 'ecs', 'DescribeCapacityProviders', { capacityProviders: names, include: ['TAGS'] }, { list: 'capacityProviders', ...TOKEN })));
  return sortedBy(described.flat(), ({ name }) => name);
}

/** Daemons are not in every region yet. */
export async function readDaemons(call: Call, { clusterArn }: any): Promise<any[]> {
  const all = pages(call, 'ecs', 'ListDaemons', { clusterArn }, { list: 'daemonSummariesList', ...TOKEN });
  return await unless(['UnknownOperationException'], all) ?? [];
}

export async function readServices(call: Call, cluster: string): Promise<any[]> {
  const arns: string[] = await pages(call, 'ecs', 'ListServices', { cluster, maxResults: 100 }, { list: 'serviceArns', ...TOKEN });
  return sortedBy(await describeServices(call, cluster, arns), ({ serviceName }) => serviceName);
}

/**
 * A service that was deleted meanwhile is left out.
 *
 * @param arns ARNs, or names
 */
export async function describeServices(call: Call, cluster: string, arns: string[]): Promise<any[]> {
  const answers = await Promise.all(parts(arns, 10).map((services) => call('ecs', 'DescribeServices', { cluster, services, include: ['TAGS'] })));
  refuseFailures(answers, 'a service');
  return answers.flatMap(({ services = [] }) => services);
}

/** The newest current revision of a service, by the ARN of the service. */
export async function readRevisions(call: Call, services: any[]): Promise<Map<string, any>> {
  const arns: string[] = services.flatMap(({ currentServiceRevisions = [] }) => currentServiceRevisions.map(({ arn }: any) => arn));
  const answers = await Promise.all(parts(arns, 20).map((serviceRevisionArns) => call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns })));
  refuseFailures(answers, 'a service revision');
  const revisions: any[] = answers.flatMap(({ serviceRevisions = [] }) => serviceRevisions);
  return new Map(revisions.sort((one, other) => one.createdAt - other.createdAt).map((revision) => [revision.serviceArn, revision]));
}

function refuseFailures(answers: any[], what: string): void {
  const failure = answers.flatMap(({ failures = [] }) => failures).find(({ reason }) => reason !== 'MISSING');
  if (failure) {
    throw new CaptureError(`${what} can't be described: ${failure.reason}: ${failure.arn}`);
  }
}

/** Of services, by the ids that Application Auto Scaling has for them. */
export async function readScaling(call: Call, ids: string[]): Promise<(id: string) => CapturedService['scaling']> {
  const targets = (await Promise.all(parts(ids, 50).map((ResourceIds) => pages(
    call, 'application-autoscaling', 'DescribeScalableTargets', { ...ECS, ResourceIds }, { list: 'ScalableTargets', ...SCALING_TOKEN })))).flat();
  const scaled = [...new Set(targets.map(({ ResourceId }): string => ResourceId))];
  const [policies, scheduledActions] = await Promise.all([
    readOfScaled(call, 'DescribeScalingPolicies', 'ScalingPolicies', scaled),
    readOfScaled(call, 'DescribeScheduledActions', 'ScheduledActions', scaled),
  ]);
  const of = (list: any[], id: string, name: string) => sortedBy(list.filter(({ ResourceId }) => ResourceId === id), (each) => each[name]);
  return (id) => ({
    targets: of(targets, id, 'ScalableDimension'),
    policies: of(policies, id, 'PolicyName'),
    scheduledActions: of(scheduledActions, id, 'ScheduledActionName'),
  });
}

/** All of the region by pages, or those of each service: it is not known which takes fewer calls, so at most twice as many are made. */
async function readOfScaled(call: Call, operation: string, list: string, ids: string[]): Promise<any[]> {
  const all: any[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < ids.length; page++) {
    const answer = await call('application-autoscaling', operation, { ...ECS, NextToken });
    all.push(...answer[list] ?? []);
    NextToken = answer.NextToken || undefined;
    if (NextToken === undefined) {
      return all;
    }
  }
  return (await Promise.all(ids.map((ResourceId) => pages(
    call, 'application-autoscaling', operation, { ...ECS, ResourceId }, { list, ...SCALING_TOKEN })))).flat();
}

/** AWS answers it for rolling updates. For the others, what is deployed by two deployments or task sets is still deployed. */
export function rolloutStateOf({ deployments = [], taskSets = [] }: any): string {
  const [primary] = deployments.filter(({ status }: any) => status === 'PRIMARY');
  return primary?.rolloutState ?? (deployments.length <= 1 && taskSets.length <= 1 ? 'COMPLETED' : 'IN_PROGRESS');
}

export function stackOf({ tags = [] }: any): CapturedService['stack'] {
  const tag = (name: string) => tags.find(({ key }: any) => key === `aws:cloudformation:${name}`)?.value;
  const [name, logicalId] = [tag('stack-name'), tag('logical-id')];
  return name && logicalId ? { name, logicalId } : undefined;
}

/** Asks for each task definition once. */
export class TaskDefinitionReader {
  private readonly known = new Map<string, Promise<any>>();

  constructor(private readonly call: Call) {}

  /** Undefined if AWS has it no more. */
  public read(arn: string): Promise<any> {
    return once(this.known, arn, () => this.describe(arn));
  }

  /** Those that were read, by ARN. */
  public async all(): Promise<[arn: string, found: any][]> {
    const entries = [...this.known].sort(([one], [other]) => one < other ? -1 : 1);
    return Promise.all(entries.map(async ([arn, found]): Promise<[string, any]> => [arn, await found]));
  }

  /** A rule may name a family only, which is its latest revision. */
  private async describe(arn: string): Promise<any> {
    const taskDefinition = /:\d+$/.test(arn) ? arn : nameIn(arn);
    const answer = await unless(['ClientException'], this.call('ecs', 'DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] }));
    const { taskDefinition: found, ...others } = answer ?? {};
    return answer && { ...found, ...others };
  }
}

/** Reads what is not known yet. */
export function once<T>(known: Map<string, Promise<T>>, name: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(name) ?? read();
  known.set(name, found);
  return found;
}

/** An answer, or nothing if the call failed with one of these errors. */
export async function unless(errors: string[], answer: Promise<any>): Promise<any> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallError && errors.includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}

/** What follows the last slash of an ARN. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

export function sortedBy<T>(list: T[], nameOf: (item: T) => string): T[] {
  return [...list].sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1);
}
