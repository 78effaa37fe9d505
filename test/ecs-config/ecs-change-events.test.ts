import { DEPLOYMENT_EVENT } from './recorded';
import { clusterOfEvent } from '../../src/ecs-config/ecs-change-events.lambda-shared';

function apiCall(eventName: string, requestParameters: object | null, others: object = {}) {
  return {
    'id': '36eb8523-97d0-4518-b33d-ee3579ff19f0',
    'source': 'aws.ecs',
    'detail-type': 'AWS API Call via CloudTrail',
    'time': '2026-11-29T04:58:03Z',
    'detail': { eventSource: 'ecs.amazonaws.com', eventName, requestParameters, ...others },
  };
}

test('a deployment names the cluster in the ARN of its service, as in the event that AWS documents', () => {
  expect(clusterOfEvent(DEPLOYMENT_EVENT)).toBe('default');
});

test('a deployment of a service whose ARN has no cluster in it is about none that is known', () => {
  expect(clusterOfEvent({ ...DEPLOYMENT_EVENT, resources: ['arn:aws:ecs:us-west-2:123456789012:service/my-http-service'] })).toBeUndefined();
});

test.each([
  ['UpdateService', { cluster: 'prod', service: 'web' }, 'prod'],
  ['UpdateService', { cluster: 'arn:aws:ecs:us-west-2:111122223333:cluster/prod', service: 'web' }, 'prod'],
  ['UpdateService', { service: 'web' }, 'default'],
  ['CreateService', { serviceName: 'web' }, 'default'],
  ['CreateTaskSet', { service: 'web' }, 'default'],
  ['UpdateServicePrimaryTaskSet', { cluster: 'prod', service: 'web' }, 'prod'],
  ['PutClusterCapacityProviders', { cluster: 'prod' }, 'prod'],
  ['UpdateClusterSettings', { cluster: 'prod' }, 'prod'],
  ['CreateCluster', { clusterName: 'prod' }, 'prod'],
  ['CreateCluster', null, 'default'],
  ['CreateDaemon', { clusterArn: 'arn:aws:ecs:us-west-2:111122223333:cluster/prod' }, 'prod'],
  ['UpdateExpressGatewayService', { serviceArn: 'arn:aws:ecs:us-west-2:111122223333:service/prod/web' }, 'prod'],
  ['TagResource', { resourceArn: 'arn:aws:ecs:us-west-2:111122223333:cluster/prod' }, 'prod'],
  ['TagResource', { resourceArn: 'arn:aws:ecs:us-west-2:111122223333:service/prod/web' }, 'prod'],
  ['TagResource', { resourceArn: 'arn:aws:ecs:us-west-2:111122223333:task-definition/web:7' }, undefined],
  ['RegisterTaskDefinition', { family: 'web' }, undefined],
  ['UpdateCapacityProvider', { name: 'MyCapacityProvider' }, undefined],
])('%s of %j is about the cluster %s', (eventName, requestParameters, expected) => {
  expect(clusterOfEvent(apiCall(eventName, requestParameters))).toBe(expected);
});

test.each([
  ['PutScalingPolicy', { serviceNamespace: 'ecs', resourceId: 'service/prod/web', policyName: 'cpu' }, 'prod'],
  ['RegisterScalableTarget', { serviceNamespace: 'ecs', resourceId: 'service/default/web-app' }, 'default'],
  ['RegisterScalableTarget', { serviceNamespace: 'dynamodb', resourceId: 'table/orders' }, undefined],
])('%s of Application Auto Scaling for %j is about the cluster %s', (eventName, requestParameters, expected) => {
  expect(clusterOfEvent(apiCall(eventName, requestParameters, {
    eventSource: 'autoscaling.amazonaws.com', additionalEventData: { service: 'application-autoscaling' },
  }))).toBe(expected);
});

test('a call that failed is about nothing', () => {
  expect(clusterOfEvent(apiCall('UpdateService', { cluster: 'prod' }, { errorCode: 'AccessDenied' }))).toBeUndefined();
});

test('an event without resources or detail is about nothing', () => {
  expect(clusterOfEvent({ 'id': 'x', 'source': 'aws.ecs', 'detail-type': 'ECS Deployment State Change', 'time': '2026-11-29T04:58:03Z' })).toBeUndefined();
});
