import * as fc from 'fast-check';
import { FakeEcs } from './fake-ecs';
import { ACCOUNT, REGION } from '../ecs-config/fake-aws-apis';
import { accountWith } from '../ecs-config/fake-cluster';

const NAMES = ['service-0000', 'service-0001', 'service-0002'];

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const tag = fc.record({ key: fc.constantFrom('team', 'stage', 'cost'), value: fc.string({ maxLength: 8 }) });

const tags = fc.uniqueArray(tag, { selector: ({ key }) => key, maxLength: 3 });

/** The configuration of a service, as its owner would create it. */
const service = fc.record({
  isOnInstances: fc.boolean(),
  isDaemon: fc.boolean(),
  isBalanced: fc.boolean(),
  hasStrategy: fc.boolean(),
  desiredCount: fc.integer({ min: 0, max: 5 }),
  tags,
  options: fc.record({
    platformVersion: fc.constantFrom('LATEST', '1.4.0'),
    enableECSManagedTags: fc.boolean(),
    enableExecuteCommand: fc.boolean(),
    propagateTags: fc.constantFrom('SERVICE', 'TASK_DEFINITION', 'NONE'),
    availabilityZoneRebalancing: fc.constantFrom('ENABLED', 'DISABLED'),
    deploymentConfiguration: fc.record({
      maximumPercent: fc.integer({ min: 100, max: 200 }),
      minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
      deploymentCircuitBreaker: fc.record({ enable: fc.boolean(), rollback: fc.boolean() }),
    }),
    monitoring: fc.record({ metricConfigurations: fc.array(fc.record({ name: fc.string({ maxLength: 5 }) }), { minLength: 1, maxLength: 2 }) }),
    gatewayConnectors: fc.array(fc.record({ name: fc.string({ maxLength: 5 }) }), { minLength: 1, maxLength: 1 }),
    serviceConnectConfiguration: fc.record({ enabled: fc.boolean(), namespace: fc.constant('internal') }),
    volumeConfigurations: fc.constant([{ name: 'data', managedEBSVolume: { sizeInGiB: 20, roleArn: `arn:aws:iam::${ACCOUNT}:role/services` } }]),
    vpcLatticeConfigurations: fc.constant([{
      targetGroupArn: 'arn:aws:vpc-lattice:eu-west-2:111122223333:targetgroup/tg-0123456789abcdef0', portName: 'http',
    }]),
    placementConstraints: fc.constant([{ type: 'distinctInstance' }]),
    memberOfTomorrow: fc.jsonValue({ maxDepth: 1 }).filter((value) => value !== null),
  }, { requiredKeys: [] }),
  scaling: optional(fc.record({
    min: fc.integer({ min: 0, max: 2 }), max: fc.integer({ min: 3, max: 20 }), isStep: fc.boolean(), isScheduled: fc.boolean(),
  })),
});

/** A cluster with services in one of all the ways that AWS takes. */
export const configuration = fc.record({
  services: fc.array(service, { minLength: 1, maxLength: NAMES.length }),
  clusterTags: tags,
  settings: optional(fc.record({ name: fc.constant('containerInsights'), value: fc.constantFrom('enabled', 'disabled', 'enhanced') })),
  hasDefaultStrategy: fc.boolean(),
});

type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

/** An account in which its owner has made all that. */
export async function accountOf({ services, clusterTags, settings, hasDefaultStrategy }: Configuration): Promise<FakeEcs> {
  const aws = new FakeEcs(accountWith('prod', { services: NAMES.length }));
  const [{ cluster }] = aws.state.clusters;
  const strategy = hasDefaultStrategy ? {} : { defaultCapacityProviderStrategy: [] };
  Object.assign(cluster, { tags: clusterTags, settings: settings && [settings], ...strategy });
  Object.assign(aws.state, { scalableTargets: [], scalingPolicies: [], scheduledActions: [] });
  Object.assign(aws.state.clusters[0], { services: [], revisions: [] });
  for (const [index, each] of services.entries()) {
    await makeService(aws, NAMES[index], index, each);
  }
  await aws.clock.sleep(100_000);
  aws.calls.splice(0);
  return aws;
}

async function makeService(aws: FakeEcs, serviceName: string, index: number, each: Configuration['services'][number]): Promise<void> {
  const { isOnInstances, isDaemon, isBalanced, hasStrategy, desiredCount, options, scaling } = each;
  const taskDefinition = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${serviceName}:7`;
  Object.assign(aws.state.taskDefinitions[taskDefinition].taskDefinition, isOnInstances ? { networkMode: 'bridge', requiresCompatibilities: ['EC2'] } : {});
  const { platformVersion, placementConstraints, ...others } = options;
  await aws.call('ecs', 'CreateService', {
    cluster: 'prod',
    serviceName,
    taskDefinition,
    tags: each.tags,
    schedulingStrategy: isOnInstances && isDaemon ? 'DAEMON' : 'REPLICA',
    ...isOnInstances && isDaemon ? {} : { desiredCount },
    ...isOnInstances ? { launchType: 'EC2', ...placementConstraints && { placementConstraints } } : {
      ...hasStrategy ? { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] } : { launchType: 'FARGATE' },
      ...platformVersion && { platformVersion },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0aaa', 'subnet-0bbb'], securityGroups: ['sg-0ccc'], assignPublicIp: 'DISABLED' } },
    },
    ...isBalanced && {
      loadBalancers: [{ targetGroupArn: aws.state.targetGroups[index].TargetGroupArn, containerName: 'web', containerPort: 8080 }],
      healthCheckGracePeriodSeconds: 60,
    },
    ...others,
  });
  const scaled = { ServiceNamespace: 'ecs', ResourceId: `service/prod/${serviceName}`, ScalableDimension: 'ecs:service:DesiredCount' };
  if (scaling && !isDaemon) {
    await aws.call('application-autoscaling', 'RegisterScalableTarget', { ...scaled, MinCapacity: scaling.min, MaxCapacity: scaling.max });
    await aws.call('application-autoscaling', 'PutScalingPolicy', {
      ...scaled,
      PolicyName: 'cpu',
      ...scaling.isStep
        ? { PolicyType: 'StepScaling', StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ ScalingAdjustment: 1 }] } }
        : { PolicyType: 'TargetTrackingScaling', TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } },
    });
    if (scaling.isScheduled) {
      await aws.call('application-autoscaling', 'PutScheduledAction', {
        ...scaled, ScheduledActionName: 'night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MinCapacity: 0 },
      });
    }
  }
}
