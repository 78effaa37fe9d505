import * as fs from 'fs';
import * as path from 'path';
import {
  App, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, LegacyStackSynthesizer, Stack, StackSynthesizer,
} from 'aws-cdk-lib';
import type { AppProps, IReusableStackSynthesizer, IStackSynthesizer, StackProps } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { regionStack } from '../../src/private/region-stack';

const env = { account: '111111111111', region: 'eu-west-2' };

interface Given {
  readonly stackProps?: StackProps;
  readonly appProps?: AppProps;
}

/** A home stack and its support stack, synthesized. */
function synthesized({ stackProps, appProps }: Given = {}) {
  const app = new App(appProps);
  const home = new Stack(app, 'Home', { env, ...stackProps });
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');
  new Asset(home, 'Asset', { path: __filename });
  new Asset(support, 'Asset', { path: path.join(__dirname, 'region-stack.test.ts') });
  const assembly = app.synth();
  const artifact = assembly.getStackArtifact(support.artifactId);
  const homeArtifact = assembly.getStackArtifact(home.artifactId);
  return { directory: assembly.directory, artifact, homeArtifact };
}

/** Where the assets of a stack go before it is deployed. */
function bucketsOf(directory: string, artifactId: string): string[] {
  const { files } = JSON.parse(fs.readFileSync(path.join(directory, `${artifactId}.assets.json`), 'utf8'));
  const destinations = Object.values<any>(files).flatMap((file) => Object.values<any>(file.destinations));
  return [...new Set(destinations.map(({ bucketName }) => bucketName))].sort();
}

test('the support stack is deployed by the bootstrap roles of its own region', () => {
  const { artifact, homeArtifact } = synthesized();

  expect(artifact.assumeRoleArn).toBe('arn:${AWS::Partition}:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1');
  expect(artifact.stackTemplateAssetObjectUrl).toMatch(/^s3:\/\/cdk-hnb659fds-assets-111111111111-eu-west-1\//);
  expect(homeArtifact.assumeRoleArn).toBe('arn:${AWS::Partition}:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-2');
});

class OwnSynthesizer extends DefaultStackSynthesizer {}

/** Ways to give a bootstrap qualifier, each made anew: a synthesizer keeps the assets that it has seen. */
const withQualifier: [string, () => Given][] = [
  ['a synthesizer of the home stack', () => ({ stackProps: { synthesizer: new DefaultStackSynthesizer({ qualifier: 'abc' }) } })],
  ['a synthesizer of a class of its own', () => ({ stackProps: { synthesizer: new OwnSynthesizer({ qualifier: 'abc' }) } })],
  ['the default synthesizer of the app', () => ({ appProps: { defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'abc' }) } })],
  ['the context', () => ({ appProps: { context: { '@aws-cdk/core:bootstrapQualifier': 'abc' } } })],
];

test.each(withQualifier)('the bootstrap qualifier of %s is that of the support stack too', (_, given) => {
  const { artifact, homeArtifact } = synthesized(given());

  expect(artifact.assumeRoleArn).toBe('arn:${AWS::Partition}:iam::111111111111:role/cdk-abc-deploy-role-111111111111-eu-west-1');
  expect(artifact.cloudFormationExecutionRoleArn).toBe('arn:${AWS::Partition}:iam::111111111111:role/cdk-abc-cfn-exec-role-111111111111-eu-west-1');
  expect(artifact.bootstrapStackVersionSsmParameter).toBe('/cdk-bootstrap/abc/version');
  expect(homeArtifact.assumeRoleArn).toBe('arn:${AWS::Partition}:iam::111111111111:role/cdk-abc-deploy-role-111111111111-eu-west-2');
});

test('a deploy role of its own is taken over, with the region filled in', () => {
  const deployRoleArn = 'arn:aws:iam::${AWS::AccountId}:role/deploy-${AWS::Region}';
  const { artifact } = synthesized({ stackProps: { synthesizer: new DefaultStackSynthesizer({ deployRoleArn }) } });

  expect(artifact.assumeRoleArn).toBe('arn:aws:iam::111111111111:role/deploy-eu-west-1');
});

