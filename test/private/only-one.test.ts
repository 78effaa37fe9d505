import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { checkOnlyOne, takeOnlyOne } from '../../src/private/only-one';
import { PropsErrors } from '../../src/private/props-errors';

/** What a construct does that needs something of which there can be one. */
function define(scope: Construct, what: string, within?: IConstruct): readonly string[] {
  const errors = new PropsErrors('Props', scope);
  checkOnlyOne(errors, scope, what, 'leave this one out', within);
  if (errors.all.length === 0) {
    takeOnlyOne(scope, what, within);
  }
  return errors.all;
}

test('the second one is refused, and says who is the first, of whatever Stage', () => {
  const app = new App();
  const [dev, prod] = ['Dev', 'Prod'].map((id) => new Construct(new Stack(new Stage(app, id), 'Stack'), 'Sink'));

  expect(define(dev, 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
  expect(define(prod, 'the sink in account 333333333333, region eu-west-2'))
    .toEqual(["the sink in account 333333333333, region eu-west-2 is already defined by 'Dev/Stack/Sink': leave this one out"]);
});

test('of what may be once in each Stage, the second one of a Stage alone is refused', () => {
  const app = new App();
  const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id));
  const of = (stage: Stage) => {
    const scope = new Construct(new Stack(stage, `Stack${stage.node.children.length}`), 'Budget');
    return define(scope, 'the budget', stage);
  };

  expect([...stages, stages[1]].map(of)).toEqual([[], [], ["the budget is already defined by 'Prod/Stack0/Budget': leave this one out"]]);
});

test('something else, or the same of another app, is not', () => {
  const stack = new Stack(new App(), 'Stack');

  expect(define(stack, 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
  expect(define(stack, 'the sink in account 333333333333, region eu-west-1')).toEqual([]);
  expect(define(new Stack(new App(), 'Stack'), 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
});

test('what has a token in it may be anything', () => {
  const stack = new Stack(new App(), 'Stack');

  expect([1, 2].map(() => define(stack, `the sink in account ${Aws.ACCOUNT_ID}`))).toEqual([[], []]);
});

test('a check alone takes nothing', () => {
  const stack = new Stack(new App(), 'Stack');
  const errors = new PropsErrors('Props', stack);
  checkOnlyOne(errors, stack, 'the budget', 'leave this one out');

  expect(define(stack, 'the budget')).toEqual([]);
});

test('what was removed from the tree leaves its place to another one', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
  define(one, 'the budget');
  app.node.tryRemoveChild('One');

  expect(define(other, 'the budget')).toEqual([]);
});
