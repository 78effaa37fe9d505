import { App, Stack, Stage } from 'aws-cdk-lib';
import { isInStageOf } from '../../src/private/stages';

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
