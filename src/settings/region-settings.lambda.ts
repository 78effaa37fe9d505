import { BackupClient, DescribeRegionSettingsCommand, UpdateRegionSettingsCommand } from '@aws-sdk/client-backup';
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { RegionSettingsRequest } from './region-settings.contract';
import { customResource, retried } from '../private/custom-resource.lambda-shared';

const backup = new BackupClient({ maxAttempts: 8 });
const iam = new IAMClient({ maxAttempts: 8 });

const PHYSICAL_RESOURCE_ID = 'backup-region-settings';

export const handler = customResource(async (event) => {
  if (event.RequestType !== 'Delete') { // other stages of the account rely on the settings
    const { resourceTypeOptIn, resourceTypeManagement } = event.ResourceProperties as unknown as RegionSettingsRequest;
    await ensureServiceLinkedRole();
    // Another stage may write at the same time, so what was written is read again.
    await retried(() => turnOn(resourceTypeOptIn, resourceTypeManagement), (error) => error instanceof NotOfferedError);
  }
  // A creation that failed was given another name.
  return { physicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : PHYSICAL_RESOURCE_ID };
});

class NotOfferedError extends Error {
  public override readonly name = 'NotOfferedError';
}

async function turnOn(optIn: string[], management: string[]): Promise<void> {
  const current = await backup.send(new DescribeRegionSettingsCommand({}));
  const missing = {
    optIn: withoutThose(optIn, current.ResourceTypeOptInPreference),
    management: withoutThose(management, current.ResourceTypeManagementPreference),
  };
  if (missing.optIn.length === 0 && missing.management.length === 0) {
    return;
  }
  refuseUnknown(missing.optIn, current.ResourceTypeOptInPreference);

  await backup.send(new UpdateRegionSettingsCommand({
    ResourceTypeOptInPreference: { ...current.ResourceTypeOptInPreference, ...on(optIn) },
    ResourceTypeManagementPreference: { ...current.ResourceTypeManagementPreference, ...on(management) },
  }));
  const updated = await backup.send(new DescribeRegionSettingsCommand({}));
  const still = new Set([
    ...withoutThose(optIn, updated.ResourceTypeOptInPreference), ...withoutThose(management, updated.ResourceTypeManagementPreference),
  ]);
  if (still.size > 0) {
    throw new Error(`AWS Backup took the settings, and yet these are off: ${[...still].join(', ')}`);
  }
}

/** Those that are not on yet. */
function withoutThose(types: string[], preference: Record<string, boolean> = {}): string[] {
  return types.filter((type) => preference[type] !== true);
}

function on(types: string[]): Record<string, boolean> {
  return Object.fromEntries(types.map((type) => [type, true]));
}

function refuseUnknown(types: string[], preference: Record<string, boolean> = {}): void {
  const unknown = types.filter((type) => !(type in preference));
  if (unknown.length > 0) {
    throw new NotOfferedError(`AWS Backup does not offer ${unknown.join(', ')} in this region: leave it out of 'resourceTypes'. It offers ${Object.keys(preference).sort().join(', ')}`);
  }
}

/** The destination side of a copy runs with this role, and an account that never used AWS Backup has none. */
async function ensureServiceLinkedRole(): Promise<void> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForBackup' }));
  } catch (error) {
    if (!isNamed(error, 'NoSuchEntityException')) {
      throw error;
    }
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'backup.amazonaws.com' })).catch((creation: unknown) => {
      if (!isNamed(creation, 'InvalidInputException')) { // made by somebody else in between
        throw creation;
      }
    });
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
