import * as iam from 'aws-cdk-lib/aws-iam';
import { CopySource } from './copy-source';

/**
 * The access policy of a vault: who may copy into it, and that nobody deletes from it by hand.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function accessStatements(partition: string, sources: CopySource[], blockRecoveryPointDeletion: boolean): iam.PolicyStatement[] {
  const statements = parties(partition, 'From', sources).map(({ sid, principals, conditions }) => new iam.PolicyStatement({
    sid: `Copy${sid}`, principals, conditions, actions: ['backup:CopyIntoBackupVault'], resources: ['*'],
  }));
  if (blockRecoveryPointDeletion) {
    statements.push(new iam.PolicyStatement({
      sid: 'BlockRecoveryPointDeletion',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
      resources: ['*'],
    }));
  }
  return statements;
}

/**
 * What the key of a vault allows to those who copy into it, through AWS Backup only.
 *
 * @param name Tells the statements of two vaults with one key apart
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html#backup-permissions-grants-deny-statements
 */
export function keyStatementsForCopiers(partition: string, region: string, sources: CopySource[], name: string): iam.PolicyStatement[] {
  const throughBackup = { StringEquals: { 'kms:ViaService': `backup.${region}.amazonaws.com` } };
  return parties(partition, 'From', sources).flatMap(({ sid, principals, conditions }) => [
    new iam.PolicyStatement({
      sid: `Encrypt${sid}${name}`,
      principals,
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: merge(conditions, throughBackup),
    }),
    new iam.PolicyStatement({
      sid: `Grant${sid}${name}`,
      principals,
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: merge(conditions, throughBackup, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    }),
  ]);
}

/**
 * What the key of a vault allows to AWS Backup's service-linked role in the accounts that its recovery points are copied
 * to: it runs the destination side of a copy.
 *
 * Recovery points of resource types under full AWS Backup management are encrypted with this key. Those of the others
 * are encrypted with the key of their resource, which has to allow the same.
 *
 * @param name Tells the statements of two vaults with one key apart
 */
export function keyStatementsForDestinations(partition: string, destinations: CopySource[], name: string): iam.PolicyStatement[] {
  return parties(partition, 'ByAwsBackupOf', destinations.map(asServiceLinkedRole)).flatMap(({ sid, principals, conditions }) => [
    new iam.PolicyStatement({
      sid: `Read${sid}${name}`,
      principals,
      actions: [
        'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ],
      resources: ['*'],
      conditions,
    }),
    new iam.PolicyStatement({
      sid: `Grant${sid}${name}`,
      principals,
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: merge(conditions, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    }),
  ]);
}

function asServiceLinkedRole({ accountId, organizationId }: CopySource): CopySource {
  const options = { roleNames: ['aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup'] };
  return accountId !== undefined ? CopySource.account(accountId, options) : CopySource.organization(organizationId!, options);
}

interface Party {
  readonly sid: string;
  readonly principals: iam.IPrincipal[];
  readonly conditions: iam.Conditions;
}

/**
 * Who the statements are about: one party for all accounts and one for each organization, since policies have a size limit.
 *
 * A role is named in a condition and never as the principal: KMS refuses a policy with a principal that does not exist yet.
 */
function parties(partition: string, sid: string, sources: CopySource[]): Party[] {
  const accounts = sources.filter((source) => source.accountId !== undefined);
  const organizations = sources.filter((source) => source.organizationId !== undefined);
  const roles = (account: string, roleNames: string[]) => roleNames.map((name) => `arn:${partition}:iam::${account}:role/${name}`);

  const accountArns = accounts.some((source) => source.roleNames)
    ? accounts.flatMap(({ accountId, roleNames }) => roleNames ? roles(accountId!, roleNames) : [`arn:${partition}:iam::${accountId}:*`])
    : [];
  return [
    ...accounts.length === 0 ? [] : [{
      sid: `${sid}Accounts`,
      principals: [...new Set(accounts.map(({ accountId }) => accountId))].map((account) => new iam.ArnPrincipal(`arn:${partition}:iam::${account}:root`)),
      conditions: whenPrincipalIs(accountArns),
    }],
    ...organizations.map(({ organizationId, roleNames }, index) => ({
      sid: `${sid}Organization${index === 0 ? '' : index + 1}`,
      principals: [new iam.AnyPrincipal()],
      conditions: merge({ StringEquals: { 'aws:PrincipalOrgID': organizationId } }, whenPrincipalIs(roles('*', roleNames ?? []))),
    })),
  ];
}

function whenPrincipalIs(arns: string[]): iam.Conditions {
  return arns.length === 0 ? {} : { ArnLike: { 'aws:PrincipalArn': [...new Set(arns)] } };
}

/** The conditions must all hold; two of one operator stay apart by their keys. */
function merge(...all: iam.Conditions[]): iam.Conditions {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const conditions of all) {
    for (const [operator, keys] of Object.entries(conditions)) {
      merged[operator] = { ...merged[operator], ...keys as Record<string, unknown> };
    }
  }
  return merged;
}
