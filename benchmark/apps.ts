import { App, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BackupTarget, BackupTier, FailureScope, RecoveryObjective, ReplicatedBackupVault, TieredBackupPlan, WeekDay } from '../lib';

/** CloudFormation lets a stack have 500 resources. */
const TABLES_A_STACK = 100;

export const ACCOUNT = '222222222222';
export const [HOME, AWAY] = ['eu-west-2', 'eu-west-1'];

/**
 * Protected tables with copies into another region, spread over stacks of 100.
 */
export function define(variant: 'library' | 'l1', tables: number): App {
  const app = new App({ analyticsReporting: false });
  for (let first = 0; first < tables; first += TABLES_A_STACK) {
    const stack = new Stack(app, `Backups${first}`, { env: { account: ACCOUNT, region: HOME } });
    const workload = new Construct(stack, 'Workload');
    const own = Array.from({ length: Math.min(TABLES_A_STACK, tables - first) }, (_, index) => table(workload, `Table${index}`));
    if (variant === 'library') {
      withLibrary(stack, workload);
    } else {
      withL1(app, stack, own);
    }
  }
  return app;
}

export function table(scope: Construct, id: string): dynamodb.CfnTable {
  return new dynamodb.CfnTable(scope, id, {
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
    attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
    billingMode: 'PAY_PER_REQUEST',
  });
}

function withLibrary(stack: Stack, workload: Construct): void {
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: AWAY });
  const plan = new TieredBackupPlan(stack, 'Plan', {
    vault,
    tiers: [
      BackupTier.daily({ hour: 5, deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) }),
      BackupTier.weekly({ weekDay: WeekDay.SUNDAY, hour: 12, deleteAfter: Duration.days(360), moveToColdStorageAfter: Duration.days(30) }),
    ],
    objectives: [
      new RecoveryObjective({ name: 'Table', rto: Duration.hours(4), rpo: Duration.hours(30) }),
      new RecoveryObjective({ name: 'Region', rto: Duration.hours(8), rpo: Duration.hours(30), survives: FailureScope.REGION }),
    ],
  });
  plan.addSelection('Tables', { resources: [BackupTarget.fromConstruct(workload)] });
}

