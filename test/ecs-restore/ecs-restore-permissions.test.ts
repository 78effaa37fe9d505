import { FakeEcs } from './fake-ecs';
import { PreflightFake } from './preflight-fake';
import { Restored } from './restored';
import { contentOf, Execution, keep } from './runs';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { ECS_PREFLIGHT_READS, ECS_RESTORE_DEPENDENT, ECS_RESTORE_READS, ECS_RESTORE_WRITES } from '../../src/ecs-restore/ecs-restore-calls.contract';
import { accountWith } from '../ecs-config/fake-cluster';
import { decide } from '../policies';
import type { Request } from '../policies';
import { INFRASTRUCTURE, LONDON } from '../stacks';

const SOME_ROLE = `arn:aws:iam::${INFRASTRUCTURE}:role/task`;
const ecsArn = (resource: string) => `arn:aws:ecs:${LONDON}:${INFRASTRUCTURE}:${resource}`;
const OF = (name: string) => ({ 'ecs:cluster': ecsArn(`cluster/${name}`) });

/** The statements of the role of the function, and what they decide. */
class Role {
  private readonly policies: any[];

  constructor(clusters = [EcsClusterTarget.fromName('shop')], passableRoles = ['task']) {
    const restored = new Restored();
    const { role } = restored.define({ clusters, passableRoles: passableRoles.map((name) => restored.role(name)) });
    const [{ RoleName }] = restored.rendered.all('AWS::IAM::Role', ({ Description }) => /^Recovers/.test(Description));
    expect(role.node.path).toBe('Workload/Restore/Role');
    this.policies = restored.rendered.identityPolicies(RoleName);
  }

  public get statements(): any[] {
    return this.policies.flatMap(({ Statement }) => Statement);
  }

  public get actions(): string[] {
    return [...new Set(this.statements.flatMap(({ Action }) => Action as string[]))].sort();
  }

  public decides(requests: [action: string, resource: string, context?: Request['context']][]): string[] {
    return decide(requests.map(([action, resource, context = {}], index) => ({
      name: `${index} ${action}`,
      request: { principal: `arn:aws:iam::${INFRASTRUCTURE}:role/restores`, action, resource, resourceAccount: INFRASTRUCTURE, context },
      identityPolicies: this.policies,
    })));
  }
}

test('the role may change its clusters and their services, and no others', () => {
  const changes = (name: string): [string, string, Request['context']?][] => [
    ['ecs:CreateCluster', ecsArn(`cluster/${name}`)],
    ['ecs:PutClusterCapacityProviders', ecsArn(`cluster/${name}`)],
    ['ecs:CreateService', ecsArn(`service/${name}/web`), OF(name)],
    ['ecs:UpdateService', ecsArn(`service/${name}/web`), OF(name)],
    ['ecs:TagResource', ecsArn(`service/${name}/web`)],
    ['ecs:DescribeServices', ecsArn(`service/${name}/web`), OF(name)],
    ['ecs:DescribeServiceRevisions', ecsArn(`service-revision/${name}/web/4980306466373577095`), OF(name)],
    ['cloudwatch:PutMetricAlarm', `arn:aws:cloudwatch:${LONDON}:${INFRASTRUCTURE}:alarm:TargetTracking-service/${name}/web-AlarmHigh-1`],
  ];

  expect(new Role().decides(changes('shop'))).toEqual(Array(8).fill('Allowed'));
  expect(new Role().decides(changes('payments'))).toEqual(Array(8).fill('ImplicitlyDenied'));
  expect(new Role([EcsClusterTarget.all()]).decides(changes('payments'))).toEqual(Array(8).fill('Allowed'));
});

