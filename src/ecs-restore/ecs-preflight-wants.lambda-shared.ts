/** What the work needs besides what it makes. The names are those of reports. */
export type NeededKind =
  | 'role' | 'secret' | 'parameter' | 'environment file' | 'log group' | 'target group' | 'namespace' | 'registry' | 'subnet' | 'security group'
  | 'image' | 'capacity provider' | 'event bus' | 'schedule group' | 'task definition'
  | 'file system' | 'key' | 'function' | 'queue' | 'listener rule' | 'VPC Lattice target group';

/** A name of something, and what needs it. */
export interface Need {
  readonly kind: NeededKind;
  /** As the configuration has it: a name, or an ARN. */
  readonly name: string;
  /** Such as `the service orders`. */
  readonly by: string;
  /** Of an image: what it was when the service was deployed. */
  readonly digest?: string;
  /** Of a log group: its region, if the configuration has one. */
  readonly region?: string;
}

/** A part of a configuration, and what it belongs to. */
interface Part {
  readonly by: string;
  readonly configuration: any;
}

/** Members whose value names something of a kind, in lower case: EventBridge begins them with a capital. */
const MEMBERS: Record<string, NeededKind> = {
  rolearn: 'role',
  taskrolearn: 'role',
  executionrolearn: 'role',
  credentialsparameter: 'secret',
  valuefrom: 'parameter',
  cloudwatchloggroupname: 'log group',
  targetgrouparn: 'target group',
  alternatetargetgrouparn: 'target group',
  productionlistenerrule: 'listener rule',
  testlistenerrule: 'listener rule',
  namespace: 'namespace',
  registryarn: 'registry',
  subnets: 'subnet',
  securitygroups: 'security group',
  capacityprovider: 'capacity provider',
  capacityproviders: 'capacity provider',
  filesystemid: 'file system',
  kmskeyid: 'key',
  kmskeyarn: 'key',
  hooktargetarn: 'function',
  eventbusname: 'event bus',
  groupname: 'schedule group',
};

/** Maps whose members are named by whoever wrote the configuration. */
const FREE_MAPS = ['options', 'dockerlabels', 'driveropts', 'labels'];

/** Capacity providers, buses and groups that are always there. */
const GIVEN = ['FARGATE', 'FARGATE_SPOT', 'default'];

/** All that a cluster needs with some of its services, its rules and its schedules, each with what needs it. */
export function needsOf(snapshot: any, services: string[]): Need[] {
  const needs = [...partsOf(snapshot, services).flatMap(needsOfPart)];
  const known = new Map(needs.map((need) => [JSON.stringify(need), need]));
  return [...known.values()];
}

function partsOf(snapshot: any, services: string[]): Part[] {
  const { cluster, taskDefinitions = {} } = snapshot;
  const withTask = (by: string, configuration: object, arn: string): Part[] => [
    { by, configuration }, { by, configuration: taskDefinitions[arn] ?? { missingTaskDefinition: arn } },
  ];
  return [
    { by: `the cluster ${cluster.clusterName}`, configuration: cluster },
    ...snapshot.services.filter(({ service }: any) => services.includes(service.serviceName)).flatMap(({ service, revision = {} }: any) => {
      const by = `the service ${service.serviceName}`;
      const { events, deployments = [], taskSets, ...own } = service;
      const { ecsManagedResources, ...deployed } = revision;
      const primary = deployments.filter(({ status }: any) => status === 'PRIMARY');
      return [...withTask(by, { ...own, primary, deployed }, service.taskDefinition), { by, configuration: imagesIn(snapshot, service, deployed) }];
    }),
    ...runnersOf(snapshot).flatMap(({ by, configuration, target }) => [
      ...withTask(by, configuration, target.EcsParameters?.TaskDefinitionArn),
      { by, configuration: overridesIn(target.Input ?? target.InputTransformer?.InputTemplate) },
      { by, configuration: imagesIn(snapshot, { taskDefinition: target.EcsParameters?.TaskDefinitionArn }, {}) },
    ]),
  ];
}

function runnersOf({ rules = [], schedules = [] }: any): (Part & { readonly target: any })[] {
  return [
    ...rules.flatMap(({ rule, targets }: any) => targets.filter(({ EcsParameters }: any) => EcsParameters)
      .map((target: any) => ({ by: `the rule ${rule.Name}`, configuration: { ...rule, target }, target }))),
    ...schedules.map((schedule: any) => ({ by: `the schedule ${schedule.Name}`, configuration: schedule, target: schedule.Target })),
  ];
}

/** The roles that a rule or a schedule has tasks run with, in place of those of the task definition. */
function overridesIn(input: string | undefined): object {
  try {
    return JSON.parse(input ?? '{}');
  } catch {
    return {}; // what an input transformer makes of an event is no JSON
  }
}

