import type { RecoveryRecord } from './recovery-record.lambda-shared';
import { METRIC_NAMESPACE } from './runbook.contract';

/** Logs what a run took and lost, in the embedded metric format of Amazon CloudWatch: of runs that recovered something. */
export function logRecovery({ runbook, execution, endedAt, recoverySeconds, dataLossSeconds }: RecoveryRecord): void {
  if (recoverySeconds === undefined) {
    return;
  }
  const metrics = { RecoveryTime: recoverySeconds, ...dataLossSeconds === undefined ? {} : { DataLoss: dataLossSeconds } };
  logLine({
    _aws: {
      Timestamp: Date.parse(endedAt),
      CloudWatchMetrics: [{
        Namespace: METRIC_NAMESPACE, Dimensions: [['Runbook']], Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Seconds' })),
      }],
    },
    Runbook: runbook,
    ...metrics,
    execution,
  });
}

/** A line of a stack: `at name (file:line:column)`. */
const FRAME = /^at .{1,300}:\d+:\d+\)?$/;

/** Logs where the program failed, without the message of the error: it may have values in it. */
export function logFrames(error: unknown): void {
  const { stack = '', message = '' } = error instanceof Error ? error : {};
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n').map((line) => line.trim()).filter((line) => FRAME.test(line));
  logLine({ error: error instanceof Error ? error.name : 'an unknown error', frames });
}

/** Not by `console.log`, which the Lambda runtime puts a prefix before: CloudWatch reads metrics from lines that are JSON. */
function logLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
