import type { CfnRule } from 'aws-cdk-lib/aws-events';

/**
 * What is said of an event. Texts name values of the event as `<variable>`.
 */
export interface EventMessage {
  readonly title: string;
  /** Sentences. */
  readonly description: string[];
  readonly nextSteps: string[];
  /** Where in the event the variables are, beside those of every event: `account`, `region` and `time`. */
  readonly paths: Record<string, string>;
}

/** The end of every description. */
const WHERE_AND_WHEN = 'Account <account>, region <region>, <time>.';

/**
 * The message in the form that Amazon Q Developer puts into a chat, and that can be read in an e-mail as it is.
 *
 * A variable that an event lacks leaves nothing behind. EventBridge does not escape values: one with quotes, which the
 * messages of AWS Backup have, would make the whole no JSON, and it would not be delivered. So those stay out.
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
