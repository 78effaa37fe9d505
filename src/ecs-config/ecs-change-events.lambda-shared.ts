import { nameIn } from './ecs-cluster-reads.lambda-shared';
import type { ChangeEvent } from '../capture/capture-run.lambda-shared';

/** The cluster that an API takes if a call names none. */
const DEFAULT_CLUSTER = 'default';

/** Calls that are about a cluster or a service in it. */
const ABOUT_A_CLUSTER = /(Service|TaskSet|Cluster|ClusterSettings|ClusterCapacityProviders)$/;

/**
 * The name of the cluster that an event is about, if the event contains it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function clusterOfEvent({ 'detail-type': type, resources = [], detail = {} }: ChangeEvent): string | undefined {
  if (type !== 'AWS API Call via CloudTrail') {
    return clusterIn(resources[0]);
  }
  const { eventName = '', errorCode, requestParameters } = detail;
  if (errorCode !== undefined) {
    return undefined;
  }
  const { cluster, clusterArn, clusterName, resourceId, resourceArn, serviceArn } = requestParameters ?? {};
  const named = cluster ?? clusterArn ?? clusterName;
  const one = named ? nameIn(named) : clusterIn(serviceArn) ?? clusterIn(resourceArn) ?? clusterIn(resourceId);
  return one ?? (ABOUT_A_CLUSTER.test(eventName) && serviceArn === undefined ? DEFAULT_CLUSTER : undefined);
}

/** The second part of `service/<cluster>/<name>`, which may be the end of an ARN, or of `cluster/<name>`. */
function clusterIn(id: string | undefined): string | undefined {
  return /(?:^|:)service\/([^/]+)\/[^/]+$/.exec(id ?? '')?.[1] ?? /:cluster\/([^/]+)$/.exec(id ?? '')?.[1];
}
