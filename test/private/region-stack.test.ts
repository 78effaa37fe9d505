import { readFileSync } from 'fs';
import * as cdk from 'aws-cdk-lib';
import { App, Aspects, Aws, NestedStack, PermissionsBoundary, Stack, Stage, Tags } from 'aws-cdk-lib';
import type { IPropertyInjector } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, RootConstruct } from 'constructs';
import { isSupportStack, regionStack } from '../../src/private/region-stack';

const env = { account: '111111111111', region: 'eu-west-2' };

let app: App;
let home: Stack;
beforeEach(() => {
  app = new App();
  home = new Stack(app, 'Home', { env });
});

test('the support stack is in the other region of the same account, and named after the home stack', () => {
  const support = regionStack(new Construct(home, 'Vault'), 'replicaRegion', 'eu-west-1');

  expect(support.account).toBe('111111111111');
  expect(support.region).toBe('eu-west-1');
  expect(support.stackName).toBe('Home-support-eu-west-1-for-eu-west-2');
  expect(support.node.path).toBe('Home/support-eu-west-1');
  expect(support.templateOptions.description).toBe('Resources of stack Home in eu-west-1');
  expect(isSupportStack(support)).toBe(true);
});

test('the home stack is no support stack', () => {
  expect(isSupportStack(home)).toBe(false);
});

test('all constructs of a stack share a support stack in a region', () => {
  const support = regionStack(new Construct(home, 'One'), 'replicaRegion', 'eu-west-1');

  expect(regionStack(new Construct(new Construct(home, 'Deep'), 'Two'), 'replicaRegion', 'eu-west-1')).toBe(support);
  expect(regionStack(home, 'replicaRegion', 'eu-west-1')).toBe(support);
});

test('each region has a support stack of its own', () => {
  const ireland = regionStack(home, 'replicaRegion', 'eu-west-1');
  const frankfurt = regionStack(home, 'replicaRegion', 'eu-central-1');

  expect(frankfurt).not.toBe(ireland);
  expect([ireland.stackName, frankfurt.stackName]).toEqual(['Home-support-eu-west-1-for-eu-west-2', 'Home-support-eu-central-1-for-eu-west-2']);
});

test('each home stack has a support stack of its own', () => {
  const other = new Stack(app, 'Other', { env });

  expect(regionStack(other, 'replicaRegion', 'eu-west-1')).not.toBe(regionStack(home, 'replicaRegion', 'eu-west-1'));
});

test('the support stacks of two home stacks of one name in two regions have different names', () => {
  // GIVEN two stacks that differ in nothing but their region, and a third region that both copy to
  const one = new Stack(app, 'One', { env: { ...env, region: 'eu-west-2' }, stackName: 'Backups' });
  const other = new Stack(app, 'Other', { env: { ...env, region: 'eu-central-1' }, stackName: 'Backups' });

  // THEN one does not overwrite the other
  expect(regionStack(one, 'replicaRegion', 'eu-west-1').stackName).not.toBe(regionStack(other, 'replicaRegion', 'eu-west-1').stackName);
});

test('nested stacks share the support stack of the stack that they are in', () => {
  const one = new NestedStack(home, 'One');
  const two = new NestedStack(home, 'Two');
  const inner = new NestedStack(two, 'Inner');

  const support = regionStack(new Construct(one, 'Vault'), 'replicaRegion', 'eu-west-1');

  expect(regionStack(new Construct(two, 'Vault'), 'replicaRegion', 'eu-west-1')).toBe(support);
  expect(regionStack(new Construct(inner, 'Vault'), 'replicaRegion', 'eu-west-1')).toBe(support);
  expect(support.node.path).toBe('Home/support-eu-west-1');
  expect(support.nestedStackParent).toBeUndefined();
});

test('the support stack is in the Stage of the home stack', () => {
  // GIVEN
  const stage = new Stage(app, 'Prod', { env });
  const staged = new Stack(stage, 'Home');

  // WHEN
  const support = regionStack(staged, 'replicaRegion', 'eu-west-1');

  // THEN
  expect(Stage.of(support)).toBe(stage);
  expect(support.stackName).toBe('Prod-Home-support-eu-west-1-for-eu-west-2');
  const assembly = app.synth();
  expect(assembly.getNestedAssembly('assembly-Prod').stacks.map((stack) => stack.stackName).sort()).toEqual([
    'Prod-Home', 'Prod-Home-support-eu-west-1-for-eu-west-2',
  ]);
  expect(assembly.stacks.map((stack) => stack.stackName)).toEqual(['Home']);
});

