/**
 * What the hash of a document leaves out, since it changes by itself or describes how the document was made. A path has the names of
 * members, `*` for any one of a list or a map, and `**` for any number of them.
 *
 * `desiredCount` is left out in addition where it is not configuration: where Application Auto Scaling sets it, and where the service
 * runs a task on each container instance.
 */
export const VOLATILE_MEMBERS: string[] = [
  // How the document came about, and what is reported about it.
  'tier', 'trigger', 'scheduledFor', 'begunAt', 'endedAt', 'libraryVersion', 'sdkVersion', 'contentHash', 'notCaptured', 'findings',
  // How much is running.
  'cluster.registeredContainerInstancesCount', 'cluster.runningTasksCount', 'cluster.pendingTasksCount', 'cluster.activeServicesCount',
  'cluster.statistics', 'cluster.attachments.*.status', 'cluster.attachmentsStatus',
  'capacityProviders.*.updateStatus', 'capacityProviders.*.updateStatusReason',
  'services.*.service.events', 'services.*.service.runningCount', 'services.*.service.pendingCount',
  'services.*.service.currentServiceRevisions.*.requestedTaskCount', 'services.*.service.currentServiceRevisions.*.runningTaskCount',
  'services.*.service.currentServiceRevisions.*.pendingTaskCount',
  'services.*.service.deployments.*.desiredCount', 'services.*.service.deployments.*.runningCount',
  'services.*.service.deployments.*.pendingCount', 'services.*.service.deployments.*.failedTasks',
  'services.*.service.taskSets.*.computedDesiredCount', 'services.*.service.taskSets.*.runningCount',
  'services.*.service.taskSets.*.pendingCount', 'services.*.service.taskSets.*.stabilityStatus',
  'services.*.scaling.targets.*.PredictedCapacity',
  'references.namespaces.*.ServiceCount', 'references.namespaces.*.services.*.InstanceCount', 'references.images.*.replication',
  'references.images.*.tags',
  // Times.
  'services.*.service.createdAt', 'services.*.service.deployments.*.createdAt', 'services.*.service.deployments.*.updatedAt',
  'services.*.service.taskSets.*.createdAt', 'services.*.service.taskSets.*.updatedAt', 'services.*.service.taskSets.*.stabilityStatusAt',
  'services.*.revision.createdAt', 'services.*.revision.ecsManagedResources.**.updatedAt',
  'services.*.scaling.targets.*.CreationTime', 'services.*.scaling.policies.*.CreationTime',
  'services.*.scaling.scheduledActions.*.CreationTime',
  'taskDefinitions.*.registeredAt', 'references.images.*.repository.createdAt',
  'schedules.*.CreationDate', 'schedules.*.LastModificationDate',
  'references.namespaces.*.CreateDate', 'references.namespaces.*.services.*.CreateDate',
];
