import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Metrics that AWS Backup publishes for each vault, every 5 minutes and only when they are not zero.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
 */
export function backupMetric(
  vault: { backupVaultName: string; account: string; region: string }, metricName: string, options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Backup',
    metricName,
    dimensionsMap: { BackupVaultName: vault.backupVaultName },
    statistic: cloudwatch.Stats.SUM,
    account: vault.account,
    region: vault.region,
    ...options,
  });
}
