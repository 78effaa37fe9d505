import { createHash } from 'crypto';
import { ACCOUNT, REGION } from './fake-aws-apis';
import type { FakeState } from './fake-aws-apis';
import { LIFECYCLE_POLICY } from './recorded';

const ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}`;
const AT = 1764390000;

export interface Size {
  readonly services: number;
  /** AWS answers up to 100. */
  readonly eventsOfService?: number;
  readonly variables?: number;
  /** The value of each variable that has none of its own. */
  readonly valueAt?: (service: string, index: number) => string;
}

/** Texts that don't compress, as identifiers do not. */
function random(seed: string, length = 32): string {
  return createHash('sha512').update(seed).digest('hex').slice(0, length);
}

/** An account with a cluster that has everything, as production has it. */
export function accountWith(name: string, { services, eventsOfService = 3, variables = 3, valueAt = (family, index) => random(`${family} ${index}`) }: Size): FakeState {
  const names = Array.from({ length: services }, (_, index) => `service-${String(index).padStart(4, '0')}`);
  const clusterArn = `${ARN}:cluster/${name}`;
  const targetGroupArn = (service: string) => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${service}/${random(service, 16)}`;
  const scaling = (service: string) => ({
    ServiceNamespace: 'ecs', ResourceId: `service/${name}/${service}`, ScalableDimension: 'ecs:service:DesiredCount', CreationTime: AT + 0.27,
  });
  const network = { awsvpcConfiguration: { subnets: ['subnet-0aaa', 'subnet-0bbb'], securityGroups: ['sg-0ccc'], assignPublicIp: 'DISABLED' } };
  return {
    clusters: [{
      cluster: {
        clusterArn,
        clusterName: name,
        status: 'ACTIVE',
        registeredContainerInstancesCount: 0,
        runningTasksCount: services * 2,
        pendingTasksCount: 0,
        activeServicesCount: services,
        statistics: [{ name: 'runningFargateTasksCount', value: String(services * 2) }],
        tags: [{ key: 'team', value: 'payments' }],
        settings: [{ name: 'containerInsights', value: 'enabled' }],
        configuration: { executeCommandConfiguration: { logging: 'OVERRIDE', logConfiguration: { cloudWatchLogGroupName: '/ecs/exec' } } },
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
        serviceConnectDefaults: { namespace: `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:namespace/ns-0123456789abcdef` },
        memberOfTomorrow: { kept: true },
      },
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'].map((provider) => ({
        capacityProviderArn: `${ARN}:capacity-provider/${provider}`, name: provider, status: 'ACTIVE', tags: [],
      })),
      services: names.map((service) => ({
        serviceArn: `${ARN}:service/${name}/${service}`,
        serviceName: service,
        clusterArn,
        status: 'ACTIVE',
        desiredCount: 2,
        runningCount: 2,
        pendingCount: 0,
        platformVersion: 'LATEST',
        platformFamily: 'Linux',
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
        taskDefinition: `${ARN}:task-definition/${service}:7`,
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true }, maximumPercent: 200, minimumHealthyPercent: 100, strategy: 'ROLLING' },
        deployments: [{
          id: `ecs-svc/${random(`deployment ${service}`, 19)}`,
          status: 'PRIMARY',
          taskDefinition: `${ARN}:task-definition/${service}:7`,
          desiredCount: 2,
          pendingCount: 0,
          runningCount: 2,
          failedTasks: 0,
          createdAt: AT + 0.123,
          updatedAt: AT + 90.5,
          platformVersion: '1.4.0',
          platformFamily: 'Linux',
          networkConfiguration: network,
          rolloutState: 'COMPLETED',
          rolloutStateReason: `ECS deployment ecs-svc/${random(`deployment ${service}`, 19)} completed.`,
          serviceConnectConfiguration: { enabled: true, namespace: 'internal' },
        }],
        loadBalancers: [{ targetGroupArn: targetGroupArn(service), containerName: 'web', containerPort: 8080 }],
        serviceRegistries: [{ registryArn: `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:service/srv-${random(service, 16)}` }],
        events: Array.from({ length: eventsOfService }, (_, index) => ({
          id: random(`${service} ${index}`, 32), createdAt: AT - index * 21600, message: `(service ${service}) has reached a steady state.`,
        })),
        createdAt: AT,
        currentServiceDeployment: `${ARN}:service-deployment/${name}/${service}/${random(`d ${service}`, 21)}`,
        currentServiceRevisions: [{ arn: `${ARN}:service-revision/${name}/${service}/1`, requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 }],
        placementConstraints: [],
        placementStrategy: [],
        networkConfiguration: network,
        healthCheckGracePeriodSeconds: 60,
        schedulingStrategy: 'REPLICA',
        deploymentController: { type: 'ECS' },
        createdBy: `arn:aws:iam::${ACCOUNT}:role/deploy`,
        enableECSManagedTags: true,
        propagateTags: 'SERVICE',
        enableExecuteCommand: false,
        availabilityZoneRebalancing: 'ENABLED',
        memberOfTomorrow: ['kept'],
        tags: [{ key: 'aws:cloudformation:stack-name', value: 'Workload' }, { key: 'aws:cloudformation:logical-id', value: `Service${random(service, 8)}` }],
      })),
      revisions: names.map((service) => ({
        serviceRevisionArn: `${ARN}:service-revision/${name}/${service}/1`,
        serviceArn: `${ARN}:service/${name}/${service}`,
        clusterArn,
        taskDefinition: `${ARN}:task-definition/${service}:7`,
        createdAt: AT + 0.1,
        platformVersion: '1.4.0',
        platformFamily: 'Linux',
        networkConfiguration: network,
        containerImages: [{ containerName: 'web', image: imageOf(service), imageDigest: digestOf(service) }],
        guardDutyEnabled: false,
        monitoring: { metricConfigurations: [{ name: 'kept' }] },
        serviceConnectConfiguration: { enabled: true, namespace: 'internal' },
      })),
      daemons: [],
    }],
    taskDefinitions: Object.fromEntries([...names, 'nightly'].map((family) => [`${ARN}:task-definition/${family}:7`, taskDefinition(family, variables, valueAt)])),
    scalableTargets: names.map((service) => ({ ...scaling(service), MinCapacity: 2, MaxCapacity: 20, SuspendedState: {} })),
    scalingPolicies: names.map((service) => ({
      ...scaling(service),
      PolicyName: `${service}-cpu`,
      PolicyType: 'TargetTrackingScaling',
      Alarms: [],
      PolicyARN: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:scalingPolicy:${random(service, 32)}:resource/ecs/service/${name}/${service}:policyName/${service}-cpu`,
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 60, PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' } },
    })),
    scheduledActions: names.slice(0, 1).map((service) => ({
      ...scaling(service), ScheduledActionName: 'at-night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MinCapacity: 1 },
    })),
    targetGroups: names.map((service) => ({ TargetGroupArn: targetGroupArn(service), TargetGroupName: service, Protocol: 'HTTP', Port: 8080, VpcId: 'vpc-0ddd' })),
    namespaces: [{
      Id: 'ns-0123456789abcdef', Arn: `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:namespace/ns-0123456789abcdef`, Name: 'internal', Type: 'HTTP', ServiceCount: 3, CreateDate: AT,
    }],
    discoveryServices: names.map((service) => ({
      Id: `srv-${random(service, 16)}`,
      Arn: `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:service/srv-${random(service, 16)}`,
      Name: service,
      InstanceCount: 2,
      CreateDate: AT,
      NamespaceId: 'ns-0123456789abcdef',
    })),
    eventBuses: ['default', 'orders'],
    rules: [{
      rule: { Name: 'on-order', Arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/orders/on-order`, EventBusName: 'orders', State: 'ENABLED', EventPattern: '{"source":["orders"]}' },
      targets: [{
        Id: 'task',
        Arn: clusterArn,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/events`,
        Input: '{"containerOverrides":[{"name":"web","environment":[{"name":"MODE","value":"order"}]}]}',
        EcsParameters: { TaskDefinitionArn: `${ARN}:task-definition/nightly:7`, TaskCount: 1, LaunchType: 'FARGATE' },
      }],
    }],
    schedules: [{
      Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/nightly`,
      GroupName: 'default',
      Name: 'nightly',
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      CreationDate: AT,
      LastModificationDate: AT,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: clusterArn,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
        EcsParameters: {
          TaskDefinitionArn: `${ARN}:task-definition/nightly`,
          NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-0aaa'], SecurityGroups: ['sg-0ccc'] } },
        },
      },
    }, {
      Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/other`, GroupName: 'default', Name: 'other', Target: { Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:other` },
    }],
    subnets: ['subnet-0aaa', 'subnet-0bbb'].map((SubnetId) => ({
      SubnetId, VpcId: 'vpc-0ddd', AvailabilityZone: `${REGION}a`, CidrBlock: '10.0.0.0/24', AvailableIpAddressCount: 251, Tags: [{ Key: 'Name', Value: 'private' }],
    })),
    securityGroups: [{ GroupId: 'sg-0ccc', GroupName: 'tasks', Description: 'Tasks', VpcId: 'vpc-0ddd', IpPermissions: [], Tags: [] }],
    repositories: [...names, 'nightly'].map((service) => ({
      repository: { registryId: ACCOUNT, repositoryName: service, imageTagMutability: 'IMMUTABLE', createdAt: AT },
      ...service === 'nightly' && { lifecyclePolicyText: LIFECYCLE_POLICY },
      images: [{ digest: digestOf(service), tags: ['1.4.2'], replicationStatuses: [{ region: 'eu-west-1', registryId: ACCOUNT, status: 'COMPLETE' }] }],
    })),
  };
}

