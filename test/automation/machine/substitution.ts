import { plain } from './conditions';

/** The value of a name between braces, or `undefined` where nothing has it. */
export type Lookup = (name: string) => unknown;

const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const WHOLE = /^\s*\{\{\s*([^{}]+?)\s*\}\}\s*$/;

/** The names between braces, anywhere in a value. Not those in the steps of a loop, which are looked up when each of them runs. */
export function references(value: unknown): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)].map(([, name]) => name);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(references) : [];
}

/**
 * A value with all its references replaced. A string that is nothing but one reference becomes its value, with its type, so that a list stays a list; a
 * reference inside of other text becomes text. What replaces a reference is not looked through again.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html "Multi-level expansion": not supported
 */
export function substitute(value: unknown, lookup: Lookup): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value);
    return whole ? resolved(whole[1], lookup) : value.replace(REFERENCE, (_, name) => plain(resolved(name, lookup)));
  }
  if (Array.isArray(value)) {
    // A list in place of one of the items of a list is its items: "InstanceIds": ["{{ LaunchInstance.InstanceIds }}"] of AWS's example.
    return value.flatMap((item) => {
      const replaced = substitute(item, lookup);
      return Array.isArray(replaced) && typeof item === 'string' ? replaced : [replaced];
    });
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, substitute(member, lookup)]))
    : value;
}

function resolved(name: string, lookup: Lookup): unknown {
  const value = lookup(name);
  if (value === undefined) {
    throw new Error(`{{ ${name} }} has no value here`);
  }
  return value;
}

/**
 * The variables that every document has.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html
 */
export function systemVariables(run: { id: string; accountId: string; region: string; now: Date }): Record<string, string> {
  const [date, time] = run.now.toISOString().split('T');
  return {
    'automation:EXECUTION_ID': run.id,
    'global:ACCOUNT_ID': run.accountId,
    'global:AWS_PARTITION': partitionOf(run.region),
    'global:DATE': date,
    'global:DATE_TIME': `${date}_${time.slice(0, 8).replaceAll(':', '.')}`,
    'global:REGION': run.region,
  };
}

export const SYSTEM_VARIABLES = Object.keys(systemVariables({ id: '', accountId: '', region: '', now: new Date(0) }));

export function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
