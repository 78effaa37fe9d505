import { checkNeeds, nameOf, notChecked } from './ecs-preflight-checks.lambda-shared';
import type { Need, NeededKind, Verdict } from './ecs-preflight-checks.lambda-shared';
import { contradictions } from './ecs-restore-parameters.contract';
import { RunFailed } from '../execution/recovery-work.lambda-shared';
import type { ReportedObject, Run, StepResult } from '../execution/recovery-work.lambda-shared';
import { Outcome } from '../execution/runbook.contract';

/** What a run is to restore. */
export interface Wanted {
  /** The snapshot as it is to be here: with names and ARNs of this Region. */
  readonly snapshot: any;
  /** Names of the services that the run creates or changes. */
  readonly services: string[];
  /** What is known to be wrong already, such as names that have no counterpart in this Region; in sentences. */
  readonly problems: string[];
}

/** A part of a configuration, and what it belongs to. */
interface Part {
  readonly by: string;
  readonly configuration: any;
  /** The service that assumes its roles, but for those of tasks. */
  readonly service?: string;
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

/** The service that assumes the roles of tasks, and the one that assumes those of services. */
const TASKS = 'ecs-tasks';
const SERVICES = 'ecs';

/** Maps whose members are named by whoever wrote the configuration. */
const FREE_MAPS = ['options', 'dockerlabels', 'driveropts', 'labels'];

/** Capacity providers, buses and groups that are always there. */
const GIVEN = ['FARGATE', 'FARGATE_SPOT', 'default'];

/** Fargate On-Demand vCPU resource count. */
const VCPU_QUOTA = { ServiceCode: 'fargate', QuotaCode: 'L-3032A538' };

/** More than that many that need the same are counted. */
const NAMED_USERS = 3;

/** What to do about it, if the kind alone says it. */
const ADVICE: Partial<Record<NeededKind, string>> = {
  'role': 'deploy its stack',
  'image': 'push the image with the same digest again',
  'task definition': 'restore from another snapshot, or exclude what needs it',
};

/**
 * Checks everything that would make the work fail. It changes nothing.
 *
 * @throws RunFailed with all problems
 */
export async function checkWanted(run: Run, { snapshot, services, problems }: Wanted): Promise<StepResult> {
  const needs = needsOf(snapshot, services);
  const [verdictOf, quota] = await Promise.all([
    checkNeeds({ call: run.call, place: run.place, passableRoles: run.settings.passableRoles ?? [] }, needs),
    checkQuota(run, fargateVcpus(snapshot, services)),
  ]);
  const judged = grouped(needs).map((group) => ({ ...group, verdict: verdictOf(group.need) }));
  const found = [
    ...contradictions(run.parameters),
    ...daemons(run.parameters, snapshot, services),
    ...problems,
    ...judged.flatMap(({ need, users, verdict }) => verdict?.problem ? [problemOf(need, users, verdict)] : []),
    ...quota?.problem ? [quota.problem] : [],
  ];
  const objects: ReportedObject[] = [
    ...notCapturedIn(snapshot),
    ...judged.flatMap(({ need, users, verdict }) => verdict?.notChecked
      ? [skipped(need.kind, nameOf(need), `Not checked: ${verdict.notChecked}. Needed by ${said(users)}.`)] : []),
    ...quota?.notChecked ? [skipped('quota', VCPU_QUOTA.QuotaCode, `Not checked: ${quota.notChecked}.`)] : [],
  ];
  if (found.length > 0) {
    throw new RunFailed(found, objects);
  }
  const unchecked = judged.filter(({ verdict }) => verdict?.notChecked).length;
  return {
    outcome: Outcome.DONE,
    summary: `${judged.length - unchecked} dependencies of ${services.length} services exist. ${unchecked} could not be checked.`,
    objects,
  };
}

/** Services that run a task on each container instance, however many are wanted. */
function daemons({ DesiredCount }: Record<string, string>, snapshot: any, services: string[]): string[] {
  const found = DesiredCount === 'Zero' ? services.filter((name) => snapshot.services.some(({ service }: any) =>
    service.serviceName === name && service.schedulingStrategy === 'DAEMON')) : [];
  return found.map((name) => `DesiredCount Zero has no effect on the daemon service ${name}: set DesiredCount to AsCaptured, or leave the service out of Services.`);
}

/** All that a cluster needs with some of its services, its rules and its schedules, each with what needs it. */
function needsOf(snapshot: any, services: string[]): Need[] {
  const needs = [...partsOf(snapshot, services).flatMap(needsOfPart)];
  const known = new Map(needs.map((need) => [JSON.stringify(need), need]));
  return [...known.values()];
}

function partsOf(snapshot: any, services: string[]): Part[] {
  const { cluster, taskDefinitions = {} } = snapshot;
  const withTask = (by: string, configuration: object, arn: string, service?: string): Part[] => [
    { by, configuration, service }, { by, configuration: taskDefinitions[arn] ?? { missingTaskDefinition: arn } },
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
    ...runnersOf(snapshot).flatMap(({ by, configuration, service, target }) => [
      ...withTask(by, configuration, target.EcsParameters?.TaskDefinitionArn, service),
      { by, configuration: overridesIn(target.Input ?? target.InputTransformer?.InputTemplate) },
      { by, configuration: imagesIn(snapshot, { taskDefinition: target.EcsParameters?.TaskDefinitionArn }, {}) },
    ]),
  ];
}

function runnersOf({ rules = [], schedules = [] }: any): (Part & { readonly target: any })[] {
  return [
    ...rules.flatMap(({ rule, targets }: any) => targets.filter(({ EcsParameters }: any) => EcsParameters)
      .map((target: any) => ({ by: `the rule ${rule.Name}`, configuration: { ...rule, target }, service: 'events', target }))),
    ...schedules.map((schedule: any) => ({ by: `the schedule ${schedule.Name}`, configuration: schedule, service: 'scheduler', target: schedule.Target })),
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
  const digestOf = ({ name, image }: any) => containerImages.find((one: any) => one.containerName === name && one.image === image)?.imageDigest
    ?? references.images?.find((one: any) => one.image === image)?.digest;
  return { images: containerDefinitions.map((container: any) => ({ imageToRun: container.image, digest: digestOf(container) })) };
}

function needsOfPart({ by, configuration, service = SERVICES }: Part): Need[] {
  const needs: Need[] = [];
  const add = (kind: NeededKind, name: string, more: Partial<Need> = {}) => needs.push({ kind: kindByName(kind, name), name, by, ...more });
  const visit = (value: any, member: string): void => {
    if (typeof value === 'string') {
      if (MEMBERS[member] && value !== '' && !GIVEN.includes(value)) {
        add(MEMBERS[member], value, MEMBERS[member] === 'role' ? { assumedBy: member === 'rolearn' ? service : TASKS } : {});
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

/** What needs the same, together. */
function grouped(needs: Need[]): { readonly need: Need; readonly users: string[] }[] {
  const groups = new Map<string, { readonly need: Need; readonly users: Set<string> }>();
  for (const need of needs) {
    const key = JSON.stringify([need.kind, nameOf(need), need.assumedBy]);
    const group = groups.get(key) ?? { need, users: new Set() };
    groups.set(key, group);
    group.users.add(need.by);
  }
  return [...groups.values()].map(({ need, users }) => ({ need, users: [...users] }));
}

function problemOf(need: Need, users: string[], { problem, advice = ADVICE[need.kind] ?? 'create it, or exclude what needs it' }: Verdict): string {
  return `The ${need.kind} ${nameOf(need)} ${problem}, and ${said(users)} ${users.length === 1 ? 'needs' : 'need'} it: ${advice}.`;
}

function said(users: string[]): string {
  const named = users.slice(0, NAMED_USERS);
  const others = users.length - named.length;
  return [...named, ...others > 0 ? [`${others} more`] : []].join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function skipped(what: string, name: string, why: string): ReportedObject {
  return { what, name, state: 'SKIPPED', why };
}

function notCapturedIn({ notCaptured = [] }: any): ReportedObject[] {
  return notCaptured.map(({ what, name, why }: any) => skipped(what, name, `Not in the snapshot: ${why}.`));
}

/** Tasks that run already count in the quota as well, so that what is wanted can't be there if it is more than the quota. */
async function checkQuota({ call, parameters }: Run, vcpus: number): Promise<Verdict | undefined> {
  if (vcpus === 0 || parameters.DesiredCount === 'Zero') {
    return undefined;
  }
  try {
    const { Quota: { Value } } = await call('servicequotas', 'GetServiceQuota', VCPU_QUOTA);
    return vcpus <= Value ? undefined : {
      problem: `The services need ${vcpus} Fargate On-Demand vCPUs, and the quota ${VCPU_QUOTA.QuotaCode} is ${Value}: request an increase, or restore with DesiredCount Zero.`,
    };
  } catch (error) {
    return notChecked(error);
  }
}

/** How many vCPUs of Fargate the services take with their captured counts, on demand and as Spot. */
function fargateVcpus(snapshot: any, services: string[]): number {
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
