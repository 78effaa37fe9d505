import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Aws, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import fc from 'fast-check';
import { hasPointInTimeRecovery } from '../../src/targets/stateful-resources';
import { TemplateProperties, UNKNOWN } from '../../src/targets/template-properties';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const VERSIONING = ['VersioningConfiguration', 'Status'];
const statusOf = (bucket: CfnResource) => new TemplateProperties(bucket).text(...VERSIONING);

let stack: Stack;

beforeEach(() => {
  stack = stackIn(INFRASTRUCTURE, LONDON);
});

test('a property that the CDK sets is read', () => {
  expect(statusOf(new s3.CfnBucket(stack, 'Bucket', { versioningConfiguration: { status: 'Enabled' } }))).toBe('Enabled');
});

test('a property override is read, also where the CDK sets the property', () => {
  const bucket = new s3.CfnBucket(stack, 'Bucket', { versioningConfiguration: { status: 'Enabled' } });
  bucket.addPropertyOverride('VersioningConfiguration.Status', 'Suspended');

  expect(statusOf(bucket)).toBe('Suspended');
});

test('a property that an override deletes is not there', () => {
  const bucket = new s3.CfnBucket(stack, 'Bucket', { versioningConfiguration: { status: 'Enabled' } });
  bucket.addPropertyDeletionOverride('VersioningConfiguration');

  expect(statusOf(bucket)).toBeUndefined();
});

test('a raw override of the resource is read', () => {
  const bucket = new s3.CfnBucket(stack, 'Bucket');
  bucket.addOverride('Properties.VersioningConfiguration', { Status: 'Enabled' });

  expect(statusOf(bucket)).toBe('Enabled');
});

test('a resource of the generic class is read', () => {
  expect(statusOf(new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties: { VersioningConfiguration: { Status: 'Enabled' } } }))).toBe('Enabled');
});

test('a resource of a template that was included is read', () => {
  const templateFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'included-')), 'template.json');
  fs.writeFileSync(templateFile, JSON.stringify({
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-2'] } },
    Resources: {
      Plain: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      Conditional: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { 'Fn::If': ['IsProd', { Status: 'Enabled' }, { Ref: 'AWS::NoValue' }] } } },
    },
  }));
  const included = new CfnInclude(stack, 'Included', { templateFile });

  expect(['Plain', 'Conditional'].map((id) => statusOf(included.getResource(id)))).toEqual(['Enabled', UNKNOWN]);
});

test.each([
  ['a condition', () => Fn.conditionIf(new CfnCondition(stack, 'IsProd').logicalId, 'Enabled', 'Suspended').toString(), UNKNOWN],
  ['a parameter', () => new CfnParameter(stack, 'Status').valueAsString, UNKNOWN],
  ['no value', () => Aws.NO_VALUE, undefined],
  ['the account, which the stack says', () => `status-${Aws.ACCOUNT_ID}`, 'status-222222222222'],
  ['the region, which the stack says', () => `${Aws.REGION}-status`, 'eu-west-2-status'],
])('a property that is %s', (_, status, expected) => {
  expect(statusOf(new s3.CfnBucket(stack, 'Bucket', { versioningConfiguration: { status: status() } }))).toBe(expected);
});

test('the account of a stack that does not say it is unknown', () => {
  const anywhere = new Stack(stack.node.root as Stack, 'Anywhere');

  expect(statusOf(new s3.CfnBucket(anywhere, 'Bucket', { versioningConfiguration: { status: Aws.ACCOUNT_ID } }))).toBe(UNKNOWN);
});

test('what is below a value without members is not there', () => {
  expect(new TemplateProperties(new s3.CfnBucket(stack, 'Bucket', { bucketName: 'reports' })).text('BucketName', 'Status')).toBeUndefined();
});

