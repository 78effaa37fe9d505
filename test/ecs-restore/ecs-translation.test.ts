import { readTranslation } from '../../src/ecs-restore/ecs-translation.lambda-shared';

const FROM = 'eu-west-2';
const HERE = 'eu-west-1';
const PLACE = { partition: 'aws', region: HERE, account: '111122223333' };
const groupIn = (region: string, id: string) => ({
  TargetGroupArn: `arn:aws:elasticloadbalancing:${region}:111122223333:targetgroup/orders/${id}`,
  TargetGroupName: 'orders',
  LoadBalancerArns: [`arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/app/public/${id}`],
});
const namespaceIn = (region: string, Id: string) => ({ Id, Arn: `arn:aws:servicediscovery:${region}:111122223333:namespace/${Id}`, Name: 'internal', Type: 'HTTP' });
const registryIn = (region: string, Id: string) => ({ Id, Arn: `arn:aws:servicediscovery:${region}:111122223333:service/${Id}`, Name: 'orders' });
const subnet = (SubnetId: string, name: string, AvailabilityZone: string) => ({ SubnetId, AvailabilityZone, Tags: [{ Key: 'Name', Value: name }] });
const group = (GroupId: string, GroupName: string, stack?: string) => ({
  GroupId, GroupName, Tags: stack ? [{ Key: 'aws:cloudformation:stack-name', Value: stack }, { Key: 'aws:cloudformation:logical-id', Value: 'Tasks' }] : [],
});

const REFERENCES = {
  targetGroups: [groupIn(FROM, 'aaa')],
  namespaces: [{ ...namespaceIn(FROM, 'ns-1'), services: [registryIn(FROM, 'srv-1')] }],
  subnets: [subnet('subnet-0000000a', 'private', `${FROM}a`), subnet('subnet-0000000b', 'private', `${FROM}b`)],
  securityGroups: [group('sg-0000000a', 'Workload-Tasks-1X', 'Workload'), group('sg-0000000b', 'shared')],
};

async function translation(here: Record<string, any[]>, region = FROM) {
  const lists: Record<string, string> = {
    DescribeTargetGroups: 'TargetGroups', ListNamespaces: 'Namespaces', ListServices: 'Services', DescribeSubnets: 'Subnets', DescribeSecurityGroups: 'SecurityGroups',
  };
  return readTranslation(async (_, operation) => ({ [lists[operation]]: here[lists[operation]] ?? [] }), { region, references: REFERENCES }, PLACE);
}

const ALL = {
  TargetGroups: [groupIn(HERE, 'bbb')],
  Namespaces: [namespaceIn(HERE, 'ns-2')],
  Services: [registryIn(HERE, 'srv-2')],
  Subnets: [subnet('subnet-1111111b', 'private', `${HERE}b`), subnet('subnet-1111111a', 'private', `${HERE}a`)],
  SecurityGroups: [group('sg-1111111a', 'Workload-Tasks-9Z', 'Workload'), group('sg-1111111b', 'shared'), group('sg-1111111c', 'default')],
};

