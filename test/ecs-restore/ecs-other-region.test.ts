import { FakeEcs } from './fake-ecs';
import { contentOf, Execution, keep, PARAMETERS, PLACE, RUNBOOK_SETTINGS } from './runs';
import type { FakeState } from '../ecs-config/fake-aws-apis';
import { accountWith, digestOf } from '../ecs-config/fake-cluster';

const LOST = 'eu-west-2';
const HERE = 'eu-west-1';
const NAME = 'service-0000';
const IMAGE = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-0000@${digestOf(NAME)}`;

/** What a restore brings, and is not there before. */
const EMPTY = { clusters: [], taskDefinitions: {}, scalableTargets: [], scalingPolicies: [], scheduledActions: [], rules: [], schedules: [] };

let captured: any;
let aws: FakeEcs;

/** What AWS gives names of its own has other ones in another Region; what has names of its owner has the same. */
function stateHere(): FakeState {
  const state = JSON.parse(JSON.stringify(accountWith('prod', { services: 2 })).replaceAll(LOST, HERE)
    .replace(/subnet-0(?=aaa|bbb)/g, 'subnet-1').replace(/sg-0ccc/g, 'sg-1ccc').replace(/vpc-0ddd/g, 'vpc-1ddd')
    .replace(/(targetgroup\/service-\d{4}\/)[0-9a-f]{16}/g, '$11111111111111111')
    .replace(/ns-0123456789abcdef/g, 'ns-1111111111111111').replace(/srv-[0-9a-f]{12}/g, 'srv-111111111111'));
  state.subnets[1].AvailabilityZone = 'eu-west-1b';
  Object.assign(state, structuredClone(EMPTY));
  return state;
}

beforeEach(async () => {
  const lost = new FakeEcs(accountWith('prod', { services: 2 }));
  lost.state.subnets[1].AvailabilityZone = 'eu-west-2b';
  captured = await contentOf(lost);
  aws = new FakeEcs(stateHere(), undefined, HERE);
  keep(aws, captured);
  const { secrets, logGroups } = lost.existing; // a secret is a replica: the ARN of it has the same six letters
  Object.assign(aws.existing, { secrets: secrets.map((arn) => arn.replace(LOST, HERE)), logGroups });
});

const run = (id = 'execution-1', parameters: Partial<typeof PARAMETERS> = {}) => new Execution(aws, parameters, id, RUNBOOK_SETTINGS, { ...PLACE, region: HERE });
const inputsOf = (operation: string) => aws.calls.filter(({ name }) => name === operation).map(({ input }) => input);

test('all that was in the Region that was lost comes back in another one', async () => {
  const { objects } = await run().restore();

  expect(objects.map(({ what, name, state }) => [what, name, state])).toEqual([
    ['cluster', 'prod', 'DONE'], ['service', 'service-0000', 'DONE'], ['service', 'service-0001', 'DONE'], ['rule', 'orders/on-order', 'DONE'], ['schedule', 'nightly', 'DONE'],
  ]);
  expect(aws.state.clusters[0].services.map(({ serviceArn, runningCount }) => [serviceArn, runningCount])).toEqual([
    ['arn:aws:ecs:eu-west-1:111122223333:service/prod/service-0000', 2], ['arn:aws:ecs:eu-west-1:111122223333:service/prod/service-0001', 2],
  ]);
  expect(JSON.stringify(aws.calls.filter(({ name }) => !name.startsWith('s3:')))).not.toContain('arn:aws:ecs:eu-west-2');
});

test('a task definition is registered with the images of the Region by digest, in the same repository, and with what it was restored from', async () => {
  await run().restore();

  const [input] = inputsOf('ecs:RegisterTaskDefinition').filter(({ family }) => family === NAME);
  expect(input).toMatchObject({
    family: NAME,
    executionRoleArn: 'arn:aws:iam::111122223333:role/execution',
    taskRoleArn: 'arn:aws:iam::111122223333:role/task',
    containerDefinitions: [{
      name: 'web',
      image: IMAGE,
      secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:service-0000/db-AbCdEf' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/service-0000', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' } },
    }],
    tags: [
      { key: 'commit', value: '4d1c2b3a' }, { key: 'cdk-backup-dr:restored-by', value: 'execution-1' }, { key: 'cdk-backup-dr:restored-from', value: 'eu-west-2:7' },
    ],
  });
});

test('a service is created with the target group, the subnets and the security group of the Region', async () => {
  await run().restore();

  expect(inputsOf('ecs:CreateService')[0]).toMatchObject({
    cluster: 'prod',
    serviceName: NAME,
    taskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/service-0000:1',
    desiredCount: 2,
    loadBalancers: [{
      targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/service-0000/1111111111111111', containerName: 'web', containerPort: 8080,
    }],
    serviceRegistries: [{ registryArn: expect.stringMatching(/^arn:aws:servicediscovery:eu-west-1:111122223333:service\/srv-111111111111[0-9a-f]{4}$/) }],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1aaa', 'subnet-1bbb'], securityGroups: ['sg-1ccc'], assignPublicIp: 'DISABLED' } },
    serviceConnectConfiguration: { enabled: true, namespace: 'internal' },
  });
});

test('the cluster, the rule and the schedule name what is in the Region', async () => {
  await run().restore();

  expect(inputsOf('ecs:CreateCluster')[0]).toMatchObject({
    clusterName: 'prod', serviceConnectDefaults: { namespace: 'arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1111111111111111' },
  });
  expect(inputsOf('events:PutTargets')[0].Targets[0]).toMatchObject({
    Arn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod', EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/nightly:1' },
  });
  expect(inputsOf('scheduler:CreateSchedule')[0].Target).toMatchObject({
    Arn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
    EcsParameters: {
      TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/nightly',
      NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1aaa'], SecurityGroups: ['sg-1ccc'] } },
    },
  });
});

test('a second run changes nothing', async () => {
  await run().restore();
  aws.changes.clear();
  const registered = Object.keys(aws.state.taskDefinitions).sort();

  const { objects } = await run('execution-2', { Existing: 'UPDATE' }).restore();

  expect([...aws.changes.keys()]).toEqual([]);
  expect(Object.keys(aws.state.taskDefinitions).sort()).toEqual(registered);
  expect(registered).toEqual([
    'arn:aws:ecs:eu-west-1:111122223333:task-definition/nightly:1',
    'arn:aws:ecs:eu-west-1:111122223333:task-definition/service-0000:1', 'arn:aws:ecs:eu-west-1:111122223333:task-definition/service-0001:1',
  ]);
  expect(objects.map(({ state }) => state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'SKIPPED']);
});

test('what has no counterpart in the Region is refused by its name in the preflight, and nothing is changed', async () => {
  const { service } = captured.services[0];
  service.volumeConfigurations = [{ name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::111122223333:role/services', kmsKeyId: 'arn:aws:kms:eu-west-2:111122223333:key/0123' } }];
  captured.taskDefinitions[service.taskDefinition].volumes = [{ name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0' } }];
  keep(aws, captured, '2026-11-29T06-00-00Z');
  aws.state.targetGroups = aws.state.targetGroups.filter(({ TargetGroupName }) => TargetGroupName !== 'service-0001');

  const { problems } = await run().ask('preflight').catch((error) => error);

  expect(problems).toEqual([
    expect.stringMatching(/^The service service-0000: .*key\/0123 of eu-west-2 has no match in eu-west-1: .*fs-0123456789abcdef0 of eu-west-2 has no match in eu-west-1: /),
    expect.stringMatching(/^The service service-0001: The target group service-0001 \(arn:aws:elasticloadbalancing:eu-west-2:.* was not found, and no single target group matches its name or tags: create it/),
  ]);
  expect([...aws.changes.keys()]).toEqual([]);
});
