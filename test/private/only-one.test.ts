import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkOnlyOne } from '../../src/private/only-one';
import { PropsErrors } from '../../src/private/props-errors';

function check(scope: Construct, what: string): readonly string[] {
  const errors = new PropsErrors('Props', scope);
  checkOnlyOne(errors, scope, what, 'leave this one out');
  return errors.all;
}

test('the second one is refused, and says who is the first, of whatever Stage', () => {
  const app = new App();
  const [dev, prod] = ['Dev', 'Prod'].map((id) => new Construct(new Stack(new Stage(app, id), 'Stack'), 'Sink'));

  expect(check(dev, 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
  expect(check(prod, 'the sink in account 333333333333, region eu-west-2'))
    .toEqual(["the sink in account 333333333333, region eu-west-2 is that of 'Dev/Stack/Sink': leave this one out"]);
});

test('of what may be once in each Stage, the second one of a Stage alone is refused', () => {
  const app = new App();
  const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id));
  const of = (stage: Stage) => {
    const scope = new Construct(new Stack(stage, `Stack${stage.node.children.length}`), 'Budget');
    const errors = new PropsErrors('Props', scope);
    checkOnlyOne(errors, scope, 'the budget', 'leave this one out', stage);
    return errors.all;
  };

  expect([...stages, stages[1]].map(of)).toEqual([[], [], ["the budget is that of 'Prod/Stack0/Budget': leave this one out"]]);
});

test('something else, or the same of another app, is not', () => {
  const stack = new Stack(new App(), 'Stack');

  expect(check(stack, 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
  expect(check(stack, 'the sink in account 333333333333, region eu-west-1')).toEqual([]);
  expect(check(new Stack(new App(), 'Stack'), 'the sink in account 333333333333, region eu-west-2')).toEqual([]);
});

test('what has a token in it may be anything', () => {
  const stack = new Stack(new App(), 'Stack');

  expect([1, 2].map(() => check(stack, `the sink in account ${Aws.ACCOUNT_ID}`))).toEqual([[], []]);
});