export function imageOf(service: string): string {
  return `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${service}:1.4.2`;
}

export function digestOf(service: string): string {
  return `sha256:${random(service, 64)}`;
}

function taskDefinition(family: string, variables: number, valueAt: (service: string, index: number) => string): any {
  return {
    taskDefinition: {
      taskDefinitionArn: `${ARN}:task-definition/${family}:7`,
      family,
      revision: 7,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      cpu: '512',
      memory: '1024',
      requiresCompatibilities: ['FARGATE'],
      compatibilities: ['EC2', 'FARGATE'],
      requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
      volumes: [],
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
      taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/task`,
      registeredAt: AT - 60.4,
      registeredBy: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/session`,
      memberOfTomorrow: { kept: 1 },
      containerDefinitions: [{
        name: 'web',
        image: imageOf(family),
        cpu: 256,
        memory: 512,
        essential: true,
        portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp', name: 'http' }],
        environment: Array.from({ length: variables }, (_, index) => ({ name: `SETTING_${index}`, value: valueAt(family, index) })),
        secrets: [{ name: 'DB_PASSWORD', valueFrom: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${family}/db-AbCdEf` }],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': REGION, 'awslogs-stream-prefix': 'web' } },
        healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'], interval: 30, timeout: 5, retries: 3 },
      }],
    },
    tags: [{ key: 'commit', value: '4d1c2b3a' }],
  };
}
