import { PreflightFake, notChecked } from './preflight-fake';
import type { StepResult } from '../../src/execution/recovery-work.lambda-shared';
import { ACCOUNT, REGION } from '../ecs-config/fake-aws-apis';
import { accountWith } from '../ecs-config/fake-cluster';

const ARN = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

async function fakeWith(): Promise<[PreflightFake, any]> {
  const fake = new PreflightFake(accountWith('prod', { services: 1 }));
  return [fake, await fake.snapshot()];
}

describe('each member that names something is looked for as that', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/other`;
  const group = ARN('elasticloadbalancing', 'targetgroup/other/0123456789abcdef');
  const lattice = ARN('vpc-lattice', 'targetgroup/tg-0123456789abcdef0');
  const rule = ARN('elasticloadbalancing', 'listener-rule/app/public/1/2/3');
  const key = ARN('kms', 'key/0123');

  test.each<[member: string, inService: object, kind: string, name: string]>([
    ['roleArn', { volumeConfigurations: [{ managedEBSVolume: { roleArn: role } }] }, 'role', role],
    ['kmsKeyId', { volumeConfigurations: [{ managedEBSVolume: { kmsKeyId: key } }] }, 'key', key],
    ['targetGroupArn', { loadBalancers: [{ targetGroupArn: group }] }, 'target group', group],
    ['targetGroupArn of VPC Lattice', { vpcLatticeConfigurations: [{ targetGroupArn: lattice }] }, 'VPC Lattice target group', lattice],
    ['alternateTargetGroupArn', { loadBalancers: [{ advancedConfiguration: { alternateTargetGroupArn: group } }] }, 'target group', group],
    ['productionListenerRule', { loadBalancers: [{ advancedConfiguration: { productionListenerRule: rule } }] }, 'listener rule', rule],
    ['testListenerRule', { loadBalancers: [{ advancedConfiguration: { testListenerRule: rule } }] }, 'listener rule', rule],
    ['namespace', { serviceConnectConfiguration: { namespace: 'other' } }, 'namespace', 'other'],
    ['registryArn', { serviceRegistries: [{ registryArn: ARN('servicediscovery', 'service/srv-other') }] }, 'registry', ARN('servicediscovery', 'service/srv-other')],
    ['subnets', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0eee'] } } }, 'subnet', 'subnet-0eee'],
    ['securityGroups', { networkConfiguration: { awsvpcConfiguration: { securityGroups: ['sg-0eee'] } } }, 'security group', 'sg-0eee'],
    ['capacityProvider', { capacityProviderStrategy: [{ capacityProvider: 'other' }] }, 'capacity provider', 'other'],
    ['hookTargetArn', { deploymentConfiguration: { lifecycleHooks: [{ hookTargetArn: ARN('lambda', 'function:check') }] } }, 'function', ARN('lambda', 'function:check')],
  ])('%s of a service', async (_, members, kind, name) => {
    const [fake, snapshot] = await fakeWith();
    Object.assign(snapshot.services[0].service, members);

    expect(await lookedFor(fake, snapshot)).toEqual([`${kind} ${name}`]);
  });

  const secret = ARN('secretsmanager', 'secret:other-AbCdEf');
  test.each<[member: string, inTaskDefinition: object, inContainer: object, kind: string, name: string]>([
    ['taskRoleArn', { taskRoleArn: role }, {}, 'role', role],
    ['executionRoleArn', { executionRoleArn: role }, {}, 'role', role],
    ['credentialsParameter', {}, { repositoryCredentials: { credentialsParameter: secret } }, 'secret', secret],
    ['valueFrom of a secret', {}, { secrets: [{ valueFrom: `${secret}:password::` }] }, 'secret', `${secret}:password::`],
    ['valueFrom of a parameter', {}, { secrets: [{ valueFrom: '/other' }] }, 'parameter', '/other'],
    ['valueFrom of options of logs', {}, { logConfiguration: { logDriver: 'splunk', secretOptions: [{ valueFrom: '/other' }] } }, 'parameter', '/other'],
    ['fileSystemId', { volumes: [{ efsVolumeConfiguration: { fileSystemId: 'fs-0123' } }] }, {}, 'file system', 'fs-0123'],
    ['environmentFiles', {}, { environmentFiles: [{ value: 'arn:aws:s3:::files/other.env', type: 's3' }] }, 'environment file', 'arn:aws:s3:::files/other.env'],
  ])('%s of a task definition', async (_, members, ofContainer, kind, name) => {
    const [fake, snapshot] = await fakeWith();
    const definition = snapshot.taskDefinitions[ARN('ecs', 'task-definition/service-0000:7')];
    Object.assign(definition, members);
    Object.assign(definition.containerDefinitions[0], ofContainer);

    expect(await lookedFor(fake, snapshot)).toEqual([`${kind} ${name}`]);
  });

  test.each<[member: string, change: (snapshot: any) => unknown, kind: string, name: string]>([
    ['cloudWatchLogGroupName of a cluster', ({ cluster }) => cluster.configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName = '/other', 'log group', '/other'],
    ['kmsKeyId of a cluster', ({ cluster }) => cluster.configuration.executeCommandConfiguration.kmsKeyId = key, 'key', key],
    ['capacityProviders of a cluster', ({ cluster }) => cluster.capacityProviders.push('other'), 'capacity provider', 'other'],
    ['eventBusName of a rule', ({ rules }) => rules[0].rule.EventBusName = 'other', 'event bus', 'other'],
    ['roleArn of a rule', ({ rules }) => rules[0].targets[0].RoleArn = role, 'role', role],
    ['dead-letter queue of a rule', ({ rules }) => rules[0].targets[0].DeadLetterConfig = { Arn: ARN('sqs', 'other') }, 'queue', ARN('sqs', 'other')],
    ['groupName of a schedule', ({ schedules }) => schedules[0].GroupName = 'other', 'schedule group', 'other'],
    ['kmsKeyArn of a schedule', ({ schedules }) => schedules[0].KmsKeyArn = key, 'key', key],
    ['subnets of a schedule', ({ schedules }) => schedules[0].Target.EcsParameters.NetworkConfiguration.awsvpcConfiguration.Subnets = ['subnet-0eee'], 'subnet', 'subnet-0eee'],
  ])('%s', async (_, change, kind, name) => {
    const [fake, snapshot] = await fakeWith();
    change(snapshot);

    expect(await lookedFor(fake, snapshot)).toEqual([`${kind} ${name}`]);
  });

  /** What is missing or can't be checked, and was there and checked before the change. */
  async function lookedFor(fake: PreflightFake, snapshot: any): Promise<string[]> {
    const { problems = [], objects } = await fake.check(snapshot).catch((error) => error);
    return [...problems.map((problem: string) => /^The (.+?) (?:does not exist|is not in 'passableRoles')/.exec(problem)?.[1] ?? problem), ...notChecked({ objects } as StepResult).map((each) => each.join(' '))];
  }
});
