import type { CataloguedEvent } from '../alarms/event-rules';
import { DETAIL_TYPE, EVENT_SOURCE } from '../capture/capture.contract';

/** The events of captures that failed: what is forwarded. */
export const CAPTURE_FAILED = { 'source': [EVENT_SOURCE], 'detail-type': [DETAIL_TYPE], 'detail': { state: ['FAILED'] } };

/** A capture that failed after all attempts, or was too late. */
export function captureFailed(subject: string): CataloguedEvent {
  return {
    subject,
    title: 'A snapshot of <kind> <target> failed, account <account>, region <region>',
    pattern: CAPTURE_FAILED,
    details: ['Schedule: <tier>. Captured by: <backup>. Reason: <reason>.'],
    nextSteps: ['The log of the function that captures says more, in the account and region of the configuration.'],
    paths: { kind: '$.detail.kind', target: '$.detail.target', tier: '$.detail.tier', backup: '$.detail.backup', reason: '$.detail.reason' },
  };
}
