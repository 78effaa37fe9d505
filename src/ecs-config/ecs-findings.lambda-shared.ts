import { nameIn } from './ecs-cluster-reads.lambda-shared';
import type { CapturedService } from './ecs-cluster-reads.lambda-shared';
import { canMove, isUnknown, whyNotKept } from './ecs-images.lambda-shared';
import type { CapturedImage } from './ecs-images.lambda-shared';
import type { Finding, NotCaptured } from '../capture/capture-report.lambda-shared';
import type { Variable } from '../capture/plaintext-secrets.lambda-shared';
import { holdsSecret, looksLikeSecret } from '../capture/plaintext-secrets.lambda-shared';

/** A container of a task definition, and what runs it: a service, a rule or a schedule, by name. */
export interface RunContainer {
  readonly runner: string;
  readonly definition: any;
  readonly image: CapturedImage;
}

/** What somebody overrides in the tasks that a rule or a schedule runs. */
export interface Overrides {
  readonly runner: string;
  /** JSON, if it is what Amazon ECS takes. */
  readonly input?: string;
}

const RULE_OF_SECRETS = 'plaintext-secret';

export function findSecrets(containers: RunContainer[], overrides: Overrides[]): Finding[] {
  const inContainers = containers.flatMap(({ runner, definition }) => variablesWithSecrets(definition).map((name) => `${runner}/${definition.name}/${name}`));
  const inOverrides = overrides.flatMap(({ runner, input }) => overridesIn(input).flatMap(
    (definition) => variablesWithSecrets(definition).map((name) => `${runner}/${definition.name}/${name}`)));
  return [...new Set([...inContainers, ...inOverrides])].sort().map((where) => ({ rule: RULE_OF_SECRETS, where }));
}

function variablesWithSecrets(definition: any): string[] {
  const { environment = [], dockerLabels, logConfiguration, firelensConfiguration, command = [], entryPoint = [], healthCheck } = definition;
  const named: Variable[] = [...environment, ...[dockerLabels, logConfiguration?.options, firelensConfiguration?.options].flatMap(
    (map) => Object.entries<string>(map ?? {}).map(([name, value]) => ({ name, value })))];
  const unnamed: Record<string, string[]> = { command, entryPoint, 'healthCheck.command': healthCheck?.command ?? [] };
  return [
    ...named.filter(({ name, value }) => typeof name === 'string' && typeof value === 'string' && looksLikeSecret({ name, value })).map(({ name }) => name),
    ...Object.entries(unnamed).filter(([, texts]) => texts.some(holdsSecret)).map(([name]) => name),
  ];
}

function overridesIn(input: string | undefined): any[] {
  try {
    const { containerOverrides = [] } = JSON.parse(input ?? '{}');
    return containerOverrides;
  } catch {
    return []; // what an input transformer makes of an event is no JSON
  }
}

export function findImages(containers: RunContainer[], imageRegions: string[]): Finding[] {
  const findings = containers.flatMap(({ runner, definition, image }) => {
    const where = `${runner}/${definition.name}`;
    return [
      ...canMove(image) ? [{ rule: 'movable-tag', where }] : [],
      ...whyNotKept(image, imageRegions).map(({ rule, region }) => ({ rule, where: region ? `${where}/${region}` : where })),
    ];
  });
  return [...new Map(findings.map((finding) => [`${finding.rule} ${finding.where}`, finding])).entries()]
    .sort(([one], [other]) => one < other ? -1 : 1).map(([, finding]) => finding);
}

/** What belongs to a cluster. */
export interface ClusterParts {
  readonly cluster: any;
  readonly capacityProviders: any[];
  readonly services: CapturedService[];
  readonly daemons: any[];
  readonly missingTaskDefinitions: string[];
  readonly images: CapturedImage[];
}

/** What is not in the document, or what a restore can't make from it. */
export function notCapturedOf(parts: ClusterParts, imageRegions: string[]): NotCaptured[] {
  const { cluster, capacityProviders, services, daemons, missingTaskDefinitions, images } = parts;
  const of = (what: string, why: string, names: string[]) => names.map((name) => ({ what, name, why }));
  const servicesWith = (isMeant: (one: CapturedService) => boolean): string[] => services.filter(isMeant).map(({ service }) => service.serviceName);
  const controlledBy = (type: string) => servicesWith(({ service }) => service.deploymentController?.type === type);
  const { runningTasksCount = 0, pendingTasksCount = 0 } = cluster;
  const others = runningTasksCount + pendingTasksCount
    - services.reduce((sum, { service: { runningCount = 0, pendingCount = 0 } }) => sum + runningCount + pendingCount, 0);
  return [
    ...of('Express Mode service', 'Amazon ECS manages its load balancer and its scaling: create it again from its image',
      servicesWith(({ service }) => service.resourceManagementType === 'ECS')),
    ...of('daemon', 'daemons and their task definitions are not read', daemons.map(({ daemonArn }) => nameIn(daemonArn))),
    ...of('gateway connection', 'the gateway and its routes are not read',
      servicesWith(({ revision }) => (revision?.gatewayConnectors ?? []).length > 0)),
    ...of('task sets', 'an external controller deploys them: run its pipeline again', controlledBy('EXTERNAL')),
    ...of('CodeDeploy deployment group', 'AWS CodeDeploy is not read', controlledBy('CODE_DEPLOY')),
    ...of('service revision', 'the service was deployed before 25 October 2024: what only a revision has is missing until it is deployed again',
      servicesWith(({ service, revision }) => revision === undefined && !['EXTERNAL', 'CODE_DEPLOY'].includes(service.deploymentController?.type))),
    ...of('Auto Scaling group', 'Amazon EC2 Auto Scaling is not read',
      capacityProviders.flatMap(({ autoScalingGroupProvider: group }) => group ? [nameIn(group.autoScalingGroupArn)] : [])),
    ...of('standalone tasks', `no service runs ${others} of the tasks, and nothing starts them again`, others > 0 ? [cluster.clusterName] : []),
    ...of('task definition', 'AWS has none of this ARN any more', missingTaskDefinitions),
    ...of('image', 'its registry was not asked whether it is in other regions',
      images.filter((image) => isUnknown(image, imageRegions)).map(({ image }) => image)),
  ];
}
