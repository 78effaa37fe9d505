import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CataloguedAlarms } from '../alarms/catalogued-alarms';
import type { MessageTopics } from '../notification/message-topics';
import type { AllFailingRuns, FailingRuns } from '../plan/job-gaps';
import { unchecked } from '../private/registry';

/**
 * Alarms on consecutive runs that fail.
 */
export interface FailingAlarms {
  readonly scope: Construct;
  readonly made: CataloguedAlarms;
  readonly topics: MessageTopics;
  readonly idOf: (runs: FailingRuns) => string;
  readonly metricOf: (runs: FailingRuns, metricName: string) => cloudwatch.Metric;
}

/**
 * An alarm for each vault in which backup jobs fail or expire in two consecutive runs, and a report of the plans that can't have one.
 *
 * AWS Backup does not publish zeros, so each value is a failure, and the time since the previous one shows whether that was in the same
 * run, in the previous run, or older. Two periods would not be sufficient, because they could also separate two failures of one run.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function alarmOnFailing({ scope, made, topics, idOf, metricOf }: FailingAlarms, { vaults, unknown }: AllFailingRuns): void {
  if (!made.isEnabled('backup-job-failing')) {
    return;
  }
  unknown.forEach((reason) => unchecked(scope, 'failingRunsNotWatched', reason));
  const period = Duration.hours(1);
  for (const runs of countedTogether(vaults, idOf)) {
    const [failed, expired] = ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired'].map((metricName) => metricOf(runs, metricName).with({ period }));
    const sinceLast = 'DIFF_TIME(failed + expired)'; // a missing value of one of them counts as 0
    made.add(scope, idOf(runs), 'backup-job-failing', topics, {
      metric: new cloudwatch.MathExpression({
        expression: `IF((${sinceLast} > ${runs.withinRun * 3600}) AND (${sinceLast} <= ${runs.withinTwoRuns * 3600}), 1, 0)`,
        usingMetrics: { failed, expired },
        period,
        label: 'failed in the previous run too',
      }),
      subject: `vault ${runs.backupVaultName}`,
      period,
      threshold: 0,
      evaluationPeriods: runs.withinTwoRuns + 1, // both failures must be in the evaluation range
      datapointsToAlarm: 1,
    });
  }
}

/** Vaults with the same name in two regions can be counted together. */
function countedTogether(vaults: FailingRuns[], idOf: (runs: FailingRuns) => string): FailingRuns[] {
  const byId = new Map<string, FailingRuns>();
  for (const runs of vaults) {
    const known = byId.get(idOf(runs)) ?? runs;
    byId.set(idOf(runs), {
      ...known, withinRun: Math.max(known.withinRun, runs.withinRun), withinTwoRuns: Math.max(known.withinTwoRuns, runs.withinTwoRuns),
    });
  }
  return [...byId.values()];
}