/** Each image with the digest that it had: by the revision, or by what the capture asked the registry for. */
function imagesIn({ taskDefinitions = {}, references = {} }: any, { taskDefinition }: any, { containerImages = [] }: any): object {
  const { containerDefinitions = [] } = taskDefinitions[taskDefinition] ?? {};
  const digestOf = ({ name, image }: any) => containerImages.find((each: any) => each.containerName === name && each.image === image)?.imageDigest
    ?? references.images?.find((each: any) => each.image === image)?.digest;
  return { images: containerDefinitions.map((container: any) => ({ imageToRun: container.image, digest: digestOf(container) })) };
}

function needsOfPart({ by, configuration }: Part): Need[] {
  const needs: Need[] = [];
  const add = (kind: NeededKind, name: string, more: Partial<Need> = {}) => needs.push({ kind: kindByName(kind, name), name, by, ...more });
  const visit = (value: any, member: string): void => {
    if (typeof value === 'string') {
      if (MEMBERS[member] && value !== '' && !GIVEN.includes(value)) {
        add(MEMBERS[member], value);
      }
    } else if (Array.isArray(value)) {
      value.forEach((item) => visit(item, member));
    } else if (typeof value === 'object' && value !== null) {
      addOfObject(value, add);
      Object.entries(FREE_MAPS.includes(member) ? {} : value).forEach(([name, item]) => visit(item, name.toLowerCase()));
    }
  };
  visit(configuration, '');
  return needs;
}

/** What several members of an object say together. */
function addOfObject(value: any, add: (kind: NeededKind, name: string, more?: Partial<Need>) => void): void {
  const { missingTaskDefinition, imageToRun, digest, environmentFiles, DeadLetterConfig } = value;
  const { 'awslogs-group': logGroup, 'awslogs-region': region, 'awslogs-create-group': isMade } = value;
  if (missingTaskDefinition) {
    add('task definition', missingTaskDefinition);
  }
  if (imageToRun) {
    add('image', imageToRun, { digest });
  }
  if (typeof logGroup === 'string' && isMade !== 'true') {
    add('log group', logGroup, { region });
  }
  if (Array.isArray(environmentFiles)) {
    environmentFiles.forEach(({ value: file }: any) => add('environment file', file));
  }
  if (DeadLetterConfig?.Arn) {
    add('queue', DeadLetterConfig.Arn);
  }
}

/** Secrets and parameters are in the same members, and so are target groups of both services. */
function kindByName(kind: NeededKind, name: string): NeededKind {
  const [, , service] = name.split(':');
  switch (kind) {
    case 'secret':
    case 'parameter': return service === 'secretsmanager' ? 'secret' : service === 'ssm' ? 'parameter' : kind;
    case 'target group': return service === 'vpc-lattice' ? 'VPC Lattice target group' : kind;
    default: return kind;
  }
}

/** How many vCPUs of Fargate the services take with their captured counts, on demand and as Spot. */
export function fargateVcpus(snapshot: any, services: string[]): number {
  const chosen = snapshot.services.filter(({ service }: any) => services.includes(service.serviceName));
  return chosen.reduce((sum: number, { service }: any) => {
    const cpu = vcpusOf(snapshot.taskDefinitions?.[service.taskDefinition]?.cpu);
    return sum + cpu * onDemandTasks(service);
  }, 0);
}

/** Of a task: `512`, `.5 vCPU`. */
function vcpusOf(cpu: unknown): number {
  const [, text = '0', unit] = /^\s*([\d.]+)\s*(vcpu)?/i.exec(String(cpu ?? '0')) ?? [];
  return unit ? Number(text) : Number(text) / 1024;
}

/** The tasks of a service on Fargate that are not Spot. A strategy starts `base` tasks on one provider, and divides the rest by weight. */
function onDemandTasks({ launchType, capacityProviderStrategy: strategy = [], desiredCount = 0 }: any): number {
  if (strategy.length === 0) {
    return launchType === 'FARGATE' ? desiredCount : 0;
  }
  const base = strategy.reduce((sum: number, each: any) => sum + (each.base ?? 0), 0);
  const weight = strategy.reduce((sum: number, each: any) => sum + (each.weight ?? 0), 0);
  const rest = Math.max(0, desiredCount - base);
  return strategy.filter(({ capacityProvider }: any) => capacityProvider === 'FARGATE').reduce((sum: number, each: any) =>
    sum + Math.min(each.base ?? 0, desiredCount) + (weight === 0 ? 0 : Math.floor(rest * (each.weight ?? 0) / weight)), 0);
}
