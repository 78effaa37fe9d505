import { archive, archiveAway, backup, backupAway } from './cases';
import { decide } from '../policies';
import type { Case, Document, Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

/*
 * What AWS checks of the roles that bring a table back: it copies with the one of the log archive account, and restores with the one of the
 * infrastructure account.
 *
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
 */

const CENTRAL = `arn:aws:backup:${LONDON}:${LOG_ARCHIVE}:backup-vault:acme-prod-central`;
const REPLICA = `arn:aws:backup:${IRELAND}:${LOG_ARCHIVE}:backup-vault:acme-prod-central-replica`;
const LOCAL = `arn:aws:backup:${LONDON}:${INFRASTRUCTURE}:backup-vault:acme-prod-local`;
const LANDING = `arn:aws:backup:${IRELAND}:${INFRASTRUCTURE}:backup-vault:acme-prod-landing`;
const OTHER = `arn:aws:backup:${IRELAND}:${INFRASTRUCTURE}:backup-vault:other`;

const COPY_BACK = 'acme-prod-copy-back-role';
const RESTORE = 'acme-prod-restore-role';

type Context = Record<string, string | string[]>;

interface Asker {
  readonly account: string;
  readonly roleName: string;
  readonly identityPolicies: Document[];
}

const copyBack: Asker = { account: LOG_ARCHIVE, roleName: COPY_BACK, identityPolicies: archive.identityPolicies(COPY_BACK) };
const restore: Asker = { account: INFRASTRUCTURE, roleName: RESTORE, identityPolicies: backup.identityPolicies(RESTORE) };

function ask(by: Asker, action: string, resource: string, context: Context = {}, resourcePolicy?: Document): Case {
  const principal = `arn:aws:sts::${by.account}:assumed-role/${by.roleName}/AWSBackup`;
  return {
    name: `${action} ${resource}`,
    request: { principal, action, resource, resourceAccount: resource.split(':')[4] || by.account, context: { 'aws:PrincipalArn': `arn:aws:iam::${by.account}:role/${by.roleName}`, ...context } },
    identityPolicies: by.identityPolicies,
    resourcePolicy,
  };
}

function pointIn(vault: string): string {
  return vault.replace(/backup-vault:.*$/, 'recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45');
}

const nameOf = (vault: string) => vault.split(':').pop()!;
const regionOf = (vault: string) => vault.split(':')[3];
const vaultIn = (side: Rendered, arn: string) => side.only('AWS::Backup::BackupVault', ({ BackupVaultName }) => BackupVaultName === nameOf(arn));

/** What a copy from one vault into another asks for. */
function copy(from: string, to: string, side: Rendered, by = copyBack): Case[] {
  const vault = vaultIn(side, to);
  const throughBackup = { 'kms:ViaService': `backup.${regionOf(to)}.amazonaws.com` };
  const grant = { ...throughBackup, 'kms:GrantIsForAWSResource': 'true' };
  return [
    ask(by, 'backup:CopyFromBackupVault', pointIn(from), { 'backup:CopyTargets': [to] }),
    ask(by, 'backup:CopyIntoBackupVault', to, {}, vault.AccessPolicy),
    ask(by, 'kms:DescribeKey', vault.EncryptionKeyArn, throughBackup, side.keyPolicy(vault.EncryptionKeyArn)),
    ask(by, 'kms:CreateGrant', vault.EncryptionKeyArn, grant, side.keyPolicy(vault.EncryptionKeyArn)),
  ];
}

describe('the copy-back role', () => {
  test.each([
    ['the central vault into the local one', CENTRAL, LOCAL, backup],
    ['the replica of the central vault into the landing vault', REPLICA, LANDING, backupAway],
    ['the central vault into the landing vault', CENTRAL, LANDING, backupAway],
  ])('copies from %s', (_, from, to, side) => {
    const cases = copy(from, to, side);

    expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
  });

  test('copies with the key of the vault that it copies from', () => {
    const { EncryptionKeyArn } = vaultIn(archiveAway, REPLICA);
    const keyPolicy = archiveAway.keyPolicy(EncryptionKeyArn);

    expect(decide([
      ask(copyBack, 'kms:DescribeKey', EncryptionKeyArn, {}, keyPolicy),
      ask(copyBack, 'kms:CreateGrant', EncryptionKeyArn, { 'kms:GrantIsForAWSResource': 'true' }, keyPolicy),
    ])).toEqual(['Allowed', 'Allowed']);
  });

  test('copies into no other vault, be it open to everybody', () => {
    const open = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' }] };

    expect(decide([
      ask(copyBack, 'backup:CopyFromBackupVault', pointIn(REPLICA), { 'backup:CopyTargets': [OTHER] }),
      ask(copyBack, 'backup:CopyFromBackupVault', pointIn(REPLICA), { 'backup:CopyTargets': [LANDING, OTHER] }),
      ask(copyBack, 'backup:CopyFromBackupVault', pointIn(REPLICA)),
      ask(copyBack, 'backup:CopyIntoBackupVault', OTHER, {}, open),
    ])).toEqual(Array(4).fill('ImplicitlyDenied'));
  });

  test('deletes nothing, keeps nothing for longer or shorter, and restores nothing', () => {
    const cases = ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle', 'backup:StartRestoreJob', 'backup:TagResource']
      .map((action) => ask(copyBack, action, pointIn(REPLICA)));

    expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
  });

  test('is the only one of its account that the vaults let in', () => {
    const everything = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
    const intruder: Asker = { account: LOG_ARCHIVE, roleName: 'intruder', identityPolicies: everything };
    const intoVault = ({ request }: Case) => request.action === 'backup:CopyIntoBackupVault' || request.action.startsWith('kms:');
    const cases = [...copy(CENTRAL, LOCAL, backup, intruder), ...copy(REPLICA, LANDING, backupAway, intruder)].filter(intoVault);

    expect(cases).toHaveLength(6);
    expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
  });
});

/** What a restore of a table asks for: AWS Backup makes it, and DynamoDB writes the items into it. */
function restoreInto(table: string, keyArn: string, keyPolicy: Document): Case[] {
  const region = regionOf(table);
  const through = { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` };
  return [
    ...['RestoreTableFromAwsBackup', 'DescribeTable', 'Scan', 'Query', 'UpdateItem', 'PutItem', 'GetItem', 'DeleteItem', 'BatchWriteItem']
      .map((action) => ask(restore, `dynamodb:${action}`, table)),
    ...['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo']
      .map((action) => ask(restore, `kms:${action}`, keyArn, through, keyPolicy)),
    ask(restore, 'kms:DescribeKey', keyArn, through, keyPolicy),
    ask(restore, 'kms:CreateGrant', keyArn, { ...through, 'kms:GrantIsForAWSResource': 'true' }, keyPolicy),
  ];
}

describe('the restore role', () => {
  const inLondon = `arn:aws:dynamodb:${LONDON}:${INFRASTRUCTURE}:table/restored`;
  const inIreland = `arn:aws:dynamodb:${IRELAND}:${INFRASTRUCTURE}:table/restored`;
  /** That of the tables, whose policy leaves to IAM who uses it. */
  const tableKey = `arn:aws:kms:${LONDON}:${INFRASTRUCTURE}:key/of-the-tables`;
  const leftToIam = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${INFRASTRUCTURE}:root` }, Action: 'kms:*', Resource: '*' }] };

  test('restores a table in the primary region, with the key of the tables', () => {
    const cases = restoreInto(inLondon, tableKey, leftToIam);

    expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
  });

  test('restores a table in the secondary region, with the key that is there for it', () => {
    const { TargetKeyId } = backupAway.only('AWS::KMS::Alias', ({ AliasName }) => AliasName === 'alias/acme-prod-restored-tables');
    const cases = restoreInto(inIreland, TargetKeyId, backupAway.keyPolicy(TargetKeyId));

    expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
  });

  test('uses a key through DynamoDB only, and grants it to services of AWS only', () => {
    const through = { 'kms:ViaService': `backup.${LONDON}.amazonaws.com` };

    expect(decide([
      ask(restore, 'kms:Decrypt', tableKey, through, leftToIam),
      ask(restore, 'kms:Decrypt', tableKey, {}, leftToIam),
      ask(restore, 'kms:CreateGrant', tableKey, { 'kms:GrantIsForAWSResource': 'false' }, leftToIam),
    ])).toEqual(Array(3).fill('ImplicitlyDenied'));
  });

  test.each([
    ['another region', `arn:aws:dynamodb:eu-central-1:${INFRASTRUCTURE}:table/restored`],
    ['another account', `arn:aws:dynamodb:${LONDON}:${LOG_ARCHIVE}:table/restored`],
  ])('restores nothing in %s', (_, table) => {
    const cases = ['dynamodb:RestoreTableFromAwsBackup', 'dynamodb:PutItem'].map((action) => ask(restore, action, table));

    expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
  });

  test('deletes no table, and neither copies nor deletes recovery points', () => {
    expect(decide([
      ask(restore, 'dynamodb:DeleteTable', inLondon),
      ask(restore, 'backup:CopyIntoBackupVault', LANDING),
      ask(restore, 'backup:DeleteRecoveryPoint', pointIn(LANDING)),
    ])).toEqual(Array(3).fill('ImplicitlyDenied'));
  });
});

test('both roles are assumed by AWS Backup for their own account, and by nothing else', () => {
  const trust = [[archive, COPY_BACK], [backup, RESTORE]] as const;

  expect(trust.map(([side, roleName]) => side.only('AWS::IAM::Role', ({ RoleName }) => RoleName === roleName).AssumeRolePolicyDocument.Statement)).toEqual(
    [LOG_ARCHIVE, INFRASTRUCTURE].map((account) => [{
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'backup.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    }]),
  );
});