test('a template may write true and false as texts', () => {
  const instance = (StorageEncrypted: unknown) => new TemplateProperties(new CfnResource(stack, `Db${String(StorageEncrypted)}`, {
    type: 'AWS::RDS::DBInstance', properties: { StorageEncrypted },
  })).flag('StorageEncrypted');

  expect(['true', 'false', 'True', true, false].map((value) => [value, new TemplateProperties(new CfnResource(stack, `X${typeof value}${value}`, {
    type: 'AWS::RDS::DBInstance', properties: { StorageEncrypted: value },
  })).flag('StorageEncrypted')])).toEqual([['true', true], ['false', false], ['True', true], [true, true], [false, false]]);
  expect(instance(undefined)).toBeUndefined();
});

test('a resource that can not be rendered is unknown, and no error of ours', () => {
  const bucket = new s3.CfnBucket(stack, 'Bucket', { versioningConfiguration: { status: 7 as unknown as string } });

  expect(statusOf(bucket)).toBe(UNKNOWN);
});

test('a table without overrides is not rendered for a property that it does not have', () => {
  const table = new dynamodb.CfnTable(stack, 'Table', { keySchema: [{ attributeName: 'id', keyType: 'HASH' }] });
  const render = jest.spyOn(table, '_toCloudFormation');

  expect(hasPointInTimeRecovery(table)).toBe(false);
  expect(render).not.toHaveBeenCalled();
});

test('a resource is rendered once for all that is asked of it', () => {
  const instance = new rds.CfnDBInstance(stack, 'Db', { engine: 'postgres', storageEncrypted: true });
  const render = jest.spyOn(instance, '_toCloudFormation');
  const properties = new TemplateProperties(instance);
  [properties.text('Engine'), properties.flag('StorageEncrypted')].forEach((value) => expect(value).toBeDefined());

  expect(render).toHaveBeenCalledTimes(1);
});

describe('point-in-time recovery', () => {
  const specification = { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } };
  const KEY = { keySchema: [{ attributeName: 'id', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }] };

  test('of a global table is that of the replica in the region of its stack', () => {
    const replicas = (own: object, other: object) => new dynamodb.CfnGlobalTable(stack, `Table${stack.node.children.length}`, {
      ...KEY, replicas: [{ region: 'eu-west-1', ...other }, { region: LONDON, ...own }],
    });

    expect([hasPointInTimeRecovery(replicas(specification, {})), hasPointInTimeRecovery(replicas({}, specification))]).toEqual([true, false]);
  });

  test('of a global table is known where only the region of another replica is not', () => {
    const table = new dynamodb.CfnGlobalTable(stack, 'Table', {
      ...KEY, replicas: [{ region: LONDON, ...specification }, { region: new CfnParameter(stack, 'Other').valueAsString }],
    });

    expect(hasPointInTimeRecovery(table)).toBe(true);
  });

  test('that a parameter decides is unknown', () => {
    const enabled = new CfnParameter(stack, 'Enabled').valueAsString as unknown as boolean;
    const table = new dynamodb.CfnTable(stack, 'Table', { ...KEY, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: enabled } });

    expect(hasPointInTimeRecovery(table)).toBeUndefined();
  });

  test('that an override turns on counts', () => {
    const table = new dynamodb.CfnTable(stack, 'Table', KEY);
    table.addPropertyOverride('PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', true);

    expect(hasPointInTimeRecovery(table)).toBe(true);
  });
});

test('whatever an override says is what is read', () => {
  fc.assert(fc.property(fc.stringMatching(/^[A-Za-z]{1,12}$/), fc.boolean(), (status, isSetByCdk) => {
    const bucket = new s3.CfnBucket(stackIn(INFRASTRUCTURE, LONDON), 'Bucket', isSetByCdk ? { versioningConfiguration: { status: 'Enabled' } } : {});
    bucket.addPropertyOverride('VersioningConfiguration.Status', status);

    return statusOf(bucket) === status;
  }), { numRuns: 30 });
});
