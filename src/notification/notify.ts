import { Token } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ChatChannel } from './chat-channel';
import { isEmailAddress } from './recipient-checks';
import type { Recipient } from './recipients';
import { describeValue, PropsErrors } from '../private/props-errors';

/**
 * How soon somebody must act on an alarm.
 */
export enum AlarmSeverity {
  /** Within the working day: nothing is lost yet. */
  WARNING = 'WARNING',

  /** At once: an objective or a protection is broken, or soon will be. */
  CRITICAL = 'CRITICAL',
}

/**
 * Options of a recipient.
 */
export interface NotifyOptions {
  /**
   * The lowest severity that the recipient is notified of. `AlarmSeverity.WARNING` includes everything. `AlarmSeverity.CRITICAL` excludes everything else, such as
   * messages about jobs, which have no severity.
   *
   * @default AlarmSeverity.WARNING
   */
  readonly severity?: AlarmSeverity;
}

/**
 * A recipient of alarms and messages.
 *
 * Email addresses and chat channels are subscribed to a topic that all constructs of a stack share: one topic with one key for each
 * stack and region, so each address must confirm once for each of them. If several constructs specify the same recipient, it is
 * subscribed once, with the wider severity.
 *
 * @example
 * declare const vault: ReplicatedBackupVault;
 * new BackupAlarms(stack, 'BackupAlarms', {
 *   vaults: [vault],
 *   notify: [Notify.email('operations@example.com'), Notify.email('on-call@example.com', { severity: AlarmSeverity.CRITICAL })],
 * });
 */
export class Notify {
  /**
   * Sends an email for each alarm and message. The recipient must confirm the subscription once for each stack and region.
   *
   * Addresses that differ in case only are one recipient, and the form that is named first is subscribed.
   *
   * @param address Email address
   * @param options Options of the recipient
   * @throws if it is not an email address
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  public static email(address: string, options: NotifyOptions = {}): Notify {
    const errors = new PropsErrors('Notify.email()');
    errors.when(!Token.isUnresolved(address) && !isEmailAddress(address),
      () => `'address' must be an email address, such as 'operations@example.com', got ${describeValue(address)}`);
    return Notify.of(errors, { kind: 'email', address }, options);
  }

  /**
   * Publishes to your topic from its region: specify one for each region of the construct. A region without one publishes to the
   * topic that the constructs of its stack share.
   *
   * An encrypted topic requires a customer managed key that CloudWatch may use. A topic of another account must allow this account
   * to publish: synthesis reports the statements that its policy and its key policy need.
   *
   * @param topic A standard topic; for a `NotificationTopic`, its `topic`
   * @param options Options of the recipient
   * @throws if it is not a topic
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
   */
  public static topic(topic: sns.ITopic, options: NotifyOptions = {}): Notify {
    const errors = new PropsErrors('Notify.topic()');
    const isTopic = typeof topic === 'object' && topic !== null && topic.topicArn !== undefined;
    errors.when(!isTopic, () => "'topic' must be a topic: of a NotificationTopic give its 'topic', and for an ARN Topic.fromTopicArn(…), "
      + `got ${describeValue(topic)}`);
    return Notify.of(errors, { kind: 'topic', topic }, options);
  }

  /**
   * Shows each alarm and message in a chat channel with Amazon Q Developer in chat applications (formerly AWS Chatbot). One
   * configuration of the channel, in the stack of the construct, contains the topics of all its regions. Its guardrail policy
   * allows members of the channel only to read alarms and metrics.
   *
   * AWS supports one configuration for each channel and account: use a channel in the constructs of one stack, and
   * `existingChat` in others.
   *
   * @param channel The channel
   * @param options Options of the recipient
   * @throws if it is not a channel
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/getting-started.html
   */
  public static chat(channel: ChatChannel, options: NotifyOptions = {}): Notify {
    const errors = new PropsErrors('Notify.chat()');
    const isChannel = typeof channel === 'object' && channel !== null && channel._resource !== undefined;
    errors.when(!isChannel, () => `'channel' must be a ChatChannel, such as ChatChannel.slack({ … }), got ${describeValue(channel)}`);
    return Notify.of(errors, { kind: 'chat', channel }, options);
  }

  /**
   * Prepares topics for a chat channel that is already configured, in the console or in another stack or app: the ARN of each topic
   * is an output of its stack (`ChatTopicArn`). Add the ARNs to the configuration of the channel.
   *
   * @param channelName Name of the channel, for the description of the outputs
   * @param options Options of the recipient
   * @throws if the name is missing
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  public static existingChat(channelName: string, options: NotifyOptions = {}): Notify {
    const errors = new PropsErrors('Notify.existingChat()');
    errors.when(typeof channelName !== 'string' || channelName === '' || Token.isUnresolved(channelName),
      () => `'channelName' must be a literal name, such as 'operations', got ${describeValue(channelName)}`);
    return Notify.of(errors, { kind: 'existingChat', channelName }, options);
  }

  private static of(errors: PropsErrors, recipient: Recipient, options: NotifyOptions | null): Notify {
    errors.when(options !== null && typeof options !== 'object',
      () => `options must be an object, such as { severity: AlarmSeverity.CRITICAL }, got ${describeValue(options)}`);
    const severity = options?.severity ?? AlarmSeverity.WARNING;
    errors.when(!Object.values(AlarmSeverity).includes(severity),
      () => `'severity' must be AlarmSeverity.${Object.keys(AlarmSeverity).join(' or AlarmSeverity.')}, got ${describeValue(severity)}`);
    errors.throwIfAny();
    return new Notify(severity, recipient);
  }

  /**
   * The lowest severity that the recipient is notified of.
   */
  public readonly severity: AlarmSeverity;

  /** @internal */
  public readonly _recipient: Recipient;

  private constructor(severity: AlarmSeverity, recipient: Recipient) {
    this.severity = severity;
    this._recipient = recipient;
  }
}
