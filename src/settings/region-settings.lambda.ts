import { BackupClient, DescribeRegionSettingsCommand, UpdateRegionSettingsCommand } from '@aws-sdk/client-backup';
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { RegionSettingsRequest } from './region-settings.contract';
import { customResource, retried } from '../handlers/custom-resource.lambda-shared';

const backup = new BackupClient({ maxAttempts: 8 });
const iam = new IAMClient({ maxAttempts: 8 });

const OPT_IN = 'ResourceTypeOptInPreference';
const PHYSICAL_RESOURCE_ID = 'backup-region-settings';

export const handler = customResource(async (event) => {
  if (event.RequestType !== 'Delete') { // other stages of the account rely on the settings
    const request = event.ResourceProperties as unknown as RegionSettingsRequest;
    // A list without entries may not arrive at all.
    const { resourceTypeOptIn = [], resourceTypeManagement = [], resourceTypeIncremental, resourceTypeOptInIfOffered = [] } = request;
    const wanted = {
      [OPT_IN]: resourceTypeOptIn,
      ResourceTypeManagementPreference: resourceTypeManagement,
      ...resourceTypeIncremental ? { ResourceTypeOptInIncremental: resourceTypeIncremental } : {},
    };
    await ensureServiceLinkedRole();
    // Another stage may write at the same time, so what was written is read again.
    await retried(() => turnOn(wanted, resourceTypeOptInIfOffered), (error) => error instanceof NotOfferedError);
  }
  // A creation that failed was given another name.
  return { physicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : PHYSICAL_RESOURCE_ID };
});

class NotOfferedError extends Error {
  public override readonly name = 'NotOfferedError';
}

/** Each of the maps by the name that the API has for it, also those that this version of the AWS SDK does not know. */
type Settings = Record<string, Record<string, boolean>>;

async function turnOn(named: Record<string, string[]>, ifOffered: string[]): Promise<void> {
  const current = await describe();
  const offered = ifOffered.filter((type) => type in (current[OPT_IN] ?? {}));
  const wanted = { ...named, [OPT_IN]: [...named[OPT_IN], ...offered] };
  if (stillOff(wanted, current).length === 0) {
    return;
  }
  refuseUnknown(withoutThose(wanted[OPT_IN], current[OPT_IN]), current[OPT_IN]);

  await update({ ...current, ...Object.fromEntries(Object.entries(wanted).map(([map, types]) => [map, { ...current[map], ...on(types) }])) });
  const still = new Set(stillOff(wanted, await describe()));
  if (still.size > 0) {
    throw new Error(`AWS Backup took the settings, and yet these are off: ${[...still].join(', ')}`);
  }
}

/** What a client of the AWS SDK drops is read from the answer itself. */
async function describe(): Promise<Settings> {
  let text = '{}';
  const command = new DescribeRegionSettingsCommand({});
  command.middlewareStack.add((next) => async (args) => {
    const output = await next(args);
    const response = output.response as { body: AsyncIterable<Uint8Array> | Uint8Array };
    const body = await read(response.body as AsyncIterable<Uint8Array>);
    text = body.toString('utf8');
    response.body = body; // the client reads it as well
    return output;
  }, { step: 'deserialize', priority: 'low', name: 'readAllMembers' });
  await backup.send(command);
  const maps = Object.entries(JSON.parse(text) as Record<string, unknown>).filter(([name, map]) => name.startsWith('ResourceType') && isMap(map));
  return Object.fromEntries(maps) as Settings;
}

/** What a client of the AWS SDK would drop is written into the request itself. */
async function update(settings: Settings): Promise<void> {
  const command = new UpdateRegionSettingsCommand(settings);
  command.middlewareStack.add((next) => (args) => {
    (args.request as { body: string }).body = JSON.stringify(settings);
    return next(args);
  }, { step: 'build', priority: 'high', name: 'writeAllMembers' });
  await backup.send(command);
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function stillOff(wanted: Record<string, string[]>, settings: Settings): string[] {
  return Object.entries(wanted).flatMap(([map, types]) => withoutThose(types, settings[map]));
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