test('what the support stack holds is in its template, not in that of the home stack', () => {
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');
  new Queue(support, 'Queue');

  Template.fromStack(support).resourceCountIs('AWS::SQS::Queue', 1);
  Template.fromStack(home).resourceCountIs('AWS::SQS::Queue', 0);
});

test('the support stack has the tags of the home stack, and those that are added later', () => {
  // GIVEN
  const tagged = new Stack(app, 'Tagged', { env, tags: { 'cost-center': '1234' } });
  const support = regionStack(tagged, 'replicaRegion', 'eu-west-1');
  new Queue(support, 'Queue');

  // WHEN
  Tags.of(tagged).add('team', 'orders');

  // THEN
  const { tags } = app.synth().getStackArtifact(support.artifactId);
  expect(tags).toEqual({ 'cost-center': '1234', 'team': 'orders' });
  Template.fromStack(support).hasResourceProperties('AWS::SQS::Queue', { Tags: [{ Key: 'team', Value: 'orders' }] });
});

test('the support stack has the tags of the home stack where only the explicit ones are stack tags', () => {
  const explicit = new App({ postCliContext: { '@aws-cdk/core:explicitStackTags': true } });
  const tagged = new Stack(explicit, 'Tagged', { env, tags: { 'cost-center': '1234' } });
  const support = regionStack(tagged, 'replicaRegion', 'eu-west-1');

  Tags.of(tagged).add('team', 'orders');

  expect(explicit.synth().getStackArtifact(support.artifactId).tags).toEqual({ 'cost-center': '1234' });
});

test('the support stack has the tags that are set on the home stack itself, whenever that is', () => {
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');
  home.tags.setTag('late', 'yes');

  expect(app.synth().getStackArtifact(support.artifactId).tags).toEqual({ late: 'yes' });
});

test('the aspects and the permissions boundary of the home stack reach the support stack', () => {
  // GIVEN
  const bound = new Stack(app, 'Bound', { env, permissionsBoundary: PermissionsBoundary.fromName('developer') });
  const support = regionStack(bound, 'replicaRegion', 'eu-west-1');
  new Queue(support, 'Queue');
  new CfnRole(support, 'Role', { assumeRolePolicyDocument: {} });

  // WHEN
  Aspects.of(bound).add({
    visit: (node) => {
      if (node instanceof CfnQueue) {
        node.delaySeconds = 7;
      }
    },
  });

  // THEN
  Template.fromStack(support).hasResourceProperties('AWS::SQS::Queue', { DelaySeconds: 7 });
  Template.fromStack(support).hasResourceProperties('AWS::IAM::Role', {
    PermissionsBoundary: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111111111111:policy/developer']] },
  });
});

test('the support stack is protected from termination as the home stack is', () => {
  const safe = new Stack(app, 'Safe', { env, terminationProtection: true });
  const support = regionStack(safe, 'replicaRegion', 'eu-west-1');

  expect(app.synth().getStackArtifact(support.artifactId).terminationProtection).toBe(true);
});

test('the support stack is protected from termination when the home stack comes to be later', () => {
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');
  expect(support.terminationProtection).toBe(false);

  home.terminationProtection = true;

  expect(app.synth().getStackArtifact(support.artifactId).terminationProtection).toBe(true);
});

test.each([true, false])('the support stack has the metadata of AWS CDK if the home stack has it: %s', (analyticsReporting) => {
  const metered = new App({ analyticsReporting: !analyticsReporting });
  const own = new Stack(metered, 'Own', { env, analyticsReporting });
  const support = regionStack(own, 'replicaRegion', 'eu-west-1');
  [own, support].forEach((each) => new Queue(each, 'Queue'));

  const assembly = metered.synth();
  expect([own, support].map(({ artifactId }) => 'CDKMetadata' in assembly.getStackArtifact(artifactId).template.Resources)).toEqual([analyticsReporting, analyticsReporting]);
});

