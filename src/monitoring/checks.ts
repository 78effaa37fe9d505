import type * as sns from 'aws-cdk-lib/aws-sns';
import { Environment } from '../private/environment';
import type { PropsErrors } from '../private/props-errors';

/** A topic that CloudWatch can't publish to would make every alarm silent. */
export function checkTopic(errors: PropsErrors, property: string, topic: sns.ITopic | undefined, home: Environment): void {
  const where = topic && new Environment(topic.env.account, topic.env.region);
  errors.when(where?.differsFrom(home), () => `'${property}' must be in the account and region of the metrics (${home}), got ${where}`);
  errors.when(topic?.fifo, () => `'${property}' must be a standard topic: alarms publish to no FIFO topic, got '${topic!.node.path}'`);
  errors.when(/alias\/aws\/sns$/.test(topic?.masterKey?.keyArn ?? ''),
    () => `'${property}' must be encrypted with a customer key: CloudWatch may not use alias/aws/sns, got '${topic!.node.path}'`);
}

/** @param topic The caller's own topic, to whose subscriptions nothing is added */
export function checkEmailAddresses(errors: PropsErrors, emailAddresses: string[] | undefined, topic?: sns.ITopic): void {
  errors.whenEmpty('emailAddresses', emailAddresses, 'address', 'for nobody leave it out');
  errors.when(emailAddresses && topic !== undefined, () => "'emailAddresses' is of no use with a topic of your own: subscribe them to that, or leave one of both out");
  for (const address of emailAddresses ?? []) {
    errors.when(!/^[^@\s]+@[^@\s]+$/.test(address), () => `'emailAddresses' must be e-mail addresses, got '${address}'`);
  }
}
