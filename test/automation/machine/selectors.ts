import { plain } from './conditions';
import type { StepOutput } from '../document';

/** A name, an index, everything, or everything below. */
const PART = /\.\.(\w+)|\.(\w+)|\['([^']+)'\]|\[(\d+|\*)\]/gy;

/**
 * What a JSONPath selects: names, indexes, `[*]` and `..name`, which is what AWS's runbooks use. One value, or a list where the path can select several;
 * `undefined` where there is nothing.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-outputs-inputs.html
 */
export function select(path: string, value: unknown): unknown {
  let found: unknown[] = [value];
  let several = false;
  let end = 1;
  for (const [part, below, name, quoted, index] of path.slice(1).matchAll(PART)) {
    end += part.length;
    several ||= below !== undefined || index === '*';
    found = found.flatMap((each) => below !== undefined ? valuesBelow(each, below) : index === '*' ? childrenOf(each) : child(each, index ?? name ?? quoted));
  }
  if (!path.startsWith('$') || end !== path.length) {
    throw new Error(`"${path}" is not a JSONPath that the interpreter knows`);
  }
  return several && found.length !== 1 ? (found.length === 0 ? undefined : found) : found[0];
}

const childrenOf = (value: unknown): unknown[] => typeof value === 'object' && value !== null ? Object.values(value) : [];

function child(value: unknown, name: string): unknown[] {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return found === undefined ? [] : [found];
}

function valuesBelow(value: unknown, name: string): unknown[] {
  return [...child(value, name), ...childrenOf(value).flatMap((each) => valuesBelow(each, name))];
}

/** The outputs that a step declares. One whose selector finds nothing is empty: AWS's sample branches on such a one. */
export function declaredOutputs(declared: StepOutput[], ...sources: unknown[]): Record<string, unknown> {
  return Object.fromEntries(declared.map(({ Name, Selector, Type = 'String' }) => {
    const selected = sources.map((source) => select(Selector, source)).find((value) => value !== undefined);
    return [Name, selected === undefined ? '' : converted(selected, Type)];
  }));
}

/** The conversions that the page lists; others fail the step. */
function converted(value: unknown, type: string): unknown {
  const single = Array.isArray(value) && value.length === 1 && !type.endsWith('List') ? value[0] : value;
  switch (type) {
    case 'String':
      return plain(single);
    case 'Integer':
      return wanted(type, single, /^-?\d+$/.test(plain(single)), Number(plain(single)));
    case 'Boolean':
      return wanted(type, single, /^(true|false)$/i.test(plain(single)), plain(single).toLowerCase() === 'true');
    case 'StringList':
      return Array.isArray(value) ? value.map(plain) : [plain(value)];
    default:
      return wanted(type, single, typeof single === 'object', single);
  }
}

function wanted(type: string, value: unknown, is: boolean, result: unknown): unknown {
  if (!is) {
    throw new Error(`${JSON.stringify(value)} can't be converted to ${type}`);
  }
  return result;
}
