import { CallError, CaptureError, pages, parts } from '../capture/aws-call.lambda-shared';
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

/** The names of all clusters. */
export async function readClusterNames(call: Call): Promise<string[]> {
  const arns: string[] = await pages(call, 'ecs', 'ListClusters', {}, { list: 'clusterArns', ...TOKEN });
  return arns.map(nameIn).sort();
}

export async function readCluster(call: Call, name: string): Promise<any> {
  const { clusters = [], failures = [] } = await call('ecs', 'DescribeClusters', { clusters: [name], include: CLUSTER_INCLUDES });
  const [cluster] = clusters;
  if (cluster === undefined || cluster.status === 'INACTIVE') {
    throw new CaptureError(`the cluster ${name} can't be described: ${failures[0]?.reason ?? 'it is inactive'}`);
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
  try {
    return await pages(call, 'ecs', 'ListDaemons', { clusterArn }, { list: 'daemonSummariesList', ...TOKEN });
  } catch (error) {
    if (error instanceof CallError && error.name === 'UnknownOperationException') {
      return [];
    }
    throw error;
  }
}

export async function readServices(call: Call, cluster: string): Promise<CapturedService[]> {
  const arns: string[] = await pages(call, 'ecs', 'ListServices', { cluster, maxResults: 100 }, { list: 'serviceArns', ...TOKEN });
  const [services, scaling] = await Promise.all([describeServices(call, cluster, arns), readScaling(call)]);
  const revisions = await readRevisions(call, services.flatMap(revisionArns));
  return sortedBy(services, ({ serviceName }) => serviceName).map((service) => {
    const [revision] = revisions.filter(({ serviceRevisionArn }) => revisionArns(service).includes(serviceRevisionArn))
      .sort((one, other) => other.createdAt - one.createdAt);
    const stack = stackOf(service);
    return {
      service,
      ...revision && { revision },
      rolloutState: rolloutStateOf(service),
      ...stack && { stack },
      scaling: scaling(`service/${cluster}/${service.serviceName}`),
    };
  });
}

/** A service that was deleted meanwhile is left out. */
async function describeServices(call: Call, cluster: string, arns: string[]): Promise<any[]> {
  const answers = await Promise.all(parts(arns, 10).map((services) => call('ecs', 'DescribeServices', { cluster, services, include: ['TAGS'] })));
  refuseFailures(answers, 'a service');
  return answers.flatMap(({ services = [] }) => services);
}

async function readRevisions(call: Call, arns: string[]): Promise<any[]> {
  const answers = await Promise.all(parts(arns, 20).map((serviceRevisionArns) => call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns })));
  refuseFailures(answers, 'a service revision');
  return answers.flatMap(({ serviceRevisions = [] }) => serviceRevisions);
}

function refuseFailures(answers: any[], what: string): void {
  const failure = answers.flatMap(({ failures = [] }) => failures).find(({ reason }) => reason !== 'MISSING');
  if (failure) {
    throw new CaptureError(`${what} can't be described: ${failure.reason}: ${failure.arn}`);
  }
}

/** Application Auto Scaling lists by its own pages what belongs to all clusters. */
async function readScaling(call: Call): Promise<(resourceId: string) => CapturedService['scaling']> {
  const read = async (operation: string, list: string) => {
    const found = await pages(call, 'application-autoscaling', operation, { ServiceNamespace: 'ecs' }, { list, token: 'NextToken' });
    const sorted = sortedBy(found, ({ PolicyName, ScheduledActionName, ScalableDimension: other }) => PolicyName ?? ScheduledActionName ?? other);
    const byService = new Map<string, any[]>();
    sorted.forEach((each) => byService.set(each.ResourceId, [...byService.get(each.ResourceId) ?? [], each]));
    return byService;
  };
  const [targets, policies, scheduledActions] = await Promise.all([
    read('DescribeScalableTargets', 'ScalableTargets'),
    read('DescribeScalingPolicies', 'ScalingPolicies'),
    read('DescribeScheduledActions', 'ScheduledActions'),
  ]);
  return (id) => ({ targets: targets.get(id) ?? [], policies: policies.get(id) ?? [], scheduledActions: scheduledActions.get(id) ?? [] });
}

function revisionArns({ currentServiceRevisions = [] }: any): string[] {
  return currentServiceRevisions.map(({ arn }: any) => arn);
}

/** AWS answers it for rolling updates. For the others, what is deployed by two deployments or task sets is still deployed. */
function rolloutStateOf({ deployments = [], taskSets = [] }: any): string {
  const [primary] = deployments.filter(({ status }: any) => status === 'PRIMARY');
  return primary?.rolloutState ?? (deployments.length <= 1 && taskSets.length <= 1 ? 'COMPLETED' : 'IN_PROGRESS');
}

function stackOf({ tags = [] }: any): CapturedService['stack'] {
  const tag = (name: string) => tags.find(({ key }: any) => key === `aws:cloudformation:${name}`)?.value;
  const [name, logicalId] = [tag('stack-name'), tag('logical-id')];
  return name && logicalId ? { name, logicalId } : undefined;
}

export interface TaskDefinitions {
  /** By the ARN that refers to them. */
  readonly found: Record<string, any>;
  /** ARNs of which AWS has none any more. */
  readonly missing: string[];
}

/** Each one once. A rule may name a family only, which is its latest revision. */
export async function readTaskDefinitions(call: Call, references: string[]): Promise<TaskDefinitions> {
  const arns = [...new Set(references)].sort();
  const answers = await Promise.all(arns.map(async (arn) => {
    const taskDefinition = /:\d+$/.test(arn) ? arn : nameIn(arn);
    try {
      const { taskDefinition: known, ...others } = await call('ecs', 'DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] });
      return [arn, { ...known, ...others }] as const;
    } catch (error) {
      if (error instanceof CallError && error.name === 'ClientException') {
        return [arn, undefined] as const;
      }
      throw error;
    }
  }));
  return {
    found: Object.fromEntries(answers.filter(([, found]) => found !== undefined)),
    missing: answers.flatMap(([arn, found]) => found === undefined ? [arn] : []),
  };
}

/** What follows the last slash of an ARN. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

export function sortedBy<T>(list: T[], nameOf: (item: T) => string): T[] {
  return [...list].sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1);
}
