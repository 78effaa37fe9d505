import { ECS_CHANGES } from '../../src/ecs-config/ecs-changes';
import { match } from '../event-patterns';

const ACCOUNT = '222222222222';
const REGION = 'eu-west-2';

/** As in AWS's page on deployment events. */
const DEPLOYMENT = {
  'version': '0',
  'id': 'ddca6449-b258-46c0-8653-e0e3aEXAMPLE',
  'detail-type': 'ECS Deployment State Change',
  'source': 'aws.ecs',
  'account': ACCOUNT,
  'time': '2026-05-23T12:31:14Z',
  'region': REGION,
  'resources': [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/default/servicetest`],
  'detail': {
    eventType: 'INFO',
    eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
    deploymentId: 'ecs-svc/123',
    updatedAt: '2026-05-23T11:11:11Z',
    reason: 'ECS deployment deploymentID completed.',
  },
};

function call(eventSource: string, eventName: string, requestParameters: object, rest: object = {}): Record<string, unknown> {
  return {
    'version': '0',
    'id': '36eb8523-97d0-4518-b33d-ee3579ff19f0',
    'detail-type': 'AWS API Call via CloudTrail',
    'source': eventSource === 'ecs.amazonaws.com' ? 'aws.ecs' : 'aws.autoscaling',
    'account': ACCOUNT,
    'time': '2026-05-23T12:31:14Z',
    'region': REGION,
    'resources': [],
    'detail': { eventVersion: '1.08', eventSource, eventName, awsRegion: REGION, requestParameters, ...rest },
  };
}

const SCALING = 'autoscaling.amazonaws.com';
const SHOP = { serviceNamespace: 'ecs', resourceId: 'service/shop/web' };

test.each<[string, Record<string, unknown>, string[]]>([
  ['a deployment', DEPLOYMENT, ['Deployments']],
  ['a service that is updated without a deployment', call('ecs.amazonaws.com', 'UpdateService', { cluster: 'shop', service: 'web' }), ['Calls']],
  ['a service that scaling updates', call('ecs.amazonaws.com', 'UpdateService', { cluster: 'shop', service: 'web' }, {
    userIdentity: { type: 'AssumedRole', invokedBy: 'ecs.application-autoscaling.amazonaws.com' },
  }), []],
  ['a service that AWS CloudFormation updates', call('ecs.amazonaws.com', 'UpdateService', { cluster: 'shop', service: 'web' }, {
    userIdentity: { type: 'AssumedRole', invokedBy: 'cloudformation.amazonaws.com' },
  }), ['Calls']],
  ['a capacity provider that is updated', call('ecs.amazonaws.com', 'UpdateCapacityProvider', { name: 'managed', cluster: 'shop' }), ['Calls']],
  ['a service that is deleted', call('ecs.amazonaws.com', 'DeleteService', { cluster: 'shop', service: 'web' }), ['Calls']],
  ['capacity providers that change', call('ecs.amazonaws.com', 'PutClusterCapacityProviders', { cluster: 'shop' }), ['Calls']],
  ['a call that failed', call('ecs.amazonaws.com', 'UpdateService', { cluster: 'shop', service: 'web' }, { errorCode: 'AccessDenied' }), []],
  ['a call that reads', call('ecs.amazonaws.com', 'DescribeServices', { cluster: 'shop' }), []],
  ['a task that is run', call('ecs.amazonaws.com', 'RunTask', { cluster: 'shop' }), []],
  ['a cluster that is deleted, which has nothing left to capture', call('ecs.amazonaws.com', 'DeleteCluster', { cluster: 'shop' }), []],
  ['a scalable target of a service', call(SCALING, 'RegisterScalableTarget', SHOP), ['ScalingCalls']],
  ['a scaling policy of a service', call(SCALING, 'PutScalingPolicy', SHOP), ['ScalingCalls']],
  ['a scalable target of a table', call(SCALING, 'RegisterScalableTarget', { serviceNamespace: 'dynamodb', resourceId: 'table/orders' }), []],
  ['a scaling policy of Amazon EC2 Auto Scaling', call(SCALING, 'PutScalingPolicy', { autoScalingGroupName: 'fleet' }), []],
  ['a scaling call that failed', call(SCALING, 'PutScalingPolicy', SHOP, { errorCode: 'ValidationException' }), []],
])('%s is matched by the rules on changes that are meant for it', (name, event, expected) => {
  const cases = ECS_CHANGES.map(({ id, pattern }) => ({ name: `${name} ${id}`, pattern: pattern as Record<string, unknown>, event }));
  const results = match(cases);

  expect(results.filter((result) => !['matches', 'differs'].includes(result))).toEqual([]);
  expect(ECS_CHANGES.filter((_, index) => results[index] === 'matches').map(({ id }) => id)).toEqual(expected);
});
