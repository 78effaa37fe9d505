import type { Construct } from 'constructs';
import type { WorkloadBackupProps } from './workload-backup';
import { ALARM_SET } from '../alarms/alarm-checks';
import { Environment } from '../private/environment';
import type { Words } from '../private/messages';
import { hasAll, SHAPES } from '../private/props-errors';
import type { PropsErrors } from '../private/props-errors';

export const SHAPES_OF_WORKLOAD = {
  resources: { what: 'targets, such as BackupTarget.fromConstruct(workload)', is: hasAll('_candidates'), isList: true },
  tags: SHAPES.map,
  tiers: { what: 'tiers, such as BackupTier.daily({ deleteAfter: Duration.days(35) })', is: hasAll('_schedule'), isList: true },
  replicaRegion: SHAPES.text,
  archive: { what: "a BackupArchive, or one made by 'BackupArchive.fromBackupArchiveAttributes'", is: hasAll('node', 'vault', 'copies') },
  vault: { ...SHAPES.vaults, what: 'a vault (ReplicatedBackupVault)', isList: false },
  alarmSet: ALARM_SET,
};

/** What the parts of a workload's backup call by other names than whoever defines it. */
export function wordsOfWorkload({ node: { path } }: Construct, { archive }: WorkloadBackupProps): Words {
  const organization = archive?.organizationId;
  return [
    [/add a vault in another region to 'copyTo'/g, "set 'replicaRegion', or an 'archive' in another region"],
    [/add a vault in another account to 'copyTo'/g, "set 'archive'"],
    [/'copyTo'/g, "'archive'"],
    [/the 'removalPolicy' of the plan\b/g, `the 'removalPolicy' of '${path}'`],
    [/call 'addSelection', or remove the plan/g, "set 'resources' or 'tags', or call 'addSelection' of its 'plan'"],
    [/call 'grantCopies' of the plan\b/g, `call 'grantCopies' of the 'plan' of '${path}'`],
    [/set 'replicaScope' to a stack of your own in (\S+)/g, "set a 'vault' whose 'replicaScope' is a stack of your own in $1"],
    [/the 'copySources' of the vault\b/g, "the 'accounts' of the archive ('copySources', if 'vault' is set on it)"],
    [/add it to 'plans'/g, "define a separate BackupAlarms with this vault in 'vaults' and the plan in 'plans'"],
    ...organization === undefined ? [] : [
      [/the management account of the organization\b/g, `the management account of organization ${organization}`] as const,
      [/the organization of the account\b/g, `organization ${organization}`] as const,
    ],
  ];
}

/** What is wrong with the properties themselves; the parts refuse the rest. */
export function checkWorkload(
  errors: PropsErrors, scope: Construct,
  { vault, replicaRegion, vaultLock, archive, resources, tags, excludeResources, excludeTypes }: WorkloadBackupProps,
): void {
  const home = Environment.of(scope);
  errors.when((replicaRegion !== undefined || archive !== undefined) && !home.isLiteral,
    () => `'${replicaRegion !== undefined ? 'replicaRegion' : 'archive'}' requires a stack with a literal account and region: set its 'env', got ${home}`);
  errors.when(vault !== undefined && archive?.vault.backupVaultArn === vault.backupVaultArn,
    () => `'vault' must differ from that of 'archive', got '${vault!.backupVaultName}' for both`);
  errors.throwIfAny(); // the parts would say the same in their own ways
  for (const [property, value] of Object.entries({ replicaRegion, vaultLock })) {
    errors.when(vault !== undefined && value !== undefined,
      () => `'${property}' applies to a new vault, but 'vault' is set: set it on that vault, and leave it out here`);
  }
  for (const [property, value] of Object.entries({ excludeResources, excludeTypes })) {
    errors.when(value !== undefined && !resources && !tags,
      () => `'${property}' excludes from what 'resources' or 'tags' select, and both are missing: set one of them`);
  }
}
