import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from './job-event-types';

/** AWS's own namespaces are its own. */
export const NAMESPACE = 'CdkBackupDr';

/**
 * What is counted in the events of jobs, by the name that AWS Backup has for it in the account of the job.
 */
interface JobMetric {
  readonly metricName: string;
  readonly detailType: string;
  readonly stateField: string;
  readonly state: string;
}

const JOB_METRICS: JobMetric[] = [
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsCompleted', state: 'COMPLETED' },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsFailed', state: 'FAILED' },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsExpired', state: 'EXPIRED' },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsAborted', state: 'ABORTED' },
  { ...COPY_JOBS, metricName: 'NumberOfCopyJobsCompleted', state: 'COMPLETED' },
  { ...COPY_JOBS, metricName: 'NumberOfCopyJobsFailed', state: 'FAILED' },
  { ...RESTORE_JOBS, metricName: 'NumberOfRestoreJobsCompleted', state: 'COMPLETED' },
  { ...RESTORE_JOBS, metricName: 'NumberOfRestoreJobsFailed', state: 'FAILED' },
];

/** Where the event of a job says what a dimension is. */
const DIMENSIONS = {
  Account: '$.account',
  BackupVaultName: '$.detail.backupVaultName',
  DestinationBackupVaultArn: '$.detail.destinationBackupVaultArn',
  ResourceType: '$.detail.resourceType',
};

export type Dimension = keyof typeof DIMENSIONS;

/**
 * What a job is counted by. Events of copy jobs name no vault but by its ARN, and those of restore jobs none at all.
 */
const COUNTED_BY: Record<string, Dimension[]> = {
  [BACKUP_JOBS.detailType]: ['Account', 'BackupVaultName'],
  [COPY_JOBS.detailType]: ['DestinationBackupVaultArn'],
  [RESTORE_JOBS.detailType]: ['Account'],
};

/**
 * Counts the events of jobs in a log group, each by account and vault, and all together. What was completed is counted by
 * resource type as well.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function countJobs(scope: Construct, logGroup: logs.ILogGroup): void {
  for (const metric of JOB_METRICS) {
    const by = COUNTED_BY[metric.detailType];
    count(scope, logGroup, metric, []);
    count(scope, logGroup, metric, by);
    if (metric.state === 'COMPLETED' && metric.detailType !== RESTORE_JOBS.detailType) {
      count(scope, logGroup, metric, [...by, 'ResourceType']);
    }
  }
}

function count(scope: Construct, logGroup: logs.ILogGroup, { metricName, detailType, stateField, state }: JobMetric, dimensions: Dimension[]): void {
  new logs.CfnMetricFilter(scope, [metricName, ...dimensions].join('By'), {
    logGroupName: logGroup.logGroupName,
    filterPattern: filterPattern([
      `$.detail-type = "${detailType}"`, `$.detail.${stateField} = "${state}"`,
      ...dimensions.map((name) => `${DIMENSIONS[name]} = "*"`), // an event without it would be counted under no dimension
    ]),
    metricTransformations: [{
      metricNamespace: NAMESPACE,
      metricName,
      metricValue: '1',
      unit: cloudwatch.Unit.COUNT,
      dimensions: dimensions.length === 0 ? undefined : dimensions.map((key) => ({ key, value: DIMENSIONS[key] })),
    }],
  });
}

/** A term that all of these hold. */
function filterPattern(terms: string[]): string {
  return `{ ${terms.map((term) => `(${term})`).join(' && ')} }`;
}

/** What was counted, of the whole organization or by dimensions. */
export function jobMetric(metricName: string, dimensionsMap: Partial<Record<Dimension, string>> = {}): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: dimensionsMap as cloudwatch.DimensionsMap,
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
  });
}
