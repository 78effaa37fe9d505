import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { RESTORED_BY_TAG, STATE_TAG } from '../execution/runbook.contract';

/**
 * Members that AWS answers, and takes in no input: it generates them. All others are sent as they were captured, also those that this
 * version does not know. `roleArn` and `RoleARN` are sent unless they are the role that AWS makes for itself.
 */
export const OUTPUT_ONLY = {
  cluster: [
    'clusterArn', 'status', 'registeredContainerInstancesCount', 'runningTasksCount', 'pendingTasksCount', 'activeServicesCount', 'statistics',
    'attachments', 'attachmentsStatus',
  ],
  service: [
    'serviceArn', 'clusterArn', 'status', 'runningCount', 'pendingCount', 'platformFamily', 'taskSets', 'deployments', 'events', 'createdAt',
    'createdBy', 'currentServiceDeployment', 'currentServiceRevisions', 'roleArn', 'resourceManagementType',
  ],
  taskDefinition: [
    'taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt', 'deregisteredAt', 'deleteRequestedAt',
    'registeredBy',
  ],
  scalableTarget: ['RoleARN', 'CreationTime', 'PredictedCapacity', 'ScalableTargetARN'],
  scalingPolicy: ['PolicyARN', 'Alarms', 'CreationTime'],
  scheduledAction: ['ScheduledActionARN', 'CreationTime'],
  rule: ['Arn', 'ManagedBy', 'CreatedBy'],
  schedule: ['Arn', 'CreationDate', 'LastModificationDate'],
} satisfies Record<string, string[]>;

/** Configuration of a service that `DescribeServices` does not answer: it is in the revision, or in the primary deployment. */
export const OF_REVISION = ['serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations', 'monitoring', 'gatewayConnectors'];

/** Members of a service that can't be changed while it exists. */
export const NOT_UPDATABLE = ['serviceName', 'launchType', 'schedulingStrategy', 'role', 'tags'];

/** The tag of a task definition that was registered again: the region and the revision that it was captured as. Its family is the same. */
export const RESTORED_FROM_TAG = 'cdk-backup-dr:restored-from';

const OUR_TAGS: string[] = [STATE_TAG, RESTORED_BY_TAG, RESTORED_FROM_TAG];

const SERVICE_LINKED_ROLE = ':role/aws-service-role/';

/** Application Auto Scaling does nothing then, whatever it is asked for. */
const SUSPENDED = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Tags that a restored object has of its own: neither those of AWS, nor those of another restore. */
export function ownTags(tags: Tag[] = []): Tag[] {
  return tags.filter(({ key }) => !/^aws:/i.test(key) && !OUR_TAGS.includes(key));
}

/** A cluster without its capacity providers, which are associated by a call of their own. */
export function clusterInput(cluster: any): any {
  const { capacityProviders, defaultCapacityProviderStrategy, ...input } = without(OUTPUT_ONLY.cluster, cluster);
  return { ...input, tags: ownTags(cluster.tags) };
}

export function providersInput({ clusterName, capacityProviders = [], defaultCapacityProviderStrategy = [] }: any): any {
  return { cluster: clusterName, capacityProviders, defaultCapacityProviderStrategy };
}

/** The configuration of a service as `CreateService` takes it. */
export function serviceInput({ service, revision }: Pick<CapturedService, 'service' | 'revision'>, cluster: string): any {
  const { healthCheckGracePeriodSeconds, desiredCount, ...others } = without(OUTPUT_ONLY.service, service);
  const primary = (service.deployments ?? []).find(({ status }: any) => status === 'PRIMARY');
  const ofRevision = OF_REVISION.map((member): [string, any] => [member, service[member] ?? revision?.[member] ?? primary?.[member]]);
  return {
    ...others,
    ...Object.fromEntries(ofRevision.filter(([, value]) => value !== undefined)),
    cluster,
    tags: ownTags(service.tags),
    // AWS describes a period of 0 for services without a load balancer too. It refuses a count of a service that has a task on each instance.
    ...(healthCheckGracePeriodSeconds || (healthCheckGracePeriodSeconds === 0 && service.loadBalancers?.length)) && { healthCheckGracePeriodSeconds },
    ...service.schedulingStrategy !== 'DAEMON' && desiredCount !== undefined && { desiredCount },
    ...service.roleArn && !service.roleArn.includes(SERVICE_LINKED_ROLE) && { role: service.roleArn },
  };
}

/** What of the configuration of a service may be given to one that exists. */
export function updateInput({ serviceName, cluster, ...input }: any, members: string[]): any {
  const changed = Object.entries(input).filter(([member]) => members.includes(member) && !NOT_UPDATABLE.includes(member));
  return { cluster, service: serviceName, ...Object.fromEntries(changed) };
}

/** The digest of the image of a container, if it is known. */
export type DigestOf = (container: any) => string | undefined;

