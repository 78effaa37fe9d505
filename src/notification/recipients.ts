import type * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmSeverity } from './alarm-severity';

/** Whom to notify, and how. */
export type Recipient =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'topic'; readonly topic: sns.ITopic };

/** Whether who wants messages from one severity on gets those of another one. */
export function takes(from: AlarmSeverity, severity: AlarmSeverity): boolean {
  return from === AlarmSeverity.WARNING || severity === AlarmSeverity.CRITICAL;
}
