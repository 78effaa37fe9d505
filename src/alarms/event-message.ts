import type { CfnRule } from 'aws-cdk-lib/aws-events';

/**
 * The texts about an event. They refer to values of the event as `<variable>`.
 */
export interface EventMessage {
  readonly title: string;
  /** Sentences. */
  readonly description: string[];
  readonly nextSteps: string[];
  /** Paths of the variables in the event, in addition to those of every event: `account`, `region` and `time`. */
  readonly paths: Record<string, string>;
}

/** The end of every description. */
const WHERE_AND_WHEN = 'Account <account>, region <region>, <time>.';

/**
 * The message in the format that Amazon Q Developer shows in a chat, and that is readable in an email.
 *
 * A variable that an event lacks is replaced by nothing. EventBridge does not escape values: a value with quotes, such as the
 * messages of AWS Backup, would make the message invalid JSON, and it would not be delivered. So those are excluded.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function inputTransformerOf({ title, description, nextSteps, paths }: EventMessage): CfnRule.InputTransformerProperty {
  const content = { textType: 'client-markdown', title, description: [...description, WHERE_AND_WHEN].join(' '), nextSteps };
  return {
    inputPathsMap: { account: '$.account', region: '$.region', time: '$.time', ...paths },
    inputTemplate: JSON.stringify({ version: '1.0', source: 'custom', content }, undefined, 2),
  };
}
