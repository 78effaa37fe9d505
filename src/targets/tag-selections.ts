import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import { matchesText } from './literal-arns';
import type { TagFilter } from './tag-filter';

/**
 * The tags in the options of a selection.
 */
export interface TagOptions {
  readonly tags?: { [key: string]: string };
  readonly tagFilters?: TagFilter[];
  readonly excludeTags?: { [key: string]: string };
}

/**
 * A selection of AWS Backup, with conditions that a resource must all meet.
 */
export interface TagSelection {
  readonly name: string;
  readonly conditions: TagCondition[];
}

/** AWS Backup has no OR within the conditions of a selection: there is one for each combination of values. */
export function tagSelectionsOf(id: string, options: TagOptions): TagSelection[] {
  const { all, anyOf } = groupsOf(options);
  const combinations = anyOf.reduce<TagCondition[][]>((before, values) => before.flatMap((each) => values.map((value) => [...each, value])), [[]]);
  return combinations.map((chosen, index) => ({ name: nameOf(id, chosen, index), conditions: [...all, ...chosen] }));
}

/** Whether the tags include something, and do not only exclude. */
export function hasPositiveTags(options: TagOptions): boolean {
  const { all, anyOf } = groupsOf(options);
  return anyOf.length > 0 || all.some(({ operator }) => !isNegative(operator));
}

/** Problems of the tags of a selection. */
export function problemsOfTags(options: TagOptions): string[] {
  const { tags, excludeTags, tagFilters } = options;
  if (tagFilters !== undefined && !Array.isArray(tagFilters)) {
    return ["'tagFilters' must be a list of TagFilter, got a single value"];
  }
  const missing = (tagFilters ?? []).filter((filter) => !filter).length;
  const { all, anyOf } = groupsOf({ ...options, tagFilters: tagFilters?.filter((filter) => filter) });
  return [
    ...missing === 0 ? [] : [`'tagFilters' must be a list of TagFilter, got ${missing} missing values`],
    ...equalsOf(tags).flatMap((condition) => tagProblems("'tags'", condition)),
    ...notEqualsOf(excludeTags).flatMap((condition) => tagProblems("'excludeTags'", condition)),
    ...(tagFilters ?? []).flatMap((filter) => filter?._problems("'tagFilters'") ?? []),
    ...contradictions(all, anyOf),
  ];
}

/** Required values of a tag that another condition excludes: the selection would select nothing. */
function contradictions(all: TagCondition[], anyOf: TagCondition[][]): string[] {
  return [...all.filter(({ operator }) => operator === 'StringEquals'), ...anyOf.flat()].flatMap((expected) => {
    const other = all.find((condition) => condition !== expected && condition.key === expected.key && meets(expected.value, condition) === false);
    return other ? [`no resource has '${expected.value}' as the value of tag '${expected.key}' and also meets ${say(other)}, so nothing is selected: remove one of them, `
      + 'or use TagFilter.oneOf for alternative values'] : [];
  });
}

/**
 * Whether a resource with tags meets the conditions of one of the selections; `undefined` if this is known only at deployment.
 *
 * @param tags The tags of the resource; `undefined` if they are unknown
 */
export function anyMeets(selections: TagSelection[], tags: Readonly<Record<string, string>> | undefined): boolean | undefined {
  const of = ({ conditions }: TagSelection) => allTrue(conditions.map((condition) => {
    const value = tags?.[condition.key];
    return tags === undefined ? undefined : value === undefined ? isNegative(condition.operator) : meets(value, condition);
  }));
  return anyTrue(selections.map(of));
}

/** Whether one is true; `undefined` if this depends on an unknown one. */
export function anyTrue(all: (boolean | undefined)[]): boolean | undefined {
  return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
}

/** Whether all are true; `undefined` if this depends on an unknown one. */
function allTrue(all: (boolean | undefined)[]): boolean | undefined {
  return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
}

function say({ operator, value }: TagCondition): string {
  const verbs = { StringEquals: 'equals', StringLike: 'like', StringNotEquals: 'not equals', StringNotLike: 'not like' };
  return `the condition '${verbs[operator]} ${value}'`;
}

