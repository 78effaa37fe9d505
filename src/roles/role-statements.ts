import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Where a role works, for the ARNs in its statements.
 */
export interface StatementsContext {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly encryptionKeyArns?: string[];
}

/**
 * What backing up and copying DynamoDB tables needs, with and without the advanced features of AWS Backup.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
export function backupStatements(context: StatementsContext, backupVaultArns?: string[]): iam.PolicyStatement[] {
  const tables = tableArn(context, '*');
  return [
    allow('BackUpTables', ['dynamodb:DescribeTable', 'dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ListTagsOfResource'], [tables]),
    allow('ManageTableBackups', ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'], [tableArn(context, '*/backup/*')]),
    allow('UseTableKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], keyArns(context), throughDynamoDb(context)),
    ...describeAndGrant(`arn:${context.partition}:kms:*:*:key/*`), // those of the vaults copied into are of any region and account
    allow('CopyIntoVaults', ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
      backupVaultArns ?? [`arn:${context.partition}:backup:*:*:backup-vault:*`]),
    // The action knows no resource; its target is narrowed by the condition instead.
    allow('CopyFromVaults', ['backup:CopyFromBackupVault'], ['*'],
      backupVaultArns && { 'ForAllValues:ArnEquals': { 'backup:CopyTargets': backupVaultArns } }),
    allow('TagRecoveryPoints', ['backup:TagResource'], [`arn:${context.partition}:backup:*:${context.account}:recovery-point:*`]),
    allow('FindTaggedResources', ['tag:GetResources'], ['*']), // the action knows no resource
  ];
}

/**
 * What restoring DynamoDB tables needs.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
 */
export function restoreStatements(context: StatementsContext): iam.PolicyStatement[] {
  return [
    allow('RestoreTables', ['dynamodb:RestoreTableFromAwsBackup', 'dynamodb:DescribeTable'], [tableArn(context, '*')]),
    allow('RestoreTablesFromOwnBackups', ['dynamodb:RestoreTableFromBackup'], [tableArn(context, '*/backup/*')]),
    allow('FillRestoredTables', [
      'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem',
    ], [tableArn(context, '*')]),
    allow('UseTableKeys', [
      'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
    ], keyArns(context), throughDynamoDb(context)),
    ...describeAndGrant(`arn:${context.partition}:kms:${context.region}:${context.account}:key/*`),
  ];
}

/** Why a statement of a backup role has a wildcard, by its id: what an auditor reads. */
export function backupWildcardReasons(isLimitedToVaults: boolean): Record<string, string> {
  const noResource = 'backup:CopyFromBackupVault and tag:GetResources do not support resource-level permissions. '
    + (isLimitedToVaults ? 'A condition limits the vaults that the role can copy into.' : 'The access policy of each vault decides who can copy into it.');
  const granting = 'The keys of destination vaults are in other Regions and accounts. The role can only describe keys and create grants for AWS services.';
  return {
    BackUpTables: 'Backup selections find tables by tag or type, including tables that are created later, so the policy cannot list them.',
    ManageTableBackups: 'DynamoDB generates the ID of a table backup when AWS Backup creates it, so the policy cannot list backups.',
    UseTableKeys: 'The keys of the selected tables are not known in advance. A condition limits their use to requests through Amazon DynamoDB.',
    DescribeKeys: granting,
    GrantKeysToServices: granting,
    CopyIntoVaults: "The role is not limited to vaults by 'backupVaultArns': the access policy of each vault decides who can copy into it.",
    CopyFromVaults: noResource,
    TagRecoveryPoints: 'AWS Backup generates the ID of a recovery point when it creates one, so the policy cannot list recovery points.',
    FindTaggedResources: noResource,
  };
}

/** Why a statement of a restore role has a wildcard, by its id. */
export function restoreWildcardReasons(): Record<string, string> {
  const tables = 'A restore creates a table whose name is chosen when the restore starts, and AWS Backup writes the items into it.';
  const keys = 'The keys of restored tables are not known in advance. Conditions limit the role to requests through Amazon DynamoDB and to grants for AWS '
    + 'services; apart from that it can only describe keys.';
  return {
    RestoreTables: tables,
    RestoreTablesFromOwnBackups: 'DynamoDB generates the ID of a table backup when AWS Backup creates it, so the policy cannot list backups.',
    FillRestoredTables: tables,
    UseTableKeys: keys,
    DescribeKeys: keys,
    GrantKeysToServices: keys,
  };
}

/**
 * What restoring EC2 instances with an instance profile needs.
 *
 * @see https://repost.aws/knowledge-center/aws-backup-encoded-authorization-failure
 */
export function passRoleStatement({ partition }: StatementsContext, roleArns: string[]): iam.PolicyStatement {
  const services = partition === 'aws-cn' ? ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] : 'ec2.amazonaws.com';
  return allow('PassInstanceRoles', ['iam:PassRole'], roleArns, { StringEquals: { 'iam:PassedToService': services } });
}

function describeAndGrant(keys: string): iam.PolicyStatement[] {
  return [
    allow('DescribeKeys', ['kms:DescribeKey'], [keys]),
    allow('GrantKeysToServices', ['kms:CreateGrant'], [keys], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

function allow(sid: string, actions: string[], resources: string[], conditions?: iam.Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources, conditions });
}

function tableArn({ partition, region, account }: StatementsContext, name: string): string {
  return `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
}

function keyArns({ partition, region, account, encryptionKeyArns }: StatementsContext): string[] {
  return encryptionKeyArns && encryptionKeyArns.length > 0 ? encryptionKeyArns : [`arn:${partition}:kms:${region}:${account}:key/*`];
}

function throughDynamoDb({ region }: StatementsContext): iam.Conditions {
  return { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } };
}
