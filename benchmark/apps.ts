import { App, Duration, Stack } from 'aws-cdk-lib';
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

/** The same resources by hand, with nothing checked. */
function withL1(app: App, stack: Stack, tables: dynamodb.CfnTable[]): void {
  const away = new Stack(app, `${stack.node.id}Away`, { env: { account: ACCOUNT, region: AWAY } });
  const name = `vault-${stack.node.id}`;
  const local = vaultByHand(stack, name);
  vaultByHand(away, `${name}-replica`);

  const role = new iam.CfnRole(stack, 'Role', {
    roleName: `role-${stack.node.id}`,
    assumeRolePolicyDocument: document([{
      Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    }]),
    policies: [{ policyName: 'permissions', policyDocument: document(roleStatements(name)) }],
  });
  const copy = (days: number): backup.CfnBackupPlan.CopyActionResourceTypeProperty => ({
    destinationBackupVaultArn: `arn:aws:backup:${AWAY}:${ACCOUNT}:backup-vault:${name}-replica`,
    lifecycle: { deleteAfterDays: days, moveToColdStorageAfterDays: 30 },
  });
  const rule = (ruleName: string, scheduleExpression: string, days: number): backup.CfnBackupPlan.BackupRuleResourceTypeProperty => ({
    ruleName,
    scheduleExpression,
    targetBackupVault: name,
    startWindowMinutes: 60,
    completionWindowMinutes: 300,
    lifecycle: { deleteAfterDays: days, moveToColdStorageAfterDays: 30 },
    copyActions: [copy(days)],
  });
  const plan = new backup.CfnBackupPlan(stack, 'Plan', {
    backupPlan: { backupPlanName: `plan-${stack.node.id}`, backupPlanRule: [rule('daily', 'cron(0 5 ? * * *)', 120), rule('weekly', 'cron(0 12 ? * SUN *)', 360)] },
  });
  plan.addDependency(local);
  new backup.CfnBackupSelection(stack, 'Selection', {
    backupPlanId: plan.attrBackupPlanId,
    backupSelection: { selectionName: 'Tables', iamRoleArn: role.attrArn, resources: tables.map((each) => each.attrArn) },
  });
}

function vaultByHand(stack: Stack, backupVaultName: string): backup.CfnBackupVault {
  const key = new kms.CfnKey(stack, 'Key', {
    enableKeyRotation: true,
    keyPolicy: document([{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }]),
  });
  return new backup.CfnBackupVault(stack, 'Vault', {
    backupVaultName,
    encryptionKeyArn: key.attrArn,
    accessPolicy: document([{
      Effect: 'Deny', Principal: { AWS: '*' }, Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'], Resource: '*',
    }]),
  });
}

function roleStatements(vault: string): object[] {
  return [
    { Effect: 'Allow', Action: ['dynamodb:DescribeTable', 'dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ListTagsOfResource'], Resource: `arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/*` },
    { Effect: 'Allow', Action: ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'], Resource: `arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/*/backup/*` },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: `arn:aws:kms:${HOME}:${ACCOUNT}:key/*` },
    { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: 'arn:aws:kms:*:*:key/*' },
    { Effect: 'Allow', Action: 'kms:CreateGrant', Resource: 'arn:aws:kms:*:*:key/*', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
    { Effect: 'Allow', Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], Resource: `arn:aws:backup:${AWAY}:${ACCOUNT}:backup-vault:${vault}-replica` },
    { Effect: 'Allow', Action: 'backup:CopyFromBackupVault', Resource: '*' },
    { Effect: 'Allow', Action: 'backup:TagResource', Resource: `arn:aws:backup:*:${ACCOUNT}:recovery-point:*` },
    { Effect: 'Allow', Action: 'tag:GetResources', Resource: '*' },
  ];
}

function document(statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
