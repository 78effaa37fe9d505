import { Token } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { PropsErrors } from '../private/props-errors';

/**
 * Adds what is wrong with the addresses that a topic sends e-mails to, if anything is.
 *
 * @param topic The caller's own topic, to whose subscriptions nothing is added
 * @param areSubscribed Whether there is a subscription for each of them
 */
export function checkEmailAddresses(errors: PropsErrors, emailAddresses: string[] | undefined, topic?: sns.ITopic, areSubscribed = true): void {
  errors.whenEmpty('emailAddresses', emailAddresses, 'address', 'for nobody leave it out');
  errors.when(emailAddresses && topic !== undefined, () => "'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out");
  for (const address of emailAddresses ?? []) {
    errors.when(areSubscribed && Token.isUnresolved(address), () => "'emailAddresses' must be literal, since the subscriptions go by them, got a token");
    errors.when(!Token.isUnresolved(address) && !/^[^@\s]+@[^@\s]+$/.test(address), () => `'emailAddresses' must be e-mail addresses, got '${address}'`);
  }
}
