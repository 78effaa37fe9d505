import { App, Aws, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { ReplicatedBucket } from '../../src/buckets/replicated-bucket';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { differ, Environment, KNOWN_REGIONS, partitionOf, warnOfUnknownRegions } from '../../src/private/environment';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';

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

test('the regions that need no look at the table of AWS CDK are in it', () => {
  expect([...KNOWN_REGIONS].filter((region) => RegionInfo.get(region).partition === undefined)).toEqual([]);
  expect(KNOWN_REGIONS.has('eu-west-2')).toBe(true);
});

test.each(['eu-west-99', 'xx-new-1', 'europe-west-1'])('a region %s that AWS CDK does not know is a warning that names it, once', (region) => {
  const stack = new Stack(new App(), 'Stack');
  warnOfUnknownRegions(stack, region, undefined, Aws.REGION, 'eu-west-2', region);

  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry: { data } }) => data)).toEqual([
    `this version of AWS CDK does not know the region '${region}'. If it is spelled correctly and new, acknowledge this warning: `
    + 'the library assumes that the region is in the partition aws '
    + '[ack: cdk-backup-dr:unknownRegion]',
  ]);
});

test('a region that somebody registers with AWS CDK is known', () => {
  Fact.register({ region: 'mars-north-1', name: FactName.PARTITION, value: 'aws-mars' });
  const stack = new Stack(new App(), 'Stack');
  warnOfUnknownRegions(stack, 'mars-north-1');

  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  Fact.unregister('mars-north-1', FactName.PARTITION);
});

test('each property that names a region tells of one that AWS CDK does not know', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-2' } });
  const attributes = { account: '111111111111', region: 'eu-west-9', replicaRegion: 'eu-west-8' };
  new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: 'eu-west-7' });
  new ReplicatedBucket(stack, 'Bucket', { replicaRegion: 'eu-west-6' });
  new CentralMonitoring(stack, 'Monitoring', { organizationId: 'o-1234567890', observabilityRegions: ['eu-west-5'] });
  ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'TheirVault', { ...attributes, backupVaultName: 'theirs' });
  ReplicatedBucket.fromReplicatedBucketAttributes(stack, 'TheirBucket', { ...attributes, bucketName: 'theirs', replicaBucketName: 'replica' });

  const told = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('does not know the region'));
  expect(told.map(({ id, entry: { data } }) => `${id} ${/'(.*?)'/.exec(data as string)![1]}`).sort()).toEqual([
    '/Stack/Bucket eu-west-6', '/Stack/Monitoring eu-west-5', '/Stack/TheirBucket eu-west-8', '/Stack/TheirBucket eu-west-9',
    '/Stack/TheirVault eu-west-8', '/Stack/TheirVault eu-west-9', '/Stack/Vault eu-west-7',
  ]);
});

test.each(['eu-west1', 'eu-west', 'EU-WEST-1', 'euwest-1', 'eu-west-1a', 'e-west-1', ''])("'%s' is no region", (region) => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-2' } });

  expect(problemsOf(() => new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: region })))
    .toEqual([`'replicaRegion' (replica_region) must be a region, such as 'eu-west-1', got '${region}'`]);
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
