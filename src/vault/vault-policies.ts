import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CopySource } from './copy-source';

/**
 * Returns the current sources of copies. They decide which statements exist; the names of the roles in these are evaluated
 * again when the template is written, because aspects can rename the roles until then.
 */
export type CopySources = () => CopySource[];

/**
 * Statements of an access policy that allow copying into the vault.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function copyStatements(partition: string, sources: CopySources): iam.PolicyStatement[] {
  return parties(partition, 'From', sources).map(({ sid, principals, conditions }) => new iam.PolicyStatement({
    sid: `Copy${sid}`, principals, conditions, actions: ['backup:CopyIntoBackupVault'], resources: ['*'],
  }));
}

/**
 * Statement that denies manual deletion and changes of the retention to everybody except these roles of the account.
 *
 * A negated condition matches if the key is missing, so callers that are not principals are denied as well.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function deletionStatement(partition: string, account: string, exceptRoleNames: string[]): iam.PolicyStatement {
  const exceptions = roleArns(partition, account, exceptRoleNames);
  return new iam.PolicyStatement({
    sid: 'BlockRecoveryPointDeletion',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
    resources: ['*'],
    conditions: exceptions.length === 0 ? undefined : { ArnNotLike: { 'aws:PrincipalArn': exceptions } },
  });
}

/**
 * Statements of a key policy that allow copying into a vault, only through AWS Backup.
 *
 * @param name Distinguishes the statements of two vaults with the same key
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html#backup-permissions-grants-deny-statements
 */
export function keyStatementsForCopiers(partition: string, region: string, sources: CopySources, name: string): iam.PolicyStatement[] {
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
 * Statements of a key policy for the service-linked role of AWS Backup in the accounts that recovery points are copied
 * to: this role runs the destination side of a copy.
 *
 * Recovery points of resource types under full AWS Backup management are encrypted with this key. Those of other
 * types are encrypted with the key of their resource, which must allow the same.
 *
 * @param name Distinguishes the statements of two vaults with the same key
 */
export function keyStatementsForDestinations(partition: string, destinations: CopySources, name: string): iam.PolicyStatement[] {
  return parties(partition, 'ByAwsBackupOf', () => destinations().map(asServiceLinkedRole)).flatMap(({ sid, principals, conditions }) => [
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

function asServiceLinkedRole(destination: CopySource): CopySource {
  return destination._by('aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup');
}

interface Party {
  readonly sid: string;
  readonly principals: iam.IPrincipal[];
  readonly conditions: iam.Conditions;
}

/**
 * The parties of the statements: one for all accounts, and one for each organization and each organizational unit, because
 * policies have a size limit.
 *
 * A role is in a condition and never the principal: AWS KMS rejects a policy with a principal that does not exist yet.
 */
function parties(partition: string, sid: string, sources: CopySources): Party[] {
  const all = sources();
  const accounts = all.filter((source) => source.accountId !== undefined);
  const organizations = all.filter((source) => source.accountId === undefined && source.organizationalUnitPath === undefined);
  const units = all.filter((source) => source.organizationalUnitPath !== undefined);
  const ofRoles = ({ roleNames }: CopySource) => whenPrincipalIs(roleArns(partition, '*', roleNames ?? []));
  return [
    ...accounts.length === 0 ? [] : [{
      sid: `${sid}Accounts`,
      principals: [...new Set(accounts.map(({ accountId }) => accountId))].map((account) => new iam.ArnPrincipal(`arn:${partition}:iam::${account}:root`)),
      conditions: accounts.some(({ roleNames }) => roleNames)
        ? whenPrincipalIs(Lazy.uncachedList({ produce: () => accountArns(partition, sources()) })) : {},
    }],
    ...organizations.map((source, index) => ({
      sid: `${sid}Organization${numberOf(index)}`,
      principals: [new iam.AnyPrincipal()],
      conditions: merge({ StringEquals: { 'aws:PrincipalOrgID': source.organizationId } }, ofRoles(source)),
    })),
    ...units.map((source, index) => ({
      sid: `${sid}OrganizationalUnit${numberOf(index)}`,
      principals: [new iam.AnyPrincipal()],
      conditions: merge(
        { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${source.organizationId}/${source.organizationalUnitPath}/*`] } }, ofRoles(source),
      ),
    })),
  ];
}

function numberOf(index: number): string {
  return index === 0 ? '' : `${index + 1}`;
}

function roleArns(partition: string, account: string, roleNames: string[]): string[] {
  return roleNames.map((name) => `arn:${partition}:iam::${account}:role/${name}`);
}

function accountArns(partition: string, sources: CopySource[]): string[] {
  const accounts = sources.filter(({ accountId }) => accountId !== undefined);
  return [...new Set(accounts.flatMap(({ accountId, roleNames }) => roleNames ? roleArns(partition, accountId!, roleNames) : [`arn:${partition}:iam::${accountId}:*`]))];
}

function whenPrincipalIs(arns: string[]): iam.Conditions {
  return arns.length === 0 ? {} : { ArnLike: { 'aws:PrincipalArn': [...new Set(arns)] } };
}

/** Merges conditions that must all match; conditions with the same operator have different keys. */
function merge(...all: iam.Conditions[]): iam.Conditions {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const conditions of all) {
    for (const [operator, keys] of Object.entries(conditions)) {
      merged[operator] = { ...merged[operator], ...keys as Record<string, unknown> };
    }
  }
  return merged;
}