test('what has a generated name is found by name, by tags and zone, or by its place in its stack', async () => {
  const { translate, unresolvedIn } = bound(await translation(ALL));
  const configuration = {
    loadBalancers: [{ targetGroupArn: REFERENCES.targetGroups[0].TargetGroupArn }],
    serviceRegistries: [{ registryArn: REFERENCES.namespaces[0].services[0].Arn }],
    namespace: REFERENCES.namespaces[0].Arn,
    subnets: ['subnet-0000000a', 'subnet-0000000b'],
    securityGroups: ['sg-0000000a', 'sg-0000000b'],
    ResourceLabel: 'app/public/aaa/targetgroup/orders/aaa',
  };

  expect(unresolvedIn(configuration)).toEqual([]);
  expect(translate(configuration)).toEqual({
    loadBalancers: [{ targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/bbb' }],
    serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-2' }],
    namespace: 'arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-2',
    subnets: ['subnet-1111111a', 'subnet-1111111b'],
    securityGroups: ['sg-1111111a', 'sg-1111111b'],
    ResourceLabel: 'app/public/bbb/targetgroup/orders/bbb',
  });
});

test('literal ARNs, images and the region of logs change to the region, and other texts do not', async () => {
  const { translate } = bound(await translation(ALL));

  expect(translate({
    valueFrom: 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:db-AbCdEf',
    image: '111122223333.dkr.ecr.eu-west-2.amazonaws.com/web@sha256:1',
    options: { 'awslogs-region': 'eu-west-2' },
    EventPattern: '{"resources":["arn:aws:sqs:eu-west-2:111122223333:orders"],"region":["eu-west-2"]}',
    environment: [{ name: 'AWS_REGION', value: 'eu-west-2' }],
    roleArn: 'arn:aws:iam::111122223333:role/task',
    other: 'arn:aws:s3:::eu-west-2-bucket',
    third: 'arn:aws:sns:us-east-1:111122223333:topic',
  })).toEqual({
    valueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf',
    image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:1',
    options: { 'awslogs-region': 'eu-west-1' },
    EventPattern: '{"resources":["arn:aws:sqs:eu-west-1:111122223333:orders"],"region":["eu-west-2"]}',
    environment: [{ name: 'AWS_REGION', value: 'eu-west-2' }],
    roleArn: 'arn:aws:iam::111122223333:role/task',
    other: 'arn:aws:s3:::eu-west-2-bucket',
    third: 'arn:aws:sns:us-east-1:111122223333:topic',
  });
});

test('what is left unresolved is named, each once', async () => {
  const { unresolvedIn } = bound(await translation({ ...ALL, TargetGroups: [], SecurityGroups: [group('sg-1111111b', 'shared'), group('sg-2', 'shared')] }));

  expect(unresolvedIn({
    targetGroupArn: REFERENCES.targetGroups[0].TargetGroupArn,
    securityGroups: ['sg-0000000b', 'sg-0000000b'],
    fileSystemId: 'fs-0123456789abcdef0',
    kmsKeyArn: 'arn:aws:kms:eu-west-2:111122223333:key/1234',
    multiRegionKey: 'arn:aws:kms:eu-west-2:111122223333:key/mrk-1234',
    namespace: 'other',
  })).toEqual([
    'The target group orders (arn:aws:elasticloadbalancing:eu-west-2:111122223333:targetgroup/orders/aaa) was not found, and no single target group matches its name or tags: create it.',
    'The security group shared (sg-0000000b) was not found, and no single security group matches its name or tags: create it.',
    'fs-0123456789abcdef0 of eu-west-2 has no match in eu-west-1: create it manually, or exclude what needs it.',
    'arn:aws:kms:eu-west-2:111122223333:key/1234 of eu-west-2 has no match in eu-west-1: create it manually, or exclude what needs it.',
    'There is no namespace other in eu-west-1: create it.',
  ]);
});

test('one subnet is not the counterpart of two', async () => {
  const subnets = REFERENCES.subnets.map(({ SubnetId }) => SubnetId);
  const named = [expect.stringContaining('The subnet private (subnet-0000000a) was not found'), expect.stringContaining('The subnet private (subnet-0000000b) was not found')];

  const away = bound(await translation({ ...ALL, Subnets: [subnet('subnet-1111111a', 'private', `${HERE}a`)] }));
  expect(away.unresolvedIn(subnets)).toEqual(named);
  const left = bound(await translation({ ...ALL, Subnets: [subnet('subnet-0000000b', 'private', `${HERE}b`)] }, HERE));
  expect(left.unresolvedIn(subnets)).toEqual(named.slice(0, 1));
});

test('in its own region, what has been made again is found by its name', async () => {
  const { translate } = bound(await translation({ TargetGroups: [groupIn(HERE, 'ccc')] }, HERE));

  expect(translate(REFERENCES.targetGroups[0].TargetGroupArn)).toBe('arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/ccc');
});

function bound(one: Awaited<ReturnType<typeof translation>>) {
  return { translate: (value: unknown) => one.translate(value), unresolvedIn: (value: unknown) => one.unresolvedIn(value) };
}
