import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DETAIL_TYPE } from '../capture/capture.contract';
import { BACKUP_JOBS, COPY_JOBS, RESTORE_JOBS } from '../events/job-problem-events';

/** Of each bus its own: two that get the events of an account would be counted together, and one would hide that the other is silent. */
export function namespaceOf(eventBusName: string): string {
  return `CdkBackupDr/${eventBusName}`;
}

/**
 * What is counted in the events of jobs, by the name that AWS Backup has for it in the account of the job.
 */
interface JobMetric {
  readonly metricName: string;
  readonly detailType: string;
  readonly stateField: string;
  /** Those that are counted: a copy or a restore that is not whole counts as failed, since AWS Backup has no metric for it. */
  readonly states: string[];
}

const JOB_METRICS: JobMetric[] = [
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsCompleted', states: ['COMPLETED'] },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsFailed', states: ['FAILED'] },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsExpired', states: ['EXPIRED'] },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsAborted', states: ['ABORTED'] },
  { ...BACKUP_JOBS, metricName: 'NumberOfBackupJobsPartial', states: ['PARTIAL'] },
  { ...COPY_JOBS, metricName: 'NumberOfCopyJobsCompleted', states: ['COMPLETED'] },
  { ...COPY_JOBS, metricName: 'NumberOfCopyJobsFailed', states: ['FAILED', 'PARTIAL'] },
  { ...RESTORE_JOBS, metricName: 'NumberOfRestoreJobsCompleted', states: ['COMPLETED'] },
  { ...RESTORE_JOBS, metricName: 'NumberOfRestoreJobsFailed', states: ['FAILED', 'ABORTED'] },
  { detailType: DETAIL_TYPE, stateField: 'state', metricName: 'NumberOfConfigurationCapturesFailed', states: ['FAILED'] },
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
 * What a job is counted by. Events of copy jobs name no vault but by its ARN, and those of restore jobs none at all. The account is
 * that of the job, so the copies of one account don't hide that those of another one are missing.
 */
const COUNTED_BY: Record<string, Dimension[]> = {
  [BACKUP_JOBS.detailType]: ['Account', 'BackupVaultName'],
  [COPY_JOBS.detailType]: ['Account', 'DestinationBackupVaultArn'],
  [RESTORE_JOBS.detailType]: ['Account'],
  [DETAIL_TYPE]: ['Account'],
};

/**
 * Counts the events of jobs in a log group, each by account and vault, and all together. What was completed is counted by
 * resource type as well, and copies that failed by the vault alone, whatever account they are of: that makes one alarm for a vault.
 *
 * @returns the filters, before which nothing should be logged: they don't count what is there already
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function countJobs(scope: Construct, logGroup: logs.ILogGroup, namespace: string): logs.CfnMetricFilter[] {
  return JOB_METRICS.flatMap((metric) => {
    const by = COUNTED_BY[metric.detailType];
    const isFailedCopy = metric.detailType === COPY_JOBS.detailType && !metric.states.includes('COMPLETED');
    const isByType = metric.states.includes('COMPLETED') && metric.detailType !== RESTORE_JOBS.detailType;
    return [[], ...isFailedCopy ? [['DestinationBackupVaultArn' as const]] : [], by, ...isByType ? [[...by, 'ResourceType' as const]] : []].map((dimensions) => count(scope, logGroup, namespace, metric, dimensions));
  });
}

function count(
  scope: Construct, logGroup: logs.ILogGroup, metricNamespace: string, metric: JobMetric, dimensions: Dimension[],
): logs.CfnMetricFilter {
  const { metricName, detailType, stateField, states } = metric;
  return new logs.CfnMetricFilter(scope, [metricName, ...dimensions].join('By'), {
    logGroupName: logGroup.logGroupName,
    filterPattern: filterPattern([
      `$.detail-type = "${detailType}"`,
      states.map((state) => `$.detail.${stateField} = "${state}"`).join(' || '),
      ...dimensions.map((name) => `${DIMENSIONS[name]} = "*"`), // an event without it would be counted under no dimension
    ]),
    metricTransformations: [{
      metricNamespace,
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
export function jobMetric(namespace: string, metricName: string, dimensionsMap: Partial<Record<Dimension, string>> = {}): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    dimensionsMap: dimensionsMap as cloudwatch.DimensionsMap,
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
  });
}
