import { Token } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ChatChannel } from './chat-channel';

/** Kinds of recipients. */
export type Recipient =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'topic'; readonly topic: sns.ITopic }
  | { readonly kind: 'chat'; readonly channel: ChatChannel }
  | { readonly kind: 'existingChat'; readonly channelName: string };

/**
 * Email addresses that are the same but for their case are one, as it is written first. Domains have no case; the part before the `@` may have
 * one by RFC 5321, and no mail system in common use distinguishes mailboxes by it. Amazon SNS would subscribe each of them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-2.4
 */
export function distinctAddresses(addresses: readonly string[]): string[] {
  const identities = addresses.map(identityOfAddress);
  return addresses.filter((_, index) => identities.indexOf(identities[index]) === index);
}

/** By which an address is the same as another one. */
export function identityOfAddress(address: string): string {
  return Token.isUnresolved(address) ? address : address.toLowerCase();
}