test.each([true, false])('the support stack has a template without indentation if the home stack has one: %s', (suppressTemplateIndentation) => {
  const own = new Stack(app, 'Own', { env, suppressTemplateIndentation });
  const support = regionStack(own, 'replicaRegion', 'eu-west-1');
  new Queue(support, 'Queue');

  const { templateFullPath } = app.synth().getStackArtifact(support.artifactId);
  expect(readFileSync(templateFullPath, 'utf8').includes('\n')).toBe(!suppressTemplateIndentation);
});

test('the property injectors of the home stack reach the support stack', () => {
  const injector: IPropertyInjector = { constructUniqueId: Queue.PROPERTY_INJECTION_ID, inject: (props) => ({ ...props, fifo: true }) };
  const support = regionStack(new Stack(app, 'Own', { env, propertyInjectors: [injector] }), 'replicaRegion', 'eu-west-1');
  new Queue(support, 'Queue');

  Template.fromStack(support).hasResourceProperties('AWS::SQS::Queue', { FifoQueue: true });
});

test('a support stack that is protected protects its home stack', () => {
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');

  support.terminationProtection = true;

  expect(home.terminationProtection).toBe(true);
});

test.each([
  ['no environment', {}],
  ['a token as account', { account: Aws.ACCOUNT_ID, region: 'eu-west-2' }],
  ['a token as region', { account: '111111111111', region: Aws.REGION }],
])('a home stack with %s can have no support stack', (_, unknown) => {
  const agnostic = new Stack(app, 'Agnostic', { env: unknown });

  expect(() => regionStack(new Construct(agnostic, 'Vault'), 'replicaRegion', 'eu-west-1')).toThrow(new Error([
    "invalid support stack at 'Agnostic/Vault':",
    "- 'replicaRegion' (replica_region) requires a literal account and region in stack 'Agnostic': set its 'env'",
  ].join('\n')));
});

test('a home stack outside of an App and a Stage can have no support stack, and all that is wrong is said at once', () => {
  const lonely = new Stack(new RootConstruct(), 'Lonely');

  expect(() => regionStack(new Construct(lonely, 'Vault'), 'replicaRegion', 'eu-west-1')).toThrow(new Error([
    "invalid support stack at 'Lonely/Vault':",
    "- 'replicaRegion' (replica_region) requires a stack inside an App or a Stage: define 'Lonely' in one, or set 'replicaScope' (replica_scope) to a stack of your own in eu-west-1",
    "- 'replicaRegion' (replica_region) requires a literal account and region in stack 'Lonely': set its 'env'",
  ].join('\n')));
});

test('a name that fits into 128 characters is not shortened', () => {
  const long = new Stack(app, 'Long', { env, stackName: 'a'.repeat(92) });

  expect(regionStack(long, 'replicaRegion', 'eu-west-1').stackName).toBe(`${'a'.repeat(92)}-support-eu-west-1-for-eu-west-2`);
});

test('a name that does not fit into 128 characters is shortened, keeps the regions, and stays unique', () => {
  const one = new Stack(app, 'One', { env, stackName: `${'a'.repeat(127)}1` });
  const two = new Stack(app, 'Two', { env, stackName: `${'a'.repeat(127)}2` });

  const names = [one, two].map((stack) => regionStack(stack, 'replicaRegion', 'eu-west-1').stackName);

  for (const name of names) {
    expect(name).toMatch(/^a{50,}-[0-9a-f]{8}-support-eu-west-1-for-eu-west-2$/);
    expect(name.length).toBeLessThanOrEqual(128);
  }
  expect(names[0]).not.toBe(names[1]);
});

test.each(['construct', 'stack'])("a %s of the user's own with the id of the support stack is not taken for it", (kind) => {
  if (kind === 'stack') {
    new Stack(home, 'support-eu-west-1', { env: { ...env, region: 'eu-west-1' } });
  } else {
    new Construct(home, 'support-eu-west-1');
  }

  expect(() => regionStack(home, 'replicaRegion', 'eu-west-1')).toThrow(/'support-eu-west-1'/);
});

test('another copy of this library finds the same support stack', () => {
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');

  jest.isolateModules(() => {
    jest.doMock('aws-cdk-lib', () => cdk);
    const copy = jest.requireActual<typeof import('../../src/private/region-stack')>('../../src/private/region-stack');

    expect(copy.regionStack).not.toBe(regionStack);
    expect(copy.isSupportStack(support)).toBe(true);
    expect(copy.regionStack(home, 'replicaRegion', 'eu-west-1')).toBe(support);
  });
});
