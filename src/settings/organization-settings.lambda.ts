import { BackupClient, DescribeGlobalSettingsCommand, UpdateGlobalSettingsCommand } from '@aws-sdk/client-backup';
import {
  DescribeOrganizationCommand, EnableAWSServiceAccessCommand, EnablePolicyTypeCommand, ListDelegatedAdministratorsCommand,
  OrganizationsClient, paginateListRoots, RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import type { Root } from '@aws-sdk/client-organizations';
import type { OrganizationSettingsRequest } from './organization-settings.contract';
import { customResource, retried } from '../handlers/custom-resource.lambda-shared';

const backup = new BackupClient({ maxAttempts: 8 });
const organizations = new OrganizationsClient({ maxAttempts: 8 });

const PHYSICAL_RESOURCE_ID = 'organization-backup-settings';
const SERVICE_PRINCIPAL = 'backup.amazonaws.com';

export const handler = customResource(async (event) => {
  if (event.RequestType !== 'Delete') { // the whole organization relies on the settings
    const request = event.ResourceProperties as unknown as OrganizationSettingsRequest;
    await refuseMemberAccount(event.StackId.split(':')[4]);
    await change(() => organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: SERVICE_PRINCIPAL })));
    if (request.crossAccountBackup === 'true') {
      await enableCrossAccountBackup();
    }
    if (request.backupPolicies === 'true') {
      await enableBackupPolicies();
    }
    if (request.delegatedAdministrator) {
      await register(request.delegatedAdministrator);
    }
  }
  // A creation that failed was given another name.
  return { physicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : PHYSICAL_RESOURCE_ID };
});

async function refuseMemberAccount(account: string): Promise<void> {
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  if (Organization?.MasterAccountId !== account) {
    throw new Error(`deploy OrganizationBackupSettings into the management account of the organization, ${Organization?.MasterAccountId}: only there can they be changed`);
  }
}

async function enableCrossAccountBackup(): Promise<void> {
  const { GlobalSettings } = await backup.send(new DescribeGlobalSettingsCommand({}));
  if (GlobalSettings?.isCrossAccountBackupEnabled !== 'true') {
    await backup.send(new UpdateGlobalSettingsCommand({ GlobalSettings: { ...GlobalSettings, isCrossAccountBackupEnabled: 'true' } }));
  }
}

async function enableBackupPolicies(): Promise<void> {
  const root = await firstRoot();
  const isEnabled = root?.PolicyTypes?.some(({ Type, Status }) => Type === 'BACKUP_POLICY' && Status !== 'PENDING_DISABLE');
  if (!isEnabled) {
    await change(() => organizations.send(new EnablePolicyTypeCommand({ RootId: root?.Id, PolicyType: 'BACKUP_POLICY' })))
      .catch(unlessNamed('PolicyTypeAlreadyEnabledException'));
  }
}

async function register(account: string): Promise<void> {
  const { DelegatedAdministrators } = await organizations.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: SERVICE_PRINCIPAL }));
  if (!DelegatedAdministrators?.some(({ Id }) => Id === account)) {
    await change(() => organizations.send(new RegisterDelegatedAdministratorCommand({ AccountId: account, ServicePrincipal: SERVICE_PRINCIPAL })))
      .catch(unlessNamed('AccountAlreadyRegisteredException'));
  }
}

/** A page may be empty although more follow. */
async function firstRoot(): Promise<Root | undefined> {
  for await (const { Roots = [] } of paginateListRoots({ client: organizations }, {})) {
    if (Roots.length > 0) {
      return Roots[0];
    }
  }
  return undefined;
}

/** AWS Organizations takes one change at a time, and the AWS SDK does not try again for that. */
function change<T>(work: () => Promise<T>): Promise<T> {
  return retried(work, (error) => !(error instanceof Error && error.name === 'ConcurrentModificationException'));
}

/** Somebody else did it in between. */
function unlessNamed(name: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && error.name === name)) {
      throw error;
    }
  };
}
