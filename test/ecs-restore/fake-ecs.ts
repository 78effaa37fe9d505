import * as ecsModel from '@aws-sdk/client-ecs';
import { NEIGHBOURS } from './fake-neighbours';
import { pick, refuseOthers, refuseTags, withTags } from './inputs';
import { existingIn, PREFLIGHT_OPERATIONS } from './preflight-fake';
import type { Existing } from './preflight-fake';
import { ACCOUNT, existing, failure, FakeAwsApis, REGION } from '../ecs-config/fake-aws-apis';
import type { FakeCluster, FakeState } from '../ecs-config/fake-aws-apis';
import type { FakeClock } from '../ecs-config/fake-clock';

/** How long a deployment takes, and a service that is deleted to be gone, in milliseconds. */
const DEPLOYMENT = 90_000;

/**
 * Amazon ECS and what belongs to it, with what they make of a call and what they refuse. Times pass: a service is deployed after a while,
 * and its images have digests then.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html for the refusals
 */
export class FakeEcs extends FakeAwsApis {
  /** How often something was changed, by its name. */
  public readonly changes = new Map<string, number>();
  /** By rule. */
  public readonly ruleTags = new Map<string, any[]>();
  /** The digests of tags that have moved, by image. */
  public readonly movedTags = new Map<string, string>();
  /** Services whose deployment never ends, or fails. */
  public readonly stuck = new Map<string, 'IN_PROGRESS' | 'FAILED'>();

  /** What the state refers to, and has not itself. */
  public readonly existing: Existing;

  public override readonly operationsOfOthers: Record<string, (aws: FakeEcs, input: any) => any> = { ...CHECKS, ...ECS, ...NEIGHBOURS };
  private id = 0;

  constructor(state: FakeState, clock?: FakeClock, public readonly region = REGION) {
    super(state, clock, 0);
    this.existing = existingIn(state);
    this.existing.roles.push('services');
  }

  public get seconds(): number {
    return this.clock.now() / 1000;
  }

  public next(): string {
    return String(++this.id).padStart(19, '0');
  }

  public changed(name: string): void {
    this.changes.set(name, (this.changes.get(name) ?? 0) + 1);
  }

  /** What the deletion of a service by its owner leaves: a name that is free after a while, and no scaling. */
  public deleteService(cluster: FakeCluster, name: string): void {
    const service = cluster.services.find(({ serviceName }) => serviceName === name);
    Object.assign(service, { status: 'DRAINING', drainedAt: this.seconds + DEPLOYMENT / 1000, desiredCount: 0, runningCount: 0 });
    const isOthers = ({ ResourceId }: any) => ResourceId !== `service/${cluster.cluster.clusterName}/${name}`;
    this.state.scalableTargets = this.state.scalableTargets.filter(isOthers);
    this.state.scalingPolicies = this.state.scalingPolicies.filter(isOthers);
    this.state.scheduledActions = this.state.scheduledActions.filter(isOthers);
  }

  public deleteCluster(cluster: FakeCluster): void {
    cluster.services.forEach(({ serviceName }) => this.deleteService(cluster, serviceName));
    cluster.services = [];
    cluster.revisions = [];
    cluster.cluster = { ...cluster.cluster, status: 'INACTIVE' };
    this.state.rules = [];
    this.state.schedules = this.state.schedules.filter(({ Target }) => Target.Arn !== cluster.cluster.clusterArn);
  }

  public cluster(name: string): FakeCluster {
    const found = this.state.clusters.find(({ cluster }) => cluster.status === 'ACTIVE' && [cluster.clusterName, cluster.clusterArn].includes(name));
    return existing(found, 'ClusterNotFoundException');
  }

