import * as scalingModel from '@aws-sdk/client-application-auto-scaling';
import * as ecsModel from '@aws-sdk/client-ecs';
import * as eventsModel from '@aws-sdk/client-eventbridge';
import * as schedulerModel from '@aws-sdk/client-scheduler';
import { differences, NOT_UPDATABLE, OF_REVISION, OUTPUT_ONLY, pinned, scalingInputs, serviceInput } from '../../src/ecs-restore/ecs-inputs.lambda-shared';

/** The names of members, by the model of the service. */
const membersOf = (model: object, shape: string): string[] => (model as any)[`${shape}$`][4];

/** Members that a restore gives an input from elsewhere, or never: those of calls that AWS makes unrepeatable, and of tags. */
const NOT_ANSWERED: Record<string, string[]> = {
  CreateCluster: [],
  CreateService: ['cluster', 'clientToken', 'role', ...OF_REVISION],
  RegisterTaskDefinition: ['tags'],
  RegisterScalableTarget: ['Tags', 'RoleARN'],
  PutScalingPolicy: [],
  PutScheduledAction: [],
  PutRule: ['Tags'],
  CreateSchedule: ['ClientToken'],
};

describe('what is left of an answer is what the input takes, by the models of AWS:', () => {
  test.each<[string, object, string, keyof typeof OUTPUT_ONLY, string]>([
    ['CreateCluster', ecsModel, 'Cluster', 'cluster', 'CreateClusterRequest'],
    ['CreateService', ecsModel, 'Service', 'service', 'CreateServiceRequest'],
    ['RegisterTaskDefinition', ecsModel, 'TaskDefinition', 'taskDefinition', 'RegisterTaskDefinitionRequest'],
    ['RegisterScalableTarget', scalingModel, 'ScalableTarget', 'scalableTarget', 'RegisterScalableTargetRequest'],
    ['PutScalingPolicy', scalingModel, 'ScalingPolicy', 'scalingPolicy', 'PutScalingPolicyRequest'],
    ['PutScheduledAction', scalingModel, 'ScheduledAction', 'scheduledAction', 'PutScheduledActionRequest'],
    ['PutRule', eventsModel, 'DescribeRuleResponse', 'rule', 'PutRuleRequest'],
    ['CreateSchedule', schedulerModel, 'GetScheduleOutput', 'schedule', 'CreateScheduleInput'],
  ])('%s', (operation, model, answer, kind, input) => {
    const left = membersOf(model, answer).filter((member) => !OUTPUT_ONLY[kind].includes(member));

    expect([...left, ...NOT_ANSWERED[operation]].sort()).toEqual([...membersOf(model, input)].sort());
  });

  test('UpdateService', () => {
    const created = membersOf(ecsModel, 'CreateServiceRequest').filter((member) => !NOT_UPDATABLE.includes(member) && member !== 'clientToken');

    expect([...created, 'service', 'forceNewDeployment'].sort()).toEqual([...membersOf(ecsModel, 'UpdateServiceRequest')].sort());
  });

  test('and what a revision has of a service that DescribeServices has not', () => {
    const answered = membersOf(ecsModel, 'Service');
    const configured = membersOf(ecsModel, 'CreateServiceRequest');

    const ofRevision = membersOf(ecsModel, 'ServiceRevision').filter((member) => configured.includes(member) && !answered.includes(member));

    expect([...OF_REVISION].sort()).toEqual(ofRevision.sort());
  });
});

