import { createHash } from 'crypto';
import { gunzipSync } from 'zlib';
import { FakeClock } from './fake-clock';
import type { Call } from '../../src/capture/aws-call.lambda-shared';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-2';

/** What a message of AWS could say, and nobody may repeat. */
export const TEXT_OF_AWS = 'canary-in-a-message-of-aws';

export interface FakeCluster {
  cluster: any;
  capacityProviders: any[];
  services: any[];
  revisions: any[];
  daemons: any[];
}

/** What is in the account and region. */
export interface FakeState {
  clusters: FakeCluster[];
  /** As `DescribeTaskDefinition` answers, by ARN. */
  taskDefinitions: Record<string, any>;
  scalableTargets: any[];
  scalingPolicies: any[];
  scheduledActions: any[];
  targetGroups: any[];
  namespaces: any[];
  discoveryServices: any[];
  eventBuses: string[];
  rules: { rule: any; targets: any[] }[];
  schedules: any[];
  subnets: any[];
  securityGroups: any[];
  repositories: { repository: any; lifecyclePolicyText?: string; images: { digest: string; tags: string[]; replicationStatuses: any[] }[] }[];
}

export interface Fault {
  /** Which call, from 0 on. */
  readonly at: number;
  readonly kind: 'throttle' | 'deny' | 'crash';
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * The APIs of AWS that a capture calls, with the sizes of their pages and with what they refuse.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecs-service.html for the rates
 */
export class FakeAwsApis {
  public readonly calls: { readonly name: string; readonly input: any; readonly at: number }[] = [];
  public readonly objects = new Map<string, { readonly body: Buffer; readonly input: any; versions: number }>();
  public readonly messages: any[] = [];
  public readonly events: any[] = [];
  public throttled = 0;
  public fault?: Fault;

  /** Operations that a capture does not call. */
  protected readonly operationsOfOthers: Record<string, (aws: this, input: any) => any> = {};

  private isDead = false;
  private readonly buckets = new Map<string, Bucket>();

  constructor(public state: FakeState, public readonly clock = new FakeClock(), private readonly latency = 40) {}

  public get documents(): any[] {
    return [...this.objects.values()].map(({ body }) => JSON.parse(gunzipSync(body).toString('utf8')));
  }

  public get operations(): string[] {
    return [...new Set(this.calls.map(({ name }) => name))].sort();
  }

  public revive(): void {
    this.isDead = false;
    this.fault = undefined;
  }

  public readonly call: Call = async (service, operation, input) => {
    const name = `${service}:${operation}`;
    const index = this.calls.length;
    this.calls.push({ name, input, at: this.clock.now() });
    await this.clock.sleep(this.latency);
    this.isDead ||= this.fault?.kind === 'crash' && this.fault.at === index;
    if (this.isDead) {
      throw new Error(`the process ended: ${TEXT_OF_AWS}`);
    }
    if (this.fault?.kind === 'deny' && this.fault.at === index) {
      throw failure('AccessDeniedException');
    }
    if ((this.fault?.kind === 'throttle' && this.fault.at === index) || !this.hasToken(name)) {
      this.throttled++;
      throw failure('ThrottlingException');
    }
    const answer = this.operationsOfOthers[name] ?? OPERATIONS[name];
    if (!answer) {
      throw failure('UnknownOperationException');
    }
    return answer(this, input as any);
  };

  private hasToken(name: string): boolean {
    const [sustained, burst] = RATES[name] ?? [20, 100];
    const now = this.clock.now();
    const bucket = this.buckets.get(name) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1000 * sustained) - 1;
    bucket.at = now;
    if (bucket.tokens < 0) {
      bucket.tokens++;
    }
    this.buckets.set(name, bucket);
    return bucket.tokens >= 0;
  }
}

/** Sustained, and at once. */
const RATES: Record<string, [number, number]> = {
  'ecs:ListServices': [1, 5],
  'ecs:DescribeTaskDefinition': [20, 50],
  'ecs:RegisterTaskDefinition': [1, 20],
  'ecs:CreateService': [5, 50],
  'ecs:UpdateService': [5, 50],
};

export function failure(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(TEXT_OF_AWS), { name, $metadata: { httpStatusCode } });
}

/** A page of a list. A token is where the next one begins. */
export function page(list: any[], size: number, token: string | undefined, [member, tokenMember]: [string, string]): any {
  const start = Number(token ?? 0);
  return { [member]: list.slice(start, start + size), ...start + size < list.length ? { [tokenMember]: String(start + size) } : {} };
}

function atMost(limit: number, list: unknown[]): void {
  if (list.length === 0 || list.length > limit) {
    throw failure('InvalidParameterException');
  }
}

