import { App, Stage } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { System } from './system';

function templatesOf(assembly: CloudAssembly): Record<string, unknown> {
  return Object.fromEntries(assembly.stacksRecursively.map(({ hierarchicalId, template }) => [hierarchicalId, template]));
}

function synthesized(): CloudAssembly {
  const app = new App();
  new System(app);
  return app.synth();
}

test('there is a stack for each account and region, each with its literal environment', () => {
  expect(synthesized().stacks.map(({ stackName, environment: { account, region } }) => [stackName, account, region])).toEqual([
    ['Archive-support-eu-west-1-for-eu-west-2', '333333333333', 'eu-west-1'],
    ['Archive', '333333333333', 'eu-west-2'],
    ['Infrastructure-support-eu-west-1-for-eu-west-2', '222222222222', 'eu-west-1'],
    ['Infrastructure', '222222222222', 'eu-west-2'],
  ]);
});

test('no template refers to another account or region', () => {
  const text = JSON.stringify(templatesOf(synthesized()));

  expect(text.match(/Fn::GetStackOutput|Fn::ImportValue|"Export"|Custom::CrossRegion\w+|"AWS::SSM::Parameter"|resolve:ssm/g)).toBeNull();
});

test('a stack is deployed after its support stack, and after the bus and the vaults that it sends to', () => {
  const dependencies = synthesized().stacks.flatMap((stack: CloudFormationStackArtifact) =>
    stack.dependencies.filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack').map(({ hierarchicalId }) => [stack.hierarchicalId, hierarchicalId]));

  expect(dependencies.map((order) => order.join(' after ')).sort()).toEqual([
    'Archive after Archive/support-eu-west-1',
    'Infrastructure after Archive',
    'Infrastructure after Archive/support-eu-west-1',
    'Infrastructure after Infrastructure/support-eu-west-1',
    'Infrastructure/support-eu-west-1 after Archive',
  ]);
});

test('the home stacks are the same when the other region is left out', () => {
  const app = new App();
  const system = new System(app);
  for (const stack of [system.archive, system.infrastructure]) {
    stack.node.tryRemoveChild('support-eu-west-1');
  }
  const withoutReplicas = templatesOf(app.synth());
  const withReplicas = templatesOf(synthesized());

  expect(Object.keys(withoutReplicas)).toEqual(['Archive', 'Infrastructure']);
  expect(withoutReplicas).toEqual({ Archive: withReplicas.Archive, Infrastructure: withReplicas.Infrastructure });
  expect(app.synth().stacks.flatMap(({ dependencies }) => dependencies.map(({ id }) => id))).toEqual(['Archive.assets', 'Archive', 'Infrastructure.assets']);
});

test('inside a Stage everything stays in its assembly', () => {
  const app = new App();
  new System(new Stage(app, 'Prod'));

  expect(Object.keys(templatesOf(app.synth().getNestedAssembly('assembly-Prod'))).sort()).toEqual([
    'Prod/Archive', 'Prod/Archive/support-eu-west-1', 'Prod/Infrastructure', 'Prod/Infrastructure/support-eu-west-1',
  ]);
});

test('two Stages of one account have different names for everything that has a name', () => {
  const app = new App();
  const [dev, prod] = ['Dev', 'Prod'].map((id) => new System(new Stage(app, id)));

  expect([dev.central.backupVaultName, dev.central.replicaVaultName, dev.local.backupVaultName])
    .toEqual(['Dev-Archive-Central-f11c638f', 'Dev-Archive-Central-f11c638f-replica', 'Dev-Infrastructure-Local-434a42df']);
  expect([prod.central.backupVaultName, prod.central.replicaVaultName, prod.local.backupVaultName])
    .toEqual(['Prod-Archive-Central-9e25d138', 'Prod-Archive-Central-9e25d138-replica', 'Prod-Infrastructure-Local-eedd9ade']);
});

test('names and ARNs are literal with all recommended feature flags of the CDK and with none', () => {
  const [all, none] = [CURRENTLY_RECOMMENDED_FLAGS, {}].map((context) => new System(new App({ context })));

  for (const system of [all, none]) {
    expect([system.central.backupVaultArn, system.central.replicaVaultArn]).toEqual([
      'arn:aws:backup:eu-west-2:333333333333:backup-vault:Archive-Central-10eecb17',
      'arn:aws:backup:eu-west-1:333333333333:backup-vault:Archive-Central-10eecb17-replica',
    ]);
  }
});

test('synthesis is the same every time', () => {
  expect(templatesOf(synthesized())).toEqual(templatesOf(synthesized()));
});