function groupsOf({ tags, tagFilters = [], excludeTags }: TagOptions): { all: TagCondition[]; anyOf: TagCondition[][] } {
  const filters = tagFilters.map((filter) => filter._conditions);
  return {
    all: [...equalsOf(tags), ...filters.filter(({ length }) => length === 1).flat(), ...notEqualsOf(excludeTags)],
    anyOf: filters.filter(({ length }) => length > 1),
  };
}

function equalsOf(tags: { [key: string]: string } = {}): TagCondition[] {
  return Object.entries(tags).map(([key, value]) => ({ operator: 'StringEquals', key, value }));
}

function notEqualsOf(tags: { [key: string]: string } = {}): TagCondition[] {
  return Object.entries(tags).map(([key, value]) => ({ operator: 'StringNotEquals', key, value }));
}

function isNegative(operator: string): boolean {
  return operator.startsWith('StringNot');
}

/** The id, and the values that distinguish the selection from its siblings: readable if they fit, and independent of their order. */
function nameOf(id: string, chosen: TagCondition[], index: number): string {
  if (chosen.length === 0) {
    return id;
  }
  const values = chosen.map(({ value }) => Token.isUnresolved(value) ? String(index + 1) : value);
  const name = `${id}-${values.join('-')}`;
  const isPlain = /^[A-Za-z0-9\-_.]{1,50}$/.test(name) && values.every((value) => value !== '' && (values.length === 1 || !value.includes('-')));
  const hash = createHash('sha256').update(JSON.stringify([id, ...values])).digest('hex').slice(0, 8);
  return isPlain ? name : `${name.replace(/[^A-Za-z0-9\-_.]+/g, '-').slice(0, 41)}-${hash}`;
}

/**
 * Operators of AWS Backup for the value of a tag.
 */
export type TagOperator = 'StringEquals' | 'StringLike' | 'StringNotEquals' | 'StringNotLike';

/**
 * A condition of AWS Backup on a tag.
 */
export interface TagCondition {
  readonly operator: TagOperator;
  readonly key: string;
  readonly value: string;
}

const PREFIX = 'aws:ResourceTag/';

/**
 * Problems of a condition.
 *
 * @param subject The property of the user
 * @param wayOut The factory method for patterns, if the condition is not one
 */
export function tagProblems(subject: string, { key, value, operator }: TagCondition, wayOut = operator === 'StringEquals' ? 'like' : 'notLike'): string[] {
  const problems: string[] = [];
  if (typeof key !== 'string' || (!Token.isUnresolved(key) && (key.length < 1 || key.length > 128))) {
    problems.push(`${subject} must have a key of 1 to 128 characters, got ${typeof key === 'string' ? key.length : String(key)}`);
  } else if (!Token.isUnresolved(key) && key.startsWith(PREFIX)) {
    problems.push(`${subject} accepts only the key of the tag, '${key.slice(PREFIX.length)}': no resource has a tag '${key}'`);
  } else if (!Token.isUnresolved(key) && /[*?]/.test(key)) {
    problems.push(`${subject} must contain one key: AWS Backup does not accept wildcards in a key, got '${key}'`);
  }
  const isPattern = operator === 'StringLike' || operator === 'StringNotLike';
  if (typeof value !== 'string' || (!Token.isUnresolved(value) && value.length > 256)) {
    problems.push(`${subject} must have a value of 0 to 256 characters for '${key}', got ${typeof value === 'string' ? value.length : String(value)}`);
  } else if (!isPattern && !Token.isUnresolved(value) && /[*?]/.test(value)) {
    problems.push(`${subject} compares values literally, and no resource has the wildcard '${value}' as the value of '${key}': `
      + `for a pattern, add TagFilter.${wayOut}('${key}', '${value}') to 'tagFilters'`);
  }
  return problems;
}

/** Whether the value of a tag meets a condition; `undefined` if either is a token. */
export function meets(value: string, { operator, value: expected }: TagCondition): boolean | undefined {
  if (Token.isUnresolved(value) || Token.isUnresolved(expected)) {
    return undefined;
  }
  const isLike = operator === 'StringLike' || operator === 'StringNotLike';
  const matches = isLike ? matchesText(expected, value) : value === expected;
  return operator.startsWith('StringNot') ? !matches : matches;
}