export function clusterOf({ state }: FakeAwsApis, nameOrArn: string): FakeCluster {
  const found = state.clusters.find(({ cluster }) => [cluster.clusterName, cluster.clusterArn].includes(nameOrArn));
  if (!found) {
    throw failure('ClusterNotFoundException');
  }
  return found;
}

/** Without an id, all of them. */
function isOf(id: string | undefined): (each: any) => boolean {
  return ({ ResourceId }) => id === undefined || ResourceId === id;
}

export function existing<T>(item: T | undefined, error: string): T {
  if (item === undefined) {
    throw failure(error);
  }
  return item;
}

const OPERATIONS: Record<string, (aws: FakeAwsApis, input: any) => any> = {
  'ecs:ListClusters': ({ state }, { nextToken }) => page(state.clusters.map(({ cluster }) => cluster.clusterArn), 100, nextToken, ['clusterArns', 'nextToken']),
  'ecs:DescribeClusters': ({ state }, { clusters }) => {
    atMost(100, clusters);
    const known = state.clusters.map(({ cluster }) => cluster).filter(({ clusterName }) => clusters.includes(clusterName));
    return { clusters: known, failures: known.length < clusters.length ? [{ arn: clusters[0], reason: 'MISSING' }] : [] };
  },
  'ecs:DescribeCapacityProviders': ({ state }, { capacityProviders, nextToken }) => {
    atMost(100, capacityProviders);
    const known = state.clusters.flatMap((each) => each.capacityProviders).filter(({ name }) => capacityProviders.includes(name));
    return page(known, 10, nextToken, ['capacityProviders', 'nextToken']);
  },
  'ecs:ListServices': (aws, { cluster, maxResults = 10, nextToken }) => {
    const { services } = clusterOf(aws, cluster);
    return page(services.map(({ serviceArn }) => serviceArn), Math.min(maxResults, 100), nextToken, ['serviceArns', 'nextToken']);
  },
  'ecs:DescribeServices': (aws, { cluster, services }) => {
    atMost(10, services);
    const known = clusterOf(aws, cluster).services.filter(({ serviceArn }) => services.includes(serviceArn));
    const missing = services.filter((arn: string) => known.every(({ serviceArn }) => serviceArn !== arn));
    return { services: known, failures: missing.map((arn: string) => ({ arn, reason: 'MISSING' })) };
  },
  'ecs:DescribeServiceRevisions': ({ state }, { serviceRevisionArns }) => {
    atMost(20, serviceRevisionArns);
    const revisions = state.clusters.flatMap((each) => each.revisions);
    return { serviceRevisions: revisions.filter(({ serviceRevisionArn }) => serviceRevisionArns.includes(serviceRevisionArn)), failures: [] };
  },
  'ecs:DescribeTaskDefinition': ({ state }, { taskDefinition }) => {
    const latest = Object.keys(state.taskDefinitions).filter((arn) => arn.includes(`:task-definition/${taskDefinition}:`)).at(-1);
    return existing(state.taskDefinitions[taskDefinition] ?? state.taskDefinitions[latest ?? ''], 'ClientException');
  },
  'ecs:ListDaemons': (aws, { clusterArn, nextToken }) => page(clusterOf(aws, clusterArn).daemons, 100, nextToken, ['daemonSummariesList', 'nextToken']),
  'application-autoscaling:DescribeScalableTargets': ({ state }, { ResourceIds, NextToken }) => {
    atMost(50, ResourceIds);
    return page(state.scalableTargets.filter(({ ResourceId }) => ResourceIds.includes(ResourceId)), 50, NextToken, ['ScalableTargets', 'NextToken']);
  },
  'application-autoscaling:DescribeScalingPolicies': ({ state }, { ResourceId, NextToken }) => page(
    state.scalingPolicies.filter(isOf(ResourceId)), 10, NextToken, ['ScalingPolicies', 'NextToken']),
  'application-autoscaling:DescribeScheduledActions': ({ state }, { ResourceId, NextToken }) => page(
    state.scheduledActions.filter(isOf(ResourceId)), 50, NextToken, ['ScheduledActions', 'NextToken']),
  'elasticloadbalancing:DescribeTargetGroups': ({ state }, { PageSize, Marker }) => page(state.targetGroups, Math.min(PageSize, 400), Marker, ['TargetGroups', 'NextMarker']),
  'servicediscovery:ListNamespaces': ({ state }, { NextToken }) => page(state.namespaces, 100, NextToken, ['Namespaces', 'NextToken']),
  'servicediscovery:GetService': ({ state }, input) => ({ Service: existing(state.discoveryServices.find(({ Id }) => Id === input.Id), 'ServiceNotFound') }),
  'events:ListEventBuses': ({ state }, { NextToken }) => page(state.eventBuses.map((Name) => ({ Name })), 100, NextToken, ['EventBuses', 'NextToken']),
  'events:ListRuleNamesByTarget': ({ state }, { TargetArn, EventBusName, NextToken }) => {
    const ours = state.rules.filter(({ rule, targets }) => rule.EventBusName === EventBusName && targets.some(({ Arn }) => Arn === TargetArn));
    return page(ours.map(({ rule }) => rule.Name), 100, NextToken, ['RuleNames', 'NextToken']);
  },
  'events:DescribeRule': ({ state }, { Name, EventBusName }) => existing(
    state.rules.find(({ rule }) => rule.Name === Name && rule.EventBusName === EventBusName), 'ResourceNotFoundException').rule,
  'events:ListTargetsByRule': ({ state }, { Rule, EventBusName }) => ({
    Targets: existing(state.rules.find(({ rule }) => rule.Name === Rule && rule.EventBusName === EventBusName), 'ResourceNotFoundException').targets,
  }),
  'events:PutEvents': ({ events }, { Entries }) => {
    events.push(...Entries);
    return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: '11710aed-b79e-4468-a20b-bb3c0c3b4860' })) };
  },
  'scheduler:ListSchedules': ({ state }, { MaxResults, NextToken }) => {
    const summaries = state.schedules.map(({ Arn, GroupName, Name, Target }) => ({ Arn, GroupName, Name, Target: { Arn: Target.Arn } }));
    return page(summaries, Math.min(MaxResults, 100), NextToken, ['Schedules', 'NextToken']);
  },
  'scheduler:GetSchedule': ({ state }, input) => existing(
    state.schedules.find(({ GroupName, Name }) => GroupName === input.GroupName && Name === input.Name), 'ResourceNotFoundException'),
  'ec2:DescribeSubnets': ({ state }, { Filters: [{ Values }], NextToken }) => {
    atMost(200, Values);
    return page(state.subnets.filter(({ SubnetId }) => Values.includes(SubnetId)), 100, NextToken, ['Subnets', 'NextToken']);
  },
  'ec2:DescribeSecurityGroups': ({ state }, { Filters: [{ Values }], NextToken }) => {
    atMost(200, Values);
    return page(state.securityGroups.filter(({ GroupId }) => Values.includes(GroupId)), 100, NextToken, ['SecurityGroups', 'NextToken']);
  },
  'ecr:DescribeRepositories': (aws, { repositoryNames: [name] }) => ({ repositories: [repositoryOf(aws, name).repository] }),
  'ecr:GetLifecyclePolicy': (aws, { repositoryName }) => ({
    lifecyclePolicyText: existing(repositoryOf(aws, repositoryName).lifecyclePolicyText, 'LifecyclePolicyNotFoundException'),
  }),
  'ecr:DescribeImageReplicationStatus': (aws, { repositoryName, imageId }) => {
    const { images } = repositoryOf(aws, repositoryName);
    const image = images.find(({ digest, tags }) => digest === imageId.imageDigest || tags.includes(imageId.imageTag));
    return { repositoryName, imageId, replicationStatuses: existing(image, 'ImageNotFoundException').replicationStatuses };
  },
  'ecr:DescribeImages': (aws, { repositoryName, imageIds: [imageId] }) => {
    const { images } = repositoryOf(aws, repositoryName);
    const { digest, tags } = existing(images.find((image) => image.digest === imageId.imageDigest || image.tags.includes(imageId.imageTag)), 'ImageNotFoundException');
    return { imageDetails: [{ repositoryName, imageDigest: digest, ...tags.length > 0 && { imageTags: tags } }] };
  },
  's3:ListObjectsV2': ({ objects }, { Prefix, ContinuationToken }) => page(
    [...objects.keys()].filter((key) => key.startsWith(Prefix)).sort().map((Key) => ({ Key })), 1000, ContinuationToken, ['Contents', 'NextContinuationToken']),
  's3:PutObject': ({ objects }, input) => {
    const { Key, Body, ChecksumSHA256, ExpectedBucketOwner, IfNoneMatch } = input;
    if (ExpectedBucketOwner !== '444455556666') {
      throw failure('AccessDenied', 403);
    }
    if (ChecksumSHA256 !== createHash('sha256').update(Body).digest('base64')) {
      throw failure('BadDigest');
    }
    if (IfNoneMatch === '*' && objects.has(Key)) {
      throw failure('PreconditionFailed', 412);
    }
    objects.set(Key, { body: Body, input, versions: (objects.get(Key)?.versions ?? 0) + 1 });
    return {};
  },
  'sqs:SendMessageBatch': ({ messages }, { Entries }) => {
    atMost(10, Entries);
    messages.push(...Entries.map(({ MessageBody }: any) => JSON.parse(MessageBody)));
    return { Successful: Entries.map(({ Id }: any) => ({ Id })) };
  },
};

export function repositoryOf({ state }: FakeAwsApis, name: string) {
  return existing(state.repositories.find(({ repository }) => repository.repositoryName === name), 'RepositoryNotFoundException');
}
