import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { customResourceEvent, FakeAws, iamRole, json } from './fake-aws';
import { ResourceType } from '../../src/objectives/resource-type';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { OrganizationBackupSettings } from '../../src/settings/organization-backup-settings';

const ASSETS = path.join(__dirname, '../../assets/settings');

/** What the runtime has: the AWS SDK and Node.js. */
const PROVIDED: Record<string, string[]> = {
  'region-settings.lambda': ['@aws-sdk/client-backup', '@aws-sdk/client-iam', 'https'],
  'organization-settings.lambda': ['@aws-sdk/client-backup', '@aws-sdk/client-organizations', 'https'],
};

let aws: FakeAws;

beforeAll(async () => {
  aws = await FakeAws.start();
});

afterAll(() => aws.stop());

beforeEach(() => aws.reset());

function source(bundle: string): string {
  return fs.readFileSync(path.join(ASSETS, bundle, 'index.js'), 'utf8');
}

test('every handler is bundled', () => {
  expect(fs.readdirSync(ASSETS).sort()).toEqual(['organization-settings.lambda', 'region-settings.lambda']);
});

describe.each(Object.keys(PROVIDED))('%s', (bundle) => {
  test('takes the AWS SDK and Node.js from the runtime, and nothing else', () => {
    const required = [...source(bundle).matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name).sort();

    expect(required).toEqual(PROVIDED[bundle]);
  });

  test('contains no code of others', () => {
    const files = [...source(bundle).matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map(([, file]) => file);

    expect(files).toEqual([`src/settings/${bundle}.ts`, 'src/handlers/custom-resource.lambda-shared.ts', `src/settings/${bundle}.ts`]);
    expect(source(bundle).length).toBeLessThan(10_000);
  });

  test('exports the handler, which answers CloudFormation', async () => {
    const { handler } = jest.requireActual(path.join(ASSETS, bundle, 'index.js'));

    await handler(customResourceEvent('Delete', {}, 'settings'));

    expect(aws.outcomes.map(({ body }) => body.Status)).toEqual(['SUCCESS']);
  });
});

test('the bundled handler of a region does the work', async () => {
  aws.on('GetRole', iamRole('GetRole'));
  aws.on('GET /account-settings',
    json({ ResourceTypeOptInPreference: { DynamoDB: false }, ResourceTypeManagementPreference: {} }),
    json({ ResourceTypeOptInPreference: { DynamoDB: true }, ResourceTypeManagementPreference: { DynamoDB: true } }));
  aws.on('PUT /account-settings', json({}));
  const { handler } = jest.requireActual(path.join(ASSETS, 'region-settings.lambda/index.js'));

  await handler(customResourceEvent('Create', { resourceTypeOptIn: ['DynamoDB'], resourceTypeManagement: ['DynamoDB'] }));

  expect(aws.bodiesOf('PUT /account-settings')).toEqual([
    { ResourceTypeOptInPreference: { DynamoDB: true }, ResourceTypeManagementPreference: { DynamoDB: true } },
  ]);
  expect(aws.outcomes.map(({ body }) => body.Status)).toEqual(['SUCCESS']);
});

test.each([
  ['region-settings.lambda', (stack: Stack) => new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] })],
  ['organization-settings.lambda', (stack: Stack) => new OrganizationBackupSettings(stack, 'Settings')],
])('the function runs %s', (bundle, define) => {
  const app = new App();
  const stack = new Stack(app, 'Settings');
  define(stack);

  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const { directory } = app.synth();
  const { files } = JSON.parse(fs.readFileSync(path.join(directory, 'Settings.assets.json'), 'utf8'));
  const { source: asset } = files[path.basename(Properties.Code.S3Key, '.zip')];
  expect(Properties.Handler).toBe('index.handler');
  expect(asset.packaging).toBe('zip');
  expect(fs.readFileSync(path.join(directory, asset.path, 'index.js'), 'utf8')).toBe(source(bundle));
});
