/** What AWS makes anew with whatever is created, or changes by itself: paths in a document, in which `*` is any one member. */
const GENERATED = [
  'cluster.registeredContainerInstancesCount', 'cluster.runningTasksCount', 'cluster.pendingTasksCount', 'cluster.activeServicesCount',
  'cluster.statistics',
  'services.*.stack', // it is read from the tags of AWS CloudFormation, which nobody can set
  'services.*.service.createdAt', 'services.*.service.createdBy', 'services.*.service.events', 'services.*.service.pendingCount',
  'services.*.service.currentServiceDeployment', 'services.*.service.currentServiceRevisions', 'services.*.service.deployments.*.id',
  'services.*.service.deployments.*.createdAt', 'services.*.service.deployments.*.updatedAt', 'services.*.service.deployments.*.rolloutStateReason',
  'services.*.revision.serviceRevisionArn', 'services.*.revision.createdAt',
  'services.*.scaling.targets.*.CreationTime', 'services.*.scaling.policies.*.CreationTime', 'services.*.scaling.policies.*.PolicyARN',
  'services.*.scaling.policies.*.Alarms', 'services.*.scaling.scheduledActions.*.CreationTime',
  'services.*.scaling.scheduledActions.*.ScheduledActionARN',
  'taskDefinitions.*.registeredAt', 'taskDefinitions.*.registeredBy', 'taskDefinitions.*.requiresAttributes', 'taskDefinitions.*.compatibilities',
  'schedules.*.CreationDate', 'schedules.*.LastModificationDate',
];

const OUR_TAGS = ['cdk-backup-dr:restored-by', 'cdk-backup-dr:restore-state', 'cdk-backup-dr:restored-from'];

/** A captured cluster without what can't be the same. It is written without the code that it tests. */
export function comparable(content: any): any {
  const copy = JSON.parse(JSON.stringify(content));
  GENERATED.forEach((path) => remove(copy, path.split('.')));
  return withoutTags(copy);
}

/** The same if task definitions were registered again: their revisions are others then, and their images are digests. */
export function comparableAsRegistered(content: any): any {
  const images = new Map<string, string>();
  for (const { revision } of content.services) {
    for (const { image, imageDigest } of revision.containerImages) {
      images.set(image, `${image.replace(/[:@].*$/, '')}@${imageDigest}`);
    }
  }
  const isOfRevision = (member: string, value: unknown) => ['revision', 'taskDefinitionArn'].includes(member) && typeof value !== 'object';
  const text = JSON.stringify(comparable(content), (member, value) => isOfRevision(member, value) ? undefined : value).replace(/(task-definition\/[\w-]+):\d+/g, '$1');
  const quoted = [...images].map((names) => names.map((name) => JSON.stringify(name)));
  const { references, ...others } = JSON.parse(quoted.reduce((all, [image, digest]) => all.split(image).join(digest), text));
  return { ...others, references: { ...references, images: undefined } };
}

function remove(value: any, [name, ...rest]: string[]): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const member of name === '*' ? Object.keys(value) : [name]) {
    if (rest.length > 0) {
      remove(value[member], rest);
    } else {
      delete value[member];
    }
  }
}

function withoutTags(value: any): any {
  if (Array.isArray(value)) {
    return value.filter((item) => !(typeof item?.key === 'string' && (item.key.startsWith('aws:') || OUR_TAGS.includes(item.key)))).map(withoutTags);
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutTags(item)])) : value;
}
