import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ChatChannel } from './chat-channel';

/** Whom to notify, and how. */
export type Recipient =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'topic'; readonly topic: sns.ITopic }
  | { readonly kind: 'chat'; readonly channel: ChatChannel }
  | { readonly kind: 'existingChat'; readonly channelName: string };
