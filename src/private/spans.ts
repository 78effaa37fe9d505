import type { Duration } from 'aws-cdk-lib';

/**
 * The span in days, or `undefined` for a token: a token is never compared.
 */
export function inDays(span: Duration | undefined): number | undefined {
  return span === undefined || span.isUnresolved() ? undefined : span.toDays({ integral: false });
}

/**
 * The span in minutes, or `undefined` for a token.
 */
export function inMinutes(span: Duration | undefined): number | undefined {
  return span === undefined || span.isUnresolved() ? undefined : span.toMinutes({ integral: false });
}

/**
 * What is wrong with a span that AWS Backup counts in whole days, if anything is.
 *
 * @param property The property as the user wrote it
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
 * What is wrong with a span that is a token, if anything is: the CDK can't convert it into another unit.
 *
 * @param unit The unit that the template has it in
 */
export function tokenUnitProblem(property: string, span: Duration | undefined, unit: 'days' | 'minutes'): string | undefined {
  return span?.isUnresolved() && span.unitLabel() !== unit
    ? `'${property}' is a token and can't be converted: give it as 'Duration.${unit}(...)', got ${span.unitLabel()}` : undefined;
}

/**
 * The span as a person says it.
 */
export function describe(span: Duration): string {
  return span.isUnresolved() ? 'a token' : describeMinutes(span.toMinutes({ integral: false }));
}

/**
 * Minutes as a person says them: in the largest unit that loses nothing, days only from two days on.
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
