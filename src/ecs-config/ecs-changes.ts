import type { ChangePattern } from '../configuration/configuration-capture';

/**
 * Calls of Amazon ECS that change a cluster or its services. Those that end a cluster, and those of what no cluster uses yet, are left out.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const ECS_CALLS = [
  'CreateCapacityProvider', 'CreateCluster', 'CreateService', 'CreateTaskSet', 'DeleteCapacityProvider', 'DeleteService', 'DeleteTaskSet',
  'PutClusterCapacityProviders', 'TagResource', 'UntagResource', 'UpdateCapacityProvider', 'UpdateCluster', 'UpdateClusterSettings', 'UpdateService',
  'UpdateServicePrimaryTaskSet', 'UpdateTaskSet',
];

/**
 * Calls that change how services scale.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/logging-using-cloudtrail.html
 */
const SCALING_CALLS = [
  'DeleteScalingPolicy', 'DeleteScheduledAction', 'DeregisterScalableTarget', 'PutScalingPolicy', 'PutScheduledAction', 'RegisterScalableTarget',
];

const API_CALL = 'AWS API Call via CloudTrail';

/** Calls that did not fail. */
const SUCCEEDED = { errorCode: [{ exists: false }] };

/** Scaling changes how many tasks run, often, and nothing that is captured. */
const NOT_BY_SCALING = { userIdentity: { invokedBy: [{ exists: false }, { 'anything-but': ['ecs.application-autoscaling.amazonaws.com'] }] } };

/** What happens when a configuration changes. */
export const ECS_CHANGES: ChangePattern[] = [
  {
    id: 'Deployments',
    description: 'Deployments of Amazon ECS services, after which their configuration is captured',
    pattern: { 'source': ['aws.ecs'], 'detail-type': ['ECS Deployment State Change'] },
  },
  {
    id: 'Calls',
    description: 'Calls that change Amazon ECS clusters and services, after which their configuration is captured',
    pattern: { 'detail-type': [API_CALL], 'detail': { eventSource: ['ecs.amazonaws.com'], eventName: ECS_CALLS, ...NOT_BY_SCALING, ...SUCCEEDED } },
  },
  {
    id: 'ScalingCalls',
    description: 'Calls that change how Amazon ECS services scale, after which their configuration is captured',
    pattern: {
      'detail-type': [API_CALL],
      // CloudTrail gives the source that it shares with Amazon EC2 Auto Scaling.
      'detail': {
        eventSource: ['autoscaling.amazonaws.com', 'application-autoscaling.amazonaws.com'],
        eventName: SCALING_CALLS,
        requestParameters: { serviceNamespace: ['ecs'] },
        ...SUCCEEDED,
      },
    },
  },
];