describe('the input of a service', () => {
  test.each([
    ['a period that is for health checks of containers or of VPC Lattice', 60, [], 60],
    ['that of a load balancer', 60, [{ containerName: 'web' }], 60],
    ['none for a load balancer', 0, [{ containerName: 'web' }], 0],
    ['nothing for a service without a period and a load balancer, of which AWS says 0', 0, [], undefined],
  ])('has %s', (_, healthCheckGracePeriodSeconds, loadBalancers, expected) => {
    expect(serviceInput({ service: { serviceName: 'web', healthCheckGracePeriodSeconds, loadBalancers } }, 'prod').healthCheckGracePeriodSeconds).toBe(expected);
  });

  test('has the configuration of its revision, and of its primary deployment if it has no revision', () => {
    const primary = { status: 'PRIMARY', serviceConnectConfiguration: { enabled: true }, volumeConfigurations: [{ name: 'old' }] };
    const service = { serviceName: 'web', deployments: [{ status: 'ACTIVE', volumeConfigurations: [] }, primary] };

    expect(serviceInput({ service }, 'prod')).toMatchObject({ serviceConnectConfiguration: { enabled: true }, volumeConfigurations: [{ name: 'old' }] });
    expect(serviceInput({ service, revision: { monitoring: { on: true }, volumeConfigurations: [{ name: 'new' }] } }, 'prod')).toMatchObject({
      monitoring: { on: true }, volumeConfigurations: [{ name: 'new' }],
    });
  });

  test('has no role that AWS makes for itself', () => {
    const linked = 'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';

    expect(serviceInput({ service: { serviceName: 'web', roleArn: linked } }, 'prod')).not.toHaveProperty('role');
    expect(serviceInput({ service: { serviceName: 'web', roleArn: 'arn:aws:iam::111122223333:role/mine' } }, 'prod').role).toBe('arn:aws:iam::111122223333:role/mine');
  });

  test('of a daemon has no count', () => {
    expect(serviceInput({ service: { serviceName: 'agent', schedulingStrategy: 'DAEMON', desiredCount: 4 } }, 'prod')).not.toHaveProperty('desiredCount');
  });
});

test('scheduled actions whose time is over are left out', () => {
  const now = Date.parse('2026-11-29T05:00:00Z');
  const actions = [
    { ScheduledActionName: 'past', Schedule: 'at(2026-11-28T05:00:00)' }, { ScheduledActionName: 'ended', Schedule: 'rate(1 day)', EndTime: now / 1000 - 1 },
    { ScheduledActionName: 'begun', Schedule: 'rate(1 day)', StartTime: now / 1000 - 1 }, { ScheduledActionName: 'later', Schedule: 'at(2026-11-30T05:00:00)' },
  ];

  expect(scalingInputs({ targets: [], policies: [], scheduledActions: actions }, false, now).scheduledActions).toEqual([
    { ScheduledActionName: 'begun', Schedule: 'rate(1 day)' }, { ScheduledActionName: 'later', Schedule: 'at(2026-11-30T05:00:00)' },
  ]);
});

test.each([
  ['nginx', 'nginx@sha256:1'], ['nginx:1.27', 'nginx@sha256:1'], ['localhost:5000/web', 'localhost:5000/web@sha256:1'],
  ['localhost:5000/web:1', 'localhost:5000/web@sha256:1'], ['web@sha256:2', 'web@sha256:2'],
])('the image %s by its digest is %s', (image, expected) => {
  expect(pinned(image, 'sha256:1')).toBe(expected);
});

describe('differences', () => {
  test('are paths by the names of items, whatever the order', () => {
    const one = [{ name: 'a', value: '1' }, { name: 'b', value: '2' }];
    const other = [{ name: 'b', value: '2' }, { name: 'a', value: '3' }];

    expect(differences({ environment: one }, { environment: other })).toEqual(['environment.a.value']);
  });

  test('are none between an empty list and none, nor in the order of subnets', () => {
    expect(differences({ subnets: ['a', 'b'], tags: [] }, { subnets: ['b', 'a'] })).toEqual([]);
  });

  test('have the order of what has no names', () => {
    expect(differences({ command: ['a', 'b'] }, { command: ['b', 'a'] })).toEqual(['command.0', 'command.1']);
  });

  test('are marked where only the found one has the member', () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 })).toEqual(['+b']);
  });
});
