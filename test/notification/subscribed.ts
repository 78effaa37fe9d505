import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** Who is subscribed to which topic, by its name. */
export function subscribed(stack: Stack): Record<string, string[]> {
  const { Resources } = Template.fromStack(stack).toJSON();
  const all = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::SNS::Subscription').map(({ Properties }) => Properties);
  const topics = Object.entries<any>(Resources).filter(([, { Type }]) => Type === 'AWS::SNS::Topic');
  return Object.fromEntries(topics.map(([id, { Properties }]) => [
    /-critical$/.test(Properties.TopicName) ? 'critical' : 'all', all.filter(({ TopicArn }) => TopicArn.Ref === id).map(({ Endpoint }) => Endpoint).sort(),
  ]));
}
