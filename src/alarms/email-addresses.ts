import type * as sns from 'aws-cdk-lib/aws-sns';
import type { PropsErrors } from '../private/props-errors';

/** @param topic The caller's own topic, to whose subscriptions nothing is added */
export function checkEmailAddresses(errors: PropsErrors, emailAddresses: string[] | undefined, topic?: sns.ITopic): void {
  errors.whenEmpty('emailAddresses', emailAddresses, 'address', 'for nobody leave it out');
  errors.when(emailAddresses && topic !== undefined, () => "'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out");
  for (const address of emailAddresses ?? []) {
    errors.when(!/^[^@\s]+@[^@\s]+$/.test(address), () => `'emailAddresses' must be e-mail addresses, got '${address}'`);
  }
}
