import type { Duration } from 'aws-cdk-lib';

/**
 * The duration in days, or `undefined` for a token: a token is never compared.
 */
export function inDays(span: Duration | undefined): number | undefined {
  return span === undefined || span.isUnresolved() ? undefined : span.toDays({ integral: false });
}

/**
 * The duration in minutes, or `undefined` for a token.
 */
export function inMinutes(span: Duration | undefined): number | undefined {
  return span === undefined || span.isUnresolved() ? undefined : span.toMinutes({ integral: false });
}

/**
 * The problem of a duration that AWS Backup counts in whole days, if there is one.
 *
 * @param property The property of the user
 */
export function wholeDaysProblem(property: string, span: Duration | undefined, min: number, max: number): string | undefined {
  const tokenProblem = tokenUnitProblem(property, span, 'days');
  if (tokenProblem) {
    return tokenProblem;
  }
  const days = inDays(span);
  if (days === undefined || (Number.isInteger(days) && days >= min && days <= max)) {
    return undefined;
  }
  return `'${property}' must be a whole number of days from ${min} to ${max}, got ${describe(span!)}`;
}

/**
 * The problem of a duration that is a token, if there is one: the CDK can't convert it to another unit.
 *
 * @param unit The unit in the template
 */
export function tokenUnitProblem(property: string, span: Duration | undefined, unit: 'days' | 'minutes'): string | undefined {
  return span?.isUnresolved() && span.unitLabel() !== unit
    ? `'${property}' is a token and can't be converted: specify it as 'Duration.${unit}(...)', got ${span.unitLabel()}` : undefined;
}

/**
 * The duration for texts.
 */
export function describe(span: Duration): string {
  if (span.isUnresolved()) {
    return 'a token';
  }
  const days = span.toDays({ integral: false });
  return span.unitLabel() === 'days' && Number.isInteger(days) ? describeDays(days) : describeMinutes(span.toMinutes({ integral: false }));
}

/** Days as a person says them. */
export function describeDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/**
 * Minutes for texts, in the largest exact unit; days only from two days.
 */
export function describeMinutes(minutes: number): string {
  if (minutes >= 2 * 1440 && minutes % 1440 === 0) {
    return `${minutes / 1440} days`;
  }
  if (minutes % 60 === 0 && minutes !== 0) {
    return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
  }
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
