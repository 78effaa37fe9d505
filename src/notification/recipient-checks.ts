import { Token } from 'aws-cdk-lib';
import type { PropsErrors } from '../private/props-errors';

/** Whether a literal has the form of an email address. */
export function isEmailAddress(address: unknown): boolean {
  return typeof address === 'string' && /^[^@\s]+@[^@\s]+$/.test(address);
}

/** Adds problems of the email addresses of a topic. */
export function checkEmailAddresses(errors: PropsErrors, emailAddresses: string[] | undefined): void {
  errors.whenEmpty('emailAddresses', emailAddresses, 'address', 'leave it out for no recipients');
  for (const address of emailAddresses ?? []) {
    errors.when(Token.isUnresolved(address), () => "'emailAddresses' must be literal, because the subscriptions are identified by them, got a token");
    errors.when(!Token.isUnresolved(address) && !isEmailAddress(address), () => `'emailAddresses' must be email addresses, got '${address}'`);
  }
}
