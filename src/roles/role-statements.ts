import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The account and region of a role, for the ARNs in its statements.
 */
export interface StatementsContext {
  readonly account: string;
  /** One, unless a role restores in several. */
  readonly regions: readonly string[];
  readonly partition: string;
  readonly encryptionKeyArns?: string[];
}

/**
 * What backing up and copying DynamoDB tables needs, with and without the advanced features of AWS Backup.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
export function backupStatements(context: StatementsContext, backupVaultArns?: string[]): iam.PolicyStatement[] {
  const tables = tableArns(context, '*');
  return [
    allow('BackUpTables', ['dynamodb:DescribeTable', 'dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ListTagsOfResource'], tables),
    allow('ManageTableBackups', ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'], tableArns(context, '*/backup/*')),
    allow('UseTableKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], keyArns(context), throughDynamoDb(context)),
    ...describeAndGrant([`arn:${context.partition}:kms:*:*:key/*`]), // those of the vaults copied into are of any region and account
    allow('CopyIntoVaults', ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
      backupVaultArns ?? [`arn:${context.partition}:backup:*:*:backup-vault:*`]),
    // The resource of the action is the recovery point, whose ARN does not name its vault; the condition narrows where it is copied.
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
    allow('RestoreTables', ['dynamodb:RestoreTableFromAwsBackup', 'dynamodb:DescribeTable'], tableArns(context, '*')),
    allow('RestoreTablesFromOwnBackups', ['dynamodb:RestoreTableFromBackup'], tableArns(context, '*/backup/*')),
    allow('FillRestoredTables', [
      'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem',
    ], tableArns(context, '*')),
    allow('UseTableKeys', [
      'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
    ], keyArns(context), throughDynamoDb(context)),
    ...describeAndGrant(keysOfAccount(context)),
  ];
}

/** Reasons for the wildcards of a backup role, by the id of the statement. */
export function backupWildcardReasons(isLimitedToVaults: boolean): Record<string, string> {
  const points = 'AWS Backup generates the ID of a recovery point when it creates one, so the policy cannot list recovery points.';
  const copies = `${points} `
    + (isLimitedToVaults ? 'A condition limits the vaults that the role can copy into.' : 'The access policy of each vault decides who can copy into it.');
  const granting = 'The keys of destination vaults are in other Regions and accounts. The role can only describe keys and create grants for AWS services.';
  return {
    BackUpTables: 'Backup selections find tables by tag or type, including tables that are created later, so the policy cannot list them.',
    ManageTableBackups: 'DynamoDB generates the ID of a table backup when AWS Backup creates it, so the policy cannot list backups.',
    UseTableKeys: 'The keys of the selected tables are not known in advance. A condition limits their use to requests through Amazon DynamoDB.',
    DescribeKeys: granting,
    GrantKeysToServices: granting,
    CopyIntoVaults: "The role is not limited to vaults by 'backupVaultArns': the access policy of each vault decides who can copy into it.",
    CopyFromVaults: copies,
    TagRecoveryPoints: points,
    FindTaggedResources: 'tag:GetResources does not support resource-level permissions.',
  };
}

/** Reasons for the wildcards of a restore role, by the id of the statement. */
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

/** What keys need for AWS services to use them on behalf of a role. */
export function describeAndGrant(keys: string[]): iam.PolicyStatement[] {
  return [
    allow('DescribeKeys', ['kms:DescribeKey'], keys),
    allow('GrantKeysToServices', ['kms:CreateGrant'], keys, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

export function allow(sid: string, actions: string[], resources: string[], conditions?: iam.Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources, conditions });
}

function tableArns({ partition, regions, account }: StatementsContext, name: string): string[] {
  return regions.map((region) => `arn:${partition}:dynamodb:${region}:${account}:table/${name}`);
}

function keysOfAccount({ partition, regions, account }: StatementsContext): string[] {
  return regions.map((region) => `arn:${partition}:kms:${region}:${account}:key/*`);
}

function keyArns(context: StatementsContext): string[] {
  const { encryptionKeyArns } = context;
  return encryptionKeyArns && encryptionKeyArns.length > 0 ? encryptionKeyArns : keysOfAccount(context);
}

function throughDynamoDb({ regions }: StatementsContext): iam.Conditions {
  const services = regions.map((region) => `dynamodb.${region}.amazonaws.com`);
  return { StringEquals: { 'kms:ViaService': services.length === 1 ? services[0] : services } };
}
