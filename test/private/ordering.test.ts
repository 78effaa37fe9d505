import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { whilePresent } from '../../src/private/ordering';

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