test('the role passes the roles that it was given to those who run tasks, and to nobody else', () => {
  const pass = (role: string, service: string): [string, string, Request['context']] => ['iam:PassRole', `arn:aws:iam::${INFRASTRUCTURE}:role/${role}`, { 'iam:PassedToService': service }];
  const services = ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com', 'events.amazonaws.com', 'scheduler.amazonaws.com'];

  expect(new Role().decides(services.map((service) => pass('task', service)))).toEqual(Array(4).fill('Allowed'));
  expect(new Role().decides([
    pass('task', 'lambda.amazonaws.com'),
    pass('task', 'ec2.amazonaws.com'),
    ['iam:PassRole', SOME_ROLE, {}],
    ...services.map((service) => pass('administrator', service)),
    ...services.map((service) => pass('tasks', service)),
    pass('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', 'ecs.amazonaws.com'),
  ])).toEqual(Array(12).fill('ImplicitlyDenied'));
});

test('a role that was given no roles passes none', () => {
  const role = new Role(undefined, []);

  expect(role.actions.filter((action) => action.startsWith('iam:'))).toEqual([]);
});

test('the role can delete nothing, stop nothing, and read no value of a secret', () => {
  const role = new Role([EcsClusterTarget.all()]);

  expect(role.actions.filter((action) => /:(Delete|Deregister|Remove|Untag|Stop|Disable|Terminate|Detach|Cancel)|\*/.test(action))).toEqual([]);
  expect(role.decides([
    ['ecs:DeleteService', ecsArn('service/shop/web'), OF('shop')],
    ['ecs:DeleteCluster', ecsArn('cluster/shop')],
    ['ecs:DeregisterTaskDefinition', '*'],
    ['ecs:StopTask', ecsArn('task/shop/1'), OF('shop')],
    ['application-autoscaling:DeleteScalingPolicy', `arn:aws:application-autoscaling:${LONDON}:${INFRASTRUCTURE}:scalable-target/1`, { 'application-autoscaling:service-namespace': 'ecs' }],
    ['events:DeleteRule', `arn:aws:events:${LONDON}:${INFRASTRUCTURE}:rule/nightly`],
    ['events:RemoveTargets', `arn:aws:events:${LONDON}:${INFRASTRUCTURE}:rule/nightly`],
    ['scheduler:DeleteSchedule', `arn:aws:scheduler:${LONDON}:${INFRASTRUCTURE}:schedule/default/nightly`],
    ['s3:DeleteObject', 'arn:aws:s3:::snapshots/daily/1'],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${LONDON}:${INFRASTRUCTURE}:secret:shop`],
    ['ssm:GetParameters', `arn:aws:ssm:${LONDON}:${INFRASTRUCTURE}:parameter/shop`],
    ['s3:GetObject', 'arn:aws:s3:::files/shop.env'],
  ])).toEqual(Array(12).fill('ImplicitlyDenied'));
});

test('the role changes scaling of Amazon ECS, and of no other service', () => {
  const change = (namespace: string): [string, string, Request['context']] => [
    'application-autoscaling:RegisterScalableTarget', `arn:aws:application-autoscaling:${LONDON}:${INFRASTRUCTURE}:scalable-target/1`, { 'application-autoscaling:service-namespace': namespace },
  ];

  expect(new Role().decides([change('ecs'), change('dynamodb')])).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test('the role lists environment files in buckets of the account alone', () => {
  const list = (account: string): [string, string, Request['context']] => ['s3:ListBucket', 'arn:aws:s3:::files', { 's3:ResourceAccount': account }];

  expect(new Role().decides([list(INFRASTRUCTURE), list('999999999999')])).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test('the role has each permission of the lists, and no other than these', () => {
  const listed = [...ECS_RESTORE_READS, ...ECS_RESTORE_WRITES, ...ECS_RESTORE_DEPENDENT, ...ECS_PREFLIGHT_READS].map(({ action }) => action);
  const { actions } = new Role();

  expect(listed.filter((action) => !actions.includes(action))).toEqual([]);
  expect(actions.filter((action) => !listed.includes(action))).toEqual([
    'iam:GetRole', 'iam:PassRole', 'kms:Decrypt', 'kms:GenerateDataKey', 'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:ListBucket', 's3:PutObject',
    'sqs:SendMessage', 'ssm:DescribeAutomationExecutions', 'ssm:DescribeAutomationStepExecutions', 'ssm:GetAutomationExecution',
  ]);
});

/** What IAM is asked for by a call of the preflight. */
function askedByPreflight({ name, input }: { readonly name: string; readonly input: any }): [action: string, resource: string, context?: Request['context']][] {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${LONDON}:${INFRASTRUCTURE}:${resource}`;
  switch (name) {
    case 'iam:GetRole': return [[name, `arn:aws:iam::${INFRASTRUCTURE}:role/${input.RoleName}`]];
    case 'secretsmanager:DescribeSecret': return [[name, input.SecretId]];
    case 's3:ListObjectsV2': return [['s3:ListBucket', `arn:aws:s3:::${input.Bucket}`, { 's3:ResourceAccount': INFRASTRUCTURE }]];
    case 'ecs:DescribeCapacityProviders': return input.capacityProviders.map((provider: string) => [name, arn('ecs', `capacity-provider/${provider}`)]);
    case 'scheduler:GetScheduleGroup': return [[name, arn('scheduler', `schedule-group/${input.Name}`)]];
    case 'ecr:BatchGetImage': return [[name, arn('ecr', `repository/${input.repositoryName}`)]];
    case 'servicequotas:GetServiceQuota': return [[name, arn('servicequotas', `${input.ServiceCode}/${input.QuotaCode}`)]];
    default: return [[name, '*']]; // IAM has no resource for it
  }
}

test('each call of a preflight is allowed, and each permission of the preflight is used', async () => {
  const state = accountWith('prod', { services: 1 });
  const ours = JSON.parse(JSON.stringify(state).replaceAll('111122223333', INFRASTRUCTURE));
  const fake = new PreflightFake(ours, INFRASTRUCTURE);
  fake.existing.scheduleGroups = ['nights'];
  fake.existing.objects = ['files/shop.env'];
  fake.existing.parameters = ['/shop/key'];
  const snapshot = await fake.snapshot();
  snapshot.schedules[0].GroupName = 'nights';
  snapshot.services[0].service.capacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }, { capacityProvider: 'instances', weight: 1 }];
  ours.clusters[0].capacityProviders.push({ name: 'instances', status: 'ACTIVE' });
  const [{ containerDefinitions: [container] }] = Object.values<any>(snapshot.taskDefinitions);
  container.environmentFiles = [{ value: 'arn:aws:s3:::files/shop.env' }];
  container.secrets.push({ valueFrom: '/shop/key' });
  await fake.check(snapshot);

  const role = new Role([EcsClusterTarget.fromName('prod')], ['execution', 'task', 'events', 'scheduler']);
  const requests = fake.calls.flatMap(askedByPreflight);
  const decisions = role.decides(requests);
  expect(requests.filter((_, index) => decisions[index] !== 'Allowed')).toEqual([]);
  expect([...new Set(requests.map(([action]) => action))].sort()).toEqual([...ECS_PREFLIGHT_READS.map(({ action }) => action), 'iam:GetRole', 's3:ListBucket'].sort());
});

/** What IAM is asked for by a call of the work, the roles that it passes included. */
function askedByWork({ name, input }: { readonly name: string; readonly input: any }): [action: string, resource: string, context?: Request['context']][] {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${LONDON}:${INFRASTRUCTURE}:${resource}`;
  const of = (clusterOrArn: string) => OF(clusterOrArn.split(':').pop()!.split('/')[1] ?? clusterOrArn);
  const rule = (ruleName: string) => arn('events', `rule/${input.EventBusName && input.EventBusName !== 'default' ? `${input.EventBusName}/` : ''}${ruleName}`);
  const pass = (role: string | undefined, to: string): [string, string, Request['context']?][] => role === undefined ? [] : [['iam:PassRole', role, { 'iam:PassedToService': `${to}.amazonaws.com` }]];
  switch (name) {
    case 'ecs:CreateCluster': return [[name, ecsArn(`cluster/${input.clusterName}`)]];
    case 'ecs:UpdateCluster':
    case 'ecs:PutClusterCapacityProviders': return [[name, ecsArn(`cluster/${input.cluster}`)]];
    case 'ecs:DescribeClusters': return input.clusters.map((cluster: string) => [name, ecsArn(`cluster/${cluster}`)]);
    case 'ecs:DescribeServices': return input.services.map((service: string) => [name, ecsArn(`service/${input.cluster}/${lastOf(service)}`), of(input.cluster)]);
    case 'ecs:DescribeServiceRevisions': return input.serviceRevisionArns.map((revision: string) => [name, revision, of(revision)]);
    case 'ecs:CreateService': return [[name, ecsArn(`service/${input.cluster}/${input.serviceName}`), of(input.cluster)], ...pass(input.role, 'ecs')];
    case 'ecs:UpdateService': return [[name, ecsArn(`service/${input.cluster}/${lastOf(input.service)}`), of(input.cluster)]];
    case 'ecs:TagResource': return [[name, input.resourceArn]];
    case 'ecs:RegisterTaskDefinition': return [
      [name, ecsArn(`task-definition/${input.family}:8`)], ...pass(input.taskRoleArn, 'ecs-tasks'), ...pass(input.executionRoleArn, 'ecs-tasks'),
    ];
    case 'application-autoscaling:RegisterScalableTarget':
    case 'application-autoscaling:PutScalingPolicy':
    case 'application-autoscaling:PutScheduledAction':
      return [[name, arn('application-autoscaling', 'scalable-target/0ec5'), { 'application-autoscaling:service-namespace': input.ServiceNamespace }]];
    case 'events:DescribeRule':
    case 'events:PutRule': return [[name, rule(input.Name)], ...pass(input.RoleArn, 'events')];
    case 'events:ListTargetsByRule': return [[name, rule(input.Rule)]];
    case 'events:PutTargets': return [[name, rule(input.Rule)], ...input.Targets.flatMap(({ RoleArn }: any) => pass(RoleArn, 'events'))];
    case 'events:TagResource':
    case 'events:ListTagsForResource': return [[name, input.ResourceARN]];
    case 'scheduler:GetSchedule': return [[name, arn('scheduler', `schedule/${input.GroupName}/${input.Name}`)]];
    case 'scheduler:CreateSchedule':
    case 'scheduler:UpdateSchedule': return [[name, arn('scheduler', `schedule/${input.GroupName}/${input.Name}`)], ...pass(input.Target.RoleArn, 'scheduler')];
    default: return askedByPreflight({ name, input });
  }
}

const lastOf = (arn: string) => arn.split('/').pop()!;

test('each call of a restore and of an update is allowed, and each permission is used', async () => {
  const aws = new FakeEcs(accountWith('prod', { services: 2 }));
  const content = await contentOf(aws);
  keep(aws, content);
  const begun = aws.calls.length;
  aws.deleteCluster(aws.state.clusters[0]);
  await new Execution(aws).restore();
  aws.deleteCluster(aws.state.clusters[0]);
  aws.state.taskDefinitions = {};
  await new Execution(aws, {}, 'execution-2').restore();
  content.cluster.settings = [{ name: 'containerInsights', value: 'disabled' }];
  content.services[0].service.healthCheckGracePeriodSeconds = 90;
  content.schedules[0].ScheduleExpression = 'cron(0 3 * * ? *)';
  keep(aws, content, '2026-11-29T06-00-00Z');
  await new Execution(aws, { Existing: 'UPDATE' }, 'execution-3').restore();
  const calls: { name: string; input: any }[] = JSON.parse(JSON.stringify(aws.calls.slice(begun)).replaceAll('111122223333', INFRASTRUCTURE));

  const role = new Role([EcsClusterTarget.fromName('prod')], ['execution', 'task', 'events', 'scheduler']);
  const requests = calls.filter(({ name }) => !name.startsWith('s3:')).flatMap(askedByWork);
  const distinct = [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
  const decisions = role.decides(distinct);
  expect(distinct.filter((_, index) => decisions[index] !== 'Allowed')).toEqual([]);
  const asked = new Set(requests.map(([action]) => action));
  expect([...ECS_RESTORE_READS, ...ECS_RESTORE_WRITES].map(({ action }) => action).filter((action) => !asked.has(action))).toEqual([]);
  expect(asked).toContain('iam:PassRole');
});