/** A task definition with its images by their digests, so that it runs what it ran, whatever became of their tags. */
export function taskDefinitionInput(definition: any, digestOf: DigestOf): any {
  return {
    ...without(OUTPUT_ONLY.taskDefinition, definition),
    tags: ownTags(definition.tags),
    containerDefinitions: (definition.containerDefinitions ?? []).map((container: any) => ({
      ...container, image: pinned(container.image, digestOf(container)),
    })),
  };
}

/** What the images of a service were when it was deployed, by the name of the container. */
export function digestsOf(revision: any, images: { image: string; digest?: string }[] = []): DigestOf {
  const deployed: any[] = revision?.containerImages ?? [];
  return ({ name, image }) => deployed.find((each) => each.containerName === name && each.image === image)?.imageDigest
    ?? images.find((each) => each.image === image && each.digest)?.digest;
}

/** `<repository>@<digest>`, or the image as it is if it has a digest, or none is known. */
export function pinned(image: string, digest: string | undefined): string {
  return digest === undefined || image.includes('@') ? image : `${image.replace(/:[\w.-]+$/, '')}@${digest}`;
}

export interface ScalingInputs {
  readonly targets: any[];
  readonly policies: any[];
  readonly scheduledActions: any[];
}

/**
 * Scaling without what has passed: AWS refuses times that are over.
 *
 * @param isStopped Whether the service is not to run: then nothing starts it
 * @param now Milliseconds since 1970
 */
export function scalingInputs({ targets, policies, scheduledActions }: CapturedService['scaling'], isStopped: boolean, now: number): ScalingInputs {
  return {
    targets: targets.map((target) => ({
      ...without(OUTPUT_ONLY.scalableTarget, target),
      ...target.RoleARN && !target.RoleARN.includes(SERVICE_LINKED_ROLE) && { RoleARN: target.RoleARN },
      ...isStopped && { MinCapacity: 0, SuspendedState: SUSPENDED },
    })),
    policies: policies.map((policy) => without(OUTPUT_ONLY.scalingPolicy, policy)),
    scheduledActions: scheduledActions.filter((action) => !isOver(action.Schedule, action.EndTime, now)).map(({ StartTime, ...action }) => ({
      ...without(OUTPUT_ONLY.scheduledAction, action), ...isLater(StartTime, now) && { StartTime },
    })),
  };
}

/** A rule as `PutRule` takes it. */
export function ruleInput(rule: any, isEnabled: boolean): any {
  return { ...without(OUTPUT_ONLY.rule, rule), State: isEnabled ? rule.State : 'DISABLED' };
}

/** A schedule as `CreateSchedule` and `UpdateSchedule` take it. */
export function scheduleInput({ StartDate, ...schedule }: any, isEnabled: boolean, now: number): any {
  return {
    ...without(OUTPUT_ONLY.schedule, schedule), ...isLater(StartDate, now) && { StartDate }, State: isEnabled ? schedule.State : 'DISABLED',
  };
}

/** Whether a schedule has no time that is still to come: seconds since 1970, as AWS answers times. One without a time zone is in UTC. */
export function isOver(expression: string, end: number | undefined, now: number): boolean {
  const at = /^at\((.+)\)$/.exec(expression)?.[1];
  return (at !== undefined && Date.parse(`${at}Z`) < now) || (end !== undefined && !isLater(end, now));
}

function isLater(time: number | undefined, now: number): boolean {
  return time !== undefined && time * 1000 > now;
}

function without(members: string[], answer: object): any {
  return Object.fromEntries(Object.entries(answer).filter(([member]) => !members.includes(member)));
}

/** Lists of which AWS does not keep the order. */
const SETS = ['subnets', 'securityGroups', 'Subnets', 'SecurityGroups', 'capacityProviders', 'requiresCompatibilities'];

/** Members that name an item of a list. */
const NAMES = ['name', 'key', 'Key', 'Id'];

/**
 * The paths of members that differ; `+` is before those that only the found one has. An empty list is the same as none. Values are left
 * out: they may be secret.
 */
export function differences(expected: any, found: any, path = ''): string[] {
  if (isNothing(expected) && isNothing(found)) {
    return [];
  }
  if (isNothing(expected)) {
    return [`+${path}`];
  }
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return expected === found ? [] : [path];
  }
  const [one, other] = [membersOf(expected, path), membersOf(found, path)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.flatMap((name) => differences(one[name], other[name], path === '' ? name : `${path}.${name}`));
}

function isObject(value: any): boolean {
  return typeof value === 'object' && value !== null;
}

function isNothing(value: any): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Items of a list by their names if they have some that distinguish them, otherwise by their places. */
function membersOf(value: any, path: string): Record<string, any> {
  if (!Array.isArray(value)) {
    return value;
  }
  const isSet = SETS.includes(path.slice(path.lastIndexOf('.') + 1));
  const naming = NAMES.find((member) => value.every((item) => typeof item?.[member] === 'string'));
  const names = isSet ? value.map(String) : value.map((item, index) => naming ? item[naming] : String(index));
  return Object.fromEntries(value.map((item, index) => [new Set(names).size === names.length ? names[index] : String(index), item]));
}
