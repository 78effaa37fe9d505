import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmOptions } from './alarm-options';
import type { PropsErrors } from '../private/props-errors';
import { describeMinutes, inMinutes, tokenUnitProblem } from '../private/spans';

/** @param topic The caller's own topic, to whose subscriptions nothing is added */
export function checkEmailAddresses(errors: PropsErrors, emailAddresses: string[] | undefined, topic?: sns.ITopic): void {
  errors.whenEmpty('emailAddresses', emailAddresses, 'address', 'for nobody leave it out');
  errors.when(emailAddresses && topic !== undefined, () => "'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out");
  for (const address of emailAddresses ?? []) {
    errors.when(!Token.isUnresolved(address) && !/^[^@\s]+@[^@\s]+$/.test(address), () => `'emailAddresses' must be e-mail addresses, got '${address}'`);
  }
}

/**
 * Adds what is wrong with the period of alarms, if anything is.
 *
 * @returns the period in minutes, unless it is a token or the usual one
 */
export function checkEvaluationPeriod(errors: PropsErrors, evaluationPeriod: Duration | undefined): number | undefined {
  const problem = tokenUnitProblem('evaluationPeriod', evaluationPeriod, 'minutes');
  errors.add(...problem ? [problem] : []);
  const minutes = inMinutes(evaluationPeriod);
  errors.when(minutes !== undefined && (!Number.isInteger(minutes) || minutes < 5 || minutes > 7 * 1440),
    () => '\'evaluationPeriod\' must be whole minutes, from 5, since AWS Backup publishes every 5 minutes, to 7 days, as long as an alarm looks back, '
      + `got ${describeMinutes(minutes!)}`);
  return minutes;
}

/**
 * An override that nothing goes by would be a silence that nobody meant.
 *
 * @param periodOf The period of the alarms of a name, in minutes; of those that go by events it is not asked
 */
export function checkOverrides(errors: PropsErrors, overrides: Record<string, AlarmOptions> | undefined, names: AlarmName[],
  periodOf: (name: string) => number): void {
  for (const [name, { threshold, evaluationPeriods }] of Object.entries(overrides ?? {})) {
    errors.when(!names.includes(name as AlarmName), () => `'overrides' must go by the names of alarms (${names.join(', ')}), got '${name}'`);
    errors.when(isKnown(threshold) && !(threshold >= 0), () => `'threshold' of '${name}' must be 0 or more, got ${threshold}`);
    if (isKnown(evaluationPeriods)) {
      errors.when(!Number.isInteger(evaluationPeriods) || evaluationPeriods < 1,
        () => `'evaluationPeriods' of '${name}' must be a whole number, 1 or more, got ${evaluationPeriods}`);
      const period = GO_BY_EVENTS.includes(name as AlarmName) ? 5 : periodOf(name);
      const longest = (period < 60 ? 1 : 7) * 1440;
      errors.when(evaluationPeriods * period > longest,
        () => `'evaluationPeriods' of '${name}' must be ${Math.floor(longest / period)} or less: an alarm looks back for a day at the most, or for 7 with `
          + `periods of an hour and more, and its periods are ${describeMinutes(period)}, got ${evaluationPeriods}`);
    }
  }
}

/** Their period is always 5 minutes. */
const GO_BY_EVENTS: AlarmName[] = [
  'backup-job-with-issues', 'vault-tampered', 'vault-key-tampered', 'recovery-point-deleted', 'backup-plan-removed', 'event-not-delivered',
];

function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
