import type { Condition } from '../document';

type Compare = (value: unknown, wanted: unknown) => boolean;

const text = (compare: (value: string, wanted: string) => boolean): Compare => (value, wanted) => compare(plain(value), plain(wanted));
const number = (compare: (value: number, wanted: number) => boolean): Compare => (value, wanted) => compare(Number(value), Number(wanted));

/**
 * The operators of `aws:branch` and of a loop's condition. AWS's page lists them; what it does not say is taken at its name.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 */
export const OPERATORS: Record<string, Compare> = {
  StringEquals: text((value, wanted) => value === wanted),
  EqualsIgnoreCase: text((value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  StartsWith: text((value, wanted) => value.startsWith(wanted)),
  EndsWith: text((value, wanted) => value.endsWith(wanted)),
  Contains: (value, wanted) => Array.isArray(value) ? value.map(plain).includes(plain(wanted)) : plain(value).includes(plain(wanted)),
  NumericEquals: number((value, wanted) => value === wanted),
  NumericGreater: number((value, wanted) => value > wanted),
  NumericLesser: number((value, wanted) => value < wanted),
  NumericGreaterOrEquals: number((value, wanted) => value >= wanted),
  NumericLesserOrEquals: number((value, wanted) => value <= wanted),
  BooleanEquals: text((value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
};

/** Whether a condition holds, whose variables have been substituted. `NextStep` of a choice is no operator. */
export function holds(condition: Condition): boolean {
  const { And, Or, Not, Variable, NextStep: _, ...operators } = condition;
  if (And) {
    return And.every(holds);
  }
  if (Or) {
    return Or.some(holds);
  }
  if (Not) {
    return !holds(Not);
  }
  const [[operator, wanted] = ['', undefined], ...more] = Object.entries(operators);
  const compare = OPERATORS[operator];
  if (!compare || more.length > 0) {
    throw new Error(`a condition has one variable and one of the operators ${Object.keys(OPERATORS).join(', ')}, or And, Or, Not: ${JSON.stringify(condition)}`);
  }
  return compare(Variable, wanted);
}

/** How a value looks inside of a string. */
export function plain(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
