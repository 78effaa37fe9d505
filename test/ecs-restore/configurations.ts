import * as fc from 'fast-check';
import { FakeEcs } from './fake-ecs';
import { ACCOUNT, REGION } from '../ecs-config/fake-aws-apis';
import type { FakeState } from '../ecs-config/fake-aws-apis';
import { accountWith, digestOf } from '../ecs-config/fake-cluster';

const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const NAMES = ['service-0000', 'service-0001', 'service-0002'];

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const tag = fc.record({ key: fc.constantFrom('team', 'stage', 'cost'), value: fc.string({ maxLength: 8 }) });

const tags = fc.uniqueArray(tag, { selector: ({ key }) => key, maxLength: 3 });

/** The configuration of a service, as its owner would create it. */
const service = fc.record({
  isOnInstances: fc.boolean(),
  isDaemon: fc.boolean(),
  isBalanced: fc.boolean(),
  isBlueGreen: fc.boolean(),
  strategy: fc.constantFrom('NONE', 'ON_DEMAND', 'MIXED'),
  /** A container beside the one that the service is for. */
  sidecar: optional(fc.constantFrom('public.ecr.aws/nginx/nginx:1.27', `${REGISTRY}/service-0002:1.4.2`, `${REGISTRY}/service-0002@${digestOf('service-0002')}`)),
  desiredCount: fc.integer({ min: 0, max: 5 }),
  tags,
  options: fc.record({
    platformVersion: fc.constantFrom('LATEST', '1.4.0'),
    enableECSManagedTags: fc.boolean(),
    enableExecuteCommand: fc.boolean(),
    propagateTags: fc.constantFrom('SERVICE', 'TASK_DEFINITION', 'NONE'),
    availabilityZoneRebalancing: fc.constantFrom('ENABLED', 'DISABLED'),
    deploymentConfiguration: fc.record({
      strategy: fc.constantFrom('ROLLING', 'BLUE_GREEN'),
      bakeTimeInMinutes: fc.integer({ min: 0, max: 60 }),
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

/** Something that starts tasks of the cluster. */
const runner = fc.record({ isEnabled: fc.boolean(), isDefault: fc.boolean(), hasRevision: fc.boolean() });

/** A cluster with services in one of all the ways that AWS takes. */
export const configuration = fc.record({
  services: fc.array(service, { minLength: 1, maxLength: NAMES.length }),
  clusterTags: tags,
  settings: optional(fc.record({ name: fc.constant('containerInsights'), value: fc.constantFrom('enabled', 'disabled', 'enhanced') })),
  hasDefaultStrategy: fc.boolean(),
  hasNamespace: fc.boolean(),
  hasExecuteCommand: fc.boolean(),
  rule: optional(fc.record({ runner, targets: fc.integer({ min: 1, max: 12 }) })),
  schedule: optional(fc.record({ runner, expression: fc.constantFrom('rate(1 day)', 'cron(0 2 * * ? *)', 'at(2030-01-01T00:00:00)'), isEnding: fc.boolean() })),
});

type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;
type Runner = typeof runner extends fc.Arbitrary<infer T> ? T : never;

/** An account in which its owner has made all that. */
export async function accountOf({ services, clusterTags, settings, rule, schedule, ...has }: Configuration): Promise<FakeEcs> {
  const aws = new FakeEcs(accountWith('prod', { services: NAMES.length }));
  const [{ cluster }] = aws.state.clusters;
  const strategy = has.hasDefaultStrategy ? {} : { defaultCapacityProviderStrategy: [] };
  Object.assign(cluster, { tags: clusterTags, settings: settings && [settings], ...strategy });
  const optionals = { serviceConnectDefaults: has.hasNamespace, configuration: has.hasExecuteCommand };
  Object.entries(optionals).filter(([, isThere]) => !isThere).forEach(([member]) => delete cluster[member]);
  Object.assign(aws.state, { rules: rule ? [ruleOf(aws, rule)] : [], schedules: schedule ? [scheduleOf(aws, schedule)] : [] });
  aws.state.subnets.forEach(({ SubnetId, Tags: [name] }) => Object.assign(name, { Value: `private-${SubnetId}` })); // none stands for another
  aws.existing.scheduleGroups = ['nights'];
  Object.assign(aws.state, { scalableTargets: [], scalingPolicies: [], scheduledActions: [] });
  Object.assign(aws.state.clusters[0], { services: [], revisions: [] });
  for (const [index, each] of services.entries()) {
    await makeService(aws, NAMES[index], index, each);
  }
  await aws.clock.sleep(100_000);
  aws.calls.splice(0);
  return aws;
}

function definedBy({ hasRevision }: Runner): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/nightly${hasRevision ? ':7' : ''}`;
}

function ruleOf({ state }: FakeEcs, { runner: { isEnabled, isDefault, ...of }, targets }: NonNullable<Configuration['rule']>): FakeState['rules'][number] {
  const [{ rule, targets: [target] }] = state.rules;
  const Arn = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${isDefault ? '' : 'orders/'}on-order`;
  return {
    rule: { ...rule, Arn, EventBusName: isDefault ? 'default' : 'orders', State: isEnabled ? 'ENABLED' : 'DISABLED' },
    targets: Array.from({ length: targets }, (_, index) => ({
      ...target, Id: `task-${index}`, EcsParameters: { ...target.EcsParameters, TaskDefinitionArn: definedBy({ isEnabled, isDefault, ...of }) },
    })),
  };
}

function scheduleOf({ state }: FakeEcs, { runner: of, expression, isEnding }: NonNullable<Configuration['schedule']>): any {
  const [schedule] = state.schedules;
  const GroupName = of.isDefault ? 'default' : 'nights';
  return {
    ...schedule,
    Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${GroupName}/nightly`,
    GroupName,
    State: of.isEnabled ? 'ENABLED' : 'DISABLED',
    ScheduleExpression: expression,
    ...isEnding && { EndDate: 1900000000 },
    Target: { ...schedule.Target, EcsParameters: { ...schedule.Target.EcsParameters, TaskDefinitionArn: definedBy(of) } },
  };
}

const STRATEGIES: Record<string, object> = {
  NONE: { launchType: 'FARGATE' },
  ON_DEMAND: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }] },
  MIXED: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }, { capacityProvider: 'FARGATE_SPOT', weight: 3, base: 0 }] },
};

async function makeService(aws: FakeEcs, serviceName: string, index: number, each: Configuration['services'][number]): Promise<void> {
  const { isOnInstances, isDaemon, isBalanced, isBlueGreen, strategy, sidecar, desiredCount, options, scaling } = each;
  const taskDefinition = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${serviceName}:7`;
  const definition = aws.state.taskDefinitions[taskDefinition].taskDefinition;
  Object.assign(definition, isOnInstances ? { networkMode: 'bridge', requiresCompatibilities: ['EC2'] } : {});
  definition.containerDefinitions.push(...sidecar ? [{ name: 'sidecar', image: sidecar, essential: false }] : []);
  const [group, alternate] = [index, (index + 1) % NAMES.length].map((at) => aws.state.targetGroups[at].TargetGroupArn);
  const advancedConfiguration = {
    alternateTargetGroupArn: alternate,
    productionListenerRule: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/public/1/2/3`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/services`,
  };
  const { platformVersion, placementConstraints, ...others } = options;
  await aws.call('ecs', 'CreateService', {
    cluster: 'prod',
    serviceName,
    taskDefinition,
    tags: each.tags,
    schedulingStrategy: isOnInstances && isDaemon ? 'DAEMON' : 'REPLICA',
    ...isOnInstances && isDaemon ? {} : { desiredCount },
    ...isOnInstances ? { launchType: 'EC2', ...placementConstraints && { placementConstraints } } : {
      ...STRATEGIES[strategy],
      ...platformVersion && { platformVersion },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0aaa', 'subnet-0bbb'], securityGroups: ['sg-0ccc'], assignPublicIp: 'DISABLED' } },
    },
    ...isBalanced && {
      loadBalancers: [{ targetGroupArn: group, containerName: 'web', containerPort: 8080, ...isBlueGreen && { advancedConfiguration } }],
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
