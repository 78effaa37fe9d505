import { BackupClient, DescribeBackupVaultCommand, GetBackupPlanCommand, ListBackupPlansCommand } from '@aws-sdk/client-backup';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Deployment } from './deployment';
import type { DeployedResource } from './deployment';
import { assemblyOf, STAGES } from '../../../scripts/steps';
import { readAssembly, resourcesOf } from '../assembly/assembly';
import type { AssemblyStack } from '../assembly/assembly';
import { changeProperties, changeResources, shuffle } from '../assembly/changes';
import { LocalAws } from '../local-aws/local-aws';

/** What holds data, or makes it readable. */
const STATEFUL = ['AWS::Backup::BackupVault', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup'];
const prod = readAssembly(assemblyOf('prod'));

describe.each(STAGES)('the stage %s', (stage) => {
  const stacks = readAssembly(assemblyOf(stage));
  let aws: LocalAws;
  let deployment: Deployment;

  beforeAll(async () => {
    aws = await LocalAws.start();
    deployment = new Deployment(aws, stacks);
  });
  afterAll(() => aws.stop());

  test('is deployed with every resource of its templates', async () => {
    const outcomes = await deployment.deploy();
    const resources = await deployment.resources();

    expect(outcomes.map(({ stack, status }) => [stack.name, status])).toEqual(stacks.map(({ name }) => [name, 'CREATE_COMPLETE']));
    expect(namesOf(resources)).toEqual(stacks.flatMap(({ id, template }) => Object.keys(template.Resources).map((logicalId) => `${id} ${logicalId}`)).sort());
    expect(new Set(resources.map(({ status }) => status))).toEqual(new Set(['CREATE_COMPLETE']));
  });

  test('a second deployment has nothing to do', async () => {
    const before = await deployment.resources();

    expect((await deployment.deploy()).filter(({ isUnchanged }) => !isUnchanged)).toEqual([]);
    expect(await deployment.resources()).toEqual(before);
  });

  test('an update of retention, tables and alarms replaces nothing that holds data', async () => {
    const before = await deployment.resources();
    const updated = new Deployment(aws, updateOf(stacks));

    const outcomes = await updated.deploy();
    const after = await updated.resources();

    expect(outcomes.filter(({ isUnchanged }) => !isUnchanged).map(({ status }) => status)).not.toEqual([]);
    expect(stateful(after)).toEqual(expect.objectContaining(stateful(before)));
    expect(Object.keys(stateful(after)).length).toBe(Object.keys(stateful(before)).length + 1); // the new table
    expect(await retentionsOf(aws, stacks)).toContain(41);
  });

  test('deleting it leaves vaults, tables, keys and buckets', async () => {
    const before = await deployment.resources();
    const retained = before.filter(({ stack, logicalId }) => /^Retain/.test(stack.template.Resources[logicalId]?.DeletionPolicy ?? ''));

    await deployment.destroy();

    expect(retained.length).toBeGreaterThan(0);
    for (const resource of retained.filter(({ type }) => ['AWS::Backup::BackupVault', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket'].includes(type))) {
      await expect(isThere(aws, resource)).resolves.toBe(true);
    }
  });

  test('deploying it again is refused with the names of what is there already', async () => {
    await expect(deployment.deploy()).rejects.toThrow(/was not deployed: .*already exists/);
  });
});

test('both stages are deployed side by side', async () => {
  const aws = await LocalAws.start();
  try {
    const stacks = STAGES.flatMap((stage) => readAssembly(assemblyOf(stage)));
    const outcomes = await new Deployment(aws, stacks).deploy();

    expect(outcomes.filter(({ status }) => status !== 'CREATE_COMPLETE')).toEqual([]);
  } finally {
    await aws.stop();
  }
});

test.each([1, 2, 3])('with the resources of each template in another order (seed %i), no dependency is missing', async (seed) => {
  const aws = await LocalAws.start();
  try {
    const outcomes = await new Deployment(aws, shuffle(prod, seed)).deploy();

    expect(outcomes.filter(({ status }) => status !== 'CREATE_COMPLETE')).toEqual([]);
  } finally {
    await aws.stop();
  }
});

test('a stack that fails says which resource and why', async () => {
  const aws = await LocalAws.start();
  try {
    const broken = changeProperties(prod, 'AWS::Backup::BackupPlan', ({ BackupPlan }) => {
      BackupPlan.BackupPlanRule[0].CopyActions[0].Lifecycle = { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 100 };
    });

    await expect(new Deployment(aws, broken).deploy()).rejects
      .toThrow(/acme-prod-backup \(222222222222\/eu-west-2\) was not deployed: .*AWS::Backup::BackupPlan.*InvalidParameterValueException/);
  } finally {
    await aws.stop();
  }
});

/** The retention of copies raised by a day, a table more, an alarm tuned. */
function updateOf(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const [table] = resourcesOf(stacks, 'AWS::DynamoDB::Table');
  const withTable = changeResources(stacks, () => (resource) => resource).map((stack) => stack.id !== table.stack.id ? stack : {
    ...stack, template: { ...stack.template, Resources: { ...stack.template.Resources, AnotherTable: structuredClone(table.resource) } },
  });
  const withRetention = changeProperties(withTable, 'AWS::Backup::BackupPlan', ({ BackupPlan }) => {
    BackupPlan.BackupPlanRule[0].Lifecycle.DeleteAfterDays = 41;
  });
  return changeProperties(withRetention, 'AWS::CloudWatch::Alarm', (properties) => {
    properties.Threshold += 1;
  });
}

function stateful(resources: DeployedResource[]): Record<string, string> {
  return Object.fromEntries(resources.filter(({ type }) => STATEFUL.includes(type)).map(({ stack, logicalId, physicalId }) => [`${stack.id} ${logicalId}`, physicalId]));
}

function namesOf(resources: DeployedResource[]): string[] {
  return resources.map(({ stack, logicalId }) => `${stack.id} ${logicalId}`).sort();
}

async function retentionsOf(aws: LocalAws, stacks: readonly AssemblyStack[]): Promise<(number | undefined)[]> {
  const [{ stack: { account, region } }] = resourcesOf(stacks, 'AWS::Backup::BackupPlan');
  const client = aws.client(BackupClient, account, region);
  const { BackupPlansList = [] } = await client.send(new ListBackupPlansCommand({}));
  const { BackupPlan } = await client.send(new GetBackupPlanCommand({ BackupPlanId: BackupPlansList[0].BackupPlanId }));
  return BackupPlan!.Rules!.map(({ Lifecycle }) => Lifecycle?.DeleteAfterDays);
}

async function isThere(aws: LocalAws, { stack: { account, region }, type, physicalId }: DeployedResource): Promise<boolean> {
  switch (type) {
    case 'AWS::Backup::BackupVault':
      await aws.client(BackupClient, account, region).send(new DescribeBackupVaultCommand({ BackupVaultName: physicalId }));
      return true;
    case 'AWS::DynamoDB::Table':
      await aws.client(DynamoDBClient, account, region).send(new DescribeTableCommand({ TableName: physicalId }));
      return true;
    default:
      await aws.client(S3Client, account, region).send(new HeadBucketCommand({ Bucket: physicalId }));
      return true;
  }
}
