import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A statement of a policy, as the template has it. */
export type Statement = Record<string, unknown> & { Sid?: string };

/** Nobody deletes a recovery point by hand. */
export const BLOCK_DELETION = {
  Sid: 'BlockRecoveryPointDeletion',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
  Resource: '*',
};

/** The access policy of the vault in a stack. */
export function accessPolicyOf(side: Stack): Statement[] | undefined {
  const [vault] = Object.values(Template.fromStack(side).findResources('AWS::Backup::BackupVault'));
  return vault.Properties.AccessPolicy?.Statement;
}

export function keyPolicyOf(side: Stack): Statement[] {
  const [key] = Object.values(Template.fromStack(side).findResources('AWS::KMS::Key'));
  return key.Properties.KeyPolicy.Statement.filter(({ Sid }: Statement) => Sid !== undefined);
}
