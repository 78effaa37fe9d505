import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Environment, partitionOf } from './environment';

/**
 * The ARN of a backup vault, a literal if its account and region are.
 */
export function backupVaultArn(scope: IConstruct, environment: Environment, backupVaultName: string): string {
  if (environment.isLiteral) {
    return `arn:${partitionOf(environment.region)}:backup:${environment.region}:${environment.account}:backup-vault:${backupVaultName}`;
  }
  return Stack.of(scope).formatArn({
    service: 'backup',
    resource: 'backup-vault',
    resourceName: backupVaultName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    account: environment.account,
    region: environment.region,
  });
}

/**
 * The ARN of a backup plan, a literal if its account and region are.
 */
export function backupPlanArn(scope: IConstruct, environment: Environment, backupPlanId: string): string {
  const { account, region } = environment;
  return `arn:${environment.partitionIn(scope)}:backup:${region}:${account}:backup-plan:${backupPlanId}`;
}

/**
 * The ARN of AWS Backup's service-linked role: it runs the destination side of a copy.
 */
export function backupServiceLinkedRoleArn(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`;
}

/**
 * The ARN of a bucket, a literal if its region and its name are.
 */
export function bucketArn(scope: IConstruct, environment: Environment, bucketName: string): string {
  return `arn:${environment.partitionIn(scope)}:s3:::${bucketName}`;
}
