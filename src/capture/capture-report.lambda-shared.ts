import { CaptureError } from './aws-call.lambda-shared';
import type { Call } from './aws-call.lambda-shared';
import { DETAIL_TYPE, EVENT_SOURCE, METRIC_NAMESPACE } from './capture.contract';
import type { CaptureStateChange } from './capture.contract';

/** Something that a person should know about what was captured, by names only. */
export interface Finding {
  readonly rule: string;
  readonly where: string;
}

/** Something that belongs to the target, and that a restore can't bring back. */
export interface NotCaptured {
  readonly what: string;
  readonly name: string;
  readonly why: string;
}

/** More than that many findings are in the document alone. */
const LOGGED_FINDINGS = 100;

/** Puts the event that says how a capture ended on the default bus of the account. */
export async function putEvent(call: Call, change: CaptureStateChange): Promise<void> {
  const answer = await call('events', 'PutEvents', {
    Entries: [{ Source: EVENT_SOURCE, DetailType: DETAIL_TYPE, Detail: JSON.stringify(change) }],
  });
  if (answer.FailedEntryCount > 0) {
    throw new CaptureError('Amazon EventBridge did not take the event');
  }
}

/** Logs how a capture ended, in the embedded metric format of Amazon CloudWatch. */
export function logMetrics(change: CaptureStateChange, metrics: Record<string, number>): void {
  const { kind, backup, target, tier, trigger, state, key, reason, begunAt, endedAt } = change;
  const Seconds = (Date.parse(endedAt) - Date.parse(begunAt)) / 1000;
  const line = {
    _aws: {
      Timestamp: Date.parse(endedAt),
      CloudWatchMetrics: [{
        Namespace: METRIC_NAMESPACE,
        Dimensions: [['Kind', 'Backup'], ['Kind', 'Backup', 'Target']],
        Metrics: [...Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })), { Name: 'Seconds', Unit: 'Seconds' }],
      }],
    },
    Kind: kind,
    Backup: backup,
    Target: target,
    ...metrics,
    Seconds,
    tier,
    trigger,
    state,
    key,
    reason,
  };
  log(line);
}

/** Logs where the findings are: service, container and variable. */
export function logFindings(findings: Finding[]): void {
  findings.slice(0, LOGGED_FINDINGS).forEach((finding) => log({ finding }));
}

/** Not by `console.log`, which the Lambda runtime puts a prefix before: CloudWatch reads metrics from lines that are JSON. */
function log(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
