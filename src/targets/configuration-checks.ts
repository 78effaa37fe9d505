import { Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { Candidate } from './candidate';
import { referredWith } from './referred-resources';
import type { TemplateProperties } from './template-properties';
import { UNKNOWN } from './template-properties';

/** The result of a check of a resource: undefined if AWS Backup can back it up with its configuration. */
type Finding = Pick<Candidate, 'problem' | 'warning' | 'unchecked'> | undefined;

/**
 * Requirements of AWS Backup on the configuration of a resource, by its CloudFormation type.
 */
export const CONFIGURATION_CHECKS: Record<string, (properties: TemplateProperties, resource: CfnResource) => Finding> = {
  'AWS::EKS::Cluster': (properties, resource) => findingOnEks(resource, properties, ['AccessConfig', 'AuthenticationMode'], ['OutpostConfig']),
  'AWS::FSx::FileSystem': findingOnFileSystem,
  'AWS::RDS::DBInstance': findingOnInstance,
  'AWS::S3::Bucket': findingOnBucket,
  'Custom::AWSCDK-EKS-Cluster': (properties, resource) =>
    findingOnEks(resource, properties, ['Config', 'accessConfig', 'authenticationMode'], ['Config', 'outpostConfig']),
};

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html */
function findingOnBucket(properties: TemplateProperties, { node: { path } }: CfnResource): Finding {
  const status = properties.text('VersioningConfiguration', 'Status');
  return status === UNKNOWN ? { unchecked: `whether bucket '${path}' is versioned, which its backups require: the value is known only at deployment` }
    : status === 'Enabled' ? undefined : { problem: `AWS Backup backs up only versioned buckets: turn on versioning for '${path}', or exclude it` };
}

/**
 * AWS Backup accesses a cluster through an access entry.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eks-backups.html
 */
function findingOnEks({ node: { path } }: CfnResource, properties: TemplateProperties, modeAt: string[], outpostAt: string[]): Finding {
  const advice = "set its authentication mode to 'API_AND_CONFIG_MAP' or 'API'";
  const mode = properties.text(...modeAt);
  if (![undefined, UNKNOWN].includes(properties.get(...outpostAt) as undefined)) {
    return { problem: `AWS Backup does not back up EKS clusters on AWS Outposts: exclude '${path}'` };
  }
  if (mode === UNKNOWN) {
    return { unchecked: `whether the authentication mode of EKS cluster '${path}' supports access entries, which its backups require: the value is known only at deployment` };
  }
  return mode === undefined ? {
    warning: `EKS cluster '${path}' has no authentication mode in its template, so Amazon EKS creates it with 'CONFIG_MAP', and AWS Backup, which requires an access entry, `
      + `can't back it up: ${advice}`,
  } : mode !== 'CONFIG_MAP' ? undefined : {
    problem: `AWS Backup requires an access entry in EKS cluster '${path}', and its authentication mode CONFIG_MAP does not support them: ${advice}, or exclude it`,
  };
}

/** @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateBackup.html */
function findingOnFileSystem(properties: TemplateProperties, resource: CfnResource): Finding {
  const { path } = resource.node;
  if (properties.text('FileSystemType') !== 'LUSTRE') {
    return undefined;
  }
  const only = 'AWS Backup backs up only persistent FSx for Lustre file systems that are not linked to a data repository';
  const isRestored = properties.get('BackupId') !== undefined; // only persistent file systems have backups
  const deploymentType = properties.text('LustreConfiguration', 'DeploymentType') ?? (isRestored ? 'PERSISTENT' : 'SCRATCH_1');
  if (deploymentType !== UNKNOWN && deploymentType.startsWith('SCRATCH')) {
    return { problem: `${only}: set a persistent 'deploymentType' for '${path}' or exclude it, got ${deploymentType}` };
  }
  const links = ['ImportPath', 'ExportPath'].map((name) => properties.get('LustreConfiguration', name));
  if (links.some((link) => link !== undefined && link !== UNKNOWN)
    || referredWith(Stack.of(resource), 'AWS::FSx::DataRepositoryAssociation', 'FileSystemId').has(resource)) {
    return { problem: `${only}: exclude '${path}', whose data is in the linked data repository` };
  }
  const isUnknown = deploymentType === UNKNOWN || links.includes(UNKNOWN);
  return isUnknown ? { unchecked: `whether '${path}' is persistent and not linked to a data repository, which backups of FSx for Lustre require` } : undefined;
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/rds-backup.html#rds-backup-considerations */
function findingOnInstance(properties: TemplateProperties, { node: { path } }: CfnResource): Finding {
  if (properties.get('DBClusterIdentifier') === UNKNOWN) {
    return undefined;
  }
  const engine = properties.text('Engine');
  const backupTarget = properties.text('BackupTarget') ?? 'region';
  if (engine !== undefined && engine !== UNKNOWN && engine.startsWith('custom-oracle')) {
    return { problem: `AWS Backup does not back up RDS Custom for Oracle: exclude '${path}', got engine ${engine}` };
  }
  if (backupTarget !== UNKNOWN && backupTarget !== 'region') {
    return { problem: `AWS Backup backs up only RDS instances whose 'backupTarget' is 'region', not those on AWS Outposts or in Local Zones: exclude '${path}', got ${backupTarget}` };
  }
  return undefined;
}
