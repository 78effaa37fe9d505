import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { deployAfter, deployStackAfter, isInStageOf, whilePresent } from '../../src/private/ordering';

function resourceIn(stack: Stack): CfnResource {
  return new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });
}

test('a stack is deployed after the one of a construct that it depends on', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
  const resource = resourceIn(one);
  resource.node.addDependency(whilePresent(resource, resourceIn(other)));
  app.synth();

  expect(one.dependencies).toEqual([other]);
});

test('a construct that left the tree is no dependency', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
  const resource = resourceIn(one);
  resource.node.addDependency(whilePresent(resource, resourceIn(other)));
  app.node.tryRemoveChild('Other');
  app.synth();

  expect(one.dependencies).toEqual([]);
});

test('a construct of another Stage is no dependency', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(new Stage(app, id), 'Stack'));
  const resource = resourceIn(one);
  resource.node.addDependency(whilePresent(resource, resourceIn(other)));

  expect(() => app.synth()).not.toThrow();
});

describe('of paths,', () => {
  const PATHS = ['Stack/Plan', 'Prod/Stack/Plan', 'Prod2/Stack/Plan', 'Prod/Blue/Stack/Plan'];

  const seenFrom = (scope: Stack) => PATHS.filter((path) => isInStageOf(scope, path));

  test('a Stage has what is in it and in its Stages, and nothing of a Stage whose name begins alike', () => {
    const stage = new Stage(new App(), 'Prod');

    expect(seenFrom(new Stack(stage, 'Stack'))).toEqual(['Prod/Stack/Plan', 'Prod/Blue/Stack/Plan']);
  });

  test('a Stage in a Stage has nothing of what is around it', () => {
    const stage = new Stage(new Stage(new App(), 'Prod'), 'Blue');

    expect(seenFrom(new Stack(stage, 'Stack'))).toEqual(['Prod/Blue/Stack/Plan']);
  });

  test('the app has everything', () => {
    expect(seenFrom(new Stack(new App(), 'Stack'))).toEqual(PATHS);
  });

  test('a stack without an app has everything', () => {
    expect(seenFrom(new Stack(undefined, 'Stack'))).toEqual(PATHS);
  });
});

test('where the CDK has newer names for its methods of dependencies, the old ones, which warn there, are not used', () => {
  const used: string[] = [];
  const newer = (name: string) => ({
    addDependency: () => used.push('addDependency'),
    [name]: (target: string) => used.push(`${name} ${target}`),
  });
  deployStackAfter(newer('addStackDependency') as any, 'stack' as any);
  deployAfter(newer('addResourceDependency') as any, 'resource' as any);

  expect(used).toEqual(['addStackDependency stack', 'addResourceDependency resource']);
});

test('a stack is deployed after another one, whatever the CDK calls the method', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
  deployStackAfter(one, other);

  expect(one.dependencies).toEqual([other]);
});
