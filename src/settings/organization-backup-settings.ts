import { CustomResource, Duration, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ORGANIZATION_SETTINGS } from './organization-settings-in-app';
import type { OrganizationSettingsRequest } from './organization-settings.contract';
import { Handler } from './settings-handler';
import { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';

const HANDLER_ID = 'OrganizationBackupSettingsHandler';

/**
 * Properties of the settings of AWS Backup in an organization.
 */
export interface OrganizationBackupSettingsProps {
  /**
   * Whether to turn on copies between the accounts of the organization. If they are already on, they stay on.
   *
   * @default true
   */
  readonly crossAccountBackup?: boolean;

  /**
   * Whether to turn on backup policies in the organization. If they are already on, they stay on.
   *
   * @default true
   */
  readonly backupPolicies?: boolean;

  /**
   * Id of the account that administers AWS Backup for the organization, in addition to the management account.
   *
   * @default - no account is registered; one that is registered already stays so
   */
  readonly delegatedAdministrator?: string;
}

/**
 * The settings of AWS Backup in an organization, which CloudFormation has no resource for.
 *
 * They make AWS Backup a trusted service of the organization, which the others need.
 *
 * Define them in a stack of the management account: other accounts can't change them, and the deployment fails there. They are
 * unchanged when the stack is deleted.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/manage-cross-account.html
 *
 * @example
 * new OrganizationBackupSettings(stack, 'OrganizationSettings');
 */
export class OrganizationBackupSettings extends Construct {
  /**
   * Defines the settings.
   *
   * @throws if the delegated administrator is not an account id of 12 digits, or another construct has the id of the handler
   */
  constructor(scope: Construct, id: string, props: OrganizationBackupSettingsProps = {}) {
    super(scope, id);
    const { crossAccountBackup = true, backupPolicies = true, delegatedAdministrator } = props;
    const errors = new PropsErrors('OrganizationBackupSettingsProps', this);
    errors.when(delegatedAdministrator !== undefined && !Token.isUnresolved(delegatedAdministrator) && !/^\d{12}$/.test(delegatedAdministrator),
      () => `'delegatedAdministrator' must be an account id of 12 digits, got '${delegatedAdministrator}'`);
    Handler.checkId(errors, this, HANDLER_ID);
    errors.throwIfAny();

    const request: OrganizationSettingsRequest = {
      crossAccountBackup: crossAccountBackup ? 'true' : 'false',
      backupPolicies: backupPolicies ? 'true' : 'false',
      delegatedAdministrator,
    };
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::OrganizationBackupSettings',
      serviceToken: Handler.getOrCreate(this, HANDLER_ID, handlerProps).serviceToken,
      serviceTimeout: Duration.minutes(10),
      properties: { ...request },
    });
    Registry.of(this).register(ORGANIZATION_SETTINGS, this, { hasCrossAccountBackup: crossAccountBackup });
  }
}

function handlerProps() {
  return {
    bundle: 'organization-settings.lambda',
    description: 'Turns on what AWS Backup needs in an organization',
    wildcardReason: 'The actions that read and change the settings of AWS Backup and AWS Organizations do not support resource-level permissions, or the ID of the '
      + 'organization is not known in advance. Conditions limit service access, delegated administrators and policy types to those of AWS Backup.',
    statements: [
      new iam.PolicyStatement({
        sid: 'ChangeGlobalSettings',
        actions: ['backup:DescribeGlobalSettings', 'backup:UpdateGlobalSettings'],
        resources: ['*'], // the actions know no resource
      }),
      new iam.PolicyStatement({
        sid: 'ReadOrganization',
        actions: ['organizations:DescribeOrganization', 'organizations:ListRoots'],
        resources: ['*'], // the actions know no resource
      }),
      new iam.PolicyStatement({
        sid: 'EnableForBackup',
        actions: ['organizations:EnableAWSServiceAccess', 'organizations:ListDelegatedAdministrators', 'organizations:RegisterDelegatedAdministrator'],
        resources: ['*'],
        conditions: { StringEquals: { 'organizations:ServicePrincipal': 'backup.amazonaws.com' } },
      }),
      new iam.PolicyStatement({
        sid: 'EnableBackupPolicies',
        actions: ['organizations:EnablePolicyType'],
        resources: ['*'],
        conditions: { StringEquals: { 'organizations:PolicyType': 'BACKUP_POLICY' } },
      }),
    ],
  };
}
