import * as fc from 'fast-check';
import { PreflightFake, notChecked, trustIn } from './preflight-fake';
import { ACCOUNT, REGION } from '../ecs-config/fake-aws-apis';
import { accountWith, digestOf } from '../ecs-config/fake-cluster';

const ARN = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

async function fakeWith(services = 2): Promise<[PreflightFake, any]> {
  const fake = new PreflightFake(accountWith('prod', { services }));
  return [fake, await fake.snapshot()];
}

test('a configuration with all that it needs passes', async () => {
  const [fake, snapshot] = await fakeWith();
  const result = await fake.check(snapshot);

  expect(result.outcome).toBe('DONE');
  expect(notChecked(result)).toEqual([]);
  // 4 roles, 3 secrets, 3 log groups, the one of the cluster, 2 target groups, 2 namespaces, 2 registries, 2 subnets, a security group, 3 images, an event bus
  expect(result.summary).toBe('24 dependencies of 2 services exist. 0 could not be checked.');
});

describe('names what does not exist, with what needs it and what to do', () => {
  const missing: [string, (fake: PreflightFake) => unknown, string][] = [
    ['a role', ({ existing }) => existing.roles.splice(existing.roles.indexOf('scheduler'), 1),
      `The role arn:aws:iam::${ACCOUNT}:role/scheduler does not exist, and the schedule nightly needs it: deploy its stack.`],
    ['a role that may not be passed', (fake) => fake.passableRoles = fake.passableRoles.filter((arn) => !arn.endsWith('/task')),
      `The role arn:aws:iam::${ACCOUNT}:role/task is not in 'passableRoles' of this runbook, and the service service-0000, the service service-0001, the rule on-order and 1 more need it: `
      + 'add it.'],
    ['a secret', ({ existing }) => existing.secrets.splice(0, 1),
      `The secret ${ARN('secretsmanager', 'secret:service-0000/db-AbCdEf')} does not exist, and the service service-0000 needs it: create it, or exclude what needs it.`],
    ['a log group', ({ existing }) => existing.logGroups.splice(existing.logGroups.indexOf('/ecs/service-0001'), 1),
      'The log group /ecs/service-0001 does not exist, and the service service-0001 needs it: create it, or exclude what needs it.'],
    ['the log group of commands', ({ existing }) => existing.logGroups.splice(existing.logGroups.indexOf('/ecs/exec'), 1),
      'The log group /ecs/exec does not exist, and the cluster prod needs it: create it, or exclude what needs it.'],
    ['a target group', ({ aws }) => aws.state.targetGroups.splice(0, 1), 'The target group arn:aws:elasticloadbalancing'],
    ['a registry', ({ aws }) => aws.state.discoveryServices.splice(0, 1), 'The registry arn:aws:servicediscovery'],
    ['a namespace, by its name', ({ aws }) => aws.state.namespaces[0].Name = 'other', 'The namespace internal does not exist, and the service service-0000 and the service service-0001 need it: create it, or exclude what needs it.'],
    ['a subnet', ({ aws }) => aws.state.subnets.splice(1, 1), 'The subnet subnet-0bbb does not exist, and the service service-0000 and the service service-0001 need it: create it, or exclude what needs it.'],
    ['a security group', ({ aws }) => aws.state.securityGroups.splice(0, 1),
      'The security group sg-0ccc does not exist, and the service service-0000, the service service-0001 and the schedule nightly need it: create it, or exclude what needs it.'],
    ['an event bus', ({ aws }) => aws.state.eventBuses.pop(), 'The event bus orders does not exist, and the rule on-order needs it: create it, or exclude what needs it.'],
    ['an image of the digest', ({ existing }) => existing.images.splice(0, 1),
      `The image ${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/service-0000@${digestOf('service-0000')} is not in its repository, and the service service-0000 needs it: push the image with the same digest again.`],
    ['a repository', ({ existing }) => existing.images.splice(0, 2),
      `The image ${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/service-0000@${digestOf('service-0000')} can't be pulled, because its repository does not exist, and the service service-0000 needs it: `
      + 'push the image with the same digest again.'],
  ];
  test.each(missing)('%s', async (_, remove, message) => {
    const [fake, snapshot] = await fakeWith();
    remove(fake);

    const problems = await fake.problems(snapshot);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test('a capacity provider', async () => {
    const [fake, snapshot] = await fakeWith();
    snapshot.services[0].service.capacityProviderStrategy = [{ capacityProvider: 'spot-instances', weight: 1 }];

    expect(await fake.problems(snapshot)).toEqual([
      'The capacity provider spot-instances does not exist, and the service service-0000 needs it: create it, or exclude what needs it.',
    ]);
  });

  test('a parameter, by its name and by its ARN, and an environment file', async () => {
    const [fake, snapshot] = await fakeWith();
    const { containerDefinitions: [container] } = snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0000:7')];
    container.secrets = ['/shop/there', ARN('ssm', 'parameter/shop/there'), ARN('ssm', 'parameter/plain'), '/shop/gone', ARN('ssm', 'parameter/shop/gone')].map((valueFrom) => ({ valueFrom }));
    container.environmentFiles = ['there.env', 'the'].map((key) => ({ value: `arn:aws:s3:::files/${key}`, type: 's3' }));
    fake.existing.parameters = ['/shop/there', 'plain'];
    fake.existing.objects = ['files/there.env'];

    expect(await fake.problems(snapshot)).toEqual([
      'The environment file arn:aws:s3:::files/the does not exist, and the service service-0000 needs it: create it, or exclude what needs it.',
      'The parameter /shop/gone does not exist, and the service service-0000 needs it: create it, or exclude what needs it.',
      `The parameter ${ARN('ssm', 'parameter/shop/gone')} does not exist, and the service service-0000 needs it: create it, or exclude what needs it.`,
    ]);
  });

  test('a secret that is scheduled for deletion', async () => {
    const [fake, snapshot] = await fakeWith(1);
    fake.existing.deletedSecrets = [ARN('secretsmanager', 'secret:service-0000/db-AbCdEf')];

    expect(await fake.problems(snapshot)).toEqual([
      `The secret ${ARN('secretsmanager', 'secret:service-0000/db-AbCdEf')} is scheduled for deletion, and the service service-0000 needs it: cancel its deletion.`,
    ]);
  });

  test('a capacity provider that is being deleted', async () => {
    const [fake, snapshot] = await fakeWith(1);
    fake.aws.state.clusters[0].capacityProviders.push({ name: 'spot-instances', status: 'INACTIVE' });
    snapshot.services[0].service.capacityProviderStrategy = [{ capacityProvider: 'spot-instances', weight: 1 }];

    expect(await fake.problems(snapshot)).toEqual([expect.stringMatching(/^The capacity provider spot-instances does not exist, /)]);
  });

  test('a schedule group', async () => {
    const [fake, snapshot] = await fakeWith();
    snapshot.schedules[0].GroupName = 'nights';

    expect(await fake.problems(snapshot)).toEqual(['The schedule group nights does not exist, and the schedule nightly needs it: create it, or exclude what needs it.']);
  });

  test('a task definition that the snapshot does not have', async () => {
    const [fake, snapshot] = await fakeWith();
    delete snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0001:7')];

    expect(await fake.problems(snapshot)).toEqual([
      `The task definition ${ARN('ecs', 'task-definition/service-0001:7')} is not in the snapshot, and the service service-0001 needs it: restore from another snapshot, or exclude what needs it.`,
    ]);
  });
});

test('all problems are in one error, those of parameters and of another Region first', async () => {
  const [fake, snapshot] = await fakeWith();
  fake.parameters = { Services: 'service-0000', Existing: 'UPDATE', DesiredCount: 'Zero' };
  fake.existing.secrets = [];

  expect(await fake.problems(snapshot, { services: ['service-0000'], problems: ['The subnet subnet-0bbb has no counterpart here.'] })).toEqual([
    'Existing UPDATE with DesiredCount Zero would stop services that run: set DesiredCount to AsCaptured, or Existing to SKIP.',
    'The subnet subnet-0bbb has no counterpart here.',
    expect.stringContaining('secret:service-0000/db-AbCdEf does not exist'),
    expect.stringContaining('secret:nightly/db-AbCdEf does not exist'),
  ]);
});

test('a service with a task on each container instance is refused without tasks, and named', async () => {
  const [fake, snapshot] = await fakeWith();
  snapshot.services[0].service.schedulingStrategy = 'DAEMON';
  fake.parameters = { Services: '*', Existing: 'SKIP', DesiredCount: 'Zero' };

  expect(await fake.problems(snapshot, { services: ['service-0000'] })).toEqual([
    'DesiredCount Zero has no effect on the daemon service service-0000: set DesiredCount to AsCaptured, or leave the service out of Services.',
  ]);
  await expect(fake.check(snapshot, { services: [] })).resolves.toBeDefined();
});

test('what only other services need is not asked for', async () => {
  const [fake, snapshot] = await fakeWith();
  fake.existing.secrets.splice(1, 1);
  await fake.check(snapshot, { services: ['service-0000'] });

  const asked = JSON.stringify(fake.calls.filter(({ name }) => !/List|TargetGroups/.test(name)));
  expect(asked).toContain('service-0000');
  expect(asked).not.toContain('service-0001');
});

test('a role that AWS made for itself needs no permission', async () => {
  const [fake, snapshot] = await fakeWith();
  snapshot.services[0].service.roleArn = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
  const result = await fake.check(snapshot);

  expect(notChecked(result)).toEqual([]);
});

test('a role that the input of a schedule names must be passable too', async () => {
  const [fake, snapshot] = await fakeWith();
  snapshot.schedules[0].Target.Input = JSON.stringify({ taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/night` });

  expect(await fake.problems(snapshot)).toEqual([expect.stringContaining(`The role arn:aws:iam::${ACCOUNT}:role/night is not in 'passableRoles' of this runbook, and the schedule nightly needs it`)]);
});

describe('a role that its service may not assume', () => {
  const role = (name: string) => `The role arn:aws:iam::${ACCOUNT}:role/${name} does not trust`;
  const advice = 'add this service to its trust policy.';
  const untrusted: [string, string, string][] = [
    ['task', 'lambda', `${role('task')} ecs-tasks.amazonaws.com, and the service service-0000, the rule on-order and the schedule nightly need it: ${advice}`],
    ['execution', 'ecs', `${role('execution')} ecs-tasks.amazonaws.com, and the service service-0000, the rule on-order and the schedule nightly need it: ${advice}`],
    ['events', 'ecs-tasks', `${role('events')} events.amazonaws.com, and the rule on-order needs it: ${advice}`],
    ['scheduler', 'events', `${role('scheduler')} scheduler.amazonaws.com, and the schedule nightly needs it: ${advice}`],
  ];
  test.each(untrusted)('%s, which %s may, is named with both and with what needs it', async (name, service, problem) => {
    const [fake, snapshot] = await fakeWith(1);
    fake.existing.trustPolicies[name] = trustIn(service);

    expect(await fake.problems(snapshot)).toEqual([problem]);
  });

  const ofServices: [string, object][] = [
    ['of the service', { roleArn: `arn:aws:iam::${ACCOUNT}:role/task` }],
    ['of its volumes', { volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: `arn:aws:iam::${ACCOUNT}:role/task` } }] }],
    ['of its blue/green deployments', { loadBalancers: [{ advancedConfiguration: { roleArn: `arn:aws:iam::${ACCOUNT}:role/task` } }] }],
  ];
  test.each(ofServices)('%s is one of Amazon ECS, also if its tasks may assume it', async (_, members) => {
    const [fake, snapshot] = await fakeWith(1);
    Object.assign(snapshot.services[0].service, members);

    expect(await fake.problems(snapshot)).toEqual([`${role('task')} ecs.amazonaws.com, and the service service-0000 needs it: ${advice}`]);
    fake.existing.trustPolicies.task = trustIn('', { Principal: { Service: ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] } });
    expect(notChecked(await fake.check(snapshot))).toEqual([]);
  });

  test.each<[string, object]>([
    ['a Deny', { Effect: 'Deny' }], ['an account', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }], ['a name that only begins so', { Principal: { Service: 'ecs-tasks.amazonaws.com.example' } }],
    ['no principal', { Principal: undefined }],
  ])('is not let by a statement of %s', async (_, members) => {
    const [fake, snapshot] = await fakeWith(1);
    fake.existing.trustPolicies.task = trustIn('ecs-tasks', members);

    expect(await fake.problems(snapshot)).toEqual([expect.stringContaining(role('task'))]);
  });

  test.each<[string, object]>([
    ['with a condition, which is not evaluated', trustIn('ecs-tasks', { Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } })],
    ['by the name of the service in China', trustIn('', { Principal: { Service: 'ecs-tasks.amazonaws.com.cn' } })],
    ['for everybody', trustIn('', { Principal: '*' })],
    ['that is no list', { Statement: { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' } }],
  ])('is let by a statement %s', async (_, policy) => {
    const [fake, snapshot] = await fakeWith(1);
    fake.existing.trustPolicies.task = policy;

    expect(notChecked(await fake.check(snapshot))).toEqual([]);
  });
});

test('names in maps of users are no names of AWS', async () => {
  const [fake, snapshot] = await fakeWith();
  const { containerDefinitions: [container] } = snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0000:7')];
  container.dockerLabels = { namespace: 'mine', subnets: 'none' };
  container.logConfiguration.options = { 'awslogs-group': '/made/by/ecs', 'awslogs-create-group': 'true', 'namespace': 'mine' };
  fake.existing.logGroups = fake.existing.logGroups.filter((name) => name !== '/ecs/service-0000');

  expect(notChecked(await fake.check(snapshot))).toEqual([]);
});

describe('the quota of Fargate', () => {
  test('is compared with what the services want: 2 services with 2 tasks of half a vCPU', async () => {
    const [fake, snapshot] = await fakeWith();
    fake.existing.vcpus = 2;
    await fake.check(snapshot);
    fake.existing.vcpus = 1;

    expect(await fake.problems(snapshot)).toEqual([
      'The services need 2 Fargate On-Demand vCPUs, and the quota L-3032A538 is 1: request an increase, or restore with DesiredCount Zero.',
    ]);
  });

  test('is not asked for where no task is started', async () => {
    const [fake, snapshot] = await fakeWith();
    fake.parameters.DesiredCount = 'Zero';
    await fake.check(snapshot);

    expect(fake.calls.map(({ name }) => name)).not.toContain('servicequotas:GetServiceQuota');
  });

  test('has no part in Spot and in instances: of 10 tasks, 1 is the base, and 3 of the rest are on demand', async () => {
    const [fake, snapshot] = await fakeWith(1);
    Object.assign(snapshot.services[0].service, {
      desiredCount: 10, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', base: 1, weight: 1 }, { capacityProvider: 'FARGATE_SPOT', weight: 2 }],
    });
    fake.existing.vcpus = 1;

    expect(await fake.problems(snapshot)).toEqual([expect.stringContaining('The services need 2 Fargate On-Demand vCPUs')]);
  });
});

describe('says what was not checked', () => {
  test('what is in another account or Region, and images of other registries', async () => {
    const [fake, snapshot] = await fakeWith(1);
    const { containerDefinitions: [container] } = snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0000:7')];
    const secret = `arn:aws:secretsmanager:${REGION}:999999999999:secret:theirs-AbCdEf`;
    const key = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:away-AbCdEf';
    container.secrets = [{ valueFrom: secret }, { valueFrom: key }];
    container.image = 'public.ecr.aws/nginx/nginx:1.27';
    container.logConfiguration.options['awslogs-region'] = 'eu-west-1';
    const result = await fake.check(snapshot);

    expect(notChecked(result)).toEqual([
      ['secret', secret], ['secret', key], ['log group', '/ecs/service-0000'], ['image', 'public.ecr.aws/nginx/nginx:1.27'],
    ]);
    expect(result.objects.find(({ name }) => name === secret)!.why).toBe('Not checked: it is in the account 999999999999. Needed by the service service-0000.');
  });

  test('kinds for which there is no check', async () => {
    const [fake, snapshot] = await fakeWith(1);
    snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0000:7')].volumes = [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-0123' } }];
    snapshot.schedules[0].Target.DeadLetterConfig = { Arn: ARN('sqs', 'nights') };
    fake.existing.trustPolicies.execution = trustIn('', { Principal: { Service: ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } });
    snapshot.services[0].service.deploymentConfiguration.lifecycleHooks = [{ hookTargetArn: ARN('lambda', 'function:check'), roleArn: fake.passableRoles[0] }];

    expect(notChecked(await fake.check(snapshot))).toEqual([['function', ARN('lambda', 'function:check')], ['file system', 'fs-0123'], ['queue', ARN('sqs', 'nights')]]);
  });

  test.each<[denied: string, kinds: string[]]>([
    ['iam:GetRole', ['role']],
    ['secretsmanager:DescribeSecret', ['secret']],
    ['logs:DescribeLogGroups', ['log group']],
    ['elasticloadbalancing:DescribeTargetGroups', ['target group']],
    ['servicediscovery:ListNamespaces', ['namespace']],
    ['servicediscovery:ListServices', ['registry']],
    ['ec2:DescribeSubnets', ['subnet']],
    ['ec2:DescribeSecurityGroups', ['security group']],
    ['events:ListEventBuses', ['event bus']],
    ['ecr:BatchGetImage', ['image']],
    ['servicequotas:GetServiceQuota', ['quota']],
  ])('whatever %s was denied for, and the rest is checked', async (denied, kinds) => {
    const [fake, snapshot] = await fakeWith();
    fake.failing.set(denied, 'AccessDeniedException');
    const result = await fake.check(snapshot);

    expect([...new Set(notChecked(result).map(([kind]) => kind))]).toEqual(kinds);
    expect(result.objects.filter(({ why }) => !why.includes('failed with AccessDeniedException'))).toEqual([]);
  });

  test('what there was no time for', async () => {
    const [fake, snapshot] = await fakeWith();
    const result = await fake.check(snapshot, { deadline: -Infinity });

    expect(new Set(result.objects.map(({ why }) => /^Not checked: there was no time left\./.test(why)))).toEqual(new Set([true]));
    expect([...new Set(notChecked(result).map(([kind]) => kind))].sort()).toEqual([
      'event bus', 'image', 'log group', 'namespace', 'quota', 'registry', 'role', 'secret', 'security group', 'subnet', 'target group',
    ]);
  });
});

test('what is not in the snapshot is said once more, also with problems', async () => {
  const [fake, snapshot] = await fakeWith();
  snapshot.notCaptured = [{ what: 'daemon', name: 'agent', why: 'daemons and their task definitions are not read' }];
  const said = { what: 'daemon', name: 'agent', state: 'SKIPPED', why: 'Not in the snapshot: daemons and their task definitions are not read.' };

  expect((await fake.check(snapshot)).objects).toContainEqual(said);
  fake.existing.secrets = [];
  await expect(fake.check(snapshot)).rejects.toMatchObject({ objects: [said] });
});

test('images of one repository are asked for 100 at a time', async () => {
  const [fake, snapshot] = await fakeWith(150);
  const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop:1.4.2`;
  for (const { containerDefinitions: [container] } of Object.values<any>(snapshot.taskDefinitions)) {
    container.image = image;
  }
  for (const { service, revision } of snapshot.services) {
    revision.containerImages[0].image = image;
    fake.existing.images.push(`shop@${digestOf(service.serviceName)}`);
  }
  snapshot.schedules = [];
  snapshot.rules = [];
  await fake.check(snapshot);

  expect(fake.calls.filter(({ name }) => name === 'ecr:BatchGetImage').map(({ input }) => input.imageIds.length)).toEqual([100, 50]);
});

test('a preflight of 1,000 services takes less than the 4 minutes of a round, and asks for each name once', async () => {
  const [fake, snapshot] = await fakeWith(1_000);
  const start = fake.clock.now();
  await fake.check(snapshot);
  const seconds = (fake.clock.now() - start) / 1000;
  console.info(`preflight of 1,000 services: ${seconds.toFixed(0)} s, ${fake.calls.length} calls`);

  expect(seconds).toBeLessThan(240);
  const asked = fake.calls.map(({ name, input }) => JSON.stringify([name, input]));
  expect(new Set(asked).size).toBe(asked.length);
  expect(fake.calls.filter(({ name }) => name === 'secretsmanager:DescribeSecret')).toHaveLength(1_001);
}, 60_000);

test('whatever is gone is named, and nothing else', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.boolean()), async (services, isGone) => {
    const [fake, snapshot] = await fakeWith(services);
    const gone: string[] = [];
    const without = <T>(list: T[], nameOf: (item: T) => string): T[] => list.filter((item) => {
      const isKept = !isGone.next().value;
      gone.push(...isKept ? [] : [nameOf(item)]);
      return isKept;
    });
    const { aws: { state }, existing } = fake;
    const { aws: { state: { targetGroups, subnets, discoveryServices } } } = fake;
    existing.secrets = without(existing.secrets, (arn) => arn);
    existing.logGroups = without(existing.logGroups, (name) => `log group ${name}`);
    existing.roles = without(existing.roles, (name) => `role/${name}`);
    state.targetGroups = without(targetGroups, ({ TargetGroupArn }) => TargetGroupArn);
    state.subnets = without(subnets, ({ SubnetId }) => SubnetId);
    state.discoveryServices = without(discoveryServices, ({ Arn }) => Arn);
    const problems = gone.length === 0 ? await fake.check(snapshot).then(() => []) : await fake.problems(snapshot);

    expect(problems).toHaveLength(gone.length);
    expect(gone.filter((name) => problems.every((problem) => !problem.includes(`${name} does not exist`)))).toEqual([]);
  }), { numRuns: 50 });
}, 60_000);