/** The same resources by hand, property for property, and the same order of stacks; nothing is checked. */
function withL1(app: App, stack: Stack, tables: dynamodb.CfnTable[]): void {
  const away = new Stack(app, `${stack.node.id}Away`, { env: { account: ACCOUNT, region: AWAY } });
  stack.addDependency(away);
  const name = `${stack.node.id}-Vault`;
  const arns = [vaultArn(HOME, name), vaultArn(AWAY, `${name}-replica`)];
  const local = vaultByHand(stack, name);
  vaultByHand(away, `${name}-replica`);

  const role = new iam.CfnRole(stack, 'Role', {
    roleName: `${stack.node.id}-Plan-Role-${HOME}`,
    description: 'AWS Backup backs up and copies with it',
    assumeRolePolicyDocument: document([{
      Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    }]),
    policies: [{ policyName: 'permissions', policyDocument: document(roleStatements(arns)) }],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  role.addMetadata('cdk_nag', { rules_to_suppress: wildcards().map(([wildcard, reason]) => ({ reason, id: 'AwsSolutions-IAM5', applies_to: [`Resource::${wildcard}`] })) });

  const lifecycle = (days: number) => ({ deleteAfterDays: days, moveToColdStorageAfterDays: 30 });
  const rule = (ruleName: string, scheduleExpression: string, days: number): backup.CfnBackupPlan.BackupRuleResourceTypeProperty => ({
    ruleName,
    scheduleExpression,
    targetBackupVault: name,
    startWindowMinutes: 60,
    completionWindowMinutes: 10080,
    lifecycle: lifecycle(days),
    copyActions: [{ destinationBackupVaultArn: arns[1], lifecycle: lifecycle(days) }],
  });
  const plan = new backup.CfnBackupPlan(stack, 'Plan', {
    backupPlan: { backupPlanName: `${stack.node.id}-Plan`, backupPlanRule: [rule('daily', 'cron(0 5 ? * * *)', 120), rule('weekly', 'cron(0 12 ? * SUN *)', 360)] },
  });
  plan.addDependency(local);
  new backup.CfnBackupSelection(stack, 'Selection', {
    backupPlanId: plan.attrBackupPlanId,
    backupSelection: { selectionName: 'Tables', iamRoleArn: role.attrArn, resources: tables.map((each) => each.attrArn) },
  });
}

function vaultByHand(stack: Stack, backupVaultName: string): backup.CfnBackupVault {
  const key = new kms.CfnKey(stack, 'Key', {
    description: `Encrypts the recovery points in backup vault ${backupVaultName}`,
    enableKeyRotation: true,
    keyPolicy: document([{ Effect: 'Allow', Principal: { AWS: `arn:${Aws.PARTITION}:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }]),
  });
  const vault = new backup.CfnBackupVault(stack, 'Vault', {
    backupVaultName,
    encryptionKeyArn: key.attrArn,
    accessPolicy: document([{
      Sid: 'BlockRecoveryPointDeletion', Effect: 'Deny', Principal: { AWS: '*' }, Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'], Resource: '*',
    }]),
  });
  [key, vault].forEach((resource) => resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE));
  return vault;
}

function vaultArn(region: string, name: string): string {
  return `arn:aws:backup:${region}:${ACCOUNT}:backup-vault:${name}`;
}

const TABLES = `arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/*`;
const TABLE_BACKUPS = `${TABLES}/backup/*`;
const TABLE_KEYS = `arn:aws:kms:${HOME}:${ACCOUNT}:key/*`;
const KEYS = 'arn:aws:kms:*:*:key/*';
const RECOVERY_POINTS = `arn:aws:backup:*:${ACCOUNT}:recovery-point:*`;

function roleStatements(vaultArns: string[]): object[] {
  const allow = (Sid: string, Action: string | string[], Resource: string | string[], condition: object = {}) => ({ Sid, Effect: 'Allow', Action, Resource, ...condition });
  return [
    allow('BackUpTables', ['dynamodb:DescribeTable', 'dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ListTagsOfResource'], TABLES),
    allow('ManageTableBackups', ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'], TABLE_BACKUPS),
    allow('UseTableKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], TABLE_KEYS, { Condition: { StringEquals: { 'kms:ViaService': `dynamodb.${HOME}.amazonaws.com` } } }),
    allow('DescribeKeys', 'kms:DescribeKey', KEYS),
    allow('GrantKeysToServices', 'kms:CreateGrant', KEYS, { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
    allow('CopyIntoVaults', ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], vaultArns),
    allow('CopyFromVaults', 'backup:CopyFromBackupVault', '*', { Condition: { 'ForAllValues:ArnEquals': { 'backup:CopyTargets': vaultArns } } }),
    allow('TagRecoveryPoints', 'backup:TagResource', RECOVERY_POINTS),
    allow('FindTaggedResources', 'tag:GetResources', '*'),
  ];
}

/** Wildcards of the role, each with the reason that cdk-nag finds in its metadata. */
function wildcards(): [wildcard: string, reason: string][] {
  return [
    [TABLES, 'Backup selections find tables by tag or type, including tables that are created later, so the policy cannot list them.'],
    [TABLE_BACKUPS, 'DynamoDB generates the ID of a table backup when AWS Backup creates it, so the policy cannot list backups.'],
    [TABLE_KEYS, 'The keys of the selected tables are not known in advance. A condition limits their use to requests through Amazon DynamoDB.'],
    [KEYS, 'The keys of destination vaults are in other Regions and accounts. The role can only describe keys and create grants for AWS services.'],
    ['*', 'backup:CopyFromBackupVault and tag:GetResources do not support resource-level permissions. A condition limits the vaults that the role can copy into.'],
    [RECOVERY_POINTS, 'AWS Backup generates the ID of a recovery point when it creates one, so the policy cannot list recovery points.'],
  ];
}

function document(statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
