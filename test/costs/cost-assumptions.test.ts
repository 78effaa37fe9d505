import { App, Size, Stack, Token } from 'aws-cdk-lib';
import { CostAssumptions } from '../../src/costs/cost-assumptions';

const stackOf = () => new Stack(new App(), 'Stack');

test('all values that are out of range or tokens are in one error', () => {
  expect(() => new CostAssumptions(stackOf(), 'Costs', { dataPerResource: Size.gibibytes(Token.asNumber({ Ref: 'Size' })), dailyChange: 101, logsPerDay: Size.bytes(Token.asNumber({ Ref: 'Logs' })) }))
    .toThrow("invalid CostAssumptionsProps at 'Stack/Costs':\n"
      + "- 'dataPerResource' (data_per_resource) must be a literal Size, such as Size.gibibytes(100), got a token\n"
      + "- 'logsPerDay' (logs_per_day) must be a literal Size, such as Size.gibibytes(100), got a token\n"
      + "- 'dailyChange' (daily_change) must be a percentage from 0 to 100, got 101");
});

test.each([[-1, '-1'], [NaN, 'NaN'], [Token.asNumber({ Ref: 'Change' }), 'a token']])('a daily change of %s percent is refused', (dailyChange, got) => {
  expect(() => new CostAssumptions(stackOf(), 'Costs', { dailyChange })).toThrow(`'dailyChange' (daily_change) must be a percentage from 0 to 100, got ${got}`);
});

test('assumptions without a value are refused', () => {
  expect(() => new CostAssumptions(stackOf(), 'Costs', {})).toThrow("'dataPerResource' (data_per_resource), 'dailyChange' (daily_change) or 'logsPerDay' (logs_per_day) is required");
});

test('a value of another type is refused', () => {
  expect(() => new CostAssumptions(stackOf(), 'Costs', { dataPerResource: 100 as unknown as Size })).toThrow("'dataPerResource' (data_per_resource) must be a Size, such as Size.gibibytes(100), got 100");
});

test('two assumptions of one scope are refused, and those of another scope are not', () => {
  const stack = stackOf();
  new CostAssumptions(stack, 'Costs', { dailyChange: 5 });
  new CostAssumptions(new Stack(stack, 'Inner'), 'Costs', { dailyChange: 0 });

  expect(() => new CostAssumptions(stack, 'Others', { dailyChange: 1 })).toThrow("CostAssumptions of 'Stack' is already defined by 'Stack/Costs': set all values there");
});
