import type { Json } from './snapshots';
import { hold } from './step';

/** Members that AWS makes anew for what was restored, wherever they are. */
const GENERATED = [
  // of a cluster
  'activeServicesCount', 'pendingTasksCount', 'runningTasksCount', 'statistics', 'attachments', 'attachmentsStatus',
  // of a service and its revision
  'createdAt', 'createdBy', 'deployments', 'events', 'pendingCount', 'runningCount', 'taskSets', 'currentServiceDeployment', 'currentServiceRevisions', 'serviceRevisionArn',
  // of a task definition
  'taskDefinitionArn', 'registeredAt', 'registeredBy',
  // of scaling
  'CreationTime', 'PolicyARN', 'Alarms', 'ScalableTargetARN', 'ScheduledActionARN',
];
const STATE = 'cdk-backup-dr:restore-state';
const RUN = 'cdk-backup-dr:restored-by';
const ORIGIN = 'cdk-backup-dr:restored-from';

/**
 * What has to be the same after a restore: without what AWS generates and tags of its own, with images by their digests and without
 * revisions.
 *
 * @param run The ID of the run that restored it
 */
export function comparableOf(configuration: Json, run?: string): Json {
  const { taskDefinitions, images, ...others } = configuration;
  if (run !== undefined) {
    configuration.services.forEach(({ service }: Json) => holdTags(service, run));
  }
  const byDigest = (images as Json[]).reduce((text, { image, digest }) => text.replaceAll(JSON.stringify(image), JSON.stringify(pin(image, digest))),
    JSON.stringify({ ...others, images, taskDefinitions: Object.values<Json>(taskDefinitions).map(({ revision, ...definition }) => definition) }));
  return JSON.parse(byDigest.replace(/(:task-definition\/[^":]+):\d+"/g, '$1"'), (name, value: Json) =>
    GENERATED.includes(name) ? undefined : /^tags$/i.test(name) && Array.isArray(value) ? value.filter(isKept).sort(byKey) : value);
}

/** The images of task definitions, or those that a service runs, by their digests. */
export function pinnedIn({ taskDefinitions, images }: Json): string[] {
  const inDefinitions = Object.values<Json>(taskDefinitions)
    .flatMap(({ containerDefinitions }) => containerDefinitions.map(({ image }: Json) => image as string));
  return inDefinitions.length > 0
    ? inDefinitions.filter((image) => image.includes('@sha256:'))
    : (images as Json[]).map(({ image, digest }) => pin(image, digest));
}

function pin(image: string, digest: string): string {
  return image.includes('@') ? image : `${image.replace(/:[\w.-]+$/, '')}@${digest}`;
}

/** Whoever looks at a service sees which run restored it, and that nothing is left to do for it. */
function holdTags({ serviceName, tags = [] }: Json, run: string): void {
  const valueOf = (wanted: string) => (tags as Json[]).find(({ key }) => key === wanted)?.value;
  hold(valueOf(STATE) === 'DONE' && valueOf(RUN) === run, `${serviceName} is ${valueOf(STATE)}, restored by ${valueOf(RUN)}`);
}

const isKept = ({ key }: Json) => !/^aws:/.test(key) && ![STATE, RUN, ORIGIN].includes(key);
const byKey = (one: Json, other: Json) => one.key < other.key ? -1 : 1;