  public definition(arn: string): any {
    const family = arn.replace(/^.*\//, '');
    const latest = Object.entries(this.state.taskDefinitions)
      .filter(([, { taskDefinition }]) => taskDefinition.family === family && taskDefinition.status === 'ACTIVE')
      .sort(([, one], [, other]) => other.taskDefinition.revision - one.taskDefinition.revision)[0];
    return this.state.taskDefinitions[arn] ?? latest?.[1];
  }

  /** What an image is when it is deployed. */
  public digestOf(image: string): string | undefined {
    const pinned = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
    const [, name, tag] = /\/([^:@]+):([^@]+)$/.exec(image) ?? [];
    const repository = this.state.repositories.find((each) => each.repository.repositoryName === name);
    return pinned ?? this.movedTags.get(image) ?? repository?.images.find(({ tags }) => tags.includes(tag))?.digest;
  }

  /** A service by its name or ARN, as it is by now. */
  public settled(cluster: FakeCluster, name: string): any {
    const service = cluster.services.find(({ serviceName, serviceArn }) => [serviceName, serviceArn].includes(name));
    if (service) {
      this.settle(cluster, service);
    }
    return service;
  }

  private settle(cluster: FakeCluster, service: any): void {
    if (service.status === 'DRAINING' && this.seconds >= service.drainedAt) {
      service.status = 'INACTIVE';
    }
    const { deployedAt } = service;
    if (deployedAt === undefined || this.seconds < deployedAt || this.stuck.has(service.serviceName)) {
      const [primary] = service.deployments;
      const state = this.stuck.get(service.serviceName);
      if (state === 'FAILED') {
        Object.assign(primary, { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start.' });
      }
      return;
    }
    delete service.deployedAt;
    const [primary] = service.deployments;
    Object.assign(service, { runningCount: service.desiredCount, deployments: [primary] });
    Object.assign(primary, { rolloutState: 'COMPLETED', runningCount: service.desiredCount, desiredCount: service.desiredCount });
    const revision = cluster.revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === service.currentServiceRevisions[0].arn);
    const { containerDefinitions } = this.definition(service.taskDefinition).taskDefinition;
    revision.containerImages = containerDefinitions.map(({ name, image }: any) => ({
      containerName: name, image, imageDigest: this.digestOf(image),
    }));
  }
}

/** What a preflight alone asks for, but for objects of a bucket, among which the snapshots are. */
const CHECKS = Object.fromEntries(Object.entries(PREFLIGHT_OPERATIONS).filter(([name]) => name !== 's3:ListObjectsV2')
  .map(([name, check]) => [name, (aws: FakeEcs, input: object) => check(aws.existing, input, aws.state)]));

/** Members of the configuration that are in the revision; those of deployments too. */
const OF_REVISION = ['monitoring', 'gatewayConnectors', 'serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations'];
const OF_DEPLOYMENT = ['serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations'];

/** A deployment of what a service is now. */
function deploy(aws: FakeEcs, cluster: FakeCluster, service: any, input: any): void {
  const { serviceArn, clusterArn, taskDefinition, networkConfiguration, capacityProviderStrategy, launchType } = service;
  const before = cluster.revisions.filter((each) => each.serviceArn === serviceArn).at(-1);
  const serviceRevisionArn = `${serviceArn.replace(':service/', ':service-revision/')}/${aws.next()}`;
  const common = { taskDefinition, networkConfiguration, capacityProviderStrategy, launchType, platformFamily: 'Linux', platformVersion: '1.4.0' };
  const known = JSON.parse(JSON.stringify({ createdAt: aws.seconds, ...common }));
  cluster.revisions.push({
    serviceRevisionArn, serviceArn, clusterArn, guardDutyEnabled: false, ...known, ...pick(before ?? {}, OF_REVISION), ...pick(input, OF_REVISION),
  });
  const deployment = { id: `ecs-svc/${aws.next()}`, status: 'PRIMARY', rolloutState: 'IN_PROGRESS', pendingCount: 0, failedTasks: 0, runningCount: 0, updatedAt: aws.seconds };
  Object.assign(service, {
    deployments: [{ ...deployment, desiredCount: service.desiredCount, ...known, ...pick(input, OF_DEPLOYMENT) }, ...service.deployments ?? []],
    currentServiceRevisions: [{ arn: serviceRevisionArn, requestedTaskCount: service.desiredCount, runningTaskCount: 0, pendingTaskCount: 0 }],
    currentServiceDeployment: `${serviceArn.replace(':service/', ':service-deployment/')}/${aws.next()}`,
    deployedAt: aws.seconds + DEPLOYMENT / 1000,
  });
}

function refuseService(aws: FakeEcs, cluster: FakeCluster, input: any): void {
  const definition = input.taskDefinition && aws.definition(input.taskDefinition);
  if (input.taskDefinition && definition?.taskDefinition.status !== 'ACTIVE') {
    throw failure('ClientException');
  }
  const network = input.networkConfiguration?.awsvpcConfiguration ?? {};
  const isGiven = (list: unknown[] | undefined) => (list ?? []).length > 0;
  const problems = [
    input.schedulingStrategy === 'DAEMON' && input.desiredCount !== undefined,
    input.launchType && isGiven(input.capacityProviderStrategy),
    input.role && (definition?.taskDefinition.networkMode === 'awsvpc' || !isGiven(input.loadBalancers)),
    input.healthCheckGracePeriodSeconds === 0 && !isGiven(input.loadBalancers),
    definition?.taskDefinition.networkMode === 'awsvpc' && !isGiven(network.subnets),
    definition?.taskDefinition.networkMode !== 'awsvpc' && isGiven(network.subnets),
    (input.capacityProviderStrategy ?? []).some(({ capacityProvider }: any) => !(cluster.cluster.capacityProviders ?? []).includes(capacityProvider)),
    (input.loadBalancers ?? []).some(({ targetGroupArn }: any) => targetGroupArn
      && !aws.state.targetGroups.some((group) => group.TargetGroupArn === targetGroupArn)),
    (network.subnets ?? []).some((id: string) => !aws.state.subnets.some(({ SubnetId }) => SubnetId === id)),
    (network.securityGroups ?? []).some((id: string) => !aws.state.securityGroups.some(({ GroupId }) => GroupId === id)),
  ];
  if (problems.some((problem) => problem)) {
    throw failure('InvalidParameterException');
  }
}

const ECS: Record<string, (aws: FakeEcs, input: any) => any> = {
  'ecs:CreateCluster': (aws, input) => {
    refuseOthers(ecsModel, 'CreateCluster', input);
    refuseTags(input.tags);
    const found = aws.state.clusters.find(({ cluster }) => cluster.clusterName === input.clusterName);
    const clusterArn = `arn:aws:ecs:${aws.region}:${ACCOUNT}:cluster/${input.clusterName}`;
    const made = { registeredContainerInstancesCount: 0, runningTasksCount: 0, pendingTasksCount: 0, activeServicesCount: 0, statistics: [] };
    if (found?.cluster.status === 'ACTIVE') {
      return { cluster: found.cluster };
    }
    const cluster = { clusterArn, status: 'ACTIVE', ...made, capacityProviders: [], defaultCapacityProviderStrategy: [], ...input };
    if (found) {
      found.cluster = cluster;
    } else {
      aws.state.clusters.push({ cluster, capacityProviders: [], services: [], revisions: [], daemons: [] });
    }
    aws.changed(clusterArn);
    return { cluster };
  },
  'ecs:UpdateCluster': (aws, { cluster: name, ...input }) => {
    const { cluster } = aws.cluster(name);
    aws.changed(cluster.clusterArn);
    return { cluster: Object.assign(cluster, input) };
  },
  'ecs:PutClusterCapacityProviders': (aws, { cluster: name, capacityProviders, defaultCapacityProviderStrategy }) => {
    const { cluster } = aws.cluster(name);
    aws.changed(cluster.clusterArn);
    return { cluster: Object.assign(cluster, { capacityProviders, defaultCapacityProviderStrategy }) };
  },
  'ecs:RegisterTaskDefinition': (aws, { tags = [], ...input }) => {
    refuseOthers(ecsModel, 'RegisterTaskDefinition', input);
    refuseTags(tags);
    const all = Object.values(aws.state.taskDefinitions).map(({ taskDefinition }) => taskDefinition);
    const revisions = all.filter(({ family }) => family === input.family).map(({ revision: taken }) => taken);
    const revision = Math.max(0, ...revisions) + 1;
    const taskDefinitionArn = `arn:aws:ecs:${aws.region}:${ACCOUNT}:task-definition/${input.family}:${revision}`;
    const generated = { taskDefinitionArn, revision, status: 'ACTIVE', requiresAttributes: [{ name: 'ecs.capability.task-eni' }], compatibilities: ['EC2', 'FARGATE'] };
    const taskDefinition = { ...input, ...generated, registeredAt: aws.seconds, registeredBy: `arn:aws:sts::${ACCOUNT}:assumed-role/restore/session` };
    aws.state.taskDefinitions[taskDefinitionArn] = { taskDefinition, tags };
    aws.changed(taskDefinitionArn);
    return { taskDefinition, tags };
  },
  'ecs:ListTaskDefinitions': ({ state }, { familyPrefix, maxResults = 100 }) => {
    const ours = Object.values(state.taskDefinitions).map(({ taskDefinition }) => taskDefinition).filter(({ family, status }) => family === familyPrefix && status === 'ACTIVE');
    const newest = ours.sort((one, other) => other.revision - one.revision).slice(0, maxResults);
    return { taskDefinitionArns: newest.map(({ taskDefinitionArn }) => taskDefinitionArn) };
  },
  'ecs:DescribeTaskDefinition': (aws, { taskDefinition }) => existing(aws.definition(taskDefinition), 'ClientException'),
  'ecs:DescribeServices': (aws, { cluster: name, services }) => {
    if (services.length === 0 || services.length > 10) {
      throw failure('InvalidParameterException');
    }
    const cluster = aws.cluster(name);
    const found = services.map((service: string) => aws.settled(cluster, service));
    const known = found.filter((service: any) => service !== undefined).map(({ deployedAt, drainedAt, ...service }: any) => service);
    return { services: known, failures: services.filter((_: string, index: number) => found[index] === undefined).map((arn: string) => ({ arn, reason: 'MISSING' })) };
  },
  'ecs:CreateService': (aws, { cluster: name, serviceName, tags = [], role, ...input }) => {
    refuseOthers(ecsModel, 'CreateService', input);
    refuseTags(tags);
    const cluster = aws.cluster(name);
    const old = aws.settled(cluster, serviceName);
    if (old && old.status !== 'INACTIVE') {
      throw failure('InvalidParameterException'); // Creation of service was not idempotent; or: Unable to Start a service that is still Draining
    }
    refuseService(aws, cluster, { ...input, role });
    cluster.services = cluster.services.filter((each) => each !== old);
    const serviceArn = `arn:aws:ecs:${aws.region}:${ACCOUNT}:service/${name}/${serviceName}`;
    const linked = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
    const { desiredCount = 0, ...configuration } = input;
    const service = {
      serviceArn,
      serviceName,
      clusterArn: cluster.cluster.clusterArn,
      status: 'ACTIVE',
      desiredCount: input.schedulingStrategy === 'DAEMON' ? 1 : desiredCount,
      runningCount: 0,
      pendingCount: 0,
      platformFamily: 'Linux',
      ...Object.fromEntries(Object.entries(configuration).filter(([member]) => !OF_REVISION.includes(member))),
      events: [],
      createdAt: aws.seconds,
      createdBy: `arn:aws:iam::${ACCOUNT}:role/restore`,
      roleArn: role ?? linked,
      tags,
    };
    deploy(aws, cluster, service, input);
    cluster.services.push(service);
    cluster.services.sort((one, other) => one.serviceName < other.serviceName ? -1 : 1);
    aws.changed(serviceArn);
    return { service };
  },
  'ecs:UpdateService': (aws, { cluster: name, service: serviceName, ...input }) => {
    refuseOthers(ecsModel, 'UpdateService', input);
    const cluster = aws.cluster(name);
    const service = aws.settled(cluster, serviceName);
    if (service?.status !== 'ACTIVE') {
      throw failure('ServiceNotActiveException');
    }
    Object.assign(service, Object.fromEntries(Object.entries(input).filter(([member]) => !OF_REVISION.includes(member))));
    deploy(aws, cluster, service, input);
    aws.changed(service.serviceArn);
    return { service };
  },
  'ecs:TagResource': (aws, { resourceArn, tags }) => {
    refuseTags(tags);
    const things = aws.state.clusters.flatMap(({ cluster, services }) => [cluster, ...services]);
    const found = existing(things.find(({ clusterArn, serviceArn }) => (serviceArn ?? clusterArn) === resourceArn), 'InvalidParameterException');
    found.tags = withTags(found.tags, tags, 'key');
    refuseTags(found.tags.filter(({ key }: any) => !key.startsWith('aws:')));
    aws.changed(resourceArn);
    return {};
  },
};
