import {
  readCapacityProviders, readCluster, readDaemons, readRevisions, readScaling, readServices, rolloutStateOf, sortedBy, stackOf, TaskDefinitionReader,
} from './ecs-cluster-reads.lambda-shared';
import type { CapturedService } from './ecs-cluster-reads.lambda-shared';
import { findImages, findSecrets, notCapturedOf } from './ecs-findings.lambda-shared';
import type { Overrides, RunContainer } from './ecs-findings.lambda-shared';
import { ImageReader, whyNotKept } from './ecs-images.lambda-shared';
import { namesOfLogsAndSecrets, readReferences, readRunners } from './ecs-references.lambda-shared';
import type { Runners } from './ecs-references.lambda-shared';
import { VOLATILE_MEMBERS } from './ecs-volatile.contract';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Captured } from '../capture/capture-run.lambda-shared';
import type { CaptureSettings } from '../capture/capture.contract';
import type { Place } from '../capture/document-store.lambda-shared';

/** The version of the documents, whose schema is `docs/schemas/ecs-configuration-1.json`. */
export const SCHEMA_VERSION = 1;

/** What runs tasks of a task definition. */
interface Run {
  readonly runner: string;
  readonly taskDefinition: string;
  /** What the images were when a service was deployed. */
  readonly containerImages?: any[];
}

/** Reads a cluster with all that belongs to it. It fails as a whole if one call fails: there is no half a document. */
export async function captureCluster(call: Call, name: string, place: Place, { imageRegions = [] }: CaptureSettings): Promise<Captured> {
  const cluster = await readCluster(call, name);
  const [capacityProviders, daemons, runners, described] = await Promise.all([
    readCapacityProviders(call, cluster), readDaemons(call, cluster), readRunners(call, cluster.clusterArn), readServices(call, name),
  ]);
  const revisions = await readRevisions(call, described);
  const revisionOf = ({ serviceArn }: any) => revisions.get(serviceArn);
  const runs = [...described.flatMap((service) => runsOfService(service, revisionOf(service))), ...runsOfOthers(runners)];
  const definitions = new TaskDefinitionReader(call);
  const idOf = ({ serviceName }: any) => `service/${name}/${serviceName}`;
  const [scalingOf, containers, references] = await Promise.all([ // these take the longest
    readScaling(call, described.map(idOf)),
    readContainers(definitions, new ImageReader(call, place), runs),
    readReferences(call, { cluster, capacityProviders, described, revisions: [...revisions.values()], ...runners }, place),
  ]);
  const services = described.map((service): CapturedService => ({
    service,
    ...revisionOf(service) && { revision: revisionOf(service) },
    rolloutState: rolloutStateOf(service),
    ...stackOf(service) && { stack: stackOf(service) },
    scaling: scalingOf(idOf(service)),
  }));
  const all = await definitions.all();
  const taskDefinitions = Object.fromEntries(all.filter(([, found]) => found !== undefined));
  const missingTaskDefinitions = all.flatMap(([arn, found]) => found === undefined ? [arn] : []);

  const images = sortedBy([...new Set(containers.map(({ image }) => image))], ({ image, digest }) => `${image} ${digest}`);
  const secrets = findSecrets(containers, overridesOf(runners));
  const notCaptured = notCapturedOf({ cluster, capacityProviders, services, daemons, missingTaskDefinitions, images }, imageRegions);
  return {
    content: {
      cluster,
      capacityProviders,
      services,
      taskDefinitions,
      ...runners,
      references: { ...references, ...namesOfLogsAndSecrets({ cluster, services, taskDefinitions }), images },
    },
    notCaptured,
    findings: [...secrets, ...findImages(containers, imageRegions)],
    volatile: [...VOLATILE_MEMBERS, ...services.flatMap(({ service, scaling }, index) => isCountConfigured(service, scaling)
      ? []
      : [`services.${index}.service.desiredCount`])],
    metrics: {
      Services: services.length,
      PlaintextSecrets: secrets.length,
      ImagesNotKept: images.filter((image) => whyNotKept(image, imageRegions).length > 0).length,
    },
  };
}

/** During a deployment or with task sets, a service runs tasks of more than one task definition. */
function runsOfService({ serviceName, taskDefinition, deployments = [], taskSets = [] }: any, revision: any): Run[] {
  const all: (string | undefined)[] = [taskDefinition, ...[revision, ...deployments, ...taskSets].map((each) => each?.taskDefinition)];
  return [...new Set(all.filter((arn) => arn !== undefined))].map((arn) => ({
    runner: serviceName,
    taskDefinition: arn,
    containerImages: revision?.taskDefinition === arn ? revision.containerImages : undefined,
  }));
}

function runsOfOthers({ rules, schedules }: Runners): Run[] {
  const targets = [
    ...rules.flatMap(({ rule, targets: all }) => all.map((target) => ({ runner: rule.Name, target }))),
    ...schedules.map(({ Name, Target }) => ({ runner: Name, target: Target })),
  ];
  return targets.flatMap(({ runner, target }) => target.EcsParameters ? [{ runner, taskDefinition: target.EcsParameters.TaskDefinitionArn }] : []);
}

function overridesOf({ rules, schedules }: Runners): Overrides[] {
  return [
    ...rules.flatMap(({ rule, targets }) => targets.map(({ Input, InputTransformer }) => ({
      runner: rule.Name, input: Input ?? InputTransformer?.InputTemplate,
    }))),
    ...schedules.map(({ Name, Target }) => ({ runner: Name, input: Target.Input })),
  ];
}

async function readContainers(definitions: TaskDefinitionReader, images: ImageReader, runs: Run[]): Promise<RunContainer[]> {
  const containers = await Promise.all(runs.map(async ({ runner, taskDefinition, containerImages = [] }) => {
    const { containerDefinitions = [] } = await definitions.read(taskDefinition) ?? {};
    return Promise.all(containerDefinitions.map(async (definition: any): Promise<RunContainer> => {
      const deployed = containerImages.find(({ containerName, image }) => containerName === definition.name && image === definition.image);
      return { runner, definition, image: await images.read(definition.image, deployed?.imageDigest) };
    }));
  }));
  return containers.flat();
}

/** Application Auto Scaling sets the count of a service that it scales, and a daemon service has a task on each container instance. */
function isCountConfigured({ schedulingStrategy }: any, { targets }: CapturedService['scaling']): boolean {
  return schedulingStrategy !== 'DAEMON' && targets.length === 0;
}
