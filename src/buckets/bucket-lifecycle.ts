import type { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, describeDays, inDays, wholeDaysProblem } from '../private/spans';

/** Storage classes that objects can move to, after how many days at the earliest, and from which classes. */
const STORAGE_CLASSES: Record<string, { readonly earliest: number; readonly from: string[] }> = {
  STANDARD_IA: { earliest: 30, from: [] },
  INTELLIGENT_TIERING: { earliest: 0, from: ['STANDARD_IA'] },
  ONEZONE_IA: { earliest: 30, from: ['STANDARD_IA', 'INTELLIGENT_TIERING'] },
  GLACIER_IR: { earliest: 0, from: ['STANDARD_IA', 'INTELLIGENT_TIERING'] },
  GLACIER: { earliest: 0, from: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR'] },
  DEEP_ARCHIVE: { earliest: 0, from: ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER'] },
};

/** Minimum days in a class before objects can move again. */
const PAUSE: Record<string, number> = { STANDARD_IA: 30, ONEZONE_IA: 30, GLACIER_IR: 90, GLACIER: 90 };

/**
 * Problems of transitions that S3 would reject.
 *
 * @param property The property of the user, for the error
 * @param expiration When the objects expire, if they do
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function transitionProblems(property: string, transitions: Transition[], expiration: Duration | undefined): string[] {
  const problems: string[] = [];
  const byDate = transitions.filter(({ transitionDate }) => transitionDate !== undefined);
  if (byDate.length > 0 && (byDate.length < transitions.length || expiration)) {
    problems.push(`${property} must all use 'transitionAfter' if the rule contains a number of days, got a 'transitionDate' to ${byDate[0].storageClass.value}`);
  }
  for (const { storageClass, transitionAfter } of transitions) {
    const problem = wholeDaysProblem('transitionAfter', transitionAfter, STORAGE_CLASSES[storageClass.value]?.earliest ?? 0, 36_500);
    if (problem) {
      problems.push(`${property} to ${storageClass.value}: ${problem}`);
    }
  }
  const steps = transitions
    .map(({ storageClass, transitionAfter }) => ({ name: storageClass.value, days: inDays(transitionAfter) }))
    .filter((step): step is Step => step.days !== undefined)
    .sort((one, other) => one.days - other.days);
  for (const [index, step] of steps.slice(1).entries()) {
    problems.push(...orderProblems(property, steps[index], step));
  }
  const last = steps[steps.length - 1];
  const expires = inDays(expiration);
  if (last && expires !== undefined && expires <= last.days) {
    problems.push(`${property} must move objects before they expire (${describe(expiration!)}), got ${last.name} after ${describeDays(last.days)}`);
  }
  return problems;
}

/** Transitions of current or noncurrent versions. */
interface Transition {
  readonly storageClass: s3.StorageClass;
  readonly transitionAfter?: Duration;
  readonly transitionDate?: Date;
}

interface Step {
  readonly name: string;
  readonly days: number;
}

function orderProblems(property: string, before: Step, after: Step): string[] {
  const known = STORAGE_CLASSES[after.name];
  if (known && before.name in STORAGE_CLASSES && !known.from.includes(before.name)) {
    return [`${property} must be supported by S3: objects move to ${after.name} from STANDARD${known.from.map((name) => ` or ${name}`).join('')}, `
      + `got ${before.name} after ${describeDays(before.days)} and ${after.name} after ${after.days}`];
  }
  const pause = PAUSE[before.name] ?? 1;
  return after.days >= before.days + pause ? []
    : [`${property} must keep objects in ${before.name} for at least ${describeDays(pause)}, got ${before.days} and then ${after.name} after ${describeDays(after.days)}`];
}

/** The same rules without transitions, for replicas, which are kept for the same time in one storage class. */
export function withoutTransitions(rules: s3.LifecycleRule[]): s3.LifecycleRule[] {
  return rules
    .map(({ transitions: _, noncurrentVersionTransitions: __, ...rule }) => rule)
    .filter((rule) => rule.expiration !== undefined || rule.expirationDate !== undefined || rule.noncurrentVersionExpiration !== undefined
      || rule.expiredObjectDeleteMarker !== undefined || rule.abortIncompleteMultipartUploadAfter !== undefined);
}

/**
 * Problems of a list of rules that S3 would reject.
 *
 * @param reserved Ids of rules that this library adds
 */
export function ruleProblems(property: string, rules: s3.LifecycleRule[], reserved: string[]): string[] {
  const ids = [...reserved, ...rules.flatMap(({ id }) => id ?? [])];
  const taken = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [
    ...[...taken].map((id) => `'${property}' must have unique ids${reserved.includes(id) ? `, and this library uses '${id}'` : ''}, got '${id}' ${reserved.includes(id) ? 'too' : 'twice'}`),
    ...rules.flatMap((rule, index) => problemsOf(`'${property}[${index}]'`, rule)),
  ];
}

function problemsOf(where: string, rule: s3.LifecycleRule): string[] {
  const { expiration, expirationDate, noncurrentVersionExpiration, abortIncompleteMultipartUploadAfter, tagFilters } = rule;
  const problems = Object.entries({ expiration, noncurrentVersionExpiration, abortIncompleteMultipartUploadAfter })
    .map(([name, span]) => wholeDaysProblem(name, span, 1, 36_500))
    .filter((problem) => problem !== undefined)
    .map((problem) => `${where}: ${problem}`);
  if (rule.expiredObjectDeleteMarker && (expiration || expirationDate)) {
    problems.push(`${where}: 'expiredObjectDeleteMarker' must be in a separate rule, without 'expiration': S3 accepts only one of them`);
  }
  if (expiration && expirationDate) {
    problems.push(`${where}: 'expiration' and 'expirationDate' exclude each other, got both`);
  }
  if (abortIncompleteMultipartUploadAfter && Object.keys(tagFilters ?? {}).length > 0) {
    problems.push(`${where}: 'abortIncompleteMultipartUploadAfter' must be in a rule without 'tagFilters': an incomplete upload has no tags`);
  }
  problems.push(...transitionProblems(`${where}: 'transitions'`, rule.transitions ?? [], expiration));
  problems.push(...transitionProblems(`${where}: 'noncurrentVersionTransitions'`, rule.noncurrentVersionTransitions ?? [], noncurrentVersionExpiration));
  return problems;
}
