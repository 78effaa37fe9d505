import { App, Aws, NestedStack, Stack } from 'aws-cdk-lib';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { differ, Environment, partitionOf } from '../../src/private/environment';

const LONDON = new Environment('111111111111', 'eu-west-2');
const UNKNOWN = new Environment(Aws.ACCOUNT_ID, Aws.REGION);

test.each([
  ['eu-west-2', 'aws'],
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eusc-de-east-1', 'aws-eusc'],
])('region %s is in partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

test.each([
  ['eu-west-99', 'aws'],
  ['xx-new-1', 'aws'],
  ['cn-south-99', 'aws-cn'],
  ['us-gov-north-99', 'aws-us-gov'],
  ['us-iso-north-99', 'aws-iso'],
  ['us-isob-north-99', 'aws-iso-b'],
  ['eu-isoe-north-99', 'aws-iso-e'],
  ['us-isof-north-99', 'aws-iso-f'],
  ['eusc-fr-north-99', 'aws-eusc'],
])('region %s, newer than the CDK, is in partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

test('a region whose name says nothing is in the partition that the CDK knows', () => {
  Fact.register({ region: 'mars-1', name: FactName.PARTITION, value: 'aws-mars' });

  expect(partitionOf('mars-1')).toBe('aws-mars');

  Fact.unregister('mars-1', FactName.PARTITION);
});

test('the environment of a construct is that of its stack', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-2' } });

  const environment = Environment.of(new Construct(new NestedStack(stack, 'Nested'), 'Construct'));

  expect(environment.account).toBe('111111111111');
  expect(environment.region).toBe('eu-west-2');
  expect(environment.isLiteral).toBe(true);
});

test('the environment of a stack without one is not literal', () => {
  expect(Environment.of(new Stack(new App(), 'Stack')).isLiteral).toBe(false);
});

test.each([
  [LONDON, true],
  [new Environment(Aws.ACCOUNT_ID, 'eu-west-2'), false],
  [new Environment('111111111111', Aws.REGION), false],
  [UNKNOWN, false],
])('an environment is literal only where account and region are: %s', (environment, isLiteral) => {
  expect(environment.isLiteral).toBe(isLiteral);
});

test.each([
  ['itself', new Environment('111111111111', 'eu-west-2'), false],
  ['another region', new Environment('111111111111', 'eu-west-1'), true],
  ['another account', new Environment('222222222222', 'eu-west-2'), true],
  ['another region of an unknown account', new Environment(Aws.ACCOUNT_ID, 'eu-west-1'), true],
  ['an unknown region of another account', new Environment('222222222222', Aws.REGION), true],
  ['an unknown region of its own account', new Environment('111111111111', Aws.REGION), false],
  ['an unknown account and region', UNKNOWN, false],
])('an environment differs from %s: it must be sure', (_, other, differs) => {
  expect(LONDON.differsFrom(other)).toBe(differs);
  expect(other.differsFrom(LONDON)).toBe(differs);
});

test.each([
  [LONDON, 'account 111111111111, region eu-west-2'],
  [new Environment(Aws.ACCOUNT_ID, 'eu-west-2'), 'an unknown account, region eu-west-2'],
  [new Environment('111111111111', Aws.REGION), 'account 111111111111, an unknown region'],
])('an environment is said without tokens: %s', (environment, said) => {
  expect(environment.toString()).toBe(said);
});

test.each([
  ['eu-west-1', 'eu-west-2', true],
  ['eu-west-1', 'eu-west-1', false],
  ['eu-west-1', Aws.REGION, false],
  [Aws.REGION, 'eu-west-1', false],
])('%s and %s surely differ: %s', (one, other, differs) => {
  expect(differ(one, other)).toBe(differs);
});