test.each([
  { from: 'nothing said', given: () => ({}), qualifier: 'hnb659fds' },
  ...withQualifier.map(([from, given]) => ({ from, given, qualifier: 'abc' })),
])('with $from, each region is deployed without a bucket in the other one', ({ given, qualifier }) => {
  const { directory, artifact, homeArtifact } = synthesized(given());

  expect(bucketsOf(directory, homeArtifact.id)).toEqual([`cdk-${qualifier}-assets-111111111111-eu-west-2`]);
  expect(bucketsOf(directory, artifact.id)).toEqual([`cdk-${qualifier}-assets-111111111111-eu-west-1`]);
});

test('a stack that is deployed with the credentials of the CLI has such a support stack', () => {
  const { directory, artifact, homeArtifact } = synthesized({
    stackProps: { synthesizer: new CliCredentialsStackSynthesizer({ qualifier: 'abc' }) },
  });

  expect(artifact.assumeRoleArn).toBeUndefined();
  expect(bucketsOf(directory, artifact.id)).toEqual(['cdk-abc-assets-111111111111-eu-west-1']);
  expect(bucketsOf(directory, homeArtifact.id)).toEqual(['cdk-abc-assets-111111111111-eu-west-2']);
});

test('a stack of the old bootstrap stack has such a support stack', () => {
  const app = new App();
  const home = new Stack(app, 'Home', { env, synthesizer: new LegacyStackSynthesizer() });
  const support = regionStack(home, 'replicaRegion', 'eu-west-1');

  expect(support.synthesizer).toBeInstanceOf(LegacyStackSynthesizer);
  expect(app.synth().getStackArtifact(support.artifactId).assumeRoleArn).toBeUndefined();
});

/** Serves one stack. */
class OneStackSynthesizer extends StackSynthesizer {
  public addFileAsset(): never {
    throw new Error('no assets');
  }

  public addDockerImageAsset(): never {
    throw new Error('no assets');
  }

  public synthesize(): void {}
}

/** Can be bound again, but what it binds can't. */
class FactorySynthesizer extends OneStackSynthesizer implements IReusableStackSynthesizer {
  public reusableBind(stack: Stack): IStackSynthesizer {
    const bound = new FactorySynthesizer();
    bound.bind(stack);
    return bound;
  }
}

test.each([
  ['can be bound once', new OneStackSynthesizer()],
  ['is derived from such a one', Object.create(new OneStackSynthesizer()) as IStackSynthesizer],
  ['does not say what it was made from', new FactorySynthesizer()],
])('a synthesizer that %s serves no support stack: the user has to define one', (_, synthesizer) => {
  const home = new Stack(new App(), 'Home', { env, synthesizer });

  expect(() => regionStack(home, 'replicaRegion', 'eu-west-1')).toThrow(new Error([
    "invalid support stack at 'Home':",
    "- the synthesizer of stack 'Home' does not support a stack in another region: set 'replicaScope' (replica_scope) to a stack of your own in eu-west-1",
  ].join('\n')));
});

test.each([
  ['one bucket, whose name lacks the region', { fileAssetsBucketName: 'our-assets' }],
  ['one bucket, whose name has the region', { fileAssetsBucketName: 'assets-eu-west-2' }],
  ['a role of the region', { fileAssetPublishingRoleArn: 'arn:aws:iam::111111111111:role/publish-eu-west-2' }],
  ['a repository of the region', { imageAssetsRepositoryName: 'images-eu-west-2' }],
])('a synthesizer that is bound to %s serves no support stack', (_, props) => {
  const home = new Stack(new App(), 'Home', { env, synthesizer: new DefaultStackSynthesizer(props) });

  expect(() => regionStack(home, 'replicaRegion', 'eu-west-1')).toThrow(
    "the synthesizer of stack 'Home' does not support a stack in another region: set 'replicaScope' (replica_scope) to a stack of your own in eu-west-1");
});

test('a synthesizer with the bucket of each region serves a support stack', () => {
  const { directory, artifact } = synthesized({ stackProps: { synthesizer: new DefaultStackSynthesizer({ fileAssetsBucketName: 'assets-${AWS::Region}' }) } });

  expect(bucketsOf(directory, artifact.id)).toEqual(['assets-eu-west-1']);
});
